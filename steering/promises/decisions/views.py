"""Decisions: the register, one of them, and what may be done about it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.actions.targets.decisions import record_decision, require_deciding
from commitments.actions.targets.withdrawing import (
    FACTS,
    NAMES,
    correct_decision,
    keep_scan,
    withdraw_decision,
)
from commitments.decisions.scans import CONTENT_TYPES
from commitments.models import Authority, Decision
from reports.pages.scope import read_day, read_year, scope_of
from steering.accounts.faults import Refused
from steering.accounts.paging import Turn, page_of
from steering.committee.access import NotAllowed, require, require_somewhere
from steering.committee.roles import Permission

from .asking import day_of
from .comparing import Comparison, day_before_last_version
from .forms import CorrectForm, DecisionForm, WithdrawForm
from .register import DecisionPage, as_listed, deciding_units, decisions_for, listed

PER_PAGE = 50
LINES_PER_PAGE = 200
RELATIONS = ("amends", "replaces", "passes_on")


@require_safe
@login_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Which decisions are there, and which of them count?"""
    today, asked = timezone.localdate(), request.GET
    require_somewhere(request.user, Permission.SEE_FIGURES, today)
    seen = decisions_for(request.user, today)
    years = sorted(set(seen.order_by().values_list("year", flat=True)), reverse=True)
    found = listed(seen)
    if asked.get("year"):
        found = found.filter(year=read_year(asked["year"]))
    if asked.get("authority") in Authority.values:
        found = found.filter(authority=asked["authority"])
    newest_first = ["-year", "-effective_on", "-issued_on", "-pk"]
    page = page_of(found, Turn.of(asked), by=newest_first, size=PER_PAGE)
    context = {
        "page": page,
        "rows": [as_listed(decision) for decision in page],
        "years": years,
        "authorities": Authority.choices,
        "year": asked.get("year", ""),
        "authority": asked.get("authority", ""),
        "today": today,
        "may_record": deciding_units(request.user, today).exists(),
    }
    return render(request, "promises/decisions.html", context)


@require_safe
@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: what it is, what became of it, and everything it assigns."""
    found, today = decision_seen(request, pk), timezone.localdate()
    return render(
        request, "promises/decision.html", {"page": DecisionPage(found, request.user, today)}
    )


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """What did the plan ask for on one day, and what on another?"""
    today, asked = timezone.localdate(), request.GET
    scope = scope_of(request, today=today, month=asked.get("year") and f"{asked['year']}-12")
    require(request.user, Permission.SEE_FIGURES, scope.unit, today)
    year = read_year(asked["year"]) if asked.get("year") else today.year
    second = read_day(asked["to"]) if asked.get("to") else day_of(scope.unit, year, today)
    if asked.get("from"):
        first = read_day(asked["from"])
    else:
        first = day_before_last_version(scope.unit, year, scope.authority, second)
    found = Comparison(scope.unit, year, scope.authority, first, second)
    page = Paginator(found.lines if asked.get("all") else found.changed, LINES_PER_PAGE)
    context = {
        "compared": found,
        "page": page.get_page(asked.get("page")),
        "authorities": Authority.choices,
        "show_all": bool(asked.get("all")),
    }
    return render(request, "promises/compare.html", context)


@require_safe
@login_required
def scan(request: HttpRequest, pk: int) -> FileResponse:
    """The scan of a decision, for whoever sees the decision."""
    found = decision_seen(request, pk)
    if not found.scan:
        raise Http404(_("There is no scan of this decision."))
    ending = found.scan.name.rpartition(".")[2]
    name = f"{found.number.replace('/', '-')}.{ending}"
    return FileResponse(
        found.scan.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[ending]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """Record a decision; with ``?amends=…``, ``?replaces=…`` or ``?passes_on=…`` one after it."""
    today = timezone.localdate()
    units = deciding_units(request.user, today)
    if not units.exists():
        raise NotAllowed(Permission.ASSIGN_TARGETS)
    seen = decisions_for(request.user, today)
    form = DecisionForm(
        *_sent(request),
        units=units,
        decisions=seen,
        initial={"unit": units.first()} | _after(request, seen, today),
    )

    def act(data: dict[str, Any]) -> Decision:
        kept = data.pop("scan")
        outcome = record_decision(
            **data, targets=(), only_new=True, actor=request.user, on=today
        ).decision
        if kept is not None:
            keep_scan(decision=outcome, scan=kept, actor=request.user, on=today)
        return outcome

    said = _("%(number)s is recorded. Now hand in its annex, or divide its targets.")
    return _answer(request, form, act, said, {"title": _("Record a decision")})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a decision from a day on, with a reason."""
    found, today = decision_kept(request, pk)
    form = WithdrawForm(*_sent(request), initial={"withdrawn_on": today})

    def act(data: dict[str, Any]) -> Decision:
        return withdraw_decision(decision=found, actor=request.user, on=today, **data)

    context = {
        "title": _("Withdraw %(number)s") % {"number": found},
        "decision": found,
        "amendments": found.amendments.filter(withdrawn_on=None),
        "is_grave": True,
    }
    return _answer(request, form, act, _("%(number)s is withdrawn."), context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what was written wrongly about a decision, or keep its scan."""
    found, today = decision_kept(request, pk)
    page = DecisionPage(found, request.user, today)
    initial = {name: getattr(found, name) for name in (*FACTS, *NAMES)}
    form = CorrectForm(*_sent(request), initial=initial, is_fixed=page.rests)

    def act(data: dict[str, Any]) -> Decision:
        kept, reason = data.pop("scan"), data.pop("reason")
        done = {"decision": found, "reason": reason, "actor": request.user, "on": today}
        correct_decision(facts=data, **done)
        if kept is not None:
            keep_scan(scan=kept, **done)
        return found

    context = {"title": _("Correct %(number)s") % {"number": found}, "decision": found}
    return _answer(request, form, act, _("%(number)s is corrected."), context)


# --- what they share -----------------------------------------------------------------------------


def _answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Decision],
    said: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Do what the form asks for and show the decision, or the form with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = act(dict(form.cleaned_data))
        except NotAllowed:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said % {"number": done})
            return redirect("promises:decision", done.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "promises/decision_form.html", {"form": form, **context}, status=status)


def _sent(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None,)


def decision_seen(request: HttpRequest, pk: int) -> Decision:
    """A decision that the reader sees; any other is as if it did not exist."""
    return get_object_or_404(decisions_for(request.user, timezone.localdate()), pk=pk)


def decision_kept(request: HttpRequest, pk: int) -> tuple[Decision, date]:
    """A decision that the reader may do something about, and today."""
    found, today = decision_seen(request, pk), timezone.localdate()
    require_deciding(request.user, found.unit, found.passes_on, today)
    return found, today


def _after(request: HttpRequest, seen, today: date) -> dict[str, Any]:
    """What a decision after another one has in common with it."""
    for relation in RELATIONS:
        asked = request.GET.get(relation, "")
        if not asked.isdecimal():
            continue
        before = get_object_or_404(seen, pk=asked)
        after = {"authority": before.authority, "year": before.year, relation: before}
        if relation != "passes_on":
            shared = ("unit", "issuer", "signer_name", "signer_post")
            after |= {name: getattr(before, name) for name in shared}
        return after
    return {"year": today.year}
