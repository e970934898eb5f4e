"""Which target is in force for a unit: its own, or what its predecessors were assigned.

The target in force is the one from the newest decision of the authority that counts by the end of
the month; nothing is overwritten. A unit that was assigned none of its own has, on its map, what
its predecessors were assigned in the same year, marked estimated: mapped or re-issued, never both.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from commitments.models import Indicator, PathPoint, Target
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

    def of(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The plan in force at the end of ``month``; None if nothing was assigned."""
        own = self._in_force(self._own, unit.pk, indicator.pk, month)
        return own or self._recast(unit, indicator, month)

    def _read(self, units: Collection[int]) -> dict[tuple[int, int, int], list[tuple[date, Plan]]]:
        """(unit, indicator, year) to what was assigned, oldest decision first."""
        targets = list(
            Target.objects.filter(
                unit__in=units,
                indicator__in=self._indicators,
                decision__authority=self._authority,
                decision__year__in=self._years,
            )
            .order_by("decision__effective_on", "decision__issued_on", "decision_id")
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
            )
        )
        paths = defaultdict(list)
        points = PathPoint.objects.filter(target__in=[pk for pk, *_rest in targets])
        for target, month, value in points.values_list("target", "month", "value"):
            paths[target].append((month, value))
        assigned = defaultdict(list)
        for pk, unit, indicator, year, effective, value, operator, deadline, number in targets:
            scale = self._indicators[indicator].scale
            path = tuple((month, Fraction(point, scale)) for month, point in paths[pk])
            plan = Plan(Fraction(value, scale), operator, deadline, number, path)
            assigned[unit, indicator, year].append((effective, plan))
        return assigned

    @staticmethod
    def _in_force(assigned: dict, unit: int, indicator: int, month: Month) -> Plan | None:
        plans = [
            plan
            for effective, plan in assigned.get((unit, indicator, month.year), ())
            if effective <= month.last_day
        ]
        return plans[-1] if plans else None

    # --- what the predecessors were assigned -------------------------------------------------

    def _recast(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        """The predecessors' plans on the unit's own map: counts added, rates weighted."""
        origins = self._quantities.origins(unit.pk)
        if unit.reports_at == "" or not origins:
            return None
        if self._inherited is None:
            self._inherited = self._read(self._quantities.all_origins())
        plans = {
            origin: self._in_force(self._inherited, origin, indicator.pk, month)
            for origin in origins
        }
        if None in plans.values():
            return None
        value = self._together(unit, indicator, month, plans)
        if value is None:
            return None
        first = next(iter(plans.values()))
        numbers = dict.fromkeys(plan.decision for plan in plans.values())
        deadline = max(plan.deadline for plan in plans.values())
        return Plan(value, first.operator, deadline, ", ".join(numbers), (), True)

    def _together(
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
