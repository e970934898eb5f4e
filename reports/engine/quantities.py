"""The numbers under the figures: what nodes add up to in a month, on a chosen map.

Months on the chosen map itself are read from the stored totals, and so are months before a change
of the map, carried over to the last one: both sides of a comparison stand on one map. On a map that
changed again since, they are carried over through the lineage.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from commitments.bases import Bases
from commitments.models import Base, CarriedTotal, Count, Indicator, Period, Total
from commitments.sums.carriers import Carriers
from districts.models import Ancestry, Tier, Unit
from districts.months import MONTH_NUMBER, Month
from districts.rules import allocate

from .ground import Ground

_CELL = (
    MONTH_NUMBER,
    "node",
    "indicator",
    "approved",
    "reported",
    "units_approved",
    "units_reported",
)


class NotOnThisMap(ValueError):
    """The counts of a month cannot be shown on a map from before that month's map."""


@dataclass(slots=True)
class Cell:
    """What was counted below one node in one month."""

    approved: int | None = None
    reported: int | None = None
    units_approved: int = 0
    units_reported: int = 0

    def add(self, approved: int | None, reported: int | None, n_approved: int, n_reported: int):
        if approved is not None:
            self.approved = (self.approved or 0) + approved
        if reported is not None:
            self.reported = (self.reported or 0) + reported
        self.units_approved += n_approved
        self.units_reported += n_reported


EMPTY = Cell()


@dataclass(frozen=True)
class BaseOfNode:
    """What a node has of a yearly base: the number, from how many units, given in which months.

    Units whose share of a divided one nobody knows are left out, unless all its heirs are below.
    """

    number: int
    units: int
    given: frozenset[Month]
    estimated: bool


