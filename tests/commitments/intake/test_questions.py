"""Questions of a file: an error until somebody confirms, and then kept with what was imported."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from commitments.intake.questions import question, settle, with_told
from commitments.models import Count, Revision
from commitments.rules import Fault
from steering.accounts.models import JournalEntry

from . import made

TITLED = [["Tháng 01 năm 2024"], ["Đơn vị", "HI"], ["Xã Ao Sen", 5]]


@pytest.fixture
def run(province, catalogue, tmp_path):
    """Import TITLED for February 2024; returns exit status and answer."""
    path = made.workbook(tmp_path / "counts.xlsx", TITLED)

    def run(*arguments, language="json"):
        out, err, status = StringIO(), StringIO(), 0
        command = ["import_counts", str(path), "--month", "2024-02", "--format", language]
        try:
            call_command(*command, *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            status = end.code
        told = json.loads(out.getvalue()) if language == "json" else out.getvalue() + err.getvalue()
        return status, told

    return run


def test_a_question_is_an_error_until_it_is_answered(run):
    for arguments in ([], ["--dry-run"], ["--confirm", "something_else"]):
        status, answer = run(*arguments)
        assert (status, answer["ok"]) == (1, False)
        (asked,) = answer["errors"]
        assert (asked["code"], asked["sheet"], asked["answer"]) == (
            "other_month",
            "Số liệu",
            "--confirm other_month",
        )
        assert (asked["row"], asked["column"], asked["read"]) == (1, "A", "Tháng 01 năm 2024")
        assert not Count.objects.exists()
        assert not JournalEntry.objects.exists()


def test_for_people_a_question_says_how_it_is_answered(run):
    status, told = run(language="text")
    assert status == 1
    assert "(--confirm other_month)" in told


def test_what_was_confirmed_is_answered_and_kept_with_the_import(run):
    status, answer = run("--confirm", "other_month")
    assert (status, answer["ok"], answer["created"]) == (0, True, 1)
    (confirmed,) = answer["confirmed"]
    assert (confirmed["code"], confirmed["sheet"]) == ("other_month", "Số liệu")
    assert Count.objects.get().value == 5
    for kept in (JournalEntry.objects.get(action="counts.recorded"), Revision.objects.get()):
        assert "counts.xlsx" in kept.why
        assert "other_month" in kept.why
    assert "confirmed: other_month" in run("--confirm", "other_month", language="text")[1]


def test_confirming_what_is_not_asked_changes_nothing_and_is_said(run):
    status, answer = run("--confirm", "other_month", "--confirm", "zero_target")
    assert status == 0
    (warning,) = answer["warnings"]
    assert (warning["code"], warning["read"], warning["severity"]) == (
        "nothing_to_confirm",
        "zero_target",
        "inform",
    )


def test_an_answer_settles_every_question_of_its_code_and_no_fault():
    fault = Fault("other_month", "wrong", row=3)
    asked = [question(Fault("other_month", "?", row=row)) for row in (1, 2)]
    other = question(Fault("zero_target", "?"))
    assert settle([fault, *asked, other], ["other_month"]) == ([fault, other], asked, [])


def test_a_long_reason_is_cut_before_what_was_confirmed_is():
    asked = [question(Fault("other_month", "?", sheet="Biểu 1", row=1, column="A"))]
    said = with_told("x" * 500, asked, 300)
    assert len(said) <= 300
    assert said.endswith("other_month Biểu 1!A1")


def test_a_question_at_a_place_stays_a_question():
    moved = question(Fault("zero_target", "?")).at(sheet=None, row=1, column="B")
    assert moved.as_dict()["answer"] == "--confirm zero_target"
