"""What one decision assigned, as its annex lists it, with what follows from the numbers.

The targets are those of the decision, the bases those in force when it takes effect. Sums of parts
and rates of two columns are computed where the decision left them out, and held against it where it
did not: what does not add up is said below the table, not hidden.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Q

from commitments.models import Decision, Indicator, Kind, Target
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from reports.engine.ground import Ground
from reports.engine.rules import half_up
from reports.ready.reading import figures_of

Value = int | Decimal
_GROUPS = ("base", "social", "health")
"""In this order an annex has them; others follow as they stand in the catalogue."""


@dataclass(frozen=True)
class AssignedUnit:
    """One unit of a decision, ``depth`` steps below the one that assigns."""

    unit: Unit
    depth: int
    parent: int | None


@dataclass(frozen=True)
class Difference:
    """Units that do not add up to the one above them: ``together`` of ``count`` against ``own``."""

    unit: Unit
    indicator: Indicator
    own: Value
    together: Value


@dataclass(frozen=True)
class Recomputed:
    """A rate that was assigned, and what its two columns make."""

    unit: Unit
    indicator: Indicator
    assigned: Value
    computed: Value


class Assigned:
    """The targets of a decision for the unit that assigns and for those below it."""

    def __init__(self, decision: Decision, *, ground: Ground | None = None):
        self.decision = decision
        self.ground = ground or Ground()
        self.month = Month.starting_from(decision.effective_on)
        self._targets = {
            (target.unit_id, target.indicator_id): target
            for target in Target.objects.filter(decision=decision).order_by("pk")
        }

    # --- rows --------------------------------------------------------------------------------

    @cached_property
    def units(self) -> list[AssignedUnit]:
        """The unit that assigns, then those below it: in the decision's order, under their parent.

        The first has a row whether or not it has a target of its own.
        """
        keys = dict.fromkeys(unit for unit, _indicator in self._targets)
        top = self.decision.unit_id
        found = {
            unit.pk: unit for unit in Unit.objects.called_in(self.month).filter(pk__in=[*keys, top])
        }
        above = dict(
            Ancestry.objects.in_month(self.month)
            .filter(descendant__in=keys, ancestor__in=keys, depth=1)
            .values_list("descendant", "ancestor")
        )
        below = defaultdict(list)
        for key in keys:
            if key != top:
                below[above.get(key, top)].append(key)
        rows = [AssignedUnit(found[top], 0, None)]
        stack = [(key, 1, top) for key in reversed(below[top])]
        while stack:
            key, depth, parent = stack.pop()
            rows.append(AssignedUnit(found[key], depth, parent))
            stack += [(child, depth + 1, key) for child in reversed(below[key])]
        return rows

    @cached_property
    def has_own(self) -> bool:
        """Whether the whole was assigned anything: else its row is the sum of the units."""
        top = self.decision.unit_id
        return bool(self._passed_on) or any(unit == top for unit, _indicator in self._targets)

    @cached_property
    def _passed_on(self) -> dict[int, Target]:
        """What the unit was itself assigned by the decision that this one passes on."""
        if self.decision.passes_on_id is None:
            return {}
        found = Target.objects.filter(
            decision=self.decision.passes_on_id, unit=self.decision.unit_id
        )
        return {target.indicator_id: target for target in found}

    # --- columns -----------------------------------------------------------------------------

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The columns: bases that rates need, what was assigned, sums that follow; in order."""
        catalogue = self.ground.catalogue
        assigned = {indicator for _unit, indicator in self._targets}
        sums = {
            pk
            for pk, one in catalogue.items()
            if one.kind == Kind.SUM and pk not in assigned and self._follows(pk, assigned)
        }
        known = assigned | sums
        bases = {
            catalogue[pk].denominator_id
            for pk in assigned
            if catalogue[pk].kind == Kind.RATIO and catalogue[pk].numerator_id in known
        } & self.ground.bases
        return sorted((catalogue[pk] for pk in known | bases), key=_position)

    def _follows(self, whole: int, assigned: set[int]) -> bool:
        """Whether every part of a sum was assigned, and some rate is divided from it."""
        parts = self.ground.parts[whole]
        rates = (one for one in self.ground.catalogue.values() if one.pk in assigned)
        return set(parts) <= assigned and any(one.numerator_id == whole for one in rates)

    def parts(self, indicator: Indicator) -> list[Indicator]:
        """The columns a sum is the sum of; none where one of them is not shown."""
        if indicator.kind != Kind.SUM:
            return []
        shown = set(self.indicators)
        parts = [self.ground.catalogue[pk] for pk in self.ground.parts[indicator.pk]]
        return parts if shown.issuperset(parts) else []

    def fraction(self, indicator: Indicator) -> tuple[Indicator, Indicator] | None:
        """The two columns a rate is divided of; None where one of them is not shown."""
        if indicator.kind != Kind.RATIO:
            return None
        both = indicator.numerator, indicator.denominator
        return both if set(both) <= set(self.indicators) else None

    @cached_property
    def assigned_indicators(self) -> list[Indicator]:
        """Those the decision itself has targets for, in the order of the columns."""
        assigned = {indicator for _unit, indicator in self._targets}
        return [one for one in self.indicators if one.pk in assigned]

    def targets_of(self, unit: Unit) -> list[Target]:
        """What the decision assigned to a unit, in the order of the columns."""
        found = (self.target(unit, one) for one in self.assigned_indicators)
        return [target for target in found if target is not None]

    # --- what was assigned before ------------------------------------------------------------

    def before(self, target: Target) -> Target | None:
        """What the unit was assigned until this decision took effect; None if nothing."""
        return self._before.get((target.unit_id, target.indicator_id))

    @cached_property
    def _before(self) -> dict[tuple[int, int], Target]:
        decision = self.decision
        earlier = (
            Target.objects.filter(
                decision__authority=decision.authority,
                decision__year=decision.year,
                unit__in=[row.unit.pk for row in self.units],
            )
            .filter(
                Q(decision__effective_on__lt=decision.effective_on)
                | Q(
                    decision__effective_on=decision.effective_on,
                    decision__issued_on__lt=decision.issued_on,
                )
            )
            .filter(
                Q(decision__withdrawn_on=None) | Q(decision__withdrawn_on__gt=decision.effective_on)
            )
            .order_by("decision__effective_on", "decision__issued_on", "pk")
        )
        return {(target.unit_id, target.indicator_id): target for target in earlier}

    # --- numbers -----------------------------------------------------------------------------

    def target(self, unit: Unit, indicator: Indicator) -> Target | None:
        return self._targets.get((unit.pk, indicator.pk))

    def shown(self, unit: Unit, indicator: Indicator) -> Target | None:
        """The target of a cell: of the whole, where it only passes on, what it was assigned."""
        own = self.target(unit, indicator)
        if own is None and unit.pk == self.decision.unit_id:
            return self._passed_on.get(indicator.pk)
        return own

    def value(self, unit: Unit, indicator: Indicator) -> Value | None:
        """What a cell shows: the target, else the base, else what follows from other columns."""
        is_whole = unit.pk == self.decision.unit_id
        target = self.shown(unit, indicator)
        if target is not None:
            return unscaled(indicator, target.value)
        if indicator.pk in self.ground.bases:
            return self._base.get((unit.pk, indicator.pk))
        if indicator.kind == Kind.SUM:
            return self._sum(self.value(unit, part) for part in self.parts(indicator))
        if is_whole and not self.has_own and indicator.kind != Kind.RATIO:
            # What was assigned to nobody is no part of the sum.
            below = (self.value(row.unit, indicator) for row in self._children(unit.pk))
            return self._sum(value for value in below if value is not None)
        return None

    @cached_property
    def _base(self) -> dict[tuple[int, int], Value]:
        bases = [one for one in self.indicators if one.pk in self.ground.bases]
        if not bases:
            return {}
        figures = figures_of(
            units=[row.unit for row in self.units],
            month=self.month,
            indicators=bases,
            authority=self.decision.authority,
            ground=self.ground,
        )
        return {
            (figure.unit.pk, figure.indicator.pk): figure.value
            for figure in figures
            if figure.value is not None
        }

    @staticmethod
    def _sum(values: Iterable[Value | None]) -> Value | None:
        found = list(values)
        return None if not found or None in found else sum(found)

    # --- what must agree ---------------------------------------------------------------------

    def differences(self) -> list[Difference]:
        """Counts of which the units together do not make what the one above them was assigned."""
        found = []
        for row in self.units:
            children = self._children(row.unit.pk)
            if not children or not (row.depth or self.has_own):
                continue
            for indicator in self.indicators:
                if indicator.kind == Kind.RATIO or indicator.pk in self.ground.bases:
                    continue
                own = self.value(row.unit, indicator)
                parts = [self.value(child.unit, indicator) for child in children]
                if own is None or all(part is None for part in parts):
                    continue
                together = sum(part for part in parts if part is not None)
                if together != own:
                    found.append(Difference(row.unit, indicator, own, together))
        return found

    def recomputed(self, indicator: Indicator) -> list[Recomputed]:
        """Units whose rate is not what its two columns make, to its last digit."""
        both = self.fraction(indicator)
        if both is None:
            return []
        found = []
        for row in self.units:
            assigned = self.value(row.unit, indicator)
            above, below = (self.value(row.unit, one) for one in both)
            if assigned is None or above is None or not below:
                continue
            computed = half_up(Fraction(above) / Fraction(below) * 100, indicator.decimals)
            if abs(computed - assigned) > Decimal(1).scaleb(-indicator.decimals):
                found.append(Recomputed(row.unit, indicator, assigned, computed))
        return found

    def _children(self, parent: int) -> Sequence[AssignedUnit]:
        return [row for row in self.units if row.parent == parent and row.unit.tier != Tier.OFFICE]


def unscaled(indicator: Indicator, value: int) -> Value:
    """A stored number as people read it: 9610 with two decimals is 96.10."""
    return Decimal(value).scaleb(-indicator.decimals) if indicator.decimals else value


def _position(indicator: Indicator) -> tuple:
    group = indicator.group.removesuffix("_group")
    order = _GROUPS.index(group) if group in _GROUPS else len(_GROUPS)
    return order, indicator.position, indicator.code
