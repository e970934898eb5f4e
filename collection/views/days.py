"""Days off and worked by the government's decision: the year's list, recording, withdrawing."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collection.actions.due_days import recompute_due_days
from collection.following.working_year import (
    unknown_year,
    working_year,
)
from commitments.actions.reference.working_days import (
    YEARS,
    complete_year,
    decide_days,
    reopen_year,
    withdraw_day,
)
from districts.models import Tier, Unit
from reports.pages.scope import provinces_above, scope_of
from steering.accounts.faults import Fault, Refused
from steering.committee.access import NotAllowed, may, may_somewhere
from steering.committee.roles import Permission


@require_safe
@login_required
def days(request: HttpRequest) -> HttpResponse:
    """Which days of a year are off or worked, and when reports are due by them."""
    return _page(request)


@require_POST
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """Record the days of one decision; what was typed stays on the page when it is refused."""
    _province(request)
    try:
        decided = decide_days(
            days=_typed_days(request.POST),
            source=request.POST.get("source", ""),
            actor=request.user,
            on=timezone.localdate(),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _page(request, refusal=refusal)
    said = _("Recorded: %(days)s. Months that were opened keep their due day until it is computed.")
    listed = ", ".join(f"{one.day:%d/%m/%Y}" for one in decided)
    messages.success(request, said % {"days": listed})
    return redirect(_address(request, decided[0].day.year))


@require_POST
@login_required
def withdraw(request: HttpRequest, day: date) -> HttpResponse:
    """Take back what was recorded of a day, with a reason."""
    return _act(
        request,
        day.year,
        lambda given: withdraw_day(day=day, why=request.POST.get("why", ""), **given),
        _("What was recorded of %(day)s is withdrawn.") % {"day": f"{day:%d/%m/%Y}"},
    )


@require_POST
@login_required
def complete(request: HttpRequest, year: int) -> HttpResponse:
    """Say that a year's days off are all recorded."""
    return _act(
        request,
        year,
        lambda given: complete_year(year=year, source=request.POST.get("source", ""), **given),
        _("The days off of %(year)s count as known.") % {"year": year},
    )


@require_POST
@login_required
def reopen(request: HttpRequest, year: int) -> HttpResponse:
    """Take back that a year's days off are all recorded, with a reason."""
    return _act(
        request,
        year,
        lambda given: reopen_year(year=year, why=request.POST.get("why", ""), **given),
        _("The days off of %(year)s count as not known yet.") % {"year": year},
    )


@require_POST
@login_required
def recompute(request: HttpRequest) -> HttpResponse:
    """Give the opened months of the province the due day of the rule."""
    province = _province(request)
    done = recompute_due_days(provinces=[province], actor=request.user, on=timezone.localdate())
    on_time = sum(len(one.on_time) for one in done.moved)
    said = ngettext(
        "%(months)s due day moved; reports on time by it: %(on_time)s.",
        "%(months)s due days moved; reports on time by it: %(on_time)s.",
        len(done.moved),
    )
    messages.success(request, said % {"months": len(done.moved), "on_time": on_time})
    return redirect(_address(request, _asked_year(request)))


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    province, today = _province(request), timezone.localdate()
    year = _asked_year(request)
    found = working_year(province=province, year=year, language=(get_language() or "vi")[:2])
    context = {
        "province": province,
        "year": found,
        "unknown": "" if found.is_known else unknown_year(year),
        "earlier": _address(request, year - 1) if year - 1 in YEARS else "",
        "later": _address(request, year + 1) if year + 1 in YEARS else "",
        "asked": _address(request, year).partition("?")[2],
        "may_decide": may_somewhere(
            request.user, Permission.CLOSE_PERIODS, today, tier=Tier.PROVINCE
        ),
        "may_recompute": may(request.user, Permission.CLOSE_PERIODS, province, today),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "collection/days.html", context, status=422 if refusal else 200)


def _act(
    request: HttpRequest, year: int, action: Callable[[Mapping], object], said: str
) -> HttpResponse:
    _province(request)
    try:
        action({"actor": request.user, "on": timezone.localdate()})
    except NotAllowed:
        raise
    except Refused as refusal:
        for fault in refusal.faults:
            messages.error(request, fault.message)
    else:
        messages.success(request, said)
    return redirect(_address(request, year))


def _typed_days(fields: Mapping[str, str]) -> dict[date, bool]:
    """The days of the form: one taken off, one worked, or both. Refuses what is no day."""
    found, faults = {}, []
    for name, worked in (("off", False), ("worked", True)):
        text = fields.get(name, "").strip()
        try:
            if text:
                found[date.fromisoformat(text)] = worked
        except ValueError:
            message = _("“%(read)s” is not a day; write it like 2027-01-31.") % {"read": text}
            faults.append(Fault("bad_day", message, column=name, read=text))
    if faults:
        raise Refused(faults)
    return found


def _asked_year(request: HttpRequest) -> int:
    """The year of the address; the running one where it names none that can be shown."""
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    return year if year in YEARS else timezone.localdate().year


def _address(request: HttpRequest, year: int) -> str:
    """The page of a year, for the same unit."""
    asked = request.GET.copy()
    asked["year"] = str(year)
    return f"{reverse('collection:days')}?{asked.urlencode()}"


def _province(request: HttpRequest) -> Unit:
    """The province of the reader's unit; refuses whoever sees none of it."""
    scope = scope_of(request, today=timezone.localdate())
    return provinces_above(scope.unit).first() or scope.unit
