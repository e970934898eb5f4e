"""Methods of dividing a rate: each unit gets a rate, and their weighted mean is the assigned one.

Rates are scaled integers (96.1 % with two decimals is 9610), weighed by the people the rate is
measured by. The mean is an exact fraction; nothing is rounded before the last step.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from .shares import CannotDivide, Share


class Divided(NamedTuple):
    """The rates found, and whether their weighted mean, rounded, is the assigned rate."""

    values: dict[int, int]
    exact: bool


def weighted_mean(rows: Sequence[Share]) -> Fraction | None:
    """The rate that the decided rows come to together, scaled; None where none is weighed."""
    weighed = [row for row in rows if row.value is not None and row.base]
    whole = sum(row.base for row in weighed)
    return Fraction(sum(row.value * row.base for row in weighed), whole) if whole else None


def rounded(value: Fraction) -> int:
    """Half up, as rates are published."""
    return int((2 * value.numerator + value.denominator) // (2 * value.denominator))


def divide(method: str, target: int, rows: Sequence[Share], *, most: int) -> Divided:
    """Rates for the unlocked rows, from ``method``'s starting points; ``most`` is 100 %, scaled.

    ``equal`` starts from nothing, ``last_result`` and ``last_share`` raise last year's rates or
    targets by the same factor, ``growth`` raises last year's rates by the same number of points.
    Rows whose starting point or base is not known keep what they have.
    """
    if method == "population":
        raise CannotDivide.because(
            "not_for_rates",
            _("A rate is not divided by population: it is weighed by it. Choose another method."),
        )
    starts = {
        row.unit: start
        for row in rows
        if not row.locked and row.base and (start := _start(method, row)) is not None
    }
    return _level(target, rows, starts, most, by_factor=method in ("last_result", "last_share"))


def fill(target: int, rows: Sequence[Share], *, most: int) -> Divided:
    """Blank unlocked rows get the rate that is still needed; without blanks all unlocked are raised
    or lowered by the same number of points.
    """
    free = [row for row in rows if not row.locked and row.base]
    blank = [row for row in free if row.value is None] or free
    return _level(target, rows, {row.unit: row.value or 0 for row in blank}, most, by_factor=False)


def _start(method: str, row: Share) -> int | None:
    known: Mapping[str, int | None] = {
        "equal": 0,
        "last_result": row.last,
        "growth": row.last,
        "last_share": row.last_target,
    }
    return known[method]


def _level(
    target: int, rows: Sequence[Share], starts: Mapping[int, int], most: int, *, by_factor: bool
) -> Divided:
    """Move the rows that have a start until the mean is ``target``, between 0 and ``most``."""
    moved = [row for row in rows if row.unit in starts]
    if not moved:
        raise CannotDivide.because(
            "nothing_to_divide_by",
            _(
                "There is nothing to divide by: every unit is locked, or the number this method "
                "needs is not known of any. Unlock some, or choose another method."
            ),
        )
    kept = [row for row in rows if row.unit not in starts and row.value is not None and row.base]
    whole = sum(row.base for row in (*moved, *kept))
    needed = target * whole - sum(row.value * row.base for row in kept)
    exact = _moved_to(needed, moved, starts, most, by_factor)
    values = _whole_digits(needed, moved, exact)
    reached = sum(values[row.unit] * row.base for row in moved)
    mean = Fraction(reached + target * whole - needed, whole)
    return Divided(values, rounded(mean) == target)


def _moved_to(
    needed: int, rows: Sequence[Share], starts: Mapping[int, int], most: int, by_factor: bool
) -> dict[int, Fraction]:
    """Exact rates that come to ``needed``, as near as the bounds allow.

    Who reaches a bound stays there, and the others move further: at most once for each row.
    """
    found = {row.unit: Fraction(starts[row.unit]) for row in rows}
    free = list(rows)
    while free:
        weight = sum(row.base for row in free)
        here = sum(starts[row.unit] * row.base for row in free)
        moving = {row.unit for row in free}
        fixed = sum(found[row.unit] * row.base for row in rows if row.unit not in moving)
        if by_factor and here:
            factor = Fraction(needed - fixed) / here
            wanted = {row.unit: starts[row.unit] * factor for row in free}
        else:
            points = Fraction(needed - fixed - here) / weight
            wanted = {row.unit: starts[row.unit] + points for row in free}
        found |= {one: min(max(rate, Fraction(0)), Fraction(most)) for one, rate in wanted.items()}
        over = [row for row in free if wanted[row.unit] > most]
        under = [row for row in free if wanted[row.unit] < 0]
        bound = {row.unit for row in over or under}
        if not bound:
            break
        free = [row for row in free if row.unit not in bound]
    return found


def _whole_digits(
    needed: int, rows: Sequence[Share], exact: Mapping[int, Fraction]
) -> dict[int, int]:
    """Each exact rate rounded down or up so that together they stay nearest to ``needed``.

    The heaviest first: what their rounding lacks the lighter ones make good, so the mean is off by
    half a digit of the lightest at most, not of the heaviest.
    """
    values, error = {}, Fraction(0)
    for row in sorted(rows, key=lambda row: -row.base):
        rate = exact[row.unit]
        low = rate.numerator // rate.denominator
        options = (low,) if low == rate else (low, low + 1)
        values[row.unit] = min(options, key=lambda option: abs(error + (option - rate) * row.base))
        error += (values[row.unit] - rate) * row.base
    return {row.unit: values[row.unit] for row in rows}
