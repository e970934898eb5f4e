"""The arithmetic of dividing a whole: nothing is lost, nothing overflows."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steering.demo.shares import apportion, fit, scatter

weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=30)


@given(st.integers(0, 1_000_000), weights)
def test_parts_add_up_and_stay_within_one_of_their_exact_share(total: int, shares: list[float]):
    parts = apportion(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) < 1.01


@given(st.data(), weights)
def test_no_part_is_above_its_cap(data: st.DataObject, shares: list[float]):
    caps = [data.draw(st.integers(1, 1000)) for _share in shares]
    total = data.draw(st.integers(0, sum(caps)))
    parts = apportion(total, shares, caps)
    assert sum(parts) == total
    assert all(0 <= part <= cap for part, cap in zip(parts, caps, strict=True))


def test_what_a_cap_holds_back_is_shared_by_all_the_others():
    assert apportion(100, [8, 1, 1], [20, 90, 90]) == [20, 40, 40]


def test_more_than_all_caps_hold_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        apportion(100, [1, 1], [40, 40])


def test_scattered_events_are_all_somewhere():
    parts = scatter(1000, [1, 2, 0, 7], random.Random("fixed"))
    assert sum(parts) == 1000
    assert parts[2] == 0
    assert parts[3] > parts[1] > parts[0]


def test_a_fitted_table_adds_up_to_its_rows_and_columns():
    table = fit([[1, 2, 3], [4, 1, 1], [2, 2, 9]], [60, 30, 110], [40, 50, 110], rounds=50)
    assert [round(sum(row), 6) for row in table] == [60, 30, 110]
    assert [round(sum(column), 6) for column in zip(*table, strict=True)] == [40, 50, 110]
