"""The heads of a matrix: the block of rows over its columns, merged cells filled in."""

from collections.abc import Sequence

from commitments.intake.headers import (
    Catalogue,
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
from commitments.intake.numbers import Unreadable, is_bare_number, unclear
from commitments.intake.statements.columns import HeadCell, names_a_group, read_head, states
from commitments.intake.workbook.cells import Place, Sheet, Unclear, Value, shown
from commitments.models import Indicator

_MOST_HEAD_ROWS = 5


def holds_number(value: Value) -> bool:
    """Whether a cell says anything that could be a number gone wrong; words alone do not."""
    if isinstance(value, str):
        return any(character.isdigit() for character in value)
    return value is not None


class Heads:
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
            if any(holds_number(value) and not _is_head_word(value) for value in texts):
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


def is_word(value: Value) -> bool:
    """Whether a head with digits in it is still words: ``BHYT 2024``, ``Tháng 3``."""
    return isinstance(value, str) and sum(map(str.isalpha, value)) >= 2


def _is_head_word(value: Value) -> bool:
    """Whether it is words, or states a month or a measure: ``T11``, ``1000đ``."""
    return is_word(value) or (isinstance(value, str) and states(value))
