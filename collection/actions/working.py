"""The working sheet of one report, held: every write to it takes the same locks in one order."""

from datetime import date

from django.utils.translation import gettext as _

from commitments import rules as reporting
from commitments.actions.reporting import periods
from commitments.models import Period
from commitments.querysets import province_above
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission


def hold(*, unit: Unit, month: Month, actor: Actor, on: date) -> Period:
    """Lock the month of the unit's province and say whether the sheet may be written at all.

    Raises Refused.
    """
    allow(unit=unit, month=month, actor=actor, on=on)
    return lock(unit, month, province_above(unit.pk, month))


def allow(*, unit: Unit, month: Month, actor: Actor, on: date) -> None:
    """Refuse who may not report for the unit, and a month that has not begun."""
    access.require(actor, Permission.REPORT_COUNTS, unit, on)
    names = {"unit": unit.full_name, "month": month.shown}
    if month > Month.containing(on):
        message = _("%(month)s has not begun yet. Correct the month.")
        raise Refused.because("future_month", message % names, read=str(month))


def lock(unit: Unit, month: Month, province: int | None) -> Period:
    """Lock the month of ``province``, which is the unit's; refuse where the unit does not stand.

    It is the lock that every write of counts takes first (``periods.lock``), so nobody types into
    a report while it is being sent.
    """
    if not unit.reports_at or province is None:
        names = {"unit": unit.full_name, "month": month.shown}
        message = _("%(unit)s does not report for %(month)s.")
        raise Refused.because("unit_not_in_force", message % names, read=str(month))
    return periods.lock(provinces=[province], months=[month])[province, month]


def refuse_closed(period: Period, month: Month, why: str) -> None:
    """A closed month takes corrections with a reason only."""
    if period.is_closed and (fault := reporting.closed_fault("correct", month, why)):
        raise Refused([fault])
