"""Tidy tables: one number per row, under the heads month, unit, indicator, value in any order."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from commitments.intake.headers import (
    Catalogue,
    computed_indicator,
    duplicate_column,
    is_bare_code_head,
    unknown_indicator,
    words,
)
from commitments.intake.numbers import Unreadable, read_count
from commitments.intake.statements.asked import Asked
from commitments.intake.statements.columns import HeadCell, names_a_group, read_head
from commitments.intake.statements.kinds import NumberKind
from commitments.intake.statements.measures import (
    Measure,
    measures_in,
    scale_in_row,
    without_measure,
)
from commitments.intake.statements.periods import only_month
from commitments.intake.workbook.cells import Place, Sheet, Value, column_letter
from commitments.models import Base, Indicator
from commitments.rules import Fault
from districts.months import Month

_HEADS = {
    "month": {"month", "ky", "ky bao cao", "thang", "period"},
    "unit": {"unit", "unit code", "ma don vi", "ma dvhc"},
    "name": {"unit name", "ten don vi", "don vi"},
    "indicator": {"indicator", "indicator code", "ma chi tieu"},
    "title": {"indicator name", "ten chi tieu", "chi tieu"},
    "value": {"value", "gia tri", "so lieu"},
    "source": {"source", "nguon", "nguon so lieu"},
    "measure": {"don vi tinh", "dvt", "unit of measure"},
    "dated": {"date", "ngay", "ngay so lieu"},
}
_NEEDED = ({"unit", "name"}, {"indicator", "title"}, {"value"})
_SEARCHED_ROWS = 30
_DESCRIBING = {NumberKind.CHANGE, NumberKind.SHARE, NumberKind.RANK}
_NO_NAMES = Catalogue([])
MAX_SOURCE = Base._meta.get_field("source").max_length


@dataclass(frozen=True)
class TidyRow:
    """One row as read. ``unread`` stands where the number should, and is none."""

    place: Place
    month_place: Place
    unit_place: Place
    unit: str | int
    name: str | None
    month: Month
    indicator: Indicator
    value: int | None
    source: str
    dated: date | None
    unread: Value = None


def find_header(sheet: Sheet) -> tuple[int, dict[str, list[int]]] | None:
    """The row (from 0) that holds a tidy table's heads, and the columns of each; None if none."""
    for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        columns: dict[str, list[int]] = {}
        for column, meaning in _meanings(row):
            columns.setdefault(meaning, []).append(column)
        if all(either & columns.keys() for either in _NEEDED):
            return index, columns
    return None


def _meanings(row: Sequence[Value]) -> Iterator[tuple[int, str]]:
    """The columns of known heads. ``Mã`` alone is the code of what the next column names."""
    for column, head in enumerate(row):
        meaning = _meaning(head)
        if meaning is None and is_bare_code_head(head) and column + 1 < len(row):
            meaning = {"name": "unit", "title": "indicator"}.get(_meaning(row[column + 1]))
        if meaning is not None:
            yield column, meaning


def _meaning(head: Value) -> str | None:
    spelt = {words(head)} | ({words(without_measure(head)[0])} if isinstance(head, str) else set())
    return next((name for name, spellings in _HEADS.items() if spelt & spellings), None)


def read_tidy(
    sheet: Sheet,
    header: int,
    columns: dict[str, list[int]],
    catalogue: Catalogue,
    month: Month | None,
    fault: Callable[[Fault], None],
    scale_of: Callable[[Indicator], int] = lambda indicator: 1,
) -> Iterator[TidyRow]:
    """Each readable row; every cell that cannot be read goes to ``fault``.

    ``month`` is the month asked for: it fills a missing column or cell, and may not contradict.
    ``scale_of`` says how many of its unit one is where no row and no head says so.
    """
    repeated = [found for found in columns.values() if len(found) > 1]
    for found in repeated:
        head = sheet.value(header, found[1])
        fault(duplicate_column(*found[:2]).at(Place.of(sheet, header, found[1]), head))
    if repeated:
        return
    of_values = measures_in(str(sheet.value(header, columns["value"][0])))
    reader = _RowReader(
        sheet, {name: found[0] for name, found in columns.items()}, catalogue, of_values, scale_of
    )
    for index in range(header + 1, len(sheet.rows)):
        if any(value is not None for value in sheet.rows[index]):
            row, faults = reader.read(index, month)
            for found in faults:
                fault(found)
            if row is not None:
                yield row


