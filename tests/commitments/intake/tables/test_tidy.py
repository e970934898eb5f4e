"""Tidy tables: heads in any order and spelling, months in every customary form, faults by cell."""

import datetime
import unicodedata

import pytest

from commitments.intake.headers import Catalogue
from commitments.intake.tables.tidy import TidyRow, find_header, read_tidy
from commitments.intake.workbook.cells import Sheet
from commitments.models import Indicator
from commitments.rules import Fault
from districts.months import Month

FEBRUARY = Month.of(2024, 2)
HI = Indicator(
    pk=1,
    code="HI",
    name_vi="Số người tham gia BHYT",
    name_en="Health insurance participants",
    kind="stock",
    entered_at="commune",
)
RATE = Indicator(pk=2, code="HI_RATE", name_vi="Tỷ lệ bao phủ BHYT", name_en="x", kind="ratio")
CATALOGUE = Catalogue([HI, RATE])
HEADS = ["month", "unit", "indicator", "value"]


def read(rows: list[list], month: Month | None = None) -> tuple[list[TidyRow], list[Fault]]:
    sheet = Sheet("Số liệu", rows)
    found = find_header(sheet)
    assert found is not None
    faults: list[Fault] = []
    return list(read_tidy(sheet, *found, CATALOGUE, month, faults.append)), faults


def codes_at(faults: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.code, f"{fault.column}{fault.row}") for fault in faults]


@pytest.mark.parametrize(
    "heads",
    [
        HEADS,
        ["kỳ", "mã đơn vị", "mã chỉ tiêu", "giá trị"],
        ["KỲ", "Mã Đơn Vị", "Mã chỉ tiêu ", "Giá  trị"],
        [unicodedata.normalize("NFD", text) for text in ("Kỳ", "Mã đơn vị", "Chỉ tiêu", "Giá trị")],
        ["ky", "ma don vi", "ma chi tieu", "gia tri"],
    ],
)
def test_heads_are_known_in_both_languages_and_any_spelling(heads):
    rows, faults = read([heads, ["2024-02", "03682", "HI", 5805]])
    assert not faults
    assert [(row.month, row.unit, row.indicator, row.value) for row in rows] == [
        (FEBRUARY, "03682", HI, 5805)
    ]


def test_columns_may_stand_in_any_order_below_title_rows():
    rows, faults = read(
        [
            ["BÁO CÁO"],
            [],
            ["Giá trị", "STT", "Kỳ", "Chỉ tiêu", "Đơn vị"],
            [5, 1, "2024-02", "HI", 7],
        ]
    )
    assert not faults
    assert (rows[0].value, rows[0].unit, rows[0].place.row) == (5, 7, 4)


def test_a_matrix_is_not_taken_for_a_tidy_table():
    assert find_header(Sheet(None, [["STT", "Đơn vị", "HI", "SI_V"], [1, "Hua La", 5, 6]])) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02",
        "2024-2",
        "02/2024",
        "2/2024",
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 1, 7),
        "2024-02-01",
    ],
)
def test_a_month_is_read_from_text_and_from_dates(cell):
    rows, faults = read([HEADS, [cell, "03682", "HI", 1]])
    assert not faults
    assert rows[0].month == FEBRUARY


@pytest.mark.parametrize(
    "cell", ["2024-13", "13/2024", "01/02/2024", "February", 202402, True, 0.5]
)
def test_what_is_no_month_is_refused(cell):
    rows, faults = read([HEADS, [cell, "03682", "HI", 1]])
    assert rows == []
    assert codes_at(faults) == [("bad_month", "A2")]


def test_the_month_asked_for_fills_a_missing_column_or_cell_and_may_not_be_contradicted():
    rows, faults = read([["unit", "indicator", "value"], ["03682", "HI", 1]], FEBRUARY)
    assert (rows[0].month, faults) == (FEBRUARY, [])
    table = [HEADS, [None, "03682", "HI", 1], ["2024-03", "03682", "HI", 1]]
    rows, faults = read(table, FEBRUARY)
    assert [row.month for row in rows] == [FEBRUARY]
    assert codes_at(faults) == [("other_month", "A3")]
    assert faults[0].expected == "2024-02"
    assert codes_at(read(table)[1]) == [("month_missing", "A2")]


