"""Loading units from the package's files: what comes in, again and again, and what is refused."""

from datetime import date

import pytest

from districts.actions import Loaded, load_gazetteer, rebuild_lineage
from districts.gazetteer.register import UnknownProvince
from districts.models import (
    BEFORE_RECORDS,
    WHOLE,
    Ancestry,
    Lineage,
    Placement,
    Reorganisation,
    Succession,
    TilePosition,
    Unit,
)
from districts.months import Month
from districts.rules import CannotReorganise
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

pytestmark = pytest.mark.django_db

OLD_MAP, NEW_MAP = date(2025, 2, 1), date(2025, 7, 1)
OLD_MONTH, NEW_MONTH = Month.of(2025, 2), Month.of(2025, 7)
NOTHING = Loaded(units=0, placements=0, successions=0, tiles=0, ancestry=0, lineage=0)


def load(register, *codes: str) -> Loaded:
    return load_gazetteer(register=register.around(codes), actor=COMMAND_LINE)


def contents() -> dict[str, set]:
    """Everything loaded, without primary keys."""
    key = ("code", "tier", "established_on")

    def keys(*names):
        return [f"{name}__{part}" for name in names for part in key]

    def rows(model, *fields):
        return set(model.objects.values_list(*fields))

    reform = Reorganisation.objects.get()
    return {
        "units": rows(Unit, *key, "kind", "name", "full_name", "abolished_on", "reports_at"),
        "placements": rows(Placement, *keys("unit", "parent"), "since", "until"),
        "successions": rows(
            Succession, *keys("predecessor", "successor"), "share", "main", "basis"
        ),
        "tiles": rows(TilePosition, *keys("unit", "parent"), "since", "row", "column"),
        "ancestry": rows(Ancestry, *keys("ancestor", "descendant"), "depth", "since", "until"),
        "lineage": rows(Lineage, *keys("origin", "heir"), "share", "estimated", "since", "until"),
        "ended": set(reform.ended_units.values_list(*key)),
        "begun": set(reform.proposed_units.values_list(*key)),
        "placed": set(reform.proposed_placements.values_list(*keys("unit", "parent"), "since")),
    }


# --- what comes in -------------------------------------------------------------------------------


def test_son_la_has_its_districts_and_communes_on_both_maps(son_la):
    old = Unit.objects.below(son_la, OLD_MONTH)
    new = Unit.objects.below(son_la, NEW_MONTH)
    assert old.at_tier("district").count() == 12
    assert old.at_tier("commune").count() == 200
    assert old.at_tier("commune").filter(kind="ward").count() == 15
    assert new.at_tier("district").count() == 0
    assert new.at_tier("commune").count() == 75
    assert Unit.objects.children_of(son_la, OLD_MONTH).first().code == "116"
    assert Unit.objects.children_of(son_la, NEW_MONTH).count() == 75
    assert Unit.objects.in_force_on(OLD_MAP).count() == 1 + 12 + 200 + 1


def test_a_code_means_another_unit_before_and_after_the_reform(son_la):
    assert Unit.objects.by_code("03646", OLD_MAP).full_name == "Phường Chiềng Lề"
    assert Unit.objects.by_code("03646", NEW_MAP).full_name == "Phường Tô Hiệu"


def test_a_commune_that_lived_on_is_one_unit_with_two_parents(son_la):
    commune = Unit.objects.get(name="Ngọc Chiến")
    parents = commune.placements.order_by("since").values_list("parent__code", "since", "until")
    assert list(parents) == [("120", BEFORE_RECORDS, NEW_MAP), ("14", NEW_MAP, None)]


def test_reporting_units_are_communes_and_the_office_of_the_province(son_la):
    office = Unit.objects.office_of(son_la, OLD_MONTH)
    assert (office.code, office.full_name) == ("14", "Cấp tỉnh Sơn La")
    assert (office.kind, office.reports_at) == ("office", "province")
    assert office == Unit.objects.office_of(son_la, NEW_MONTH)
    reporting = Unit.objects.reporting_in(OLD_MONTH)
    assert reporting.filter(reports_at="commune").count() == 200
    assert set(reporting.exclude(reports_at="commune")) == {office}


def test_an_island_district_without_communes_reports_like_one(register):
    load(register, "51")
    island = Unit.objects.get(code="536", tier="district")
    heir = Unit.objects.successors_of(island).get()
    assert island.reports_at == "commune"
    assert (heir.kind, heir.full_name) == ("special_zone", "Đặc khu Lý Sơn")
    assert not Unit.objects.filter(tier="district").exclude(pk=island.pk).exclude(reports_at="")


def test_areas_are_whole_hectares(son_la):
    assert Unit.objects.by_code("03646", NEW_MAP).area_ha == 1192
    assert Unit.objects.by_code("03646", OLD_MAP).area_ha is None


def test_units_carry_the_keys_they_are_sorted_and_searched_by(son_la):
    names = Unit.objects.filter(tier="district").order_by("sort_key").values_list("name", flat=True)
    assert list(names)[:3] == ["Bắc Yên", "Mai Sơn", "Mộc Châu"]
    assert Unit.objects.matching("chieng le").get().name == "Chiềng Lề"


def test_tiles_lie_on_both_maps(son_la):
    assert TilePosition.objects.filter(parent=son_la, since=BEFORE_RECORDS).count() == 12
    assert TilePosition.objects.filter(parent=son_la, since=NEW_MAP).count() == 75
    assert TilePosition.objects.filter(unit=son_la, parent=None).count() == 2


