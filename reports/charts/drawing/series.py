"""Reading a series of months for drawing: which are final, which may stand beside the others."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from districts.months import Month
from reports.engine.trajectories import Point


def is_firm(point: Point) -> bool:
    return point.value is not None and not point.provisional


def is_comparable(point: Point) -> bool:
    """Whether the value may stand in one line with the other months.

    A sum of half the communes beside sums of all would look like a fall.
    """
    return point.is_complete


def last_drawn(points: Iterable[Point]) -> Point | None:
    return max(filter(is_comparable, points), key=lambda point: point.month, default=None)


def in_order(points: Iterable[Point]) -> list[Point]:
    return sorted(points, key=lambda point: point.month)


def runs(
    values: Sequence[tuple[Month, float]], *, by_year: bool = False
) -> Iterator[list[tuple[Month, float]]]:
    """The stretches of months without a gap; with ``by_year`` a new one begins each January."""
    stretch = list(values[:1])
    for (before, _value), (month, value) in pairwise(values):
        if month != before + 1 or (by_year and month.month == 1):
            yield stretch
            stretch = []
        stretch.append((month, value))
    if stretch:
        yield stretch
