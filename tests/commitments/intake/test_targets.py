"""Targets from the annex of a decision: nothing is guessed, sums are compared and explained."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from commitments.intake.imported import Imported
from commitments.intake.targets import import_targets
from commitments.models import Decision, Operator, Target
from commitments.rules import Refused
from districts.models import Tier
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from . import made

ANNEX = [
    ["PHỤ LỤC"],
    ["GIAO CHỈ TIÊU PHÁT TRIỂN NGƯỜI THAM GIA BHXH, BHYT NĂM 2024"],
    ["STT", "Đơn vị", "HI", "SI_V", "HI_RATE"],
    ["A", "B", "1", "2", "3"],
    [None, "Toàn tỉnh", 1500, 15, 96.1],
    [1, "Huyện Đồi Thông", 600, 6, "> 90"],
    [2, "Huyện Bến Đá", 900, 9, "97,25%"],
]


@pytest.fixture
def load(tmp_path, province, catalogue):
    """Import an annex as decision 148/QĐ-UBND of 26/01/2024 unless said otherwise."""

    def load(rows: Sequence[Sequence[Any]], **options) -> Imported:
        path = made.workbook(
            tmp_path / "annex.xlsx", rows, title="Phụ lục", finish=options.pop("finish", None)
        )
        given = {
            "number": "148/QĐ-UBND",
            "issued_on": date(2024, 1, 26),
            "authority": "ppc",
            "year": 2024,
            "actor": COMMAND_LINE,
            "on": date(2024, 1, 29),
        }
        return import_targets(path=path, **{**given, **options})

    return load


@pytest.fixture
def faults_of(load):
    """The faults for which an annex is refused, as (code, cell)."""

    def faults_of(rows, **options) -> list[tuple[str, str]]:
        before = Target.objects.count(), Decision.objects.count()
        with pytest.raises(Refused) as refused:
            load(rows, **options)
        assert (Target.objects.count(), Decision.objects.count()) == before
        return [(f.code, f"{f.column or ''}{f.row or ''}") for f in refused.value.faults]

    return faults_of


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    """ANNEX with another value in one cell, counted as in Excel."""
    rows = [list(cells) for cells in ANNEX]
    rows[row - 1][column - 1] = value
    return rows


def targets() -> dict[tuple[str, str], tuple[str, int]]:
    rows = Target.objects.values_list("unit__code", "indicator__code", "operator", "value")
    return {(unit, indicator): (operator, value) for unit, indicator, operator, value in rows}


def test_an_annex_becomes_a_decision_with_the_targets_of_every_unit_and_the_province(load):
    done = load(ANNEX)
    assert (done.rows, done.created, done.unchanged, done.warnings) == (3, 9, 0, [])
    decision = Decision.objects.get()
    assert (decision.number, decision.unit.code, decision.effective_on) == (
        "148/QĐ-UBND",
        "99",
        date(2024, 1, 1),
    )
    assert targets() == {
        ("99", "HI"): (Operator.AT_LEAST, 1500),
        ("99", "SI_V"): (Operator.AT_LEAST, 15),
        ("99", "HI_RATE"): (Operator.AT_LEAST, 9610),
        ("901", "HI"): (Operator.AT_LEAST, 600),
        ("901", "SI_V"): (Operator.AT_LEAST, 6),
        ("901", "HI_RATE"): (Operator.MORE_THAN, 9000),
        ("902", "HI"): (Operator.AT_LEAST, 900),
        ("902", "SI_V"): (Operator.AT_LEAST, 9),
        ("902", "HI_RATE"): (Operator.AT_LEAST, 9725),
    }
    assert set(Target.objects.values_list("deadline", flat=True)) == {Month.of(2024, 12)}


def test_a_repeat_changes_nothing_and_a_dry_run_writes_nothing(load):
    assert load(ANNEX, dry_run=True).created == 9
    assert not Decision.objects.exists()
    load(ANNEX)
    done = load(ANNEX, number="148 /QD-UBND")
    assert (done.created, done.unchanged) == (0, 9)
    assert Decision.objects.count() == 1


def test_what_a_decision_assigned_is_never_overwritten(load, faults_of):
    load(ANNEX)
    assert faults_of(changed(6, 5, "> 91")) == [("target_differs", "E6")]
    assert targets()["901", "HI_RATE"] == (Operator.MORE_THAN, 9000)


def test_an_amendment_names_the_decision_it_amends(load, faults_of):
    assert faults_of(ANNEX, number="9/QĐ-UBND", amends="148/QĐ-UBND") == [("unknown_decision", "")]
    load(ANNEX)
    load(
        [["Đơn vị", "HI"], ["Huyện Đồi Thông", 650]],
        number="900/QĐ-UBND",
        issued_on=date(2024, 5, 2),
        amends="148/QD-UBND",
    )
    amendment = Decision.objects.get(number="900/QĐ-UBND")
    assert amendment.amends.number == "148/QĐ-UBND"
    assert amendment.effective_on == date(2024, 5, 2)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("cao", "not_a_number"),
        ("#N/A", "error_value"),
        ("=1+1", "formula_without_value"),
        (0.961, "share_or_percent"),
        (96.123, "too_many_decimals"),
        (9610, "above_maximum"),
        ("< 90", "unknown_operator"),
        (True, "truth_value"),
    ],
)
def test_a_cell_that_is_no_target_is_refused_and_keeps_everything_out(faults_of, cell, code):
    assert faults_of(changed(6, 5, cell)) == [(code, "E6")]


def test_a_percentage_cell_is_read_as_it_is_shown(load):
    def as_percent(sheet):
        sheet["E6"].number_format = "0.0%"

    load(changed(6, 5, 0.961), finish=as_percent)
    assert targets()["901", "HI_RATE"] == (Operator.AT_LEAST, 9610)


def test_a_blank_assigns_nothing(load):
    done = load(changed(6, 5, "-"))
    assert (done.created, done.blank) == (8, 1)
    assert ("901", "HI_RATE") not in targets()


def test_counts_that_do_not_add_up_to_the_province_ask_for_an_explanation(load, faults_of):
    rows = changed(5, 3, 1600)
    assert faults_of(rows) == [("total_differs", "C5")]
    reason = "100 người do tỉnh quản lý trực tiếp."
    done = load(rows, explanation=reason)
    (warning,) = done.warnings
    assert (warning["code"], warning["severity"]) == ("total_differs", "explain")
    assert (warning["row"], warning["column"]) == (5, "C")
    assert (warning["read"], warning["expected"]) == ("1600", "1500")
    assert Decision.objects.get().note == reason
    assert targets()["99", "HI"] == (Operator.AT_LEAST, 1600)


def test_rates_are_not_added_up(load):
    assert load(changed(5, 5, 50)).created == 9


def test_communes_are_compared_with_their_district_and_districts_with_the_province(load):
    rows = [
        ["Đơn vị", "HI"],
        ["Toàn tỉnh", 1500],
        ["Huyện Đồi Thông", 600],
        ["Xã Ao Sen", 100],
        ["Xã Cầu Tre", 200],
        ["Xã Đèo Gió", 299],
        ["Huyện Bến Đá", 900],
        ["Xã Ghềnh Xanh", 400],
        ["Xã Hồ Mây", 500],
    ]
    done = load(rows, explanation="x")
    assert done.created == 8
    assert [(w["row"], w["read"], w["expected"]) for w in done.warnings] == [(3, "600", "599")]


def test_the_total_of_one_district_s_communes_is_the_district_s_target(load):
    rows = [["Đơn vị", "HI"], ["Toàn huyện", 300], ["Xã Ao Sen", 100], ["Xã Cầu Tre", 200]]
    load(rows)
    assert targets()["901", "HI"] == (Operator.AT_LEAST, 300)
    assert ("99", "HI") not in targets()


def test_a_total_that_repeats_a_unit_s_own_row_must_agree_with_it(load, faults_of):
    rows = [*ANNEX, [None, "Tổng cộng", 1501, 15, 96.1]]
    assert faults_of(rows) == [("total_differs", "C8")]
    rows[-1][2] = 1500
    assert load(rows).created == 9


def test_a_base_in_the_annex_is_left_out_and_said_to_be(load):
    rows = [["Đơn vị", "POP", "HI"], ["Huyện Đồi Thông", 700, 600]]
    done = load(rows)
    assert done.created == 1
    assert [(w["code"], w["severity"], w["read"]) for w in done.warnings] == [
        ("base_left_out", "inform", "POP")
    ]


def test_the_year_of_the_title_must_be_the_year_asked_for(faults_of):
    assert faults_of(ANNEX, year=2025) == [("other_year", "A2")]


def test_units_are_those_in_force_when_the_decision_takes_effect(load, faults_of, reformed):
    old = [["Đơn vị", "HI"], ["Huyện Đồi Thông", 600]]
    new = [["Đơn vị", "HI"], ["Toàn tỉnh", 1500], ["Xã Sen Gió", 600], ["Xã Ghềnh Gió", 900]]
    july = {"year": 2025, "issued_on": date(2025, 7, 10), "number": "7/QĐ-UBND"}
    assert faults_of(old, **july) == [("unit_not_in_force", "A2")]
    assert load(new, **july).created == 3
    assert {unit for unit, _indicator in targets()} == {"99", "99001", "99004"}
    june = {"year": 2025, "issued_on": date(2025, 6, 20), "number": "6/QĐ-UBND"}
    assert next(code for code, _cell in faults_of(new, **june)) == "unit_not_in_force"
    load(new, **june, effective_on=date(2025, 7, 1))
    load(old, year=2025, issued_on=date(2025, 1, 20), number="1/QĐ-UBND")


def test_the_province_is_that_of_the_units_or_the_one_given(load, faults_of):
    other = builders.unit("98", "Núi Biếc", tier=Tier.PROVINCE)
    builders.unit("981", "Rừng Thưa", tier=Tier.DISTRICT, parent=other)
    builders.rebuild_map()
    mixed = [["Đơn vị", "HI"], ["Huyện Đồi Thông", 600], ["Huyện Rừng Thưa", 600]]
    assert faults_of(mixed) == [("other_province", "")]
    assert faults_of(ANNEX, unit="98") == [("other_province", "")]
    assert faults_of(ANNEX, unit="97") == [("unknown_unit", "")]
    own = [["Đơn vị", "HI"], ["Toàn tỉnh", 600]]
    assert faults_of(own) == [("unit_missing", "B2")]
    load(own, unit="98")
    assert targets() == {("98", "HI"): (Operator.AT_LEAST, 600)}


def test_every_fault_of_an_annex_is_listed(faults_of):
    rows = [
        ["Đơn vị", "HI", "NOPE", "SI_V"],
        ["Toàn tỉnh", 1500, 1, 15],
        ["Huyện Đồi Thông", 600, 2, "abc"],
        ["Huyện Không Có", 900, 3, 9],
        ["Huyện Đồi Thông", 600, 4, 6],
    ]
    assert faults_of(rows) == [
        ("unknown_indicator", "C1"),
        ("not_a_number", "D3"),
        ("unknown_unit", "A4"),
        ("duplicate", "B5"),
    ]


def test_an_annex_without_a_table_or_without_rows_is_refused(faults_of):
    assert faults_of([["Kính gửi"], ["abc"]]) == [("no_header", "")]
    assert faults_of([["Đơn vị", "HI"]]) == [("no_rows", "")]


def test_only_who_may_assign_targets_imports_them(load, faults_of, officer, chair):
    assert faults_of(ANNEX, actor=chair) == [("not_allowed", "")]
    assert load(ANNEX, actor=officer).created == 9
