"""One year of days off and worked by decision, and the due days in it. A read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from collection.following.due_days import (
    Moving,
    moving,
)
from commitments.actions.reporting.periods import usual_period
from commitments.models import CompleteYear, DecidedDay, Period
from commitments.querysets import unknown_years, working_days
from commitments.working_days import Decision, WorkingDays, calendar_of
from districts.models import Unit
from districts.months import Month


@dataclass(frozen=True)
class SpecialDay:
    """A weekday off or a day of the weekend worked: what it is, and who recorded it if somebody."""

    day: date
    worked: bool
    name: str
    decided: DecidedDay | None = None


@dataclass(frozen=True)
class WorkingYear:
    """What the page of a year shows; ``due`` are the periods whose due day lies in it."""

    year: int
    days: Sequence[SpecialDay]
    due: Sequence[Period]
    moving: Sequence[Moving]
    """Every opened period of the province that the rule would give another due day."""
    is_known: bool
    complete: CompleteYear | None
    uncounted: Sequence[Decision]


def working_year(*, province: Unit, year: int, language: str) -> WorkingYear:
    """The days of ``year``, and what follows for the months of ``province``."""
    days = working_days()
    months = [Month.of(year, 1) - 1 + number for number in range(12)]
    periods = list(Period.objects.filter(unit=province).select_related("unit").order_by("month"))
    opened = {period.month: period for period in periods}
    return WorkingYear(
        year=year,
        days=_special_days(year, language),
        due=[opened.get(one) or usual_period(province.pk, one, days) for one in months],
        moving=moving(periods),
        is_known=not unknown_years([year]),
        complete=CompleteYear.objects.filter(year=year).select_related("by").first(),
        uncounted=_uncounted(days, year),
    )


def _special_days(year: int, language: str) -> list[SpecialDay]:
    calendar = calendar_of(year, language)
    decided = DecidedDay.objects.filter(day__year=year).select_related("by")
    found = {day: SpecialDay(day, False, name) for day, name in calendar.off.items()}
    found |= {
        day: SpecialDay(day, True, _("Worked in exchange for a day off")) for day in calendar.worked
    }
    found |= {one.day: SpecialDay(one.day, one.worked, one.source, one) for one in decided}
    return [found[day] for day in sorted(found)]


def _uncounted(days: WorkingDays, year: int) -> list[Decision]:
    return [
        decision for decision in days.uncounted() if any(day.year == year for day in decision.days)
    ]


def unknown_year(year: int) -> str:
    """That a year's days off are not known yet, and what due days in it rest on meanwhile."""
    said = _(
        "The government's days off for %(year)s are not known yet: due days count weekends and the "
        "holidays of the law, without swapped Saturdays."
    )
    return said % {"year": year}
