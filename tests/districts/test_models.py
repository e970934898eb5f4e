"""What the tables themselves refuse."""

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from districts.models import (
    BEFORE_RECORDS,
    WHOLE,
    Alias,
    Ancestry,
    DataVersion,
    Lineage,
    Placement,
    Renaming,
    Reorganisation,
    Succession,
    TilePosition,
    Unit,
)
from districts.months import FOREVER
from tests import builders

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)


class Rows:
    """Writes rows around three units and one reorganisation, straight into the tables."""

    def __init__(self):
        self.one = self.unit(code="99001")
        self.two = self.unit(code="99002")
        self.three = self.unit(code="99003")
        self.reform = self.reorganisation(name="Một")

    def unit(self, **fields) -> Unit:
        defaults = {
            "code": "99009",
            "tier": "commune",
            "kind": "rural_commune",
            "established_on": BEFORE_RECORDS,
        }
        return Unit.objects.create(**{**defaults, **fields})

    def placement(self, **fields) -> Placement:
        defaults = {"unit": self.one, "parent": self.two, "since": DAY}
        return Placement.objects.create(**{**defaults, **fields})

    def ancestry(self, **fields) -> Ancestry:
        defaults = {"ancestor": self.two, "descendant": self.one, "depth": 1, "since": 5}
        return Ancestry.objects.create(**{**defaults, **fields})

    def reorganisation(self, **fields) -> Reorganisation:
        return Reorganisation.objects.create(**{"name": "Hai", "effective_on": DAY, **fields})

    def succession(self, **fields) -> Succession:
        defaults = {
            "reorganisation": self.reform,
            "predecessor": self.one,
            "successor": self.two,
            "share": WHOLE,
            "basis": "assumed",
        }
        return Succession.objects.create(**{**defaults, **fields})

    def lineage(self, **fields) -> Lineage:
        defaults = {"origin": self.one, "heir": self.two, "share": WHOLE, "since": 5}
        return Lineage.objects.create(**{**defaults, **fields})

    def alias(self, **fields) -> Alias:
        defaults = {"unit": self.one, "match_key": "ao sen", "confirmed_on": DAY}
        return Alias.objects.create(**{**defaults, **fields})

    def tile(self, **fields) -> TilePosition:
        defaults = {"unit": self.one, "parent": self.three, "since": DAY, "row": 1, "column": 2}
        return TilePosition.objects.create(**{**defaults, **fields})

    def renaming(self, **fields) -> Renaming:
        defaults = {"unit": self.one, "since": DAY, "state": "applied", "name": "Sen"}
        return Renaming.objects.create(**{**defaults, **fields})

    def version(self, **fields) -> DataVersion:
        return DataVersion.objects.create(**{"province": None, "stamp": "a", **fields})


