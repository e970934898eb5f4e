"""The import commands as scripts see them: one JSON object, exit status, everything else aside."""

import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from commitments.models import Count, Decision, Revision, Submission
from steering.accounts.models import JournalEntry

from . import made

HEADS = ["month", "unit", "indicator", "value"]
ERROR_KEYS = {"code", "sheet", "row", "column", "read", "message", "expected"}


@pytest.fixture
def run(province, catalogue):
    """Run a command; returns exit status, standard output and standard error."""

    def run(*arguments) -> tuple[int, str, str]:
        out, err, status = StringIO(), StringIO(), 0
        try:
            call_command(*map(str, arguments), stdout=out, stderr=err)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue(), err.getvalue()

    return run


@pytest.fixture
def sound(tmp_path):
    return made.workbook(
        tmp_path / "sound.xlsx", [HEADS, ["2024-02", "99001", "HI", 5]], hidden={"cũ": [["x"]]}
    )


@pytest.fixture
def broken(tmp_path):
    return made.text(tmp_path / "broken.csv", "month;unit;indicator;value\n2024-02;99001;HI;abc\n")


def test_an_import_answers_with_one_json_object(run, sound):
    status, out, err = run("import_counts", sound, "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "ok": True,
        "rows": 1,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "blank": 0,
        "warnings": [],
        "ignored_sheets": ["cũ"],
    }
    assert Count.objects.get().value == 5


def test_a_refusal_lists_errors_with_all_seven_keys_and_status_1(run, broken):
    status, out, err = run("import_counts", broken, "--format", "json")
    answer = json.loads(out)
    assert (status, err, answer["ok"]) == (1, "", False)
    (error,) = answer["errors"]
    assert set(error) == ERROR_KEYS
    assert (error["code"], error["sheet"], error["row"], error["column"], error["read"]) == (
        "not_a_number",
        None,
        2,
        "D",
        "abc",
    )
    assert not Count.objects.exists()


def test_for_people_the_errors_stand_on_standard_error(run, broken):
    status, out, err = run("import_counts", broken)
    assert (status, out) == (1, "")
    assert "abc" in err
    assert err.startswith("2 D: ")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.xlsx", None, "file_missing"),
        ("page.xlsx", b"<html></html>", "html_named_xlsx"),
        ("half.xlsx", b"PK\x03\x04half", "truncated"),
        ("text.xlsx", b"month,unit", "not_a_workbook"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ["import_counts"],
        [
            "import_targets",
            "--decision=1/QĐ-UBND",
            "--issued=2024-01-26",
            "--authority=ppc",
            "--year=2024",
        ],
    ],
)
def test_a_file_that_cannot_be_opened_is_refused_by_both_commands(
    run, tmp_path, command, name, content, code
):
    if content is not None:
        made.raw(tmp_path / name, content)
    status, out, _err = run(*command, tmp_path / name, "--format=json")
    assert status == 1
    assert [error["code"] for error in json.loads(out)["errors"]] == [code]
    assert not JournalEntry.objects.exists()


def test_without_a_user_the_command_line_imports_and_may_approve(run, sound):
    assert run("import_counts", sound, "--approve")[0] == 0
    assert Submission.objects.get().state == "approved"
    assert Revision.objects.get().by is None
    assert JournalEntry.objects.get(action="counts.recorded").actor_name == "command line"


def test_with_a_user_that_user_s_rights_count(run, sound, commune_officer, outsider):
    status, out, _err = run("import_counts", sound, "--as", outsider.username, "--format=json")
    assert status == 1
    assert [error["code"] for error in json.loads(out)["errors"]] == ["not_allowed"]
    assert run("import_counts", sound, "--as", commune_officer.username, "--approve")[0] == 1
    assert not Count.objects.exists()
    assert run("import_counts", sound, "--as", commune_officer.username)[0] == 0
    assert Revision.objects.get().by == commune_officer


def test_an_unknown_user_is_refused(run, sound):
    status, out, _err = run("import_counts", sound, "--as", "nobody", "--format=json")
    assert (status, json.loads(out)["errors"][0]["code"]) == (1, "unknown_user")


def test_a_month_is_asked_for_in_the_form_of_a_month(run, sound):
    with pytest.raises(CommandError, match="2024-13"):
        run("import_counts", sound, "--month", "2024-13")


def test_a_dry_run_keeps_nothing(run, sound):
    status, out, _err = run("import_counts", sound, "--dry-run", "--format=json")
    assert (status, json.loads(out)["created"]) == (0, 1)
    assert not Count.objects.exists()


@time_machine.travel(date(2024, 1, 29))
def test_targets_are_imported_under_their_decision(run, tmp_path):
    path = made.workbook(tmp_path / "annex.xlsx", [["Đơn vị", "HI"], ["Huyện Đồi Thông", 600]])
    arguments = ["--decision", "148/QĐ-UBND", "--issued", "2024-01-26", "--authority", "ppc"]
    status, out, err = run("import_targets", path, *arguments, "--year", "2024", "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "ok": True,
        "rows": 1,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "blank": 0,
        "warnings": [],
        "ignored_sheets": [],
    }
    assert Decision.objects.get().number == "148/QĐ-UBND"


@pytest.mark.parametrize(
    "wrong", [["--year", "24"], ["--authority", "xyz"], ["--issued", "26/01/2024"]]
)
def test_wrong_arguments_are_no_answer(run, sound, wrong):
    given = {"--decision": "1", "--issued": "2024-01-26", "--authority": "ppc", "--year": "2024"}
    arguments = [part for pair in {**given, wrong[0]: wrong[1]}.items() for part in pair]
    with pytest.raises(CommandError):
        run("import_targets", sound, *arguments)
