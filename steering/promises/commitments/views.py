"""The register of commitments, the paper of one, preparing and withdrawing."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.promises.paper_signing import may_sign
from commitments.actions.promises.papers import prepare_papers, withdraw_paper
from commitments.models import Commitment, Paper, PaperState
from districts.models import Unit
from districts.months import Month
from reports.documents.files import TYPES, commitment_file, file_name
from reports.documents.promised import Promised, promised_in, recorded_in
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, may, require
from steering.committee.roles import Permission
from steering.promises.asking import committee_asked, year_asked

from .paper_page import PaperPage, paper_page, recorded_page
from .raising import read_promises
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
        "rows": found.in_state(state),
        "state": state if state in (*State.values, "missing") else "",
        "may_prepare": may(request.user, Permission.RECORD_COMMITMENTS, committee.unit, today),
        "sees_all": may(request.user, Permission.SEE_FIGURES, committee.unit, today),
        "today": today,
    }
    return render(request, "promises/commitments.html", context)


@require_POST
@login_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the papers of a year for every unit that has none, or whose targets changed."""
    today = timezone.localdate()
    committee = committee_asked(request, today)
    require(request.user, Permission.RECORD_COMMITMENTS, committee.unit, today)
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


def recorded_asked(request: HttpRequest, commitment_id: int, today: date) -> Commitment:
    """A commitment without a paper, with its state, for a reader who may see the unit."""
    commitments = Commitment.objects.filter(paper=None).with_state()
    found = get_object_or_404(
        commitments.select_related("unit", "committee__unit"), pk=commitment_id
    )
    if not may(request.user, Permission.SEE_FIGURES, found.unit, today):
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES, found.unit))
    return found


@require_safe
@login_required
def commitment(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The paper as it is signed, with what is reached beside it."""
    today = timezone.localdate()
    return _shown(request, paper_page(paper_asked(request, paper_id, today), today))


@require_safe
@login_required
def recorded(request: HttpRequest, commitment_id: int) -> HttpResponse:
    """The same of a commitment that was recorded as signed, without a paper."""
    today = timezone.localdate()
    return _shown(request, recorded_page(recorded_asked(request, commitment_id, today), today))


def _shown(request: HttpRequest, page: PaperPage) -> HttpResponse:
    waiting = page.paper is not None and page.is_waiting
    context = {
        "page": page,
        "may_record": may(
            request.user, Permission.RECORD_COMMITMENTS, page.committee.unit, page.on
        ),
        "may_sign": waiting and may_sign(page.paper, request.user, page.on),
        "endings": TYPES,
    }
    return render(request, "promises/commitment.html", context)


@require_safe
@login_required
def paper_file(request: HttpRequest, paper_id: int, ending: str) -> HttpResponse:
    """The paper to print and sign, as PDF or for Word; Vietnamese, whoever reads."""
    paper = paper_asked(request, paper_id, timezone.localdate())
    if paper.state in (PaperState.REPLACED, PaperState.WITHDRAWN):
        raise Http404(_("This paper is not signed any more; print the one that waits."))
    return _document(promised_in(paper), ending)


@require_safe
@login_required
def recorded_file(request: HttpRequest, commitment_id: int, ending: str) -> HttpResponse:
    """The document of a commitment without a paper."""
    found = recorded_asked(request, commitment_id, timezone.localdate())
    return _document(recorded_in(found), ending)


def _document(promised: Promised, ending: str) -> HttpResponse:
    if ending not in TYPES:
        raise Http404(_("A commitment is printed as PDF or for Word."))
    name = file_name("commitment", str(promised.year), promised.unit_code, f"v{promised.version}")
    with translation.override("vi"):
        made = commitment_file(promised, ending, name)
    return HttpResponse(
        made.content,
        content_type=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


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


@require_POST
@login_required
def promise(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Prepare the paper anew with what the unit promises beyond its targets."""
    today = timezone.localdate()
    paper = paper_asked(request, paper_id, today)
    try:
        done = prepare_papers(
            committee=paper.committee,
            year=paper.year,
            units=[paper.unit],
            results=results_before([paper.unit], paper.year),
            committed=read_promises(paper, request.POST),
            why=request.POST.get("why", ""),
            actor=request.user,
            on=today,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
        return redirect("promises:commitment", paper.pk)
    if not done.papers:
        messages.warning(request, _("The paper says this already."))
        return redirect("promises:commitment", paper.pk)
    messages.success(request, _("The paper is prepared anew, with a new code."))
    return redirect("promises:commitment", done.papers[0].pk)
