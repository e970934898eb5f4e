"""What people read: every figure with its target, comparison, coverage, status and rank.

The one engine. Pages, workbook, documents and commands render what this module returns and
compute nothing, so they cannot disagree.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from districts.models import Ancestry, Unit
from districts.months import Month

from . import rules
from .pace import plan_to_date
from .plans import Plan, Plans
from .quantities import NotOnThisMap, Quantities
from .rules import Status

__all__ = [
    "Figure",
    "NotOnThisMap",
    "Point",
    "Status",
    "figures_for",
    "figures_of",
    "plan_ahead",
    "trajectories",
    "trajectory",
]


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit in one month. Counts are int, ratios Decimal percent.

    None is blank. ``value`` is official: a stock at the month's end, a flow of that month, a ratio
    of the year to date. ``expected`` counts reporting units. ``provisional``: something below is
    not approved as reported; ``estimated``: something rests on shares of a divided or recast unit.
    """

    unit: Unit
    indicator: Indicator
    month: Month
    value: int | Decimal | None
    exact: Fraction | None
    year_to_date: int | None
    reported_value: int | Decimal | None
    target: int | Decimal | None
    operator: str | None
    deadline: Month | None
    decision: str | None
    plan_to_date: int | Decimal | None
    percent_of_target: Decimal | None
    points_to_target: Decimal | None
    percent_to_date: Decimal | None
    last_year: int | Decimal | None
    last_year_to_date: int | None
    change: int | Decimal | None
    rank: int | None
    status: Status
    approved: int
    reported: int
    expected: int
    provisional: bool
    estimated: bool
    numerator: int | None
    denominator: int | None
    denominator_source: str | None

    @property
    def achieved(self) -> int | Decimal | None:
        """What is held against the target: a flow's year to date, otherwise the value."""
        return self.year_to_date if self.indicator.kind == "flow" else self.value

    @property
    def gap(self) -> int | Decimal | None:
        """Achieved minus target: negative is still missing."""
        if self.achieved is None or self.target is None:
            return None
        return self.achieved - self.target


@dataclass(frozen=True)
class Point:
    """One month of a trajectory."""

    month: Month
    value: int | Decimal | None
    plan: int | Decimal | None
    approved: int
    expected: int
    provisional: bool


def figures_for(
    *,
    unit: Unit,
    month: Month,
    indicators: Collection[Indicator] | None = None,
    children: bool = False,
    on_map: date | None = None,
    authority: str = Authority.PPC,
) -> list[Figure]:
    """Figures of ``unit`` and, with ``children``, of its direct children in code order.

    As it was in ``month``, or on the map of day ``on_map``. Raises NotOnThisMap if that map is
    older than the month's own.
    """
    below = []
    if children:
        map_month = month if on_map is None else Month.containing(on_map)
        below = list(Unit.objects.children_of(unit, map_month))
    return figures_of(
        units=[unit, *below],
        month=month,
        indicators=indicators,
        on_map=on_map,
        authority=authority,
    )


def figures_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicators: Collection[Indicator] | None = None,
    on_map: date | None = None,
    authority: str = Authority.PPC,
) -> list[Figure]:
    """Figures of any units, each ranked among those given that share its parent."""
    map_month = month if on_map is None else Month.containing(on_map)
    chosen = _catalogue(month) if indicators is None else list(indicators)
    reading = _Reading(units, month, map_month, chosen, authority)
    found = [
        reading.figure(unit, indicator)
        for unit in units
        for indicator in sorted(chosen, key=lambda indicator: indicator.position)
    ]
    return _ranked(found, units, map_month)


def trajectory(
    *,
    unit: Unit,
    indicator: Indicator,
    months: Sequence[Month],
    on_map: date | None = None,
    authority: str = Authority.PPC,
) -> list[Point]:
    """Value and plan month by month, all on one map: that of the last month unless given."""
    found = trajectories(
        units=[unit], indicators=[indicator], months=months, on_map=on_map, authority=authority
    )
    return found[unit.pk, indicator.pk]


def trajectories(
    *,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    months: Sequence[Month],
    on_map: date | None = None,
    authority: str = Authority.PPC,
) -> dict[tuple[int, int], list[Point]]:
    """(unit, indicator) to its trajectory, for many at once in as many queries as for one."""
    map_month = max(months) if on_map is None else Month.containing(on_map)
    series = _Series(units, months, map_month, indicators, authority)
    return {
        (unit.pk, indicator.pk): [series.point(unit, indicator, month) for month in months]
        for unit in units
        for indicator in indicators
    }


