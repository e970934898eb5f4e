"""The whole country, loaded once for this module: everything adds up and every name is found."""

from collections import Counter, defaultdict
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from districts.actions import Loaded, load_gazetteer
from districts.models import WHOLE, Ancestry, Lineage, Succession, TilePosition, Unit
from districts.months import Month
from districts.names import UnitNames, is_total_row
from districts.rules import allocate
from steering.accounts.actors import COMMAND_LINE

OLD, NEW = Month.of(2025, 2), Month.of(2025, 7)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def country(register, django_db_setup, django_db_blocker):
    """All 14,018 units, taken away again after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_gazetteer(register=register, actor=COMMAND_LINE)
        transaction.set_rollback(True)


def province_of(month: Month) -> dict[int, int]:
    """The province above each unit, offices included."""
    rows = Ancestry.objects.in_month(month).filter(ancestor__tier="province")
    return dict(rows.values_list("descendant", "ancestor"))


def test_every_unit_of_the_gazetteer_is_loaded(country, register):
    assert country.units == 14_018 + 86
    assert Unit.objects.administrative().count() == len(register.units) == 14_018
    assert Unit.objects.filter(tier="office").count() == 63 + 34 - 11


@pytest.mark.parametrize(
    ("month", "provinces", "districts", "communes"), [(OLD, 63, 696, 10_035), (NEW, 34, 0, 3_321)]
)
def test_the_map_is_complete(country, month, provinces, districts, communes):
    tiers = Counter(Unit.objects.in_force_on(month.first_day).values_list("tier", flat=True))
    assert tiers["province"] == tiers["office"] == provinces
    assert (tiers["district"], tiers["commune"]) == (districts, communes)


@pytest.mark.parametrize("month", [OLD, NEW])
def test_every_unit_in_force_stands_below_exactly_one_province(country, month):
    in_force = Unit.objects.in_force_on(month.first_day)
    rows = Ancestry.objects.in_month(month).filter(ancestor__tier="province")
    assert rows.count() == len(province_of(month)) == in_force.count()


@pytest.mark.parametrize("month", [OLD, NEW, Month.of(2030, 1)])
def test_the_shares_of_every_origin_add_up_to_one_million(country, month):
    origins = Unit.objects.exclude(reports_at="").filter(established_on__lte=month.first_day)
    sums = Lineage.objects.on_map_of(month).values("origin").annotate(total=Sum("share"))
    assert set(sums.values_list("total", flat=True)) == {WHOLE}
    assert sums.count() == origins.count()


def test_every_new_commune_has_predecessors_or_lived_on(country):
    new = Unit.objects.at_tier("commune").in_force_on(NEW.first_day)
    begun = new.filter(established_on=NEW.first_day)
    assert begun.filter(inheritances__isnull=True).count() == 0
    assert new.count() - begun.count() == 120


def test_dividing_people_by_the_lineage_loses_nobody_in_any_province(country):
    random = Random(148)
    before, after = province_of(OLD), province_of(NEW)
    heirs = defaultdict(list)
    rows = Lineage.objects.on_map_of(NEW).filter(origin__established_on__lt=NEW.first_day)
    for origin, heir, share in rows.order_by("id").values_list("origin", "heir", "share"):
        heirs[origin].append((heir, share))
    merged = dict(
        Succession.objects.filter(predecessor__tier="province").values_list(
            "predecessor", "successor"
        )
    )
    was, now = Counter(), Counter()
    for origin, parts in heirs.items():
        people = random.randrange(30_000)
        province = before[origin]
        was[merged.get(province, province)] += people
        for (heir, _), count in zip(
            parts, allocate(people, [share for _, share in parts]), strict=True
        ):
            now[after[heir]] += count
    assert len(heirs) == 10_035 + 5 + 63
    assert len(was) == 34
    assert was == now


def test_an_assumed_share_is_marked_wherever_it_is_carried(country):
    estimated = Lineage.objects.on_map_of(NEW).filter(estimated=True)
    assert estimated.values("origin").distinct().count() == 440
    assert estimated.filter(share=0).count() == 529


def test_every_administrative_unit_has_a_tile_of_its_own(country):
    tiled = TilePosition.objects.values("unit").annotate(times=Count("id"))
    assert tiled.count() == 14_018
    assert tiled.filter(times=2).count() == 120 + 11


def test_loading_again_changes_nothing_in_as_many_queries_as_for_one_province(country, register):
    with CaptureQueriesContext(connection) as all_of_it:
        again = load_gazetteer(register=register, actor=COMMAND_LINE)
    with CaptureQueriesContext(connection) as one_province:
        load_gazetteer(register=register.around(["14"]), actor=COMMAND_LINE)
    assert again == Loaded(0, 0, 0, 0, 0, 0)
    assert len(all_of_it) == len(one_province) <= 30


@pytest.mark.parametrize("month", [OLD, NEW])
def test_every_unit_is_found_by_its_full_name_below_its_parent(country, month):
    names = UnitNames(month)
    rows = Ancestry.objects.in_month(month).filter(depth=1).select_related("ancestor", "descendant")
    for row in rows:
        found = names.match(row.descendant.full_name.upper(), parent=row.ancestor)
        assert found.unit == row.descendant, found.problem


def test_no_unit_is_taken_for_a_total(country):
    names = Unit.objects.values_list("name", "full_name")
    assert not [name for pair in names for name in pair if is_total_row(name)]


def test_names_of_the_country_load_in_as_many_queries_as_those_of_a_commune(country):
    commune = Unit.objects.by_code("03646", NEW.first_day)
    counts = []
    for within in (None, commune):
        with CaptureQueriesContext(connection) as queries:
            names = UnitNames(OLD, within)
            for text in ("Xã Tân Lập", "Phường Tô Hiệu", "nowhere", "Xã Hua La"):
                names.match(text)
        counts.append(len(queries))
    assert counts == [3, 3]
