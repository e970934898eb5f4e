"""What an address means: months, units, and what the history is narrowed to, as written there."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import CharField, DateField
from django.http import Http404
from django.utils.translation import gettext as _

from collection.review.trail import (
    KINDS,
    Filters,
)
from commitments.models import Indicator, Submission
from districts.models import Unit
from districts.months import Month, MonthField
from reports.pages.scope import read_day, read_month
from steering.accounts.models import User
from steering.accounts.prepared import Given, Prepared
from steering.committee import access
from steering.committee.access import NotAllowed
from steering.committee.roles import Permission


def reporting_unit(code: str, month: Month) -> Unit:
    """The unit that reports under ``code`` in ``month``; a province's code means its office.

    Raises Http404 where none does.
    """
    found = _REPORTING.objects(code=code, month=month, day=month.first_day)
    if not found:
        message = _("No unit with the code “%(read)s” reports for %(month)s.")
        raise Http404(message % {"read": code, "month": month.shown})
    return found[0]


class _GivenMonth(Given):
    """A month that is named when the question is asked, and its first day as ``day``."""

    def __init__(self):
        super().__init__("month", MonthField())
        self.first_day = Given("day", DateField())


_REPORTING = Prepared(
    lambda: Unit.objects.reporting_in(_GivenMonth()).filter(code=Given("code", CharField()))
)


def report_of(unit: Unit, month: Month) -> Submission:
    """The report of ``unit`` for ``month``. Raises Http404 where nobody has begun one."""
    found = Submission.objects.filter(month=month, unit=unit).select_related("reported_by")
    if (report := found.first()) is None:
        names = {"unit": unit.full_name, "month": month.shown}
        raise Http404(_("%(unit)s has sent no report for %(month)s.") % names)
    report.unit = unit  # called as in the month
    return report


def read_history(asked: Mapping[str, str], *, user: User, today: date) -> Filters:
    """What ``/history/`` is narrowed to.

    Raises BadRequest for what cannot be read, Http404 for what never was, and PermissionDenied
    for a unit out of reach.
    """
    month = read_month(asked["month"]) if asked.get("month") else None
    kind = asked.get("kind", "")
    if kind and kind not in KINDS:
        raise BadRequest(_("“%(read)s” is no kind of change.") % {"read": kind})
    unit = asked.get("unit", "").strip()
    return Filters(
        # Not looked up: whether an account exists is not for every reader of numbers to know.
        person=asked.get("person", "").strip(),
        units=units_meant(unit, month, user, today) if unit else (),
        indicator=_indicator(asked.get("indicator", "")),
        month=month,
        kind=kind,
        since=_day(asked.get("from", "")),
        until=_day(asked.get("to", "")),
        text=asked.get("q", "").strip(),
    )


def units_meant(code: str, month: Month | None, user: User, today: date) -> tuple[Unit, ...]:
    """The units that a code means: the one in force in ``month``, else all that ever had it.

    Of these, those whose history the user may read. Raises Http404 and PermissionDenied.
    """
    known = Unit.objects.filter(code=code).exclude(established_on=None)
    if month is not None and known.in_force_on(month.first_day).exists():
        known = known.in_force_on(month.first_day)
    if (first := known.order_by("pk").first()) is None:
        raise Http404(_("There is no unit with the code “%(read)s”.") % {"read": code})
    units = tuple(access.visible(known, user, today, permission=Permission.SEE_HISTORY))
    if not units:
        raise PermissionDenied(NotAllowed(Permission.SEE_HISTORY, first))
    return units


def _indicator(code: str) -> Indicator | None:
    """The indicator of that code, None without one. Raises Http404."""
    code = code.strip()
    if not code:
        return None
    if (found := Indicator.objects.filter(code=code).first()) is None:
        raise Http404(_("There is no indicator “%(read)s”.") % {"read": code})
    return found


def _day(text: str) -> date | None:
    return read_day(text) if text.strip() else None
