"""Matrices: one row per unit, one column per indicator, below any title rows.

Made for the annexes and monthly tables people really send: heads merged over several rows, a row
of column numbers (A, B, 1, 2, 3=2/1), running numbers, totals, groups, remarks and signatures.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from commitments.intake.headers import (
    Catalogue,
    duplicate_column,
    is_unit_head,
)
from commitments.intake.numbers import Unreadable, is_bare_number
from commitments.intake.questions import Question
from commitments.intake.statements.asked import ANYTHING, Asked, Objection
from commitments.intake.statements.columns import ColumnHead, names_a_group, read_head
from commitments.intake.statements.kinds import NumberKind
from commitments.intake.statements.periods import Period
from commitments.intake.workbook.cells import Place, Sheet, Value, is_filled, shown
from commitments.models import Indicator
from commitments.rules import Fault
from districts.vietnamese import search_key

from .head_block import Heads, holds_number, is_word

_SEARCHED_ROWS = 40
_NUMBERING = re.compile(r"\(?(?P<mark>[A-Za-z]|\d{1,2})\)?(?: ?= ?[\d+\-*/x:().,% ]+)?\Z", re.ASCII)
_FOOTNOTES = re.compile(r"\s*(?:[¹²³⁴⁵⁶⁷⁸⁹*]+|\((?:\d|\*+)\))\Z")
_SHARE = re.compile(r"\bt[yi] le\b|\bphan tram\b|%")
_ENUMERATION = re.compile(r"(?:(?!X\.)[IVX]{1,5}[.)]|\d{1,3}[.)]|[a-zđ]\)|[-+*])\s+")


@dataclass(frozen=True)
class Column:
    """A column of numbers, the indicator it is headed by, and what else its heads state."""

    index: int
    indicator: Indicator
    head: ColumnHead


@dataclass(frozen=True)
class Line:
    """One row below the heads: whom it is about, as typed, and where.

    ``measure``: in what its numbers are counted, as a column of measures says. ``numbered``: it
    has a running number. ``holds_numbers``: something under a head could be a number, right or
    wrong; ``only_words``: all of it reads as words (a date line, a signature).
    """

    row: int
    label: str | None
    code: str | None
    place: Place
    measure: str | None
    numbered: bool
    holds_numbers: bool
    only_words: bool


@dataclass(frozen=True)
class Matrix:
    """A table as read: the title lines above it, its columns and its rows.

    ``top`` is its first row of heads (from 0) and ``below`` the first under them. ``left_out`` are
    columns that hold other numbers than those asked for, as remarks at the heads that say so.
    """

    sheet: Sheet
    titles: list[str]
    columns: list[Column]
    lines: list[Line]
    top: int
    below: int
    left_out: Sequence[Fault] = ()

    def cell(self, line: Line, column: Column) -> tuple[Value, Place]:
        return (
            self.sheet.value(line.row, column.index),
            Place.of(self.sheet, line.row, column.index),
        )


def find_header(sheet: Sheet) -> int | None:
    """The first row (from 0) of a matrix's heads: it names units and at least one thing more.

    Numbers follow it before the next such row; ``Đơn vị: Xã Hua La`` in the titles heads none.
    """
    filled = (index for index, row in enumerate(sheet.rows) if any(map(is_filled, row)))
    found = None
    for index in islice(filled, _SEARCHED_ROWS):
        row = sheet.rows[index]
        if found is not None and any(map(is_bare_number, row)):
            break
        if any(map(is_unit_head, row)) and Heads(sheet, index).others:
            found = index
    return found


def read_matrix(
    sheet: Sheet,
    header: int,
    catalogue: Catalogue,
    accept: Callable[[Indicator], bool],
    fault: Callable[[Fault], None],
    chosen: Mapping[Place, Indicator | None] | None = None,
    asked: Asked = ANYTHING,
) -> Matrix:
    """The table whose heads begin at row ``header``.

    ``accept`` says whether a column of that indicator is read, and raises Unreadable where it may
    not be there at all. Columns that nobody can name go to ``fault`` if they hold numbers.
    ``chosen`` says by the cell of a head what somebody decided its column holds; None leaves it
    out. A column whose heads contradict what is ``asked`` is left out where another column holds
    the indicator, and a fault where none does.
    """
    heads = Heads(sheet, header, catalogue)
    lines = _lines(sheet, heads)
    columns: dict[int, Column] = {}
    named: dict[int, Column] = {}
    candidates = [
        one
        for one in _candidates(heads, lines, catalogue, asked, chosen or {})
        if not (one.place in (chosen or {}) and one.indicator is None)
    ]
    left_out = _without_others(candidates, asked, fault)
    for one in candidates:
        indicator = one.indicator
        try:
            if indicator is None:
                if one.holds_numbers:
                    raise heads.refusal(one.index, catalogue)
                continue
            if (first := named.get(indicator.pk)) is not None:
                if not one.holds_numbers:
                    continue  # A merged head covers cells that are merged below it as well.
                raise duplicate_column(first.index, one.index)
            named[indicator.pk] = Column(one.index, indicator, one.head)
            if accept(indicator):
                columns[one.index] = named[indicator.pk]
        except Unreadable as error:
            fault(error.at(one.place, one.head.text))
    titles = titles_of(sheet, heads.first)
    return Matrix(sheet, titles, list(columns.values()), lines, heads.first, heads.end, left_out)


@dataclass(frozen=True)
class _Candidate:
    """A column that may hold numbers, and what its heads object to taking them."""

    index: int
    place: Place
    head: ColumnHead
    objection: Objection | None
    holds_numbers: bool

    @property
    def indicator(self) -> Indicator | None:
        return self.head.indicator

    @property
    def is_share(self) -> bool:
        if self.objection is None:
            return False
        said = self.objection.said
        return said.kind == NumberKind.SHARE or (
            said.kind == NumberKind.CHANGE and bool(_SHARE.search(search_key(said.text)))
        )


def _candidates(
    heads: Heads,
    lines: Sequence[Line],
    catalogue: Catalogue,
    asked: Asked,
    chosen: Mapping[Place, Indicator | None],
) -> list[_Candidate]:
    found = []
    for index in heads.others:
        place = Place.of(heads.sheet, heads.bottom(index), index)
        head = read_head(heads.cells(index), catalogue)
        if place in chosen:
            head = replace(head, indicator=chosen[place])
        holds = _column_holds_number(heads.sheet, lines, index)
        objection = asked.objection(head.indicator, head)
        found.append(_Candidate(index, place, head, objection, holds))
    return found


def _without_others(
    candidates: list[_Candidate], asked: Asked, fault: Callable[[Fault], None]
) -> list[Fault]:
    """Take the columns of other numbers out of ``candidates``; remarks on those left out."""
    said: list[Fault] = _months_over_nothing(candidates)
    for found in said:
        fault(found)
    left_out = _left_out(candidates)
    remarks = [one.objection.remark(asked, one.place) for one in left_out if one.holds_numbers]
    candidates[:] = [one for one in candidates if one not in left_out]
    for one in list(candidates):
        if one.objection is not None and one.holds_numbers:
            found = one.objection.fault()
            if found not in said:  # A group says it once for all its columns.
                said.append(found)
                fault(found)
            if not isinstance(found, Question):
                candidates.remove(one)
    return remarks


def _months_over_nothing(candidates: Sequence[_Candidate]) -> list[Fault]:
    """Questions of another time that stands among the heads over no number, where none over a
    column is the one asked for: it may be that of the whole table."""
    if any(period for one in candidates if not one.objection for period in _periods(one)):
        return []
    return [
        one.objection.fault()
        for one in candidates
        if one.objection is not None
        and one.objection.code in ("other_month", "other_year")
        and not one.holds_numbers
        and names_a_group(one.head.text)
    ]


def _periods(one: _Candidate) -> list[Period]:
    return [period for said in one.head.said for period in said.periods]


def _left_out(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The columns of other numbers beside one that holds what is asked for.

    Whatever a share is of (``Tỷ lệ so với dân số``), it is a number beside the others.
    """
    taken = {one.indicator.pk for one in candidates if one.indicator and not one.objection}
    return [
        one
        for one in candidates
        if one.objection
        and (one.indicator.pk in taken if one.indicator and not one.is_share else bool(taken))
    ]


