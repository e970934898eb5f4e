"""Stamps of provinces: whom raising one reaches, and what it leaves as it is."""

import pytest
from django.db import IntegrityError, transaction

from districts.models import WHOLE, DataVersion, Reorganisation, Tier, Unit
from districts.versions import (
    COMMON,
    Touches,
    affected_by,
    current_version,
    raise_common,
    raise_versions,
    standing,
)
from tests import builders
from tests.builders import by_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(province) -> Unit:
    """Another province, which shares nothing with province 99."""
    made = builders.unit("98", "Nơi khác", tier=Tier.PROVINCE)
    builders.rebuild_map()
    return made


def stamps(*provinces: Unit) -> dict[int, str]:
    return dict(standing([one.pk for one in provinces]).values_list("number", "stamp"))


def test_raising_for_a_commune_reaches_its_province_and_no_other(province, elsewhere):
    raise_versions([by_code("99001").pk, elsewhere.pk])
    before = stamps(province, elsewhere)
    raise_versions([by_code("99001").pk])
    after = stamps(province, elsewhere)
    assert after[province.pk] != before[province.pk]
    assert after[elsewhere.pk] == before[elsewhere.pk]


def test_raising_for_an_old_commune_reaches_the_province_of_whoever_continues_it(
    province, elsewhere
):
    old = by_code("99001")
    heir = builders.unit("98001", "Mới", parent=elsewhere, since=builders.REFORM_DAY)
    builders.end_unit(old, builders.REFORM_DAY)
    reform = Reorganisation.objects.create(
        name="Qua tỉnh khác",
        effective_on=builders.REFORM_DAY,
        state=Reorganisation.State.APPLIED,
    )
    builders.succession(reform, old, {heir: WHOLE})
    builders.rebuild_map()
    raise_versions([old.pk])
    assert stamps(province, elsewhere).keys() == {province.pk, elsewhere.pk}
    before = stamps(province, elsewhere)
    raise_versions([heir.pk])
    after = stamps(province, elsewhere)
    assert before[province.pk] != after[province.pk]


def test_what_all_share_is_part_of_every_version(province, elsewhere):
    before = current_version([province.pk]), current_version([elsewhere.pk])
    raise_common()
    assert current_version([province.pk]) != before[0]
    assert current_version([elsewhere.pk]) != before[1]
    assert stamps().keys() == {COMMON}


def test_a_stamp_never_comes_again(province):
    seen = set()
    for _time in range(5):
        raise_versions([province.pk])
        seen.add(stamps(province)[province.pk])
    assert len(seen) == 5
    assert DataVersion.objects.filter(province=province).count() == 1


def test_raising_for_nobody_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        raise_versions([])


def test_raising_is_one_query_for_any_number_of_units(province, django_assert_num_queries):
    units = list(Unit.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        raise_versions(units)


def test_raising_for_half_a_country_reaches_every_province(province, elsewhere, monkeypatch):
    monkeypatch.setattr("districts.versions.MOST_UNITS", 3)
    raise_versions(Unit.objects.filter(tier=Tier.COMMUNE).values_list("pk", flat=True))
    assert stamps(province, elsewhere).keys() == {province.pk, elsewhere.pk}


def log(province: Unit) -> str:
    return DataVersion.objects.get(province=province).touched


def test_the_log_names_whose_counts_changed_until_something_else_does(province):
    first, second = by_code("99001").pk, by_code("99002").pk
    raise_versions([first], Touches.COUNTS)
    raise_versions([province.pk], Touches.NONE)
    raise_versions([second, first], Touches.COUNTS)
    assert log(province) == f",{first},{first},{second}"
    settled = DataVersion.objects.get(province=province).settled
    raise_versions([province.pk])
    assert log(province) == ""
    assert DataVersion.objects.get(province=province).settled != settled


def test_a_log_that_grew_too_long_begins_anew_as_if_all_had_changed(province, monkeypatch):
    monkeypatch.setattr("districts.versions.LONGEST_LOG", 1)
    raise_versions([by_code("99001").pk], Touches.COUNTS)
    before = DataVersion.objects.get(province=province).settled
    raise_versions([by_code("99002").pk], Touches.COUNTS)
    assert log(province) == ""
    assert DataVersion.objects.get(province=province).settled != before


def test_counts_reach_whoever_carries_them_and_all_that_adds_them_up(province, reformed):
    old, heir = by_code("99001"), by_code("99001", builders.REFORM_DAY)
    reached = set(affected_by(f",{old.pk}").values_list("ancestor", flat=True))
    assert {old.pk, heir.pk, by_code("901").pk, province.pk} <= reached
    assert by_code("99005").pk not in reached


def test_a_raised_version_goes_with_the_transaction_that_raised_it(province):
    raise_versions([province.pk])
    before = stamps(province)
    with transaction.atomic():
        raise_versions([province.pk])
        transaction.set_rollback(True)
    assert stamps(province) == before


def test_a_province_has_one_version(province):
    raise_versions([province.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        DataVersion.objects.create(province=province, stamp="another")
