"""Matrices as people send them: merged heads, number rows, totals, groups, remarks, signatures."""

import pytest

from commitments.intake.headers import Catalogue
from commitments.intake.tables.matrix import Matrix, find_header, read_matrix
from commitments.intake.workbook.cells import Sheet
from commitments.models import Indicator
from commitments.rules import Fault

NAMES = {
    "HI": ("Số người tham gia BHYT", "Health insurance participants"),
    "SI_V": ("Số người tham gia BHXH tự nguyện", "Voluntary SI participants"),
    "SI_C": ("Số người tham gia BHXH bắt buộc (trong tỉnh)", "Compulsory SI (in the province)"),
}
INDICATORS = [
    Indicator(pk=pk, code=code, name_vi=vi, name_en=en, kind="stock", entered_at="commune")
    for pk, (code, (vi, en)) in enumerate(NAMES.items(), start=1)
]
CATALOGUE = Catalogue(INDICATORS)


def read(rows: list[list], merged: tuple = ()) -> tuple[Matrix, list[Fault]]:
    sheet = Sheet("Biểu 1", rows, merged)
    header = find_header(sheet)
    assert header is not None
    faults: list[Fault] = []
    return read_matrix(sheet, header, CATALOGUE, lambda indicator: True, faults.append), faults


def columns_of(matrix: Matrix) -> dict[int, str]:
    return {column.index: column.indicator.code for column in matrix.columns}


def lines_of(matrix: Matrix) -> list[tuple]:
    return [(line.code, line.label, line.place.row) for line in matrix.lines]


@pytest.mark.parametrize(
    "head",
    [
        "HI",
        "hi",
        "Số người tham gia BHYT",
        "SỐ NGƯỜI THAM GIA BHYT",
        "Số người tham gia BHYT (người)",
        "So nguoi tham gia BHYT",
        "Health insurance participants",
    ],
)
def test_a_column_is_headed_by_a_code_or_an_official_name(head):
    matrix, faults = read([["STT", "Đơn vị", head], [1, "Xã Hua La", 5]])
    assert not faults
    assert columns_of(matrix) == {2: "HI"}


def test_a_bracket_that_belongs_to_the_official_name_is_not_dropped():
    assert CATALOGUE.find("Số người tham gia BHXH bắt buộc (trong tỉnh)").code == "SI_C"
    assert CATALOGUE.find("Số người tham gia BHXH bắt buộc") is None


@pytest.mark.parametrize(
    "head", ["Đơn vị", "ĐƠN VỊ", "Tên đơn vị", "Xã, phường, thị trấn", "Huyện/Thành phố", "Unit"]
)
def test_units_are_named_in_a_column_of_any_customary_head(head):
    matrix, _faults = read([["TT", head, "HI"], [1, "Xã Hua La", 5]])
    assert lines_of(matrix) == [(None, "Xã Hua La", 2)]


def test_a_line_that_says_in_what_is_counted_is_no_head():
    assert find_header(Sheet(None, [["Đơn vị tính: người", None, "HI"], ["x", None, 5]])) is None


def test_title_lines_are_kept_and_the_head_is_found_below_them():
    matrix, faults = read(
        [["UBND HUYỆN A"], [None, "THÁNG 02/2024"], [], ["Đơn vị", "HI"], ["Xã Hua La", 5]]
    )
    assert not faults
    assert matrix.titles == ["UBND HUYỆN A", "THÁNG 02/2024"]


def test_heads_merged_over_several_rows_are_read_from_the_lowest():
    rows = [
        ["STT", "Đơn vị", "BHYT và BHXH", None, "Ghi chú"],
        [None, None, "Số người tham gia BHYT", "Số người tham gia BHXH tự nguyện", None],
        [None, None, "(người)", "(người)", None],
        ["A", "B", 1, 2, 3],
        [1, "Xã Hua La", 5, 6, "gửi muộn"],
    ]
    merged = (((0, 0), (2, 0)), ((0, 1), (2, 1)), ((0, 2), (0, 3)), ((0, 4), (2, 4)))
    matrix, faults = read(rows, merged)
    assert not faults
    assert columns_of(matrix) == {2: "HI", 3: "SI_V"}
    assert lines_of(matrix) == [(None, "Xã Hua La", 5)]


def test_a_head_is_read_together_with_the_one_above_it():
    rows = [
        ["Đơn vị", "Số người tham gia", None],
        [None, "BHYT", "BHXH tự nguyện"],
        ["Xã Hua La", 5, 6],
    ]
    matrix, faults = read(rows, (((0, 0), (1, 0)), ((0, 1), (0, 2))))
    assert not faults
    assert columns_of(matrix) == {1: "HI", 2: "SI_V"}


