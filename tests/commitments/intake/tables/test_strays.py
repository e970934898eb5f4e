"""Numbers that stand beside, above or across the cells of a table are named, asked or refused."""

from datetime import date

import pytest

from commitments.intake.counts import import_counts, read_counts
from commitments.intake.files import open_file
from commitments.intake.reading import Reading
from commitments.intake.targets import import_targets
from commitments.intake.workbook.cells import Book, Sheet
from commitments.models import Count, Target
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests.commitments.intake import made

FEBRUARY = Month.of(2024, 2)
TODAY = date(2024, 3, 5)


@pytest.fixture
def read(province, communes, catalogue):
    """Read rows as the first sheet of a file."""

    def read(rows: list[list], merged: tuple = (), **more: list[list]) -> Reading:
        sheets = [Sheet("Biểu 1", rows, merged)]
        sheets += [Sheet(name, other) for name, other in more.items()]
        return read_counts(Book("a.xlsx", sheets), month=FEBRUARY, on=TODAY)

    return read


def said(faults) -> list[tuple[str, str]]:
    return [(one.code, f"{one.column or ''}{one.row or ''}") for one in faults]


def values(reading: Reading) -> list[int]:
    return sorted(entry.value for entry in reading.entries)


# --- merged numbers ------------------------------------------------------------------------------


def test_a_number_merged_over_two_indicators_is_refused_at_the_merged_cells(read):
    rows = [["Đơn vị", "HI", "SI_V"], ["Xã Ao Sen", 8626, None], ["Xã Cầu Tre", 9630, 197]]
    reading = read(rows, (((1, 1), (1, 2)),))
    assert said(reading.faults) == [("merged_number", "B2")]
    assert values(reading) == [197, 9630]


def test_a_number_merged_over_two_units_is_refused_at_the_merged_cells(read):
    rows = [["Đơn vị", "HI"], ["Xã Ao Sen", 17], ["Xã Cầu Tre", None], ["Xã Đèo Gió", 5]]
    reading = read(rows, (((1, 1), (2, 1)),))
    assert said(reading.faults) == [("merged_number", "B2")]
    assert values(reading) == [5]


def test_a_number_merged_into_a_column_of_nothing_known_is_refused(read):
    rows = [["Đơn vị", "HI", "NOPE"], ["Xã Ao Sen", 17, None]]
    assert said(read(rows, (((1, 1), (1, 2)),)).faults) == [("merged_number", "B2")]


def test_cells_merged_alike_below_a_merged_head_are_one_cell(read):
    rows = [["Đơn vị", "HI", None, "SI_V"], ["Xã Ao Sen", 17, None, 3]]
    reading = read(rows, (((0, 1), (0, 2)), ((1, 1), (1, 2))))
    assert said(reading.faults) == []
    assert values(reading) == [3, 17]


def test_two_rows_merged_for_one_unit_are_one_row(read):
    rows = [["STT", "Đơn vị", "HI"], [1, "Xã Ao Sen", 17], [None] * 3, [2, "Xã Cầu Tre", 5]]
    merged = (((1, 0), (2, 0)), ((1, 1), (2, 1)), ((1, 2), (2, 2)))
    reading = read(rows, merged)
    assert said(reading.faults) == []
    assert values(reading) == [5, 17]


def test_words_merged_over_cells_are_no_numbers(read):
    rows = [["Đơn vị", "HI", "SI_V"], ["Xã Ao Sen", "-", None], ["Xã Cầu Tre", 5, 6]]
    assert said(read(rows, (((1, 1), (1, 2)),)).faults) == []


def test_a_number_merged_over_two_rows_of_a_tidy_table_is_refused(read):
    rows = [
        ["month", "unit", "indicator", "value"],
        ["2024-02", "99001", "HI", 5],
        ["2024-02", "99002", "HI", None],
    ]
    reading = read(rows, (((1, 3), (2, 3)),))
    assert said(reading.faults) == [("merged_number", "D2")]
    assert values(reading) == []


# --- beyond the heads ----------------------------------------------------------------------------


def test_a_comma_for_thousands_without_quotation_marks_is_refused_row_by_row(
    tmp_path, province, communes, catalogue
):
    path = made.text(
        tmp_path / "counts.csv", "unit,indicator,value\n99001,HI,1,250\n99002,HI,2,310\n"
    )
    reading = read_counts(open_file(path), month=FEBRUARY, on=TODAY)
    assert said(reading.faults) == [("beyond_the_heads", "D2"), ("beyond_the_heads", "D3")]
    assert values(reading) == []


