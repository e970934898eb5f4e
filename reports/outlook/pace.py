"""Pace: what is still missing to a target, and how much a month would bring it in time."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.engine.figures import Figure


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


def pace_needed(figure: Figure) -> Pace | None:
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