def test_every_fault_of_every_row_is_listed_with_its_cell():
    rows, faults = read(
        [
            HEADS,
            ["2024-13", None, "NOPE", "abc"],
            ["2024-02", "03682", "HI", 1.5],
            ["2024-02", 1.5, "HI_RATE", -1],
            [None, None, None, None],
            ["2024-02", "03682", "HI", 5],
        ]
    )
    assert [(row.value, row.unread) for row in rows] == [(None, 1.5), (5, None)]
    assert codes_at(faults) == [
        ("unit_missing", "B2"),
        ("bad_month", "A2"),
        ("unknown_indicator", "C2"),
        ("not_a_number", "D2"),
        ("fraction", "D3"),
        ("unknown_unit", "B4"),
        ("computed_indicator", "C4"),
        ("negative", "D4"),
    ]
    assert {fault.read for fault in faults} >= {"2024-13", "NOPE", "abc", "1.5", "-1"}


def test_an_unknown_indicator_is_answered_with_the_one_that_was_likely_meant():
    faults = read([HEADS, ["2024-02", "03682", "Số người tham BHYT", 1]])[1]
    assert faults[0].code == "unknown_indicator"
    assert faults[0].expected.startswith("HI ")


def test_a_blank_value_is_read_as_blank():
    rows, faults = read([HEADS, ["2024-02", "03682", "HI", None], ["2024-02", "03682", "HI", "-"]])
    assert [row.value for row in rows] == [None, None]
    assert not faults


def test_a_source_and_its_day_may_stand_beside_a_base():
    heads = [*HEADS, "nguồn", "ngày", "tên đơn vị"]
    rows, faults = read(
        [
            heads,
            ["2024-01", "03682", "HI", 1, "Cục Thống kê", "31/12/2023", "Xã Mường Chiên"],
            ["2024-01", "03682", "HI", 1, None, datetime.datetime(2023, 12, 31), None],
            ["2024-01", "03682", "HI", 1, "x", "cuối năm", None],
        ]
    )
    assert (rows[0].source, rows[0].dated) == ("Cục Thống kê", datetime.date(2023, 12, 31))
    assert rows[0].name == "Xã Mường Chiên"
    assert (rows[1].source, rows[1].dated) == ("", datetime.date(2023, 12, 31))
    assert codes_at(faults) == [("bad_date", "F4")]


def test_two_columns_of_one_meaning_are_refused():
    rows, faults = read([[*HEADS, "giá trị"], ["2024-02", "03682", "HI", 1, 2]])
    assert rows == []
    assert codes_at(faults) == [("duplicate_column", "E1")]


def test_a_name_beside_the_code_is_kept_to_be_compared_and_stands_in_where_the_code_is_blank():
    heads = ["kỳ", "mã đơn vị", "đơn vị", "mã chỉ tiêu", "chỉ tiêu", "giá trị"]
    rows, faults = read(
        [
            heads,
            ["2024-02", "03682", "Xã Mường Chiên", "HI", "BHYT", 1],
            ["2024-02", None, "Xã Mường Chiên", None, "Số người tham gia BHYT", 2],
        ]
    )
    assert not faults
    assert [(row.unit, row.name) for row in rows] == [
        ("03682", "Xã Mường Chiên"),
        ("Xã Mường Chiên", "Xã Mường Chiên"),
    ]


def test_a_head_that_only_says_code_means_what_stands_right_of_it():
    heads = ["Kỳ", "Mã", "Đơn vị", "Mã số", "Chỉ tiêu", "Giá trị"]
    rows, faults = read([heads, ["2024-02", "03682", "Xã Hua La", "HI", "BHYT", 5]])
    assert not faults
    assert [(row.unit, row.name, row.indicator) for row in rows] == [("03682", "Xã Hua La", HI)]


def test_a_source_too_long_to_be_kept_is_refused():
    heads = [*HEADS, "nguồn"]
    rows, faults = read([heads, *(["2024-01", "03682", "HI", 1, "x" * n] for n in (300, 301))])
    assert [len(row.source) for row in rows] == [300]
    assert codes_at(faults) == [("too_long", "E3")]
