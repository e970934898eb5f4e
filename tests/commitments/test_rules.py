"""What the rules find in a report, and that they find nothing where there is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules import (
    Judge,
    Report,
    approvable_from,
    judge,
    target_is_below_last,
    usual_range,
)
from districts.months import Month


def report(values, *, bases=(), last=()):
    return Report(Month.of(2024, 1), 7, dict(values), dict(bases), dict(last), {})


AT_MOST = Judge("A", "at_most", "explain", indicator="HI", other="POP")
PARTS = Judge("P", "parts_at_most", "explain", indicator="HI", parts=("HI_STU", "HI_HH"))
BETWEEN = Judge("T", "total_between", "explain", indicator="TOTAL", parts=("HI", "SI"))
CHANGE = Judge("C", "change", "explain", indicator="HI", percent=10, least=20)


@pytest.mark.parametrize(
    ("rule", "values", "bases", "last", "found"),
    [
        (AT_MOST, {"HI": 101}, {"POP": 100}, {}, "<= 100"),
        (AT_MOST, {"HI": 100}, {"POP": 100}, {}, None),
        (AT_MOST, {"HI": 101}, {}, {}, None),
        (AT_MOST, {}, {"POP": 100}, {}, None),
        (AT_MOST, {"HI": 101, "POP": 200}, {"POP": 100}, {}, None),
        (PARTS, {"HI": 10, "HI_STU": 6, "HI_HH": 5}, {}, {}, ">= 11"),
        (PARTS, {"HI": 10, "HI_STU": 6}, {}, {}, None),
        (PARTS, {"HI": 10}, {}, {}, None),
        (BETWEEN, {"TOTAL": 9}, {"HI": 10, "SI": 5}, {}, "10 .. 15"),
        (BETWEEN, {"TOTAL": 16}, {"HI": 10, "SI": 5}, {}, "10 .. 15"),
        (BETWEEN, {"TOTAL": 12}, {"HI": 10, "SI": 5}, {}, None),
        (CHANGE, {"HI": 1101}, {}, {"HI": 1000}, "1000 ± 10%"),
        (CHANGE, {"HI": 899}, {}, {"HI": 1000}, "1000 ± 10%"),
        (CHANGE, {"HI": 1100}, {}, {"HI": 1000}, None),
        (CHANGE, {"HI": 29}, {}, {"HI": 10}, None),
        (CHANGE, {"HI": 30}, {}, {"HI": 10}, "10 ± 10%"),
        (CHANGE, {"HI": 1101}, {}, {}, None),
    ],
)
def test_a_rule_finds_what_it_should_and_nothing_else(rule, values, bases, last, found):
    findings = judge(report(values, bases=bases, last=last), [rule])
    assert [finding.expected for finding in findings] == ([found] if found else [])


def test_a_finding_says_what_was_read_and_what_to_do(english):
    (finding,) = judge(report({"HI": 1234}, bases={"POP": 1000}), [AT_MOST])
    assert finding.read == 1234
    assert finding.message == "HI: 1,234 is more than 1,000 (POP). Check both numbers."
    assert finding.needs_explanation
    assert not finding.blocks


@given(
    st.dictionaries(st.sampled_from(["HI", "POP", "SI", "TOTAL", "HI_STU"]), st.integers(0, 99)),
    st.dictionaries(st.sampled_from(["HI", "POP"]), st.integers(0, 99)),
)
def test_rules_never_stumble_over_blanks(values, last):
    for finding in judge(report(values, last=last), [AT_MOST, PARTS, BETWEEN, CHANGE]):
        assert finding.read == values[finding.indicator]


@given(
    last=st.integers(0, 10**6),
    value=st.integers(0, 10**6),
    percent=st.integers(1, 100),
    least=st.integers(1, 200),
)
def test_a_change_is_asked_about_when_it_is_both_a_large_share_and_many(
    last, value, percent, least
):
    rule = Judge("C", "change", "explain", indicator="HI", percent=percent, least=least)
    change = abs(value - last)
    asked = change >= least and change * 100 > last * percent
    assert bool(judge(report({"HI": value}, last={"HI": last}), [rule])) == asked
    low, high = usual_range(rule, last)
    assert (low <= value <= high) != asked


def test_where_a_level_verifies_only_verified_reports_can_be_approved():
    assert approvable_from(needs_verification=True) == {"verified"}
    assert approvable_from(needs_verification=False) == {"submitted", "verified"}


def test_a_target_below_the_last_result_is_told_only_where_more_is_better():
    assert target_is_below_last(target=9, last=10, direction="up")
    assert not target_is_below_last(target=10, last=10, direction="up")
    assert not target_is_below_last(target=9, last=None, direction="up")
    assert not target_is_below_last(target=9, last=10, direction="down")
