"""Which target is in force for a unit, its own or its predecessors', and the line that leads to it.

The target in force is the one from the newest decision of the authority that counts by the end of
the month and was neither withdrawn nor replaced by then; nothing is overwritten. A stock's or a
rate's target that is due in a later year lives on until then, unless that year's decisions assign
anew; a flow is counted from each January, so its target ends with its year.

A unit that was assigned none of its own has, on its map, what its predecessors were assigned,
whatever their tier: mapped or re-issued, never both. Of many predecessors those count that were
assigned one, and the plan says how many of how many. A unit that stood and took others over during
the year has their targets besides its own, until a decision in force from that day or later assigns
it anew.

The line runs from last December's result to the target. Where a decision takes effect during the
year, it bends: what was asked for until then stays asked for. What several units were assigned is
asked for as the sum of what each was asked for, so that their paths survive.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from commitments.models import ENDS, Indicator, Target
from districts.models import Unit
from districts.months import Month

from . import rules
from .ground import Ground
from .matching import is_flow
from .predecessors import Inheritance

Result = Callable[[Unit, Indicator, Month], Fraction | None]
"""What a unit had reached by a month, as a line may start from it; None if that is not known."""


@dataclass(frozen=True)
class Part:
    """What a plan made of several has of one: ``weight`` of whatever ``unit`` is asked for."""

    unit: Unit
    plan: "Plan"
    weight: Fraction


@dataclass(frozen=True)
class Plan:
    """A target as it is in force, unscaled: 96.1 for 96.1 %.

    ``before``: the plan it replaced during the year, where its line bends. ``assigned`` of
    ``predecessors`` were assigned one; both 0 for a target that is all the unit's own.
    ``estimated``: a predecessor's was divided, or its share assumed. ``version`` is that of the
    plan, on the day asked about, of ``decided_by``, the unit that assigned it; ``ends_on``: the
    day from which it no longer counts, its decision being withdrawn or replaced.
    """

    value: Fraction
    operator: str
    deadline: Month
    decision: str
    year: int
    effective_on: date
    path: tuple[tuple[Month, Fraction], ...] = ()
    decided_by: int = 0
    ends_on: date | None = None
    version: int = 1
    estimated: bool = False
    assigned: int = 0
    predecessors: int = 0
    before: "Plan | None" = None
    parts: tuple[Part, ...] = ()

    @property
    def start(self) -> Month:
        """The December whose result the line starts from."""
        return Month(self.year * 12 - 1)

    @property
    def bend(self) -> Month:
        """The last month before it took effect; the December of the start, or later."""
        return max(self.start, Month.containing(self.effective_on) - 1)


class Plans:
    """The targets of one authority for some units, years and indicators, on one map.

    ``reached`` answers for the units, ``reached_before`` and ``weight`` for units that ended before
    the map: what they had reached, and what a rate of theirs is weighed by.
    """

    def __init__(
        self,
        *,
        units: Sequence[Unit],
        indicators: Collection[Indicator],
        years: Collection[int],
        authority: str,
        map_month: Month,
        ground: Ground,
        reached: Result,
        reached_before: Result,
        weight: Callable[[Unit, Indicator, Month], int | None],
    ):
        self._units = {unit.pk: unit for unit in units}
        self._indicators = {indicator.pk: indicator for indicator in indicators}
        self._years, self._authority = years, authority
        self._map_month, self._ground = map_month, ground
        self._reached, self._reached_before, self._weight = reached, reached_before, weight
        self._own = self._read()
        self._found: dict[tuple[int, int, int], Plan | None] = {}

    def of(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The plan in force at the end of ``month``; None if nothing was assigned."""
        key = unit.pk, indicator.pk, month
        if key not in self._found:
            own = self._in_force(unit, indicator, month)
            if own is None:
                self._found[key] = self._recast(unit, indicator, month)
            else:
                if own.bend > own.start:
                    own = replace(own, before=self.of(unit, indicator, own.bend))
                self._found[key] = self._enlarged(own, unit, indicator, month)
        return self._found[key]

    @property
    def starts(self) -> set[Month]:
        """The Decembers that lines of targets from earlier years start from."""
        plans = (plan for plans in self._own.values() for plan in plans)
        return {plan.start for plan in plans if plan.year not in self._years}

    def to_date(
        self, unit: Unit, indicator: Indicator, month: Month, plan: Plan
    ) -> Fraction | None:
        """What ``plan`` asks of ``unit`` by the end of ``month``, never more than the whole target.

        None until the deadline where the result that the line starts from is not known.
        """
        if month >= plan.deadline:
            return plan.value
        if plan.parts:
            asked = [self._part_to_date(unit, part, indicator, month) for part in plan.parts]
            line = None if None in asked else sum(asked)
        else:
            line = self._line(unit, indicator, month, plan)
        return None if line is None else rules.capped(line, plan.value, plan.operator)

    def _line(self, unit: Unit, indicator: Indicator, month: Month, plan: Plan) -> Fraction | None:
        start = plan.start
        # A path that was given for months already past says itself what was to be done in them.
        if plan.before and not any(start < point <= plan.bend for point, _value in plan.path):
            start = plan.bend
            first = self.to_date(unit, indicator, start, plan.before)
        elif self._is_flow(indicator):
            first = Fraction(0)
        else:
            first = self._reached(unit, indicator, start)
        return rules.plan_to_date(
            month=month,
            start=start,
            baseline=first,
            deadline=plan.deadline,
            target=plan.value,
            path=plan.path,
        )

    def _part_to_date(
        self, unit: Unit, part: Part, indicator: Indicator, month: Month
    ) -> Fraction | None:
        holder = self if part.unit == unit else self._earlier
        asked = holder.to_date(part.unit, indicator, month, part.plan)
        return None if asked is None else asked * part.weight

    # --- what was assigned -------------------------------------------------------------------

    def _is_flow(self, indicator: Indicator) -> bool:
        return is_flow(indicator.pk, self._ground)

    def _read(self) -> dict[tuple[int, int], list[Plan]]:
        """(unit, indicator) to what was assigned, oldest decision first."""
        january = Month(min(self._years) * 12)
        targets = (
            Target.objects.with_ends()
            .filter(
                Q(decision__year__in=self._years)
                | Q(decision__year__lt=january.year, deadline__gte=january),
                unit__in=self._units,
                indicator__in=self._indicators,
                decision__authority=self._authority,
            )
            .order_by(
                "decision__effective_on", "decision__issued_on", "decision_id", "pk", "path__month"
            )
            .values_list(
                "pk",
                "unit",
                "indicator",
                "decision__year",
                "decision__effective_on",
                "value",
                "operator",
                "deadline",
                "decision__number",
                "decision__unit",
                *ENDS,
                "path__month",
                "path__value",
            )
        )
        assigned = defaultdict(list)
        for (_pk, unit, indicator, year, effective, *target), points in groupby(
            targets, key=itemgetter(slice(10 + len(ENDS)))
        ):
            value, operator, deadline, number, by, *ends = target
            scale = self._indicators[indicator].scale
            path = tuple(
                (month, Fraction(point, scale)) for *_target, month, point in points if month
            )
            value, end = Fraction(value, scale), min(filter(None, ends), default=None)
            plan = Plan(value, operator, deadline, number, year, effective, path, by, end)
            assigned[unit, indicator].append(plan)
        return assigned

    def _in_force(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The newest of the month's year, else one of an earlier year that is not yet due."""
        plans = [
            plan
            for plan in self._own.get((unit.pk, indicator.pk), ())
            if plan.effective_on <= month.last_day
            and (plan.ends_on is None or month.last_day < plan.ends_on)
            and (
                plan.year == month.year
                or (
                    plan.year < month.year
                    and month <= plan.deadline
                    and not self._is_flow(indicator)
                )
            )
        ]
        if not plans:
            return None
        plan = max(reversed(plans), key=lambda plan: plan.year)
        versions = self._ground.versions(self._authority, plan.year)
        return replace(plan, version=versions.on(plan.decided_by, month.last_day))

    # --- what the predecessors were assigned -------------------------------------------------

    @cached_property
    def _inheritances(self) -> dict[int, list[Inheritance]]:
        """Unit to those it continues on the map, and with what share."""
        return self._ground.inheritances(self._map_month, self._units)

    @property
    def predecessors(self) -> list[Unit]:
        """Whom the units continue on the map, and whom those did."""
        if not self._inheritances:
            return []
        return [*self._earlier._units.values(), *self._earlier.predecessors]

    @cached_property
    def _earlier(self) -> "Plans":
        """The targets of the predecessors."""
        inherited = [one for found in self._inheritances.values() for one in found]
        return Plans(
            units=list({one.predecessor.pk: one.predecessor for one in inherited}.values()),
            indicators=self._indicators.values(),
            years=self._years,
            authority=self._authority,
            map_month=max(one.since for one in inherited) - 1,
            ground=self._ground,
            reached=self._reached_before,
            reached_before=self._reached_before,
            weight=self._weight,
        )

    def _recast(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The predecessors' plans on the unit's own map: counts added, rates weighted."""
        inherited = self._inheritances.get(unit.pk, ())
        plans = self._plans_of(inherited, indicator, month)
        if not plans:
            return None
        # Whoever ended before the year could not be assigned anything in it.
        year = date(month.year, 1, 1)
        those = [one for one in inherited if one in plans or one.effective_on > year]
        stood_itself = any(one.since > unit.since for one in those)
        return self._together(unit, indicator, month, plans, len(those) + stood_itself)

    def _enlarged(self, own: Plan, unit: Unit, indicator: Indicator, month: Month) -> Plan:
        """The own plan with those of the units that ``unit`` took over after it was assigned."""
        taken = [
            one
            for one in self._inheritances.get(unit.pk, ())
            if max(unit.established_on, own.effective_on) < one.effective_on
        ]
        plans = self._plans_of(taken, indicator, month)
        if not plans:
            return own
        # Rates are weighed by the bases from before: afterwards the unit's own holds them all.
        since = min(month, *(one.since - 1 for one in plans))
        return self._together(unit, indicator, since, plans, len(taken) + 1, own) or own

    def _plans_of(
        self, inherited: Collection[Inheritance], indicator: Indicator, month: Month
    ) -> dict[Inheritance, Plan]:
        """What the predecessors were assigned, where they were."""
        found = {one: self._earlier.of(one.predecessor, indicator, month) for one in inherited}
        return {one: plan for one, plan in found.items() if plan is not None}

    def _together(
        self,
        unit: Unit,
        indicator: Indicator,
        month: Month,
        plans: dict[Inheritance, Plan],
        predecessors: int,
        own: Plan | None = None,
    ) -> Plan | None:
        """One plan of many, all of them carried to ``unit``; None without the bases to weigh by."""
        mix = self._rates if indicator.kind == "ratio" else _counts
        found = mix(unit, indicator, month, plans, own)
        if found is None:
            return None
        value, parts = found
        every = [*([own] if own else []), *plans.values()]
        first = every[0]
        together = Plan(
            value=value,
            operator=first.operator,
            deadline=max(plan.deadline for plan in every),
            decision=", ".join(dict.fromkeys(plan.decision for plan in every)),
            year=first.year,
            effective_on=max(plan.effective_on for plan in every),
            version=max(plan.version for plan in every),
            estimated=any(plan.estimated or one.divided for one, plan in plans.items()),
            assigned=len(every),
            predecessors=predecessors,
        )
        # Straight lines of all add up to one from the unit's own December, which is known here.
        straight = len({(plan.start, plan.deadline) for plan in every}) == 1 and not any(
            plan.path or plan.before or plan.parts for plan in every
        )
        if straight and len(every) == predecessors:
            return together
        return replace(together, parts=parts)

    def _rates(
        self,
        unit: Unit,
        indicator: Indicator,
        month: Month,
        plans: dict[Inheritance, Plan],
        own: Plan | None,
    ) -> tuple[Fraction, tuple[Part, ...]] | None:
        """The rates weighed by what each is divided by."""
        weighed = [
            (one.predecessor, plan, self._weight(one.predecessor, indicator, month), one)
            for one, plan in plans.items()
        ]
        values = {plan.value for plan in plans.values()} | ({own.value} if own else set())
        weights = [one.part(unit.pk, weight) for _unit, _plan, weight, one in weighed]
        plans_of = [(predecessor, plan) for predecessor, plan, _weight, _one in weighed]
        if own:
            plans_of.append((unit, own))
            weights.append(self._weight(unit, indicator, month))
        if None in weights or not sum(weights):
            return (values.pop(), ()) if len(values) == 1 else None
        whole = sum(weights)
        parts = tuple(
            Part(holder, plan, Fraction(weight, whole))
            for (holder, plan), weight in zip(plans_of, weights, strict=True)
        )
        average = sum(part.plan.value * part.weight for part in parts)
        return Fraction(rules.half_up(average, indicator.decimals)), parts


def _counts(
    unit: Unit,
    _indicator: Indicator,
    _month: Month,
    plans: dict[Inheritance, Plan],
    own: Plan | None,
) -> tuple[Fraction, tuple[Part, ...]]:
    """The counts added; of a divided one the part that falls to the unit."""
    parts = [Part(unit, own, Fraction(1))] if own else []
    value = own.value if own else Fraction(0)
    for one, plan in plans.items():
        mine = one.part(unit.pk, int(plan.value))
        value += mine
        weight = Fraction(mine) / plan.value if plan.value else one.share_of(unit.pk)
        parts.append(Part(one.predecessor, plan, weight))
    return value, tuple(parts)
