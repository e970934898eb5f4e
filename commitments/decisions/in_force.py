"""Which targets are in force on a day, and what those of the units directly below come to.

Counts are added. Rates are weighed by what they are divided by, as it holds in the month of the
day; exact until they are rounded to the indicator's decimals. The province's own office is left
out: nothing is assigned to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from commitments.allocation.cascade import bases_of, children_of
from commitments.models import Indicator, Kind, Target
from districts.models import Unit
from districts.months import Month

from .versions import Versions

Key = tuple[int, int]
"""A unit and an indicator."""


@dataclass(frozen=True)
class TargetInForce:
    """A target with the version of the plan it belongs to, and the children's beside it (scaled).

    ``children`` is None where no child has one, or a rate cannot be weighed.
    """

    unit: Unit
    target: Target
    version: int
    children: int | None

    @property
    def difference(self) -> int | None:
        """Children minus own: what was assigned too much, or is missing if it is negative."""
        return None if self.children is None else self.children - self.target.value

    def unscaled(self, value: int | None) -> int | Decimal | None:
        decimals = self.target.indicator.decimals
        return Decimal(value).scaleb(-decimals) if decimals and value is not None else value


def latest_in_force(
    units: Collection[int], *, year: int, on: date, authority: str
) -> dict[Key, Target]:
    """(unit, indicator) to the target of the newest decision that counts on a day."""
    rows = Target.objects.in_force(year=year, on=on, authority=authority).filter(unit__in=units)
    return {(row.unit_id, row.indicator_id): row for row in rows.select_related("decision")}


def targets_in_force(
    units: Sequence[Unit], *, year: int, on: date, authority: str
) -> list[TargetInForce]:
    """The targets of ``units`` on a day, unit by unit and in the order of the catalogue.

    A fixed number of queries, however many units there are.
    """
    month = Month.containing(on)
    below = children_of([unit.pk for unit in units], month)
    everybody = {unit.pk for unit in units}.union(*below.values())
    targets = latest_in_force(everybody, year=year, on=on, authority=authority)
    catalogue = Indicator.objects.in_bulk({indicator for _unit, indicator in targets})
    for target in targets.values():
        target.indicator = catalogue[target.indicator_id]
    rates = {one.denominator_id for one in catalogue.values() if one.kind == Kind.RATIO}
    weights = bases_of(everybody, rates, month) if rates else {}
    versions = Versions(authority, year, {target.decision.unit_id for target in targets.values()})
    order = sorted(catalogue.values(), key=lambda one: (one.position, one.code))
    return [
        TargetInForce(
            unit,
            target,
            versions.on(target.decision.unit_id, on),
            _together(indicator, below.get(unit.pk, ()), targets, weights),
        )
        for unit in units
        for indicator in order
        if (target := targets.get((unit.pk, indicator.pk)))
    ]


def _together(
    indicator: Indicator,
    children: Collection[int],
    targets: Mapping[Key, Target],
    weights: Mapping[Key, int],
) -> int | None:
    """What the children have together (scaled); None where none has one, or weights are missing."""
    found = {
        child: targets[child, indicator.pk].value
        for child in children
        if (child, indicator.pk) in targets
    }
    if not found:
        return None
    if indicator.kind != Kind.RATIO:
        return sum(found.values())
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    weighed = [
        (value, weights.get((child, indicator.denominator_id))) for child, value in found.items()
    ]
    if any(weight is None for _value, weight in weighed):
        return None
    whole = sum(weight for _value, weight in weighed)
    if not whole:
        return None
    mean = Fraction(sum(value * weight for value, weight in weighed), whole)
    return int(mean + Fraction(1, 2))
