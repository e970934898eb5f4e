"""The line between last December's result and the target: where a plan stands in a month."""

from collections.abc import Sequence
from fractions import Fraction

from districts.months import Month

Point = tuple[Month, Fraction]


def plan_to_date(
    *,
    month: Month,
    start: Month,
    baseline: Fraction | None,
    deadline: Month,
    target: Fraction,
    path: Sequence[Point] = (),
) -> Fraction:
    """What the plan asks for by the end of ``month``.

    Linear from ``baseline`` at ``start`` (last December) to ``target`` at ``deadline``, through
    the points of ``path`` if one was given with the target. Without a baseline the plan asks for
    the whole target at once; after the deadline it stays at the target.
    """
    if month >= deadline:
        return target
    points = [] if baseline is None else [(start, baseline)]
    points += [point for point in sorted(path) if start < point[0] < deadline]
    points.append((deadline, target))
    earlier = [point for point in points if point[0] <= month]
    later = [point for point in points if point[0] > month]
    if not earlier:
        return later[0][1]
    (month_0, value_0), (month_1, value_1) = earlier[-1], later[0]
    return value_0 + (value_1 - value_0) * Fraction(month - month_0, month_1 - month_0)
