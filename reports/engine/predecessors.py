"""Whom a unit continues, of any tier, and with what share: what targets follow.

Counts follow the lineage, which knows reporting units only; provinces and districts are assigned
targets too.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from districts.models import Succession, Unit
from districts.months import Month
from districts.rules import WHOLE, allocate


@dataclass(frozen=True)
class Inheritance:
    """One unit that ended, and who continued it with which shares (parts per million)."""

    predecessor: Unit
    effective_on: date
    shares: tuple[tuple[int, int], ...]
    divided: bool
    """Whether what one heir has of it rests on a share that divides or is assumed."""

    @property
    def since(self) -> Month:
        """The first month on whose map it has ended."""
        return Month.starting_from(self.effective_on)

    def part(self, heir: int, number: int | None) -> int | None:
        """What ``heir`` has of a number, so that all heirs together have all of it."""
        if number is None:
            return None
        parts = allocate(number, [share for _heir, share in self.shares])
        return sum(
            part for (one, _share), part in zip(self.shares, parts, strict=True) if one == heir
        )

    def share_of(self, heir: int) -> Fraction:
        """The share of ``heir``, of a whole."""
        return Fraction(sum(share for one, share in self.shares if one == heir), WHOLE)


def inheritances(units: Collection[int], map_month: Month) -> dict[int, list[Inheritance]]:
    """Unit to those it continues on the map of a month, in code order."""
    applied = Succession.objects.applied_on(map_month.first_day).filter(share__gt=0)
    mine = applied.filter(successor__in=units)
    rows = (
        applied.filter(predecessor__in=mine.values("predecessor"))
        .select_related("predecessor", "reorganisation")
        .order_by("predecessor__code", "predecessor", "pk")
    )
    by_predecessor: dict[int, list[Succession]] = defaultdict(list)
    for row in rows:
        by_predecessor[row.predecessor_id].append(row)
    found: dict[int, list[Inheritance]] = defaultdict(list)
    for heirs in by_predecessor.values():
        first = heirs[0]
        one = Inheritance(
            predecessor=first.predecessor,
            effective_on=first.reorganisation.effective_on,
            shares=tuple((row.successor_id, row.share) for row in heirs),
            divided=len(heirs) > 1 or any(row.basis == Succession.Basis.ASSUMED for row in heirs),
        )
        for heir in {row.successor_id for row in heirs} & set(units):
            found[heir].append(one)
    return found
