"""The command others script against: its JSON, its errors, its exit status."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Total
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE

DECEMBER = Month.of(2023, 12)
TODAY = date(2024, 1, 10)


@pytest.fixture
def filled(province, communes, catalogue):
    entries = [
        Entry(DECEMBER, unit.pk, catalogue[code].pk, number)
        for unit in communes
        for code, number in (("HI", 90), ("POP", 100), ("HI_HH_NEW", 3))
    ]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, approve=True)
    record_decision(
        unit=province,
        authority="ppc",
        number="1/QĐ-UBND",
        year=2023,
        issued_on=date(2023, 1, 20),
        targets=[NewTarget(province.pk, catalogue["HI_RATE"].pk, 9000, DECEMBER)],
        actor=COMMAND_LINE,
        on=TODAY,
    )


def run(capsys, *arguments, status=0):
    """What the command answers; checks that nothing but the answer is on standard output."""
    if status:
        with pytest.raises(SystemExit) as stop:
            call_command("show_figures", *arguments, "--format", "json")
        assert stop.value.code == status
    else:
        call_command("show_figures", *arguments, "--format", "json")
    return json.loads(capsys.readouterr().out)


def test_it_answers_with_every_key_others_rely_on(filled, capsys):
    answer = run(capsys, "--unit", "99", "--month", "2023-12", "--indicator", "HI_RATE")
    assert {key: answer[key] for key in ("unit", "month", "map", "authority")} == {
        "unit": "99",
        "month": "2023-12",
        "map": None,
        "authority": "ppc",
    }
    assert answer["figures"] == [
        {
            "unit": "99",
            "name": "Tỉnh Suối Trong",
            "indicator": "HI_RATE",
            "value": 90.0,
            "year_to_date": None,
            "reported_value": 90.0,
            "target": 90.0,
            "operator": "at_least",
            "deadline": "2023-12",
            "decision": "1/QĐ-UBND",
            "authority": "ppc",
            "version": 1,
            "plan_to_date": 90.0,
            "percent_of_target": 100.0,
            "points_to_target": 0.0,
            "percent_to_date": 100.0,
            "last_year": None,
            "last_year_to_date": None,
            "last_year_coverage": {"approved": 0, "expected": 5},
            "change": None,
            "rank": None,
            "ranked": None,
            "status": "met",
            "approved": 5,
            "reported": 5,
            "expected": 5,
            "provisional": False,
            "estimated": False,
            "numerator": 450,
            "denominator": 500,
            "denominator_source": "command line, 10/01/2024",
        }
    ]


def test_children_follow_in_code_order(filled, capsys):
    answer = run(
        capsys, "--unit", "901", "--month", "2023-12", "--indicator", "HI", "POP", "--children"
    )
    assert [(f["unit"], f["indicator"]) for f in answer["figures"]] == [
        (unit, code) for unit in ("901", "99001", "99002", "99003") for code in ("POP", "HI")
    ]


def test_counts_are_integers(filled, capsys):
    answer = run(capsys, "--unit", "99", "--month", "2023-12", "--indicator", "HI", "HI_HH_NEW")
    assert [(f["value"], f["year_to_date"]) for f in answer["figures"]] == [(450, None), (15, 15)]
    assert isinstance(answer["figures"][0]["value"], int)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--unit", "98", "--month", "2023-12"], "unknown_unit"),
        (["--unit", "9", "--month", "2023-12"], "unknown_unit"),
        (["--unit", "901", "--month", "2023-12", "--map", "2025-07-01"], "unknown_unit"),
        (["--unit", "99", "--month", "2023-12", "--indicator", "NOPE"], "unknown_indicator"),
    ],
)
def test_what_it_does_not_know_it_refuses_with_a_code(filled, reformed, capsys, arguments, code):
    answer = run(capsys, *arguments, status=1)
    assert answer["ok"] is False
    (error,) = answer["errors"]
    assert set(error) == {"code", "sheet", "row", "column", "read", "message", "expected"}
    assert error["code"] == code
    assert error["read"] in arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ["--unit", "99", "--month", "2023-13"],
        ["--unit", "99"],
        ["--unit", "99", "--month", "2023-12", "--map", "yesterday"],
        ["--unit", "99", "--month", "2023-12", "--authority", "me"],
    ],
)
def test_wrong_arguments_are_the_callers_fault(db, arguments):
    with pytest.raises(CommandError):
        call_command("show_figures", *arguments)


@pytest.mark.parametrize("month", ["1900-01", "1900-05", "1901-12", "2699-12"])
def test_the_first_and_the_last_month_are_answered_too(filled, capsys, month):
    answer = run(capsys, "--unit", "99", "--month", month, "--indicator", "HI")
    assert [(figure["value"], figure["last_year"]) for figure in answer["figures"]] == [
        (None, None)
    ]


def test_text_is_for_people(filled, capsys):
    call_command("show_figures", "--unit", "99", "--month", "2023-12", "--indicator", "HI")
    assert capsys.readouterr().out.split() == ["99", "HI", "450", "no_target"]


def test_verifying_totals_answers_with_its_exit_status(filled, capsys):
    call_command("verify_totals", "--format", "json")
    assert json.loads(capsys.readouterr().out)["ok"] is True
    Total.objects.filter(units_approved=5).update(approved=1)
    with pytest.raises(SystemExit) as stop:
        call_command("verify_totals", "--format", "json")
    assert stop.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["wrong"], answer["repaired"]) == (False, 3, 0)
    call_command("verify_totals", "--repair", "--format", "json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["wrong"], answer["repaired"]) == (True, 3, 3)


def test_verifying_commitments_answers_likewise(db, capsys):
    call_command("verify_commitments", "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "checked": 0,
        "wrong": 0,
        "repaired": 0,
        "errors": [],
    }
