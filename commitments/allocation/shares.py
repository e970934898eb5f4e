"""The rows of a table that divides a figure; dividing whole numbers by the largest remainder."""

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.rules import Refused


class CannotDivide(Refused):
    """The figure cannot be divided in this way; the fault says why and what to do."""


@dataclass(frozen=True)
class Share:
    """One unit's row. None is not known or not yet decided, never zero.

    ``value`` and ``last_target`` are scaled as targets are; ``last`` is last year's result, scaled
    too; ``base`` the people the indicator is measured by (population, labour force, pupils).
    """

    unit: int
    value: int | None = None
    locked: bool = False
    base: int | None = None
    last: int | None = None
    last_target: int | None = None


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of ``total`` in proportion to ``weights``: each its quota rounded down, and what
    is left over one by one to the largest remainders.

    Exact: no fraction is rounded. Of equal remainders whoever is named first is served first. A
    weight of zero gets nothing. Negative totals mirror. Raises ValueError where nothing has weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"cannot divide by weights {list(weights)}")
    if total < 0:
        return [-part for part in largest_remainder(-total, weights)]
    parts, remainders = zip(*(divmod(total * weight, whole) for weight in weights), strict=True)
    found = list(parts)
    order = sorted(range(len(weights)), key=lambda at: (-remainders[at], at))
    for at in order[: total - sum(parts)]:
        found[at] += 1
    return found
