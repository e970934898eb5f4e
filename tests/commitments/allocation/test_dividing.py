"""Dividing a figure over units: to the person by every method, a rate to its last digit."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commitments.allocation import counts, rates
from commitments.allocation.balance import State, balance_of_counts, balance_of_rates
from commitments.allocation.cautions import cautions
from commitments.allocation.shares import CannotDivide, Share, largest_remainder

METHODS = ["population", "last_result", "growth", "last_share", "equal"]
MOST = 10_000

people = st.integers(0, 50_000)
maybe = st.none() | people


@st.composite
def tables(draw, value=maybe, last=maybe):
    """Any units: some locked, some blank, some without a base or a result."""
    rows = []
    for unit in range(1, draw(st.integers(1, 30)) + 1):
        given = draw(value)
        locked = given is not None and draw(st.booleans())
        rows.append(Share(unit, given, locked, draw(maybe), draw(last), draw(last)))
    return rows


def with_values(rows, values):
    return [Share(**(row.__dict__ | {"value": values.get(row.unit, row.value)})) for row in rows]


def total_of(rows):
    return sum(row.value or 0 for row in rows)


# --- counts --------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.lists(people, min_size=1, max_size=40))
def test_the_largest_remainder_loses_nobody_and_stays_within_one_of_every_quota(total, weights):
    assume(sum(weights))
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(total * weight, sum(weights)) - part) < 1


def test_of_equal_remainders_the_first_unit_is_served_first():
    assert largest_remainder(2, [1, 1, 1]) == [1, 1, 0]


def test_the_left_over_goes_to_the_largest_remainders():
    assert largest_remainder(10, [45, 35, 20]) == [5, 3, 2]


@pytest.mark.parametrize("method", METHODS)
@given(rows=tables(), total=st.integers(0, 1_000_000))
def test_every_method_adds_up_to_the_assigned_figure_or_says_why_not(method, rows, total):
    try:
        values = counts.divide(method, total, rows)
    except CannotDivide:
        return
    after = with_values(rows, values)
    assert total_of(after) == total
    assert min(values.values()) >= 0
    locked = {row.unit for row in rows if row.locked}
    assert not locked & values.keys()


@given(rows=tables(), total=st.integers(0, 1_000_000))
def test_filling_the_remainder_adds_up_and_touches_nothing_locked(rows, total):
    try:
        values = counts.fill(total, rows)
    except CannotDivide:
        assert all(row.locked for row in rows) or total_of(r for r in rows if r.locked) > total
        return
    after = with_values(rows, values)
    assert total_of(after) == total
    assert all(row.value is not None and row.value >= 0 for row in after)
    assert not {row.unit for row in rows if row.locked} & values.keys()


def test_filling_decides_the_blank_rows_and_leaves_what_was_typed():
    rows = [Share(1, 40, base=900), Share(2, base=100), Share(3, base=300)]
    assert counts.fill(100, rows) == {2: 15, 3: 45}


def test_a_unit_without_a_population_keeps_what_it_has():
    rows = [Share(1, 40), Share(2, base=100), Share(3, base=300)]
    assert counts.divide("population", 100, rows) == {2: 15, 3: 45}


def test_the_same_growth_in_coverage_everywhere():
    rows = [Share(1, base=1000, last=500), Share(2, base=3000, last=2900)]
    assert counts.divide("growth", 3480, rows) == {1: 520, 2: 2960}


def test_locked_rows_above_the_target_are_said_and_nothing_is_divided():
    with pytest.raises(CannotDivide) as refused:
        counts.divide("equal", 100, [Share(1, 120, locked=True), Share(2)])
    assert [(fault.code, fault.read) for fault in refused.value.faults] == [("kept_is_more", "20")]


# --- rates ---------------------------------------------------------------------------------------

rate = st.none() | st.integers(0, MOST)


@pytest.mark.parametrize("method", ["equal", "last_result", "growth", "last_share"])
@given(rows=tables(rate, rate), target=st.integers(0, MOST))
def test_rates_weigh_to_the_assigned_rate_or_say_that_they_do_not(method, rows, target):
    try:
        found = rates.divide(method, target, rows, most=MOST)
    except CannotDivide:
        return
    after = with_values(rows, found.values)
    assert found.exact == (rates.rounded(rates.weighted_mean(after)) == target)
    assert all(0 <= value <= MOST for value in found.values.values())
    kept = [r for r in rows if r.unit not in found.values and r.value is not None and r.base]
    if not kept:
        assert found.exact


@given(rows=tables(rate, rate), target=st.integers(0, MOST))
def test_filling_rates_is_exact_unless_every_free_unit_is_at_a_bound(rows, target):
    try:
        found = rates.fill(target, rows, most=MOST)
    except CannotDivide:
        return
    if not found.exact:
        after = with_values(rows, found.values)
        mean = rates.weighted_mean(after)
        moved = [row for row in after if row.unit in found.values]
        bound = MOST if mean < target else 0
        off = abs(mean - target) * sum(r.base for r in after if r.base and r.value is not None)
        assert all(row.value == bound for row in moved) or off <= min(r.base for r in moved)


def test_the_same_points_for_everybody():
    rows = [Share(1, base=1000, last=9000), Share(2, base=1000, last=8000)]
    found = rates.divide("growth", 8600, rows, most=MOST)
    assert (found.values, found.exact) == ({1: 9100, 2: 8100}, True)


def test_nobody_is_asked_for_more_than_everybody():
    rows = [Share(1, base=1000, last=9900), Share(2, base=1000, last=8000)]
    found = rates.divide("growth", 9800, rows, most=MOST)
    assert (found.values, found.exact) == ({1: 10000, 2: 9600}, True)


def test_a_rate_that_locked_units_make_impossible_is_said():
    rows = [Share(1, 5000, locked=True, base=9000), Share(2, base=1000)]
    found = rates.fill(9000, rows, most=MOST)
    assert (found.values, found.exact) == ({2: 10000}, False)


# --- balance and cautions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "state", "difference"),
    [
        ([60, 40], State.EXACT, 0),
        ([60, 38], State.LEFT, -2),
        ([60, 43], State.OVER, 3),
        ([100, None], State.LEFT, 0),
    ],
)
def test_the_balance_says_left_exact_or_over(values, state, difference):
    rows = [Share(unit, value) for unit, value in enumerate(values)]
    found = balance_of_counts(100, rows)
    assert (found.state, found.people) == (state, difference)


def test_a_rate_is_off_by_people():
    rows = [Share(1, 9000, base=1000), Share(2, 8000, base=1000)]
    found = balance_of_rates(8600, rows, most=MOST)
    assert (found.state, found.divided, found.people) == (State.LEFT, 8500, -20)


def test_a_rate_is_exact_when_it_is_published_alike():
    rows = [Share(1, 8600, base=1000), Share(2, 8601, base=1100)]
    assert balance_of_rates(8601, rows, most=MOST).state == State.EXACT


def codes(rows, **more):
    asked = {"direction": "up", "is_rate": False, "scale": 1, "population": {}, "points": 10}
    return [(c.unit, c.code, c.blocks) for c in cautions(rows, **(asked | more))]


def test_above_the_population_blocks():
    rows = [Share(1, 1001, base=1000)]
    assert codes(rows, population={1: 1000}) == [(1, "above_population", True)]


def test_below_the_last_result_warns():
    assert codes([Share(1, 90, last=91)]) == [(1, "below_last", False)]


def test_where_less_is_better_above_the_last_result_warns():
    assert codes([Share(1, 92, last=91)], direction="down") == [(1, "above_last", False)]


def test_far_from_the_neighbours_warns():
    rows = [Share(1, 900, base=1000), Share(2, 910, base=1000), Share(3, 500, base=1000)]
    assert codes(rows, points=20) == [(3, "far_from_neighbours", False)]


def test_a_blank_row_is_not_judged():
    assert codes([Share(1, None, base=10, last=5)]) == []
