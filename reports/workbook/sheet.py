"""One page of the workbook: puts values into cells; knows widths, paper, panes and links."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.formatting.rule import Rule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from reports.engine.rules import Status
from reports.wording.words import status_word

from . import metrics, style
from .style import Look, Styles

ROW_HEIGHT = 14.5
CONTENT_ROW = 6
"""Where the content of every page begins, below its heading."""
A4_MM = (210.0, 297.0)
MARGINS_MM = {"left": 18.0, "right": 12.0, "top": 16.0, "bottom": 13.0}
_SAFE_ROOM = 0.96
"""How much of a page is filled: programs differ a little in how high they print a row."""
_ROWS_WITH_TITLE = 3
"""So many rows at least follow the title of a block on its page."""
_MM_PER_PIXEL = 25.4 / 96
_MM_PER_POINT = 25.4 / 72
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def without_controls(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return text if text.isprintable() else _CONTROL.sub("", text)


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, how it looks, and what it says about an item."""

    heading: str
    value: Callable[[Any], Any]
    look: Look | Callable[[Any], Look] = style.FIGURE
    least: float = 5
    align: str | None = None

    def look_for(self, item: Any) -> Look:
        return self.look(item) if callable(self.look) else self.look

    @property
    def head(self) -> Look:
        """Headings stand as what is below them does; ``align`` says how where looks vary."""
        align = self.align or ("right" if callable(self.look) else self.look.align)
        if align == "left":
            return style.HEAD_LEFT.but(indent=1 if callable(self.look) else self.look.indent)
        return style.HEAD_CENTRE if align == "center" else style.HEAD


