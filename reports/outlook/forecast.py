"""Forecast: what is likely in the months ahead, and how sure that is.

It can be followed by hand. A *step* is what one month brings: of a stock or a rate the change since
the month before, of a stock in shares of what it was (in absolute numbers where it was nothing or
has multiplied); of a flow the month's own amount.

*Stocks and rates.* The months ahead bring the mean step of the last twelve (the pace) and what the
same calendar month brought above or below the average month (the season), each as far as it stands
out: the season from how the same month differed from year to year, the pace from its own scatter
and from the year before. A step that stands out in one year only, as a step by law does, is
neither pace nor season.

*Flows.* A month ahead brings what it brought in each earlier year, times how the last nine months
compare with the same months of that year, as far as that stands out from its scatter.

*The interval.* The past is replayed: every stretch of as many months as lie ahead is forecast from
the others (a flow's, from what came before it), with the weights of today. How far that missed,
recent misses counting for more, is how far this forecast may miss: wider by what a handful of
misses cannot tell, and with the size of what the months ahead usually bring. Few stretches are as
long as many months, so beyond three months the misses are held against those of three months, grown
as they grew from one to three. It is to hold the result four times in five; ``make backtest``
measures how often it does. It never narrows with the months, goes below zero, or for a flow below
what it has.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist
from typing import Protocol

from districts.months import Month

from .stretches import (
    Flow,
    Pattern,
    Stock,
)

LEAST_MONTHS = 6
"""Below this many known months there is no forecast."""
NEARLY_WHOLE = Fraction(98, 100)
"""A month is known if so many of its reports are: what one commune in fifty lacks is less than a
month's usual scatter, and waiting for it would let one late report silence a province."""
EIGHTY_PERCENT = NormalDist().inv_cdf(0.9)
FEW_MISSES = (EIGHTY_PERCENT**3 + EIGHTY_PERCENT) / 4
"""What Student's t adds to ``EIGHTY_PERCENT``, divided by how many misses are known."""
_YEAR = 12
_FADING = 0.9
"""What a miss counts of one that is a month younger."""
_OFTEN_SEEN = 3
"""The months of a stretch that every series holds often."""
_OFTEN_WEIGHS = 3
"""For how many long stretches the misses of the short ones count."""
_OVERLAPPING = 2
"""What stretches that overlap add to how many misses are known."""
_FASTEST = 1.2
"""Misses that grow with the months ahead to this power at most: 0.5 is chance, 1 is drift."""


class Known(Protocol):
    """What is known of one month; a ``trajectories.Point`` is one.

    ``alone`` is which share of the units expected in this month alone is in its value.
    """

    @property
    def month(self) -> Month: ...
    @property
    def value(self) -> int | Decimal | None: ...
    @property
    def alone(self) -> Fraction: ...


class NoForecast(StrEnum):
    """Why there is none."""

    FEW_MONTHS = "few_months"
    NO_WHOLE_YEAR = "no_whole_year"


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
    points: Iterable[Known],
    until: Month,
    *,
    flow: bool = False,
    ceiling: int | Decimal | None = None,
) -> list[Forecast] | None:
    """Every month after the last known one up to ``until``; None where ``no_forecast`` says why.

    ``flow``: the values are totals since January and begin anew each year. Nothing is forecast
    above ``ceiling`` (the population, 100 %) unless already there.
    """
    points = list(points)
    if no_forecast(points, flow=flow) is not None:
        return None
    known, values = _known(points), _values(points)
    last = max(known)
    pattern = _pattern(known, values, flow)
    spread = _Spread(pattern)
    top = math.inf if ceiling is None else max(float(ceiling), float(known[last]))
    as_read = _as_read(known.values())
    base, since, reach = float(known[last]), last, 0.0
    made = []
    for month in map(Month, range(last + 1, until + 1)):
        if flow and month.month == 1:
            base, since, reach = 0.0, month - 1, 0.0
        ahead = [Month(number) for number in range(since + 1, month + 1)]
        brings, size = pattern.ahead(ahead)
        reach = max(reach, size * spread.of(month - last))
        bottom = base if flow else 0.0
        low, value, high = (
            min(top, max(bottom, base + number))
            for number in (brings - reach, brings, brings + reach)
        )
        made.append(Forecast(month, as_read(value), low=as_read(low), high=as_read(high)))
    return made


