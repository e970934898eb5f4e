"""Counts from files: all or nothing, every fault at its cell, totals checked and never stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.reporting.periods import close_period
from commitments.intake.counts import import_counts
from commitments.intake.imported import Imported
from commitments.models import Base, Count, Revision, Rule, State, Submission, Total
from commitments.rules import Refused
from districts.models import Tier
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

from . import made

FEBRUARY = Month.of(2024, 2)
TODAY = date(2024, 3, 5)
AFTER_THE_REFORM = date(2025, 8, 4)
HEADS = ["month", "unit", "indicator", "value"]


@pytest.fixture
def load(tmp_path, province, catalogue):
    """Import rows from a workbook of one sheet, as the command line unless said otherwise."""

    def load(rows: Sequence[Sequence[Any]], **options) -> Imported:
        kept = {key: options.pop(key) for key in ("more", "hidden", "finish") if key in options}
        path = made.workbook(tmp_path / "counts.xlsx", rows, **kept)
        options = {"month": None, "actor": COMMAND_LINE, "on": TODAY, **options}
        return import_counts(path=path, **options)

    return load


@pytest.fixture
def faults_of(load):
    """The faults for which rows are refused, as (code, cell)."""

    def faults_of(rows, **options) -> list[tuple[str, str]]:
        with pytest.raises(Refused) as refused:
            load(rows, **options)
        assert not Count.objects.exists()
        assert not Submission.objects.exists()
        return [(f.code, f"{f.column or ''}{f.row or ''}") for f in refused.value.faults]

    return faults_of


def counts() -> dict[tuple[str, str, str], int]:
    rows = Count.objects.values_list("month", "unit__code", "indicator__code", "value")
    return {(str(month), unit, indicator): value for month, unit, indicator, value in rows}


# --- tidy tables ---------------------------------------------------------------------------------


def test_a_tidy_table_is_recorded_with_file_sheet_and_cell_of_every_number(load):
    done = load(
        [
            HEADS,
            ["2024-02", "99001", "HI", 5805],
            ["02/2024", 99002, "SI_V", "1.278"],
            [date(2024, 1, 31), "Xã Ao Sen", "Chỉ tiêu HI", 5700],
        ]
    )
    assert (done.rows, done.created, done.changed, done.unchanged) == (3, 3, 0, 0)
    assert counts() == {
        ("2024-02", "99001", "HI"): 5805,
        ("2024-02", "99002", "SI_V"): 1278,
        ("2024-01", "99001", "HI"): 5700,
    }
    revision = Revision.objects.get(new_value=1278)
    assert revision.source == "counts.xlsx Số liệu!D3"
    assert "counts.xlsx" in revision.why
    assert JournalEntry.objects.filter(action="counts.recorded", actor=None).exists()


def test_a_broken_file_is_refused_with_all_six_faults_and_nothing_is_written(load, faults_of):
    rows = [
        HEADS,
        ["2024-02", "99001", "HI", "7.912"],
        ["2024-02", "99999", "HI", 10],
        ["2024-02", "99002", "HI", "abc"],
        ["2024-13", "99003", "HI", 5],
        ["2024-02", "99003", "NOPE", 5],
        ["2024-02", "99004", "HI", -1],
        ["2024-02", "99001", "HI", 7912],
    ]
    assert faults_of(rows) == [
        ("unknown_unit", "B3"),
        ("not_a_number", "D4"),
        ("bad_month", "A5"),
        ("unknown_indicator", "C6"),
        ("negative", "D7"),
        ("duplicate", "D8"),
    ]


def test_one_fault_keeps_every_sound_row_out(faults_of):
    rows = [HEADS, *[["2024-02", f"9900{n}", "HI", 100] for n in range(1, 6)]]
    assert faults_of([*rows, ["2024-02", "99001", "SI_V", 1.5]]) == [("fraction", "D7")]


def test_faults_of_the_file_and_of_its_numbers_are_listed_together(faults_of, catalogue):
    top = catalogue["HI"].maximum
    rows = [
        HEADS,
        ["2024-02", "99001", "HI", top + 1],
        ["2024-02", "99002", "HI", "#DIV/0!"],
        ["2024-02", "99003", "HI", "=1+1"],
        ["2024-02", "99004", "HI", top],
    ]
    assert faults_of(rows) == [
        ("above_maximum", "D2"),
        ("error_value", "D3"),
        ("formula_without_value", "D4"),
    ]


def test_a_repeat_changes_nothing(load):
    rows = [HEADS, ["2024-02", "99001", "HI", 5805]]
    load(rows)
    before = Revision.objects.count(), Submission.objects.get().version
    done = load(rows)
    assert (done.created, done.changed, done.unchanged) == (0, 0, 1)
    assert (Revision.objects.count(), Submission.objects.get().version) == before


def test_a_blank_never_erases_a_count(load):
    load([HEADS, ["2024-02", "99001", "HI", 5805]])
    done = load(
        [HEADS, ["2024-02", "99001", "HI", None], ["2024-02", "99002", "HI", "-"]],
        month=FEBRUARY,
    )
    assert (done.rows, done.blank, done.created, done.changed) == (2, 2, 0, 0)
    assert counts() == {("2024-02", "99001", "HI"): 5805}


def test_a_correction_changes_the_number_and_zero_is_a_number(load):
    load([HEADS, ["2024-02", "99001", "HI", 5805]])
    done = load([HEADS, ["2024-02", "99001", "HI", 0]])
    assert (done.changed, done.blank) == (1, 0)
    assert counts() == {("2024-02", "99001", "HI"): 0}


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(load):
    done = load([HEADS, ["2024-02", "99001", "HI", 5805]], dry_run=True)
    assert done.created == 1
    assert not Count.objects.exists()
    assert not Revision.objects.exists()


def test_a_code_that_lost_its_leading_zeros_is_found(load, province):
    builders.unit("00123", "Suối Cạn", parent=builders.by_code("901"))
    builders.rebuild_map()
    load([HEADS, ["2024-02", 123, "HI", 7]])
    assert counts() == {("2024-02", "00123", "HI"): 7}


def test_a_code_and_a_name_that_disagree_are_refused(faults_of):
    heads = ["kỳ", "mã đơn vị", "tên đơn vị", "mã chỉ tiêu", "giá trị"]
    assert faults_of([heads, ["2024-02", "99001", "Xã Hồ Mây", "HI", 5]]) == [
        ("code_and_name", "B2")
    ]


def test_what_adds_up_or_is_computed_cannot_be_entered(faults_of):
    rows = [
        HEADS,
        ["2024-02", "99", "HI", 5],
        ["2024-02", "901", "HI", 5],
        ["2024-02", "99001", "TOTAL", 5],
        ["2024-02", "901", "TOTAL", 5],
        ["2024-02", "99001", "HI_RATE", 5],
    ]
    assert faults_of(rows) == [
        ("computed_total", "B2"),
        ("computed_total", "B3"),
        ("wrong_level", "B4"),
        ("wrong_level", "B5"),
        ("computed_indicator", "C6"),
    ]


def test_what_the_province_collects_is_recorded_under_its_code(load, office):
    load([HEADS, ["2024-02", "99", "TOTAL", 12_345]])
    assert Count.objects.get().unit == office


def test_a_unit_of_another_map_is_refused_in_both_directions(faults_of, reformed):
    rows = [
        HEADS,
        ["2025-06", "Xã Ghềnh Gió", "HI", 5],
        ["2025-07", "Xã Cầu Tre", "HI", 5],
        ["2025-07", "99002", "HI", 5],
    ]
    assert faults_of(rows, on=AFTER_THE_REFORM) == [
        ("unit_not_in_force", "B2"),
        ("unit_not_in_force", "B3"),
        ("unit_not_in_force", "B4"),
    ]


def test_a_code_means_the_unit_of_its_month(load, reformed):
    rows = [HEADS, ["2025-06", "99001", "HI", 5], ["2025-07", "99001", "HI", 6]]
    load(rows, on=AFTER_THE_REFORM)
    assert Count.objects.get(month=Month.of(2025, 6)).unit.name == "Ao Sen"
    assert Count.objects.get(month=Month.of(2025, 7)).unit.name == "Sen Gió"


def test_a_closed_month_is_refused_at_every_number(load, faults_of, province):
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    rows = [HEADS, ["2024-02", "99001", "HI", 5], ["2024-03", "99001", "HI", 5]]
    assert faults_of(rows) == [("period_closed", "D2")]


def test_a_base_needs_a_source_and_takes_the_file_and_the_day_where_it_names_none(load):
    load(
        [
            [*HEADS, "source", "date"],
            ["2024-01", "99001", "POP", 6000, "Cục Thống kê", "31/12/2023"],
            ["2024-01", "99002", "POP", 7000, None, None],
            ["2024-02", "99002", "HI", 6500, "không phải căn cứ", None],
        ]
    )
    first, second = Base.objects.order_by("unit__code")
    assert (first.source, first.dated) == (
        "Cục Thống kê · counts.xlsx Số liệu!D2",
        date(2023, 12, 31),
    )
    assert (second.source, second.dated) == ("counts.xlsx Số liệu!D3", TODAY)


# --- matrices ------------------------------------------------------------------------------------

MATRIX = [
    ["UBND TỈNH SUỐI TRONG"],
    ["BÁO CÁO SỐ NGƯỜI THAM GIA BHYT THÁNG 02/2024"],
    ["Đơn vị tính: người"],
    ["STT", "Đơn vị", "Chỉ tiêu HI", "SI_V", "Ghi chú"],
    ["A", "B", "1", "2", None],
    [None, "Toàn tỉnh", 1500, 15, None],
    ["I", "Huyện Đồi Thông", 600, None, None],
    [1, "Xã Ao Sen", 100, 1, None],
    [2, "X. Cầu Tre", 200, 2, "gửi muộn"],
    [3, "Đèo Gió", "300", "3", None],
    ["II", "Huyện Bến Đá", 900, 9, None],
    [4, "Xã Ghềnh Xanh", 400, 4, None],
    [5, "Xã Hồ Mây", 500, 5, None],
    [],
    [None, "Ghi chú: số liệu minh họa"],
    [None, None, "Suối Trong, ngày 05 tháng 3 năm 2024"],
    [None, "NGƯỜI LẬP BIỂU", "CHỦ TỊCH"],
]


def changed(row: int, column: int, value: Any) -> list[list[Any]]:
    """MATRIX with another value in one cell, counted as in Excel."""
    rows = [list(cells) for cells in MATRIX]
    rows[row - 1][column - 1] = value
    return rows


def test_a_matrix_is_read_between_titles_totals_groups_remarks_and_signatures(load):
    done = load(MATRIX, month=FEBRUARY)
    assert (done.rows, done.created, done.blank) == (5, 10, 0)
    found = counts()
    assert len(found) == 10
    assert found["2024-02", "99003", "HI"] == 300
    assert found["2024-02", "99005", "SI_V"] == 5
    assert Revision.objects.get(new_value=300).source == "counts.xlsx Số liệu!C10"


@pytest.mark.parametrize(
    ("row", "column", "cell", "expected"),
    [(6, 3, "C6", "1500"), (11, 4, "D11", "9"), (7, 3, "C7", "600")],
)
def test_a_total_or_a_group_that_does_not_add_up_is_refused(load, row, column, cell, expected):
    with pytest.raises(Refused) as refused:
        load(changed(row, column, 1499), month=FEBRUARY)
    (fault,) = refused.value.faults
    assert (fault.code, f"{fault.column}{fault.row}") == ("total_differs", cell)
    assert (fault.read, fault.expected) == ("1499", expected)
    assert not Count.objects.exists()


def test_a_subtotal_adds_up_its_own_group_and_a_total_the_table(load, faults_of):
    rows = [
        ["Đơn vị", "HI"],
        ["Huyện Đồi Thông", None],
        ["Xã Ao Sen", 100],
        ["Xã Cầu Tre", 200],
        ["Cộng", 300],
        ["Huyện Bến Đá", None],
        ["Xã Hồ Mây", 500],
        ["Cộng", 500],
        ["Tổng cộng", 800],
    ]
    rows[4][1] = 301
    assert faults_of(rows, month=FEBRUARY) == [("total_differs", "B5")]
    rows[4][1] = 300
    rows[8][1] = 500
    assert faults_of(rows, month=FEBRUARY) == [("total_differs", "B9")]
    rows[8][1] = 800
    assert load(rows, month=FEBRUARY).created == 3


def test_a_district_without_its_communes_cannot_be_entered(faults_of):
    rows = [["Đơn vị", "HI"], ["Huyện Đồi Thông", 600], ["Xã Hồ Mây", 500]]
    assert faults_of(rows, month=FEBRUARY) == [("computed_total", "B2")]


def test_a_matrix_needs_a_month_and_its_title_may_not_say_another(load, faults_of):
    assert faults_of(MATRIX) == [("month_missing", "")]
    assert faults_of(MATRIX, month=Month.of(2024, 3)) == [("other_month", "A2")]


def test_blank_cells_of_a_matrix_are_counted_and_erase_nothing(load):
    load(MATRIX, month=FEBRUARY)
    rows = [["Đơn vị", "HI", "SI_V"], ["Xã Ao Sen", None, "–"], ["Xã Cầu Tre", 201, None]]
    done = load(rows, month=FEBRUARY)
    assert (done.rows, done.blank, done.changed, done.created) == (2, 3, 1, 0)
    assert len(counts()) == 10


def test_unknown_rows_with_numbers_are_refused_and_captions_are_not(faults_of):
    rows = [
        ["STT", "Đơn vị", "HI"],
        [None, "Khối các xã vùng cao", None],
        [1, "Xã Ao Sen", 1],
        [2, "Xã Không Có", 2],
        [3, "Xã Cũng Không", None],
        [None, None, 5],
        [4, "Xã Hồ Mây", 3],
    ]
    assert faults_of(rows, month=FEBRUARY) == [
        ("unknown_unit", "B4"),
        ("unknown_unit", "B5"),
        ("unit_missing", "B6"),
    ]


def test_columns_that_are_unknown_or_computed_are_refused_at_their_head(faults_of):
    rows = [["Đơn vị", "HI", "NOPE", "Tỷ lệ HI_RATE"], ["Xã Ao Sen", 1, 2, 3]]
    assert faults_of(rows, month=FEBRUARY) == [
        ("unknown_indicator", "C1"),
        ("computed_indicator", "D1"),
    ]


def test_the_province_s_own_numbers_stand_in_its_row(load, faults_of, office):
    rows = [["Đơn vị", "HI", "TOTAL"], ["Toàn tỉnh", 100, 900], ["Xã Ao Sen", 100, None]]
    assert faults_of(rows, month=FEBRUARY) == [("wrong_level", "C2")]
    rows[1][0] = "Tỉnh Suối Trong"
    assert load(rows, month=FEBRUARY).created == 2
    assert Count.objects.get(indicator__code="TOTAL").unit == office
    rows[2][2] = 5
    with pytest.raises(Refused) as refused:
        load(rows, month=FEBRUARY)
    assert [fault.code for fault in refused.value.faults] == ["wrong_level"]


# --- units of one name ---------------------------------------------------------------------------


@pytest.fixture
def twins(province):
    """Xã Suối Đôi, once in each district."""
    twins = [
        builders.unit("99011", "Suối Đôi", parent=builders.by_code("901")),
        builders.unit("99012", "Suối Đôi", parent=builders.by_code("902")),
    ]
    builders.rebuild_map()
    return twins


def test_a_name_that_two_units_have_is_refused_with_both(load, faults_of, twins):
    rows = [["Đơn vị", "HI"], ["Xã Suối Đôi", 5]]
    assert faults_of(rows, month=FEBRUARY) == [("ambiguous_unit", "A2")]
    with pytest.raises(Refused) as refused:
        load(rows, month=FEBRUARY)
    assert "99011" in refused.value.faults[0].expected
    assert "99012" in refused.value.faults[0].expected


def test_the_group_above_a_row_or_the_title_tells_units_of_one_name_apart(load, twins):
    load(
        [
            ["Đơn vị", "HI"],
            ["Huyện Đồi Thông", None],
            ["Xã Suối Đôi", 5],
            ["Huyện Bến Đá", None],
            ["Xã Suối Đôi", 6],
        ],
        month=FEBRUARY,
    )
    load([["UBND HUYỆN BẾN ĐÁ"], ["Đơn vị", "SI_V"], ["Xã Suối Đôi", 7]], month=FEBRUARY)
    assert counts() == {
        ("2024-02", "99011", "HI"): 5,
        ("2024-02", "99012", "HI"): 6,
        ("2024-02", "99012", "SI_V"): 7,
    }


def test_the_province_of_all_certain_rows_tells_units_of_one_name_apart(load, faults_of):
    other = builders.unit("98", "Núi Biếc", tier=Tier.PROVINCE)
    district = builders.unit("981", "Rừng Thưa", tier=Tier.DISTRICT, parent=other)
    builders.unit("98001", "Ao Sen", parent=district)
    builders.rebuild_map()
    assert faults_of([["Đơn vị", "HI"], ["Xã Ao Sen", 5]], month=FEBRUARY) == [
        ("ambiguous_unit", "A2")
    ]
    load([["Đơn vị", "HI"], ["Xã Ao Sen", 5], ["Xã Hồ Mây", 6]], month=FEBRUARY)
    assert set(counts()) == {("2024-02", "99001", "HI"), ("2024-02", "99005", "HI")}


def test_code_and_name_of_a_row_must_agree(load, faults_of):
    rows = [["Mã", "Đơn vị", "HI"], ["99001", "Xã Ao Sen", 5], ["99002", "Xã Hồ Mây", 6]]
    assert [code for code, _cell in faults_of(rows, month=FEBRUARY)] == ["code_and_name"]
    rows[2][1] = "Xã Cầu Tre"
    assert load(rows, month=FEBRUARY).created == 2


# --- months to come ------------------------------------------------------------------------------


def test_counts_of_a_month_that_has_not_begun_are_refused_where_the_month_stands(faults_of):
    april = Month.of(2024, 4)
    rows = [HEADS, ["2024-04", "99001", "HI", 5], ["2024-03", "99001", "HI", 5]]
    assert faults_of(rows) == [("future_month", "A2")]
    assert faults_of([["Đơn vị", "HI"], ["Xã Ao Sen", 5]], month=april) == [("future_month", "")]


def test_a_base_may_be_set_for_a_month_to_come(load):
    assert load([HEADS, ["2025-01", "99001", "POP", 5]]).created == 1


# --- sheets --------------------------------------------------------------------------------------


def test_hidden_sheets_are_left_out_and_named(load):
    hidden = {"cũ": [HEADS, ["2024-02", "99001", "HI", "abc"]]}
    done = load([HEADS, ["2024-02", "99001", "HI", 5]], hidden=hidden)
    assert done.ignored_sheets == ["cũ"]
    assert counts() == {("2024-02", "99001", "HI"): 5}


def test_a_visible_sheet_of_remarks_beside_a_table_is_left_out_and_named(load):
    more = {"Ghi chú": [["Số liệu tạm tính", 2024], ["Liên hệ: chị Lan"]]}
    done = load([HEADS, ["2024-02", "99001", "HI", 5]], more=more, hidden={"cũ": [["x"]]})
    assert done.ignored_sheets == ["cũ", "Ghi chú"]
    assert counts() == {("2024-02", "99001", "HI"): 5}


def test_the_same_cell_on_two_visible_sheets_is_refused(load):
    more = {"Tháng 2": [HEADS, ["2024-02", "99001", "HI", 6]]}
    with pytest.raises(Refused) as refused:
        load([HEADS, ["2024-02", "99001", "HI", 5]], more=more)
    (fault,) = refused.value.faults
    assert (fault.code, fault.sheet, fault.row, fault.column) == ("duplicate", "Tháng 2", 2, "D")
    assert "Số liệu!D2" in fault.message


def test_a_header_without_rows_is_refused(faults_of):
    assert faults_of([HEADS]) == [("no_rows", "")]
    assert faults_of([["STT", "Đơn vị", "HI"]], month=FEBRUARY) == [("no_rows", "")]
    assert faults_of([["STT", "Đơn vị", "HI"], ["A", "B", 1]], month=FEBRUARY) == [("no_rows", "")]


def test_a_sheet_without_a_header_is_refused(faults_of):
    assert faults_of([["Kính gửi các xã"], [1, 2, 3]]) == [("no_header", "")]
    assert faults_of([["Đơn vị", "Ghi chú"], ["Xã Ao Sen", "x"]], month=FEBRUARY) == [
        ("no_header", "")
    ]


# --- rules and rights ----------------------------------------------------------------------------


@pytest.fixture
def at_most_population(catalogue):
    return Rule.objects.create(
        code="HI_AT_MOST_POP",
        kind="at_most",
        severity="explain",
        indicator=catalogue["HI"],
        other=catalogue["POP"],
    )


TOO_MANY = [HEADS, ["2024-02", "99001", "POP", 100], ["2024-02", "99001", "HI", 120]]


def test_a_warning_without_an_explanation_leaves_a_draft_and_refuses_approval(
    load, faults_of, at_most_population
):
    assert [code for code, _cell in faults_of(TOO_MANY, approve=True)] == ["explanation_needed"]
    (warning,) = load(TOO_MANY).warnings
    assert (warning["code"], warning["sheet"]) == ("HI_AT_MOST_POP", "Số liệu")
    assert (warning["row"], warning["column"], warning["read"]) == (3, "D", "120")
    assert (warning["severity"], warning["unit"]) == ("explain", "99001")
    assert Submission.objects.get().state == State.DRAFT


def test_an_explained_warning_may_be_approved_by_the_command_line(
    load, at_most_population, province
):
    load(TOO_MANY, approve=True, explanation="Có người tạm trú.")
    assert Submission.objects.get().state == State.APPROVED
    assert Total.objects.get(node=province, indicator__code="HI").approved == 120


def test_a_user_imports_with_their_own_rights(load, commune_officer, outsider):
    load([HEADS, ["2024-02", "99001", "HI", 5]], actor=commune_officer)
    assert Submission.objects.get().reported_by == commune_officer
    rows = [HEADS, ["2024-02", "99001", "HI", 6], ["2024-02", "99002", "HI", 7]]
    with pytest.raises(Refused) as refused:
        load(rows, actor=commune_officer)
    assert [(f.code, f.row, f.column) for f in refused.value.faults] == [("not_allowed", 3, "D")]
    with pytest.raises(Refused) as refused:
        load(rows, actor=outsider)
    assert [(f.code, f.row) for f in refused.value.faults] == [
        ("not_allowed", 2),
        ("not_allowed", 3),
    ]
    assert counts() == {("2024-02", "99001", "HI"): 5}


def test_nobody_approves_their_own_report(load, officer):
    with pytest.raises(Refused) as refused:
        load([HEADS, ["2024-02", "99001", "HI", 5]], actor=officer, approve=True)
    assert [fault.code for fault in refused.value.faults] == ["own_report"]
    assert not Count.objects.exists()


# --- scale ---------------------------------------------------------------------------------------


def tidy(month: str, codes: Sequence[str]) -> list[list]:
    return [
        HEADS,
        *([month, code, indicator, 10] for code in codes for indicator in ("HI", "SI_V")),
    ]


def matrix(month: str, codes: Sequence[str]) -> list[list]:
    rows = [[code, 10, 10] for code in codes]
    return [["Mã đơn vị", "HI", "SI_V"], *rows, ["Tổng cộng", 10 * len(rows), 10 * len(rows)]]


@pytest.mark.parametrize("form", [tidy, matrix])
def test_the_number_of_queries_does_not_grow_with_the_rows(load, province, form):
    district = builders.by_code("902")
    for number in range(60):
        builders.unit(f"98{number:03d}", f"Làng Số {number}", parent=district)
    builders.rebuild_map()

    def queries(codes: Sequence[str], month: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            load(form(month, codes), month=Month.parse(month))
        # SQLite takes long INSERTs in pieces.
        return sum(not query["sql"].startswith("INSERT") for query in captured)

    few = queries(["99001", "99004"], "2024-02")
    many = queries([f"98{number:03d}" for number in range(60)], "2024-03")
    assert Count.objects.count() == 124
    assert many <= few


WORDS = """month;unit;indicator;value;STT;Đơn vị;Mã đơn vị;HI;SI_V;POP;TOTAL;HI_RATE;A;B;1;2;-
2024-02;99;901;99001;99002;#N/A;=1+1;5.805;1,5;Cộng;Toàn tỉnh;Xã Ao Sen;Huyện Bến Đá"""
CELLS = st.one_of(
    st.none(),
    st.integers(-3, 10**7),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.sampled_from(WORDS.replace("\n", ";").split(";")),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
)


@settings(max_examples=80)
@given(
    rows=st.lists(st.lists(CELLS, max_size=5), max_size=8), month=st.sampled_from([None, FEBRUARY])
)
def test_any_grid_is_recorded_or_refused_with_faults(load, rows, month):
    try:
        done = load(rows, month=month, dry_run=True)
    except Refused as refused:
        assert refused.faults
        assert all(fault.code and fault.message for fault in refused.faults)
    else:
        assert done.rows > 0
    assert not Count.objects.exists()