def plan_ahead(
    *,
    unit: Unit,
    indicator: Indicator,
    month: Month,
    on_map: date | None = None,
    authority: str = Authority.PPC,
) -> list[Point]:
    """What the plan asks for after ``month``, as points without values.

    To the end of the year; in December, the next year's plan from the result reached. Empty if
    nothing is assigned.
    """
    map_month = month if on_map is None else Month.containing(on_map)
    last = (month + 1).last_december + 12
    series = _Series([unit], [month], map_month, [indicator], authority, {month.year, last.year})
    found = []
    for day in map(Month, range(month + 1, last + 1)):
        plan = series.plan_now(unit, indicator, day, series.plan(unit, indicator, day))
        if plan is None:
            return []
        found.append(Point(day, None, series.people(indicator, plan), 0, 0, False))
    return found


def _catalogue(month: Month) -> list[Indicator]:
    return list(Indicator.objects.filter(since__lte=month, until__gt=month))


class _Series:
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
    ):
        catalogue = {
            indicator.pk: indicator for indicator in Indicator.objects.prefetch_related("parts")
        }
        self.parts = {
            pk: [part.pk for part in indicator.parts.all()] for pk, indicator in catalogue.items()
        }
        self.catalogue = catalogue
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
        )
        self.plans = Plans(
            units=units,
            indicators=indicators,
            years={month.year for month in months} | set(years),
            authority=authority,
            quantities=self.quantities,
        )
        # The same parts are asked for again and again: by sums, ratios, plans and coverage.
        self.count = cache(self._count)
        self.exact = cache(self._exact)
        self.coverage = cache(self._coverage)
        self.provisional = cache(self._provisional)

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
        if indicator.is_base:
            base_column = "approved" if column == "approved" else "value"
            bases = self.quantities.base(month, node, pk, base_column)
            return bases.number if bases.units else None
        if not (span and indicator.kind == "flow"):
            return getattr(self.quantities.cell(month, node, pk), column)
        months = (self.count(node, pk, day, column) for day in month.year_to_date())
        numbers = [number for number in months if number is not None]
        return sum(numbers) if numbers else None

    def _exact(
        self, node: int, indicator: Indicator, month: Month, column: str = "approved"
    ) -> Fraction | None:
        """What a target is held against: a stock, a flow since January, a ratio in percent."""
        if indicator.kind == "ratio":
            numerator = self.count(node, indicator.numerator_id, month, column, True)
            ratio = rules.share(numerator, self._denominator(node, indicator, month, column))
            return None if ratio is None else ratio * 100
        number = self.count(node, indicator.pk, month, column, True)
        return None if number is None else Fraction(number)

    def _denominator(
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
        if below.is_base:
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

    def plan(self, unit: Unit, indicator: Indicator, month: Month) -> Plan | None:
        return self.plans.of(unit, indicator, month)

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
            baseline=Fraction(0) if flow else self.exact(unit.pk, indicator, start),
            deadline=plan.deadline,
            target=plan.value,
            path=plan.path,
        )

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
        if indicator.is_base:
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

    def point(self, unit: Unit, indicator: Indicator, month: Month) -> Point:
        approved, _reported, expected = self.coverage(unit.pk, indicator.pk, month)
        plan = self.plan_now(unit, indicator, month, self.plan(unit, indicator, month))
        return Point(
            month=month,
            value=self.people(indicator, self.exact(unit.pk, indicator, month)),
            plan=self.people(indicator, plan),
            approved=approved,
            expected=expected,
            provisional=self.provisional(unit.pk, indicator.pk, month),
        )


