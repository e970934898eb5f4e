"""Units asked for in the words of the domain."""

from datetime import date

import pytest

from districts.models import Ancestry, Unit
from districts.months import Month
from tests import builders

pytestmark = pytest.mark.django_db

BEFORE, AFTER = Month.of(2025, 6), Month.of(2025, 7)


def codes(units) -> list[str]:
    return [unit.code for unit in units]


def test_a_unit_is_in_force_from_its_first_day_to_the_day_before_its_last(reformed):
    assert builders.by_code("99001", date(2025, 6, 30)).name == "Ao Sen"
    assert builders.by_code("99001", date(2025, 7, 1)).name == "Sen Gió"


def test_a_code_of_a_wrong_length_or_another_time_means_no_unit(reformed):
    for code, day in [
        ("9900", date(2025, 7, 1)),
        ("901", date(2025, 7, 1)),
        ("97", date(2025, 7, 1)),
    ]:
        with pytest.raises(Unit.DoesNotExist):
            builders.by_code(code, day)


def test_children_are_administrative_and_in_code_order(reformed, province):
    assert codes(Unit.objects.children_of(province, BEFORE)) == ["901", "902"]
    assert codes(Unit.objects.children_of(province, AFTER)) == ["99001", "99004", "99005"]


def test_everything_below_includes_the_unit_itself_and_the_office(reformed, province):
    below = Unit.objects.below(province, BEFORE)
    assert below.count() == 1 + 1 + 2 + 5
    assert below.administrative().count() == 1 + 2 + 5
    assert province in below


def test_reporting_units_are_those_of_the_month(reformed, office):
    before = Unit.objects.reporting_in(BEFORE)
    assert set(before.filter(reports_at="commune").values_list("code", flat=True)) == {
        f"9900{n}" for n in range(1, 6)
    }
    assert codes(Unit.objects.reporting_in(AFTER).order_by("code")) == [
        "99",
        "99001",
        "99004",
        "99005",
    ]


def test_the_province_and_its_office_are_found_from_below(reformed, province, office, communes):
    assert Unit.objects.province_of(communes[0], BEFORE) == province
    assert Unit.objects.province_of(province, BEFORE) == province
    assert Unit.objects.office_of(province, AFTER) == office


def test_successors_come_main_first_and_predecessors_in_code_order(reformed, communes):
    upper = builders.by_code("99001", date(2025, 7, 1))
    lower = builders.by_code("99004", date(2025, 7, 1))
    assert list(Unit.objects.successors_of(communes[2])) == [upper, lower]
    assert list(Unit.objects.predecessors_of(upper)) == communes[:3]
    reformed.state = "reverted"
    reformed.save()
    assert not Unit.objects.successors_of(communes[2]).exists()


def test_units_are_found_by_the_start_of_their_code_or_by_name_without_accents(province):
    assert codes(Unit.objects.matching("deo gio")) == ["99003"]
    assert codes(Unit.objects.matching("Đèo")) == ["99003"]
    assert set(codes(Unit.objects.matching("9900"))) == {f"9900{n}" for n in range(1, 6)}


def test_ancestors_come_nearest_first(province, communes):
    rows = Ancestry.objects.above([communes[0].pk], BEFORE)
    assert list(rows.values_list("ancestor__code", "depth")) == [("901", 1), ("99", 2)]


def test_units_sort_by_name_in_dictionary_order(province):
    names = Unit.objects.at_tier("commune").values_list("name", flat=True)
    assert list(names) == ["Ao Sen", "Cầu Tre", "Đèo Gió", "Ghềnh Xanh", "Hồ Mây"]
