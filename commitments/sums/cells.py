"""Cells of sums by node and indicator, and how those of one month are stored."""

from collections.abc import Collection, Iterable, Mapping

from commitments.models import CarriedTotal, Total
from commitments.rows import write_rows
from districts.months import Month

Key = tuple[int, int]
"""Node and indicator."""
Cell = tuple[int | None, int | None, int, int]
"""approved sum, reported sum, units approved, units reported"""
CELL = ("approved", "reported", "units_approved", "units_reported")
Sums = type[Total] | type[CarriedTotal]


def added_up(rows: Iterable[tuple]) -> dict[Key, Cell]:
    """Rows of node, indicator and cell, put together by key; of nobody, left out."""
    cells: dict[Key, Cell] = {}
    for node, indicator, *cell in rows:
        known = cells.get((node, indicator))
        cells[node, indicator] = tuple(cell) if known is None else _add(known, tuple(cell))
    return {key: cell for key, cell in cells.items() if cell[2] or cell[3]}


def _add(one: Cell, other: Cell) -> Cell:
    """Blank plus a number is the number; blank plus blank stays blank."""
    return tuple(
        b if a is None else a if b is None else a + b for a, b in zip(one, other, strict=True)
    )


def stored(sums: Sums, month: Month) -> dict[Key, Cell]:
    """All that stands of a month."""
    rows = sums.objects.filter(month=month).values_list("node", "indicator", *CELL)
    return {(node, indicator): tuple(cell) for node, indicator, *cell in rows}


def store(sums: Sums, month: Month, cells: Mapping[Key, Cell]) -> None:
    """Store cells of a month beside those that stand, or instead of them."""
    write_rows(
        sums,
        ["node", "indicator", *CELL],
        [(*key, *cell) for key, cell in cells.items()],
        same={"month": month},
        unique=["month", "node", "indicator"],
    )


def remove(sums: Sums, month: Month, keys: Collection[Key]) -> None:
    """Remove cells of a month."""
    for node, indicator in keys:
        sums.objects.filter(month=month, node=node, indicator=indicator).delete()
