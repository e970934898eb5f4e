"""What successors take over: nothing is lost on the way, and a mean lies between its parts."""

from hypothesis import given
from hypothesis import strategies as st

from commitments.succession.rules import Part, Proposed, counts, difference, rates, split
from districts.models import WHOLE

A, B, C, UPPER, LOWER = 1, 2, 3, 11, 12


@st.composite
def shares(draw):
    """Some heirs of one unit, with shares that make a whole."""
    heirs = draw(st.lists(st.integers(100, 106), min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.integers(0, WHOLE)) for _heir in heirs[1:])
    edges = [0, *cuts, WHOLE]
    return tuple(
        (heir, after - before) for heir, before, after in zip(heirs, edges, edges[1:], strict=False)
    )


@st.composite
def some_parts(draw, highest=2_000_000):
    """Units that ended, of which some were assigned nothing."""
    units = draw(st.integers(1, 8))
    return [
        Part(
            unit,
            draw(shares()),
            draw(st.none() | st.integers(0, highest)),
            draw(st.integers(0, 90_000)),
        )
        for unit in range(units)
    ]


@given(some_parts())
def test_all_successors_together_have_all_that_was_assigned(parts):
    found = counts(parts)
    assert sum(one.value or 0 for one in found.values()) == sum(part.value or 0 for part in parts)


@given(some_parts(highest=10_000))
def test_a_weighted_rate_lies_between_the_rates_it_is_made_of(parts):
    by_unit = {part.unit: part.value for part in parts}
    for one in rates(parts).values():
        mine = [by_unit[unit] for unit in one.of]
        assert one.value is None or min(mine) <= one.value <= max(mine)


@given(some_parts(highest=10_000))
def test_rates_that_were_assigned_weigh_the_same_after_the_change_within_their_last_digit(parts):
    weighed = [part for part in parts if part.value is not None]
    whole = sum(part.weight for part in weighed)
    found = [one for one in rates(parts).values() if one.weight]
    if whole:
        exactly = sum(part.value * part.weight for part in weighed)
        again = sum(one.value * one.weight for one in found)
        assert sum(one.weight for one in found) == whole
        assert abs(again - exactly) <= whole


@given(some_parts())
def test_who_is_continued_is_either_counted_or_named_as_missing(parts):
    for heir, one in counts(parts).items():
        mine = {part.unit for part in parts if dict(part.heirs).get(heir)}
        assert {*one.of} | {*one.missing} == mine
        assert not {*one.of} & {*one.missing}


@given(st.integers(0, 5_000_000), st.lists(st.integers(0, 90_000), min_size=1, max_size=25))
def test_a_district_target_split_over_its_communes_adds_up_to_it(total, weights):
    parts = split(total, dict(enumerate(weights)))
    assert parts is None if not sum(weights) else sum(parts.values()) == total


def test_a_unit_is_divided_by_its_shares_and_the_remainder_is_kept():
    parts = [
        Part(A, ((UPPER, WHOLE),), 100),
        Part(B, ((UPPER, 600_000), (LOWER, 400_000)), 101),
        Part(C, ((LOWER, WHOLE),)),
    ]
    assert counts(parts) == {
        UPPER: Proposed(161, (A, B), divided=frozenset({B})),
        LOWER: Proposed(40, (B,), missing=(C,), divided=frozenset({B})),
    }


def test_a_rate_is_weighed_by_what_it_is_divided_by_and_rounded_once():
    parts = [
        Part(A, ((UPPER, WHOLE),), 9_610, 3_000),
        Part(B, ((UPPER, WHOLE),), 9_000, 1_000),
    ]
    assert rates(parts)[UPPER].value == 9_458  # 94.575, half-up


def test_without_a_base_only_equal_rates_are_known():
    same = [Part(A, ((UPPER, WHOLE),), 9_000), Part(B, ((UPPER, WHOLE),), 9_000, 50)]
    assert rates(same)[UPPER].value == 9_000
    other = [Part(A, ((UPPER, WHOLE),), 9_100), Part(B, ((UPPER, WHOLE),), 9_000, 50)]
    assert rates(other)[UPPER].value is None


def test_the_split_of_a_district_whose_communes_are_not_known_is_not_guessed():
    assert split(100, {A: None, B: 5}) is None
    assert split(100, {A: 0, B: 0}) is None


def test_the_difference_of_counts_is_in_people_and_that_of_rates_in_the_weighted_mean():
    numbers = {UPPER: Proposed(100, (A,)), LOWER: Proposed(50, (B,))}
    assert difference(numbers, {UPPER: 99, LOWER: 50}, is_rate=False) == -1
    assert difference(numbers, {UPPER: 100, LOWER: None}, is_rate=False) == -50
    shares = {
        UPPER: Proposed(9_000, (A,), weight=300),
        LOWER: Proposed(8_000, (B,), weight=100),
    }
    assert difference(shares, {UPPER: 9_000, LOWER: 8_000}, is_rate=True) == 0
    assert difference(shares, {UPPER: 9_000, LOWER: 8_400}, is_rate=True) == 100
