"""The numbers under the figures: what nodes add up to in a month, on a chosen map.

Months on the chosen map itself are read from the stored totals; months before a change of the map
are carried over through the lineage in one query, so both sides of a comparison stand on one map.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count as CountOf
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from commitments.bases import Bases
from commitments.models import Base, Count, Indicator, Period, Total
from districts.models import WHOLE, Ancestry, Lineage, Tier, Unit
from districts.months import MONTH_NUMBER, Month
from districts.rules import allocate

from .ground import Ground


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
        if own:
            self._read_totals(own)
            self._read_own_counts(own)
        if carried:
            self._refuse_backwards(carried)
            self._read_whole(carried)
            self._read_divided(carried)

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

    def _read_totals(self, months: Sequence[Month]) -> None:
        above = [pk for pk, node in self.nodes.items() if not node.reports_at]
        self._put(
            Total.objects.filter(self._wanted(months), node__in=above).values_list(
                MONTH_NUMBER,
                "node",
                "indicator",
                "approved",
                "reported",
                "units_approved",
                "units_reported",
            )
        )

    def _read_own_counts(self, months: Sequence[Month]) -> None:
        """Nodes that report themselves have no total but their own counts."""
        leaves = [pk for pk, node in self.nodes.items() if node.reports_at]
        if leaves:
            rows = Count.objects.filter(self._wanted(months), unit__in=leaves).values_list(
                MONTH_NUMBER, "unit", "indicator", "approved", "value"
            )
            self._put(
                (month, unit, indicator, approved, value, approved is not None, value is not None)
                for month, unit, indicator, approved, value in rows
            )

    def _carried_over(self, months: Sequence[Month]):
        """Counts of ``months`` joined to who carries them on the chosen map."""
        return Count.objects.filter(
            self._wanted(months),
            unit__lineages__since__lte=self.map_month,
            unit__lineages__until__gt=self.map_month,
            unit__lineages__heir__ancestries__since__lte=self.map_month,
            unit__lineages__heir__ancestries__until__gt=self.map_month,
            unit__lineages__heir__ancestries__ancestor__in=self.nodes,
            unit__lineages__share=WHOLE,
        )

    def _read_whole(self, months: Sequence[Month]) -> None:
        """Counts of units that went whole to one successor: exact sums in the database."""
        self._put(
            self._carried_over(months)
            .values_list(MONTH_NUMBER, F("unit__lineages__heir__ancestries__ancestor"), "indicator")
            .annotate(Sum("approved"), Sum("value"), CountOf("approved"), CountOf("value"))
            .order_by()
        )

    def _read_divided(self, months: Sequence[Month]) -> None:
        """Counts of divided units: each number so that nobody is lost."""
        divided = {origin for origin, heirs in self._heirs.items() if len(heirs) > 1}
        if not divided:
            return
        rows = Count.objects.filter(self._wanted(months), unit__in=divided).values_list(
            MONTH_NUMBER, "unit", "indicator", "approved", "value"
        )
        for month, origin, indicator, approved, value in rows:
            self._put(
                (
                    month,
                    node,
                    indicator,
                    self.part(origin, node, approved),
                    self.part(origin, node, value),
                    approved is not None,
                    value is not None,
                )
                for node in self._nodes_of_origin[origin]
            )

    # --- lineage -----------------------------------------------------------------------------

    @cached_property
    def _heir_rows(self) -> list[tuple[int, int, int, bool]]:
        """(origin, heir, share, estimated) of every unit with a heir below the nodes."""
        below = Ancestry.objects.in_month(self.map_month).filter(ancestor__in=self.nodes)
        current = Lineage.objects.on_map_of(self.map_month)
        origins = current.filter(heir__in=below.values("descendant")).values("origin")
        return list(
            current.filter(origin__in=origins)
            .order_by("origin", "pk")
            .values_list("origin", "heir", "share", "estimated")
        )

    @cached_property
    def _heirs(self) -> dict[int, list[tuple[int, int]]]:
        """Origin to its (heir, share) pairs; shares of zero left out."""
        heirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for origin, heir, portion, _estimated in self._heir_rows:
            if portion:
                heirs[origin].append((heir, portion))
        return heirs

    @cached_property
    def _nodes_above(self) -> dict[int, list[int]]:
        """Unit to the nodes at or above it on the chosen map."""
        above: dict[int, list[int]] = defaultdict(list)
        rows = Ancestry.objects.in_month(self.map_month).filter(ancestor__in=self.nodes)
        for ancestor, descendant in rows.values_list("ancestor", "descendant"):
            above[descendant].append(ancestor)
        return above

    @cached_property
    def _nodes_of_origin(self) -> dict[int, set[int]]:
        return {
            origin: {node for heir, _portion in heirs for node in self._nodes_above[heir]}
            for origin, heirs in self._heirs.items()
        }

    @cached_property
    def _partial(self) -> dict[int, set[int]]:
        """Node to the units of which it has a part only, and rests on how they were divided.

        A node that holds every heir of the divided unit is exact all the same.
        """
        heirs: dict[int, set[int]] = defaultdict(set)
        doubtful = set()
        for origin, heir, _portion, estimated in self._heir_rows:
            heirs[origin].add(heir)
            if estimated:
                doubtful.add(origin)
        found: dict[int, set[int]] = defaultdict(set)
        for origin in doubtful:
            reach = [set(self._nodes_above[heir]) for heir in heirs[origin]]
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
            for origin, _heir, portion, estimated in self._heir_rows
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
        for origin, heirs in self._heirs.items():
            if origin not in {heir for heir, _portion in heirs}:
                for node in sorted(self._nodes_of_origin[origin]):
                    found[node].append(origin)
        return found

    def part(self, origin: int, node: int, number: int | None) -> int | None:
        """What ``node`` has of a number of ``origin``."""
        if number is None:
            return None
        heirs = self._heirs[origin]
        if len(heirs) == 1:
            return number
        parts = allocate(number, [portion for _heir, portion in heirs])
        return sum(
            part
            for (heir, _portion), part in zip(heirs, parts, strict=True)
            if node in self._nodes_above[heir]
        )

    def heirs_below(self, leaf: int, node: int, month: Month) -> list[int]:
        """Who below ``node`` carries what ``leaf`` counted in ``month``: itself on its own map."""
        if self.on_own_map(month):
            return [leaf]
        return [heir for heir, _portion in self._heirs[leaf] if node in self._nodes_above[heir]]

    def part_of_heir(self, leaf: int, heir: int, number: int, month: Month) -> int:
        """What one of ``heirs_below`` has of a number of ``leaf``."""
        if self.on_own_map(month):
            return number
        heirs = self._heirs[leaf]
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
        in_force = Unit.objects.filter(pk__in=self._heirs).reporting_in(month)
        for leaf, tier in in_force.values_list("pk", "reports_at"):
            for node in self._nodes_of_origin[leaf]:
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
        key = month, node, indicator, column
        if key not in self._bases_of_nodes:
            self._bases_of_nodes[key] = self._add_bases(*key)
        return self._bases_of_nodes[key]

    def _add_bases(self, month: Month, node: int, indicator: int, column: str) -> "BaseOfNode":
        held, own = self._bases.held, self.on_own_map(month)
        found = [
            (leaf, base)
            for leaf, _tier in self.leaves(month).get(node, ())
            if (base := held(leaf, indicator, month, column)) is not None
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
        base = self._bases.held(leaf, indicator, month, column)
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
