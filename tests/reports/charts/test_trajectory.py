"""The large picture: its lines, its words, its description and the table behind it."""

import re
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.months import Month
from reports.charts import (
    Break,
    Ceiling,
    Event,
    Trajectory,
    description_of,
    trajectory,
    trajectory_facts,
    trajectory_note,
    trajectory_rows,
    trajectory_set,
)
from reports.charts.drawing.frame import (
    SIZES,
    Frame,
    domain,
)
from reports.charts.drawing.labels import Placer
from reports.charts.drawing.lines import Lines
from reports.charts.drawing.naming import (
    Naming,
    column,
)
from reports.engine.rules import Status
from reports.engine.trajectories import Point
from reports.outlook.forecast import forecast

from .drawing import (
    FIRST,
    count_indicator,
    flow_indicator,
    marks,
    only,
    parsed,
    points,
    rate_indicator,
    words,
)

CSS = Path(__file__).parents[3] / "reports/static/reports/charts.css"
YEAR = [1230, 1231, 1237, 1243, 1247, 1245, 1244, 1245, 1261, 1269, 1274, 1278]
BOTH_YEARS = [*YEAR, *[None] * 12]
PLAN = [*range(1246, 1258), *range(1260, 1272)]


def chart(values=BOTH_YEARS, *, plan=None, ahead=12, indicator=None, approved=None, **more):
    series = points(values, plan=plan, approved=approved)
    indicator = indicator or count_indicator()
    if ahead:
        until = FIRST + len(values) - 1
        more.setdefault("forecast", forecast(series, until, flow=indicator.kind == "flow"))
    more = {"title": "Đạt kế hoạch", "key": "hi", "status": Status.MET, **more}
    return Trajectory(points=series, indicator=indicator, **more)


def full(**more):
    return chart(
        plan=PLAN,
        ceiling=Ceiling(1300, "Dân số"),
        events=[Event(FIRST, "Thẻ hết hạn"), Event(FIRST + 8, "Năm học mới")],
        breaks=[Break(date(2024, 7, 1), "sắp xếp")],
        **more,
    )


def drawn(data, size="wide"):
    return parsed(trajectory(data, size))


def places(mark):
    return [tuple(map(float, place.split(","))) for place in mark.get("points").split()]


# --- lines ---------------------------------------------------------------------------------------


def test_result_plan_forecast_and_band_are_drawn_with_a_line_for_now():
    root = drawn(full())
    assert len(places(only(root, "reached"))) == 12
    assert len(marks(root, "plan")) == 2
    assert len(marks(root, "plan-end")) == 2
    assert only(root, "band").get("fill") == "url(#hi-wide-hatch)"
    assert root.find("defs/pattern").get("id") == "hi-wide-hatch"
    now = only(root, "now")
    assert float(now.get("x1")) == pytest.approx(places(only(root, "reached"))[-1][0], abs=0.01)
    assert places(only(root, "ahead"))[0] == places(only(root, "reached"))[-1]
    assert only(root, "ceiling") is not None


def test_the_heavy_tick_stands_where_the_plan_ends():
    root = drawn(full())
    x, y = places(marks(root, "plan")[-1])[-1]
    tick = marks(root, "plan-end")[-1]
    assert float(tick.get("y1")) == pytest.approx(y, abs=0.01)
    assert float(tick.get("x1")) < x < float(tick.get("x2"))


def test_a_greater_value_stands_higher_and_a_later_month_further_right():
    line = places(only(drawn(chart([1, 2, 3, 4], ahead=0)), "reached"))
    assert [x for x, _y in line] == sorted(x for x, _y in line)
    assert [y for _x, y in line] == sorted((y for _x, y in line), reverse=True)


def test_the_break_of_the_map_stands_between_the_last_month_before_and_the_first_after():
    data = chart(range(1000, 1012), ahead=0, breaks=[Break(date(2023, 7, 1), "sắp xếp")])
    root = drawn(data)
    line = places(only(root, "reached"))
    assert line[5][0] < float(only(root, "break").get("x1")) < line[6][0]
    assert "01/07/2023 sắp xếp" in words(root)


