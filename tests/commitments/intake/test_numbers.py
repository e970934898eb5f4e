"""What a cell means as a count or as a target, and what is refused because it has two readings."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.intake.numbers import MAX_COUNT, Unreadable, read_count, read_target
from commitments.intake.workbook.cells import CellError, NoCachedValue, Percent, Place
from commitments.models import Indicator, Operator

COUNT = Indicator(code="HI", kind="stock", decimals=0, direction="up")
RATE = Indicator(code="HI_RATE", kind="ratio", decimals=2, direction="up")
LATE = Indicator(code="LATE_RATE", kind="ratio", decimals=2, direction="down")


def refused(read, cell, *arguments) -> str:
    """The code of the refusal, whose sentence can be written out."""
    with pytest.raises(Unreadable) as error:
        read(cell, *arguments)
    fault = error.value.at(Place("Số liệu", 7, "D"), cell)
    assert "%(" not in fault.message
    assert (fault.sheet, fault.row, fault.column) == ("Số liệu", 7, "D")
    return fault.code


# --- counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (5805, 5805),
        (5805.0, 5805),
        (0, 0),
        ("0", 0),
        ("5805", 5805),
        ("5.805", 5805),
        ("5 805", 5805),
        ("5\u00a0805", 5805),
        ("5\u202f805", 5805),
        ("5,805", 5805),
        ("7.912", 7912),
        ("1.278", 1278),
        ("1.278.316", 1_278_316),
        ("１.２７８", 1_278),
        ("1 278 316", 1_278_316),
        ("1,278,316", 1_278_316),
        ("5805.0", 5805),
        ("5.805,00", 5805),
        ("1,278,316.0", 1_278_316),
        (MAX_COUNT, MAX_COUNT),
    ],
)
def test_a_count_is_read_however_its_thousands_are_written(cell, count):
    assert read_count(cell) == count


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–", "—", "--", " - "])
def test_nothing_and_a_dash_are_blank_and_blank_is_not_zero(cell):
    assert read_count(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1.5, "fraction"),
        ("1.48", "fraction"),
        ("1,5", "fraction"),
        ("0.961", "fraction"),
        ("5805.000", "fraction"),
        ("1.278.316,5", "fraction"),
        (Percent(0.5), "fraction"),
        ("abc", "not_a_number"),
        ("5805 người", "not_a_number"),
        ("1.278,316", "fraction"),
        ("12.34.56", "not_a_number"),
        ("1e3", "not_a_number"),
        ("nan", "not_a_number"),
        ("٣", "not_a_number"),
        (-1, "negative"),
        ("-1", "negative"),
        ("-1.278", "negative"),
        (True, "truth_value"),
        (datetime.date(2024, 2, 1), "date_value"),
        (datetime.datetime(2024, 2, 1, 8), "date_value"),
        (datetime.time(8), "date_value"),
        (datetime.timedelta(hours=30), "date_value"),
        (CellError("#N/A"), "error_value"),
        (NoCachedValue(), "formula_without_value"),
        (1e300, "too_large"),
        (float("inf"), "too_large"),
        (float("nan"), "too_large"),
        (MAX_COUNT + 1, "too_large"),
        ("9" * 16, "too_large"),
        ("9" * 60, "too_large"),
    ],
)
def test_what_is_no_count_is_refused_each_with_its_own_code(cell, code):
    assert refused(read_count, cell) == code


# --- targets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "target"),
    [
        (1_272_669, (Operator.AT_LEAST, 1_272_669)),
        ("1.272.669", (Operator.AT_LEAST, 1_272_669)),
        ("≥ 1.272.669", (Operator.AT_LEAST, 1_272_669)),
        (">90", (Operator.MORE_THAN, 90)),
        ("-", None),
        (None, None),
    ],
)
def test_a_target_of_a_count_is_a_whole_number(cell, target):
    assert read_target(cell, COUNT) == target


@pytest.mark.parametrize(
    ("cell", "target"),
    [
        (96.1, (Operator.AT_LEAST, 9610)),
        (100, (Operator.AT_LEAST, 10_000)),
        (0, (Operator.AT_LEAST, 0)),
        ("96,1", (Operator.AT_LEAST, 9610)),
        ("96.10", (Operator.AT_LEAST, 9610)),
        ("96.1%", (Operator.AT_LEAST, 9610)),
        ("96,15 %", (Operator.AT_LEAST, 9615)),
        ("≥ 96,1", (Operator.AT_LEAST, 9610)),
        (">= 96,1%", (Operator.AT_LEAST, 9610)),
        (">90", (Operator.MORE_THAN, 9000)),
        ("> 90", (Operator.MORE_THAN, 9000)),
        ("<= 2", (Operator.AT_MOST, 200)),
        ("≤1,2%", (Operator.AT_MOST, 120)),
        (Percent(0.961), (Operator.AT_LEAST, 9610)),
        (Percent(0.012), (Operator.AT_LEAST, 120)),
        (Percent(0.983), (Operator.AT_LEAST, 9830)),
        ("–", None),
        (None, None),
    ],
)
def test_a_target_of_a_rate_is_scaled_by_its_decimals(cell, target):
    assert read_target(cell, RATE) == target


def test_where_less_is_better_a_bare_target_is_at_most():
    assert read_target("2,84", LATE) == (Operator.AT_MOST, 284)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (0.961, "share_or_percent"),
        ("0,961", "share_or_percent"),
        (1.5, "share_or_percent"),
        (1, "share_or_percent"),
        ("≤ 1,2", "share_or_percent"),
        ("1.278", "share_or_percent"),
        (9610, "above_maximum"),
        ("> 100,01", "above_maximum"),
        (Percent(96.1), "above_maximum"),
        (96.123, "too_many_decimals"),
        ("96,123", "too_many_decimals"),
        (-5, "negative"),
        ("-5%", "negative"),
        ("< 2", "unknown_operator"),
        ("= 2", "unknown_operator"),
        ("> ", "not_a_number"),
        ("> -", "not_a_number"),
        ("cao", "not_a_number"),
        ("96.1.2", "not_a_number"),
        (True, "truth_value"),
        (CellError("#DIV/0!"), "error_value"),
        (NoCachedValue(), "formula_without_value"),
        (float("inf"), "too_large"),
    ],
)
def test_what_is_no_target_or_could_be_two_is_refused(cell, code):
    assert refused(read_target, cell, RATE) == code


def test_a_rate_of_too_many_decimals_is_answered_with_its_rounding_half_up():
    with pytest.raises(Unreadable) as error:
        read_target(Percent(0.961_250_001), RATE)
    assert error.value.expected == "96.13%"


def test_a_fraction_is_no_target_of_a_count():
    assert refused(read_target, "96,1", COUNT) == "fraction"


@given(
    st.one_of(
        st.none(),
        st.text(max_size=30),
        st.from_regex(r"\A[ -]{0,2}[<>=≥≤]{0,2} ?[0-9.,  ]{1,24}%?\Z"),
        st.integers(),
        st.floats(),
        st.floats().map(Percent),
        st.booleans(),
        st.datetimes(),
    )
)
def test_any_cell_is_blank_a_number_or_refused(cell):
    for read in (read_count, lambda value: read_target(value, RATE)):
        try:
            number = read(cell)
        except Unreadable:
            continue
        if isinstance(number, tuple):
            number = number[1]
        assert number is None or (isinstance(number, int) and number >= 0)


@given(st.integers(0, MAX_COUNT), st.sampled_from([".", ",", " ", ""]))
def test_every_count_is_read_back_from_every_way_of_grouping(count, separator):
    assert read_count(f"{count:,}".replace(",", separator)) == count