class Sheet:
    """A worksheet being written. Rows and columns count from one; every value is a literal.

    ``contents`` is the name of the sheet every page leads back to, ``scope`` the line under every
    title that says whose figures these are; ``printed`` how many columns go on paper, if not all.
    """

    def __init__(
        self,
        worksheet: Worksheet,
        styles: Styles,
        *,
        contents: str,
        scope: str,
    ):
        self.ws = worksheet
        self.styles = styles
        self.contents = contents
        self.scope = scope
        self.last_row = self.last_column = 1
        self._room: dict[int, float] = defaultdict(float)
        self._largest: dict[tuple[int, int, bool], float] = {}
        self._heads: list[tuple[int, int, Sequence[str]]] = []
        self._statuses: dict[int, list[int]] = defaultdict(list)
        self._prose: list[tuple[int, str, Look]] = []
        self.printed: int | None = None
        worksheet.sheet_format.defaultRowHeight = 15
        worksheet.sheet_view.showGridLines = False

    @property
    def title(self) -> str:
        return self.ws.title

    # --- cells -----------------------------------------------------------------------------------

    def put(self, row: int, column: int, value: Any, look: Look, *, fit: bool = False) -> None:
        """Write one literal value. ``fit``: the column must be wide enough to show it whole."""
        if isinstance(value, Status):
            self._statuses[column].append(row)
            look, value = style.of_status(value, look), status_word(value)
        cell = self.ws.cell(row, column)
        if isinstance(value, str):
            value = without_controls(value)
            if value[:1] in _FORMULA_STARTS:
                look = look.but(quoted=True)
            cell.value = value
            cell.data_type = "s"
        elif value is not None:
            look = style.exact_enough(value, look)
            cell.value = value
        cell._style = self.styles[look]
        if fit and value is not None:
            self._fit(column, value, look)
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column

    def _fit(self, column: int, value: Any, look: Look) -> None:
        """Widen a column for a value; a number only if it is larger than all before it."""
        if not isinstance(value, str | date):
            place, size = (column, id(look), value < 0), abs(value)
            if size <= self._largest.get(place, -1):
                return
            self._largest[place] = size
        text = metrics.pixels(style.shown(value, look), look.size, look.bold)
        self.widen(column, text + look.indent * metrics.INDENT_PIXELS)

    def fill(self, row: int, first: int, last: int, look: Look) -> None:
        """Give empty cells of a row a look, so that bands and rules run through."""
        for column in range(first, last + 1):
            self.put(row, column, None, look)

    def text(self, row: int, first: int, last: int, value: str, look: Look) -> None:
        """Wrapped text across columns of known width, outside data ranges; as high as it needs."""
        self.fill(row, first, last, look)
        self.put(row, first, value, look.but(wrap=True))
        self.merge(row, first, last)
        room = sum(self.width(column) for column in range(first, last + 1))
        self.height(row, self.wrapped_height(value, room, look))

    def merge(self, row: int, first: int, last: int) -> None:
        """Make one cell of several, outside data ranges; each part keeps the look it has."""
        if last > first:
            # The library's own way copies borders cell by cell, at many times the price.
            self.ws.merged_cells.add(
                f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}"
            )

    def wrapped_height(self, text: str, width: float, look: Look) -> float:
        """Height of wrapped text in a column, or columns, of so many digits."""
        room = metrics.column_pixels(width) - metrics.INDENT_PIXELS * look.indent
        needed = metrics.lines(text, room, look.size, look.bold)
        return needed * metrics.line_height(look.size) + 4

    def height(self, row: int, points: float) -> None:
        """Make a row at least so high."""
        known = self.ws.row_dimensions[row].height or 0
        self.ws.row_dimensions[row].height = max(known, round(points * 4) / 4)

    def widths(self, widths: Iterable[float]) -> None:
        """Fix the widths of the first columns, in digits, where a page is laid out by hand."""
        for column, width in enumerate(widths, start=1):
            self._room[column] = metrics.column_pixels(width)

    def widen(self, column: int, pixels: float) -> None:
        if pixels > self._room[column]:
            self._room[column] = pixels

    def width(self, column: int) -> float:
        """The width of a column as known so far, in digits."""
        return metrics.column_width(self._room[column]) if self._room[column] else 8.5

    def link(self, row: int, column: int, target: str, cell: str = "A1") -> None:
        """Make a cell lead to a place in this workbook."""
        quoted = target.replace("'", "''")
        self.ws.cell(row, column).hyperlink = Hyperlink(
            ref=f"{get_column_letter(column)}{row}", location=f"'{quoted}'!{cell}"
        )

    # --- parts of a page -------------------------------------------------------------------------

    def heading(self, title: str, subtitle: str, notice: str) -> int:
        """The way back, the title, what it is about; returns the row where content begins."""
        self.put(1, 1, "↩ " + _("Contents"), style.LINK_TEXT)
        self.link(1, 1, self.contents)
        self.put(2, 1, title, style.TITLE)
        self.height(2, 24)
        self._prose = [(3, subtitle, style.SUBTITLE), (4, notice, style.NOTICE)]
        self.height(5, 6)
        return CONTENT_ROW

    def head(self, row: int, columns: Sequence[Column], *, first: int = 1) -> None:
        """The heading row of a table; it grows as high as its wrapped headings need."""
        for column, spec in enumerate(columns, start=first):
            look = spec.head
            self.put(row, column, spec.heading, look)
            words = (metrics.pixels(word, look.size, True) for word in spec.heading.split())
            indent = look.indent * metrics.INDENT_PIXELS
            self.widen(column, max([metrics.column_pixels(spec.least), *words]) + indent)
        self._heads.append((row, first, [spec.heading for spec in columns]))

    def row(
        self,
        row: int,
        columns: Sequence[Column],
        item: Any,
        *,
        first: int = 1,
        dress: Callable[[Look], Look] | None = None,
    ) -> None:
        """One item of a table; ``dress`` makes it a total or a subtotal row."""
        for column, spec in enumerate(columns, start=first):
            look, value = spec.look_for(item), spec.value(item)
            self.put(row, column, value, dress(look) if dress else look, fit=not look.wrap)
            if look.wrap and value:
                self.height(row, self.wrapped_height(value, self.width(column), look))
        self.height(row, ROW_HEIGHT)

    # --- the page as a whole ---------------------------------------------------------------------

    def freeze(self, row: int, column: int) -> None:
        """Keep everything above ``row`` and left of ``column`` in sight."""
        self.ws.freeze_panes = f"{get_column_letter(column)}{row}"

    def paper(
        self,
        *,
        landscape: bool,
        repeat: tuple[int, int] | None = None,
        breaks: Iterable[int] = (),
        one_page: bool = False,
        from_row: int = 2,
        to_row: int | None = None,
    ) -> None:
        """A4, fitted to one page in width; ``breaks`` are the rows that end a page.

        ``to_row``: what lies below it is for the screen and is not printed.
        """
        ws = self.ws
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_setup.orientation = "landscape" if landscape else "portrait"
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_setup.fitToWidth = 1
        ws.page_setup.fitToHeight = 1 if one_page else 0
        last = get_column_letter(self.printed or self.last_column)
        ws.print_area = f"A{from_row}:{last}{to_row or self.last_row}"
        ws.print_options.horizontalCentered = True
        if repeat:
            ws.print_title_rows = f"{repeat[0]}:{repeat[1]}"
        for row in breaks:
            ws.row_breaks.append(Break(id=row))

    def settle(self) -> None:
        """Set widths, and what follows from them: wrapped lines and heights of headings."""
        while self._prose:
            row, said, look = self._prose.pop()
            self.text(row, 1, self.printed or self.last_column, said, look)
        for column in range(1, self.last_column + 1):
            self.ws.column_dimensions[get_column_letter(column)].width = self.width(column)
        for row, first, headings in self._heads:
            needed = max(
                metrics.lines(heading, metrics.column_pixels(self.width(column)), 9, True)
                for column, heading in enumerate(headings, start=first)
            )
            self.height(row, needed * metrics.line_height(9) + 7)

    def finish(self) -> None:
        self.settle()
        self._follow_statuses()

    def breaks(
        self, blocks: Sequence[tuple[int, int]], *, landscape: bool, repeat: tuple[int, int] | None
    ) -> list[int]:
        """Rows that end a page, so that every title of a block stands on a page with its rows.

        A block ``(first row, last row)`` that would not fit begins a new page, unless the page is
        still half empty. Every page is ended here: one that the reader's program breaks by itself
        would move all the pages after it.
        """
        self.settle()
        room = self.page_points(landscape) * _SAFE_ROOM
        repeated = self.points(*repeat) if repeat else 0.0
        used = self.points(2, blocks[0][0] - 1)
        ends: list[int] = []
        for first, last in blocks:
            needed = self.points(first, last)
            begins = self.points(first, min(last, first + _ROWS_WITH_TITLE))
            if used + begins > room or (used + needed > room and used > room / 2):
                ends.append(first - 1)
                used = repeated
            for row in range(first, last + 1):
                height = self.points(row, row)
                if used + height > room:
                    ends.append(row - 1)
                    used = repeated
                used += height
        return ends

    def points(self, first: int, last: int) -> float:
        """Height of some rows together."""
        heights = (self.ws.row_dimensions[row].height for row in range(first, last + 1))
        return sum(ROW_HEIGHT if height is None else height for height in heights)

    def page_points(self, landscape: bool) -> float:
        """Height of a page in the points of this sheet, which is shrunk to one page in width."""
        wide, high = reversed(A4_MM) if landscape else A4_MM
        width = sum(
            self.width(column) * metrics.DIGIT_PIXELS * _MM_PER_PIXEL
            for column in range(1, self.last_column + 1)
        )
        scale = min(1.0, (wide - MARGINS_MM["left"] - MARGINS_MM["right"]) / width)
        return (high - MARGINS_MM["top"] - MARGINS_MM["bottom"]) / scale / _MM_PER_POINT

    def _follow_statuses(self) -> None:
        where = " ".join(
            f"{letter}{first}:{letter}{last}"
            for column, rows in sorted(self._statuses.items())
            for letter in [get_column_letter(column)]
            for first, last in _runs(rows)
        )
        if not where:
            return
        for status in Status:
            rule = Rule(
                type="cellIs",
                operator="equal",
                formula=[f'"{status_word(status)}"'],
                dxf=style.differential(status),
            )
            self.ws.conditional_formatting.add(where, rule)


_FORMULA_STARTS = ("=", "+", "-", "@")


def _runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as pairs of first and last."""
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
