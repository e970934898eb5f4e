"""The register of commitments, the paper of one, preparing and withdrawing."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.papers import prepare_papers, withdraw_paper
from commitments.models import Paper
from districts.models import Unit
from districts.months import Month
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, may
from steering.committee.roles import Permission
from steering.promises.asking import committee_asked, year_asked

from .paper_page import paper_page
from .register import State, latest_year, register, results_before


@require_safe
@login_required
def commitments(request: HttpRequest) -> HttpResponse:
    """Who has promised what for a year, by state, with who is missing."""
    today = timezone.localdate()
    committee = committee_asked(request, today)
    year = year_asked(request, latest_year(committee, today))
    found = register(committee, year, user=request.user, on=today)
    state = request.GET.get("state", "")
    context = {
        "register": found,
        "rows": [row for row in found.rows if state in ("", row.state, _asked(row))],
        "state": state if state in (*State.values, "missing") else "",
        "may_prepare": may(request.user, Permission.RECORD_COMMITMENTS, committee.unit, today),
        "today": today,
    }
    return render(request, "promises/commitments.html", context)


def _asked(row) -> str:
    return "missing" if row.is_missing else ""


@require_POST
@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the papers of a year for every unit that has none, or whose targets changed."""
    today = timezone.localdate()
    committee = committee_asked(request, today)
    year = year_asked(request, latest_year(committee, today))
    units = list(Unit.objects.children_of(committee.unit, Month.containing(today)))
    back = f"{reverse('promises:commitments')}?unit={committee.unit.code}&year={year}"
    try:
        done = prepare_papers(
            committee=committee,
            year=year,
            results=results_before(units, year),
            why=request.POST.get("why", ""),
            actor=request.user,
            on=today,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
        return redirect(back)
    said = ngettext(
        "%(number)s commitment is prepared.",
        "%(number)s commitments are prepared.",
        len(done.papers),
    )
    messages.success(request, said % {"number": len(done.papers)})
    if done.without_targets:
        said = _("Nothing is assigned to: %(units)s.")
        names = ", ".join(unit.full_name for unit in done.without_targets)
        messages.warning(request, said % {"units": names})
    return redirect(back)


def paper_asked(request: HttpRequest, paper_id: int, today: date) -> Paper:
    """The paper with its state, for a reader who may see the unit."""
    papers = Paper.objects.with_state().select_related("unit", "committee__unit")
    paper = get_object_or_404(papers, pk=paper_id)
    if not may(request.user, Permission.SEE_FIGURES, paper.unit, today):
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES, paper.unit))
    return paper


@require_safe
@login_required
def commitment(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The paper as it is signed, with what is reached beside it."""
    today = timezone.localdate()
    page = paper_page(paper_asked(request, paper_id, today), today)
    head = page.head
    context = {
        "page": page,
        "may_record": may(
            request.user, Permission.RECORD_COMMITMENTS, page.paper.committee.unit, today
        ),
        "may_sign": page.is_waiting and head is not None and head.user_id == request.user.pk,
        "verify_url": request.build_absolute_uri(
            reverse("promises:verify", args=[page.paper.code])
        ),
    }
    return render(request, "promises/commitment.html", context)


@require_safe
@login_required
def file(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The scan or the signed PDF, as it was handed in."""
    paper = paper_asked(request, paper_id, timezone.localdate())
    signed = getattr(paper, "commitment", None)
    if signed is None or not signed.file:
        raise Http404(_("Nothing was handed in for this paper."))
    name = f"{paper.unit.code}-{paper.year}-{paper.version}." + signed.file.name.rpartition(".")[2]
    return FileResponse(signed.file.open(), as_attachment=True, filename=name)


@require_POST
@login_required
def withdraw(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Say that a paper must not be signed, with a reason."""
    today = timezone.localdate()
    paper = paper_asked(request, paper_id, today)
    try:
        withdraw_paper(paper=paper, why=request.POST.get("why", ""), actor=request.user, on=today)
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
    else:
        messages.success(request, _("The paper is withdrawn."))
    return redirect("promises:commitment", paper.pk)