class _RowReader:
    def __init__(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        catalogue: Catalogue,
        of_values: Sequence[Measure],
        scale_of: Callable[[Indicator], int],
    ):
        self.sheet, self.columns, self.catalogue = sheet, columns, catalogue
        self.of_values, self.scale_of = of_values, scale_of

    def _cell(self, row: list[Value], *meanings: str) -> tuple[Value, int | None]:
        """The first of ``meanings`` that is not blank in ``row``, and the column to look for it."""
        there = None
        for meaning in meanings:
            column = self.columns.get(meaning)
            if column is not None:
                if column < len(row) and row[column] is not None:
                    return row[column], column
                there = column if there is None else there
        return None, there

    def read(self, index: int, asked: Month | None) -> tuple[TidyRow | None, list[Fault]]:
        cells = self.sheet.rows[index]
        faults: list[Fault] = []

        def attempt(read: Callable[[Value], Any], *meanings: str) -> Any:
            value, column = self._cell(cells, *meanings)
            try:
                return read(value)
            except Unreadable as error:
                faults.append(error.at(Place.of(self.sheet, index, column), value))
                return None

        name = self._cell(cells, "name")[0]
        row = TidyRow(
            place=Place.of(self.sheet, index, self.columns["value"]),
            month_place=Place.of(self.sheet, index, self._cell(cells, "month")[1]),
            unit_place=Place.of(self.sheet, index, self._cell(cells, "unit", "name")[1]),
            unit=attempt(_unit, "unit", "name"),
            name=name if isinstance(name, str) else None,
            month=attempt(lambda value: _month(value, asked), "month"),
            indicator=(indicator := attempt(self._indicator, "indicator", "title")),
            value=attempt(lambda value: read_count(value, self._scale(cells, indicator)), "value"),
            source=attempt(_source, "source"),
            dated=attempt(_day, "dated"),
        )
        if faults == [fault for fault in faults if self._is_of_value(fault)]:
            unread = self._cell(cells, "value")[0] if faults else None
            return replace(row, unread=unread), faults
        return None, faults

    def _scale(self, cells: list[Value], indicator: Indicator | None) -> int:
        """How many of its unit one in the row is: as the row says, the head, or the titles."""
        if indicator is None:
            return 1
        named, _column = self._cell(cells, "indicator", "title")
        said, _column = self._cell(cells, "measure")
        stated = [said] if isinstance(said, str) else []
        if isinstance(named, str) and (beside := without_measure(named)[1]) is not None:
            stated.append(beside.text)
        stated += [one.text for one in self.of_values]
        scales = [scale_in_row(one, indicator) for one in stated]
        return next((one for one in scales if one is not None), None) or self.scale_of(indicator)

    def _is_of_value(self, fault: Fault) -> bool:
        return fault.column == column_letter(self.columns["value"])

    def _indicator(self, value: Value) -> Indicator:
        found = self.catalogue.find(value)
        if found is None:
            raise unknown_indicator(value, self.catalogue)
        if not found.is_entered:
            raise computed_indicator(found)
        return found


def other_number(sheet: Sheet, taken: Collection[int], row: TidyRow) -> Fault | None:
    """What a cell of a column without a meaning (not ``taken``) says against the row's number:
    ``Kế hoạch``, ``Cùng kỳ``, ``Lũy kế``, ``Tháng 11``.

    A word that may describe what was counted (``Đạt``, ``Giảm``) says nothing against it.
    """
    asked = Asked(row.month)
    for column, text in enumerate(sheet.rows[row.place.row - 1]):
        if column in taken or not isinstance(text, str) or not names_a_group(text):
            continue
        place = Place.of(sheet, row.place.row - 1, column)
        head = read_head([HeadCell(text, place)], _NO_NAMES)
        objection = asked.objection(row.indicator, replace(head, indicator=row.indicator))
        if objection is not None and objection.said.kind not in _DESCRIBING:
            return objection.fault()
    return None


def _unit(value: Value) -> str | int:
    if value is None:
        raise Unreadable("unit_missing", _("The unit is missing. Write its code or its name."))
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise Unreadable("unknown_unit", _("“%(read)s” is no code or name of a unit."))
    return value


def _month(value: Value, asked: Month | None) -> Month:
    """The month of a row: ``2024-02``, ``02/2024``, or a date in it. Raises Unreadable."""
    if value is None:
        if asked is None:
            raise Unreadable(
                "month_missing",
                _("The month is missing. Write it like 2024-02, or give it with --month."),
                "2024-02",
            )
        return asked
    try:
        if isinstance(value, date):
            month = Month.containing(value)
        elif isinstance(value, str):
            month = _month_in_text(value, asked)
        else:
            raise ValueError(value)
    except ValueError:
        raise Unreadable(
            "bad_month", _("“%(read)s” is not a month. Write it like 2024-02."), "2024-02"
        ) from None
    if asked is not None and month != asked:
        raise Unreadable(
            "other_month",
            _("The file says %(read)s, but %(month)s was asked for."),
            str(asked),
            month=asked.shown,
        )
    return month


def _month_in_text(text: str, asked: Month | None) -> Month:
    """``2024-02``, ``02/2024``, ``2024-02-29``, ``Tháng 2/2024``, ``T2`` of the year asked for."""
    try:
        return Month.parse(text)
    except ValueError:
        pass
    stated = only_month(text)
    if stated is None:
        return Month.containing(date.fromisoformat(text))
    if stated.month is None and asked is None:
        raise ValueError(text)
    return stated.month or Month.of(asked.year, stated.last)


def _source(value: Value) -> str:
    """Where a base comes from, in words. Raises Unreadable where they do not fit."""
    if not isinstance(value, str):
        return ""
    if len(value) > MAX_SOURCE:
        raise Unreadable(
            "too_long",
            _("The source has %(length)s characters. Name it in at most %(limit)s."),
            length=len(value),
            limit=MAX_SOURCE,
        )
    return value


def _day(value: Value) -> date | None:
    """The day a base is dated: a date, ``2024-02-29`` or ``29/02/2024``. Raises Unreadable."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(value), form).date()
        except ValueError:
            continue
    raise Unreadable(
        "bad_date", _("“%(read)s” is not a day. Write it like 29/02/2024."), "29/02/2024"
    )
