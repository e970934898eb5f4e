"""Dividing people, who stands above whom, who inherits: without a database."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.months import FOREVER
from districts.rules import (
    WHOLE,
    AncestryRow,
    LineageRow,
    Link,
    Span,
    allocate,
    ancestry_rows,
    first_overlap,
    lineage_rows,
)

ALWAYS = Span(0, FOREVER)


# --- dividing people -----------------------------------------------------------------------------


def test_parts_follow_the_shares_to_the_nearest_whole():
    assert allocate(10, [1, 1, 1]) == [4, 3, 3]
    assert allocate(100, [333_333, 333_333, 333_334]) == [33, 33, 34]
    assert allocate(7, [600_000, 400_000]) == [4, 3]
    assert allocate(-7, [600_000, 400_000]) == [-4, -3]


def test_of_three_heirs_none_has_more_of_the_insured_than_of_the_people():
    shares = [503_276, 484_634, 12_090]
    assert allocate(5_906, shares) == [2_973, 2_862, 71]
    assert allocate(5_909, shares) == [2_974, 2_864, 71]


def test_equal_claims_are_served_in_the_order_given():
    assert allocate(1, [500_000, 500_000]) == [1, 0]
    assert allocate(3, [1, 1]) == [2, 1]


def test_a_part_with_no_share_gets_nobody():
    assert allocate(1_278_316, [WHOLE, 0, 0]) == [1_278_316, 0, 0]


@pytest.mark.parametrize("shares", [[], [0, 0], [5, -1]])
def test_shares_that_divide_nothing_are_refused(shares):
    with pytest.raises(ValueError, match="shares"):
        allocate(5, shares)


SHARES = st.lists(st.integers(min_value=0, max_value=WHOLE), min_size=1, max_size=6).filter(any)


@given(st.integers(min_value=-(10**15), max_value=10**15), SHARES)
def test_nobody_is_lost_and_every_part_is_close_to_its_quota(total, shares):
    parts, whole = allocate(total, shares), sum(shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        # Half a person for rounding, and a part's share of what the others round.
        assert 2 * abs(part * whole - total * share) <= whole + share * len(shares)


@given(
    st.integers(min_value=0, max_value=10**13),
    st.lists(st.integers(0, WHOLE), min_size=2, max_size=2).filter(any),
)
def test_of_two_heirs_each_has_its_quota_rounded(total, shares):
    for part, share in zip(allocate(total, shares), shares, strict=True):
        assert 2 * abs(part * sum(shares) - total * share) <= sum(shares)


@given(st.integers(min_value=0, max_value=10**13), st.integers(0, 10**4), SHARES)
def test_no_part_falls_when_the_number_grows(total, more, shares):
    before, after = allocate(total, shares), allocate(total + more, shares)
    assert all(one <= other for one, other in zip(before, after, strict=True))


@given(st.integers(min_value=0, max_value=400), SHARES)
def test_one_by_one_the_highest_claim_is_served(total, shares):
    served = [0] * len(shares)
    for _one in range(total):
        claims = [Fraction(share, 2 * part + 1) for share, part in zip(shares, served, strict=True)]
        served[claims.index(max(claims))] += 1
    assert allocate(total, shares) == served


# --- who stood above whom ------------------------------------------------------------------------


def test_every_unit_stands_above_itself_in_the_months_it_counts_in():
    assert ancestry_rows({1: Span(10, 20), 2: Span(10, 10)}, []) == [AncestryRow(1, 1, 0, 10, 20)]


def test_a_way_up_lasts_as_long_as_its_shortest_part():
    validity = {1: ALWAYS, 2: Span(5, 30), 3: Span(0, 25)}
    rows = ancestry_rows(validity, [(2, 1, Span(0, FOREVER)), (3, 2, Span(10, FOREVER))])
    assert AncestryRow(1, 2, 1, 5, 30) in rows
    assert AncestryRow(2, 3, 1, 10, 25) in rows
    assert AncestryRow(1, 3, 2, 10, 25) in rows


def test_a_commune_that_loses_its_district_is_below_its_province_without_a_gap():
    province, district, commune = 1, 2, 3
    validity = {province: ALWAYS, district: Span(0, 50), commune: ALWAYS}
    placements = [
        (district, province, Span(0, 50)),
        (commune, district, Span(0, 50)),
        (commune, province, Span(50, FOREVER)),
    ]
    above = [row[2:] for row in ancestry_rows(validity, placements) if row[:2] == (1, 3)]
    assert sorted(above) == [(1, 50, FOREVER), (2, 0, 50)]


def test_moving_between_two_districts_of_one_province_leaves_one_row_to_the_province():
    validity = dict.fromkeys([1, 2, 3, 4], ALWAYS)
    placements = [
        (2, 1, ALWAYS),
        (3, 1, ALWAYS),
        (4, 2, Span(0, 40)),
        (4, 3, Span(40, FOREVER)),
    ]
    rows = ancestry_rows(validity, placements)
    assert [row for row in rows if row[:2] == (1, 4)] == [AncestryRow(1, 4, 2, 0, FOREVER)]


def test_a_unit_below_itself_is_an_error_and_not_an_endless_loop():
    with pytest.raises(ValueError, match="below itself"):
        ancestry_rows({1: ALWAYS, 2: ALWAYS}, [(1, 2, ALWAYS), (2, 1, ALWAYS)])


def test_two_units_may_change_places_in_time():
    placements = [(1, 2, Span(0, 10)), (2, 1, Span(10, FOREVER))]
    rows = ancestry_rows({1: ALWAYS, 2: ALWAYS}, placements)
    assert AncestryRow(2, 1, 1, 0, 10) in rows
    assert AncestryRow(1, 2, 1, 10, FOREVER) in rows


# --- who inherits --------------------------------------------------------------------------------


def test_a_unit_carries_its_own_counts_and_then_its_successor_does():
    rows = lineage_rows([1], {1: Span(0, 10), 2: Span(10, FOREVER)}, {1: [Link(2, WHOLE, False)]})
    assert rows == [
        LineageRow(1, 1, WHOLE, False, 0, 10),
        LineageRow(1, 2, WHOLE, False, 10, FOREVER),
    ]


def test_an_heir_without_a_share_is_kept_only_where_that_is_assumed():
    validity = {1: Span(0, 10), 2: Span(10, FOREVER), 3: Span(10, FOREVER)}
    assumed = {1: [Link(2, WHOLE, True), Link(3, 0, True)]}
    decreed = {1: [Link(2, WHOLE, False), Link(3, 0, False)]}
    assert [row[1:4] for row in lineage_rows([1], validity, assumed)[1:]] == [
        (2, WHOLE, True),
        (3, 0, True),
    ]
    assert [row[1:4] for row in lineage_rows([1], validity, decreed)[1:]] == [(2, WHOLE, False)]


def test_what_was_divided_and_reunited_is_whole_again_and_still_estimated():
    validity = {1: Span(0, 10), 2: Span(10, 20), 3: Span(10, 20), 4: Span(20, FOREVER)}
    links = {
        1: [Link(2, 600_000, True), Link(3, 400_000, True)],
        2: [Link(4, WHOLE, False)],
        3: [Link(4, WHOLE, False)],
    }
    assert lineage_rows([1], validity, links)[-1] == LineageRow(1, 4, WHOLE, True, 20, FOREVER)


def test_an_heir_whose_share_grows_gets_a_row_for_each_share():
    validity = {1: Span(0, 10), 2: Span(10, FOREVER), 3: Span(10, 20)}
    links = {
        1: [Link(2, 600_000, True), Link(3, 400_000, True)],
        3: [Link(2, WHOLE, False)],
    }
    rows = [row for row in lineage_rows([1], validity, links) if row.heir == 2]
    assert rows == [
        LineageRow(1, 2, 600_000, True, 10, 20),
        LineageRow(1, 2, WHOLE, True, 20, FOREVER),
    ]


def test_an_heir_that_only_watches_others_change_keeps_one_row():
    validity = {1: Span(0, 10), 2: Span(10, FOREVER), 3: Span(10, 20), 4: Span(20, FOREVER)}
    links = {
        1: [Link(2, 600_000, True), Link(3, 400_000, True)],
        3: [Link(4, WHOLE, False)],
    }
    rows = [row for row in lineage_rows([1], validity, links) if row.heir == 2]
    assert rows == [LineageRow(1, 2, 600_000, True, 10, FOREVER)]


def test_a_unit_that_ends_in_its_first_month_passes_on_at_once():
    rows = lineage_rows([1], {1: Span(10, 10), 2: Span(10, FOREVER)}, {1: [Link(2, WHOLE, False)]})
    assert rows == [LineageRow(1, 2, WHOLE, False, 10, FOREVER)]


def test_units_that_succeed_each_other_in_a_circle_are_an_error():
    validity = {1: Span(0, 10), 2: Span(0, 10)}
    with pytest.raises(ValueError, match="succeeds itself"):
        lineage_rows([1], validity, {1: [Link(2, WHOLE, False)], 2: [Link(1, WHOLE, False)]})


@st.composite
def histories(draw):
    """Three maps of up to four units each, where every unit is divided among units of the next."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=3, max_size=3))
    maps = [[10 * level + n for n in range(size)] for level, size in enumerate(sizes)]
    validity = {
        unit: Span(level * 12, (level + 1) * 12 if level < 2 else FOREVER)
        for level, units in enumerate(maps)
        for unit in units
    }
    links = {}
    for units, successors in pairwise(maps):
        for unit in units:
            weights = draw(
                st.lists(
                    st.integers(0, 97), min_size=len(successors), max_size=len(successors)
                ).filter(any)
            )
            shares = allocate(WHOLE, weights)
            links[unit] = [
                Link(successor, share, 0 < share < WHOLE)
                for successor, share in zip(successors, shares, strict=True)
            ]
    return maps[0], validity, links


@given(histories())
@settings(max_examples=60)
def test_the_shares_of_one_origin_add_up_to_one_million_on_every_map(history):
    origins, validity, links = history
    shares = defaultdict(int)
    for row in lineage_rows(origins, validity, links):
        for month in (0, 11, 12, 23, 24, 500):
            if row.since <= month < row.until:
                shares[row.origin, month] += row.share
    assert set(shares.values()) == {WHOLE}
    assert len(shares) == 6 * len(origins)


# --- periods -------------------------------------------------------------------------------------


def test_periods_that_meet_do_not_overlap_and_others_do():
    new_year, summer = date(2025, 1, 1), date(2025, 7, 1)
    assert (
        first_overlap([("a", new_year, summer), ("a", summer, None), ("b", new_year, None)]) is None
    )
    assert first_overlap([("a", summer, None), ("a", new_year, date(2025, 7, 2))]) == "a"
    assert first_overlap([("a", new_year, None), ("a", summer, None)]) == "a"
