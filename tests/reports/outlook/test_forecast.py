"""What is likely in the months ahead, and how sure that is."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.engine.trajectories import Point
from reports.outlook.forecast import (
    NoForecast,
    forecast,
    no_forecast,
    score,
)

END = Month.of(2024, 12)
FIRST = Month.of(2023, 1)


def series(values, *, first=FIRST, missing=()):
    """Months of ten units each, of which three reported in those ``missing``."""
    return [
        Point(first + place, value, None, 3 if place in missing else 10, 10, place in missing)
        for place, value in enumerate(values)
    ]


def running(monthly, years):
    """The totals since January of a flow that is the same every year."""
    return [sum(monthly[: n + 1]) for n in range(12)] * years


def test_five_months_give_no_forecast_and_six_give_one():
    assert forecast(series(range(100, 105)), END) is None
    assert len(forecast(series(range(100, 106)), END)) == END - Month.of(2023, 6)


def test_months_that_many_did_not_report_are_not_data():
    assert forecast(series(range(100, 106), missing={5}), END) is None
    made = forecast(series([100, 110, 120, 130, 140, 150, 3], missing={6}), END)
    assert made[0].month == Month.of(2023, 7)
    assert made[0].value > 150


def test_a_month_that_lacks_one_report_in_fifty_is_data():
    whole = [Point(FIRST + n, 1000 + 10 * n, None, 75, 75, False) for n in range(12)]
    nearly = [replace(point, approved=74, provisional=True) for point in whole]
    assert forecast(nearly, END) == forecast(whole, END)


def test_a_steady_series_goes_on_steadily():
    made = forecast(series(range(1000, 2300, 100)), Month.of(2024, 4))
    assert [month.value for month in made] == pytest.approx([2300, 2400, 2500], abs=5)


def test_the_drop_of_every_january_is_expected_again():
    year = [1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080, 1090, 1100, 1110]
    made = forecast(series(year * 2), Month.of(2025, 2))
    assert made[0].value == pytest.approx(1000, abs=2)
    assert made[1].value == pytest.approx(1010, abs=2)


def test_a_flow_begins_anew_in_january():
    monthly = [10, 10, 20, 20, 20, 20, 20, 20, 20, 20, 20, 40]
    year = [sum(monthly[: n + 1]) for n in range(12)]
    made = forecast(series(year * 2), Month.of(2025, 12), flow=True)
    assert [round(month.value) for month in made] == pytest.approx(year, abs=2)


def test_a_flow_never_falls_below_what_already_came_this_year():
    monthly = [10, 10, 70, 5, 0, 0, 1, 60, 0, 0, 9, 0]
    known = running(monthly, 2)[:-3]
    made = forecast(series(known), Month.of(2024, 12), flow=True)
    assert len(made) == 3
    assert all(month.low >= known[-1] for month in made)


def test_a_flow_of_which_no_whole_year_was_seen_is_not_forecast():
    first_year = series(running([10] * 11 + [90], 1)[:9])
    assert forecast(first_year, Month.of(2023, 12), flow=True) is None
    assert no_forecast(first_year, flow=True) == NoForecast.NO_WHOLE_YEAR
    assert no_forecast(first_year) is None
    assert no_forecast(first_year[:5], flow=True) == NoForecast.FEW_MONTHS
    assert no_forecast(series(running([10] * 11 + [90], 1)), flow=True) is None


def test_a_gap_in_january_does_not_stop_a_flow_until_december():
    """50 a month for two years, 80 a month since; of the first month a part is missing."""
    totals = [*running([50] * 12, 2), *(80 * n - 30 for n in range(1, 10))]
    points = [
        replace(point, approved=3 if place >= 24 else 10, of_month=Fraction(3, 10))
        if place == 24
        else replace(point, approved=3 if place >= 24 else 10, of_month=Fraction(1))
        for place, point in enumerate(series(totals))
    ]
    [*_, december] = forecast(points, Month.of(2025, 12), flow=True)
    assert december.low >= 690
    assert december.value == pytest.approx(690 + 3 * 80, abs=5)


def test_a_flow_that_comes_faster_than_last_year_goes_on_so():
    totals = [*running([50] * 12, 2), *(80 * n for n in range(1, 10))]
    [*_, december] = forecast(series(totals), Month.of(2025, 12), flow=True)
    assert december.value == pytest.approx(960, abs=5)


@pytest.mark.parametrize("flow", [False, True])
def test_an_interval_never_narrows_with_the_months_of_a_year(flow):
    chance = Random(11)
    amounts = [chance.randint(20, 60) for _ in range(27)]
    values = [
        sum(amounts[n - n % 12 : n + 1]) if flow else 1000 + sum(amounts[:n]) for n in range(27)
    ]
    made = forecast(series(values), Month.of(2025, 12), flow=flow)
    widths = [month.high - month.low for month in made if month.low > values[-1]]
    assert len(widths) > 6
    assert all(one <= other + 1 for one, other in pairwise(widths))


def test_a_step_seen_in_one_year_is_neither_pace_nor_season():
    """A tenth more by law in July 2024, seen from June 2025: no July like it is expected."""
    chance = Random(5)
    level, values = 10_000.0, []
    for month in range(30):
        level *= (1.1 if month == 18 else 1.001) + chance.gauss(0, 0.001)
        values.append(round(level))
    [july, *_] = forecast(series(values), Month.of(2025, 12))
    assert july.value == pytest.approx(values[-1] * 1.001, rel=0.003)
    assert july.high < values[-1] * 1.02


def test_what_is_forecast_of_ten_times_as_many_is_ten_times_as_much():
    chance = Random(3)
    values = [round(10_000 * 1.002**n + chance.gauss(0, 60)) for n in range(33)]
    once = forecast(series(values), Month.of(2025, 12))
    tenfold = forecast(series([10 * value for value in values]), Month.of(2025, 12))
    for one, ten in zip(once, tenfold, strict=True):
        assert ten.value == pytest.approx(10 * one.value, abs=10)
        assert ten.high - ten.low == pytest.approx(10 * (one.high - one.low), abs=20)


def test_nothing_is_forecast_above_the_population_or_below_zero():
    rising = forecast(series(range(100, 900, 100)), END, ceiling=850)
    assert all(month.high == 850 for month in rising[1:])
    falling = forecast(series(range(900, 100, -100)), END)
    assert falling[-1].value == falling[-1].low == 0


def test_a_rate_is_forecast_in_its_own_decimals():
    rates = [Decimal(f"9{n}.50") for n in range(8)]
    made = forecast(series(rates), END, ceiling=100)
    assert str(made[0].value) in ("98.49", "98.50")
    assert made[-1].high == 100


def test_a_forecast_is_held_against_what_came_of_it():
    points = series([1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 1080])
    kept = score(points, months_ago=3)
    assert kept.made_in == Month.of(2023, 6)
    assert kept.forecast.month == Month.of(2023, 9)
    assert kept.actual == 1080
    assert kept.inside


def test_a_result_far_from_the_forecast_is_outside():
    kept = score(series([1000, 1010, 1020, 1030, 1040, 1050, 1060, 1070, 5000]))
    assert not kept.inside


def test_no_score_is_kept_of_a_forecast_that_could_not_be_made():
    assert score(series([1000, 1010, 1020, 1030, 1040, 1050])) is None
    assert score([]) is None


@given(
    st.lists(st.none() | st.integers(0, 10**13), max_size=40),
    st.booleans(),
    st.none() | st.integers(0, 10**13),
)
def test_the_band_contains_the_point_and_no_count_is_negative(values, flow, ceiling):
    made = forecast(series(values), FIRST + 48, flow=flow, ceiling=ceiling)
    assert made == forecast(series(values), FIRST + 48, flow=flow, ceiling=ceiling)
    for month in made or []:
        assert 0 <= month.low <= month.value <= month.high
