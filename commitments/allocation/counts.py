"""Methods of dividing a count. Every one gives the assigned figure to the person, or is refused."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from .shares import CannotDivide, Share, largest_remainder

Weight = Callable[[Share], int | None]


def divide(method: str, total: int, rows: Sequence[Share]) -> dict[int, int]:
    """Unit to its new value, for the unlocked rows that ``method`` knows a weight of.

    Locked rows keep theirs. A row without a weight (no base, no result) keeps what it has, which
    counts as given; a weight of zero gets zero. With what is kept the parts add up to ``total``.
    Raises CannotDivide where no row has weight, or what is kept is more than ``total``.
    """
    weigh = _WEIGHTS[method]
    rows = list(rows)
    taken = [row for row in rows if not row.locked and weigh(row) is not None]
    units = {row.unit for row in taken}
    rest = total - sum(row.value or 0 for row in rows if row.unit not in units)
    weights = [weigh(row) for row in taken]
    if not sum(weights):
        raise _nothing_to_divide_by()
    if rest < 0:
        raise _kept_is_more(-rest)
    parts = _grown(rest, taken) if method == "growth" else largest_remainder(rest, weights)
    return {row.unit: part for row, part in zip(taken, parts, strict=True)}


def _grown(total: int, rows: Sequence[Share]) -> list[int]:
    """Last year's result and a part of the growth, which is divided by base, equally without one.

    So coverage rises by as much everywhere. A figure below last year's is divided by the results:
    nobody is asked for less than nothing.
    """
    last = [row.last for row in rows]
    growth = total - sum(last)
    if growth < 0:
        return largest_remainder(total, last) if sum(last) else last
    bases = [row.base for row in rows]
    known = None not in bases and sum(bases)
    more = largest_remainder(growth, bases if known else [1] * len(rows))
    return [before + part for before, part in zip(last, more, strict=True)]


def fill(total: int, rows: Sequence[Share]) -> dict[int, int]:
    """What is left over is given to the unlocked rows; what was given too much is taken from them.

    Blank rows get it first, for they are not decided; otherwise it goes on top of what stands, by
    base (equally where one is not known). Too much is taken in proportion to what stands. Raises
    CannotDivide where there is no unlocked row, or the locked ones alone are more than ``total``.
    """
    left = total - sum(row.value or 0 for row in rows)
    free = [row for row in rows if not row.locked]
    if not left and all(row.value is not None for row in free):
        return {}
    if not free:
        raise _nothing_to_divide_by()
    if left < 0:
        standing = [row.value or 0 for row in free]
        if sum(standing) < -left:
            raise _kept_is_more(-left - sum(standing))
        parts = largest_remainder(-left, standing)
        return {row.unit: (row.value or 0) - part for row, part in zip(free, parts, strict=True)}
    free = [row for row in free if row.value is None] or free
    bases = [row.base for row in free]
    weights = bases if None not in bases and sum(bases) else [1] * len(free)
    parts = largest_remainder(left, weights)
    return {row.unit: (row.value or 0) + part for row, part in zip(free, parts, strict=True)}


_WEIGHTS: Mapping[str, Weight] = {
    "population": lambda row: row.base,
    "last_result": lambda row: row.last,
    # Nobody is left out for having begun with nothing.
    "growth": lambda row: None if row.last is None else row.last + (row.base or 1),
    "last_share": lambda row: row.last_target,
    "equal": lambda row: 1,
}


def _nothing_to_divide_by() -> CannotDivide:
    return CannotDivide.because(
        "nothing_to_divide_by",
        _(
            "There is nothing to divide by: every unit is locked, or the number this method needs "
            "is not known of any. Unlock some, or choose another method."
        ),
    )


def _kept_is_more(by: int) -> CannotDivide:
    return CannotDivide.because(
        "kept_is_more",
        _(
            "What is locked or kept is already %(by)s more than the target. Unlock or lower some "
            "of it."
        )
        % {"by": by},
        read=str(by),
    )
