"""From numbers to places: linear scales, round ticks, the scale that rows of percents share."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

_ROUND = (1, 2, 2.5, 5, 10)
_SAME = 1e-9
"""Numbers closer than this part of themselves are one number, for want of digits between them."""


@dataclass(frozen=True)
class Scale:
    """Numbers from ``low`` to ``high`` on pixels from ``start`` to ``end`` (which may be less)."""

    low: float
    high: float
    start: float = 0.0
    end: float = 1.0

    def at(self, value: float) -> float:
        """Where ``value`` lies; beyond the ends it continues."""
        share = (float(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def clipped(self, value: float) -> float:
        """Where ``value`` lies, at the nearer end if it is beyond the scale."""
        return self.at(min(self.high, max(self.low, float(value))))

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def ticks(low: float, high: float, *, about: int = 5, whole: bool = False) -> list[float]:
    """Round numbers from at or below ``low`` to at or above ``high``, roughly ``about`` of them.

    At least two; whole numbers only where nothing in between exists.
    """
    if high - low <= _SAME * max(1.0, abs(high)):
        room = abs(low) * 0.01 or 1.0
        low, high = low - room, high + room
    step = _step((high - low) / max(1, about - 1), whole)
    first = math.floor(low / step)
    last = max(first + 1, math.ceil(high / step))
    return [number * step for number in range(first, last + 1)]


def _step(least: float, whole: bool) -> float:
    """The round number nearest to ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    step = min((factor * power for factor in _ROUND), key=lambda step: abs(math.log(step / least)))
    if not whole:
        return step
    return max(1.0, step if step == int(step) else math.ceil(step))


_LEAST_APART = 0.28
"""Of the width: two words of a narrow row's axis need so much."""


@dataclass(frozen=True)
class Span:
    """The scale of percents that the rows of one chart share, from ``low`` to ``high`` percent."""

    low: int
    high: int

    def share(self, percent: float) -> float:
        """Where a percent lies as part of the width, 0 to 1; at the nearer end if beyond."""
        return Scale(self.low, self.high).clipped(percent)

    def holds(self, percent: float) -> bool:
        return self.low <= percent <= self.high

    @property
    def ticks(self) -> list[int]:
        """The plan, and each end that stands far enough from it to be read beside it."""
        return [tick for tick in (self.low, 100, self.high) if self._apart(tick)]

    def _apart(self, tick: int) -> bool:
        return tick == 100 or abs(self.share(tick) - self.share(100)) >= _LEAST_APART


def span(percents: Iterable[float | None]) -> Span:
    """One scale for all rows, made from their percents of the plan.

    It holds 97 to 102 and every value that is not far out: further from the plan than six points
    and than three times the usual distance. What is far out is drawn as an arrow at the end, so
    that one unit without reports does not press all others together.
    """
    known = [float(percent) for percent in percents if percent is not None]
    reach = max(6.0, 3 * median(abs(percent - 100) for percent in known)) if known else 6.0
    near = [percent for percent in known if abs(percent - 100) <= reach]
    low, high = min([96.0, *near]), max([104.0, *near])
    step = next((step for step in (2, 5, 10, 20, 50) if high - low <= 7 * step), None)
    if step is None:
        step = int(_step((high - low) / 7, whole=True))
    return Span(low=max(0, math.floor(low / step) * step), high=math.ceil(high / step) * step)


def reach(deviations: Sequence[float]) -> int:
    """How many points a deviation bar shows to each side: 5, or more if most rows need more."""
    usual = median(abs(deviation) for deviation in deviations) if deviations else 0
    return next((points for points in (5, 10, 20, 50) if usual <= points), 100)