class Quantities:
    """Cells and bases of ``nodes`` on the map of ``map_month``.

    ``months`` is read for stocks, ``flow_months`` for flows; other months count as blank. Raises
    NotOnThisMap where a month lies beyond a change of the map after ``map_month``.
    """

    def __init__(
        self,
        *,
        nodes: Sequence[Unit],
        map_month: Month,
        indicators: Collection[Indicator],
        months: Collection[Month],
        flow_months: Collection[Month],
        ground: Ground | None = None,
    ):
        self.ground = ground or Ground()
        self.nodes = {node.pk: node for node in nodes}
        self.map_month = map_month
        self.indicators = {indicator.pk: indicator for indicator in indicators}
        self.months = sorted(set(months) | set(flow_months))
        self._stocks = _Wanted(months, indicators, "stock")
        self._flows = _Wanted(flow_months, indicators, "flow")
        self._bases_of_nodes: dict[tuple, BaseOfNode] = {}
        self.cells: dict[tuple[int, int, int], Cell] = {}
        own = [month for month in self.months if self.on_own_map(month)]
        carried = [month for month in self.months if not self.on_own_map(month)]
        if carried:
            self._refuse_backwards(carried)
            own += self._read_carried(carried)
        if own:
            self._read_own(own)

    # --- which map ---------------------------------------------------------------------------

    def on_own_map(self, month: Month) -> bool:
        """Whether the map did not change between ``month`` and the chosen map."""
        return self.ground.span(month) == self.ground.span(self.map_month)

    def _refuse_backwards(self, months: Sequence[Month]) -> None:
        later = [month for month in months if month > self.map_month]
        if later:
            raise NotOnThisMap(
                _(
                    "Counts of %(month)s cannot be shown on the map of %(map)s: the map changed "
                    "in between. Choose a map of %(month)s or later."
                )
                % {"month": later[0], "map": self.map_month}
            )

    # --- cells -------------------------------------------------------------------------------

    def cell(self, month: Month, node: int, indicator: int) -> Cell:
        return self.cells.get((month, node, indicator), EMPTY)

    def _wanted(self, months: Sequence[Month]) -> Q:
        return self._stocks.among(months) | self._flows.among(months)

    def _put(self, rows: Iterable[tuple]) -> None:
        for month, node, indicator, *numbers in rows:
            self.cells.setdefault((month, node, indicator), Cell()).add(*numbers)

    def _read_own(self, months: Sequence[Month]) -> None:
        """What is stored on the map of its own month, where that is the chosen map for a node.

        Nodes that report themselves have no total but their own counts.
        """
        above = [pk for pk, node in self.nodes.items() if not node.reports_at]
        leaves = [pk for pk, node in self.nodes.items() if node.reports_at]
        rows: list[tuple] = []
        if above:
            rows += Total.objects.filter(self._wanted(months), node__in=above).values_list(*_CELL)
        if leaves:
            counts = Count.objects.filter(self._wanted(months), unit__in=leaves).values_list(
                MONTH_NUMBER, "unit", "indicator", "approved", "value"
            )
            rows += ((*row, row[3] is not None, row[4] is not None) for row in counts)
        own = {month for month in months if self.on_own_map(month)}
        self._put(row for row in rows if row[0] in own or self._is_unchanged(row[1], row[0]))

    def _is_unchanged(self, node: int, month: int) -> bool:
        """Whether the area of a node is on the chosen map what it was in an earlier month."""
        return self._settled[node] <= month

    @cached_property
    def _settled(self) -> dict[int, int]:
        return self.ground.settled(self.nodes)

    def _read_carried(self, months: Sequence[Month]) -> list[Month]:
        """Months of other maps: stored on the last one, from the counts on any map before.

        A node whose area did not change since has what was counted below it: returns the months
        for which there are such nodes.
        """
        settled = self._settled
        stored = [node for node, since in settled.items() if since <= self.map_month]
        if stored:
            self._put(
                CarriedTotal.objects.filter(self._wanted(months), node__in=stored).values_list(
                    *_CELL
                )
            )
        if len(stored) < len(self.nodes):
            others = self.nodes.keys() - stored
            self._put(self._carriers.cells(self._wanted(months), others))
        return [month for month in months if any(settled[node] <= month for node in stored)]

    # --- lineage -----------------------------------------------------------------------------

    @cached_property
    def _carriers(self) -> Carriers:
        return Carriers(self.nodes, self.map_month)

    @cached_property
    def _partial(self) -> dict[int, set[int]]:
        """Node to the units of which it has a part only, and rests on how they were divided.

        A node that holds every heir of the divided unit is exact all the same.
        """
        heirs: dict[int, set[int]] = defaultdict(set)
        doubtful = set()
        for origin, heir, _portion, estimated in self._carriers.rows:
            heirs[origin].add(heir)
            if estimated:
                doubtful.add(origin)
        found: dict[int, set[int]] = defaultdict(set)
        for origin in doubtful:
            reach = [set(self._carriers.nodes_above[heir]) for heir in heirs[origin]]
            for node in set.union(*reach) - set.intersection(*reach):
                found[node].add(origin)
        return found

    @cached_property
    def estimated_nodes(self) -> frozenset[int]:
        """Nodes whose carried-over counts rest on a share that divides or is assumed."""
        return frozenset(self._partial)

    def is_unknown(self, node: int, month: Month) -> bool:
        """Whether ``node`` continues, in part, a unit of ``month`` in shares that nobody knows.

        Its counts of that month are all the main heir's, and nothing can be compared with them or
        divided by them until a share is given.
        """
        if self.on_own_map(month):
            return False
        spans = self._unknown.get(node, ())
        return any(since <= month < until for since, until in spans)

    @cached_property
    def _unknown(self) -> dict[int, list[tuple[int, int]]]:
        """Node to the months in which the units stood of which nobody knows what it has."""
        unknown = {
            origin
            for origin, _heir, portion, estimated in self._carriers.rows
            if estimated and not portion
        }
        stood = {unit.pk: (unit.since, unit.until) for unit in Unit.objects.filter(pk__in=unknown)}
        return {
            node: [stood[origin] for origin in origins & unknown]
            for node, origins in self._partial.items()
        }

    def origins(self, node: int) -> list[int]:
        """Units that ended and whose counts ``node`` carries, wholly or in part."""
        return self._origins_of_node.get(node, [])

    @cached_property
    def _origins_of_node(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for origin, heirs in self._carriers.heirs.items():
            if origin not in {heir for heir, _portion in heirs}:
                for node in sorted(self._carriers.nodes_of_origin[origin]):
                    found[node].append(origin)
        return found

    def part(self, origin: int, node: int, number: int | None) -> int | None:
        """What ``node`` has of a number of ``origin``."""
        return self._carriers.part(origin, node, number)

    def heirs_below(self, leaf: int, node: int, month: Month) -> list[int]:
        """Who below ``node`` carries what ``leaf`` counted in ``month``: itself on its own map."""
        if self.on_own_map(month):
            return [leaf]
        return [
            heir
            for heir, _portion in self._carriers.heirs[leaf]
            if node in self._carriers.nodes_above[heir]
        ]

    def part_of_heir(self, leaf: int, heir: int, number: int, month: Month) -> int:
        """What one of ``heirs_below`` has of a number of ``leaf``."""
        if self.on_own_map(month):
            return number
        heirs = self._carriers.heirs[leaf]
        parts = allocate(number, [portion for _heir, portion in heirs])
        return next(part for (one, _), part in zip(heirs, parts, strict=True) if one == heir)

    # --- reporting units, and the bases they hold --------------------------------------------

    def leaves(self, month: Month) -> dict[int, list[tuple[int, str]]]:
        """Node to the (unit, entry tier) expected to report below it for ``month``."""
        return self._leaves_by_span[self.ground.span(month)]

    @cached_property
    def _leaves_by_span(self) -> dict[int, dict[int, list[tuple[int, str]]]]:
        spans = {self.ground.span(month): month for month in self.months}
        return {span: self._read_leaves(month) for span, month in spans.items()}

    def _read_leaves(self, month: Month) -> dict[int, list[tuple[int, str]]]:
        if self.on_own_map(month):
            return self.ground.leaves(month, self.nodes)
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        in_force = Unit.objects.filter(pk__in=self._carriers.heirs).reporting_in(month)
        for leaf, tier in in_force.values_list("pk", "reports_at"):
            for node in self._carriers.nodes_of_origin[leaf]:
                found[node].append((leaf, tier))
        return found

    def expected(self, month: Month, node: int, entry_tier: str) -> int:
        """How many units below ``node`` were to report for ``month``."""
        return self._expected[self.ground.span(month)].get((node, entry_tier), 0)

    @cached_property
    def _expected(self) -> dict[int, Counter]:
        return {
            span: Counter((node, tier) for node, leaves in found.items() for _leaf, tier in leaves)
            for span, found in self._leaves_by_span.items()
        }

    @cached_property
    def _reporting(self) -> set[int]:
        """Every unit that was to report below a node in some month."""
        return {
            leaf
            for span in self._leaves_by_span.values()
            for leaves in span.values()
            for leaf, _tier in leaves
        }

    # --- what is official --------------------------------------------------------------------

    def was_closed(self, day: Month, node: int, month: Month) -> bool:
        """Whether ``day`` is closed by every province the node's units of ``month`` stood in."""
        provinces = {
            province
            for leaf, _tier in self.leaves(month).get(node, ())
            for province, since, until in self._provinces[leaf]
            if since <= month < until
        }
        return bool(provinces) and all((province, day) in self._closed for province in provinces)

    @cached_property
    def _provinces(self) -> dict[int, list[tuple[int, int, int]]]:
        """Reporting unit to the provinces it stood in, each from which month to before which."""
        found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        rows = Ancestry.objects.filter(
            descendant__in=self._reporting, ancestor__tier=Tier.PROVINCE
        ).values_list("descendant", "ancestor", "since", "until")
        for leaf, *stood in rows:
            found[leaf].append(tuple(stood))
        return found

    @cached_property
    def _closed(self) -> set[tuple[int, int]]:
        """(province, month) of every closed month."""
        closed = Period.objects.filter(closed_at__isnull=False, month__lte=self.months[-1])
        return set(closed.values_list("unit", MONTH_NUMBER))

    @cached_property
    def _bases(self) -> Bases:
        wanted = self.ground.bases & self.indicators.keys()
        return self.ground.bases_of(self._reporting, wanted, self.months[-1])

    def base(self, month: Month, node: int, indicator: int, column: str) -> "BaseOfNode":
        """The bases in force for ``month`` of the units below ``node``, as ``node`` has them."""
        if indicator not in self._bases.pending:
            column = "approved"
        # Bases are given once a year, so that most months have those of the month before.
        changed = self._bases.last_change(indicator, month)
        key = self.ground.span(month), changed, node, indicator, column
        if key not in self._bases_of_nodes:
            self._bases_of_nodes[key] = self._add_bases(month, node, indicator, column)
        return self._bases_of_nodes[key]

    def _add_bases(self, month: Month, node: int, indicator: int, column: str) -> "BaseOfNode":
        held, own = self._bases.held, self.on_own_map(month)
        changed = self._bases.last_change(indicator, month)
        found = [
            (leaf, base)
            for leaf, _tier in self.leaves(month).get(node, ())
            if (base := held(leaf, indicator, changed, column)) is not None
        ]
        parts = frozenset().union(*(base.divided for _leaf, base in found))
        lacking = self._bases.incomplete(parts) if parts else parts
        unknown = self._bases.is_unknown
        known = (
            [(leaf, base) for leaf, base in found if not unknown(base.divided & lacking)]
            if lacking
            else found
        )
        return BaseOfNode(
            sum(base.number if own else self.part(leaf, node, base.number) for leaf, base in known),
            len(known),
            frozenset(base.given for _leaf, base in known),
            any(base.divided & lacking for _leaf, base in known),
        )

    def base_of(
        self, leaf: int, indicator: int, month: Month, column: str = "approved"
    ) -> int | None:
        """The base in force for one reporting unit, approved unless said.

        None where it has a part of a divided unit that nobody knows.
        """
        changed = self._bases.last_change(indicator, month)
        base = self._bases.held(leaf, indicator, changed, column)
        if base is None or self._bases.is_unknown(base.divided):
            return None
        return base.number

    @cached_property
    def _sources(self) -> dict[tuple[int, int], list[str]]:
        """(indicator, month given) to the sources of the bases given then, with their dates."""
        bases = self.ground.bases & self.indicators.keys()
        sources: dict[tuple[int, int], list[str]] = defaultdict(list)
        if bases:
            rows = (
                Base.objects.filter(
                    indicator__in=bases, unit__in=self._bases.with_predecessors(self._reporting)
                )
                .values_list("indicator", "month", "source", "dated")
                .distinct()
                .order_by("dated", "source")
            )
            for indicator, month, source, dated in rows:
                sources[indicator, month].append(f"{source}, {dated:%d/%m/%Y}")
        return sources

    def source(self, month: Month, node: int, indicator: int) -> str | None:
        """Where the base of a node comes from, in words."""
        given = self.base(month, node, indicator, "approved").given
        sources = [text for since in sorted(given) for text in self._sources[indicator, since]]
        return "; ".join(dict.fromkeys(sources)) or None


class _Wanted:
    """Indicators of one kind and the months they are read for."""

    def __init__(self, months: Collection[Month], indicators: Collection[Indicator], kind: str):
        self.months = frozenset(months)
        self.indicators = [
            indicator.pk
            for indicator in indicators
            if indicator.kind == kind and not indicator.is_base
        ]

    def among(self, months: Sequence[Month]) -> Q:
        mine = [month for month in months if month in self.months]
        return Q(month__in=mine, indicator__in=self.indicators)
