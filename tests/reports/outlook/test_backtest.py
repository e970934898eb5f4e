"""How honest the forecast's interval is: a small share of ``make backtest``."""

import pytest

from benchmarks.backtest.tallies import Tallies
from benchmarks.forecast import FIRST, LAST, ORIGINS, SHAPES, verdict

COUNT, SEED = 40, 8
SOME = ("steady growth", "step by law, July 2024", "flow, December rush")


def tallied(shape, origin):
    tallies = Tallies()
    for series in shape.series(COUNT, SEED):
        known = series.values[: len(series.values) - (LAST - origin)]
        tallies.add(known, FIRST, LAST, series.values[-1], flow=shape.flow, ceiling=series.ceiling)
    return tallies


@pytest.fixture(scope="module")
def september():
    return {shape.name: tallied(shape, ORIGINS[0]) for shape in SHAPES if shape.name in SOME}


@pytest.mark.parametrize("name", SOME)
def test_the_interval_holds_about_four_results_in_five(september, name):
    assert 65 <= september[name].product.percent <= 95


@pytest.mark.parametrize("name", SOME)
def test_the_forecast_is_no_further_off_than_the_rule_of_the_square_root(september, name):
    assert september[name].no_worse


def test_a_step_by_law_a_year_ago_is_not_repeated():
    shape = next(shape for shape in SHAPES if shape.name == "step by law, July 2024")
    june = tallied(shape, ORIGINS[1])
    assert june.product.error < 1
    assert june.root.error > 4


def test_a_backtest_says_which_aim_it_misses():
    tallies = {shape.name: [Tallies() for _ in ORIGINS] for shape in SHAPES}
    for origins in tallies.values():
        for one in origins:
            for place in range(10):
                one.product.add((100, 90, 110), 100 if place < 8 else 200)
                one.root.add((100, 90, 110), 100 if place < 8 else 200)
    assert verdict(tallies, None) == []
    rush = tallies["flow, December rush"][0]
    for _ in range(10):
        rush.product.add((100, 90, 110), 200)
        rush.root.add((200, 190, 210), 200)
    assert [line.split(":")[0] for line in verdict(tallies, None)] == [
        f"flow, December rush, from {ORIGINS[0]}",
        f"flow, December rush, from {ORIGINS[0]}",
    ]
