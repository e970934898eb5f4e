"""Where one table of a sheet ends and the next begins, beside it or below it.

A table begins with a row that heads a column of units. Each is handed on as the sheet it stands
on with all other tables blanked, so that every cell keeps its place and its own head.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from commitments.intake.headers import is_bare_code_head, is_note_head, is_unit_head, words
from commitments.intake.numbers import is_bare_number
from commitments.intake.workbook.cells import Sheet, Value, shown


@dataclass(frozen=True)
class _Area:
    """Rows and columns counted from 0, the last ones excluded."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class _Region:
    """Part of a sheet: its own area, and the title lines it shares with others."""

    titles: tuple[_Area, ...]
    area: _Area


def tables_of(sheet: Sheet) -> list[Sheet]:
    """The sheet once for each of its tables, from left to right and from top to bottom.

    A head repeated further down, as on every printed page, begins no table of its own. A sheet
    with one table or none comes back as it is.
    """
    heads = _unit_heads(sheet)
    if len({row for row, _column in heads}) <= 1 and len(heads) <= 1:
        return [sheet]
    width = max(map(len, sheet.rows))
    whole = _Region((), _Area(0, len(sheet.rows), 0, width))
    regions = list(_Splitter(sheet, heads).split(whole))
    return [_alone(sheet, region) for region in regions] if len(regions) > 1 else [sheet]


def _unit_heads(sheet: Sheet) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, cells in enumerate(sheet.rows)
        for column, value in enumerate(cells)
        if isinstance(value, str) and is_unit_head(value)
    ]


def _alone(sheet: Sheet, region: _Region) -> Sheet:
    rows: list[list[Value]] = [[] for _row in sheet.rows]
    for area in (*region.titles, region.area):
        for row in range(area.top, area.bottom):
            cells = sheet.rows[row][: area.right]
            rows[row] = [None] * min(area.left, len(cells)) + cells[area.left :]
    return replace(sheet, rows=rows)


class _Splitter:
    def __init__(self, sheet: Sheet, heads: list[tuple[int, int]]):
        self.sheet, self.heads = sheet, heads

    def split(self, region: _Region) -> Iterator[_Region]:
        """The tables of a region, which is one itself if nothing more is found."""
        rows = self._head_rows(region.area)
        if not rows:
            yield region
            return
        column = self._column_of_next(region.area, rows)
        if column is not None:
            yield from self._beside(region, rows[0], column)
            return
        row = self._row_of_next(region.area, rows)
        if row is not None:
            yield from self._below(region, rows[0], row)
            return
        yield region

    def _head_rows(self, area: _Area) -> list[int]:
        """The rows with heads of units; one that no number follows only belongs to the titles."""
        rows = sorted({row for row, column in self.heads if _is_in(area, row, column)})
        return [
            row
            for row, following in zip(rows, [*rows[1:], None], strict=True)
            if following is None or self._last_number(area, row, following + 1) is not None
        ]

    def _beside(self, region: _Region, head: int, column: int) -> Iterator[_Region]:
        area = region.area
        titles = replace(area, bottom=head)
        first = _Region(region.titles, replace(area, right=column))
        second = _Region(region.titles, replace(area, left=column))
        for part in (first, second):
            for found in self.split(part):
                yield replace(found, titles=(titles, *found.titles))

    def _below(self, region: _Region, head: int, row: int) -> Iterator[_Region]:
        area = region.area
        last = self._last_number(area, head, row)
        start = head + 1 if last is None else last + 1
        titles = (*region.titles, replace(area, bottom=head))
        yield _Region(region.titles, replace(area, bottom=start))
        yield from self.split(_Region(titles, replace(area, top=start)))

    # --- beside ----------------------------------------------------------------------------------

    def _column_of_next(self, area: _Area, rows: list[int]) -> int | None:
        """The first column of a table that stands to the right of the first one."""
        first = rows[0]
        cells = {column: self.sheet.value(first, column) for column in range(area.left, area.right)}
        is_after_numbers = is_after_units = False
        for column, value in cells.items():
            if is_unit_head(value):
                if is_after_units and is_after_numbers:
                    return self._start(first, column, area.left)
                is_after_units = True
            elif value is not None and not is_bare_code_head(value) and not is_note_head(value):
                is_after_numbers = is_after_units
        units = next(column for column, value in cells.items() if is_unit_head(value))
        start, last = self._start(first, units, area.left), self._last_head(first, area)
        for row, column in self.heads:
            if row > first and _is_in(area, row, column):
                if column > last:
                    return self._start(row, column, last + 1)
                if self._begins_a_table(row, replace(area, left=column, right=max(start, column))):
                    return start
        return None

    def _start(self, row: int, column: int, left: int) -> int:
        """Where a table starts whose units are headed there: running numbers and codes before."""
        while column > left:
            before = self.sheet.value(row, column - 1)
            if not (is_bare_code_head(before) or is_note_head(before)):
                break
            column -= 1
        return column

    def _last_head(self, row: int, area: _Area) -> int:
        """The last column with a head in or just below a row, merged heads to their end."""
        last = max(
            column
            for column in range(area.left, area.right)
            if self.sheet.value(row, column) is not None
        )
        for (top, left), (_bottom, right) in self.sheet.merged:
            if top == row and area.left <= left <= last:
                last = max(last, min(right, area.right - 1))
        return last

    # --- below -----------------------------------------------------------------------------------

    def _row_of_next(self, area: _Area, rows: list[int]) -> int | None:
        first = rows[0]
        for row in rows[1:]:
            if self._begins_a_table(row, area) and self._words(row, area) != self._words(
                first, area
            ):
                return row
        return None

    def _begins_a_table(self, row: int, area: _Area) -> bool:
        """Whether a row heads something beside units in an area, and holds no number there."""
        cells = [self.sheet.value(row, column) for column in range(area.left, area.right)]
        if any(map(is_bare_number, cells)):
            return False
        return any(
            isinstance(value, str) and not is_unit_head(value) and not is_note_head(value)
            for value in cells
        )

    def _words(self, row: int, area: _Area) -> list[str]:
        cells = [self.sheet.value(row, column) for column in range(area.left, area.right)]
        return [words(shown(value)) for value in cells]

    def _last_number(self, area: _Area, above: int, below: int) -> int | None:
        """The last row between two rows that holds a number."""
        for row in range(below - 1, above, -1):
            cells = self.sheet.rows[row][area.left : area.right]
            if any(map(is_bare_number, cells)):
                return row
        return None


def _is_in(area: _Area, row: int, column: int) -> bool:
    return area.top <= row < area.bottom and area.left <= column < area.right
