"""What the benchmarks print, and what they call enough."""

import pytest

from benchmarks.bare.aims import AIMS, line
from benchmarks.load import most, percentile, told


@pytest.mark.parametrize(
    ("name", "ratio", "said"),
    [
        ("overview_now_ready", 4.999, "overview_now_ready 5.00 5 ok"),
        ("overview_now_ready", 5.01, "overview_now_ready 5.01 5 short"),
        ("overview_now_kept", 0.6, "overview_now_kept 0.60 0.6 ok"),
        ("dashboard_computed", 24.0, "dashboard_computed 24.00 - info"),
    ],
)
def test_a_line_holds_a_measure_against_its_aim(name, ratio, said):
    assert line(name, ratio) == said


def test_every_measure_that_is_to_be_reached_has_an_aim():
    pages = {f"overview_{month}_{how}" for month in ("now", "2023") for how in ("kept", "ready")}
    rest = {"not_modified", "dashboard", "autosave", "send_20", "form_30", "workbook_200"}
    assert pages | rest | {"overview_now_changed", "overview_2023_changed"} <= AIMS.keys()


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.95) == 95
    assert percentile([3.0], 0.95) == 3
    assert percentile([1.0, 2.0], 0.95) == 2


def test_what_is_quick_alone_may_take_half_a_second_and_what_is_slow_some_times_as_long():
    assert most("overview", 0.01) == 0.5
    assert most("overview", 0.2) == pytest.approx(1.6)
    assert most("autosave", 0.01) == 0.3
    assert most("autosave", 0.1) == pytest.approx(0.5)


def test_a_kind_of_request_is_short_by_its_slow_answers_not_by_one():
    assert told("overview", [0.1] * 99 + [9.0], alone=0.1)[1]
    assert not told("overview", [0.1] * 90 + [9.0] * 10, alone=0.1)[1]
