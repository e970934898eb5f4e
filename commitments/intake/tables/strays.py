"""Numbers that no table takes in, or that stand for more than one of its cells: named or refused.

Nothing that holds a number is dropped in silence. What plainly is no data (numbers in a title or
under the head of remarks) is named in the answer; where a unit or an indicator is named beside a
number that was not read, somebody has to say that it is not meant.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from django.utils.translation import gettext as _

from commitments.intake.headers import (
    Catalogue,
    is_bare_code_head,
    is_note_head,
    is_unit_head,
    words,
)
from commitments.intake.numbers import is_bare_number
from commitments.intake.questions import question
from commitments.intake.workbook.cells import (
    Book,
    Place,
    Sheet,
    Unclear,
    Value,
    Why,
    column_index,
    shown,
)
from commitments.rules import Fault
from districts.models import Unit
from districts.months import Month

from .matrix import Matrix
from .units import KnownLine, UnitFinder

_RUNNING_HEADS = {"stt", "tt", "so tt", "so thu tu", "no"}
_THOUSANDS, _THREE_DIGITS = re.compile(r"[1-9]\d{0,2}\Z"), re.compile(r"\d{3}\Z")
_NUMBER_AND_WORDS = re.compile(r"\d[\d.,]*(?: ?[^\W\d]+){1,2}\Z")

Names = Callable[[Value], bool]
"""Whether a cell names a unit or an indicator."""


def naming(finder: UnitFinder, catalogue: Catalogue, month: Month) -> Names:
    """Tells cells that name a unit on the map of ``month``, or an indicator."""

    def names(value: Value) -> bool:
        if not isinstance(value, str):
            return False
        return catalogue.find(value) is not None or finder.knows(month, value)

    return names


# --- sheets and rows outside of every table ------------------------------------------------------


def unread_sheets(book: Book, has_table: Callable[[Sheet], bool], names: Names) -> Iterator[Fault]:
    """A question for each sheet without a table, beside others with one, that names numbers."""
    without = [sheet for sheet in book.sheets if not has_table(sheet)]
    if len(without) == len(book.sheets):
        return
    for sheet in without:
        for row in range(len(sheet.rows)):
            if (found := _named_number(sheet, row, names)) is not None:
                column, name = found
                message = _(
                    "No row heads a table on this sheet, but “%(read)s” stands there with a "
                    "number. Put “Đơn vị” over the units and an indicator over each column of "
                    "numbers. If it is confirmed, nothing of the sheet is recorded."
                )
                place = Place.of(sheet, row, column)
                yield question(place.fault("unread_sheet", message % {"read": shown(name)}, name))
                break


def above_the_heads(sheet: Sheet, top: int, names: Names) -> Iterator[Fault]:
    """What stands above a table and holds numbers: a question where something is named there."""
    for row in range(top):
        numbers = [
            (column, value) for column, value in enumerate(sheet.rows[row]) if is_bare_number(value)
        ]
        if not numbers:
            continue
        if (found := _named_number(sheet, row, names)) is not None:
            column, name = found
            message = _(
                "“%(read)s” and a number stand above the heads of the table and were not read. "
                "Move them below, or give them heads of their own. If it is confirmed, they are "
                "left out."
            )
            place = Place.of(sheet, row, column)
            yield question(place.fault("unread_row", message % {"read": shown(name)}, name))
            continue
        for column, value in numbers:
            message = _("%(read)s stands above the heads of the table and was left out.")
            yield _left_out(Place.of(sheet, row, column), message, value)


def _named_number(sheet: Sheet, row: int, names: Names) -> tuple[int, Value] | None:
    """The cell of a row that names a unit or an indicator of a number to its right or below."""
    cells = sheet.rows[row]
    numbers = [column for column, value in enumerate(cells) if is_bare_number(value)]
    for column, value in enumerate(cells):
        if not isinstance(value, str) or is_bare_number(value):
            continue
        is_before = bool(numbers) and column < numbers[-1]
        if (is_before or is_bare_number(sheet.value(row + 1, column))) and names(value):
            return column, value
    return None


# --- inside a table ------------------------------------------------------------------------------


def without_merged(table: Matrix, top: int) -> Matrix:
    """The table with each number that is merged over several of its cells marked as unclear.

    Cells merged below a head that is merged alike are one cell, and so are two rows of one unit.
    """
    rows = {line.row for line in table.lines if line.label is not None or line.code is not None}
    first = min((line.row for line in table.lines), default=len(table.sheet.rows))
    owned = {
        column
        for column in range(max(map(len, table.sheet.rows), default=0))
        for row in range(top, first)
        if _heads_numbers(table.sheet.value(row, column))
    }
    columns = {column.index for column in table.columns}
    return replace(table, sheet=mark_merged(table.sheet, first, rows, owned | columns))


def mark_merged(sheet: Sheet, first: int, rows: set[int], columns: set[int]) -> Sheet:
    """The sheet with numbers marked that are merged over several of some rows or columns."""
    marked: list[tuple[int, int]] = []
    for (top, left), (bottom, right) in sheet.merged:
        if top < first or not is_bare_number(sheet.value(top, left)):
            continue
        across = sum(column in columns for column in range(left, right + 1))
        down = sum(row in rows for row in range(top, bottom + 1))
        if across > 1 or (across == 1 and down > 1):
            marked.append((top, left))
    if not marked:
        return sheet
    changed = list(sheet.rows)
    for row, column in marked:
        changed[row] = list(changed[row])
        changed[row][column] = Unclear(shown(changed[row][column]), Why.MERGED)
    return replace(sheet, rows=changed)


def _heads_numbers(value: Value) -> bool:
    if value is None or isinstance(value, Unclear):
        return False
    return not (is_unit_head(value) or is_note_head(value) or is_bare_code_head(value))


def other_units(
    table: Matrix,
    top: int,
    lines: Sequence[KnownLine],
    above: dict[int, list[int]],
    find: Callable[[str], Unit | None],
) -> Iterator[Fault]:
    """A question where a column between the units and their numbers names other units."""
    last = max((column.index for column in table.columns), default=-1)
    known = {column.index for column in table.columns}
    asked: set[int] = set()
    for line in lines:
        if line.unit is None:
            continue
        for column in range(column_index(line.line.place.column) + 1, last):
            value = table.sheet.value(line.line.row, column)
            if column in known or column in asked or not isinstance(value, str):
                continue
            if is_note_head(table.sheet.value(top, column)):
                continue
            unit = find(value)
            if unit is None or unit == line.unit or unit.pk in above[line.unit.pk]:
                continue
            asked.add(column)
            message = _(
                "“%(read)s” names another unit than %(unit)s in the same row. Head the column "
                "with “Đơn vị” if a second table begins there. If it is confirmed, the numbers "
                "beside it are those of %(unit)s."
            )
            details = {"read": shown(value), "unit": line.unit.full_name}
            place = Place.of(table.sheet, line.line.row, column)
            yield question(place.fault("other_unit_beside", message % details, value))


def left_out_of(table: Matrix, top: int, lines: Sequence[KnownLine]) -> Iterator[Fault]:
    """Numbers under the heads of remarks, and those with words in rows that name no unit."""
    sheet = table.sheet
    for column, head in enumerate(sheet.rows[top]):
        if is_note_head(head) and words(head) not in _RUNNING_HEADS:
            yield from _numbers_under(sheet, column, head, [line.row for line in table.lines])
    known = {line.line.row for line in lines}
    for line in table.lines:
        if line.row in known or not line.only_words:
            continue
        for column in table.columns:
            value = sheet.value(line.row, column.index)
            if isinstance(value, str) and _NUMBER_AND_WORDS.match(value):
                message = _("“%(read)s” stands in a row that names no unit and was left out.")
                yield _left_out(Place.of(sheet, line.row, column.index), message, value)


def numbers_beside(
    sheet: Sheet, header: int, taken: set[int], names: Names
) -> tuple[list[Fault], list[Fault]]:
    """Numbers of a tidy table in columns that it does not have: faults, and what is left out.

    A column whose head names units or an indicator belongs to another table.
    """
    faults, remarks = [], []
    heads = sheet.rows[header]
    rows = range(header + 1, len(sheet.rows))
    for column, head in enumerate(heads):
        if column in taken or head is None or words(head) in _RUNNING_HEADS:
            continue
        found = list(_numbers_under(sheet, column, head, rows))
        if not found:
            continue
        if is_unit_head(head) or names(head):
            message = _(
                "“%(read)s” heads numbers beside a table that gives one number a row. Put the "
                "second table on a sheet of its own."
            )
            place = Place.of(sheet, header, column)
            faults.append(place.fault("second_table", message % {"read": shown(head)}, head))
        elif not is_bare_code_head(head):
            remarks += found
    return faults, remarks


def beyond_the_heads(sheet: Sheet, header: int) -> dict[int, Fault]:
    """The rows of a tidy table that hold a number under no head, each with its refusal.

    A comma for thousands without quotation marks parts a number of a text file in two.
    """
    heads = sheet.rows[header]
    first = next(column for column, head in enumerate(heads) if head is not None)
    refused: dict[int, Fault] = {}
    for row in range(header + 1, len(sheet.rows)):
        for column, value in enumerate(sheet.rows[row]):
            has_head = column < first or (column < len(heads) and heads[column] is not None)
            if not has_head and is_bare_number(value):
                message = _(
                    "%(read)s stands under no head. Write a number with a comma in quotation "
                    "marks or without the comma, or give the column a head."
                )
                place = Place.of(sheet, row, column)
                read = {"read": shown(value)}
                refused[row] = place.fault("beyond_the_heads", message % read, value)
                break
    return refused


def parted_numbers(sheet: Sheet, header: int, column: int) -> Iterator[Fault]:
    """A question for each number of a tidy table of a text file, in ``column``, that seems to be
    cut at its comma, with the rest under the head of remarks beside it."""
    if sheet.name is not None or not is_note_head(sheet.value(header, column + 1)):
        return
    for row in range(header + 1, len(sheet.rows)):
        value, rest = sheet.value(row, column), sheet.value(row, column + 1)
        if _THOUSANDS.match(shown(value)) and _THREE_DIGITS.match(shown(rest)):
            yield _parted(sheet, row, column)


def parted_in_all_rows(table: Matrix) -> Iterator[Fault]:
    """Questions where every row of a text file ends in a short number and three digits beside it,
    under two heads of numbers: a comma for thousands without quotation marks parts one in two."""
    sheet = table.sheet
    if not sheet.parted_by_commas:
        return
    rows = [
        line.row
        for line in table.lines
        if any(is_bare_number(sheet.value(line.row, one.index)) for one in table.columns)
    ]
    for left, right in pairwise(sorted(table.columns, key=lambda column: column.index)):
        if (
            right.index == left.index + 1
            and rows
            and all(_is_parted(sheet.rows[row], left.index) for row in rows)
        ):
            for row in rows:
                yield _parted(sheet, row, left.index)


def _is_parted(cells: Sequence[Value], column: int) -> bool:
    """Whether a row ends with the two parts of a number, the first in ``column``."""
    if any(value is not None for value in cells[column + 2 :]) or len(cells) < column + 2:
        return False
    value, rest = cells[column : column + 2]
    return bool(_THOUSANDS.match(shown(value)) and _THREE_DIGITS.match(shown(rest)))


def _parted(sheet: Sheet, row: int, column: int) -> Fault:
    value, rest = sheet.value(row, column), sheet.value(row, column + 1)
    message = _(
        "%(read)s and the %(rest)s beside it may be one number with a comma. Write it in "
        "quotation marks or without the comma. If it is confirmed, %(read)s is recorded."
    )
    read = {"read": shown(value), "rest": shown(rest)}
    return question(Place.of(sheet, row, column).fault("parted_number", message % read, value))


def _numbers_under(sheet: Sheet, column: int, head: Value, rows: Sequence[int]) -> Iterator[Fault]:
    """The first number below a head, for all of them."""
    found = [row for row in rows if is_bare_number(sheet.value(row, column))]
    if found:
        message = _("%(count)s numbers under “%(head)s” were left out, first %(read)s.")
        first = sheet.value(found[0], column)
        place = Place.of(sheet, found[0], column)
        yield _left_out(place, message, first, count=len(found), head=shown(head))


def _left_out(place: Place, message: str, value: Value, **details: object) -> Fault:
    return place.fault("left_out", message % {"read": shown(value), **details}, value)
