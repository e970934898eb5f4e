"""The year before a number: where the line, the dashes and the dot stand, and what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.charts import Course, course, course_facts, description_of

from .drawing import count_indicator, marks, only, parsed, words

MONTH = Month.of(2024, 2)
NUMBERS = st.none() | st.integers(0, 10**15)


def year(*before, now=None, **more):
    """The twelve months before, filled up with blanks from the left."""
    filled = (None,) * (12 - len(before)) + before
    indicator = count_indicator(name_vi="Hộ gia đình", name_en="Households")
    return Course(indicator, MONTH, filled, now, **more)


def drawn(data):
    return parsed(course(data, key="HI"))


def y_of(root, class_, name="y1"):
    return [float(mark.get(name)) for mark in marks(root, class_)]


def test_without_a_month_before_there_is_no_drawing():
    assert course(year(now=118), key="HI") == ""


def test_more_stands_higher_and_the_month_itself_furthest_right():
    root = drawn(year(*range(176, 188), now=189))
    line = [
        tuple(map(float, place.split(","))) for place in only(root, "reached").get("points").split()
    ]
    assert line == sorted(line, key=lambda place: (place[0], -place[1]))
    assert len(line) == 12
    dot = only(root, "dot")
    assert float(dot.get("cx")) > line[-1][0]
    assert float(dot.get("cy")) < line[-1][1]


def test_a_month_that_is_blank_is_a_gap_and_not_a_zero():
    root = drawn(year(100, 110, None, 120, 130, None, 140))
    assert [len(line.get("points").split()) for line in marks(root, "reached")] == [2, 2]
    assert len(marks(root, "alone")) == 1


def test_what_no_rule_asks_about_lies_between_two_dashed_lines_with_their_numbers():
    root = drawn(year(180, 190, now=118, usual=(162, 218)))
    upper, lower = y_of(root, "usual")
    assert upper < float(only(root, "link").get("y1")) < lower
    assert words(root) == ["218", "162", "02/2023", "02/2024"]


def test_numbers_of_lines_that_lie_close_are_not_printed_over_each_other():
    root = drawn(year(1, 10**6, 1000, usual=(995, 1005)))
    upper, lower = y_of(root, "usual-label", "y")
    assert lower - upper >= 12


@pytest.mark.parametrize(
    ("now", "looks"),
    [
        (None, {"is-blank"}),
        (190, set()),
        (161, {"is-unusual"}),
        (9, {"is-unusual", "is-beyond"}),
        (9000, {"is-unusual", "is-beyond"}),
    ],
)
def test_the_dot_says_whether_a_reason_is_asked_and_stays_in_the_frame(now, looks):
    root = drawn(year(170, 190, now=now, usual=(162, 218)))
    assert set(only(root, "now").get("class").split()) - {"now"} == looks
    frame = only(root, "now")
    y = float(only(root, "dot").get("cy"))
    assert float(frame.get("data-top")) <= y <= float(frame.get("data-bottom"))


def test_the_frame_is_the_same_whatever_is_typed():
    """A script moves the dot in it: what the server draws later must not differ."""
    frames = set()
    for now in (None, 0, 190, 10**9):
        frame = only(drawn(year(170, 190, now=now, usual=(162, 218))), "now")
        frames.add((frame.get("data-low"), frame.get("data-high")))
    assert len(frames) == 1


def test_a_change_of_the_map_is_drawn_between_its_months():
    root = drawn(year(*range(12), broken=[MONTH - 2]))
    line = only(root, "reached").get("points").split()
    before, after = (float(line[place].split(",")[0]) for place in (9, 10))
    assert before < float(only(root, "break").get("x1")) < after


def test_the_description_holds_every_number_and_what_is_usual():
    data = year(1760, 1900, usual=(1710, 2090))
    said = description_of(course_facts(data))
    assert said == "12/2023: 1.760; 01/2024: 1.900; Không hỏi lý do: từ 1.710 đến 2.090."
    root = drawn(data)
    assert root.find("desc").text == said
    assert root.find("title").text == "Hộ gia đình, 12 tháng trước: từ 1.760 đến 1.900"


@given(st.lists(NUMBERS, min_size=12, max_size=12), NUMBERS, st.none() | NUMBERS)
def test_any_numbers_make_a_drawing(before, now, least):
    usual = None if least is None else (least, least + 20)
    root_or_nothing = course(year(*before, now=now, usual=usual), key="HI")
    if root_or_nothing:
        parsed(root_or_nothing)
    else:
        assert before == [None] * 12
