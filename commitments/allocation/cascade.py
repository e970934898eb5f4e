"""Whether targets were passed on whole: those of the children held against the unit's own.

Counts are added. Rates are weighed by the people they are measured by, in the month asked about.
The office, which collects what belongs to no district or commune, is assigned nothing and is left
out: what it holds is the difference that remains.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from commitments.allocation.balance import Balance
from commitments.allocation.shares import Share
from commitments.bases import Bases
from commitments.models import Authority, Indicator, Target
from districts.models import Ancestry, Unit
from districts.months import Month

from .places import figure_of


@dataclass(frozen=True)
class Step:
    """One indicator of one unit: its own target, and those of the units directly below it.

    ``target`` None: nothing was assigned to the unit itself. ``children`` are the keys of all that
    stand below it on the day, ``targets`` what was assigned to those that have a target.
    ``balance`` None: none has, or there is nothing to hold them against.
    """

    unit: int
    indicator: Indicator
    target: Target | None
    children: tuple[int, ...]
    targets: Mapping[int, Target]
    balance: Balance | None

    @property
    def is_divided(self) -> bool:
        """Whether any of the children has a target."""
        return bool(self.targets)

    @property
    def undivided(self) -> list[int]:
        """The children that have none."""
        return [child for child in self.children if child not in self.targets]

    @property
    def people(self) -> int | None:
        """Children minus own, in people (of a rate: by how many its mean is off)."""
        return self.balance.people if self.balance else None

    @property
    def is_off(self) -> bool:
        """Whether what the children have does not come to the unit's own, or some have none."""
        return self.balance is not None and not self.balance.is_exact


def cascade(
    *,
    units: Collection[Unit],
    year: int,
    on: date,
    authority: str = Authority.PPC,
    indicators: Collection[Indicator] | None = None,
) -> list[Step]:
    """How the targets in force on a day were passed on below each of ``units``, level by level.

    One step for each indicator that the unit or a child of it has a target of, in the order of the
    units and of the catalogue; units without children give none. A fixed number of queries.
    """
    month = Month.containing(on)
    below = children_of([unit.pk for unit in units], month)
    everybody = {unit.pk for unit in units} | {child for found in below.values() for child in found}
    targets = _in_force(everybody, year, on, authority, indicators)
    catalogue = {one.indicator_id: one.indicator for one in targets.values()}
    rates = [one for one in catalogue.values() if one.kind == "ratio"]
    bases = bases_of(everybody, {one.denominator_id for one in rates}, month) if rates else {}
    order = sorted(catalogue.values(), key=lambda one: (one.position, one.code))
    found = []
    for unit in units:
        children = below.get(unit.pk, ())
        for indicator in order if children else ():
            own = targets.get((unit.pk, indicator.pk))
            theirs = {
                child: targets[child, indicator.pk]
                for child in children
                if (child, indicator.pk) in targets
            }
            if own or theirs:
                balance = _balance(own, theirs, children, indicator, bases)
                found.append(Step(unit.pk, indicator, own, children, theirs, balance))
    return found


def children_of(units: Collection[int], month: Month) -> dict[int, tuple[int, ...]]:
    """Unit to the districts or communes directly below it in a month, in code order."""
    rows = (
        Ancestry.objects.in_month(month)
        .filter(ancestor__in=units, depth=1)
        .exclude(descendant__tier="office")
        .order_by("descendant__code", "descendant")
        .values_list("ancestor", "descendant")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for above, child in rows:
        found[above].append(child)
    return {above: tuple(children) for above, children in found.items()}


def bases_of(
    units: Collection[int], indicators: Collection[int], month: Month
) -> dict[tuple[int, int], int]:
    """(unit, base) to the people of it in a month: of all that reports at or below the unit.

    Left out where it is not known of every unit below that reports at the base's tier.
    """
    wanted = dict(
        Indicator.objects.filter(pk__in=indicators, frequency=Indicator.Frequency.YEARLY)
        .order_by()
        .values_list("pk", "entered_at")
    )
    rows = list(
        Ancestry.objects.in_month(month)
        .filter(ancestor__in=units)
        .exclude(descendant__reports_at="")
        .values_list("ancestor", "descendant", "descendant__reports_at")
    )
    if not wanted or not rows:
        return {}
    leaves = {leaf for _unit, leaf, _tier in rows}
    bases = Bases(leaves, until=month, indicators=wanted.keys())
    found: dict[tuple[int, int], int] = defaultdict(int)
    unknown = set()
    for unit, leaf, tier in rows:
        for indicator, entered_at in wanted.items():
            if tier != entered_at:
                continue
            base = bases.at(leaf, indicator, month)
            if base is None:
                unknown.add((unit, indicator))
            else:
                found[unit, indicator] += base.number
    return {key: number for key, number in found.items() if key not in unknown}


def _in_force(
    units: Collection[int],
    year: int,
    on: date,
    authority: str,
    indicators: Iterable[Indicator] | None,
) -> dict[tuple[int, int], Target]:
    """(unit, indicator) to the last target that counts on the day."""
    rows = Target.objects.in_force(year=year, on=on, authority=authority).filter(unit__in=units)
    if indicators is not None:
        rows = rows.filter(indicator__in=indicators)
    rows = rows.select_related("decision", "indicator__numerator")
    return {(row.unit_id, row.indicator_id): row for row in rows}


def _balance(
    own: Target | None,
    theirs: Mapping[int, Target],
    children: tuple[int, ...],
    indicator: Indicator,
    bases: Mapping[tuple[int, int], int],
) -> Balance | None:
    if own is None or not theirs:
        return None
    rows = [
        Share(
            child,
            theirs[child].value if child in theirs else None,
            base=bases.get((child, indicator.denominator_id)),
        )
        for child in children
    ]
    return figure_of(own, indicator).balance(rows)
