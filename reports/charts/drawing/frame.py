"""The frame of a trajectory: which months and numbers it spans, and where they lie in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from districts.months import Month
from reports.wording import numbers

from .labels import (
    Box,
    Line,
)
from .reading import (
    Break,
    Trajectory,
)
from .scale import (
    Scale,
    ticks,
)
from .series import is_comparable


@dataclass(frozen=True)
class Size:
    """A drawing in pixels, and its text as ``charts.css`` sets the classes axis, label and value.

    The small one is shown narrower than drawn, on phones: its text is larger by as much.
    """

    name: str
    width: int
    height: int
    column: bool
    tick_gap: int
    axis_text: float = 12.0
    label_text: float = 12.5
    value_text: float = 14.5

    def axis(self, words: str) -> Line:
        return Line(words, "axis", self.axis_text)

    def label(self, words: str) -> Line:
        return Line(words, "label", self.label_text)

    def value(self, words: str, class_: str = "value") -> Line:
        return Line(words, class_, self.value_text, bold=True)

    @property
    def strip(self) -> float:
        """How high one row of words above the drawing is."""
        return self.label_text * 1.5


SIZES = {
    "wide": Size("wide", 860, 384, column=True, tick_gap=46),
    "medium": Size("medium", 600, 352, column=True, tick_gap=46),
    "small": Size("small", 340, 300, False, 58, axis_text=14.5, label_text=14.5, value_text=16.5),
}

_BOTTOM = 34
_NEAR_ZERO = 0.4
"""An axis begins at zero if the least value is below this part of the greatest."""


def domain(data: Trajectory) -> tuple[float, float] | None:
    """The numbers the axis spans; None where there is nothing to draw."""
    drawn = [float(point.value) for point in data.ordered if is_comparable(point)]
    drawn += [float(point.plan) for point in data.ordered if point.plan is not None]
    drawn += [float(edge) for month in data.ahead for edge in (month.low, month.high)]
    if not drawn:
        return None
    low, high = min(drawn), max(drawn)
    if data.ceiling and high <= data.ceiling.value <= high + 0.7 * (high - low):
        high = float(data.ceiling.value)
    if low < _NEAR_ZERO * high or data.flow or high <= 0:
        return min(0.0, low), (high or 1.0) * 1.04
    room = (high - low) * 0.1 or abs(high) * 0.02
    return max(0.0, low - room), high + room / 2


@dataclass(frozen=True)
class Frame:
    """Months across, numbers up, and the margins their words need."""

    data: Trajectory
    size: Size
    low: float
    high: float
    right_margin: float

    @cached_property
    def months(self) -> list[Month]:
        known = [point.month for point in self.data.ordered]
        known += [forecast.month for forecast in self.data.ahead]
        return list(map(Month, range(min(known), max(known) + 1)))

    @cached_property
    def numbers(self) -> list[float]:
        about = 6 if self.size.column else 5
        whole = self.data.indicator.decimals == 0
        every = ticks(self.low, self.high, about=about, whole=whole)
        return [tick for tick in every if self.low <= tick <= self.high] or every[:1]

    @cached_property
    def words(self) -> tuple[list[str], str]:
        """The words at the ticks, and the unit above them."""
        step = self.numbers[1] - self.numbers[0] if len(self.numbers) > 1 else 1.0
        return numbers.axis(self.data.indicator, self.numbers, step)

    @cached_property
    def left(self) -> float:
        return max(self.size.axis(word).width for word in self.words[0]) + 12

    @property
    def right(self) -> float:
        return self.size.width - self.right_margin

    @property
    def top(self) -> float:
        """Below the strips of words for now and for breaks, and the words inside a small one."""
        rows = 1 + bool(self.breaks) + (not self.size.column)
        return 10 + rows * self.size.strip

    @property
    def bottom(self) -> float:
        return self.size.height - _BOTTOM

    @cached_property
    def across(self) -> Scale:
        first, last = self.months[0], self.months[-1]
        if first == last:
            return Scale(first - 1, last + 1, self.left, self.right)
        return Scale(first, last, self.left, self.right)

    @cached_property
    def up(self) -> Scale:
        return Scale(self.low, self.high, self.bottom, self.top)

    @property
    def area(self) -> Box:
        """Where labels may stand: between the axes, up to the right edge of the drawing."""
        return Box(self.left + 2, 0, self.size.width - 2, self.bottom - 2)

    def at(self, month: float, value: float) -> tuple[float, float]:
        return self.across.at(month), self.up.at(value)

    @property
    def is_ahead(self) -> bool:
        """Whether the drawing goes on beyond the last result."""
        return self.now_line is not None

    @cached_property
    def now_line(self) -> float | None:
        now = self.data.now
        return self.across.at(now.month) if now and now.month < self.months[-1] else None

    @cached_property
    def breaks(self) -> list[tuple[Break, float]]:
        """Days the map changed within the months, and where: between two months' ends."""
        return [
            (broken, self.across.at(int(Month.containing(broken.day)) - 0.5))
            for broken in self.data.breaks
            if self.months[0] < Month.containing(broken.day) <= self.months[-1]
        ]

    @cached_property
    def month_ticks(self) -> Sequence[Month]:
        """Months to print under the axis: Decembers, and between them as many as fit."""
        apart = (self.right - self.left) / max(1, len(self.months) - 1)
        for stride in (1, 2, 3, 6, 12, 24, 60, 120):
            found = [month for month in self.months if (month + 1) % stride == 0]
            if found and stride * apart >= self.size.tick_gap:
                return found
        return self.months[-1:]
