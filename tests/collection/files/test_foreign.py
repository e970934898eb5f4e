"""The folder of foreign workbooks: each is imported or refused exactly as it is written down."""

import json

import pytest
from openpyxl import load_workbook

from collection.files.intake.templates import (
    is_template,
    read_template,
)
from commitments.actions.reporting.counts import record_counts
from commitments.intake.counts import import_counts
from commitments.intake.files import MAX_BYTES, open_file
from commitments.models import Count
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from tests import builders
from tests.foreign.forms import SECRET
from tests.foreign.make import FILES, MAKERS, contents
from tests.pages.reported import TODAY

FEBRUARY = Month.of(2024, 2)
EXPECTED = json.loads((FILES.parent / "expected.json").read_text())


@pytest.fixture
def world(province, communes, catalogue, settings):
    """Province 99, a commune 00991 more, and the secret the folder's templates were issued with."""
    builders.unit("00991", "Ích Hậu", parent=builders.by_code("901"))
    builders.rebuild_map()
    settings.SECRET_KEY = SECRET


def imported(path) -> dict:
    """What becomes of a file, in the words of ``expected.json``."""
    told: dict = {}
    try:
        book = open_file(path)
        if is_template(book):
            found = read_template(book)
            told["known"] = found.known.value
            told |= {"changed": [f"{one.place}" for one in found.changed]} if found.changed else {}
            told |= {"older": found.version} if found.is_older else {}
            told |= {"tampered": True} if found.keys_changed else {}
            if found.reasons:
                told["reasons"] = {key[2]: one.text for key, one in found.reasons.items()}
            if found.reading.faults:
                raise Refused(found.reading.faults)
            record_counts(entries=found.reading.entries, actor=COMMAND_LINE, on=TODAY)
            ignored = found.reading.ignored_sheets
        else:
            done = import_counts(path=path, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
            ignored = done.ignored_sheets
        told |= {"ignored": ignored} if ignored else {}
    except Refused as refused:
        told["refused"] = [
            f"{fault.code} {fault.column or ''}{fault.row or ''}".strip()
            for fault in refused.faults
        ]
    counts = Count.objects.order_by("unit__code", "indicator__code")
    rows = counts.values_list("month", "unit__code", "indicator__code", "value")
    told["counts"] = {f"{Month(month)} {unit} {code}": value for month, unit, code, value in rows}
    return told


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_is_imported_or_refused_exactly_as_written_down(world, name):
    assert imported(FILES / name) == {"counts": {}, **EXPECTED[name]}


def test_everything_expected_is_there_and_nothing_else():
    names = {path.name for path in FILES.iterdir()}
    assert names == EXPECTED.keys()
    assert len(names) >= 40


def test_a_refused_file_leaves_nothing_behind():
    both = [name for name, told in EXPECTED.items() if "refused" in told and told.get("counts")]
    assert both == []


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_the_files_are_those_of_the_script(name):
    assert contents((FILES / name).read_bytes()) == contents(MAKERS[name]())


def test_the_folder_knows_more_than_thirty_reasons_to_refuse():
    reasons = {fault.split()[0] for told in EXPECTED.values() for fault in told.get("refused", [])}
    assert len(reasons) > 30


def test_a_file_of_more_than_five_megabytes_is_refused(world, tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"month,unit,indicator,value\n".ljust(MAX_BYTES + 1, b"\n"))
    assert imported(path) == {"refused": ["too_large"], "counts": {}}
    assert MAX_BYTES == 5 * 2**20


def test_the_templates_of_the_folder_open_in_other_programs():
    book = load_workbook(FILES / "template.xlsx")
    assert book.sheetnames == ["Nhập", "_khoa"]
