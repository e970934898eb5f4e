"""Which days are worked in Viet Nam, and so when a month's reports are due. Without a database.

The days off of the law, their substitutes after a weekend and the Saturdays that the government
swapped come from the package ``holidays``; what the government decides and the package lacks is
recorded by the standing officer (``commitments.models.DecidedDay``) and outweighs it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays.countries import Vietnam

from districts.months import Month

DUE_WORKING_DAY = 5
"""Reports are due on the fifth working day of the next month (SI-agency practice)."""

KNOWN_YEARS = range(2010, 2027)
"""The years whose days off the government has announced and the pinned package holds.

For a later year the package computes what the law says: without swapped Saturdays, and with a guess
at the day before or after 2 September, which the Prime Minister chooses every year.
"""


@dataclass(frozen=True)
class Decision:
    """Days that one decision takes off or has worked."""

    days: Mapping[date, bool]
    """Whether each day is worked."""
    source: str


ANNOUNCED = (
    Decision(
        {date(2026, 1, 2): False, date(2026, 1, 10): True},
        "12729/VPCP-KGVX, 25/12/2025",
    ),
)
"""Decisions that were published and that the package lacks: proposed to the officer, who confirms.

Published by Viet Nam Social Security on 25 December 2025 (baohiemxahoi.gov.vn, "Công chức, viên
chức được nghỉ 4 ngày dịp Tết Dương lịch năm 2026").
"""


@dataclass(frozen=True)
class Calendar:
    """One year of the law and the package: its days off by name, and the weekend days worked."""

    off: Mapping[date, str]
    worked: frozenset[date]


@lru_cache(maxsize=256)
def calendar_of(year: int, language: str = "vi") -> Calendar:
    """What the package says of a year; nothing beyond the years it covers (1901 to 2100).

    A day may be swapped with one of another year, hence the years beside it. The answer is never
    changed: the package's own object grows while it is read, and threads would see it half done.
    """
    days = Vietnam(years=range(year - 1, year + 2), language=_LANGUAGES[language])
    off = {day: _named(days[day], language) for day in sorted(days) if day.year == year}
    worked = frozenset(day for day in days.weekend_workdays if day.year == year)
    return Calendar(MappingProxyType(off), worked)


_LANGUAGES = {"vi": "vi", "en": "en_US"}
_MONTH_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def _named(name: str, language: str) -> str:
    """The package's name; its English writes the month first, which here is read as the day."""
    return _MONTH_FIRST.sub(r"\2/\1/\3", name) if language == "en" else name


@dataclass(frozen=True)
class WorkingDays:
    """The days that are worked: by law, outweighed by ``decided``, which says whether each is."""

    decided: Mapping[date, bool] = field(default_factory=dict)

    def are_worked(self, day: date) -> bool:
        if day in self.decided:
            return self.decided[day]
        calendar = calendar_of(day.year)
        return day in calendar.worked or (day.weekday() < 5 and day not in calendar.off)

    def after(self, day: date) -> Iterator[date]:
        """The working days after ``day``, without end."""
        while True:
            day += timedelta(days=1)
            if self.are_worked(day):
                yield day

    def due_day(self, month: Month) -> date:
        """The fifth working day after the month's end."""
        return next(
            day
            for number, day in enumerate(self.after(month.last_day), start=1)
            if number == DUE_WORKING_DAY
        )

    def uncounted(self) -> list[Decision]:
        """The published decisions of which a day is not counted as they say."""
        return [
            decision
            for decision in ANNOUNCED
            if any(self.are_worked(day) != worked for day, worked in decision.days.items())
        ]


def due_day_by_weekdays(month: Month) -> date:
    """The fifth weekday after the month's end, whatever days are off.

    Stored due days may stand on it: those are taken for computed, and never for set by hand.
    """
    day, weekdays = month.last_day, 0
    while weekdays < DUE_WORKING_DAY:
        day += timedelta(days=1)
        weekdays += day.weekday() < 5
    return day
