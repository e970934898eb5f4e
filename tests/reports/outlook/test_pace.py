"""What is still missing to a target, and how much a month would bring it in time."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.outlook.pace import (
    Pace,
    pace_needed,
)

END = Month.of(2024, 12)


def figure(achieved, target, *, operator="at_least", month=3, decimals=0):
    return SimpleNamespace(
        achieved=achieved,
        is_compared=achieved is not None,
        target=target,
        operator=operator,
        deadline=target and END,
        month=Month.of(2024, month),
        indicator=SimpleNamespace(decimals=decimals),
    )


def test_the_pace_is_rounded_up_to_whole_people():
    assert pace_needed(figure(51_053, 52_845)) == Pace(1_792, 9, 200)


def test_the_pace_of_a_rate_is_rounded_up_in_its_own_decimals():
    needed = pace_needed(figure(Decimal("95.10"), Decimal("96.10"), decimals=2))
    assert needed == Pace(Decimal("1.00"), 9, Decimal("0.12"))


def test_nothing_is_missing_once_the_target_is_reached():
    assert pace_needed(figure(220, 220)) == Pace(0, 9, 0)


def test_more_than_the_target_asks_for_one_more():
    assert pace_needed(figure(220, 220, operator="more_than")).missing == 1


def test_a_target_not_to_be_exceeded_asks_for_what_must_come_off():
    assert pace_needed(figure(250, 220, operator="at_most")) == Pace(30, 9, 4)
    assert pace_needed(figure(200, 220, operator="at_most")) == Pace(0, 9, 0)


def test_after_the_deadline_no_pace_can_help():
    assert pace_needed(figure(200, 220, month=12)) == Pace(20, 0, None)


@pytest.mark.parametrize(("achieved", "target"), [(None, 220), (200, None)])
def test_without_a_result_or_a_target_there_is_no_pace(achieved, target):
    assert pace_needed(figure(achieved, target)) is None


@given(st.integers(0, 10**13), st.integers(0, 10**13), st.integers(1, 12))
def test_the_pace_kept_for_the_months_left_covers_what_is_missing(achieved, target, month):
    needed = pace_needed(figure(achieved, target, month=month))
    if needed.per_month is not None:
        assert needed.per_month * needed.months_left >= needed.missing
