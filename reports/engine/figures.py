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
from .matching import (
    Coverage,
    is_flow,
)
from .plans import Plan
from .quantities import NotOnThisMap
from .rules import (
    UNJUDGED,
    Status,
)
from .series import (
    Series,
    Standing,
)

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
    of the year to date. ``approved``, ``reported`` and ``expected`` count reporting units: of a
    flow those of its least month since January, of a ratio those that know both its parts. While
    some are missing the status is ``incomplete``: ``value`` is what is known, of a ratio that of
    the units ``numerator`` and ``denominator`` are of, and nothing is compared.

    ``last_year`` and ``last_year_to_date`` are blank unless all of it is known.
    ``last_year_coverage`` and ``baseline_coverage`` (last December, where the plan begins; None
    for flows, which begin at nothing) are (approved, expected). ``change`` compares the year to
    date of flows, and is None unless both years are complete. ``ranked`` counts the units that
    have a rank beside this one's place; None where nothing is ranked. ``provisional``: something
    below is not approved as reported, in a month that is not closed; ``estimated``: something
    rests on shares of a divided or recast unit. Of ``predecessors`` on an older map ``assigned``
    were assigned the target shown; 0 of 0 where it is all the unit's own. ``authority`` is whose
    plan it is held against, ``version`` which version was in force; both None without a target.
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
    last_year_coverage: tuple[int, int]
    baseline_coverage: tuple[int, int] | None
    change: int | Decimal | None
    rank: int | None
    ranked: int | None
    status: Status
    approved: int
    reported: int
    expected: int
    provisional: bool
    estimated: bool
    numerator: int | None
    denominator: int | None
    denominator_source: str | None
    assigned: int = 0
    predecessors: int = 0
    authority: str | None = None
    version: int | None = None

    @property
    def achieved(self) -> int | Decimal | None:
        """What is held against the target: the year to date where there is one, else the value."""
        return self.value if self.year_to_date is None else self.year_to_date

    @property
    def is_compared(self) -> bool:
        """Whether it may be held against a plan, a year before, or other units."""
        return self.achieved is not None and self.status not in UNJUDGED

    @property
    def is_incomplete(self) -> bool:
        """Whether numbers of some of the units that were to report are not approved."""
        return self.approved < self.expected

    @property
    def gap(self) -> int | Decimal | None:
        """Achieved minus target: negative is still missing; None while nothing is compared."""
        if not self.is_compared or self.target is None:
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
    ground, below = ground or Ground(), []
    if children:
        map_month = ground.map_month(month, on_map)
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
    map_month = ground.map_month(month, on_map)
    chosen = ground.valid_in(month) if indicators is None else list(indicators)
    facts = facts_of(
        units=units,
        month=month,
        indicators=chosen,
        map_month=map_month,
        authority=authority,
        ground=ground,
    )
    return ranked(facts, units, map_month)


def facts_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicators: Sequence[Indicator],
    map_month: Month,
    authority: str,
    ground: Ground,
) -> list[dict]:
    """Everything that figures say but their ranks: unit by unit, in the order of the catalogue."""
    reading = _Reading(units, month, map_month, indicators, authority, ground)
    chosen = sorted(indicators, key=lambda indicator: indicator.position)
    return [reading.facts(unit, indicator) for unit in units for indicator in chosen]


