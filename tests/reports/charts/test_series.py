"""Small lines: what they join, what they leave out, and on which scale they stand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import multiple, multiple_facts, multiples_span, sparkline, steps
from reports.charts.drawing.scale import (
    Scale,
    ticks,
)
from reports.engine.rules import Status

from .drawing import LABELS, marks, only, parsed, points, words

VALUES = st.lists(st.none() | st.integers(0, 10**13), max_size=30)


def places(line):
    return [tuple(map(float, place.split(","))) for place in line.get("points").split()]


# --- sparkline -----------------------------------------------------------------------------------


def test_a_sparkline_has_a_dashed_plan_a_line_and_an_end_in_the_shape_of_its_status():
    root = parsed(sparkline(points([1, 2, 3], plan=[2, 3, 4]), status=Status.BEHIND))
    assert root.get("viewBox") == "0 0 84 24"
    line, end = places(only(root, "reached")), only(root, "marker")
    assert line[0][1] > line[1][1] > line[2][1]
    assert only(root, "plan") is not None
    assert end.tag == "polygon"
    assert "is-behind" in end.get("class")


def test_the_shape_at_the_end_differs_by_status():
    def shape(status):
        end = only(parsed(sparkline(points([1, 2]), status=status)), "marker")
        return end.tag, end.get("points")

    statuses = (Status.EXCEEDED, Status.MET, Status.BEHIND, Status.AT_RISK)
    assert len({shape(status) for status in statuses}) == 4


def test_a_month_without_a_count_breaks_the_line():
    root = parsed(sparkline(points([1, 2, None, 4, 5])))
    assert len(marks(root, "reached")) == 2


def test_a_month_of_which_half_has_reported_is_not_drawn_as_a_fall():
    series = points([100, 101, 102, 50], approved=[10, 10, 10, 5])
    assert len(places(only(parsed(sparkline(series)), "reached"))) == 3


def test_a_flow_begins_anew_in_january():
    series = points([90, 100, 10, 20], first=points([1])[0].month - 2)
    assert len(marks(parsed(sparkline(series, flow=True)), "reached")) == 2


def test_without_data_a_sparkline_is_a_dotted_line():
    for series in ([], points([None, None])):
        root = parsed(sparkline(series))
        assert "is-empty" in root.get("class")
        assert not marks(root, "marker")


def test_one_month_is_a_dot():
    root = parsed(sparkline(points([5])))
    assert marks(root, "marker")
    assert not marks(root, "reached")


# --- small multiples -----------------------------------------------------------------------------


def test_a_unit_is_drawn_in_percent_of_its_target_and_says_its_last():
    series = steps(points([500, 750, 1037], plan=[600, 800, 1000]), target=1000)
    assert [step.reached for step in series] == [
        Decimal("50.00"),
        Decimal("75.00"),
        Decimal("103.70"),
    ]
    root = parsed(multiple(series, span=multiples_span([series]), status=Status.EXCEEDED))
    (said,) = words(root)
    assert said.replace(".", ",") == "103,7"
    assert multiple_facts(series)[-1].text.replace(".", ",") == "103,7%"


def test_the_same_percent_stands_at_the_same_height_in_every_small_multiple():
    small = steps(points([90, 95, 100]), target=100)
    large = steps(points([90_000, 95_000, 100_000]), target=100_000)
    scale = multiples_span([small, large])
    drawn = [
        places(only(parsed(multiple(series, span=scale, status=Status.MET)), "line"))
        for series in (small, large)
    ]
    assert drawn[0] == drawn[1]
    full = only(parsed(multiple(small, span=scale, status=Status.MET)), "full")
    assert float(full.get("y1")) == pytest.approx(drawn[0][-1][1], abs=0.01)


@pytest.mark.parametrize("target", [None, 0])
def test_without_a_target_a_dash_stands_for_the_line(target):
    series = steps(points([1, 2]), target=target)
    root = parsed(multiple(series, span=multiples_span([series]), status=Status.NO_TARGET))
    assert words(root) == ["–"]
    assert not marks(root, "line")


# --- scales --------------------------------------------------------------------------------------


@given(st.floats(0, 1e13), st.floats(0, 1e13), st.booleans())
def test_ticks_enclose_their_numbers_in_even_steps(one, other, whole):
    low, high = sorted((one, other))
    found = ticks(low, high, whole=whole)
    assert found[0] <= low or found[0] == pytest.approx(low)
    assert found[-1] >= high or found[-1] == pytest.approx(high)
    assert 2 <= len(found) <= 12
    assert not whole or all(tick == int(tick) for tick in found)


def test_numbers_too_close_to_tell_apart_still_get_two_ticks():
    assert len(ticks(0.0, 5e-324)) >= 2


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_a_scale_keeps_the_order_of_numbers(one, other):
    scale = Scale(-(10**6), 10**6, 300, 10)
    low, high = sorted((one, other))
    assert scale.at(low) >= scale.at(high)


@given(VALUES, VALUES, st.sampled_from(list(Status)), st.integers(0, 10), LABELS)
def test_any_series_is_well_formed(values, plan, status, approved, label):
    plan = [*plan, *[None] * len(values)][: len(values)]
    series = points(values, plan=plan, approved=[approved] * len(values))
    share = steps(series, target=plan[-1] if plan else None)
    charts = [
        sparkline(series, status=status, label=label, key=label or ""),
        multiple(share, span=multiples_span([share]), status=status, label=label, key="m"),
    ]
    assert [parsed(chart).tag for chart in charts] == ["svg"] * len(charts)
