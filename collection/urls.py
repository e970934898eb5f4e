"""Addresses of collecting the monthly counts: entering, handing in files, reviewing, closing."""

from datetime import date

from django.urls import path, register_converter

from .views import completeness, days, disputes, entry, history, periods, review, upload
from .views.template import template

app_name = "collection"


class DayInAddress:
    """A day as ``2027-01-31``."""

    regex = r"\d{4}-\d{2}-\d{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(date.isoformat)


register_converter(DayInAddress, "day")

_REPORT = "<str:month>/<str:unit_code>/"

urlpatterns = [
    path("entry/", entry.entry, name="entry"),
    path("entry/worker.js", entry.worker, name="entry_worker"),
    path(f"entry/{_REPORT}", entry.sheet, name="sheet"),
    path(f"entry/{_REPORT}receipt/<str:number>/", entry.receipt, name="receipt"),
    path(f"entry/{_REPORT}template/", template, name="template"),
    path("completeness/", completeness.completeness, name="completeness"),
    path("completeness/remind/", completeness.reminder, name="remind"),
    path("history/", history.history, name="history"),
    path("history/export/", history.export, name="history_export"),
    path("upload/", upload.choose, name="upload"),
    path("upload/<int:upload_id>/", upload.uploaded, name="uploaded"),
    path("upload/<int:upload_id>/accept/", upload.accept_upload, name="accept_upload"),
    path("upload/<int:upload_id>/annotated/", upload.annotated, name="annotated"),
    path("upload/<int:upload_id>/discard/", upload.discard, name="discard_upload"),
    path("review/", review.review, name="review"),
    path("review/pass/", review.pass_clean, name="pass_clean"),
    path("review/undo/", review.undo, name="undo"),
    path(f"review/{_REPORT}", review.report, name="report"),
    path(f"review/{_REPORT}<str:verb>/", review.decide, name="decide"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<str:month>/close/", periods.close, name="close"),
    path("periods/<str:month>/reopen/", periods.reopen, name="reopen"),
    path("periods/days/", days.days, name="days"),
    path("periods/days/decide/", days.decide, name="decide_days"),
    path("periods/days/recompute/", days.recompute, name="recompute_due_days"),
    path("periods/days/<day:day>/withdraw/", days.withdraw, name="withdraw_day"),
    path("periods/days/<int:year>/complete/", days.complete, name="complete_year"),
    path("periods/days/<int:year>/reopen/", days.reopen, name="reopen_year"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/new/", disputes.dispute, name="dispute"),
    path("disputes/<int:pk>/answer/", disputes.answer, name="answer"),
]
