"""Addresses of the pages of figures; everything they show is in the query string."""

from django.urls import path

from . import views

app_name = "reports"

_FIGURE = "<str:unit_code>/<str:indicator_code>/<str:month>/"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("units/<str:unit_code>/", views.unit, name="unit"),
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/<str:indicator_code>/", views.indicator, name="indicator"),
    path("indicators/<str:indicator_code>/judgement/", views.judge, name="judge"),
    path("ranking/", views.ranking, name="ranking"),
    path(f"provenance/{_FIGURE}", views.provenance, name="provenance"),
    path("workbook/", views.order_workbook, name="order_workbook"),
    path("excel/<str:page>/", views.excel, name="excel"),
    path("documents/<slug:name>.<slug:ending>", views.document, name="document"),
    path(f"history/{_FIGURE}", views.history, name="history"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:key>/", views.help_card, name="help_card"),
]
