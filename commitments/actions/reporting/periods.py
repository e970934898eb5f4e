"""Reporting months of a province: opened with their dates, closed, reopened with a reason."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import BigAutoField
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Period, PeriodEvent
from commitments.querysets import provinces_of, working_days
from commitments.rules import LONGEST_REASON, Refused, too_long
from commitments.working_days import WorkingDays, due_day_by_weekdays
from districts.models import Tier, Unit
from districts.months import Month, MonthField
from districts.versions import raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.prepared import Given, Prepared
from steering.committee import access
from steering.committee.roles import Permission

CLOSES_AFTER_DAYS = 14


def usual_period(province_id: int, month: Month, days: WorkingDays | None = None) -> Period:
    """The period of a month nobody has opened, with the usual dates; not saved.

    Whoever asks about many months gives the working days; else they are read.
    """
    due = (days or working_days()).due_day(month)
    return Period(
        unit_id=province_id,
        month=month,
        data_from=month.first_day,
        data_to=month.last_day,
        due_on=due,
        closes_on=due + timedelta(days=CLOSES_AFTER_DAYS),
    )


def lock(*, provinces: Collection[int], months: Iterable[Month]) -> dict[tuple[int, Month], Period]:
    """Lock the periods of ``provinces`` until the transaction ends, making those not yet there.

    Every write of counts takes this lock first, in one order, so that totals recomputed by two
    writers never miss each other. On SQLite the immediate transaction is the lock.
    """
    wanted = {(province, month) for province in provinces for month in months}
    found = _locked(wanted)
    missing = sorted(wanted - found.keys())
    if missing:
        days = working_days()
        made = [usual_period(*key, days) for key in missing]
        Period.objects.bulk_create(made, ignore_conflicts=True)
        raise_versions(province for province, _month in missing)
        found = _locked(wanted)
    return {key: found[key] for key in wanted}


def _locked(wanted: Collection[tuple[int, Month]]) -> dict[tuple[int, Month], Period]:
    if len(wanted) == 1:
        ((unit, month),) = wanted
        chosen = _ONE.objects(unit=unit, month=month)
    else:
        chosen = Period.objects.filter(
            unit__in={unit for unit, _month in wanted}, month__in={month for _unit, month in wanted}
        ).order_by("month", "unit_id")
        chosen = chosen.select_for_update()
    return {(period.unit_id, period.month): period for period in chosen}


_ONE = Prepared(
    lambda: (
        Period.objects.filter(
            unit=Given("unit", BigAutoField()), month=Given("month", MonthField())
        )
        .order_by()
        .select_for_update()
    )
)


def lock_months(units: Mapping[Month, Collection[int]]) -> None:
    """Lock what a write of several months, in their order, will lock month by month.

    Whoever holds the version of a province waits for no month any more.
    """
    if len(units) > 1:
        for month, mine in units.items():
            lock(provinces=provinces_of(mine, month), months=[month])


def lock_earlier(*, provinces: Collection[int], before: Month) -> None:
    """Lock the periods there are of earlier months: what was counted in them is carried over anew.

    Whoever locks later months as well locks these first, in the order of ``lock``.
    """
    earlier = Period.objects.filter(unit__in=provinces, month__lt=before)
    list(earlier.order_by("month", "unit_id").select_for_update().values_list("pk"))


@transaction.atomic
def open_period(
    *, unit: Unit, month: Month, due_on: date, closes_on: date, actor: Actor, on: date
) -> Period:
    """Set the due and closing dates of a month, before or after reports arrive.

    A due day that the rule does not give counts as set by hand: it stays when days off change.
    """
    access.require(actor, Permission.CLOSE_PERIODS, unit, on)
    period = _period_of(unit, month)
    if period.is_closed:
        raise Refused.because(
            "period_closed",
            _("%(month)s is closed. Reopen it before changing its dates.") % {"month": month.shown},
            read=str(month),
        )
    if not period.data_to < due_on <= closes_on:
        raise Refused.because(
            "bad_dates",
            _("The due date must lie after %(end)s and not after the closing date.")
            % {"end": f"{period.data_to:%d/%m/%Y}"},
            read=f"{due_on} / {closes_on}",
        )
    period.due_on, period.closes_on = due_on, closes_on
    computed = working_days().due_day(month), due_day_by_weekdays(month)
    period.due_by_hand = due_on not in computed
    period.save(update_fields=["due_on", "closes_on", "due_by_hand"])
    write_journal(
        actor=actor,
        action="period.opened",
        subject=period,
        after={"due_on": str(due_on), "closes_on": str(closes_on)},
    )
    raise_versions([unit.pk])
    return period


@transaction.atomic
def close_period(
    *, unit: Unit, month: Month, actor: Actor, on: date, at: datetime | None = None, why: str = ""
) -> Period:
    """Close a month of a province: nothing about it changes any more until it is reopened."""
    access.require(actor, Permission.CLOSE_PERIODS, unit, on)
    period = _period_of(unit, month)
    if period.is_closed:
        raise Refused.because(
            "period_closed",
            _("%(month)s is closed already.") % {"month": month.shown},
            read=str(month),
        )
    if on <= month.last_day:
        raise Refused.because(
            "month_not_ended",
            _("%(month)s has not ended yet. Close it when its reports are in.")
            % {"month": month.shown},
            read=str(month),
        )
    period.closed_at = at or timezone.now()
    _record(period, PeriodEvent.What.CLOSED, actor, why)
    return period


@transaction.atomic
def reopen_period(*, unit: Unit, month: Month, actor: Actor, on: date, why: str) -> Period:
    """Reopen a closed month; the reason stays visible."""
    access.require(actor, Permission.CLOSE_PERIODS, unit, on)
    period = _period_of(unit, month)
    if not period.is_closed:
        raise Refused.because(
            "period_open", _("%(month)s is not closed.") % {"month": month.shown}, read=str(month)
        )
    if not why.strip():
        raise Refused.because(
            "reason_needed", _("Say why %(month)s is reopened.") % {"month": month.shown}
        )
    period.closed_at = None
    _record(period, PeriodEvent.What.REOPENED, actor, why)
    return period


def _period_of(unit: Unit, month: Month) -> Period:
    """The locked period of a month; only provinces have periods."""
    if unit.tier != Tier.PROVINCE:
        raise Refused.because(
            "not_a_province",
            _("%(unit)s is no province: months are opened and closed for a whole province.")
            % {"unit": unit},
            read=unit.code,
        )
    return lock(provinces=[unit.pk], months=[month])[unit.pk, month]


def _record(period: Period, what: str, actor: Actor, why: str) -> None:
    if faults := too_long(why, LONGEST_REASON, column="why"):
        raise Refused(faults)
    period.save(update_fields=["closed_at"])
    PeriodEvent.objects.create(period=period, what=what, by=as_user(actor), why=why)
    write_journal(actor=actor, action=f"period.{what}", subject=period, why=why)
    raise_versions([period.unit_id])
