"""What a cell of an uploaded file may hold, where it stands, and how it is quoted in a fault."""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from commitments.rules import Fault
from districts.vietnamese import clean


@dataclass(frozen=True)
class CellError:
    """An error value such as ``#DIV/0!``."""

    text: str


@dataclass(frozen=True)
class NoCachedValue:
    """A formula that no spreadsheet program has calculated yet: its value is unknown."""


class Percent(float):
    """A number shown as a percentage: 0.961 in a cell that reads 96.1 %."""

    __slots__ = ()


class PercentSign(float):
    """A number with a percent sign that is only written beside it: 96.1 that reads 96.1 %."""

    __slots__ = ()


class Why(StrEnum):
    """Why what a cell holds is not what its reader sees."""

    STRUCK_OUT = "struck_out"
    RAISED = "raised"
    MERGED = "merged_number"
    NOT_SHOWN = "not_shown"
    SHOWN_OTHERWISE = "shown_otherwise"
    MAY_SHOW_OTHERWISE = "may_show_otherwise"


@dataclass(frozen=True)
class Unclear:
    """What a cell holds, as a text, where its reader sees something else or nothing."""

    text: str
    why: Why


@dataclass(frozen=True)
class Spans:
    """Some columns, as ranges from first to last (both included) in ascending order."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> "Spans":
        """From ranges in any order, overlapping or not."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = merged[-1][0], max(last, merged[-1][1])
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __contains__(self, index: int) -> bool:
        at = bisect_right(self.ranges, (index, math.inf)) - 1
        return at >= 0 and self.ranges[at][0] <= index <= self.ranges[at][1]

    def gaps(self, end: int) -> list[tuple[int, int]]:
        """What lies between the ranges, from 0 up to ``end`` (excluded)."""
        edges = [-1, *(edge for pair in self.ranges for edge in pair), end]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [(before + 1, after - 1) for before, after in pairs if before + 1 < after]


Value: TypeAlias = (
    str
    | int
    | float
    | bool
    | date
    | datetime
    | time
    | timedelta
    | CellError
    | NoCachedValue
    | Percent
    | PercentSign
    | Unclear
    | None
)
"""One cell. None is blank; texts are cleaned and never empty."""


def is_filled(value: Value) -> bool:
    """Whether a cell holds anything."""
    return value is not None


Merge: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""Top left and bottom right of a merged area, counted from 0."""


KEYS_SHEET = "_khoa"
"""The hidden sheet in which a template says what it is; no other hidden sheet is read."""


@dataclass(frozen=True)
class Sheet:
    """One visible sheet. ``rows[0]`` is row 1; a text file is one sheet without a name.

    Rows and columns that the sheet hides are counted from 0.
    ``parted_by_commas``: the cells of a text file end at commas, which may stand inside numbers.
    """

    name: str | None
    rows: list[list[Value]]
    merged: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Spans = Spans()
    parted_by_commas: bool = False

    def is_hidden(self, row: int, column: int) -> bool:
        """Whether nobody who opens the sheet sees the cell at ``row`` and ``column``."""
        return row in self.hidden_rows or column in self.hidden_columns

    def with_cells(self, texts: Mapping[tuple[int, int], str]) -> "Sheet":
        """The sheet with texts written over cells (row and column from 0); "" blanks one."""
        rows = list(self.rows)
        for (row, column), text in texts.items():
            if row < len(rows):
                rows[row] = [*rows[row], *[None] * (column + 1 - len(rows[row]))]
                rows[row][column] = clean(text) or None
        return replace(self, rows=rows)

    @property
    def is_empty(self) -> bool:
        return all(value is None for row in self.rows for value in row)

    def value(self, row: int, column: int) -> Value:
        """The cell at ``row`` and ``column``, counted from 0; blank outside the sheet."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass(frozen=True)
class Book:
    """An opened file: its visible sheets, the names of those left out, and a template's keys."""

    name: str
    sheets: list[Sheet]
    ignored_sheets: list[str] = field(default_factory=list)
    keys: Sheet | None = None

    def with_cells(self, texts: Mapping["Place", str]) -> "Book":
        """The book as somebody corrected it, cell by cell; places it does not have are left out."""
        by_sheet: dict[str | None, dict[tuple[int, int], str]] = {}
        for place, text in texts.items():
            cell = place.row - 1, column_index(place.column)
            by_sheet.setdefault(place.sheet, {})[cell] = text
        return replace(
            self,
            sheets=[
                sheet.with_cells(by_sheet[sheet.name]) if sheet.name in by_sheet else sheet
                for sheet in self.sheets
            ],
        )

    def with_tables(self, has_table: Callable[[Sheet], bool]) -> "Book":
        """The book with sheets of mere remarks left out; as it is where no sheet has a table."""
        kept = {sheet.name: sheet for sheet in self.sheets if has_table(sheet)}
        if not kept:
            return self
        others = [sheet.name for sheet in self.sheets if sheet.name not in kept]
        return replace(
            self, sheets=list(kept.values()), ignored_sheets=self.ignored_sheets + others
        )


_CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>[1-9]\d{0,6})\Z", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A cell of a file as people call it: row from 1, column as a letter."""

    sheet: str | None
    row: int
    column: str | None = None

    @classmethod
    def of(cls, sheet: Sheet, row: int, column: int | None = None) -> "Place":
        """From indices counted from 0."""
        return cls(sheet.name, row + 1, None if column is None else column_letter(column))

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The cell that ``str(place)`` named. Raises ValueError."""
        sheet, mark, cell = text.rpartition("!")
        found = _CELL.match(cell)
        if found is None:
            raise ValueError(text)
        return cls(sheet if mark else None, int(found["row"]), found["column"])

    def fault(
        self, code: str, message: str, read: Any = None, expected: str | None = None
    ) -> Fault:
        """A fault at this cell, quoting what was ``read`` there."""
        return Fault(
            code,
            message,
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            read=None if read is None else shown(read),
            expected=expected,
        )

    def __str__(self) -> str:
        cell = f"{self.column or ''}{self.row}"
        return cell if self.sheet is None else f"{self.sheet}!{cell}"


@cache
def column_letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_index(letters: str) -> int:
    """A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def shown(value: Value) -> str:
    """A cell as its reader sees it, cut to a quotable length."""
    match value:
        case None:
            return ""
        case CellError():
            return value.text
        case Unclear():
            return shown(value.text)
        case NoCachedValue():
            return _("a formula without a value")
        case bool():
            return "TRUE" if value else "FALSE"
        case Percent():
            return f"{value * 100:.15g}%"
        case PercentSign():
            return f"{value:.15g}%"
        case float():
            return f"{value:.15g}"
        case date():
            return value.isoformat(*[" "] if isinstance(value, datetime) else [])
        case _:
            text = str(value)
            return text if len(text) <= 100 else text[:99] + "…"