def ranked(facts: list[dict], units: Sequence[Unit], map_month: Month) -> list[Figure]:
    """The figures that ``facts`` of all of ``units`` become beside each other."""
    places = _ranks(facts, units, map_month)
    return [
        Figure(**said, rank=rank, ranked=ranked)
        for said, (rank, ranked) in zip(facts, places, strict=True)
    ]


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
    ground = ground or Ground()
    map_month = ground.map_month(month, on_map)
    series = Series(units, [month], map_month, [indicator], authority, ground=ground)
    return {unit.pk: series.standing(unit, indicator, month).judgement.status for unit in units}


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
        if month == self.last and self.quantities.is_unknown(node, month):
            return None, None
        if indicator.kind == "ratio":
            exact = self.exact(node, indicator.pk, month, column)
            return self.people(indicator, exact), exact
        number = self.count(node, indicator.pk, month, column)
        return number, None if number is None else Fraction(number)

    def facts(self, unit: Unit, indicator: Indicator) -> dict:
        """Everything a figure says but its rank, which only the others tell."""
        node, month = unit.pk, self.month
        value, exact = self.shown(node, indicator, month)
        flow = is_flow(indicator.pk, self.ground)
        covered = self.coverage(node, indicator.pk, month)
        standing = self.standing(unit, indicator, month)
        return dict(
            unit=unit,
            indicator=indicator,
            month=month,
            value=value,
            exact=exact,
            year_to_date=self.count(node, indicator.pk, month, "approved", True) if flow else None,
            reported_value=self.shown(node, indicator, month, "reported")[0],
            approved=covered.approved,
            reported=covered.reported,
            expected=covered.expected,
            provisional=self.provisional(node, indicator.pk, month),
            estimated=self._estimated(node, indicator, standing.plan),
            status=standing.judgement.status,
            **self._against_plan(unit, indicator, standing),
            **self._against_last_year(node, indicator, standing.judgement.status),
            **self._parts(node, indicator),
        )

    def _against_plan(self, unit: Unit, indicator: Indicator, standing: Standing) -> dict:
        plan, judgement = standing.plan, standing.judgement
        points = None
        if judgement.percent_of_target is not None and indicator.kind == "ratio":
            achieved = self.exact(unit.pk, indicator.pk, self.month)
            points = rules.published(achieved, indicator.decimals) - plan.value
        baseline = None
        if not is_flow(indicator.pk, self.ground):
            start = plan.start if plan else self.month.last_december
            baseline = self.coverage(unit.pk, indicator.pk, start)
        return {
            "target": self.people(indicator, plan.value) if plan else None,
            "operator": plan.operator if plan else None,
            "deadline": plan.deadline if plan else None,
            "decision": plan.decision if plan else None,
            "assigned": plan.assigned if plan else 0,
            "predecessors": plan.predecessors if plan else 0,
            "authority": str(self._authority) if plan else None,
            "version": plan.version if plan else None,
            "plan_to_date": self.people(indicator, standing.now),
            "percent_of_target": judgement.percent_of_target,
            "points_to_target": self.people(indicator, points),
            "percent_to_date": judgement.percent_to_date,
            "baseline_coverage": baseline and _of_expected(baseline),
        }

    def _against_last_year(self, node: int, indicator: Indicator, status: Status) -> dict:
        """The same month, and of a flow the same months, of last year: blank unless all is known.

        ``change`` is of what is held against the target: of a flow the year to date.
        """
        pk, last = indicator.pk, self.last
        covered = self.coverage(node, pk, last)
        now, before = self.exact(node, pk, self.month), self.exact(node, pk, last)
        known = self.is_known(node, last)
        whole = covered.is_complete and known
        compared = None not in (now, before) and whole and status not in UNJUDGED
        flow = is_flow(indicator.pk, self.ground)
        alone = self.covered(node, pk, last) if flow else covered
        to_date = self.count(node, pk, last, "approved", True) if flow else None
        return {
            "last_year": (
                self.shown(node, indicator, last)[0] if alone.is_complete and known else None
            ),
            "last_year_to_date": to_date if whole else None,
            "last_year_coverage": _of_expected(covered),
            "change": self.people(indicator, now - before) if compared else None,
        }

    def _parts(self, node: int, indicator: Indicator) -> dict:
        """A ratio's numerator and denominator, and where the denominator comes from."""
        if indicator.kind != "ratio":
            return {"numerator": None, "denominator": None, "denominator_source": None}
        below = self.catalogue[indicator.denominator_id]
        numerator, denominator = self.divided(node, indicator.pk, self.month)
        if below.pk in self.bases:
            source = self.quantities.source(self.month, node, below.pk)
        elif denominator is None:
            source = None
        else:
            source = from_reports(self.month)
        return {"numerator": numerator, "denominator": denominator, "denominator_source": source}

    def _estimated(self, node: int, indicator: Indicator, plan: Plan | None) -> bool:
        """Whether the figure, its comparison, its base or its plan rests on shares."""
        if (plan and plan.estimated) or node in self._estimated_nodes:
            return True
        bases = self.bases & {indicator.pk, indicator.denominator_id}
        return any(self.quantities.base(self.month, node, pk, "approved").estimated for pk in bases)


def from_reports(month: Month) -> str:
    """What a denominator comes from that is counted as its numerator is, in the reader's words."""
    return _("approved reports for %(month)s") % {"month": month}


def _of_expected(covered: Coverage) -> tuple[int, int]:
    return covered.approved, covered.expected


def _ranks(
    found: list[dict], units: Sequence[Unit], map_month: Month
) -> list[tuple[int | None, int | None]]:
    """(rank, of how many ranked) of each of ``found``, among units that share a parent.

    By percent of the plan, which nothing incomplete has. The lowest leads under a ceiling.
    """
    places: list[tuple[int | None, int | None]] = [(None, None)] * len(found)
    if len(units) == 1:
        return places
    parents = dict(
        Ancestry.objects.in_month(map_month)
        .filter(descendant__in=[unit.pk for unit in units], depth=1)
        .values_list("descendant", "ancestor")
    )
    groups: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for place, facts in enumerate(found):
        groups[parents.get(facts["unit"].pk), facts["indicator"].pk].append(place)
    for group in groups.values():
        if len(group) > 1:
            scores = {place: found[place]["percent_of_target"] for place in group}
            operators = {found[place]["operator"] for place in group} - {None}
            rank = rules.ranks(scores, lowest_first=operators == {"at_most"})
            for place in group:
                places[place] = rank.get(place), len(rank)
    return places
