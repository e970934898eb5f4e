"""Whatever a figure may hold is read as it was written."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from districts.months import Month
from reports.engine.figures import Figure
from reports.engine.rules import Status
from reports.engine.trajectories import Point
from reports.ready import form

COUNTS = st.integers(0, 10**9)
DECIMALS = st.decimals(-(10**6), 10**6, places=2, allow_nan=False)
MONTHS = st.integers(2000 * 12, 2100 * 12).map(Month)
VALUES = {
    form._NUMBER: COUNTS | DECIMALS,
    form._DECIMAL: DECIMALS,
    form._PLAIN: COUNTS | st.booleans(),
    form._TEXT: st.text(max_size=20),
    form._FRACTION: st.fractions(),
    form._MONTH: MONTHS,
    form._PAIR: st.tuples(COUNTS, COUNTS),
}


def values(kinds):
    """A value or a blank for every column."""
    strategies = {
        name: st.none() | VALUES.get(kind, st.sampled_from(Status)) for name, kind in kinds.items()
    }
    return st.fixed_dictionaries(strategies)


def packed(row: list) -> list:
    return form.unpack(form.pack({7: row}))[7]


@given(facts=values(form._FACTS), month=MONTHS)
def test_facts_are_read_as_they_were_written(facts, month):
    found = form.read_facts(packed(form.write_facts(facts, month)), month)
    assert found == facts
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in facts.items()
    }


@given(
    points=st.lists(
        values(form._POINT)
        .filter(lambda said: said["month"] is not None)
        .map(lambda said: Point(**said)),
        max_size=4,
    )
)
def test_points_are_read_as_they_were_written(points):
    assert form.read_points(packed(form.write_points(points))) == points


def test_every_fact_of_a_figure_is_written_but_whose_it_is_and_its_rank():
    known = {"unit", "indicator", "month", "rank", "ranked"}
    assert set(Figure.__dataclass_fields__) - known == set(form._FACTS)
    assert list(Point.__dataclass_fields__) == list(form._POINT)


def test_a_count_stays_a_count_and_a_rate_keeps_its_places():
    said = dict.fromkeys(form._FACTS) | {"value": 5, "change": Decimal("5.00")}
    found = form.read_facts(packed(form.write_facts(said, Month.of(2025, 1))), Month.of(2025, 1))
    assert (repr(found["value"]), repr(found["change"])) == ("5", "Decimal('5.00')")
