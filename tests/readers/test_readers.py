"""The workbooks we write, as other people's programs read them: same numbers, table, print titles.

SheetJS and ExcelJS come from the npm registry (``make test-readers``), pandas from the list for
development; LibreOffice is asked in ``tests/office``.
"""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pandas
import pytest
from openpyxl import load_workbook

from reports.workbook.build import build
from reports.workbook.sheets import tidy
from tests.foreign.forms import issued
from tests.reports.workbook import synthetic

pytestmark = pytest.mark.readers

SECONDS = 120
SCRIPT = Path(__file__).parent / "read.cjs"
CONFERENCE, TEMPLATE = "conference", "template"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("workbooks")
    contents = {CONFERENCE: build(synthetic.conference()), TEMPLATE: issued("99001", "99002")}
    found = {}
    for name, content in contents.items():
        found[name] = folder / f"{name}.xlsx"
        found[name].write_bytes(content)
    return found


@pytest.fixture(scope="module")
def written(files):
    """Each workbook as we wrote it: what the others are held against."""
    return {name: load_workbook(path) for name, path in files.items()}


@pytest.fixture(scope="module")
def read(files):
    """What one of the readers of the npm registry finds in one of the workbooks."""
    node = shutil.which("node")
    assert node, "Node.js is needed: run make test-readers."

    def read(reader: str, name: str) -> list[dict]:
        done = subprocess.run(
            [node, str(SCRIPT), reader, str(files[name])], capture_output=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return read


def cells(sheet, kinds):
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, kinds) and not isinstance(cell.value, bool)
    }


@pytest.mark.parametrize("name", [CONFERENCE, TEMPLATE])
@pytest.mark.parametrize("reader", ["exceljs", "sheetjs"])
def test_every_number_is_read_as_it_was_written(read, written, reader, name):
    book = written[name]
    sheets = read(reader, name)
    assert [sheet["name"] for sheet in sheets] == book.sheetnames
    for found in sheets:
        sheet = book[found["name"]]
        dates = cells(sheet, date)
        numbers = {
            address: number for address, number in found["numbers"].items() if address not in dates
        }
        assert numbers == cells(sheet, (int, float)), sheet.title


@pytest.mark.parametrize("name", [CONFERENCE, TEMPLATE])
@pytest.mark.parametrize("reader", ["exceljs", "sheetjs"])
def test_rows_are_repeated_and_areas_printed_as_we_said(read, written, reader, name):
    for found in read(reader, name):
        sheet = written[name][found["name"]]
        titles = (sheet.print_title_rows or "").replace("$", "") or None
        area = (sheet.print_area or "").rpartition("!")[2].replace("$", "") or None
        assert (found["titles"], found["area"]) == (titles, area), sheet.title


def test_exceljs_finds_the_table_of_the_data_by_its_name_and_columns(read, written):
    tables = [table for sheet in read("exceljs", CONFERENCE) for table in sheet["tables"]]
    ours = written[CONFERENCE].worksheets[-1].tables[tidy.TABLE]
    assert tables == [{"name": tidy.TABLE, "columns": list(ours.column_names)}]


def test_a_data_frame_of_the_table_adds_up_to_the_province(files, written):
    sheet = written[CONFERENCE].worksheets[-1]
    table = sheet.tables[tidy.TABLE]
    head = int("".join(filter(str.isdigit, table.ref.partition(":")[0])))
    frame = pandas.read_excel(
        files[CONFERENCE],
        sheet_name=sheet.title,
        header=head - 1,
        dtype={1: str},
        engine="calamine",
    )
    assert list(frame.columns) == list(table.column_names)
    assert len(frame) == sheet.max_row - head
    _month, code, _unit, indicator, _name, value = frame.columns[:6]
    insured = frame[frame[indicator] == "HI"].set_index(code)[value]
    districts = [unit.unit.code for unit in synthetic.conference().children]
    assert insured[districts].sum() == insured["14"] == sheet.parent["Tóm tắt"]["A9"].value
