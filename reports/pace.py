"""Plan and pace: where a plan stands in a month, and what is still needed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from districts.months import Month

if TYPE_CHECKING:
    from .figures import Figure

Point = tuple[Month, Fraction]


def plan_to_date(
    *,
    month: Month,
    start: Month,
    baseline: Fraction | None,
    deadline: Month,
    target: Fraction,
    path: Sequence[Point] = (),
) -> Fraction | None:
    """What the plan asks for by the end of ``month``; None where no line is known.

    Linear from ``baseline`` at ``start`` (last December) to ``target`` at ``deadline``, through
    the points of ``path`` if one was given with the target. Without a baseline there is no line
    before the first of them, and without a path none until the deadline: nobody knows from where
    the way leads. After the deadline it stays at the target.
    """
    if month >= deadline:
        return target
    points = [] if baseline is None else [(start, baseline)]
    points += [point for point in sorted(path) if start < point[0] < deadline]
    points.append((deadline, target))
    earlier = [point for point in points if point[0] <= month]
    later = [point for point in points if point[0] > month]
    if not earlier:
        return None
    (month_0, value_0), (month_1, value_1) = earlier[-1], later[0]
    return value_0 + (value_1 - value_0) * Fraction(month - month_0, month_1 - month_0)


# --- what is still needed ------------------------------------------------------------------------


@dataclass(frozen=True)
class Pace:
    """What is missing to the target, and how much a month would bring it in time.

    ``missing`` and ``per_month`` are counts, or percentage points of a rate; for a target that
    must not be exceeded they are what has to come off. ``per_month`` is rounded up, so that pace
    times months covers what is missing; None when no month is left.
    """

    missing: int | Decimal
    months_left: int
    per_month: int | Decimal | None


def pace_needed(figure: "Figure") -> Pace | None:
    """The pace that still meets the target; None without a target, or while nothing is compared."""
    if figure.target is None or figure.deadline is None or not figure.is_compared:
        return None
    smallest = Decimal(1).scaleb(-figure.indicator.decimals)
    if figure.operator == "at_most":
        missing = figure.achieved - figure.target
    else:
        missing = figure.target - figure.achieved
        if figure.operator == "more_than":
            missing += type(missing)(smallest)
    missing = max(type(missing)(0), missing)
    months_left = max(0, figure.deadline - figure.month)
    if not missing:
        return Pace(missing, months_left, missing)
    if not months_left:
        return Pace(missing, 0, None)
    steps = math.ceil(Fraction(missing) / months_left / Fraction(smallest))
    return Pace(missing, months_left, type(missing)(steps * smallest))
