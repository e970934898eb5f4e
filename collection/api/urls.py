"""Addresses of reports and counts in the API."""

from django.urls import path

from . import resources

_REPORT = "submissions/<str:month>/<str:unit_code>/"

urlpatterns = [
    path("submissions/", resources.Submissions.as_view(), name="submissions"),
    path("counts/", resources.Counts.as_view(), name="counts"),
    path(_REPORT, resources.OneSubmission.as_view(), name="submission"),
    path(f"{_REPORT}counts/", resources.SheetOfCounts.as_view(), name="sheet"),
    path(f"{_REPORT}send/", resources.Send.as_view(), name="send"),
    path(f"{_REPORT}<str:verb>/", resources.Decide.as_view(), name="decide"),
]
