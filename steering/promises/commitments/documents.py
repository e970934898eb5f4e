"""All papers of a committee in one archive, for Word or as PDF, made in the background."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.documents.files import TYPES
from steering.committee.access import require
from steering.committee.roles import Permission
from steering.jobs.actions import enqueue
from steering.promises.asking import committee_asked, year_asked

from .register import latest_year


@require_POST
@login_required
def order_documents(request: HttpRequest) -> HttpResponse:
    """Ask for the papers of all units of a committee; leads to the page of the job."""
    today = timezone.localdate()
    committee = committee_asked(request, today)
    require(request.user, Permission.SEE_FIGURES, committee.unit, today)
    year = year_asked(request, latest_year(committee, today))
    ending = request.POST.get("type", "pdf")
    if ending not in TYPES:
        raise BadRequest(_("A paper is written for Word (docx) or as PDF."))
    job = enqueue(
        kind="commitment_documents",
        label=_("Commitments of %(unit)s, %(year)s")
        % {"unit": committee.unit.full_name, "year": year},
        arguments={"unit": committee.unit.pk, "year": year, "type": ending},
        actor=request.user,
    )
    return redirect("jobs:job", job.pk)
