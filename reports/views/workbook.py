"""The conference workbook, built in the background."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.pages.scope import scope_of
from reports.wording.words import month_number
from steering.jobs.actions import enqueue

from .scoped import to_unit


@require_POST
@login_required
def order_workbook(request: HttpRequest) -> HttpResponse:
    """Ask for the workbook of what the query string shows; leads to the page of the job."""
    scope = scope_of(request, today=timezone.localdate())
    if not scope.in_force:
        return to_unit(scope)
    label = _("Conference workbook: %(unit)s, %(month)s")
    job = enqueue(
        kind="conference_workbook",
        label=label % {"unit": scope.unit.full_name, "month": month_number(scope.month)},
        arguments={
            "unit": scope.unit.pk,
            "month": str(scope.month),
            "map": scope.on_map and scope.on_map.isoformat(),
            "authority": str(scope.authority),
        },
        actor=request.user,
    )
    return redirect("jobs:job", job.pk)
