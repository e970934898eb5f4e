"""No row is ever lost: whatever a unit is called, its number comes back or is refused by name."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from commitments.intake.counts import read_counts
from commitments.intake.files import open_file
from commitments.intake.headers import Catalogue, is_bare_code_head, is_note_head, is_unit_head
from commitments.intake.tables.extents import tables_of
from commitments.intake.tables.matrix import find_header, read_matrix
from commitments.intake.workbook.cells import Book, Sheet
from commitments.models import Indicator
from districts.actions import load_gazetteer
from districts.gazetteer.register import UnitRow, read_register
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from districts.names import is_total_row
from districts.vietnamese import clean
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from . import made

UNITS = list(read_register().units.values())
CATALOGUE = Catalogue([Indicator(pk=1, code="HI", name_vi="BHYT", name_en="HI", kind="stock")])
OLD, NEW = Month.of(2025, 2), Month.of(2025, 9)
TODAY = date(2025, 12, 1)

_KINDS = {
    "Thị trấn": "TT.", "Thị xã": "TX", "Thành phố": "TP.", "Đặc khu": "ĐK.", "Xã": "X.",
    "Phường": "P.", "Huyện": "H.", "Quận": "Q.",
}  # fmt: skip


def abbreviated(unit: UnitRow | Unit) -> str:
    for kind, short in _KINDS.items():
        if unit.full_name.startswith(kind + " "):
            return f"{short} {unit.full_name.removeprefix(kind + ' ')}"
    return unit.full_name


SPELLINGS: dict[str, Callable[[UnitRow | Unit], str]] = {
    "in full": lambda unit: unit.full_name,
    "in capitals": lambda unit: unit.full_name.upper(),
    "in small letters": lambda unit: unit.full_name.lower(),
    "decomposed": lambda unit: unicodedata.normalize("NFD", unit.full_name),
    "abbreviated": abbreviated,
    "abbreviated without a dot": lambda unit: abbreviated(unit).replace(".", ""),
    "without its kind": lambda unit: unit.name,
    "as an office": lambda unit: f"UBND {unit.full_name}",
    "numbered": lambda unit: f"12. {unit.full_name}",
    "listed": lambda unit: f"- {unit.full_name}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_row_of_any_unit_of_the_country_is_read_as_a_row(spelling):
    assert len(UNITS) > 14_000
    write = SPELLINGS[spelling]
    rows = [["STT", "Đơn vị", "HI"], *[[n, write(u), n] for n, u in enumerate(UNITS, start=1)]]
    sheet = Sheet("Biểu 1", rows)
    (table,) = tables_of(sheet)
    assert table is sheet
    faults: list = []
    matrix = read_matrix(
        sheet, find_header(sheet), CATALOGUE, lambda indicator: True, faults.append
    )
    assert faults == []
    assert [line.row for line in matrix.lines] == list(range(1, len(rows)))
    (column,) = matrix.columns
    assert [matrix.cell(line, column)[0] for line in matrix.lines] == list(range(1, len(rows)))
    assert all(line.holds_numbers and (line.label or line.code) for line in matrix.lines)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_unit_of_the_country_is_taken_for_a_head_or_for_a_total(spelling):
    for unit in UNITS:
        text = SPELLINGS[spelling](unit)
        taken = is_unit_head, is_note_head, is_bare_code_head, is_total_row
        assert not any(said(text) for said in taken), text


def test_a_column_of_codes_keeps_every_row_even_without_leading_zeros():
    for write in (str, int):
        rows = [["Mã đơn vị", "HI"], *[[write(unit.code), 7] for unit in UNITS]]
        sheet = Sheet("Biểu 1", rows)
        matrix = read_matrix(sheet, find_header(sheet), CATALOGUE, lambda indicator: True, print)
        assert [int(line.code) for line in matrix.lines] == [int(unit.code) for unit in UNITS]


# --- through a file ------------------------------------------------------------------------------


def rows_of(province: Unit, month: Month, write: Callable[[Unit], str]) -> Iterator[list]:
    """A matrix of a province as annexes have it: groups with their sums, communes below them."""
    edges = Ancestry.objects.in_month(month).filter(depth=1).exclude(descendant__tier=Tier.OFFICE)
    below: dict[int, list[Unit]] = defaultdict(list)
    for edge in edges.select_related("descendant").order_by("descendant__code"):
        below[edge.ancestor_id].append(edge.descendant)
    number = 0
    lines, total = [], 0
    for unit in below[province.pk]:
        communes = below[unit.pk] if unit.tier == Tier.DISTRICT else [unit]
        start = len(lines)
        for commune in communes:
            number += 1
            lines.append([commune.code, write(commune), 1000 + number])
        subtotal = sum(row[2] for row in lines[start:])
        if unit.tier == Tier.DISTRICT and communes:
            lines.insert(start, [unit.code, unit.full_name, subtotal])
        total += subtotal
    yield ["Mã", "Đơn vị", "HI"]
    yield from lines
    yield ["", "Tổng cộng", total]


def check(sheets: dict[str, list[list]], month: Month, book: Book) -> int:
    """Each row's number is an entry at its cell, or it is a sum that agrees, or the file is
    refused. Returns the number of entries."""
    reading = read_counts(book, month=month, on=TODAY)
    found = {
        (place.sheet, place.row): entry.value
        for place, entry in zip(reading.places, reading.entries, strict=True)
    }
    for name, rows in sheets.items():
        for row, (_code, _name, value) in enumerate(rows[1:-1], start=2):
            if (name, row) in found:
                assert found[name, row] == value
            elif not reading.faults:
                assert value == sum(below[2] for below in _group(rows, row - 1))
    return len(found)


def _group(rows: list[list], index: int) -> list[list]:
    """The communes below a group row, by the length of their codes."""
    group = []
    for row in rows[index + 1 : -1]:
        if len(row[0]) == len(rows[index][0]):
            break
        group.append(row)
    return group


def check_provinces(
    provinces: list[Unit], month: Month, spelling: str, tmp_path: Path | None = None
) -> None:
    """A file with a sheet for each province: names beside codes, and names alone."""
    sheets = {one.code: list(rows_of(one, month, SPELLINGS[spelling])) for one in provinces}
    communes = sum(len(row[0]) == 5 for rows in sheets.values() for row in rows)
    if tmp_path is None:
        book = Book("a.xlsx", [Sheet(code, _cleaned(rows)) for code, rows in sheets.items()])
    else:
        ((title, rows),) = sheets.items()
        book = open_file(made.workbook(tmp_path / "a.xlsx", rows, title=title))
    entries = check(sheets, month, book)
    if spelling != "without its kind":
        assert entries == communes
    alone = [
        Sheet(sheet.name, [sheet.rows[0], *[[None, *row[1:]] for row in sheet.rows[1:]]])
        for sheet in book.sheets
    ]
    check(sheets, month, Book("a.xlsx", alone))


def _cleaned(rows: list[list]) -> list[list]:
    """Cells as a reader of files hands them on."""
    return [
        [(clean(cell) or None) if isinstance(cell, str) else cell for cell in row] for row in rows
    ]


@pytest.fixture
def quang_ninh(db) -> Unit:
    """Where Xã Đồn Đạc lies: all syllables of its name are words of heads."""
    load_gazetteer(register=read_register().around(["22"]), actor=COMMAND_LINE)
    builders.indicator("HI")
    return Unit.objects.get(code="22", tier=Tier.PROVINCE)


@pytest.mark.parametrize("month", [OLD, NEW], ids=["old map", "new map"])
def test_a_matrix_of_one_province_brings_back_every_number(quang_ninh, month, tmp_path):
    for spelling in SPELLINGS:
        check_provinces([quang_ninh], month, spelling, tmp_path)


def test_the_row_of_a_commune_called_by_words_of_heads_is_counted_in_its_group(quang_ninh):
    rows = [
        ["Mã", "Đơn vị", "HI"],
        ["06985", "Xã Lương Minh", 5],
        ["06988", "Xã Đồn Đạc", 7],
    ]
    reading = read_counts(Book("a.xlsx", [Sheet("Biểu 1", rows)]), month=OLD, on=TODAY)
    assert not reading.faults
    assert [entry.value for entry in reading.entries] == [5, 7]


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """All units of the gazetteer, taken away again after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_gazetteer(register=read_register(), actor=COMMAND_LINE)
        builders.indicator("HI")
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("month", [OLD, NEW], ids=["old map", "new map"])
def test_a_matrix_of_every_province_brings_back_every_number(country, month, spelling):
    provinces = Unit.objects.in_force_on(month.first_day).filter(tier=Tier.PROVINCE)
    assert len(provinces) in (63, 34)
    check_provinces(list(provinces), month, spelling)
