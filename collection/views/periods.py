"""Reporting months of a province: when each is due, closing, and reopening with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collection.following.rounds import (
    WITH_REVIEWER,
    closing_without,
    older_than,
    rounds_of,
)
from collection.following.working_year import unknown_year
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.querysets import unknown_years
from districts.models import Unit
from districts.months import Month
from reports.pages.scope import Scope, provinces_above, read_month, scope_of
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, may, require
from steering.committee.roles import Permission


@require_safe
@login_required
def periods(request: HttpRequest) -> HttpResponse:
    """Every month: open or closed, what is missing, what waits, why it was reopened."""
    today = timezone.localdate()
    scope = scope_of(request, today=today)
    province, current = _province(scope), Month.containing(today)
    until = min(_until(request) or current, current)
    older = older_than(province, until=until)
    rounds = rounds_of(province, until=until, current=current)
    context = {
        "province": province,
        "rounds": rounds,
        "unknown": [
            unknown_year(year) for year in unknown_years((r.month + 1).year for r in rounds)
        ],
        "here": _asked(request, until) if until < current else _asked(request),
        "newest": "" if until == current else reverse("collection:periods") + _asked(request),
        "older": older and _asked(request, older),
        "may_close": may(request.user, Permission.CLOSE_PERIODS, province, today),
    }
    return render(request, "collection/periods.html", context)


@require_POST
@login_required
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month: nothing official about it changes until it is reopened.

    While communes are missing it is asked first, by name; what was confirmed is those names.
    """
    today, at = timezone.localdate(), read_month(month)
    province = _province(scope_of(request, today=today))
    require(request.user, Permission.CLOSE_PERIODS, province, today)
    missing = closing_without(province, at, today)
    if {unit.code for unit in missing} - set(request.POST.get("without", "").split()):
        context = {
            "province": province,
            "month": at,
            "waiting": [unit for unit in missing if unit.report_state in WITH_REVIEWER],
            "unsent": [unit for unit in missing if unit.report_state not in WITH_REVIEWER],
            "without": " ".join(unit.code for unit in missing),
            "here": _asked(request, _until(request)),
        }
        return render(request, "collection/closing.html", context)
    said = _("%(month)s is closed. Corrections wait until it is reopened.")
    return _act(request, month, close_period, said)


@require_POST
@login_required
def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """Reopen a month; the reason stays visible."""
    said = _("%(month)s is open again; what waits can be approved.")
    return _act(request, month, reopen_period, said)


def _act(request: HttpRequest, month: str, action: Callable, said: str) -> HttpResponse:
    today, at = timezone.localdate(), read_month(month)
    province = _province(scope_of(request, today=today))
    why = request.POST.get("why", "")
    back = reverse("collection:periods") + _asked(request, _until(request))
    try:
        action(unit=province, month=at, actor=request.user, on=today, why=why)
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
    else:
        messages.success(request, said % {"month": at.shown})
    return redirect(back)


def _until(request: HttpRequest) -> Month | None:
    """The newest month of those that are shown; None for the one that is running."""
    asked = request.GET.get("until")
    return read_month(asked) if asked else None


def _asked(request: HttpRequest, until: Month | None = None) -> str:
    """What the address asks for, above all of which province, with other months; may be empty."""
    asked = request.GET.copy()
    asked.pop("until", None)
    if until is not None:
        asked["until"] = str(until)
    return f"?{asked.urlencode()}" if asked else ""


def _province(scope: Scope) -> Unit:
    """The province of the reader's unit: months are opened and closed for a whole province."""
    return provinces_above(scope.unit).first() or scope.unit
