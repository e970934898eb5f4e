"""The numbers of some units over some months on one map: exact, as planned, how far covered.

What figures and trajectories are made of. Quantities and plans are read once, in few queries; every
question after that is answered from memory.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from weakref import proxy

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month

from . import rules
from .ground import Ground
from .matching import (
    Coverage,
    Matching,
    Together,
    is_flow,
    last_twelve,
    terms_of,
)
from .plans import (
    Plan,
    Plans,
)
from .quantities import Quantities


@dataclass(frozen=True)
class Standing:
    """How a unit stands: its plan, what that asks for to date as published, the judgement."""

    plan: Plan | None
    now: Fraction | None
    judgement: rules.Judgement


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
        self.ground = ground = ground or Ground()
        self.catalogue, self.parts, self.bases = ground.catalogue, ground.parts, ground.bases
        self.map_month = map_month
        # The same parts are asked for again and again: by sums, ratios, plans and coverage.
        # Through a proxy, for a cycle would hold all that was read until the next full collection.
        me = proxy(self)
        self.plans = Plans(
            units=units,
            indicators=indicators,
            years={month.year for month in months} | set(years),
            authority=authority,
            map_month=map_month,
            ground=ground,
            reached=partial(Series._reached, me),
            reached_before=partial(Series._reached_before, me),
            weight=partial(Series._weight, me),
        )
        closure = self._closure(indicators)
        decembers = {month.last_december for month in months} | self.plans.starts
        stock_months = {*months, *decembers}
        flow_months = {day for month in stock_months for day in month.year_to_date()}
        if any(map(self._spans_a_year, closure)):
            flow_months |= {day for month in stock_months for day in last_twelve(month)}
        self.quantities = Quantities(
            nodes=units,
            map_month=map_month,
            indicators=closure,
            months=stock_months,
            flow_months=flow_months,
            ground=ground,
        )
        self._authority, self._indicators = authority, indicators
        self._decembers = sorted(decembers)
        self._ended: dict[int, Series | None] = {}
        self.plan = self.plans.of
        self.count = cache(partial(Series._count, me))
        self.matching = Matching(self.quantities, ground, self.count)
        self.together = cache(self.matching.together)
        self._runs = cache(partial(Series._is_running, me))
        self.divided = cache(partial(Series._divided, me))
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

    def _spans_a_year(self, indicator: Indicator) -> bool:
        """Whether the months of a whole year stand below its line."""
        if indicator.kind != "ratio":
            return False
        above, below = indicator.numerator_id, indicator.denominator_id
        return is_flow(below, self.ground) and not is_flow(above, self.ground)

    # --- numbers -----------------------------------------------------------------------------

    def _count(
        self, node: int, pk: int, month: Month, column: str = "approved", span: bool = False
    ) -> int | None:
        """A count of ``node`` in ``month``; with ``span`` a flow runs from January.

        Of a sum, that of the units which know all its parts.
        """
        indicator = self.catalogue[pk]
        if span and is_flow(pk, self.ground):
            months = (self.count(node, pk, day, column) for day in month.year_to_date())
            numbers = [number for number in months if number is not None]
            return sum(numbers) if numbers else None
        if indicator.kind == "sum":
            parts = self.together(node, terms_of(indicator, month, self.ground), column)
            return sum(parts.numbers) if parts.units else None
        if pk in self.bases:
            base_column = "approved" if column == "approved" else "value"
            bases = self.quantities.base(month, node, pk, base_column)
            return bases.number if bases.units else None
        return getattr(self.quantities.cell(month, node, pk), column)

    def _exact(self, node: int, pk: int, month: Month, column: str = "approved") -> Fraction | None:
        """What a target is held against: a stock, a flow since January, a ratio in percent."""
        indicator = self.catalogue[pk]
        if indicator.kind == "ratio":
            if not self.is_known(node, month):
                return None
            numerator, denominator = self.divided(node, pk, month, column)
            return rules.share(numerator and numerator * 100, denominator)
        number = self.count(node, pk, month, column, True)
        return None if number is None else Fraction(number)

    def is_known(self, node: int, month: Month) -> bool:
        """Whether it can be told what ``node`` has of ``month``: not in shares nobody knows."""
        return not self.quantities.is_unknown(node, month)

    def _divided(
        self, node: int, pk: int, month: Month, column: str = "approved"
    ) -> tuple[int | None, int | None]:
        """What a ratio divides by what, of the same units and months; None where none knows both.

        Two flows: of the months since January, each of the units that know it of both.
        """
        found = [one.numbers for _day, one in self._pairs(node, pk, month, column) if one.units]
        if not found:
            return None, None
        above, below = zip(*found, strict=True)
        return sum(above), sum(below)

    def _pairs(self, node: int, pk: int, month: Month, column: str) -> list[tuple[Month, Together]]:
        """Numerator and denominator of a ratio, by the months that are put together."""
        indicator = self.catalogue[pk]
        return [
            (day, self.together(node, terms_of(indicator, day, self.ground), column))
            for day in self._months(indicator, month)
        ]

    def _months(self, indicator: Indicator, month: Month) -> list[Month]:
        """The months whose numbers make up what is shown for ``month``: a flow's, since January."""
        return month.year_to_date() if self._runs(indicator) else [month]

    def _is_running(self, indicator: Indicator) -> bool:
        """Whether it begins anew each January: a flow, or flows divided by flows."""
        counted = {indicator.numerator_id, indicator.denominator_id} - {None} or {indicator.pk}
        return all(is_flow(pk, self.ground) for pk in counted)

    def people(self, indicator: Indicator, exact: Fraction | None) -> int | Decimal | None:
        """As people read it: counts whole, ratios rounded half-up to their decimals."""
        if exact is None:
            return None
        if indicator.kind == "ratio":
            return rules.half_up(exact, indicator.decimals)
        return int(exact) if exact.denominator == 1 else int(rules.half_up(exact, 0))

    # --- plans -------------------------------------------------------------------------------

    def plan_now(
        self, unit: Unit, indicator: Indicator, month: Month, plan: Plan | None
    ) -> Fraction | None:
        """What the plan asks for by the end of ``month``, as published; never more than the year.

        A flow's plan starts at nothing. Without a whole last December there is no straight line:
        None until the first point of a path, or the deadline.
        """
        line = plan and self.plans.to_date(unit, indicator, month, plan)
        if line is None:
            return None
        if indicator.kind == "ratio":
            return rules.published(line, indicator.decimals)
        return rules.whole_plan(line, plan.operator)

    def _reached(self, unit: Unit, indicator: Indicator, month: Month) -> Fraction | None:
        """The result of a December that a line starts from, if it is known of every unit."""
        node, pk = unit.pk, indicator.pk
        known = self.exact(node, pk, month) if self.is_known(node, month) else None
        if known is None or not self.coverage(node, pk, month).is_complete:
            return None
        return known

    # --- units that ended before the map, whose plans are carried over -------------------------

    def _reached_before(self, unit: Unit, indicator: Indicator, month: Month) -> Fraction | None:
        stood = self._stood(unit)
        return stood and stood._reached(unit, indicator, month)

    def _stood(self, unit: Unit) -> "Series | None":
        """What those that ended when ``unit`` did had reached; None if after all the Decembers."""
        if unit.until not in self._ended:
            last = Month(unit.until - 1)
            months = [month for month in self._decembers if month <= last]
            alike = [one for one in self.plans.predecessors if one.until == unit.until]
            self._ended[unit.until] = months and Series(
                alike, months, last, self._indicators, self._authority, ground=self.ground
            )
        return self._ended[unit.until] or None

    def _weight(self, unit: Unit, indicator: Indicator, month: Month) -> int | None:
        """What a rate of ``unit`` is weighed by: its base, or what it was divided by last year."""
        below = self.catalogue[indicator.denominator_id]
        if below.pk not in self.bases:
            series = self if unit.pk in self.quantities.nodes else self._stood(unit)
            return series and series.count(unit.pk, below.pk, month.last_december, "approved", True)
        month = min(month, Month(unit.until - 1))
        leaves = [unit.pk]
        if not unit.reports_at:
            found = self.ground.leaves(month, [unit.pk])[unit.pk]
            leaves = [leaf for leaf, tier in found if tier == below.entered_at]
        bases = [self.quantities.base_of(leaf, below.pk, month) for leaf in leaves]
        return sum(bases) if bases and None not in bases else None

    def standing(self, unit: Unit, indicator: Indicator, month: Month) -> Standing:
        """How the unit stands in ``month`` against its plan, judged by the published numbers."""
        node, pk = unit.pk, indicator.pk
        plan = self.plan(unit, indicator, month)
        now = self.plan_now(unit, indicator, month, plan)
        judgement = rules.judge(
            exact=self.exact(node, pk, month),
            decimals=indicator.decimals,
            plan=now,
            target=plan and plan.value,
            operator=plan and plan.operator,
            due=plan is not None and month >= plan.deadline,
            complete=self.coverage(node, pk, month).is_complete,
            applicable=self._applies(node, indicator, month, plan),
        )
        return Standing(plan, now, judgement)

    def _applies(self, node: int, indicator: Indicator, month: Month, plan: Plan | None) -> bool:
        """Whether there is anything to say: not of 0 in 0, nor where nothing is expected."""
        covered = self.coverage(node, indicator.pk, month)
        if indicator.kind == "ratio" and covered.expected and covered.is_complete:
            return self.divided(node, indicator.pk, month) != (0, 0)
        known = self.exact(node, indicator.pk, month) is not None
        return bool(covered.expected) or known or plan is not None

    # --- coverage ----------------------------------------------------------------------------

    def _coverage(self, node: int, pk: int, month: Month) -> Coverage:
        """Of how many units an indicator is known in ``month``; of a flow, in its least month.

        Of a sum and of a ratio, units that know all of it. Months in which nothing is expected
        are no month of a flow; of months that lack equally much, the last one says it.
        """
        months = self._months(self.catalogue[pk], month)
        if len(months) == 1:
            return self.covered(node, pk, month)
        found = [self.covered(node, pk, day) for day in months]
        if all(one.is_complete for one in found):
            return found[-1]
        return min(
            (one for one in reversed(found) if one.expected),
            key=lambda one: Fraction(one.approved, one.expected),
            default=found[-1],
        )

    def covered(self, node: int, pk: int, month: Month) -> Coverage:
        """Coverage of one month alone."""
        indicator = self.catalogue[pk]
        if indicator.kind not in ("ratio", "sum"):
            return self.matching.bound(node, pk, month)
        terms = terms_of(indicator, month, self.ground)
        approved, reported = (
            self.together(node, terms, column).units for column in ("approved", "reported")
        )
        bounds = (self.matching.bound(node, part, month) for part, _months in terms)
        return Coverage(approved, reported, min((one.expected for one in bounds), default=0))

    def _provisional(self, node: int, pk: int, month: Month) -> bool:
        """Whether anything the indicator rests on is missing or not approved as reported."""
        indicator = self.catalogue[pk]
        if indicator.kind in ("ratio", "sum"):
            return any(
                self._is_open(node, part, day)
                for one in self._months(indicator, month)
                for part, months in terms_of(indicator, one, self.ground)
                for day in months
            )
        return any(self._is_open(node, pk, day) for day in self._months(indicator, month))

    def _is_open(self, node: int, pk: int, month: Month) -> bool:
        """The same of one month of what is counted.

        A closed month is official as it was closed: what waits to correct it does not open it.
        """
        if self.catalogue[pk].kind == "sum":
            return any(self._is_open(node, part, month) for part in self.parts[pk])
        if not self.matching.bound(node, pk, month).is_complete:
            return True
        if self.count(node, pk, month) == self.count(node, pk, month, "reported"):
            return False
        given = {month}
        if pk in self.bases:
            given = self.quantities.base(month, node, pk, "value").given
        return not all(self.quantities.was_closed(day, node, month) for day in given)