def test_the_reform_says_what_it_ended_and_what_it_began(son_la):
    reform = Reorganisation.objects.get()
    assert (reform.effective_on, reform.state) == (NEW_MAP, "applied")
    assert "1681/NQ-UBTVQH15" in reform.legal_basis
    assert reform.ended_units.count() == 193 + 12
    assert reform.proposed_units.count() == 68
    assert reform.proposed_placements.count() == 75


# --- who inherits --------------------------------------------------------------------------------


def test_every_old_commune_of_son_la_goes_whole_into_one_new_one(son_la):
    rows = Lineage.objects.on_map_of(NEW_MONTH).filter(
        origin__in=Unit.objects.below(son_la, OLD_MONTH)
    )
    assert rows.count() == 200 + 1
    assert set(rows.values_list("share", "estimated")) == {(WHOLE, False)}


def test_a_divided_unit_goes_whole_to_its_main_successor_and_is_marked_assumed(register):
    load(register, "22")
    divided = Succession.objects.filter(basis="assumed")
    main, others = divided.filter(main=True), divided.filter(main=False)
    assert main.count() == divided.values("predecessor").distinct().count() > 0
    assert set(main.values_list("share", flat=True)) == {WHOLE}
    assert set(others.values_list("share", flat=True)) == {0}
    heirs = Lineage.objects.on_map_of(NEW_MONTH).filter(origin__in=divided.values("predecessor"))
    assert heirs.count() == divided.count()
    assert set(heirs.values_list("estimated", flat=True)) == {True}


def test_merged_provinces_come_together_and_their_offices_succeed_each_other(register):
    load(register, "58")
    old = [
        Unit.objects.get(code=code, tier="office", abolished_on=NEW_MAP) for code in ("56", "58")
    ]
    new = Unit.objects.get(code="56", tier="office", established_on=NEW_MAP)
    itself = 1
    assert list(Unit.objects.predecessors_of(new)) == old
    assert Lineage.objects.on_map_of(NEW_MONTH).filter(heir=new).count() == len(old) + itself


# --- again ---------------------------------------------------------------------------------------


def test_loading_again_changes_nothing_and_leaves_no_trace(register, son_la):
    before = contents()
    entries = JournalEntry.objects.count()
    assert load(register, "14") == NOTHING
    assert contents() == before
    assert JournalEntry.objects.count() == entries == 1


def test_provinces_loaded_one_after_the_other_are_as_if_loaded_together(register, son_la):
    load(register, "46")
    load(register, "12", "11")
    together = contents()
    for model in (Lineage, Ancestry, TilePosition, Succession, Reorganisation, Placement, Unit):
        model.objects.all().delete()
    load(register, "11", "12", "14", "46")
    assert contents() == together


@pytest.mark.slow
def test_the_country_loaded_after_a_province_is_as_if_loaded_at_once(register, son_la):
    load_gazetteer(register=register, actor=COMMAND_LINE)
    after_a_province = contents()
    for model in (Lineage, Ancestry, TilePosition, Succession, Reorganisation, Placement, Unit):
        model.objects.all().delete()
    load_gazetteer(register=register, actor=COMMAND_LINE)
    assert contents() == after_a_province


def test_a_unit_that_was_moved_by_hand_stays_where_it_is(register):
    commune = builders.unit("04240", "Mường Lèo")
    elsewhere = builders.unit("98", "Suối Ngoài", tier="province")
    Placement.objects.create(unit=commune, parent=elsewhere, since=date(2020, 1, 1))
    load(register, "14")
    assert commune.placements.get().parent == elsewhere


@pytest.mark.parametrize("codes", [("56",), ("58",), ("56", "58")])
def test_any_code_of_provinces_that_merged_brings_them_all(register, codes):
    part = register.around(codes)
    names = {row.id for row in part.units.values() if row.tier == "province"}
    assert names == {"p56", "p58", "p56-2025"}
    assert len(part.units) == 278


def test_shares_that_somebody_knows_better_are_never_overwritten(register):
    load(register, "22")
    rows = Succession.objects.filter(basis="assumed").order_by("-main")
    divided = rows.first().predecessor
    heirs = list(rows.filter(predecessor=divided))
    shares = [700_000, 300_000, *[0] * (len(heirs) - 2)]
    for heir, share in zip(heirs, shares, strict=True):
        heir.share, heir.basis = share, "population"
        heir.save()
    rebuild_lineage()
    assert load(register, "22") == NOTHING
    carried = Lineage.objects.on_map_of(NEW_MONTH).filter(origin=divided).order_by("-share")
    assert [row.share for row in carried[:2]] == [700_000, 300_000]


def test_a_missing_row_is_put_back(register, son_la):
    TilePosition.objects.filter(parent=son_la, since=NEW_MAP).first().delete()
    Lineage.objects.filter(since=NEW_MONTH).first().delete()
    assert load(register, "14") == Loaded(0, 0, 0, tiles=1, ancestry=0, lineage=1)


# --- what is refused -----------------------------------------------------------------------------


def test_a_code_already_in_force_for_another_unit_stops_the_load(register, english):
    builders.unit("03646", "Ao Sen", since=date(2020, 1, 1))
    with pytest.raises(CannotReorganise, match=r"03646 \(commune\)"):
        load(register, "14")
    assert Unit.objects.count() == 1
    assert not Reorganisation.objects.exists()


def test_a_reform_that_was_reverted_is_not_brought_back_by_loading(register, english):
    Reorganisation.objects.create(
        name="Sắp xếp đơn vị hành chính", effective_on=NEW_MAP, state="reverted"
    )
    with pytest.raises(CannotReorganise, match="reverted"):
        load(register, "14")
    assert not Unit.objects.exists()


def test_a_code_no_province_ever_had_is_unknown(register):
    with pytest.raises(UnknownProvince):
        register.around(["14", "13"])