def test_a_number_whose_comma_leads_into_the_remarks_is_asked_about(
    tmp_path, province, communes, catalogue
):
    rows = "unit,indicator,value,note\n99001,HI,1,250\n99002,HI,12,gửi muộn\n"
    path = made.text(tmp_path / "counts.csv", rows)
    reading = read_counts(open_file(path), month=FEBRUARY, on=TODAY)
    assert said(reading.faults) == [("parted_number", "C2")]
    rows = "unit,indicator,value,tháng trước\n99001,HI,1,250\n"
    path = made.text(tmp_path / "compared.csv", rows)
    assert read_counts(open_file(path), month=FEBRUARY, on=TODAY).faults == []


def test_a_row_of_a_matrix_wider_than_its_heads_is_refused(tmp_path, province, communes, catalogue):
    path = made.text(tmp_path / "counts.csv", "Đơn vị,HI\nXã Ao Sen,1,250\n")
    reading = read_counts(open_file(path), month=FEBRUARY, on=TODAY)
    (fault,) = reading.faults
    assert (fault.code, fault.column) == ("unknown_indicator", "C")
    assert "C" in fault.message


def test_words_beyond_the_heads_and_running_numbers_before_them_are_no_counts(read):
    rows = [
        [None, "unit", "indicator", "value"],
        [1, "99001", "HI", 5, "gửi muộn"],
        [2, "99002", "HI", 6],
    ]
    reading = read(rows)
    assert said(reading.faults) == []
    assert values(reading) == [5, 6]


def test_numbers_of_a_tidy_table_under_another_head_are_named(read):
    rows = [
        ["STT", "unit", "indicator", "value", "Số cán bộ"],
        [1, "99001", "HI", 5, 70],
        [2, "99002", "HI", 6, 80],
    ]
    reading = read(rows)
    assert said(reading.faults) == []
    assert said(reading.remarks) == [("left_out", "E2")]
    assert (reading.remarks[0].read, "2" in reading.remarks[0].message) == ("70", True)


@pytest.mark.parametrize("head", ["HI", "Chỉ tiêu SI_V"])
def test_a_known_indicator_heads_no_column_of_a_tidy_table(read, head):
    rows = [["unit", "indicator", "value", head], ["99001", "HI", 5, 70]]
    assert said(read(rows).faults) == [("second_table", "D1")]


# --- left out and named --------------------------------------------------------------------------


def test_numbers_under_remarks_are_named_once_a_column(read):
    rows = [["STT", "Đơn vị", "HI", "Ghi chú"], [1, "Xã Ao Sen", 5, 12], [2, "Xã Cầu Tre", 6, 13]]
    reading = read(rows)
    assert said(reading.faults) == []
    assert said(reading.remarks) == [("left_out", "D2")]
    assert values(reading) == [5, 6]


def test_a_number_in_the_title_is_named(read):
    reading = read([["Biểu", 2], [], ["Đơn vị", "HI"], ["Xã Ao Sen", 5]])
    assert said(reading.remarks) == [("left_out", "B1")]
    assert values(reading) == [5]


def test_a_number_with_words_in_a_row_of_no_unit_is_named(read):
    rows = [
        ["Đơn vị", "HI"],
        ["Xã Ao Sen", 5],
        [None, "12 người"],
        [None, "Ao Sen, ngày 05 tháng 3 năm 2024"],
    ]
    reading = read(rows)
    assert said(reading.faults) == []
    assert said(reading.remarks) == [("left_out", "B3")]