@pytest.mark.parametrize(
    "numbers",
    [
        ["A", "B", 1, 2],
        ["A", "B", "1", "2=1/3"],
        ["(A)", "(B)", "(1)", "(2) = (1) : (3)"],
        [1, 2, 3, 4],
    ],
)
def test_a_row_that_numbers_the_columns_is_not_a_unit(numbers):
    matrix, _faults = read([["STT", "Đơn vị", "HI", "SI_V"], numbers, [1, "Xã Hua La", 5, 6]])
    assert lines_of(matrix) == [(None, "Xã Hua La", 3)]


def test_a_first_row_of_small_numbers_is_not_taken_for_column_numbers():
    matrix, _faults = read([["Mã", "Đơn vị", "HI", "SI_V"], ["03682", "Xã Hua La", 1, 2]])
    assert len(matrix.lines) == 1


def test_units_may_be_given_by_code_by_name_or_both():
    both, _ = read([["STT", "Mã đơn vị", "Đơn vị", "HI"], [1, "03682", "Xã Mường Chiên", 5]])
    assert lines_of(both) == [("03682", "Xã Mường Chiên", 2)]
    codes, _ = read([["Mã đơn vị", "HI"], [3682, 5], ["Toàn huyện", 5]])
    assert lines_of(codes) == [("3682", None, 2), (None, "Toàn huyện", 3)]
    names, _ = read([["Đơn vị", "HI"], ["03682", 5], ["Xã Mường Chiên", 5]])
    assert lines_of(names) == [("03682", None, 2), (None, "Xã Mường Chiên", 3)]


def test_the_word_of_a_total_merged_to_the_left_is_found():
    matrix, _faults = read([["STT", "Đơn vị", "HI"], [1, "Xã Hua La", 5], ["Tổng cộng", None, 5]])
    assert lines_of(matrix)[1] == (None, "Tổng cộng", 3)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("I. Huyện Mai Sơn", "Huyện Mai Sơn"),
        ("1. Xã Hua La", "Xã Hua La"),
        ("- Xã Hua La", "Xã Hua La"),
        ("a) Xã Hua La", "Xã Hua La"),
        ("X. Hua La", "X. Hua La"),
        ("P. Tô Hiệu", "P. Tô Hiệu"),
    ],
)
def test_enumeration_is_taken_off_a_name_and_abbreviations_are_not(typed, label):
    matrix, _faults = read([["Đơn vị", "HI"], [typed, 5]])
    assert matrix.lines[0].label == label


def test_a_column_of_numbers_nobody_can_name_is_refused_at_its_head():
    matrix, faults = read(
        [["Đơn vị", "HI", "NOPE", None, "Người báo cáo"], ["Xã Hua La", 5, 6, 7, "chị Lan"]]
    )
    assert columns_of(matrix) == {1: "HI"}
    assert [(fault.code, fault.column, fault.row, fault.read) for fault in faults] == [
        ("unknown_indicator", "C", 1, "NOPE"),
        ("unknown_indicator", "D", 1, ""),
    ]


def test_an_indicator_over_two_columns_is_refused():
    _matrix, faults = read([["Đơn vị", "HI", "Số người tham gia BHYT"], ["Xã Hua La", 5, 6]])
    assert [(fault.code, fault.column) for fault in faults] == [("duplicate_column", "C")]


def test_running_numbers_remarks_and_columns_left_of_the_units_are_not_read():
    matrix, faults = read(
        [["Cụm", "STT", "Đơn vị", "HI", "Ghi chú"], ["Cụm 1", 1, "Xã Hua La", 5, "tăng 3"]]
    )
    assert not faults
    assert columns_of(matrix) == {3: "HI"}
    assert matrix.lines[0].numbered


def test_a_repeated_head_inside_the_table_is_not_a_unit():
    heads = ["STT", "Đơn vị", "HI"]
    matrix, _faults = read([heads, [1, "Xã Hua La", 5], heads, [2, "Xã Hua Trai", 6]])
    assert [line.label for line in matrix.lines] == ["Xã Hua La", "Xã Hua Trai"]


@pytest.mark.parametrize("head", ["Mã", "MÃ SỐ", "Mã đơn vị", "Mã ĐVHC"])
def test_a_column_of_codes_left_of_the_names_is_read_with_them(head):
    matrix, faults = read([["STT", head, "Đơn vị", "HI"], [1, "03682", "Xã Hua La", 5]])
    assert not faults
    assert columns_of(matrix) == {3: "HI"}
    assert lines_of(matrix) == [("03682", "Xã Hua La", 2)]


def test_of_two_columns_of_codes_the_last_one_is_the_row_s_own():
    heads = ["Mã huyện", "Huyện", "Mã xã", "Xã", "HI"]
    matrix, _faults = read([heads, ["116", "Huyện A", "03682", "Xã Hua La", 5]])
    assert lines_of(matrix) == [("03682", "Xã Hua La", 2)]