def test_a_break_outside_the_months_is_not_drawn():
    data = chart(YEAR, ahead=0, breaks=[Break(date(2025, 7, 1), "sắp xếp")])
    assert not marks(drawn(data), "break")


def test_no_forecast_is_drawn_of_five_months():
    root = drawn(chart([*YEAR[:5], *[None] * 7], plan=PLAN[:12]))
    assert not marks(root, "ahead")
    assert not marks(root, "band")
    assert only(root, "now") is not None


def test_a_flow_begins_anew_each_january_and_its_axis_at_zero():
    one_year = [10**9 * month for month in range(1, 13)]
    data = chart([*one_year, *one_year, *[None] * 3], indicator=flow_indicator())
    root = drawn(data)
    assert len(marks(root, "reached")) == 2
    assert any(word in ("0", "0,0", "0.0") for word in words(root))
    assert trajectory_note(data).count(".") == 1


def test_provisional_months_are_hollow_and_those_half_reported_are_named_not_drawn():
    values = [*range(1000, 1010), 1012, 500]
    data = chart(values, ahead=0, approved=[10] * 11 + [5])
    root = drawn(data)
    assert len(places(only(root, "reached"))) == 11
    assert any(word.startswith("12/2023") for word in words(root))
    assert trajectory_rows(data)[-1].provisional


def test_a_complete_month_that_may_still_change_is_drawn_hollow():
    series = points(range(1000, 1012))
    series[-1] = Point(series[-1].month, 1012, None, 204, 204, True)
    data = Trajectory(points=series, indicator=count_indicator(), title="x", key="x")
    root = drawn(data)
    assert len(marks(root, "unsure")) == 1
    assert len(marks(root, "is-provisional")) == 1


def test_the_axis_need_not_begin_at_zero_and_then_says_so():
    near, from_zero = chart(YEAR, ahead=0), chart([1, 5, 9], ahead=0)
    assert trajectory_note(near)
    assert not trajectory_note(from_zero)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_no_two_labels_touch(size):
    placed = labels_of(full(), SIZES[size])
    assert len(placed) >= 4
    assert not touching(placed)


def labels_of(data, size):
    margin = column(data, size) if size.column else 8
    frame = Frame(data, size, *domain(data), right_margin=margin)
    lines = Lines(frame)
    return Naming(frame, lines, Placer(frame.area, lines.every)).labels()


def touching(placed):
    return [
        (one.lines, other.lines)
        for one, other in combinations(placed, 2)
        if one.box.touches(other.box, gap=0)
    ]


def test_what_matters_is_said_beside_its_line():
    with translation.override("vi"):
        said = words(drawn(full()))
    assert "1.278" in said
    assert "1.271" in said
    assert any(word.startswith("≈ ") for word in said)
    assert "Năm học mới" in said
    assert "Dân số: 1.300" in said


def test_at_most_two_events_are_written_out():
    events = [Event(FIRST + 3 * place, f"Sự kiện {place}") for place in range(4)]
    said = " ".join(words(drawn(chart(YEAR, ahead=0, events=events))))
    assert "Sự kiện 2" not in said


def test_numbers_follow_the_language():
    data = full()
    with translation.override("en"):
        english = words(drawn(data))
    assert "1,278" in english
    assert "1.278" not in english


def test_a_rate_is_printed_in_percent():
    rates = [Decimal(f"9{n}.25") for n in range(6)]
    with translation.override("vi"):
        said = words(drawn(chart(rates, ahead=0, indicator=rate_indicator())))
    assert any(word.endswith("%") for word in said)


# --- for who cannot see it -----------------------------------------------------------------------


def test_the_picture_has_a_title_and_the_key_numbers_of_its_table():
    data = full()
    root = drawn(data)
    title, description = root.find("title"), root.find("desc")
    assert root.get("role") == "img"
    assert title.text == "Đạt kế hoạch"
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert description.text == description_of(trajectory_facts(data))
    assert 5 <= len(trajectory_facts(data)) <= 6


def test_the_table_has_every_month_with_the_numbers_of_the_description():
    data = full()
    rows = trajectory_rows(data)
    assert len(rows) == 24
    told = description_of(trajectory_facts(data))
    for printed in (rows[0].reached, rows[11].reached, rows[11].plan, rows[23].plan):
        assert printed in told
    for printed in (rows[23].forecast, rows[23].low, rows[23].high):
        assert printed in told
    assert rows[23].reached == "–"
    assert rows[0].forecast == "–"


