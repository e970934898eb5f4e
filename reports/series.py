"""The numbers of some units over some months on one map: exact, as planned, how far covered.

What figures and trajectories are made of. Quantities and plans are read once, in few queries; every
question after that is answered from memory.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from weakref import proxy

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month

from . import rules
from .ground import Ground
from .pace import plan_to_date
from .plans import Plan, Plans
from .quantities import Quantities


class Series:
    """Quantities and plans for some units and indicators over some months.

    Plans are also read for ``years``.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        months: Sequence[Month],
        map_month: Month,
        indicators: Sequence[Indicator],
        authority: str,
        years: Collection[int] = (),
        ground: Ground | None = None,
    ):
        ground = ground or Ground()
        self.catalogue, self.parts, self.bases = ground.catalogue, ground.parts, ground.bases
        self.map_month = map_month
        decembers = {month.last_december for month in months}
        stock_months = set(months) | decembers
        flow_months = {day for month in months for day in month.year_to_date()}
        flow_months |= {day for month in decembers for day in month.year_to_date()}
        self.quantities = Quantities(
            nodes=units,
            map_month=map_month,
            indicators=self._closure(indicators),
            months=stock_months,
            flow_months=flow_months,
            ground=ground,
        )
        self.plans = Plans(
            units=units,
            indicators=indicators,
            years={month.year for month in months} | set(years),
            authority=authority,
            quantities=self.quantities,
        )
        # The same parts are asked for again and again: by sums, ratios, plans and coverage.
        # Through a proxy, for a cycle would hold all that was read until the next full collection.
        me = proxy(self)
        self.plan = self.plans.of
        self.count = cache(partial(Series._count, me))
        self.exact = cache(partial(Series._exact, me))
        self.coverage = cache(partial(Series._coverage, me))
        self.provisional = cache(partial(Series._provisional, me))

    def _closure(self, indicators: Sequence[Indicator]) -> list[Indicator]:
        """With everything the computed ones are computed from."""
        wanted: dict[int, Indicator] = {}
        waiting = [indicator.pk for indicator in indicators]
        while waiting:
            indicator = self.catalogue[waiting.pop()]
            if indicator.pk not in wanted:
                wanted[indicator.pk] = indicator
                waiting += self.parts[indicator.pk]
                waiting += filter(None, (indicator.numerator_id, indicator.denominator_id))
        return list(wanted.values())

    # --- numbers -----------------------------------------------------------------------------

    def _count(
        self, node: int, pk: int, month: Month, column: str = "approved", span: bool = False
    ) -> int | None:
        """A count of ``node`` in ``month``; with ``span`` a flow runs from January."""
        indicator = self.catalogue[pk]
        if indicator.kind == "sum":
            parts = [self.count(node, part, month, column, span) for part in self.parts[pk]]
            return None if None in parts or not parts else sum(parts)
        if pk in self.bases:
            base_column = "approved" if column == "approved" else "value"
            bases = self.quantities.base(month, node, pk, base_column)
            return bases.number if bases.units else None
        if not (span and indicator.kind == "flow"):
            return getattr(self.quantities.cell(month, node, pk), column)
        months = (self.count(node, pk, day, column) for day in month.year_to_date())
        numbers = [number for number in months if number is not None]
        return sum(numbers) if numbers else None

    def _exact(self, node: int, pk: int, month: Month, column: str = "approved") -> Fraction | None:
        """What a target is held against: a stock, a flow since January, a ratio in percent."""
        indicator = self.catalogue[pk]
        if indicator.kind == "ratio":
            numerator = self.count(node, indicator.numerator_id, month, column, True)
            whole = self.denominator(node, indicator, month, column)
            return rules.share(numerator and numerator * 100, whole)
        number = self.count(node, pk, month, column, True)
        return None if number is None else Fraction(number)

    def denominator(
        self, node: int, indicator: Indicator, month: Month, column: str = "approved"
    ) -> int | None:
        """What a ratio is divided by; None where it is not known for all that is divided.

        A stock over a flow takes the whole year so far; a base must be known for every unit that
        the numerator counts, or the rate would be too high.
        """
        below = self.catalogue[indicator.denominator_id]
        above = self.catalogue[indicator.numerator_id]
        if below.kind == "flow" and above.kind != "flow":
            months = month.year_to_date()
            if any(self.count(node, below.pk, day, column) is None for day in months):
                return None
        if below.pk in self.bases:
            counted = self.coverage(node, above.pk, month)[column == "reported"]
            if self.coverage(node, below.pk, month)[column == "reported"] < counted:
                return None
        return self.count(node, below.pk, month, column, True)

    def people(self, indicator: Indicator, exact: Fraction | None) -> int | Decimal | None:
        """As people read it: counts whole, ratios rounded half-up to their decimals."""
        if exact is None:
            return None
        if indicator.kind == "ratio":
            return rules.half_up(exact, indicator.decimals)
        return int(exact) if exact.denominator == 1 else int(rules.half_up(exact, 0))

    def plan_now(
        self, unit: Unit, indicator: Indicator, month: Month, plan: Plan | None
    ) -> Fraction | None:
        """What the plan asks for by the end of ``month``; a flow's plan starts at nothing."""
        if plan is None:
            return None
        start = month.last_december
        flow = indicator.kind == "flow"
        return plan_to_date(
            month=month,
            start=start,
            baseline=Fraction(0) if flow else self.exact(unit.pk, indicator.pk, start),
            deadline=plan.deadline,
            target=plan.value,
            path=plan.path,
        )

    def status(self, unit: Unit, indicator: Indicator, month: Month) -> rules.Status:
        """How the unit stands in ``month`` against the plan to date."""
        plan = self.plan(unit, indicator, month)
        achieved = self.exact(unit.pk, indicator.pk, month)
        return status_at(month, achieved, plan, self.plan_now(unit, indicator, month, plan))

    # --- coverage ----------------------------------------------------------------------------

    def _coverage(self, node: int, pk: int, month: Month) -> tuple[int, int, int]:
        """(approved, reported, expected) reporting units of an indicator in ``month``."""
        indicator = self.catalogue[pk]
        if indicator.kind == "ratio":
            return self.coverage(node, indicator.numerator_id, month)
        if indicator.kind == "sum":
            parts = [self.coverage(node, part, month) for part in self.parts[pk]]
            return tuple(min(numbers) for numbers in zip(*parts, strict=True))
        valid = indicator.since <= month < indicator.until
        expected = self.quantities.expected(month, node, indicator.entered_at) if valid else 0
        if pk in self.bases:
            approved = self.quantities.base(month, node, pk, "approved").units
            return approved, self.quantities.base(month, node, pk, "value").units, expected
        cell = self.quantities.cell(month, node, pk)
        return cell.units_approved, cell.units_reported, expected

    def _provisional(self, node: int, pk: int, month: Month) -> bool:
        """Whether anything the indicator rests on is missing or not approved as reported."""
        indicator = self.catalogue[pk]
        if indicator.kind == "ratio":
            return any(
                self.provisional(node, part, month)
                for part in (indicator.numerator_id, indicator.denominator_id)
            )
        if indicator.kind == "sum":
            return any(self.provisional(node, part, month) for part in self.parts[pk])
        months = month.year_to_date() if indicator.kind == "flow" else [month]
        for day in months:
            approved, _reported, expected = self.coverage(node, pk, day)
            if approved < expected:
                return True
            if self.count(node, pk, day) != self.count(node, pk, day, "reported"):
                return True
        return False


def status_at(
    month: Month, achieved: Fraction | None, plan: Plan | None, now: Fraction | None
) -> rules.Status:
    """How ``achieved`` stands in ``month`` against ``now``, what the plan asks for by then."""
    return rules.status(
        achieved=achieved,
        plan=now,
        operator=plan and plan.operator,
        due=plan is not None and month >= plan.deadline,
    )