BREACHES: dict[str, Callable[[Rows], object]] = {
    "unit_code_tier_period_unique": lambda rows: rows.unit(code="99001"),
    "unit_abolished_after_established": lambda rows: rows.unit(abolished_on=BEFORE_RECORDS),
    "unit_tier_known": lambda rows: rows.unit(tier="region"),
    "unit_reports_at_known": lambda rows: rows.unit(reports_at="district"),
    "placement_unit_since_unique": lambda rows: [
        rows.placement(until=date(2026, 1, 1)),
        rows.placement(until=date(2026, 2, 1)),
    ],
    "placement_until_after_since": lambda rows: rows.placement(until=DAY),
    "placement_not_its_own_parent": lambda rows: rows.placement(parent=rows.one),
    "placement_one_open": lambda rows: [rows.placement(), rows.placement(since=BEFORE_RECORDS)],
    "ancestry_unique": lambda rows: [rows.ancestry(), rows.ancestry(depth=2)],
    "ancestry_until_after_since": lambda rows: rows.ancestry(until=5),
    "reorganisation_name_day_unique": lambda rows: rows.reorganisation(name="Một"),
    "reorganisation_state_known": lambda rows: rows.reorganisation(state="perhaps"),
    "succession_unique": lambda rows: [rows.succession(), rows.succession()],
    "succession_one_main": lambda rows: [
        rows.succession(main=True),
        rows.succession(main=True, successor=rows.three),
    ],
    "succession_share_in_range": lambda rows: rows.succession(share=WHOLE + 1),
    "succession_whole_is_whole": lambda rows: rows.succession(basis="whole", share=999_999),
    "succession_basis_known": lambda rows: rows.succession(basis="guess"),
    "succession_not_itself": lambda rows: rows.succession(successor=rows.one),
    "lineage_unique": lambda rows: [rows.lineage(), rows.lineage(share=5)],
    "lineage_until_after_since": lambda rows: rows.lineage(until=5),
    "lineage_share_in_range": lambda rows: rows.lineage(share=WHOLE + 1),
    "alias_unique": lambda rows: [rows.alias(), rows.alias(name="Ao Xen")],
    "renaming_unit_day_unique": lambda rows: [rows.renaming(), rows.renaming(name="Súng")],
    "renaming_applied_has_a_day": lambda rows: rows.renaming(since=None),
    "renaming_state_known": lambda rows: rows.renaming(state="perhaps"),
    "tile_unit_since_unique": lambda rows: [rows.tile(), rows.tile(row=7)],
    "tile_place_unique": lambda rows: [rows.tile(), rows.tile(unit=rows.two)],
    "tile_country_place_unique": lambda rows: [
        rows.tile(parent=None),
        rows.tile(parent=None, unit=rows.two),
    ],
    "data_version_stamped": lambda rows: rows.version(stamp=""),
    "data_version_one_common": lambda rows: [rows.version(), rows.version(stamp="b")],
}


@pytest.mark.parametrize("constraint", BREACHES)
def test_the_database_refuses_what_breaks(constraint):
    rows = Rows()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BREACHES[constraint](rows)
    if connection.vendor == "postgresql":
        assert constraint in str(refusal.value)
    elif "CHECK" in str(refusal.value):
        assert str(refusal.value).endswith(constraint)


def test_every_constraint_of_the_models_is_broken_once_above():
    models = apps.get_app_config("districts").get_models()
    assert {c.name for model in models for c in model._meta.constraints} == set(BREACHES)


def test_any_number_of_proposed_units_and_places_may_wait_for_one_code():
    rows = Rows()
    for _ in range(2):
        rows.placement(unit=rows.unit(established_on=None), since=None)
    assert Unit.objects.filter(code="99009").count() == 2


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")
@pytest.mark.parametrize(
    ("constraint", "breach"),
    [
        ("unit_code_tier_no_overlap", lambda rows: rows.unit(code="99001", established_on=DAY)),
        (
            "placement_unit_no_overlap",
            lambda rows: [
                rows.placement(until=date(2026, 1, 1)),
                rows.placement(since=date(2025, 12, 31), parent=rows.three),
            ],
        ),
    ],
)
def test_postgresql_refuses_overlapping_periods(constraint, breach):
    rows = Rows()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        breach(rows)


def test_periods_that_meet_do_not_overlap():
    rows = Rows()
    rows.unit(code="99008", abolished_on=DAY)
    rows.unit(code="99008", established_on=DAY)
    rows.placement(since=BEFORE_RECORDS, until=DAY)
    rows.placement(parent=rows.three)
    assert Unit.objects.filter(code="99008").count() == 2
    assert Placement.objects.filter(unit=rows.one).count() == 2


def test_a_unit_counts_from_its_first_whole_month_to_its_last():
    unit = builders.unit("99007", "Ao Sen", since=date(2025, 1, 15), until=date(2025, 7, 1))
    assert (unit.since, unit.until) == (2025 * 12 + 1, 2025 * 12 + 6)
    assert unit.in_force_on(date(2025, 1, 15))
    assert not unit.in_force_on(date(2025, 7, 1))


def test_a_proposed_unit_is_in_force_on_no_day_and_in_no_month():
    unit = Rows().unit(established_on=None)
    assert not unit.in_force_on(date(2100, 1, 1))
    assert unit.since == FOREVER
    assert unit not in Unit.objects.in_force_on(date(2100, 1, 1))
