"""The command that writes the workbook: its answer, its file, its refusals and exit status."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from commitments.actions.reporting.counts import Entry, record_counts
from districts.months import Month
from reports.management.commands import write_workbook
from steering.accounts.actors import COMMAND_LINE

DECEMBER = Month.of(2023, 12)


@pytest.fixture
def filled(communes, catalogue):
    record_counts(
        entries=[Entry(DECEMBER, unit.pk, catalogue["HI"].pk, 90) for unit in communes],
        actor=COMMAND_LINE,
        on=date(2024, 1, 10),
        approve=True,
    )


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "conference.xlsx"


def run(output, *more, month="2023-12", unit="99"):
    arguments = ["conference", "--unit", unit, "--month", month, "--output", str(output), *more]
    call_command("write_workbook", *arguments)


def refused(capsys, output, *more, **asked) -> dict:
    with pytest.raises(SystemExit) as stop:
        run(output, "--format", "json", *more, **asked)
    assert stop.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    (error,) = answer["errors"]
    return error


def test_it_writes_the_file_and_prints_its_path(filled, output, capsys):
    run(output)
    assert capsys.readouterr().out.strip() == str(output)
    assert 450 in [cell.value for row in load_workbook(output).worksheets[1] for cell in row]


def test_as_json_it_tells_path_and_version(filled, output, capsys):
    run(output, "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    custom = load_workbook(output).custom_doc_props
    assert answer == {"ok": True, "path": str(output), "version": custom["DataVersion"].value}


def test_the_language_is_that_of_headings_and_words(filled, output):
    run(output, "--language", "en")
    assert load_workbook(output).sheetnames[:2] == ["Cover", "Summary"]


def test_writing_again_gives_the_same_file(filled, output):
    run(output)
    first = output.read_bytes()
    run(output)
    assert output.read_bytes() == first


def test_an_unknown_unit_is_refused_and_nothing_is_written(filled, output, capsys):
    assert refused(capsys, output, unit="77")["code"] == "unknown_unit"
    assert not output.exists()


def test_a_missing_folder_is_refused(filled, tmp_path, capsys):
    error = refused(capsys, tmp_path / "nowhere" / "file.xlsx")
    assert (error["code"], error["read"]) == ("no_folder", str(tmp_path / "nowhere"))


def test_a_map_older_than_the_month_is_refused(filled, reformed, output, capsys):
    error = refused(capsys, output, "--map", "2025-06-01", month="2025-12", unit="99")
    assert error["code"] == "not_on_this_map"


@pytest.mark.parametrize(
    "wrong", [["--month", "2023-13"], ["--map", "today"], ["--language", "fr"]]
)
def test_wrong_arguments_are_an_error_of_usage(filled, output, wrong):
    with pytest.raises(CommandError):
        run(output, *wrong)


def test_a_failed_write_leaves_the_old_file_and_no_remains(output, monkeypatch):
    output.write_bytes(b"old")

    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_workbook.replace_file(output, b"new")
    assert output.read_bytes() == b"old"
    assert list(output.parent.iterdir()) == [output]
