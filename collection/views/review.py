"""Reviewing reports: the queue, one report with all its rounds, and the decisions about them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from collection.addresses import report_of, reporting_unit
from collection.review import waiting as read
from commitments.actions.reporting.submissions import DECISIONS
from commitments.actions.reporting.undoing import undo as undo_moves
from commitments.models import Submission
from commitments.rules import UNDO_SECONDS
from commitments.steps import own_reports
from districts.months import Month
from reports.pages.scope import read_month
from reports.wording.words import in_sentence
from steering.accounts.faults import Refused
from steering.accounts.paging import Turn
from steering.committee.access import NotAllowed, may, require, require_somewhere
from steering.committee.roles import Permission

QUICK_REASONS = (
    gettext_lazy("A number is missing"),
    gettext_lazy("The numbers of groups do not fit the total"),
    gettext_lazy("The explanation does not say why"),
    gettext_lazy("This is the report of another month"),
)
_UNDOABLE = "undoable"
"""What the session remembers of the last decision: which reports, and until when it can go back."""


def reviewer_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, today, …)`` for somebody who reviews reports somewhere, else 403."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, **kwargs) -> HttpResponse:
        today = timezone.localdate()
        require_somewhere(request.user, Permission.VERIFY_REPORTS, today)
        return view(request, today, **kwargs)

    return inner


@require_safe
@reviewer_only
def review(request: HttpRequest, today: date) -> HttpResponse:
    """Which reports need my decision?"""
    asked = request.GET
    shown, only = asked.get("show", "waiting"), asked.get("only") or None
    if shown not in read.SHOWN or only not in (None, *read.ONLY):
        raise BadRequest(_("There is no such list of reports."))
    month = read_month(asked["month"]) if asked.get("month") else None
    queue = read.queue(
        user=request.user, on=today, month=month, shown=shown, only=only, turn=Turn.of(asked)
    )
    context = {"queue": queue, "undoable": _undoable(request), "quick_reasons": QUICK_REASONS}
    return render(request, "collection/review.html", context)


@require_safe
@login_required
def report(request: HttpRequest, month: str, unit_code: str) -> HttpResponse:
    """One report whole: every number, every explanation, every round."""
    today, submission = timezone.localdate(), _report(month, unit_code)
    require(request.user, Permission.SEE_HISTORY, submission.unit, today)
    (row,) = read.reviewed([submission], user=request.user, on=today)
    reviews = may(request.user, Permission.VERIFY_REPORTS, submission.unit, today)
    context = {
        "row": row,
        "rounds": read.rounds(submission),
        "undoable": _undoable(request),
        "reviews": reviews,
        "own": reviews and submission.pk in own_reports([submission], request.user),
        "quick_reasons": QUICK_REASONS,
    }
    return render(request, "collection/report.html", context)


@require_POST
@reviewer_only
def decide(
    request: HttpRequest, today: date, month: str, unit_code: str, verb: str
) -> HttpResponse:
    """Verify, approve or return one report."""
    if verb not in DECISIONS:
        raise Http404
    chosen = _report(month, unit_code)
    # Before anything is judged: what is wrong with a report tells about the report.
    require(request.user, Permission.VERIFY_REPORTS, chosen.unit, today)
    why = {"why": request.POST.get("why", "")} if verb == "return" else {}
    _decide(request, verb, [chosen], today, seen=_seen(request), **why)
    return _back(request, chosen.month)


@require_POST
@reviewer_only
def pass_clean(request: HttpRequest, today: date) -> HttpResponse:
    """Pass on, in one step, the reports of a month that no rule asked about, as they were seen."""
    asked, seen = request.POST.get("month"), _seen(request)
    month = read_month(asked) if asked else read.month_to_review(request.user, today)
    found = read.passed_unseen(user=request.user, on=today, month=month, among=seen)
    clean = [row for row in found if seen is None or seen.get(row.report.pk) == row.last_move]
    if left := len(seen or clean) - len(clean):
        message = ngettext(
            "%(number)s report changed after you opened the list. Look at it again.",
            "%(number)s reports changed after you opened the list. Look at them again.",
            left,
        )
        messages.warning(request, message % {"number": left})
    for verb in ("verify", "approve"):
        chosen = [row.report for row in clean if row.passing == verb]
        if chosen:
            _decide(request, verb, chosen, today, seen=seen)
    if not clean:
        messages.info(request, _("No report of this month can be passed without a look."))
    return _back(request, month)


@require_POST
@reviewer_only
def undo(request: HttpRequest, today: date) -> HttpResponse:
    """Take the last decision back, within ten seconds."""
    held = request.session.pop(_UNDOABLE, None) or {}
    chosen = list(Submission.objects.filter(pk__in=held.get("reports", [])))
    if not chosen:
        messages.error(request, _("There is nothing to undo any more."))
        return _back(request, None)
    try:
        undo_moves(submissions=chosen, actor=request.user, on=today)
    except Refused as refusal:
        _tell(request, refusal)
    else:
        messages.success(request, _("Undone; everything stands as it did before."))
    return _back(request, chosen[0].month)


def _seen(request: HttpRequest) -> dict[int, int] | None:
    """The last step of each report that the page showed; None for a request without a page."""
    try:
        told = [one.split(":") for one in request.POST.getlist("seen")]
        return {int(report): int(move) for report, move in told} or None
    except ValueError:
        raise BadRequest(_("The request cannot be read.")) from None


def _decide(
    request: HttpRequest,
    verb: str,
    chosen: list[Submission],
    today: date,
    seen: Mapping[int, int] | None,
    **why: str,
) -> None:
    """Make a decision and remember it for undoing; a refusal becomes messages."""
    try:
        DECISIONS[verb](submissions=chosen, actor=request.user, on=today, seen=seen, **why)
    except NotAllowed:
        raise
    except Refused as refusal:
        _tell(request, refusal)
        return
    until = timezone.now() + timedelta(seconds=UNDO_SECONDS)
    request.session[_UNDOABLE] = {
        "reports": [report.pk for report in chosen],
        "until": until.isoformat(),
        "said": _said(verb, chosen),
    }


def _said(verb: str, chosen: list[Submission]) -> str:
    """What was just done, in a sentence."""
    if len(chosen) == 1:
        sentences = {
            "verify": _("The report of %(report)s is verified."),
            "approve": _("The report of %(report)s is approved."),
            "return": _("The report of %(report)s is returned."),
        }
        return sentences[verb] % {"report": in_sentence(chosen[0].unit)}
    sentences = {
        "verify": _("%(number)s reports are verified."),
        "approve": _("%(number)s reports are approved."),
        "return": _("%(number)s reports are returned."),
    }
    return sentences[verb] % {"number": len(chosen)}


def _undoable(request: HttpRequest) -> dict | None:
    """The last decision while it can still be undone, with the seconds that are left."""
    held = request.session.get(_UNDOABLE)
    if not held:
        return None
    left = (datetime.fromisoformat(held["until"]) - timezone.now()).total_seconds()
    if left <= 0:
        del request.session[_UNDOABLE]
        return None
    return {**held, "left": int(left) + 1}


def _report(month: str, unit_code: str) -> Submission:
    at = read_month(month)
    return report_of(reporting_unit(unit_code, at), at)


def _tell(request: HttpRequest, refusal: Refused) -> None:
    for fault in refusal.faults:
        messages.error(request, fault.message)


def _back(request: HttpRequest, month: Month | None) -> HttpResponse:
    """The page the decision was made on."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return redirect(wanted)
    query = f"?{urlencode({'month': month})}" if month else ""
    return redirect(reverse("collection:review") + query)
