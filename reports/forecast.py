"""Forecast: what is likely in the months ahead, and how sure that is.

It is simple and can be followed by hand. A *step* is what one month brings: the
change of a stock or a rate since the month before, the month's own amount of a flow. The next
months bring the mean step of the last twelve (the pace) and what the same calendar month brought
more or less than the average in the years known (the season). The pace counts for as much as it
stands out from its own scatter. The interval comes from replaying the past: how far this method
missed each of the last twelve steps, knowing only what came before, plus one imagined miss of half
the pace, so that a series without any miss promises nothing. It widens with the square root of the
months ahead, holds 80 %, and never goes below zero.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist, fmean
from typing import Protocol

from districts.months import Month

LEAST_MONTHS = 6
"""Below this many approved months there is no forecast."""
EIGHTY_PERCENT = NormalDist().inv_cdf(0.9)
_YEAR = 12


class Reached(Protocol):
    """What is known of one month; a ``trajectories.Point`` is one."""

    month: Month
    value: int | Decimal | None
    provisional: bool


@dataclass(frozen=True)
class Forecast:
    """One month ahead: the likely value, and between which values it lies four times in five."""

    month: Month
    value: int | Decimal
    low: int | Decimal
    high: int | Decimal


@dataclass(frozen=True)
class Score:
    """An earlier forecast beside what came of it."""

    made_in: Month
    forecast: Forecast
    actual: int | Decimal

    @property
    def inside(self) -> bool:
        """Whether the result fell into the interval."""
        return self.forecast.low <= self.actual <= self.forecast.high


def forecast(
    points: Sequence[Reached],
    until: Month,
    *,
    flow: bool = False,
    ceiling: int | Decimal | None = None,
) -> list[Forecast] | None:
    """Every month after the last approved one up to ``until``; None below six months of data.

    Provisional months are not data. ``flow``: the values are totals since January and begin anew
    each year. Nothing is forecast above ``ceiling`` (the population, 100 %) unless already there.
    """
    known = _known(points)
    steps = _steps(known, flow)
    if len(known) < LEAST_MONTHS or len(steps) < LEAST_MONTHS - 1:
        return None
    last = max(known)
    pattern = _Pattern.of(steps)
    noise = _noise(steps, pattern.pace)
    pattern = pattern.weighed(noise)
    top = math.inf if ceiling is None else max(float(ceiling), float(known[last]))
    as_read = _as_read(known.values())
    level, bottom, since = float(known[last]), 0.0, last
    if flow:
        bottom = level
    made = []
    for month in map(Month, range(last + 1, until + 1)):
        if flow and month.month == 1:
            level, bottom, since = 0.0, 0.0, month - 1
        level = max(bottom, level + pattern.step(month))
        reach = EIGHTY_PERCENT * noise * math.sqrt(month - since)
        low, value, high = (
            min(top, max(bottom, number)) for number in (level - reach, level, level + reach)
        )
        made.append(Forecast(month, as_read(value), low=as_read(low), high=as_read(high)))
    return made


def score(
    points: Sequence[Reached],
    *,
    months_ago: int = 3,
    flow: bool = False,
    ceiling: int | Decimal | None = None,
) -> Score | None:
    """What the forecast made ``months_ago`` said about the last approved month; None if none."""
    known = _known(points)
    if not known:
        return None
    last = max(known)
    made_in = last - months_ago
    earlier = [point for point in points if point.month <= made_in]
    if made_in not in known:
        return None
    said = forecast(earlier, last, flow=flow, ceiling=ceiling)
    return Score(made_in, said[-1], known[last]) if said else None


@dataclass(frozen=True)
class _Pattern:
    """What one month brings: the pace, and by calendar month what comes on top of it."""

    pace: float
    months: int
    season: Mapping[int, float]

    @classmethod
    def of(cls, steps: Mapping[Month, float]) -> "_Pattern":
        recent = [steps[month] for month in sorted(steps)[-_YEAR:]]
        by_calendar: dict[int, list[float]] = {}
        for month, step in steps.items():
            by_calendar.setdefault(month.month, []).append(step)
        season: dict[int, float] = {}
        if len(by_calendar) == _YEAR:
            usual = {number: fmean(found) for number, found in by_calendar.items()}
            middle = fmean(usual.values())
            season = {number: step - middle for number, step in usual.items()}
        return cls(fmean(recent), len(recent), season)

    def weighed(self, noise: float) -> "_Pattern":
        """With the pace shrunk by how little it stands out from its own uncertainty."""
        certain, uncertain = self.pace**2, noise**2 / self.months
        weight = certain / (certain + uncertain) if certain else 0.0
        return replace(self, pace=self.pace * weight)

    def step(self, month: Month) -> float:
        return self.pace + self.season.get(month.month, 0.0)


def _known(points: Sequence[Reached]) -> dict[Month, int | Decimal]:
    return {
        point.month: point.value
        for point in points
        if point.value is not None and not point.provisional
    }


def _steps(known: Mapping[Month, int | Decimal], flow: bool) -> dict[Month, float]:
    """What each month brought, where the month before is known too."""
    steps: dict[Month, float] = {}
    for month, value in known.items():
        if flow and month.month == 1:
            steps[month] = float(value)
        elif month - 1 in known:
            steps[month] = float(value - known[month - 1])
    return steps


def _noise(steps: Mapping[Month, float], pace: float) -> float:
    """The usual miss of one step, from replaying the last year and one imagined miss."""
    ordered = sorted(steps)
    misses = [pace / 2]
    for place in range(max(LEAST_MONTHS // 2, len(ordered) - _YEAR), len(ordered)):
        earlier = _Pattern.of({month: steps[month] for month in ordered[:place]})
        misses.append(steps[ordered[place]] - earlier.step(ordered[place]))
    return math.sqrt(fmean(miss**2 for miss in misses))


def _as_read(
    values: Collection[int | Decimal],
) -> Callable[[float], int | Decimal]:
    """Rounds as the series is printed: whole counts, or a rate's decimals."""
    decimals = [-value.as_tuple().exponent for value in values if isinstance(value, Decimal)]
    if not decimals:
        return lambda number: math.floor(number + 0.5)
    unit = Decimal(1).scaleb(-max(decimals))
    return lambda number: Decimal(math.floor(number / float(unit) + 0.5)) * unit
