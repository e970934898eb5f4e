"""One table at a time: every number goes to the unit and head of its own table, or to a fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.intake.counts import read_counts
from commitments.intake.reading import Reading
from commitments.intake.tables.extents import tables_of
from commitments.intake.workbook.cells import Book, Sheet
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month

FEBRUARY = Month.of(2024, 2)


@pytest.fixture
def read(province, communes, catalogue):
    """Read rows as the one sheet of a file."""

    def read(rows: list[list], merged: tuple = ()) -> Reading:
        book = Book("a.xlsx", [Sheet("Biểu 1", rows, merged)])
        return read_counts(book, month=FEBRUARY, on=FEBRUARY.last_day)

    return read


def numbers(reading: Reading) -> dict[tuple[str, str], tuple[int, str]]:
    """What was read: (unit, indicator) to (number, cell)."""
    units = Unit.objects.in_bulk({entry.unit_id for entry in reading.entries})
    codes = dict(Indicator.objects.values_list("pk", "code"))
    return {
        (units[entry.unit_id].code, codes[entry.indicator_id]): (
            entry.value,
            f"{place.column}{place.row}",
        )
        for entry, place in zip(reading.entries, reading.places, strict=True)
    }


def faults(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.code, f"{fault.column or ''}{fault.row or ''}") for fault in reading.faults]


def test_two_tables_side_by_side_keep_their_own_units_and_heads(read):
    reading = read(
        [
            ["Đơn vị", "HI", None, "Đơn vị", "SI_V"],
            ["Xã Ao Sen", 41, None, "Xã Đèo Gió", 7],
            ["Xã Cầu Tre", 23, None, "Xã Cầu Tre", 9],
            ["Xã Đèo Gió", 12, None, "Xã Ao Sen", 15],
        ]
    )
    assert faults(reading) == []
    assert numbers(reading) == {
        ("99001", "HI"): (41, "B2"),
        ("99002", "HI"): (23, "B3"),
        ("99003", "HI"): (12, "B4"),
        ("99003", "SI_V"): (7, "E2"),
        ("99002", "SI_V"): (9, "E3"),
        ("99001", "SI_V"): (15, "E4"),
    }


def test_tables_side_by_side_may_bring_running_numbers_codes_and_heads_over_two_rows(read):
    reading = read(
        [
            ["BIỂU TỔNG HỢP"],
            ["STT", "Đơn vị", "Số người", None, "STT", "Mã", "Đơn vị", "Số người", None],
            [None, None, "HI", "SI_V", None, None, None, "HI", "SI_V"],
            [1, "Xã Ao Sen", 1, 2, 1, "99003", "Xã Đèo Gió", 5, 6],
            [2, "Xã Cầu Tre", 3, 4, None, None, None, None, None],
        ],
        (((1, 2), (1, 3)), ((1, 7), (1, 8))),
    )
    assert faults(reading) == []
    assert {key: value for key, (value, _cell) in numbers(reading).items()} == {
        ("99001", "HI"): 1, ("99001", "SI_V"): 2, ("99002", "HI"): 3, ("99002", "SI_V"): 4,
        ("99003", "HI"): 5, ("99003", "SI_V"): 6,
    }  # fmt: skip


def test_a_table_that_begins_lower_beside_the_first_is_read_on_its_own(read):
    reading = read(
        [
            ["Đơn vị", "HI", None, None, None],
            ["Xã Ao Sen", 41, None, "Đơn vị", "SI_V"],
            ["Xã Cầu Tre", 23, None, "Xã Đèo Gió", 9],
        ]
    )
    assert faults(reading) == []
    assert numbers(reading) == {
        ("99001", "HI"): (41, "B2"),
        ("99002", "HI"): (23, "B3"),
        ("99003", "SI_V"): (9, "E3"),
    }


def test_a_second_table_below_brings_its_own_heads(read):
    reading = read(
        [
            ["Đơn vị", "HI"],
            ["Xã Ao Sen", 20550],
            ["Xã Cầu Tre", 13630],
            [],
            ["Biểu 2"],
            ["Đơn vị", "SI_V"],
            ["Xã Đèo Gió", 176],
            ["Xã Ao Sen", 197],
        ]
    )
    assert faults(reading) == []
    assert numbers(reading) == {
        ("99001", "HI"): (20550, "B2"),
        ("99002", "HI"): (13630, "B3"),
        ("99003", "SI_V"): (176, "B7"),
        ("99001", "SI_V"): (197, "B8"),
    }


def test_a_second_table_of_an_unknown_indicator_is_refused_at_its_own_head(read):
    reading = read([["Đơn vị", "HI"], ["Xã Ao Sen", 5], [], ["Đơn vị", "NOPE"], ["Xã Ao Sen", 6]])
    assert faults(reading) == [("unknown_indicator", "B4")]


def test_a_second_table_without_a_number_loses_nothing_of_the_first(read):
    reading = read(
        [
            ["Đơn vị", "HI"],
            ["Xã Ao Sen", 5],
            [],
            ["Đơn vị", "Trưởng thôn"],
            ["Xã Ao Sen", "chị Lan"],
        ]
    )
    assert numbers(reading) == {("99001", "HI"): (5, "B2")}


def test_a_head_repeated_on_the_next_page_with_its_column_numbers_begins_no_table(read):
    heads = ["STT", "Đơn vị", "HI", "SI_V"]
    marks = ["A", "B", 1, 2]
    rows = [heads, marks, [1, "Xã Ao Sen", 5, 6], heads, marks, [2, "Xã Cầu Tre", 7, 8]]
    sheet = Sheet("Biểu 1", rows)
    assert tables_of(sheet) == [sheet]
    reading = read(rows)
    assert faults(reading) == []
    assert numbers(reading)["99002", "SI_V"] == (8, "D6")


def test_a_row_with_a_head_of_units_and_a_number_is_refused_not_dropped(read):
    reading = read([["Đơn vị", "HI"], ["Xã Ao Sen", 5], ["Huyện", 7]])
    assert faults(reading) == [("unknown_unit", "A3")]


def test_the_district_may_be_named_in_a_column_before_the_commune(read):
    rows = [["Huyện", "Xã", "HI"], ["Huyện Đồi Thông", "Xã Ao Sen", 5]]
    sheet = Sheet("Biểu 1", rows)
    assert tables_of(sheet) == [sheet]
    assert numbers(read(rows)) == {("99001", "HI"): (5, "C2")}


def test_a_line_of_the_title_that_names_the_unit_heads_no_table(read):
    reading = read([["Đơn vị:", "Huyện Đồi Thông"], [], ["Đơn vị", "HI"], ["Xã Ao Sen", 5]])
    assert faults(reading) == []
    assert numbers(reading) == {("99001", "HI"): (5, "B4")}


def test_a_column_with_a_known_head_is_read_left_of_the_units_too(read):
    reading = read([["SI_V", "Đơn vị", "HI"], [480, "Xã Ao Sen", 5], [322, "Xã Cầu Tre", 6]])
    assert faults(reading) == []
    assert numbers(reading) == {
        ("99001", "SI_V"): (480, "A2"),
        ("99001", "HI"): (5, "C2"),
        ("99002", "SI_V"): (322, "A3"),
        ("99002", "HI"): (6, "C3"),
    }


def test_numbers_left_of_the_units_under_an_unknown_head_are_refused(read):
    reading = read([["NOPE", "Đơn vị", "HI"], [480, "Xã Ao Sen", 5], [322, "Xã Cầu Tre", 6]])
    assert faults(reading) == [("unknown_indicator", "A1")]


@pytest.mark.parametrize(
    ("head", "values"),
    [(None, [1, 2]), ("Số", ["1.", "2."]), ("Mã vùng", [77, 78]), (None, ["09901", "09902"])],
)
def test_running_numbers_and_codes_left_of_the_units_are_no_counts(read, head, values):
    reading = read(
        [[head, "Đơn vị", "HI"], [values[0], "Xã Ao Sen", 5], [values[1], "Xã Cầu Tre", 6]]
    )
    assert faults(reading) == []
    assert len(reading.entries) == 2


COMMUNES = [f"9900{number}" for number in range(1, 5)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["HI", "SI_V", "SI_C"]),
            st.permutations(COMMUNES),
            st.integers(1, 4),
            st.integers(0, 2),
            st.integers(0, 3),
            st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
    st.booleans(),
)
def test_wherever_tables_stand_each_cell_belongs_to_exactly_one(tables, beside):
    """Tables of any height, gap, order and offset: each cell is there once, with its own head."""
    cells: dict[tuple[int, int], object] = {}
    expected = set()
    row = column = 0
    for number, (head, communes, height, gap, offset, has_number) in enumerate(tables):
        top = offset if beside else row
        left = column
        heads = [*(["STT"] if has_number else []), "Đơn vị", f"{head} {number}"]
        for step, text in enumerate(heads):
            cells[top, left + step] = text
        for down, code in enumerate(communes[:height], start=1):
            values = [*([down] if has_number else []), code, 1000 * number + down]
            for step, value in enumerate(values):
                cells[top + down, left + step] = value
            expected.add((f"{head} {number}", code, 1000 * number + down))
        if beside:
            column += len(heads) + gap
        else:
            row = top + height + 1 + gap
    height = max(row for row, _column in cells) + 1
    width = max(column for _row, column in cells) + 1
    rows = [[cells.get((r, c)) for c in range(width)] for r in range(height)]
    found = set()
    for table in tables_of(Sheet("Biểu 1", rows)):
        units = head = None
        for values in table.rows:
            if "Đơn vị" in values:
                units = values.index("Đơn vị")
                head = values[units + 1]
            elif units is not None and values[units : units + 1] not in ([], [None]):
                found.add((head, values[units], values[units + 1]))
    assert found == expected
