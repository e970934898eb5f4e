"""Which way a plan takes from where it starts to the target. Pure functions, scaled values.

Without a path the way is a straight line. A path gives points for the months between the start and
the deadline; between two points the plan is straight again (``reports.engine.rules.plan_to_date``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm

from commitments.models import Operator
from districts.months import Month
from districts.rules import allocate

Path = Sequence[tuple[Month, int]]
"""Points of a path, one month each, in the order of the months."""

YEAR = 12


def start_of(year: int, effective_on: date) -> Month:
    """The month a target's line starts from: the December before, or before it took effect."""
    return max(Month.of(year, 1) - 1, Month.containing(effective_on) - 1)


def months_between(start: Month, deadline: Month) -> list[Month]:
    """The months that a path may name."""
    return [Month(number) for number in range(start + 1, deadline)]


def capped(value: int, target: int, operator: str) -> int:
    """What a point asks for at most: never more than the whole target."""
    return max(value, target) if operator == Operator.AT_MOST else min(value, target)


def path_by_shape(
    *,
    start: Month,
    deadline: Month,
    baseline: int,
    target: int,
    operator: str,
    last_year: Mapping[Month, Fraction],
) -> list[tuple[Month, int]]:
    """The way from ``baseline`` to ``target`` in the months' shares of last year's way.

    ``last_year`` holds what was reached by each month a year earlier, from ``start`` to
    ``deadline``; a month that is not known is left out, and the plan is straight across it. A month
    that fell back asks for no less than the one before. The steps add up to the whole way exactly.
    Empty where last year's way is not known or led nowhere.
    """
    first, last = last_year.get(start - YEAR), last_year.get(deadline - YEAR)
    if first is None or last is None or first == last:
        return []
    months = [month for month in months_between(start, deadline) if (month - YEAR) in last_year]
    shares = [(last_year[month - YEAR] - first) / (last - first) for month in months]
    # Between nothing and all of the way, and never back.
    risen = accumulate((min(max(share, Fraction(0)), Fraction(1)) for share in shares), max)
    steps = [after - before for before, after in pairwise([Fraction(0), *risen, Fraction(1)])]
    whole = lcm(*(step.denominator for step in steps))
    parts = allocate(target - baseline, [int(step * whole) for step in steps])
    values = accumulate(parts[:-1], initial=baseline)
    next(values)
    return [
        (month, capped(value, target, operator))
        for month, value in zip(months, values, strict=True)
    ]


def months_bent(before: Path, after: Path, *, start: Month, deadline: Month) -> list[Month]:
    """The months whose plan may differ between two paths: up to the next points in common."""
    old, new = dict(before), dict(after)
    changed = [month for month in old.keys() | new.keys() if old.get(month) != new.get(month)]
    if not changed:
        return []
    kept = [month for month in old.keys() & new.keys() if old[month] == new[month]]
    first = max((month for month in kept if month < min(changed)), default=start)
    last = min((month for month in kept if month > max(changed)), default=deadline)
    return months_between(first, last)
