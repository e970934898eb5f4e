"""Which yearly base holds for a unit in a month."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.bases import Bases
from districts.models import WHOLE, Reorganisation
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

JANUARY = Month.of(2024, 1)
JULY_2025 = Month.of(2025, 7)


@pytest.fixture
def give(catalogue):
    def give(unit, number, month=JANUARY, *, approve=True):
        record_counts(
            entries=[Entry(month, unit.pk, catalogue["POP"].pk, number)],
            actor=COMMAND_LINE,
            on=date(2025, 8, 1),
            approve=approve,
        )

    return give


def numbers(units, catalogue, month, column="approved"):
    bases = Bases([unit.pk for unit in units], until=month)
    found = [bases.at(unit.pk, catalogue["POP"].pk, month, column) for unit in units]
    return [base and base.number for base in found]


def test_a_base_holds_until_the_next_is_given_to_that_unit_alone(give, communes, catalogue):
    give(communes[0], 100)
    give(communes[1], 50)
    give(communes[0], 120, JANUARY + 6)
    pair = communes[:2]
    assert numbers(pair, catalogue, JANUARY - 1) == [None, None]
    assert numbers(pair, catalogue, JANUARY + 5) == [100, 50]
    assert numbers(pair, catalogue, JANUARY + 30) == [120, 50]


def test_a_reported_base_is_not_official_before_it_is_approved(give, communes, catalogue):
    give(communes[0], 100)
    give(communes[0], 120, JANUARY + 6, approve=False)
    assert numbers(communes[:1], catalogue, JANUARY + 7) == [100]
    assert numbers(communes[:1], catalogue, JANUARY + 7, "value") == [120]


def test_successors_have_what_their_predecessors_had(give, communes, catalogue, reformed):
    for commune, number in zip(communes, (100, 200, 55, 400, 500), strict=True):
        give(commune, number)
    new = [builders.by_code(code, builders.REFORM_DAY) for code in ("99001", "99004", "99005")]
    assert numbers(new, catalogue, JULY_2025) == [100 + 200 + 33, 400 + 22, 500]


def test_a_base_of_its_own_replaces_the_inherited_one(give, communes, catalogue, reformed):
    give(communes[0], 100)
    upper = builders.by_code("99001", builders.REFORM_DAY)
    give(upper, 999, JULY_2025 + 2)
    assert numbers([upper], catalogue, JULY_2025 + 1) == [100]
    assert numbers([upper], catalogue, JULY_2025 + 2) == [999]


@pytest.fixture
def absorbed(communes):
    """On 2025-07-01 commune 99001 ends and 99002, which stands, takes it over."""
    gone, heir = communes[:2]
    merger = Reorganisation.objects.create(
        name="Sáp nhập", effective_on=builders.REFORM_DAY, state=Reorganisation.State.APPLIED
    )
    builders.end_unit(gone, builders.REFORM_DAY)
    builders.succession(merger, gone, {heir: WHOLE})
    builders.rebuild_map()
    return gone, heir


def test_a_standing_unit_has_the_base_of_whom_it_takes_over_besides_its_own(
    give, absorbed, catalogue
):
    gone, heir = absorbed
    give(gone, 100)
    assert numbers([heir], catalogue, JULY_2025 - 1) == [None]
    give(heir, 50)
    assert numbers([gone, heir], catalogue, JULY_2025 - 1) == [100, 50]
    assert numbers([heir], catalogue, JULY_2025) == [150]


def test_a_month_has_the_bases_of_the_last_in_which_any_was_given_or_taken_over(
    give, absorbed, catalogue
):
    gone, heir = absorbed
    give(gone, 100)
    give(heir, 50, JANUARY + 6)
    bases = Bases([gone.pk, heir.pk], until=JULY_2025)
    population = catalogue["POP"].pk
    changes = [bases.last_change(population, JANUARY + n) for n in (-1, 0, 5, 6, 17, 18, 30)]
    assert changes == [0, JANUARY, JANUARY, JANUARY + 6, JANUARY + 6, JULY_2025, JULY_2025]
    for unit in absorbed:
        for month in range(JANUARY - 2, JULY_2025 + 2):
            changed = bases.last_change(population, month)
            assert bases.held(unit.pk, population, month) == bases.held(
                unit.pk, population, changed
            )


@pytest.mark.parametrize(("given", "after"), [(-1, 170), (0, 70), (2, 70)])
def test_a_base_given_from_the_takeover_on_holds_them_all(give, absorbed, catalogue, given, after):
    gone, heir = absorbed
    give(gone, 100)
    give(heir, 50)
    give(heir, 70, JULY_2025 + given)
    assert numbers([heir], catalogue, JULY_2025 + 2) == [after]


def test_what_is_asked_besides_changes_nothing(give, communes, catalogue, reformed):
    give(communes[2], 55)
    upper = builders.by_code("99001", builders.REFORM_DAY)
    together = Bases([upper.pk, *(unit.pk for unit in communes)], until=JULY_2025)
    assert together.at(upper.pk, catalogue["POP"].pk, JULY_2025).number == 33


@settings(max_examples=20)
@given(number=st.integers(0, 10**6))
def test_dividing_a_base_loses_nobody(number, give, communes, catalogue, reformed):
    give(communes[2], number)
    new = [builders.by_code(code, builders.REFORM_DAY) for code in ("99001", "99004")]
    assert sum(numbers(new, catalogue, JULY_2025)) == number


def test_the_number_of_queries_does_not_grow_with_units(give, communes, catalogue, reformed):
    with CaptureQueriesContext(connection) as one:
        Bases([communes[0].pk], until=JULY_2025)
    with CaptureQueriesContext(connection) as five:
        Bases([unit.pk for unit in communes], until=JULY_2025)
    assert len(five) == len(one)
