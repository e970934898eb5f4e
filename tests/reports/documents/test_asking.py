"""Which unit and which decision a document is about, by the codes that scripts give."""

from datetime import date

import pytest

from districts.months import Month
from reports.documents import asking
from steering.accounts.faults import Refused
from tests.builders import by_code

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_a_unit_that_ended_in_the_year_is_meant_by_its_code(reformed):
    assert asking.unit_of_year("901", 2025) == by_code("901", BEFORE)
    with pytest.raises(Refused):
        asking.unit_of_year("901", 2026)


def test_of_two_units_with_one_code_the_one_of_the_last_day_is_meant(reformed):
    old, new = by_code("99001", BEFORE), by_code("99001", AFTER)
    assert old != new
    assert asking.unit_of_year("99001", 2025) == new
    assert asking.unit_of_year("99001", 2025, BEFORE) == old
    assert asking.unit_of_year("99001", 2024) == old
    assert asking.unit_of_year("99001", 2026) == new


def test_a_month_means_the_unit_in_force_in_it(reformed):
    assert asking.unit_of_month("99001", Month.of(2025, 6)) == by_code("99001", BEFORE)
    assert asking.unit_of_month("99001", Month.of(2025, 7)) == by_code("99001", AFTER)
    with pytest.raises(Refused):
        asking.unit_of_month("77", Month.of(2025, 7))


def test_a_code_of_no_tier_is_refused(province):
    with pytest.raises(Refused):
        asking.unit_of_year("9", 2025)


def test_the_first_decision_of_a_year_is_no_amendment(assign, province):
    first = assign({(province, "HI"): 100}, number="1/QĐ")
    day = date(2024, 6, 1)
    later = assign(
        {(province, "HI"): 110}, number="2/QĐ", issued_on=day, effective_on=day, amends=first
    )
    assign({(province, "HI"): 90}, number="3/QĐ", authority="vss")
    assert asking.first_decision(province, 2024, "ppc") == first
    assert asking.latest_amendment(province, 2024, "ppc") == later
    assert asking.first_decision(province, 2024, "vss").number == "3/QĐ"


def test_a_withdrawn_decision_is_written_only_by_its_number(assign, province):
    first = assign({(province, "HI"): 100}, number="1/QĐ")
    type(first).objects.filter(pk=first.pk).update(
        withdrawn_on=date(2024, 2, 1), withdrawal_reason="nhầm"
    )
    with pytest.raises(Refused):
        asking.first_decision(province, 2024, "ppc")
    assert asking.decision_of("99", "1/QD", "ppc") == first
