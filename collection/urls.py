"""Addresses of collecting the monthly counts: entering, handing in files, reviewing, closing."""

from django.urls import path

from .views import completeness, entry, history, review
from .views.template import template

app_name = "collection"

_REPORT = "<str:month>/<str:unit_code>/"

urlpatterns = [
    path("entry/", entry.entry, name="entry"),
    path(f"entry/{_REPORT}", entry.sheet, name="sheet"),
    path(f"entry/{_REPORT}receipt/<str:number>/", entry.receipt, name="receipt"),
    path(f"entry/{_REPORT}template/", template, name="template"),
    path("completeness/", completeness.completeness, name="completeness"),
    path("completeness/remind/", completeness.reminder, name="remind"),
    path("history/", history.history, name="history"),
    path("history/export/", history.export, name="history_export"),
    path("review/", review.review, name="review"),
    path("review/pass/", review.pass_clean, name="pass_clean"),
    path("review/undo/", review.undo, name="undo"),
    path(f"review/{_REPORT}", review.report, name="report"),
    path(f"review/{_REPORT}<str:verb>/", review.decide, name="decide"),
]
