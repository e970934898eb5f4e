"""What successors take over of targets: counts divided to the person, rates weighed. Pure.

Values are scaled by the indicator's decimals, shares are integer parts per million. A divided unit
is divided as its counts are (``districts.rules.allocate``), so that what is proposed is what every
report measured the successor against before anybody decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from districts.rules import allocate


@dataclass(frozen=True)
class Part:
    """What one unit was assigned on its last day, and who continues it with which shares.

    ``value`` is None where nothing was assigned. ``weight`` is what a rate of it is divided by.
    """

    unit: int
    heirs: tuple[tuple[int, int], ...]
    value: int | None = None
    weight: int | None = None


@dataclass(frozen=True)
class Proposed:
    """What one successor would be assigned. ``value`` is None where it cannot be said.

    ``of`` are those it is made of, ``missing`` those it continues that were assigned nothing,
    ``divided`` those of which it has only a part. ``weight`` is what a rate of it is weighed by.
    """

    value: int | None
    of: tuple[int, ...]
    missing: tuple[int, ...] = ()
    divided: frozenset[int] = frozenset()
    weight: int | None = None


def counts(parts: Sequence[Part]) -> dict[int, Proposed]:
    """Successor to the sum of what it takes over; all successors together have all of it."""
    taken: dict[int, dict[int, int]] = {heir: {} for heir in _heirs(parts)}
    for part in parts:
        if part.value is not None:
            for heir, mine in divided(part.value, part.heirs).items():
                taken[heir][part.unit] = mine
    return {
        heir: _proposed(heir, sum(mine.values()) if mine else None, tuple(mine), parts)
        for heir, mine in taken.items()
    }


def rates(parts: Sequence[Part]) -> dict[int, Proposed]:
    """Successor to the mean of the rates, weighed by what each is divided by, at the last digit.

    The mean is exact before it is rounded, half-up. Without every base it is known only where all
    rates are the same; otherwise the value is None.
    """
    held: dict[int, list[tuple[Part, int | None]]] = {heir: [] for heir in _heirs(parts)}
    for part in parts:
        if part.value is not None:
            weights = (
                dict.fromkeys(dict(part.heirs))
                if part.weight is None
                else divided(part.weight, part.heirs)
            )
            for heir, weight in weights.items():
                held[heir].append((part, weight))
    found = {}
    for heir, those in held.items():
        weights = [weight for _part, weight in those]
        whole = None if None in weights else sum(weights)
        values = [part.value for part, _weight in those]
        if whole:
            value = mean(list(zip(values, weights, strict=True)))
        else:
            value = values[0] if len(set(values)) == 1 else None
        of = tuple(part.unit for part, _weight in those)
        found[heir] = _proposed(heir, value, of, parts, whole)
    return found


def divided(total: int, heirs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Heir to its part of a number, by shares; the parts add up to the number."""
    parts = allocate(total, [share for _heir, share in heirs])
    return {heir: part for (heir, share), part in zip(heirs, parts, strict=True) if share}


def mean(weighed: Sequence[tuple[int, int]]) -> int:
    """The mean of (value, weight), exact and then rounded half-up to a whole scaled value."""
    whole = sum(weight for _value, weight in weighed)
    exact = Fraction(sum(value * weight for value, weight in weighed), whole)
    return floor(exact + Fraction(1, 2))


def split(total: int, weights: Mapping[int, int | None]) -> dict[int, int] | None:
    """What one unit was assigned over those below it; None where the weights are not known."""
    if None in weights.values() or not sum(weights.values()):
        return None
    parts = allocate(total, list(weights.values()))
    return dict(zip(weights, parts, strict=True))


def difference(
    proposed: Mapping[int, Proposed], accepted: Mapping[int, int | None], *, is_rate: bool
) -> int | None:
    """By how much the accepted values are off what was assigned before: of counts the sum, of
    rates the weighted mean. None where rates cannot be weighed.
    """
    if not is_rate:
        return sum((accepted.get(heir) or 0) - (one.value or 0) for heir, one in proposed.items())
    known = {heir: one for heir, one in proposed.items() if one.value is not None}
    kept = {heir: one for heir, one in known.items() if accepted.get(heir) is not None}
    if not sum(one.weight or 0 for one in kept.values()) or any(
        one.weight is None for one in kept.values()
    ):
        return None
    after = mean([(accepted[heir], one.weight) for heir, one in kept.items()])
    return after - mean([(one.value, one.weight) for one in kept.values()])


def _heirs(parts: Sequence[Part]) -> list[int]:
    return list(dict.fromkeys(heir for part in parts for heir, share in part.heirs if share))


def _proposed(
    heir: int,
    value: int | None,
    of: tuple[int, ...],
    parts: Sequence[Part],
    weight: int | None = None,
) -> Proposed:
    mine = [part for part in parts if any(one == heir and share for one, share in part.heirs)]
    return Proposed(
        value=value,
        of=of,
        missing=tuple(part.unit for part in mine if part.value is None),
        divided=frozenset(
            part.unit for part in mine if sum(1 for _heir, share in part.heirs if share) > 1
        ),
        weight=weight,
    )
