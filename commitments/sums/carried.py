"""Sums of earlier months carried over to the map that stands now, kept right like totals.

A unit has carried totals for the months before its area last changed. From then on what is counted
below it is what it has on every map.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from commitments.models import CarriedTotal, Count
from districts.models import Ancestry, Lineage
from districts.months import FOREVER, Month
from districts.settled import LAST_MAP, settled_since

from .carriers import Carriers
from .cells import Cell, Key, added_up, remove, store


def carrying(units: Collection[int]) -> QuerySet:
    """The units of the last map that have any of what these reporting units ever counted."""
    heirs = Lineage.objects.on_map_of(LAST_MAP).filter(origin__in=units)
    above = Ancestry.objects.filter(until=FOREVER, descendant__in=heirs.values("heir"))
    return above.values("ancestor")


def recompute_carried(
    *, month: Month, nodes: Collection[int], indicators: Collection[int] | None = None
) -> None:
    """Bring what nodes have of a month up to date, whose area changed after it."""
    counts = Q(month=month)
    stored = CarriedTotal.objects.filter(month=month, node__in=nodes)
    if indicators is not None:
        counts &= Q(indicator__in=indicators)
        stored = stored.filter(indicator__in=indicators)
    cells = _cells(counts, nodes)
    gone = [key for key in stored.values_list("node", "indicator") if key not in cells]
    remove(CarriedTotal, month, gone)
    store(CarriedTotal, month, cells)


def rebuild_carried(*, nodes: Collection[int]) -> None:
    """Make all that is carried over to ``nodes`` anew: the map has changed."""
    CarriedTotal.objects.filter(node__in=nodes).delete()
    settled = settled_since(nodes)
    if not settled:
        return
    below = Ancestry.objects.filter(until=FOREVER, ancestor__in=settled).values("descendant")
    origins = Lineage.objects.on_map_of(LAST_MAP).filter(heir__in=below).values("origin")
    earlier = Count.objects.filter(unit__in=origins, month__lt=max(settled.values()))
    carriers = Carriers(settled, LAST_MAP)
    for month in sorted(set(earlier.order_by().values_list("month", flat=True).distinct())):
        chosen = [node for node, since in settled.items() if month < since]
        store(CarriedTotal, month, _cells(Q(month=month), chosen, carriers))


def carried_over(month: Month) -> dict[Key, Cell]:
    """All that is carried over of a month, read from the counts: the reference."""
    standing = Ancestry.objects.filter(until=FOREVER).values("ancestor")
    nodes = [node for node, since in settled_since(standing).items() if month < since]
    return _cells(Q(month=month), nodes)


def _cells(wanted: Q, nodes: Collection[int], carriers: Carriers | None = None) -> dict[Key, Cell]:
    """What the nodes have of the counts of one month on the last map."""
    carriers = carriers or Carriers(nodes, LAST_MAP)
    return added_up(row[1:] for row in carriers.cells(wanted, nodes))
