"""``show_targets``: what is in force on a day, and what the children come to."""

import json
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.actions.targets.withdrawing import withdraw_decision
from commitments.decisions.in_force import TargetInForce, _together
from commitments.models import Indicator, Target
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

TODAY = date(2025, 1, 20)


@pytest.fixture
def assign(province, catalogue):
    def assign(values, number="148/QĐ-UBND", issued_on=date(2024, 1, 26), **more):
        return record_decision(
            unit=more.pop("unit", province),
            authority=more.pop("authority", "ppc"),
            number=number,
            year=more.pop("year", 2024),
            issued_on=issued_on,
            targets=[
                NewTarget(
                    builders.by_code(unit).pk,
                    catalogue[code].pk,
                    value,
                    Month.of(issued_on.year, 12),
                )
                for (unit, code), value in values.items()
            ],
            actor=COMMAND_LINE,
            on=TODAY,
            **more,
        ).decision  # fmt: skip

    return assign


def shown(capsys, *arguments, status=0):
    with time_machine.travel(TODAY):
        try:
            call_command("show_targets", *arguments, "--format", "json")
        except SystemExit as stop:
            assert stop.code == status
        else:
            assert status == 0
    return json.loads(capsys.readouterr().out)


def test_it_answers_with_every_key_others_rely_on(assign, capsys):
    assign({("99", "HI"): 100, ("901", "HI"): 60, ("902", "HI"): 37})
    answer = shown(capsys, "--unit", "99", "--year", "2024")
    assert answer == {
        "unit": "99",
        "year": 2024,
        "on": "2024-12-31",
        "targets": [
            {
                "unit": "99",
                "indicator": "HI",
                "operator": "at_least",
                "value": 100,
                "decision": "148/QĐ-UBND",
                "effective_on": "2024-01-01",
                "deadline": "2024-12",
                "sum_of_children": 97,
                "difference": -3,
                "authority": "ppc",
                "version": 1,
            }
        ],
    }


def test_children_have_lines_of_their_own(assign, capsys):
    assign({("99", "HI"): 100, ("901", "HI"): 60, ("99001", "HI"): 45, ("99002", "HI"): 15})
    targets = shown(capsys, "--unit", "99", "--year", "2024", "--children")["targets"]
    told = [(one["unit"], one["sum_of_children"], one["difference"]) for one in targets]
    assert told == [("99", 60, -40), ("901", 60, 0)]
    commune = shown(capsys, "--unit", "99001", "--year", "2024")["targets"]
    assert (commune[0]["sum_of_children"], commune[0]["difference"]) == (None, None)


def test_the_day_decides(assign, capsys):
    first = assign({("99", "HI"): 100, ("99", "SI_V"): 7})
    second = assign({("99", "HI"): 120}, "900/QĐ-UBND", date(2024, 7, 10), amends=first)
    withdraw_decision(
        decision=second, withdrawn_on=date(2024, 11, 5), reason="x", actor=COMMAND_LINE, on=TODAY
    )
    for day, told in (
        ("2024-07-09", [("HI", 100, 1), ("SI_V", 7, 1)]),
        ("2024-07-10", [("HI", 120, 2), ("SI_V", 7, 2)]),
        ("2024-11-04", [("HI", 120, 2), ("SI_V", 7, 2)]),
        ("2024-11-05", [("HI", 100, 1), ("SI_V", 7, 1)]),
    ):
        targets = shown(capsys, "--unit", "99", "--year", "2024", "--on", day)["targets"]
        assert [(one["indicator"], one["value"], one["version"]) for one in targets] == told


def test_authorities_have_plans_of_their_own(assign, capsys):
    assign({("99", "HI"): 100})
    assign({("99", "HI"): 90}, "5/QĐ-BHXH", authority="vss")
    (target,) = shown(capsys, "--unit", "99", "--year", "2024", "--authority", "vss")["targets"]
    assert (target["value"], target["authority"]) == (90, "vss")


def test_rates_of_children_are_weighed_by_their_people(assign, catalogue, communes, capsys):
    entries = [
        Entry(
            Month.of(2023, 12), unit.pk, catalogue["POP"].pk, 100 * n,
            base_source="Niên giám", dated=date(2023, 1, 1),
        )
        for n, unit in enumerate(communes, 1)
    ]  # fmt: skip
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, approve=True)
    # 901 has 600 people, 902 has 900.
    assign({("99", "HI_RATE"): 9600, ("901", "HI_RATE"): 9000, ("902", "HI_RATE"): 9900})
    (target,) = shown(capsys, "--unit", "99", "--year", "2024")["targets"]
    assert (target["value"], target["sum_of_children"], target["difference"]) == (96.0, 95.4, -0.6)


def test_rates_without_people_to_weigh_by_have_no_sum(assign, catalogue, capsys):
    assign({("99", "HI_RATE"): 9600, ("901", "HI_RATE"): 9000, ("902", "HI_RATE"): 9900})
    (target,) = shown(capsys, "--unit", "99", "--year", "2024")["targets"]
    assert target["sum_of_children"] is None


def test_a_code_means_the_unit_of_the_year(assign, capsys, reformed):
    assign({("901", "HI"): 60, ("99001", "HI"): 40}, issued_on=date(2025, 1, 9), year=2025)
    (district,) = shown(capsys, "--unit", "901", "--year", "2025")["targets"]
    assert district["sum_of_children"] == 40
    assert shown(capsys, "--unit", "99001", "--year", "2025")["targets"] == []
    before = shown(capsys, "--unit", "99001", "--year", "2025", "--on", "2025-06-30")["targets"]
    assert before[0]["value"] == 40


def test_nothing_is_assigned_and_nobody_is_known(province, capsys):
    assert shown(capsys, "--unit", "99", "--year", "2024")["targets"] == []
    answer = shown(capsys, "--unit", "77", "--year", "2024", status=1)
    assert answer["errors"][0]["code"] == "unknown_unit"


@pytest.mark.parametrize("wrong", [["--year", "20240"], ["--year", "2024", "--on", "x"], []])
def test_what_cannot_be_read_is_a_wrong_call(province, wrong, capsys):
    with pytest.raises(CommandError):
        call_command("show_targets", "--unit", "99", *wrong, "--format", "json")


_ROWS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 10**6)), min_size=1, max_size=12)


@settings(max_examples=200)
@given(_ROWS, st.booleans())
def test_a_mean_lies_between_and_a_sum_is_exact(rows, is_rate):
    kind = "ratio" if is_rate else "stock"
    indicator = Indicator(pk=1, kind=kind, denominator_id=2, decimals=2)
    targets = {(child, 1): Target(value=value) for child, (value, _weight) in enumerate(rows)}
    weights = {(child, 2): weight for child, (_value, weight) in enumerate(rows)}
    found = _together(indicator, range(len(rows) + 1), targets, weights)
    values = [value for value, _weight in rows]
    if is_rate:
        assert min(values) <= found <= max(values)
        whole = sum(weight for _value, weight in rows)
        exact = sum(value * weight for value, weight in rows)
        assert abs(2 * (found * whole - exact)) <= whole
    else:
        assert found == sum(values)
    own = Target(value=values[0], indicator=indicator)
    assert TargetInForce(None, own, 1, found).difference == found - values[0]
