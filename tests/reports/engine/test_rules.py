"""Rounding, shares, status, ranks, and the plan to date."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.engine.rules import (
    Status,
    half_up,
    percent_of,
    plan_to_date,
    ranks,
    share,
    status,
)

START, END = Month.of(2023, 12), Month.of(2024, 12)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_rounding_agrees_with_decimals_own_half_up(thousandths, decimals):
    exact = Decimal(thousandths).scaleb(-3)
    expected = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert half_up(Fraction(thousandths, 1000), decimals) == expected


def test_a_third_is_rounded_without_binary_error():
    assert half_up(Fraction(200, 3), 2) == Decimal("66.67")
    assert half_up(Fraction(1, 8), 2) == Decimal("0.13")
    assert half_up(Fraction(-1, 8), 2) == Decimal("-0.13")


@pytest.mark.parametrize(("part", "whole"), [(None, 5), (5, None), (5, 0)])
def test_nothing_is_divided_by_nothing(part, whole):
    assert share(part, whole) is None
    assert percent_of(part, whole) is None


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_percentage_is_the_share_times_a_hundred_rounded_once(part, whole):
    assert str(percent_of(part, whole)) == str(half_up(Fraction(100 * part, whole), 2))


@pytest.mark.parametrize(
    ("achieved", "operator", "due", "expected"),
    [
        (102, "at_least", True, Status.EXCEEDED),
        (Fraction(1019999, 10000), "at_least", True, Status.MET),
        (100, "at_least", True, Status.MET),
        (Fraction(9999, 100), "at_least", True, Status.BEHIND),
        (97, "at_least", True, Status.BEHIND),
        (Fraction(969999, 10000), "at_least", True, Status.AT_RISK),
        (100, "more_than", True, Status.BEHIND),
        (100, "more_than", False, Status.MET),
        (Fraction(10001, 100), "more_than", True, Status.MET),
        (100, "at_most", True, Status.MET),
        (98, "at_most", True, Status.EXCEEDED),
        (103, "at_most", True, Status.BEHIND),
        (104, "at_most", True, Status.AT_RISK),
        (None, "at_least", True, Status.NO_DATA),
    ],
)
def test_status_is_read_from_unrounded_numbers(achieved, operator, due, expected):
    achieved = None if achieved is None else Fraction(achieved)
    assert status(achieved=achieved, plan=Fraction(100), operator=operator, due=due) is expected


def test_without_a_plan_there_is_no_status_to_reach():
    assert status(achieved=Fraction(5), plan=None, operator=None, due=False) is Status.NO_TARGET


def test_ranks_are_1_2_2_4_and_nobody_without_a_score_is_ranked():
    scores = {"a": Decimal(9), "b": Decimal(8), "c": Decimal(8), "d": Decimal(7), "e": None}
    assert ranks(scores) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert ranks(scores, lowest_first=True) == {"d": 1, "b": 2, "c": 2, "a": 4}


@given(st.dictionaries(st.integers(), st.integers(0, 5)))
def test_a_rank_is_one_more_than_those_ahead(scores):
    found = ranks(scores)
    for key, score in scores.items():
        assert found[key] == 1 + sum(other > score for other in scores.values())


def plan(month, *, baseline=Fraction(100), target=Fraction(220), **more):
    return plan_to_date(
        month=month, start=START, baseline=baseline, deadline=END, target=target, **more
    )


def test_the_line_is_straight():
    assert [plan(START + n) for n in (0, 1, 6, 12)] == [100, 110, 160, 220]


def test_after_the_deadline_the_plan_stays_at_the_target():
    assert plan(END + 3) == 220


def test_without_a_baseline_nothing_is_asked_for_before_the_deadline():
    assert plan(START + 11, baseline=None) is None
    assert plan(END, baseline=None) == 220


def test_without_a_baseline_the_line_begins_at_the_first_point_of_the_path():
    path = [(START + 6, Fraction(200))]
    asked = [plan(START + n, baseline=None, path=path) for n in (5, 6, 9, 12)]
    assert asked == [None, 200, 210, 220]


def test_a_path_bends_the_line_and_points_outside_are_ignored():
    path = [(START + 6, Fraction(200)), (END + 5, Fraction(999)), (START, Fraction(1))]
    assert [plan(START + n, path=path) for n in (3, 6, 9)] == [150, 200, 210]


@given(st.fractions(0, 10**6), st.fractions(0, 10**6), st.integers(0, 12), st.integers(0, 12))
def test_a_plan_never_leaves_the_span_between_baseline_and_target(baseline, target, one, other):
    early, late = sorted((one, other))
    first = plan(START + early, baseline=baseline, target=target)
    second = plan(START + late, baseline=baseline, target=target)
    low, high = sorted((baseline, target))
    assert low <= first <= high
    assert (second >= first) if target >= baseline else (second <= first)