def test_no_two_pictures_of_a_page_share_an_id():
    page = str(trajectory_set(full())) + str(trajectory_set(full(key="si")))
    found = re.findall(r' id="([^"]+)"', page)
    assert len(found) == len(set(found)) == 18


def test_nothing_is_styled_in_place():
    page = str(trajectory_set(full()))
    assert "style=" not in page
    assert "<style" not in page
    assert "<script" not in page


def test_no_text_is_set_smaller_than_twelve_pixels():
    sizes = re.findall(r"font-size: ([\d.]+)px", CSS.read_text())
    assert min(map(float, sizes)) >= 12
    rules = re.findall(r"([^{}]+)\{([^{}]*font-size[^{}]*)\}", CSS.read_text())
    sized = {name for rule, _body in rules for name in re.findall(r"\.([a-z-]+)", rule)}
    sized -= {"chart", "trajectory", "trajectory-small"}
    for size in SIZES:
        for text in drawn(full(), size).iter("text"):
            assert sized & set(text.get("class").split())


def test_the_style_sheet_sets_the_sizes_that_words_are_measured_with():
    css = CSS.read_text()
    for class_, wide, small in (
        ("axis", SIZES["wide"].axis_text, SIZES["small"].axis_text),
        ("label", SIZES["wide"].label_text, SIZES["small"].label_text),
        ("value", SIZES["wide"].value_text, SIZES["small"].value_text),
    ):
        assert re.search(rf"(chart|trajectory) \.{class_} {{ font-size: {wide:g}px", css)
        assert re.search(rf"trajectory-small \.{class_}[^}}]*font-size: {small:g}px", css)


# --- unusual inputs ------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [[], [None] * 12])
def test_without_figures_a_sentence_stands_in_the_frame(values):
    data = chart(values, ahead=0)
    assert len(words(drawn(data))) == 1
    assert len(trajectory_facts(data)) == 1


def test_a_plan_without_results_is_drawn():
    root = drawn(chart([None] * 12, plan=PLAN[:12], ahead=0))
    assert marks(root, "plan")
    assert not marks(root, "now")


@pytest.mark.parametrize("value", [0, 5, 10**13])
def test_one_month_is_a_dot_with_its_number(value):
    root = drawn(chart([value], ahead=0))
    assert only(root, "marker") is not None
    assert not marks(root, "reached")


def test_words_from_outside_are_escaped():
    data = chart(
        YEAR, ahead=0, title="<b>&", key='k" x="', events=[Event(FIRST + 2, "<i>\x00thẻ</i>")]
    )
    svg = trajectory(data)
    assert "<b>" not in svg
    assert "<i>" not in svg
    assert parsed(svg).find("title").text == "<b>&"


AMOUNTS = st.none() | st.integers(0, 10**13)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 10)), max_size=30),
    st.sampled_from([count_indicator, flow_indicator, rate_indicator]),
    st.sampled_from(list(SIZES)),
    st.none() | st.integers(0, 10**13),
    st.text(max_size=30),
)
def test_any_trajectory_is_well_formed_and_its_labels_never_touch(
    months, indicator, size, ceiling, text
):
    indicator = indicator()
    rate = indicator.kind == "ratio"

    def value(number):
        return Decimal(number % 100_000) / 100 if rate and number is not None else number

    series = [
        Point(FIRST + place, value(reached), value(plan), approved, 10, approved < 10)
        for place, (reached, plan, approved) in enumerate(months)
    ]
    until = FIRST + len(months) + 2
    data = Trajectory(
        points=series,
        indicator=indicator,
        title=text,
        key=text,
        forecast=forecast(series, until, flow=indicator.kind == "flow"),
        ceiling=None if ceiling is None else Ceiling(ceiling, text),
        events=[Event(FIRST + 3, text)],
        breaks=[Break(Month(FIRST + 6).first_day, text)],
    )
    parsed(trajectory(data, size))
    assert len(trajectory_rows(data)) >= len(months)
    if domain(data):
        assert not touching(labels_of(data, SIZES[size]))
