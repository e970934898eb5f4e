"""The way a plan takes: by last year's shape, and which months a change bends."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from commitments.decisions.paths import months_bent, months_between, path_by_shape, start_of
from districts.months import Month
from reports.engine.rules import capped, plan_to_date

START, DEADLINE = Month.of(2024, 1) - 1, Month.of(2024, 12)
BEFORE = [Month(number - 12) for number in range(START, DEADLINE + 1)]
numbers = st.integers(0, 10**7)
courses = st.lists(st.one_of(st.none(), numbers), min_size=13, max_size=13)


def shaped(course, baseline, target, operator="at_least"):
    known = {
        month: Fraction(value)
        for month, value in zip(BEFORE, course, strict=True)
        if value is not None
    }
    return path_by_shape(
        start=START,
        deadline=DEADLINE,
        baseline=baseline,
        target=target,
        operator=operator,
        last_year=known,
    )


def test_half_of_last_years_way_by_june_is_half_of_this_years():
    course = [100, *[110] * 5, *[150] * 6, 200]
    path = dict(shaped(course, 1_000, 2_000))
    assert path[Month.of(2024, 5)] == 1_100
    assert path[Month.of(2024, 6)] == 1_500
    assert path[Month.of(2024, 11)] == 1_500


def test_an_unknown_month_is_left_out_and_not_zero():
    course = [100, None, *[150] * 10, 200]
    assert Month.of(2024, 1) not in dict(shaped(course, 0, 10))


def test_a_year_that_led_nowhere_or_is_not_known_gives_no_path():
    assert shaped([100] * 13, 0, 10) == []
    assert shaped([None, *[100] * 12], 0, 10) == []


@given(courses, numbers, numbers, st.sampled_from(["at_least", "more_than", "at_most"]))
def test_the_way_never_turns_back_nor_asks_for_more_than_the_year(
    course, baseline, target, operator
):
    path = shaped(course, baseline, target, operator)
    values = [baseline, *(value for _month, value in path), target]
    if (baseline > target) == (operator == "at_most"):
        assert values == sorted(values, reverse=operator == "at_most")
    for month in months_between(START, DEADLINE):
        line = plan_to_date(
            month=month,
            start=START,
            baseline=Fraction(baseline),
            deadline=DEADLINE,
            target=Fraction(target),
            path=[(point, Fraction(value)) for point, value in path],
        )
        judged = capped(line, Fraction(target), operator)
        assert judged >= target if operator == "at_most" else judged <= target


def test_an_amendment_bends_the_months_after_it_took_effect():
    start = start_of(2024, date(2024, 7, 15))
    assert months_between(start, DEADLINE)[0] == Month.of(2024, 7)
    assert start_of(2024, date(2024, 1, 1)) == START


def test_a_changed_point_bends_the_months_to_its_neighbours():
    old = [(Month.of(2024, month), month * 10) for month in (3, 6, 9)]
    new = [old[0], (Month.of(2024, 6), 65), old[2]]
    bent = months_bent(old, new, start=START, deadline=DEADLINE)
    assert [month.month for month in bent] == [4, 5, 6, 7, 8]
    assert months_bent(old, old, start=START, deadline=DEADLINE) == []
