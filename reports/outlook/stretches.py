"""What stretches of months brought and are likely to bring: the patterns a forecast rests on.

Pure arithmetic on steps; ``forecast.py`` says in words what is done here.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from statistics import fmean, median, variance

from districts.months import Month

_YEAR = 12
_LEAST = 6
"""So many steps make a pace; so many pairs of years tell how much the same month differs."""
_CLEARLY = 2.0
"""A season of one month counts in full when its square is many times this of its scatter."""
_STANDS_OUT = 6.0
"""So many times the usual difference between years, a step is one that does not come back."""
_MULTIPLIED = 1.5
"""A series that became more than so many times as much is followed in absolute steps: a pace in
percent would run away."""
_TURNS = 0.3
"""How much a pace is doubted for having been another a year before."""
_SEASON_SCATTERS = 0.25
"""How much more a month scatters for its season, in the measure of the usual season."""
_RECENT = 9
"""The months of a flow that are held against the same months of an earlier year."""
_LEAST_PAIRS = 3
_RATIO_DOUBTED = 2.0
"""A ratio of two years counts from where its square is more than this many times its scatter."""


class Pattern(ABC):
    """What a month brings, as read from the steps known."""

    least: float
    """No miss is thought to be smaller, in the measure of ``misses``."""
    hindsight = 1.0
    """How much more is missed where the replays know what came after."""

    @abstractmethod
    def ahead(self, months: Sequence[Month]) -> tuple[float, float]:
        """What ``months`` are likely to bring, and the size by which a miss is measured."""

    @abstractmethod
    def misses(self, length: int) -> list[float]:
        """By how much the replays of stretches of ``length`` months missed, oldest first."""


class Stock(Pattern):
    """The steps of a stock or a rate.

    ``in_shares``: followed in shares of the month before, where that can be; else in absolute
    numbers, as the points of a rate. ``season`` is empty until every month of the calendar was
    seen.
    """

    hindsight = 1.05

    def __init__(
        self, steps: Mapping[Month, float], values: Mapping[Month, float], *, in_shares: bool
    ):
        self.last = max(values)
        smallest, largest = min(values.values()), max(values.values())
        self.in_shares = in_shares and smallest > 0 and largest < _MULTIPLIED * smallest
        self.unit = values[self.last] if self.in_shares else 1.0
        if self.in_shares:
            steps = {month: math.log(values[month] / values[month - 1]) for month in steps}
        self.steps = _without_once(steps)
        self.weights = _season_weights(self.steps)
        self.season = _season(self.steps, self.weights)
        self.pace, self.trust = self._pace()
        self.least = abs(self.pace) / 2
        self.usual_season = fmean(x**2 for x in self.season.values()) if self.season else 0.0

    def ahead(self, months: Sequence[Month]) -> tuple[float, float]:
        pace = self.pace * self.trust
        brings = sum(pace + self.season.get(month.month, 0.0) for month in months)
        if self.in_shares:
            brings = math.expm1(brings)
        return brings * self.unit, self._size(months) * self.unit

    def misses(self, length: int) -> list[float]:
        """Each stretch is hidden and forecast from the pace before it, or after it if too early.

        While a season is known, only stretches whose calendar months were seen outside them.
        """
        stretches = [
            months
            for months in (
                _months(first, length)
                for first in range(min(self.steps), max(self.steps) - length + 2)
            )
            if self.steps.keys() >= set(months)
        ]
        found = [(months, self._replayed(months)) for months in stretches]
        like = [(months, said) for months, (said, seen) in found if seen or not self.season]
        if not like:
            like = [(months, said) for months, (said, _seen) in found]
        return [
            (sum(self.steps[month] for month in months) - said) / self._size(months)
            for months, said in like
            if said is not None
        ]

    def _replayed(self, hidden: Sequence[Month]) -> tuple[float | None, bool]:
        """What the others say of ``hidden``; whether they hold every month of the calendar."""
        rest = {month: step for month, step in self.steps.items() if month not in hidden}
        season = _season(rest, self.weights)
        near = [month for month in sorted(rest, reverse=True) if month < hidden[0]][:_YEAR]
        if len(near) < _LEAST:
            near = [month for month in sorted(rest) if month > hidden[-1]][:_YEAR]
        if len(near) < _LEAST_PAIRS:
            return None, bool(season)
        pace = fmean(rest[month] - season.get(month.month, 0.0) for month in near)
        said = sum(pace * self.trust + season.get(month.month, 0.0) for month in hidden)
        return said, bool(season)

    def _pace(self) -> tuple[float, float]:
        """The mean step of the last year without its season, and how far it is to be trusted."""
        plain = [
            self.steps[month] - self.season.get(month.month, 0.0)
            for month in sorted(self.steps, reverse=True)
        ]
        recent, before = plain[:_YEAR], plain[_YEAR : 2 * _YEAR]
        pace = fmean(recent)
        turned = pace - fmean(before) if len(before) >= _LEAST else 0.0
        doubt = variance(recent) / len(recent) + _TURNS * turned**2
        return pace, pace**2 / (pace**2 + doubt) if pace else 0.0

    def _size(self, months: Sequence[Month]) -> float:
        """1 for months without a season, more for months that usually bring much."""
        if not self.usual_season:
            return 1.0
        seasons = fmean(self.season[month.month] ** 2 for month in months) / self.usual_season
        return math.sqrt((1 + _SEASON_SCATTERS * seasons) / (1 + _SEASON_SCATTERS))


class Flow(Pattern):
    """The amounts of a flow, of which every month of the calendar is known."""

    least = 0.05

    def __init__(self, amounts: Mapping[Month, float]):
        self.amounts = amounts
        usual, weights = self._usual(max(amounts))
        self.usual, self.weights = usual, weights

    def ahead(self, months: Sequence[Month]) -> tuple[float, float]:
        return self._sum(self.usual, months)

    def misses(self, length: int) -> list[float]:
        found = []
        for last in range(min(self.amounts) + _YEAR - 1, max(self.amounts) - length + 1):
            months = _months(last + 1, length)
            if any(month not in self.amounts for month in months):
                continue
            usual, _weights = self._usual(Month(last), self.weights)
            if len(usual) < _YEAR:
                continue
            said, size = self._sum(usual, months)
            if size:
                found.append((sum(self.amounts[month] for month in months) - said) / size)
        return found

    @staticmethod
    def _sum(usual: Mapping[int, float], months: Sequence[Month]) -> tuple[float, float]:
        """The sum of the usual amounts; a miss is measured by the large among them."""
        amounts = [usual[month.month] for month in months]
        floor = fmean(usual.values()) / 2
        return sum(amounts), math.sqrt(sum(max(amount, floor) ** 2 for amount in amounts))

    def _usual(
        self, last: Month, weights: Mapping[int, float] | None = None
    ) -> tuple[dict[int, float], dict[int, float]]:
        """What each calendar month after ``last`` brings, and the weight of its season.

        Every amount is lifted to what the latest months are of those of its year. A month whose
        like is among the latest brings a year's growth more. Looks at nothing after ``last``; the
        weights are found unless given.
        """
        known = {month: amount for month, amount in self.amounts.items() if month <= last}
        ratios = _ratios(known)
        seen: dict[int, list[float]] = {}
        for month, amount in known.items():
            years = (last - month + _YEAR - _RECENT) // _YEAR
            seen.setdefault(month.month, []).append(amount * ratios[years])
        usual = {number: fmean(amounts) for number, amounts in seen.items()}
        middle = fmean(usual.values())
        if weights is None:
            scatter = [amount - usual[number] for number in usual for amount in seen[number]]
            free = len(scatter) - len(usual)
            within = sum(miss**2 for miss in scatter) / free if free >= _LEAST else None
            weights = _weights(usual, {n: len(seen[n]) for n in usual}, within)
        growth = ratios[1] if len(ratios) < 3 else (ratios[1] + ratios[2] / ratios[1]) / 2
        again = {month.month for month in _months(last + _YEAR - _RECENT + 1, _RECENT)}
        return {
            number: (middle + weights[number] * (amount - middle))
            * (growth if number in again else 1.0)
            for number, amount in usual.items()
        }, weights


def _months(first: int, length: int) -> list[Month]:
    return [Month(number) for number in range(first, first + length)]


def _without_once(steps: Mapping[Month, float]) -> dict[Month, float]:
    """Without steps of which the same month of no other year has the like.

    Of a calendar month the largest at most: far from the others by the usual difference between
    years, and no other half as large.
    """
    years = _by_calendar(steps)
    apart = {
        month: min(abs(steps[month] - steps[other]) for other in same if other != month)
        for same in years.values()
        if len(same) > 1
        for month in same
    }
    if len(apart) < _LEAST + 2:
        return dict(steps)
    middle, usual = median(steps.values()), median(apart.values())
    once = set()
    for same in years.values():
        largest = max(same, key=lambda month: abs(steps[month] - middle))
        if largest not in apart or not usual:
            continue
        if apart[largest] > max(_STANDS_OUT * usual, abs(steps[largest] - middle) / 2):
            once.add(largest)
    return {month: step for month, step in steps.items() if month not in once}


def _by_calendar(steps: Collection[Month]) -> dict[int, list[Month]]:
    found: dict[int, list[Month]] = {}
    for month in steps:
        found.setdefault(month.month, []).append(month)
    return found


def _season(
    steps: Mapping[Month, float], weights: Mapping[int, float] | None = None
) -> dict[int, float]:
    """What each calendar month brings above the average month; empty if one was never seen."""
    sums: dict[int, list[float]] = {}
    for month, step in steps.items():
        sums.setdefault(month.month, []).append(step)
    if len(sums) < _YEAR:
        return {}
    usual = {number: sum(found) / len(found) for number, found in sums.items()}
    middle = sum(usual.values()) / _YEAR
    return {
        number: (step - middle) * (weights[number] if weights else 1.0)
        for number, step in usual.items()
    }


def _season_weights(steps: Mapping[Month, float]) -> dict[int, float] | None:
    """How much of each month's season is believed; None if not every month was seen.

    Judged by how a month differed from a year before, beyond the change of pace between years.
    """
    season = _season(steps)
    if not season:
        return None
    apart = [step - steps[month - _YEAR] for month, step in steps.items() if month - _YEAR in steps]
    within = variance(apart) / 2 if len(apart) >= _LEAST else None
    return _weights(season, {n: len(same) for n, same in _by_calendar(steps).items()}, within)


def _weights(
    usual: Mapping[int, float], seen: Mapping[int, int], within: float | None
) -> dict[int, float]:
    """By calendar month: how much of its distance from the middle is more than scatter.

    All months as far as together they differ more than by the scatter ``within`` a month; one
    that clearly stands out by itself, as far as it does. Unknown scatter: all in full.
    """
    if within is None:
        return dict.fromkeys(usual, 1.0)
    middle = fmean(usual.values())
    between = sum((step - middle) ** 2 for step in usual.values()) / (_YEAR - 1)
    if not between:
        return dict.fromkeys(usual, 0.0)
    together = max(0.0, 1 - within / fmean(seen.values()) / between)
    return {
        number: max(together, 1 - _CLEARLY * within / seen[number] / (step - middle) ** 2)
        if step != middle
        else together
        for number, step in usual.items()
    }


def _ratios(amounts: Mapping[Month, float]) -> dict[int, float]:
    """Years back to how the latest amounts compare with those so many years before.

    Months are weighed against what they usually bring, so that a December does not decide alone.
    """
    by_calendar: dict[int, list[float]] = {}
    for month, amount in amounts.items():
        by_calendar.setdefault(month.month, []).append(amount)
    usual = {number: fmean(found) for number, found in by_calendar.items()}
    floor = fmean(usual.values()) / 2
    recent = [month for month in amounts if month > max(amounts) - _RECENT]
    ratios = {0: 1.0}
    for years in range(1, (max(amounts) - min(amounts)) // _YEAR + 2):
        pairs = [
            (amounts[month] / size, amounts[before] / size)
            for month in recent
            if (before := month - years * _YEAR) in amounts
            and (size := max(usual[month.month], floor)) > 0
        ]
        ratios[years] = _ratio(pairs)
    return ratios


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Of the sums; nearer to 1 the less it stands out from the scatter of the pairs."""
    above, below = sum(now for now, _ in pairs), sum(then for _, then in pairs)
    if len(pairs) < _LEAST_PAIRS or above <= 0 or below <= 0 or above == below:
        return 1.0
    ratio = above / below
    scatter = sum((now - ratio * then) ** 2 for now, then in pairs) / below**2
    scatter *= len(pairs) / (len(pairs) - 1)
    return 1 + (ratio - 1) * max(0.0, 1 - _RATIO_DOUBTED * scatter / (ratio - 1) ** 2)