class _Reading(_Series):
    """Everything about one month, beside the same month last year on the same map."""

    def __init__(
        self,
        units: Sequence[Unit],
        month: Month,
        map_month: Month,
        indicators: Sequence[Indicator],
        authority: str,
    ):
        self.month = month
        self.last = month.same_month_last_year
        super().__init__(units, [month, self.last], map_month, indicators, authority)

    def shown(
        self, node: int, indicator: Indicator, month: Month, column: str = "approved"
    ) -> tuple[int | Decimal | None, Fraction | None]:
        """The value as people read it, and unrounded: a flow is that of the month."""
        if indicator.kind == "ratio":
            exact = self.exact(node, indicator, month, column)
        else:
            number = self.count(node, indicator.pk, month, column)
            exact = None if number is None else Fraction(number)
        return self.people(indicator, exact), exact

    def figure(self, unit: Unit, indicator: Indicator) -> Figure:
        node, month = unit.pk, self.month
        value, exact = self.shown(node, indicator, month)
        last_year, last_exact = self.shown(node, indicator, self.last)
        known = None not in (exact, last_exact)
        flow = indicator.kind == "flow"
        approved, reported, expected = self.coverage(node, indicator.pk, month)
        plan = self.plan(unit, indicator, month)
        return Figure(
            unit=unit,
            indicator=indicator,
            month=month,
            value=value,
            exact=exact,
            year_to_date=self.count(node, indicator.pk, month, "approved", True) if flow else None,
            reported_value=self.shown(node, indicator, month, "reported")[0],
            last_year=last_year,
            last_year_to_date=(
                self.count(node, indicator.pk, self.last, "approved", True) if flow else None
            ),
            change=self.people(indicator, exact - last_exact) if known else None,
            rank=None,
            approved=approved,
            reported=reported,
            expected=expected,
            provisional=self.provisional(node, indicator.pk, month),
            estimated=self._estimated(node, indicator, plan),
            **self._against_plan(unit, indicator, plan),
            **self._parts(node, indicator),
        )

    def _against_plan(self, unit: Unit, indicator: Indicator, plan: Plan | None) -> dict:
        achieved = self.exact(unit.pk, indicator, self.month)
        now = self.plan_now(unit, indicator, self.month, plan)
        of_target = rules.share(achieved, plan and plan.value)
        to_date = rules.share(achieved, now)
        points = (
            achieved - plan.value
            if plan and achieved is not None and indicator.kind == "ratio"
            else None
        )
        return {
            "target": self.people(indicator, plan.value) if plan else None,
            "operator": plan.operator if plan else None,
            "deadline": plan.deadline if plan else None,
            "decision": plan.decision if plan else None,
            "plan_to_date": self.people(indicator, now),
            "percent_of_target": _percent(of_target),
            "points_to_target": self.people(indicator, points),
            "percent_to_date": _percent(to_date),
            "status": rules.status(
                achieved=achieved,
                plan=now,
                operator=plan and plan.operator,
                due=plan is not None and self.month >= plan.deadline,
            ),
        }

    def _parts(self, node: int, indicator: Indicator) -> dict:
        """A ratio's numerator and denominator, and where the denominator comes from."""
        if indicator.kind != "ratio":
            return {"numerator": None, "denominator": None, "denominator_source": None}
        below = self.catalogue[indicator.denominator_id]
        denominator = self._denominator(node, indicator, self.month)
        if below.is_base:
            source = self.quantities.source(self.month, node, below.pk)
        elif denominator is None:
            source = None
        else:
            source = _("approved reports for %(month)s") % {"month": self.month}
        return {
            "numerator": self.count(node, indicator.numerator_id, self.month, "approved", True),
            "denominator": denominator,
            "denominator_source": source,
        }

    def _estimated(self, node: int, indicator: Indicator, plan: Plan | None) -> bool:
        """Whether the figure, its comparison, its base or its plan rests on shares."""
        months = (self.month, self.last)
        if plan and plan.estimated:
            return True
        carried = not all(self.quantities.on_own_map(month) for month in months)
        if carried and node in self.quantities.estimated_nodes:
            return True
        bases = [
            pk
            for pk in (indicator.pk, indicator.denominator_id)
            if pk and self.catalogue[pk].is_base
        ]
        return any(self.quantities.base(self.month, node, pk, "approved").estimated for pk in bases)


def _percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else rules.half_up(share * 100, 2)


def _ranked(found: list[Figure], units: Sequence[Unit], map_month: Month) -> list[Figure]:
    """Ranks by percent of the plan among the units given that share a parent."""
    parents = dict(
        Ancestry.objects.in_month(map_month)
        .filter(descendant__in=[unit.pk for unit in units], depth=1)
        .values_list("descendant", "ancestor")
    )
    groups: dict[tuple[int | None, int], dict[int, Decimal | None]] = defaultdict(dict)
    for place, figure in enumerate(found):
        parent = parents.get(figure.unit.pk)
        groups[parent, figure.indicator.pk][place] = figure.percent_of_target
    rank: dict[int, int] = {}
    for scores in groups.values():
        if len(scores) > 1:
            lowest_first = found[next(iter(scores))].indicator.direction == "down"
            rank.update(rules.ranks(scores, lowest_first=lowest_first))
    return [replace(figure, rank=rank.get(place)) for place, figure in enumerate(found)]
