"""What people read: every figure with its target, comparison, coverage, status and rank.

The one engine, with ``trajectories`` for many months. Pages, workbook, documents and commands
render what it returns and compute nothing, so they cannot disagree.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from districts.models import Ancestry, Unit
from districts.months import Month

from . import rules
from .ground import Ground
from .plans import Plan
from .quantities import NotOnThisMap
from .rules import Status
from .series import Series, status_at

__all__ = [
    "Figure",
    "NotOnThisMap",
    "Status",
    "figures_for",
    "figures_of",
    "statuses_of",
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


def figures_for(
    *,
    unit: Unit,
    month: Month,
    indicators: Collection[Indicator] | None = None,
    children: bool = False,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
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
        ground=ground,
    )


def figures_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicators: Collection[Indicator] | None = None,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> list[Figure]:
    """Figures of any units, each ranked among those given that share its parent."""
    ground = ground or Ground()
    map_month = month if on_map is None else Month.containing(on_map)
    chosen = ground.valid_in(month) if indicators is None else list(indicators)
    reading = _Reading(units, month, map_month, chosen, authority, ground)
    chosen.sort(key=lambda indicator: indicator.position)
    found = [reading.facts(unit, indicator) for unit in units for indicator in chosen]
    rank = _ranks(found, units, map_month)
    return [Figure(**facts, rank=rank.get(place)) for place, facts in enumerate(found)]


def statuses_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicator: Indicator,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> dict[int, Status]:
    """Unit to the status of its figure, where nothing else of it is shown."""
    map_month = month if on_map is None else Month.containing(on_map)
    series = Series(units, [month], map_month, [indicator], authority, ground=ground)
    return {unit.pk: series.status(unit, indicator, month) for unit in units}


class _Reading(Series):
    """Everything about one month, beside the same month last year on the same map."""

    def __init__(
        self,
        units: Sequence[Unit],
        month: Month,
        map_month: Month,
        indicators: Sequence[Indicator],
        authority: str,
        ground: Ground,
    ):
        self.month = month
        self.last = month.same_month_last_year
        super().__init__(units, [month, self.last], map_month, indicators, authority, ground=ground)
        own = map(self.quantities.on_own_map, (month, self.last))
        self._estimated_nodes = frozenset() if all(own) else self.quantities.estimated_nodes

    def shown(
        self, node: int, indicator: Indicator, month: Month, column: str = "approved"
    ) -> tuple[int | Decimal | None, Fraction | None]:
        """The value as people read it, and unrounded: a flow is that of the month."""
        if indicator.kind == "ratio":
            exact = self.exact(node, indicator.pk, month, column)
            return self.people(indicator, exact), exact
        number = self.count(node, indicator.pk, month, column)
        return number, None if number is None else Fraction(number)

    def facts(self, unit: Unit, indicator: Indicator) -> dict:
        """Everything a figure says but its rank, which only the others tell."""
        node, month = unit.pk, self.month
        value, exact = self.shown(node, indicator, month)
        last_year, last_exact = self.shown(node, indicator, self.last)
        known = None not in (exact, last_exact)
        flow = indicator.kind == "flow"
        approved, reported, expected = self.coverage(node, indicator.pk, month)
        plan = self.plan(unit, indicator, month)
        return dict(
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
            approved=approved,
            reported=reported,
            expected=expected,
            provisional=self.provisional(node, indicator.pk, month),
            estimated=self._estimated(node, indicator, plan),
            **self._against_plan(unit, indicator, plan),
            **self._parts(node, indicator),
        )

    def _against_plan(self, unit: Unit, indicator: Indicator, plan: Plan | None) -> dict:
        achieved = self.exact(unit.pk, indicator.pk, self.month)
        now = self.plan_now(unit, indicator, self.month, plan)
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
            "percent_of_target": rules.percent_of(achieved, plan and plan.value),
            "points_to_target": self.people(indicator, points),
            "percent_to_date": rules.percent_of(achieved, now),
            "status": status_at(self.month, achieved, plan, now),
        }

    def _parts(self, node: int, indicator: Indicator) -> dict:
        """A ratio's numerator and denominator, and where the denominator comes from."""
        if indicator.kind != "ratio":
            return {"numerator": None, "denominator": None, "denominator_source": None}
        below = self.catalogue[indicator.denominator_id]
        denominator = self.denominator(node, indicator, self.month)
        if below.pk in self.bases:
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
        if (plan and plan.estimated) or node in self._estimated_nodes:
            return True
        bases = self.bases & {indicator.pk, indicator.denominator_id}
        return any(self.quantities.base(self.month, node, pk, "approved").estimated for pk in bases)


def _ranks(found: list[dict], units: Sequence[Unit], map_month: Month) -> dict[int, int]:
    """Place in ``found`` to the rank by percent of the plan, among units that share a parent."""
    if len(units) == 1:
        return {}
    parents = dict(
        Ancestry.objects.in_month(map_month)
        .filter(descendant__in=[unit.pk for unit in units], depth=1)
        .values_list("descendant", "ancestor")
    )
    groups: dict[tuple[int | None, int], dict[int, Decimal | None]] = defaultdict(dict)
    for place, facts in enumerate(found):
        parent = parents.get(facts["unit"].pk)
        groups[parent, facts["indicator"].pk][place] = facts["percent_of_target"]
    rank: dict[int, int] = {}
    for scores in groups.values():
        if len(scores) > 1:
            lowest_first = found[next(iter(scores))]["indicator"].direction == "down"
            rank.update(rules.ranks(scores, lowest_first=lowest_first))
    return rank
