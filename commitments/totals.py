"""Sums below every unit, kept right in the transaction of the write that changed them.

One function recomputes for saves, approvals, imports and changes of the map: from the direct
children, bottom up. ``verify_totals`` compares with a plain GROUP BY through the ancestry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import BigAutoField, F, QuerySet, Sum, Value
from django.db.models import Count as CountOf

from districts.models import Ancestry, Unit
from districts.months import Month, MonthField
from districts.settled import last_changes
from districts.versions import raise_common
from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE, Actor
from steering.accounts.prepared import Given, Prepared

from .actions.reporting import periods
from .models import CarriedTotal, Count, Period, Total
from .rules import Fault
from .sums.carried import carried_over, carrying, rebuild_carried, recompute_carried
from .sums.cells import Cell, Key, Sums, added_up, remove, store, stored


def recompute(
    *, changed: Mapping[Month, Collection[int]], indicators: Collection[int] | None = None
) -> None:
    """Bring the totals above the ``changed`` reporting units of each month up to date.

    So is what a later map carries over of them.

    ``indicators`` limits the work to those that changed. Cells whose children all vanished are
    deleted. The caller holds the lock of the periods (``actions.periods.lock``), and has raised the
    versions of the units: two provinces that became one write into one cell of what is carried
    over, and the second to raise its version waits for the first.
    """
    for month, units in changed.items():
        levels, carriers = _reached(units, month)
        for level in levels:
            _recompute_level(level, month, indicators)
        if carriers:
            recompute_carried(month=month, nodes=carriers, indicators=indicators)


def rebuild(*, months: Iterable[Month], nodes: Collection[int]) -> None:
    """Make the totals of ``nodes`` anew from the ancestry as it now is: the map has changed.

    What they carry over is made anew of all months.
    """
    for month in months:
        Total.objects.filter(month=month, node__in=nodes).delete()
        leaves = Count.objects.filter(
            month=month,
            unit__ancestries__ancestor__in=nodes,
            unit__ancestries__since__lte=month,
            unit__ancestries__until__gt=month,
        )
        levels, _carriers = _reached(set(leaves.values_list("unit", flat=True)), month)
        for level in levels:
            _recompute_level(level, month, None)
    rebuild_carried(nodes=nodes)


def _reached(units: Collection[int], month: Month) -> tuple[list[list[int]], set[int]]:
    """Where counts of ``units`` in a month are in a sum, in one query.

    The units above them, grouped so that children come before their parents; and those of the last
    map that have any of them and whose area changed after the month.
    """
    if len(units) == 1:
        rows = _SUMS_OF_ONE.ask(unit=next(iter(units)), month=month)
    else:
        rows = _sums_with(units, month)
    height: dict[int, int] = {}
    carriers = set()
    for node, changed, depth in rows:
        if depth:
            height[node] = max(height.get(node, 0), depth)
        elif month < changed:
            carriers.add(node)
    levels = defaultdict(list)
    for ancestor, depth in height.items():
        levels[depth].append(ancestor)
    return [levels[depth] for depth in sorted(levels)], carriers


def _sums_with(units: Collection[int] | QuerySet, month: Month | Given) -> QuerySet:
    """(node, last change of its area, depth) of every sum; a node above has no change here."""
    above = Ancestry.objects.above(units, month).annotate(changed=Value(0))
    changes = (one.annotate(level=Value(0)) for one in last_changes(carrying(units)))
    return above.order_by().values_list("ancestor", "changed", "depth").union(*changes)


_SUMS_OF_ONE = Prepared(
    lambda: _sums_with(
        Unit.objects.filter(pk=Given("unit", BigAutoField())).order_by().values("pk"),
        Given("month", MonthField()),
    )
)


def _recompute_level(nodes: list[int], month: Month, indicators: Collection[int] | None) -> None:
    cells = _from_children(nodes, month, indicators)
    store(Total, month, cells)
    stale = Total.objects.filter(month=month, node__in=nodes)
    if indicators is not None:
        stale = stale.filter(indicator__in=indicators)
        if len(cells) == len(nodes) * len(set(indicators)):
            return
    gone = [key for key in stale.values_list("node", "indicator") if key not in cells]
    remove(Total, month, gone)


def _from_children(
    nodes: list[int], month: Month, indicators: Collection[int] | None
) -> dict[Key, Cell]:
    """What the direct children of ``nodes`` add up to, by (node, indicator), in one query."""
    counts = Count.objects.filter(
        month=month,
        unit__ancestries__ancestor__in=nodes,
        unit__ancestries__depth=1,
        unit__ancestries__since__lte=month,
        unit__ancestries__until__gt=month,
    )
    totals = Total.objects.filter(
        month=month,
        node__ancestries__ancestor__in=nodes,
        node__ancestries__depth=1,
        node__ancestries__since__lte=month,
        node__ancestries__until__gt=month,
    )
    if indicators is not None:
        counts = counts.filter(indicator__in=indicators)
        totals = totals.filter(indicator__in=indicators)
    own = counts.values_list(F("unit__ancestries__ancestor"), "indicator").annotate(
        sum_approved=Sum("approved"),
        sum_reported=Sum("value"),
        count_approved=CountOf("approved"),
        count_reported=CountOf("value"),
    )
    below = totals.values_list(F("node__ancestries__ancestor"), "indicator").annotate(
        sum_approved=Sum("approved"),
        sum_reported=Sum("reported"),
        count_approved=Sum("units_approved"),
        count_reported=Sum("units_reported"),
    )
    return added_up(own.order_by().union(below.order_by(), all=True))


_WRONG = {Total: "wrong_total", CarriedTotal: "wrong_carried_total"}
"""What a cell is called that does not hold."""


@dataclass
class Verification:
    """How many cells were compared, which were wrong, how many were repaired."""

    checked: int = 0
    wrong: list[Fault] = field(default_factory=list)
    repaired: int = 0

    @property
    def ok(self) -> bool:
        return len(self.wrong) == self.repaired

    def as_dict(self) -> dict:
        """The answer of a command: {"ok", "checked", "wrong", "repaired"}, with what is wrong."""
        return {
            "ok": self.ok,
            "checked": self.checked,
            "wrong": len(self.wrong),
            "repaired": self.repaired,
            "errors": [fault.as_dict() for fault in self.wrong],
        }


def plain_group_by(month: Month) -> dict[Key, Cell]:
    """The totals of a month by one GROUP BY from the counts through the ancestry: the reference."""
    rows = (
        Count.objects.filter(
            month=month,
            unit__ancestries__depth__gt=0,
            unit__ancestries__since__lte=month,
            unit__ancestries__until__gt=month,
        )
        .values_list(F("unit__ancestries__ancestor"), "indicator")
        .annotate(Sum("approved"), Sum("value"), CountOf("approved"), CountOf("value"))
        .order_by()
    )
    return {(node, indicator): tuple(cell) for node, indicator, *cell in rows if cell[2] or cell[3]}


def verify_totals(*, repair: bool = False, actor: Actor = COMMAND_LINE) -> Verification:
    """Compare every stored total with the reference; with ``repair`` put the wrong ones right.

    Totals of their own month's map, and what is carried over to the last. Each month is locked
    while it is compared, so that a write under way is never taken for a fault. A repair is kept in
    the journal, month by month.
    """
    result = Verification()
    months = {
        month
        for model in (Count, Total, CarriedTotal)
        for month in model.objects.order_by().values_list("month", flat=True).distinct()
    }
    for month in sorted(months):
        with transaction.atomic():
            provinces = Period.objects.filter(month=month).values_list("unit", flat=True)
            periods.lock(provinces=set(provinces), months=[month])
            _verify(Total, month, plain_group_by(month), repair, result, actor)
            _verify(CarriedTotal, month, carried_over(month), repair, result, actor)
    return result


def _verify(
    sums: Sums,
    month: Month,
    expected: Mapping[Key, Cell],
    repair: bool,
    result: Verification,
    actor: Actor,
) -> None:
    standing = stored(sums, month)
    keys = expected.keys() | standing.keys()
    result.checked += len(keys)
    wrong = sorted(key for key in keys if expected.get(key) != standing.get(key))
    for node, indicator in wrong:
        result.wrong.append(
            Fault(
                _WRONG[sums],
                f"{month} unit {node} indicator {indicator}",
                read=str(standing.get((node, indicator))),
                expected=str(expected.get((node, indicator))),
            )
        )
    if repair and wrong:
        remove(sums, month, [key for key in wrong if key not in expected])
        store(sums, month, {key: expected[key] for key in wrong if key in expected})
        result.repaired += len(wrong)
        write_journal(
            actor=actor,
            action="totals.repaired",
            subject=Unit.objects.get(pk=wrong[0][0]),
            before=_told(month, wrong, standing),
            after=_told(month, wrong, expected),
        )
        raise_common()


def _told(month: Month, keys: Iterable[Key], cells: Mapping[Key, Cell]) -> dict:
    """Cells of a month for the journal, by the keys of unit and indicator."""
    return {"month": str(month), **{f"{key[0]}/{key[1]}": cells.get(key) for key in keys}}