def no_forecast(points: Iterable[Known], *, flow: bool = False) -> NoForecast | None:
    """Why nothing can be forecast, if so.

    Of a flow every month of the calendar must have been seen once: what a December brings does
    not follow from the months before it.
    """
    points = list(points)
    known = _known(points)
    steps = _steps(known, _values(points), flow)
    if len(known) < LEAST_MONTHS or len(steps) < LEAST_MONTHS - 1:
        return NoForecast.FEW_MONTHS
    if flow and len({month.month for month in steps}) < _YEAR:
        return NoForecast.NO_WHOLE_YEAR
    return None


def score(
    points: Iterable[Known],
    *,
    months_ago: int = 3,
    flow: bool = False,
    ceiling: int | Decimal | None = None,
) -> Score | None:
    """What the forecast made ``months_ago`` said about the last known month; None if none."""
    points = list(points)
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


class _Spread:
    """How far a forecast of so many months may miss, from what the replays missed."""

    def __init__(self, pattern: Pattern):
        self.pattern = pattern
        self.found: dict[int, tuple[float, float]] = {}

    def of(self, months: int) -> float:
        """Half the interval, in the measure of ``Pattern.ahead``'s size."""
        square, misses = self._seen(months)
        if months > _OFTEN_SEEN:
            often, enough = self._seen(_OFTEN_SEEN)
            grown = often * (months / _OFTEN_SEEN) ** self._growth()
            square = (misses * square + _OFTEN_WEIGHS * grown) / (misses + _OFTEN_WEIGHS)
            misses = min(misses + _OFTEN_WEIGHS, enough)
        usual = math.sqrt(max(square, self.pattern.least**2)) * self.pattern.hindsight
        return (EIGHTY_PERCENT + FEW_MISSES / (misses + _OVERLAPPING)) * usual

    def _seen(self, months: int) -> tuple[float, float]:
        """The mean square of what was missed, and by how many stretches that do not overlap."""
        if months not in self.found:
            misses = self.pattern.misses(months)
            weights = [_FADING**age for age in reversed(range(len(misses)))]
            squares = sum(weight * miss**2 for weight, miss in zip(weights, misses, strict=True))
            self.found[months] = (
                (squares / sum(weights), len(misses) / months) if misses else (0.0, 0.0)
            )
        return self.found[months]

    def _growth(self) -> float:
        one, often = self._seen(1)[0], self._seen(_OFTEN_SEEN)[0]
        if not one or not often:
            return 1.0
        return min(_FASTEST, max(0.0, math.log(often / one) / math.log(_OFTEN_SEEN)))


def _known(points: Sequence[Known]) -> dict[Month, int | Decimal]:
    """The months whose value has nearly all its parts; of a flow, the parts of that month."""
    return {
        point.month: point.value
        for point in points
        if point.value is not None and point.alone >= NEARLY_WHOLE
    }


def _values(points: Sequence[Known]) -> dict[Month, int | Decimal]:
    return {point.month: point.value for point in points if point.value is not None}


def _steps(
    known: Mapping[Month, int | Decimal], values: Mapping[Month, int | Decimal], flow: bool
) -> dict[Month, float]:
    """What each known month brought; a flow's also after a month with gaps, which it adds to."""
    before = values if flow else known
    steps: dict[Month, float] = {}
    for month in sorted(known):
        if flow and month.month == 1:
            steps[month] = float(known[month])
        elif month - 1 in before:
            steps[month] = float(known[month] - before[month - 1])
    return steps


def _pattern(
    known: Mapping[Month, int | Decimal], values: Mapping[Month, int | Decimal], flow: bool
) -> Pattern:
    steps = _steps(known, values, flow)
    if flow:
        return Flow(steps)
    counted = not any(isinstance(value, Decimal) for value in known.values())
    levels = {month: float(value) for month, value in known.items()}
    return Stock(steps, levels, in_shares=counted)


def _as_read(
    values: Collection[int | Decimal],
) -> Callable[[float], int | Decimal]:
    """Rounds as the series is printed: whole counts, or a rate's decimals."""
    decimals = [-value.as_tuple().exponent for value in values if isinstance(value, Decimal)]
    if not decimals:
        return lambda number: math.floor(number + 0.5)
    unit = Decimal(1).scaleb(-max(decimals))
    return lambda number: Decimal(math.floor(number / float(unit) + 0.5)) * unit
