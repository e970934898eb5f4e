"""Value and plan month by month, all on one map: what was reached, and what is asked for ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import Month

from .ground import Ground
from .series import Series


@dataclass(frozen=True)
class Point:
    """One month of a trajectory: what a figure of that month says of its value, plan and coverage.

    The value of a month that is not complete is what is known of it, no equal of the others.
    """

    month: Month
    value: int | Decimal | None
    plan: int | Decimal | None
    approved: int
    expected: int
    provisional: bool
    percent_to_date: Decimal | None = None
    of_month: Fraction | None = None
    """What ``alone`` is, where it is not the coverage: of a flow, whose coverage is the least."""

    @property
    def alone(self) -> Fraction:
        """Of the units that were to report in this month, whatever came before: how many are in."""
        if self.of_month is not None:
            return self.of_month
        return Fraction(self.approved, self.expected) if self.expected else Fraction(0)

    @property
    def is_complete(self) -> bool:
        """Whether it has a value, of every unit that was to report."""
        return self.value is not None and self.approved >= self.expected


def last_complete(points: Iterable[Point]) -> Point | None:
    """The newest month of which every unit's number is known; None without any."""
    complete = (point for point in points if point.is_complete)
    return max(complete, key=lambda point: point.month, default=None)


def trajectory(
    *,
    unit: Unit,
    indicator: Indicator,
    months: Sequence[Month],
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> list[Point]:
    """Value and plan month by month, all on one map: that of the last month unless given."""
    found = trajectories(
        units=[unit],
        indicators=[indicator],
        months=months,
        on_map=on_map,
        authority=authority,
        ground=ground,
    )
    return found[unit.pk, indicator.pk]


def trajectories(
    *,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    months: Sequence[Month],
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> dict[tuple[int, int], list[Point]]:
    """(unit, indicator) to its trajectory, for many at once in as many queries as for one."""
    ground = ground or Ground()
    map_month = ground.map_month(max(months), on_map)
    series = Series(units, months, map_month, indicators, authority, ground=ground)
    return {
        (unit.pk, indicator.pk): [_point(series, unit, indicator, month) for month in months]
        for unit in units
        for indicator in indicators
    }


def plan_ahead(
    *,
    unit: Unit,
    indicator: Indicator,
    month: Month,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> list[Point]:
    """What the plan asks for after ``month``, as points without values.

    To the end of the year; in December, the next year's plan from the result reached. Empty if
    nothing is assigned; without the months for which nobody knows the line.
    """
    ground = ground or Ground()
    map_month = ground.map_month(month, on_map)
    last = (month + 1).last_december + 12
    years = {month.year, last.year}
    series = Series([unit], [month], map_month, [indicator], authority, years, ground)
    found = []
    for day in map(Month, range(month + 1, last + 1)):
        assigned = series.plan(unit, indicator, day)
        if assigned is None:
            return []
        plan = series.plan_now(unit, indicator, day, assigned)
        if plan is not None:
            found.append(Point(day, None, series.people(indicator, plan), 0, 0, False))
    return found


def _point(series: Series, unit: Unit, indicator: Indicator, month: Month) -> Point:
    covered = series.coverage(unit.pk, indicator.pk, month)
    standing = series.standing(unit, indicator, month)
    alone = series.covered(unit.pk, indicator.pk, month)
    apart = alone.expected and (alone.approved, alone.expected) != (
        covered.approved,
        covered.expected,
    )
    return Point(
        month=month,
        value=series.people(indicator, series.exact(unit.pk, indicator.pk, month)),
        plan=series.people(indicator, standing.now),
        approved=covered.approved,
        expected=covered.expected,
        provisional=series.provisional(unit.pk, indicator.pk, month),
        percent_to_date=standing.judgement.percent_to_date,
        of_month=Fraction(alone.approved, alone.expected) if apart else None,
    )