@dataclass(frozen=True)
class Head:
    """What stands over a column beside the units, and what the catalogue makes of it."""

    place: Place
    text: str
    indicator: Indicator | None
    meant: Indicator | None
    holds_numbers: bool


def read_heads(
    sheet: Sheet, header: int, catalogue: Catalogue, asked: Asked = ANYTHING
) -> list[Head]:
    """Every column of the matrix at row ``header`` that may hold numbers, from left to right,
    but for those that are left out as other numbers than what is ``asked``."""
    heads = Heads(sheet, header, catalogue)
    candidates = _candidates(heads, _lines(sheet, heads), catalogue, asked, {})
    left_out = _left_out(candidates)
    found = []
    for one in candidates:
        if one not in left_out:
            text = one.head.text
            meant = one.indicator or (catalogue.suggestion(text) if text else None)
            found.append(Head(one.place, text, one.indicator, meant, one.holds_numbers))
    return found


def titles_of(sheet: Sheet, header: int) -> list[str]:
    """The texts above a table."""
    return [value for row in sheet.rows[:header] for value in row if isinstance(value, str)]


def _column_holds_number(sheet: Sheet, lines: Sequence["Line"], index: int) -> bool:
    return any(holds_number(sheet.value(line.row, index)) for line in lines)


# --- rows ----------------------------------------------------------------------------------------


