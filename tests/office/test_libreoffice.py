"""The workbook as LibreOffice opens it: without repair, with the same numbers, none of them cut."""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from reports.workbook.build import build
from tests.office.conftest import SECONDS
from tests.reports.workbook import synthetic

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def data():
    return synthetic.conference()


@pytest.fixture(scope="module")
def written(data, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "conference.xlsx"
    path.write_bytes(build(data))
    return path


@pytest.fixture(scope="module")
def reread(office, written) -> Workbook:
    """The workbook after LibreOffice opened it and saved it anew."""
    return load_workbook(office(written, "xlsx"))


def values(book: Workbook, position: int):
    return [[cell.value for cell in row] for row in book.worksheets[position].iter_rows()]


def test_every_cell_survives(written, reread):
    original = load_workbook(written)
    assert reread.sheetnames == original.sheetnames
    for sheet in original:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    found = reread[sheet.title][cell.coordinate].value
                    assert found == pytest.approx(cell.value), (sheet.title, cell.coordinate)


def test_print_titles_areas_and_the_table_survive(written, reread):
    for sheet in load_workbook(written):
        again = reread[sheet.title]
        assert again.print_title_rows == sheet.print_title_rows, sheet.title
        assert again.print_area == sheet.print_area, sheet.title
        assert again.tables.items() == sheet.tables.items()


def test_nothing_became_a_formula_or_an_error(reread):
    kinds = {cell.data_type for sheet in reread for row in sheet.iter_rows() for cell in row}
    assert not kinds & {"f", "e"}


def test_units_add_up_to_the_province_and_communes_to_their_district(data, reread):
    rows = values(reread, len(reread.sheetnames) - 1)
    top = next(number for number, row in enumerate(rows) if row[1] and row[3] and row[5])
    found = {(row[1], row[3]): row[5] for row in rows[top + 1 :] if row[1]}
    districts = [unit.unit.code for unit in data.children]
    below = defaultdict(list)
    for group in data.groups:
        below[group.district.unit.code] = [unit.unit.code for unit in group.communes]
    assert sum(len(codes) for codes in below.values()) == 200
    for indicator in ("HI", "SI_C", "SI_V", "SI", "UI"):
        assert sum(found[code, indicator] for code in districts) == found["14", indicator]
        for district in districts:
            communes = sum(found[code, indicator] for code in below[district])
            assert communes == found[district, indicator], (district, indicator)


def test_the_sheet_of_communes_adds_up_as_printed(data, reread):
    rows = values(reread, reread.sheetnames.index(_sheet_of_communes(reread, data)))
    printed = {row[0]: row[2] for row in rows if isinstance(row[2], int)}
    for group in data.groups:
        communes = sum(printed[unit.unit.code] for unit in group.communes)
        assert communes == printed[group.district.unit.code]


def _sheet_of_communes(book, data):
    code = data.communes[0].unit.code
    return next(sheet.title for sheet in book if sheet["A10"].value == code)


def test_charts_and_outlines_are_kept(reread):
    assert sum(len(sheet._charts) for sheet in reread) == 3
    outlined = [row.outlineLevel for sheet in reread for row in sheet.row_dimensions.values()]
    assert outlined.count(1) == 200


def test_no_page_ends_with_the_title_of_a_block(office, data, written):
    pdf = office(written, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=SECONDS
    ).stdout.decode()
    names = [indicator.name_vi for indicator in data.main]
    for page in text.split("\f"):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        # The last line is the foot of the page.
        assert not any(line.startswith(name) for line in lines[-3:-1] for name in names), lines


def test_no_page_shows_a_number_that_does_not_fit(office, written):
    pdf = office(written, "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=SECONDS
    ).stdout.decode()
    assert "###" not in text
    pages = text.split("\f")
    assert re.search(rf"1/{len(pages) - 1}\b", pages[0])
    assert all(synthetic.NOTICE in page for page in pages[:-1])
