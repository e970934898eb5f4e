"""What is likely in the months ahead, and how sure that is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.forecast import forecast, score
from reports.trajectories import Point

END = Month.of(2024, 12)
FIRST = Month.of(2023, 1)


def series(values, *, first=FIRST, provisional=()):
    return [
        Point(first + place, value, None, 10, 10, place in provisional)
        for place, value in enumerate(values)
    ]


def test_five_months_give_no_forecast_and_six_give_one():
    assert forecast(series(range(100, 105)), END) is None
    assert len(forecast(series(range(100, 106)), END)) == END - Month.of(2023, 6)


def test_provisional_months_are_not_data():
    assert forecast(series(range(100, 106), provisional={5}), END) is None
    made = forecast(series([100, 110, 120, 130, 140, 150, 3], provisional={6}), END)
    assert made[0].month == Month.of(2023, 7)
    assert made[0].value > 150


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
    made = forecast(series([10, 20, 90, 95, 95, 95, 96]), Month.of(2023, 12), flow=True)
    assert all(month.low >= 96 for month in made)


def test_the_interval_widens_with_the_square_root_of_the_months_ahead():
    made = forecast(series([1000, 1040, 1030, 1080, 1070, 1120, 1130]), Month.of(2024, 4))
    width = [float(month.high - month.low) for month in made]
    assert width[3] == pytest.approx(2 * width[0], abs=2)
    assert width[8] == pytest.approx(3 * width[0], abs=2)


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
