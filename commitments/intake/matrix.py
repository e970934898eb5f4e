"""Matrices: one row per unit, one column per indicator, below any title rows.

Made for the annexes and monthly tables people really send: heads merged over several rows, a row
of column numbers (A, B, 1, 2, 3=2/1), running numbers, totals, groups, remarks and signatures.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from commitments.models import Indicator
from commitments.rules import Fault

from .cells import Place, Sheet, Unclear, Value, is_filled, shown
from .headers import (
    Catalogue,
    duplicate_column,
    is_bare_code_head,
    is_code_head,
    is_measure,
    is_measure_head,
    is_note_head,
    is_unit_head,
    unknown_indicator,
    without_head,
    words,
)
from .numbers import Unreadable, is_bare_number, unclear
from .questions import Question
from .statements.asked import ANYTHING, Asked, Objection
from .statements.columns import ColumnHead, HeadCell, names_a_group, read_head, states

_SEARCHED_ROWS = 40
_MOST_HEAD_ROWS = 5
_NUMBERING = re.compile(r"\(?(?P<mark>[A-Za-z]|\d{1,2})\)?(?: ?= ?[\d+\-*/x:().,% ]+)?\Z", re.ASCII)
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
        if any(map(is_unit_head, row)) and _Heads(sheet, index).others:
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
    heads = _Heads(sheet, header, catalogue)
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


def _candidates(
    heads: "_Heads",
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
    left_out = _left_out(candidates)
    remarks = [one.objection.remark(asked, one.place) for one in left_out if one.holds_numbers]
    candidates[:] = [one for one in candidates if one not in left_out]
    said: list[Fault] = []
    for one in list(candidates):
        if one.objection is not None and one.holds_numbers:
            found = one.objection.fault()
            if found not in said:  # A group says it once for all its columns.
                said.append(found)
                fault(found)
            if not isinstance(found, Question):
                candidates.remove(one)
    return remarks


def _left_out(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The columns of other numbers beside one that holds what is asked for."""
    taken = {one.indicator.pk for one in candidates if one.indicator and not one.objection}
    return [
        one
        for one in candidates
        if one.objection and (one.indicator.pk in taken if one.indicator else bool(taken))
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
    heads = _Heads(sheet, header, catalogue)
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


def _holds_number(value: Value) -> bool:
    """Whether a cell says anything that could be a number gone wrong; words alone do not."""
    if isinstance(value, str):
        return any(character.isdigit() for character in value)
    return value is not None


def _column_holds_number(sheet: Sheet, lines: Sequence["Line"], index: int) -> bool:
    return any(_holds_number(sheet.value(line.row, index)) for line in lines)


# --- heads ---------------------------------------------------------------------------------------


class _Heads:
    """The block of head rows that begins at ``top``, merged cells filled."""

    def __init__(self, sheet: Sheet, top: int, catalogue: Catalogue | None = None):
        self.sheet, self.top, self.catalogue = sheet, top, catalogue
        self._filled = self._fill_merges()
        self.first = top - 1 if self._is_of_groups(top - 1) else top
        row = sheet.rows[top]
        self.units = _unit_columns(row)
        self.end = self._find_end()
        codes = [column for column in self.units if is_code_head(row[column])]
        names = [column for column in self.units if column not in codes]
        # Where two columns name units (district, commune) the last one names the row's own.
        self.code_column = codes[-1] if codes else None
        self.name_column = names[-1] if names else None
        self.unit_column = self.units[-1]
        width = max(len(row) for row in sheet.rows)
        measured = (column for column in range(width) if self._is_of_measures(column))
        self.measure_column = next(measured, None)
        self.others = [
            column
            for column in range(width)
            if column not in self.units and not self._is_left_out(column)
        ]
        first = min((c for c in self.others if c > self.unit_column), default=self.unit_column)
        own = {self.name_column, self.code_column, *self.others}
        self.beside = [column for column in range(first) if column not in own]

    def _fill_merges(self) -> dict[tuple[int, int], Value]:
        filled = {}
        for (top, left), (bottom, right) in self.sheet.merged:
            value = self.sheet.value(top, left)
            if top < self.top + _MOST_HEAD_ROWS and bottom >= self.top and value is not None:
                for row in range(max(top, self.top), min(bottom, self.top + _MOST_HEAD_ROWS) + 1):
                    for column in range(left, right + 1):
                        filled[row, column] = value
        return filled

    def _is_of_groups(self, row: int) -> bool:
        """Whether the row above the heads says what kind of numbers, or of when, groups of columns
        hold: it has several such texts, or one over several columns."""
        if row < 0 or not self.sheet.rows[row]:
            return False
        cells = self.sheet.rows[row]
        if any(
            value is not None for value in cells[: _unit_columns(self.sheet.rows[self.top])[-1] + 1]
        ):
            return False
        texts = [value for value in cells if value is not None]
        wide = any(
            top == bottom == row and right > left
            for (top, left), (bottom, right) in self.sheet.merged
        )
        return (len(texts) > 1 or (wide and len(texts) == 1)) and all(map(names_a_group, texts))

    def cells(self, column: int) -> list[HeadCell]:
        """The heads over a column from top to bottom, each once, with their cells.

        A group that was written over its first column only, without merging, reaches to the right
        over blank cells as far as there are heads below.
        """
        found: dict[tuple[int, int], HeadCell] = {}
        for row in range(self.first, self.end):
            at, is_shared = self._origin(row, column), False
            if self.value(row, column) is None:
                left = self._group_left_of(row, column)
                if left is None:
                    continue
                at, is_shared = self._origin(row, left), True
            text = shown(self.value(*at))
            found.setdefault(at, HeadCell(text, Place.of(self.sheet, *at), is_shared))
        return list(found.values())

    def _origin(self, row: int, column: int) -> tuple[int, int]:
        """Where the text of a cell stands: itself, or the first cell of its merged area."""
        for (top, left), (bottom, right) in self.sheet.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column

    def _group_left_of(self, row: int, column: int) -> int | None:
        """The column whose head reaches over a blank cell, if it heads a group that does."""
        if not any(self.value(below, column) is not None for below in range(row + 1, self.end)):
            return None
        left = column - 1
        while left > self.unit_column and self.value(row, left) is None:
            left -= 1
        if left <= self.unit_column or self._origin(row, left) != (row, left):
            return None
        is_group = any(
            self.sheet.value(below, left) is not None for below in range(row + 1, self.end)
        )
        return left if is_group and (row, left) not in self._filled else None

    def value(self, row: int, column: int) -> Value:
        return self._filled.get((row, column), self.sheet.value(row, column))

    def _find_end(self) -> int:
        """The first row below the heads: rows of words only, without a unit, belong to them."""
        unit = self.units[-1]
        end = self.top + 1
        while end < min(len(self.sheet.rows), self.top + _MOST_HEAD_ROWS):
            row = self.sheet.rows[end]
            below = self.value(end, unit)
            if below is not None and below != self.sheet.value(self.top, unit):
                break
            texts = [value for value in row if value is not None]
            if any(_holds_number(value) and not _is_head_word(value) for value in texts):
                break
            if not any(isinstance(value, str) for value in row[unit + 1 :]):
                break
            end += 1
        return end

    def texts(self, column: int) -> list[str]:
        """The heads over a column from top to bottom, without units of measure."""
        texts = [self.value(row, column) for row in range(self.top, self.end)]
        kept = [text for text in texts if text is not None and not isinstance(text, Unclear)]
        return list(dict.fromkeys(shown(text) for text in kept if not is_measure(text)))

    def bottom(self, column: int) -> int:
        """The lowest row that holds a head of this column."""
        for row in reversed(range(self.top, self.end)):
            if self.sheet.value(row, column) is not None:
                return row
        return self.top

    def indicator(self, column: int, catalogue: Catalogue) -> Indicator | None:
        """By the lowest head that names one, or by it and the one above it read together."""
        return read_head(self.cells(column), catalogue).indicator

    def _is_of_measures(self, column: int) -> bool:
        """Whether a column says of each row in what its numbers are counted."""
        texts = self.texts(column)
        return bool(texts) and is_measure_head(texts[-1])

    def refusal(self, column: int, catalogue: Catalogue) -> Unreadable:
        """Why nobody knows what the numbers of a column are."""
        for row in reversed(range(self.top, self.end)):
            value = self.value(row, column)
            if isinstance(value, Unclear):
                return unclear(value)
        text = read_head(self.cells(column), catalogue).text
        return unknown_indicator(text, catalogue) if text else without_head(column)

    def _is_left_out(self, column: int) -> bool:
        """Running numbers, remarks, and what stands left of the units and is no number of them."""
        texts = self.texts(column)
        if texts and is_note_head(texts[-1]):
            return True
        if column > self.unit_column:
            return False
        if self.catalogue is not None and self.indicator(column, self.catalogue) is not None:
            return False
        is_of_codes = bool(texts) and is_code_head(texts[-1])
        return is_of_codes or not self._holds_counts(column)

    def _holds_counts(self, column: int) -> bool:
        """Whether numbers stand below a head that neither count the rows nor are codes."""
        cells = (self.sheet.value(row, column) for row in range(self.end, len(self.sheet.rows)))
        found = [shown(value).strip(" .") for value in cells if is_bare_number(value)]
        are_codes = all(text.startswith("0") and len(text) in (2, 3, 5) for text in found)
        return not (are_codes or _are_running(found))

    def repeats(self, row: int) -> bool:
        """Whether a row says again what stands over its columns, as on every printed page."""
        cells = [(c, value) for c, value in enumerate(self.sheet.rows[row]) if value is not None]
        return bool(cells) and all(
            words(shown(value)) in {words(text) for text in self.texts(column)}
            for column, value in cells
        )


def _are_running(texts: Sequence[str]) -> bool:
    """Whether numbers count rows: each one more than the one before it, or 1 anew."""
    before = 0
    for text in texts:
        if not text.isdecimal() or int(text) not in (before + 1, 1):
            return False
        before = int(text)
    return True


def _unit_columns(row: Sequence[Value]) -> list[int]:
    """The columns that name units, or hold their codes left of the names: ``Mã``, ``Mã số``."""
    named = [column for column, value in enumerate(row) if is_unit_head(value)]
    codes = [column for column in range(named[-1]) if is_bare_code_head(row[column])]
    return sorted({*named, *codes})


def _is_word(value: Value) -> bool:
    """Whether a head with digits in it is still words: ``BHYT 2024``, ``Tháng 3``."""
    return isinstance(value, str) and sum(map(str.isalpha, value)) >= 2


def _is_head_word(value: Value) -> bool:
    """Whether it is words, or states a month or a measure: ``T11``, ``1000đ``."""
    return _is_word(value) or (isinstance(value, str) and states(value))


# --- rows ----------------------------------------------------------------------------------------


def _lines(sheet: Sheet, heads: _Heads) -> list[Line]:
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


def _line(sheet: Sheet, heads: _Heads, index: int) -> Line:
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
        name = next((value for value in beside if isinstance(value, str) and _is_word(value)), None)
    column = code_column if name is None and code_column is not None else name_column
    return Line(
        row=index,
        label=_ENUMERATION.sub("", name, count=1) if isinstance(name, str) else None,
        code=None if code is None else str(code),
        place=Place.of(sheet, index, heads.unit_column if column is None else column),
        measure=_measure_in(sheet, heads, index),
        numbered=any(_is_code(value) for value in beside),
        holds_numbers=any(_holds_number(value) for value in values),
        only_words=all(value is None or _is_word(value) for value in values),
    )


def _measure_in(sheet: Sheet, heads: _Heads, row: int) -> str | None:
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
