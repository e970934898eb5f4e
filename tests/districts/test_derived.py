"""Ancestry and lineage in the database: derived from what is in force, written by difference."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.actions import rebuild_ancestry, rebuild_lineage, set_keys
from districts.models import WHOLE, Ancestry, Lineage, Placement, Succession, Unit
from districts.months import FOREVER, Month
from tests import builders

pytestmark = pytest.mark.django_db

REFORM = Month.of(2025, 7)


def test_a_second_rebuild_changes_nothing_and_keeps_every_row(reformed):
    ancestry = set(Ancestry.objects.values_list("pk", flat=True))
    lineage = set(Lineage.objects.values_list("pk", flat=True))
    assert (rebuild_ancestry(), rebuild_lineage()) == (0, 0)
    assert set(Ancestry.objects.values_list("pk", flat=True)) == ancestry
    assert set(Lineage.objects.values_list("pk", flat=True)) == lineage


def test_a_rebuild_adds_what_is_missing_and_removes_what_is_wrong(reformed):
    wanted = sorted(row[1:] for row in Lineage.objects.values_list())
    Lineage.objects.filter(share=WHOLE, since=REFORM).delete()
    Lineage.objects.filter(estimated=True).update(share=1)
    Ancestry.objects.filter(depth=1).update(depth=3)
    assert rebuild_lineage() > 0
    assert rebuild_ancestry() > 0
    assert sorted(row[1:] for row in Lineage.objects.values_list()) == wanted
    assert not Ancestry.objects.filter(depth=3).exists()


def test_a_divided_commune_is_carried_by_its_heirs_after_the_reform(reformed):
    divided = builders.by_code("99003")
    rows = Lineage.objects.filter(origin=divided).order_by("since", "-share")
    assert list(rows.values_list("heir__code", "share", "estimated", "since", "until")) == [
        ("99003", WHOLE, False, Unit.objects.get(pk=divided.pk).since, REFORM),
        ("99001", 600_000, True, REFORM, FOREVER),
        ("99004", 400_000, True, REFORM, FOREVER),
    ]


def test_districts_and_provinces_are_nobodys_origin(reformed):
    tiers = set(Lineage.objects.values_list("origin__tier", flat=True))
    assert tiers == {"commune", "office"}


@pytest.mark.parametrize("state", ["draft", "reverted"])
def test_successions_that_are_not_in_force_carry_nothing(reformed, state):
    reformed.state = state
    reformed.save()
    rebuild_lineage()
    ended = Lineage.objects.on_map_of(REFORM).filter(origin__abolished_on__isnull=False)
    assert not ended.exists()


def test_what_is_only_proposed_has_no_ancestry(province):
    proposed = builders.unit("99010", "Sen Mới", since=None)
    Placement.objects.create(unit=proposed, parent=province, since=None)
    Placement.objects.create(unit=builders.by_code("99001"), parent=province, since=None)
    assert rebuild_ancestry() == rebuild_lineage() == 0


def test_a_unit_reaches_up_through_every_parent_it_had(reformed, province):
    lived_on = builders.by_code("99005")
    rows = Ancestry.objects.filter(descendant=lived_on).order_by("since", "depth")
    assert list(rows.values_list("ancestor__code", "depth", "until")) == [
        ("99005", 0, FOREVER),
        ("902", 1, REFORM),
        ("99", 2, REFORM),
        ("99", 1, FOREVER),
    ]


def test_rebuilding_costs_the_same_queries_for_any_number_of_units(province):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            rebuild_ancestry()
            rebuild_lineage()
        return len(queries)

    small = cost()
    for number in range(100, 400):
        builders.unit(f"99{number}", f"Thôn {number}", parent=province)
    assert cost() == small


def test_keys_follow_the_name():
    unit = set_keys(Unit(name="Ao Sen", full_name="Xã Ao Sen"))
    other = set_keys(Unit(name="Áo Sen", full_name="Xã Áo Sen"))
    assert unit.search_key == other.search_key == "xa ao sen"
    assert unit.sort_key < other.sort_key


def test_an_unknown_share_that_was_assumed_is_marked_even_if_whole(reformed):
    Succession.objects.filter(predecessor__code="99001").update(basis="assumed")
    rebuild_lineage()
    row = Lineage.objects.on_map_of(REFORM).get(origin=builders.by_code("99001"))
    assert (row.share, row.estimated) == (WHOLE, True)


def test_a_unit_that_ends_in_mid_month_still_counts_in_that_month(province):
    ended = builders.by_code("99001")
    builders.end_unit(ended, date(2025, 3, 10))
    builders.rebuild_map()
    assert ended in Unit.objects.below(province, Month.of(2025, 3))
    assert ended not in Unit.objects.below(province, Month.of(2025, 4))