def test_what_was_left_out_is_part_of_the_answer(tmp_path, province, communes, catalogue):
    path = made.workbook(tmp_path / "a.xlsx", [["Đơn vị", "HI", "Ghi chú"], ["Xã Ao Sen", 5, 12]])
    done = import_counts(path=path, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    named = [
        (one["code"], one["sheet"], one["row"], one["column"], one["read"]) for one in done.warnings
    ]
    assert named == [("left_out", "Số liệu", 2, "C", "12")]


# --- asked ---------------------------------------------------------------------------------------


MISSPELT = [["Đơn vỵ", "HI"], ["Xã Đèo Gió", 8450]]


def test_a_sheet_with_units_and_numbers_and_no_head_is_asked_about(read):
    rows = [["Đơn vị", "HI"], ["Xã Ao Sen", 20550]]
    reading = read(rows, **{"Xã Cầu Tre": [*rows[:1], ["Xã Cầu Tre", 13630]], "Xã Gió": MISSPELT})
    assert said(reading.faults) == [("unread_sheet", "B1")]
    assert reading.faults[0].sheet == "Xã Gió"
    assert reading.ignored_sheets == ["Xã Gió"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Huyện Đồi Thông", None, 5]],
        [["Chỉ tiêu HI", 70]],
        [["HI", "SI_V"], [5, 6]],
        [[], ["99003", "Xã Đèo Gió", "1.250"]],
    ],
)
def test_whatever_names_a_number_on_an_unread_sheet_is_asked_about(read, rows):
    reading = read([["Đơn vị", "HI"], ["Xã Ao Sen", 5]], **{"Phụ lục": rows})
    assert [fault.code for fault in reading.faults] == ["unread_sheet"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Điền đủ các cột"], ["Hạn gửi", 5]],
        [["Xã Ao Sen"], ["Người lập", "chị Lan"]],
        [[1, "Chỉ tiêu HI", "số người có thẻ"]],
    ],
)
def test_a_sheet_of_mere_remarks_is_left_out_and_named(read, rows):
    reading = read([["Đơn vị", "HI"], ["Xã Ao Sen", 5]], **{"Hướng dẫn": rows})
    assert (said(reading.faults), reading.ignored_sheets) == ([], ["Hướng dẫn"])


def test_nothing_of_a_file_is_kept_until_the_sheet_is_confirmed_not_to_be_meant(
    tmp_path, province, communes, catalogue
):
    path = made.workbook(
        tmp_path / "a.xlsx", [["Đơn vị", "HI"], ["Xã Ao Sen", 5]], more={"Gió": MISSPELT}
    )
    options = {"path": path, "month": FEBRUARY, "actor": COMMAND_LINE, "on": TODAY}
    with pytest.raises(Refused) as refused:
        import_counts(**options)
    assert [(one.code, one.sheet) for one in refused.value.faults] == [("unread_sheet", "Gió")]
    assert not Count.objects.exists()
    done = import_counts(**options, confirm=["unread_sheet"])
    assert (done.created, done.ignored_sheets) == (1, ["Gió"])
    assert [one["code"] for one in done.confirmed] == ["unread_sheet"]


def test_a_table_above_with_a_misspelt_head_is_asked_about(read):
    reading = read([*MISSPELT, [], ["Đơn vị", "SI_V"], ["Xã Ao Sen", 5]])
    assert said(reading.faults) == [("unread_row", "A2")]


def test_a_table_beside_with_a_misspelt_head_is_asked_about(read):
    rows = [
        ["Đơn vị", "HI", None, "Đơn vỵ", "SI_V"],
        ["Xã Ao Sen", 5, None, "Xã Đèo Gió", 7],
        ["Xã Cầu Tre", 6, None, "Xã Ao Sen", 8],
    ]
    assert said(read(rows).faults) == [("other_unit_beside", "D2")]


def test_the_district_of_a_commune_may_stand_between_it_and_its_numbers(read):
    rows = [["Đơn vị", "Thuộc", "HI"], ["Xã Ao Sen", "Huyện Đồi Thông", 5]]
    assert said(read(rows).faults) == []


# --- the same of targets -------------------------------------------------------------------------


@pytest.fixture
def assign(tmp_path, province, communes, catalogue):
    def assign(rows, **options):
        made.workbook(tmp_path / "a.xlsx", rows, **options)
        with pytest.raises(Refused) as refused:
            import_targets(
                path=tmp_path / "a.xlsx",
                number="1/QĐ",
                issued_on=date(2024, 1, 2),
                authority="vss",
                year=2024,
                actor=COMMAND_LINE,
                on=TODAY,
                explanation="x",
            )
        assert not Target.objects.exists()
        return said(refused.value.faults)

    return assign


def test_targets_merged_hidden_or_on_unread_sheets_are_refused_as_counts_are(assign):
    heads = ["Đơn vị", "HI", "SI_V"]

    def merge(sheet):
        sheet.merge_cells("B2:C2")

    def hide(sheet):
        sheet.row_dimensions[2].hidden = True

    assert assign([heads, ["Xã Ao Sen", 5, None]], finish=merge) == [("merged_number", "B2")]
    assert assign([heads, ["Xã Ao Sen", 5, None]], finish=hide) == [("hidden_cell", "B2")]
    assert assign([heads, ["Xã Ao Sen", 5, None]], more={"Gió": MISSPELT}) == [
        ("unread_sheet", "B1")
    ]
    beside = [["Đơn vị", "HI", "Đơn vỵ", "SI_V"], ["Xã Ao Sen", 5, "Xã Đèo Gió", 7]]
    assert assign(beside) == [("other_unit_beside", "C2")]
