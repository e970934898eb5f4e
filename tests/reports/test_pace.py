"""Where the plan stands in a month."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.pace import plan_to_date

START = Month.of(2023, 12)
END = Month.of(2024, 12)


def plan(month, *, baseline=Fraction(100), target=Fraction(220), **more):
    return plan_to_date(
        month=month, start=START, baseline=baseline, deadline=END, target=target, **more
    )


def test_the_line_is_straight():
    assert [plan(START + n) for n in (0, 1, 6, 12)] == [100, 110, 160, 220]


def test_after_the_deadline_the_plan_stays_at_the_target():
    assert plan(END + 3) == 220


def test_without_a_baseline_the_whole_target_is_asked_for_at_once():
    assert plan(START + 1, baseline=None) == 220


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