def _lines(sheet: Sheet, heads: Heads) -> list[Line]:
    lines: list[Line] = []
    is_below_heads = True
    for index in range(heads.end, len(sheet.rows)):
        cells = [value for value in sheet.rows[index] if value is not None]
        if not cells or (is_below_heads and _is_number_row(cells)):
            continue
        is_below_heads = heads.repeats(index)
        if not is_below_heads:
            lines.append(_line(sheet, heads, index))
    return lines


def _line(sheet: Sheet, heads: Heads, index: int) -> Line:
    name_column, code_column = heads.name_column, heads.code_column
    name = None if name_column is None else sheet.value(index, name_column)
    code = None if code_column is None else sheet.value(index, code_column)
    values = [sheet.value(index, column) for column in heads.others]
    beside = [sheet.value(index, column) for column in heads.beside]
    if not _is_code(code):
        name, code = name if name is not None else code, None
    if _is_code(name):
        name, code = None, code if code is not None else name
    if name is None and code is None:
        name = next((value for value in beside if isinstance(value, str) and is_word(value)), None)
    column = code_column if name is None and code_column is not None else name_column
    return Line(
        row=index,
        label=_named(name) if isinstance(name, str) else None,
        code=None if code is None else str(code),
        place=Place.of(sheet, index, heads.unit_column if column is None else column),
        measure=_measure_in(sheet, heads, index),
        numbered=any(_is_code(value) for value in beside),
        holds_numbers=any(holds_number(value) for value in values),
        only_words=all(value is None or is_word(value) for value in values),
    )


def _named(text: str) -> str:
    """A name without the number before it and the marks of a footnote behind it."""
    return _FOOTNOTES.sub("", _ENUMERATION.sub("", text, count=1)) or text


def _measure_in(sheet: Sheet, heads: Heads, row: int) -> str | None:
    value = None if heads.measure_column is None else sheet.value(row, heads.measure_column)
    return value if isinstance(value, str) else None


def _is_code(value: Value) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number_row(cells: list[Value]) -> bool:
    """Whether a row only numbers the columns: A, B, 1, 2, 3=2/1."""
    marks = [_NUMBERING.match(shown(value)) for value in cells]
    if not all(marks):
        return False
    numbers = [int(match["mark"]) for match in marks if match["mark"].isdigit()]
    return numbers == list(range(1, len(numbers) + 1))
