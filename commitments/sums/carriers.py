"""Who carries what was counted before a change of the map, and what each carrier has of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from django.db.models import Count as CountOf
from django.db.models import F, Q, Sum

from commitments.models import Count
from districts.models import WHOLE, Ancestry, Lineage
from districts.months import MONTH_NUMBER
from districts.rules import allocate

Row = tuple[int, int, int, int | None, int | None, int, int]
"""Month, node and indicator; approved and reported sum, of how many units each."""


class Carriers:
    """The heirs at or below ``nodes`` on the map of ``map_month``, and whose counts they carry."""

    def __init__(self, nodes: Collection[int], map_month: int):
        self.nodes, self.map_month = nodes, map_month

    @cached_property
    def rows(self) -> list[tuple[int, int, int, bool]]:
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
    def heirs(self) -> dict[int, list[tuple[int, int]]]:
        """Origin to its (heir, share) pairs; shares of zero left out."""
        heirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for origin, heir, portion, _estimated in self.rows:
            if portion:
                heirs[origin].append((heir, portion))
        return heirs

    @cached_property
    def nodes_above(self) -> dict[int, list[int]]:
        """Unit to the nodes at or above it."""
        above: dict[int, list[int]] = defaultdict(list)
        rows = Ancestry.objects.in_month(self.map_month).filter(ancestor__in=self.nodes)
        for ancestor, descendant in rows.values_list("ancestor", "descendant"):
            above[descendant].append(ancestor)
        return above

    @cached_property
    def nodes_of_origin(self) -> dict[int, set[int]]:
        """Origin to the nodes that have any of it."""
        return {
            origin: {node for heir, _portion in heirs for node in self.nodes_above[heir]}
            for origin, heirs in self.heirs.items()
        }

    def part(self, origin: int, node: int, number: int | None) -> int | None:
        """What ``node`` has of a number of ``origin``."""
        if number is None:
            return None
        heirs = self.heirs[origin]
        if len(heirs) == 1:
            return number
        parts = allocate(number, [portion for _heir, portion in heirs])
        return sum(
            part
            for (heir, _portion), part in zip(heirs, parts, strict=True)
            if node in self.nodes_above[heir]
        )

    def cells(self, wanted: Q, nodes: Collection[int]) -> Iterator[Row]:
        """What some of the nodes have of the counts that are ``wanted``; several rows for a cell.

        Units that went whole to one heir are added up in the database. Of divided ones each number
        is divided by itself, so that nobody is lost.
        """
        counts, chosen = Count.objects.filter(wanted), set(nodes)
        below = Ancestry.objects.in_month(self.map_month).filter(ancestor__in=nodes)
        whole = (
            counts.filter(
                unit__lineages__since__lte=self.map_month,
                unit__lineages__until__gt=self.map_month,
                unit__lineages__share=WHOLE,
                # By the heirs, not by the nodes: each of thousands would be tried for each heir.
                unit__lineages__heir__in=below.values("descendant"),
                unit__lineages__heir__ancestries__since__lte=self.map_month,
                unit__lineages__heir__ancestries__until__gt=self.map_month,
            )
            .values_list(MONTH_NUMBER, F("unit__lineages__heir__ancestries__ancestor"), "indicator")
            .annotate(Sum("approved"), Sum("value"), CountOf("approved"), CountOf("value"))
            .order_by()
        )
        yield from (row for row in whole if row[1] in chosen)
        divided = {origin for origin, heirs in self.heirs.items() if len(heirs) > 1}
        if not divided:
            return
        rows = counts.filter(unit__in=divided).values_list(
            MONTH_NUMBER, "unit", "indicator", "approved", "value"
        )
        for month, origin, indicator, approved, value in rows:
            for node in self.nodes_of_origin[origin] & chosen:
                yield (
                    month,
                    node,
                    indicator,
                    self.part(origin, node, approved),
                    self.part(origin, node, value),
                    int(approved is not None),
                    int(value is not None),
                )
