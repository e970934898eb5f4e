"""Which target is in force for a unit: its own, or what its predecessors were assigned.

The target in force is the one from the newest decision of the authority that counts by the end of
the month; nothing is overwritten. A unit that was assigned none of its own has, on its map, what
its predecessors were assigned in the same year, marked estimated: mapped or re-issued, never both.
A unit that stood and took others over during the year has their targets besides its own, until a
decision in force from that day or later assigns it anew.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from commitments.models import Indicator, Target
from districts.models import Unit
from districts.months import Month

from . import rules
from .quantities import Quantities


@dataclass(frozen=True)
class Plan:
    """A target as it is in force, unscaled: 96.1 for 96.1 %."""

    value: Fraction
    operator: str
    deadline: Month
    decision: str
    path: tuple[tuple[Month, Fraction], ...] = ()
    estimated: bool = False
    effective_on: date = date.min


class Plans:
    """The targets of one authority for some units, years and indicators."""

    def __init__(
        self,
        *,
        units: Sequence[Unit],
        indicators: Collection[Indicator],
        years: Collection[int],
        authority: str,
        quantities: Quantities,
    ):
        self._indicators = {indicator.pk: indicator for indicator in indicators}
        self._years, self._authority = years, authority
        self._quantities = quantities
        self._own = self._read([unit.pk for unit in units])
        self._inherited: dict | None = None
        self._ended: dict[int, date] = {}

    def of(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The plan in force at the end of ``month``; None if nothing was assigned."""
        own = self._in_force(self._own, unit.pk, indicator.pk, month)
        if own is None:
            return self._recast(unit, indicator, month)
        return self._enlarged(own, unit, indicator, month)

    def _read(self, units: Collection[int]) -> dict[tuple[int, int, int], list[Plan]]:
        """(unit, indicator, year) to what was assigned, oldest decision first."""
        targets = (
            Target.objects.filter(
                unit__in=units,
                indicator__in=self._indicators,
                decision__authority=self._authority,
                decision__year__in=self._years,
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
                "path__month",
                "path__value",
            )
        )
        assigned = defaultdict(list)
        for (_pk, unit, indicator, year, effective, *target), points in groupby(
            targets, key=itemgetter(slice(9))
        ):
            value, operator, deadline, number = target
            scale = self._indicators[indicator].scale
            path = tuple(
                (month, Fraction(point, scale)) for *_target, month, point in points if month
            )
            plan = Plan(Fraction(value, scale), operator, deadline, number, path, False, effective)
            assigned[unit, indicator, year].append(plan)
        return assigned

    @staticmethod
    def _in_force(assigned: dict, unit: int, indicator: int, month: Month) -> Plan | None:
        plans = [
            plan
            for plan in assigned.get((unit, indicator, month.year), ())
            if plan.effective_on <= month.last_day
        ]
        return plans[-1] if plans else None

    # --- what the predecessors were assigned -------------------------------------------------

    def _recast(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The predecessors' plans on the unit's own map: counts added, rates weighted."""
        origins = self._origins(unit)
        if not origins:
            return None
        self._read_inherited()
        plans = {
            origin: self._in_force(self._inherited, origin, indicator.pk, month)
            for origin in origins
        }
        if None in plans.values():
            return None
        return self._together(unit, indicator, month, plans)

    def _enlarged(self, own: Plan, unit: Unit, indicator: Indicator, month: Month) -> Plan:
        """The own plan with those of the units that ``unit`` took over after it was assigned."""
        origins = self._origins(unit)
        if not origins:
            return own
        self._read_inherited()
        plans, since = {unit.pk: own}, month
        for origin in origins:
            plan = self._in_force(self._inherited, origin, indicator.pk, month)
            ended = self._ended[origin]
            if plan and max(unit.established_on, own.effective_on) < ended:
                plans[origin] = plan
                since = min(since, Month.starting_from(ended) - 1)
        # Rates are weighed by the bases from before: afterwards the unit's own holds them all.
        if len(plans) == 1:
            return own
        return self._together(unit, indicator, since, plans) or own

    def _origins(self, unit: Unit) -> list[int]:
        """Whose targets a reporting unit has besides or instead of its own."""
        return self._quantities.origins(unit.pk) if unit.reports_at else []

    def _read_inherited(self) -> None:
        if self._inherited is None:
            origins = self._quantities.all_origins()
            self._inherited = self._read(origins)
            ended = Unit.objects.filter(pk__in=origins).values_list("pk", "abolished_on")
            self._ended = dict(ended)

    def _together(
        self, unit: Unit, indicator: Indicator, month: Month, plans: dict[int, Plan]
    ) -> Plan | None:
        """One plan of many, all of them carried to ``unit``; None without the bases to weigh by."""
        value = self._value_of(unit, indicator, month, plans)
        if value is None:
            return None
        first = next(iter(plans.values()))
        numbers = dict.fromkeys(plan.decision for plan in plans.values())
        deadline = max(plan.deadline for plan in plans.values())
        return Plan(value, first.operator, deadline, ", ".join(numbers), (), True)

    def _value_of(
        self, unit: Unit, indicator: Indicator, month: Month, plans: dict[int, Plan]
    ) -> Fraction | None:
        if indicator.kind != "ratio":
            return Fraction(
                sum(
                    self._quantities.part(origin, unit.pk, int(plan.value))
                    for origin, plan in plans.items()
                )
            )
        if len({plan.value for plan in plans.values()}) == 1:
            return next(iter(plans.values())).value
        weights = []
        for origin, plan in plans.items():
            weight = self._quantities.base_of(origin, indicator.denominator_id, month)
            if weight is None:
                return None
            weights.append((plan.value, self._quantities.part(origin, unit.pk, weight)))
        average = rules.weighted(weights)
        return average and Fraction(rules.half_up(average, indicator.decimals))
