"""Sums below every unit, kept right in the transaction of the write that changed them.

One function recomputes for saves, approvals, imports and changes of the map: from the direct
children, bottom up. ``verify_totals`` compares with a plain GROUP BY through the ancestry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count as CountOf
from django.db.models import F, Sum

from districts.models import Ancestry, Unit
from districts.months import Month
from districts.versions import raise_common
from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE, Actor

from .actions.reporting import periods
from .models import Count, Period, Total
from .rows import write_rows
from .rules import Fault

Cell = tuple[int | None, int | None, int, int]
"""approved sum, reported sum, units approved, units reported"""
_CELL = ("approved", "reported", "units_approved", "units_reported")


def recompute(
    *, changed: Mapping[Month, Collection[int]], indicators: Collection[int] | None = None
) -> None:
    """Bring the totals above the ``changed`` reporting units of each month up to date.

    ``indicators`` limits the work to those that changed. Cells whose children all vanished are
    deleted. The caller holds the lock of the periods (``actions.periods.lock``).
    """
    for month, units in changed.items():
        for level in _levels_above(units, month):
            _recompute_level(level, month, indicators)


def rebuild(*, months: Iterable[Month], nodes: Collection[int]) -> None:
    """Make the totals of ``nodes`` anew from the ancestry as it now is: the map has changed."""
    for month in months:
        Total.objects.filter(month=month, node__in=nodes).delete()
        leaves = Count.objects.filter(
            month=month,
            unit__ancestries__ancestor__in=nodes,
            unit__ancestries__since__lte=month,
            unit__ancestries__until__gt=month,
        )
        recompute(changed={month: set(leaves.values_list("unit", flat=True))})


def _levels_above(units: Collection[int], month: Month) -> list[list[int]]:
    """The units above ``units``, grouped so that children come before their parents."""
    height: dict[int, int] = {}
    rows = Ancestry.objects.above(units, month).values_list("ancestor", "depth").distinct()
    for ancestor, depth in rows:
        height[ancestor] = max(height.get(ancestor, 0), depth)
    levels = defaultdict(list)
    for ancestor, depth in height.items():
        levels[depth].append(ancestor)
    return [levels[depth] for depth in sorted(levels)]


def _recompute_level(nodes: list[int], month: Month, indicators: Collection[int] | None) -> None:
    cells = _from_children(nodes, month, indicators)
    _write(month, cells)
    stale = Total.objects.filter(month=month, node__in=nodes)
    if indicators is not None:
        stale = stale.filter(indicator__in=indicators)
        if len(cells) == len(nodes) * len(set(indicators)):
            return
    for node, indicator in stale.values_list("node", "indicator"):
        if (node, indicator) not in cells:
            Total.objects.filter(month=month, node=node, indicator=indicator).delete()


def _from_children(
    nodes: list[int], month: Month, indicators: Collection[int] | None
) -> dict[tuple[int, int], Cell]:
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
    cells: dict[tuple[int, int], Cell] = {}
    for node, indicator, *cell in own.order_by().union(below.order_by(), all=True):
        known = cells.get((node, indicator))
        cells[node, indicator] = tuple(cell) if known is None else _add(known, tuple(cell))
    return {key: cell for key, cell in cells.items() if cell[2] or cell[3]}


def _add(one: Cell, other: Cell) -> Cell:
    """Blank plus a number is the number; blank plus blank stays blank."""
    return tuple(
        b if a is None else a if b is None else a + b for a, b in zip(one, other, strict=True)
    )


def _write(month: Month, cells: Mapping[tuple[int, int], Cell]) -> None:
    """Store the totals of a month, by (node, indicator)."""
    write_rows(
        Total,
        ["node", "indicator", *_CELL],
        [(*key, *cell) for key, cell in cells.items()],
        same={"month": month},
        unique=["month", "node", "indicator"],
    )


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


def plain_group_by(month: Month) -> dict[tuple[int, int], Cell]:
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

    Each month is locked while it is compared, so that a write under way is never taken for a
    fault. A repair is kept in the journal, month by month.
    """
    result = Verification()
    months = set(Total.objects.values_list("month", flat=True).distinct())
    months |= set(Count.objects.values_list("month", flat=True).distinct())
    for month in sorted(months):
        with transaction.atomic():
            _verify_month(month, repair, result, actor)
    return result


def _verify_month(month: Month, repair: bool, result: Verification, actor: Actor) -> None:
    provinces = Period.objects.filter(month=month).values_list("unit", flat=True)
    periods.lock(provinces=set(provinces), months=[month])
    expected = plain_group_by(month)
    stored = {
        (node, indicator): tuple(cell)
        for node, indicator, *cell in Total.objects.filter(month=month).values_list(
            "node", "indicator", *_CELL
        )
    }
    result.checked += len(expected.keys() | stored.keys())
    wrong = [key for key in expected.keys() | stored.keys() if expected.get(key) != stored.get(key)]
    for node, indicator in sorted(wrong):
        result.wrong.append(
            Fault(
                "wrong_total",
                f"{month} unit {node} indicator {indicator}",
                read=str(stored.get((node, indicator))),
                expected=str(expected.get((node, indicator))),
            )
        )
    if repair and wrong:
        for node, indicator in wrong:
            Total.objects.filter(month=month, node=node, indicator=indicator).delete()
        _write(month, {key: expected[key] for key in wrong if key in expected})
        result.repaired += len(wrong)
        write_journal(
            actor=actor,
            action="totals.repaired",
            subject=Unit.objects.get(pk=min(wrong)[0]),
            before=_told(month, wrong, stored),
            after=_told(month, wrong, expected),
        )
        raise_common()


def _told(month: Month, keys: Iterable[tuple[int, int]], cells: Mapping[tuple, Cell]) -> dict:
    """Cells of a month for the journal, by the keys of unit and indicator."""
    return {"month": str(month), **{f"{key[0]}/{key[1]}": cells.get(key) for key in sorted(keys)}}
