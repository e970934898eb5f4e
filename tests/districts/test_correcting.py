"""What an earlier edition of the gazetteer had wrong is corrected where it was loaded."""

from datetime import date

import pytest

from districts.actions import load_gazetteer, rebuild_lineage, rename_unit
from districts.actions.correcting import SUCCESSORS
from districts.gazetteer.register import Register
from districts.models import WHOLE, Ancestry, Lineage, Placement, Succession, TilePosition, Unit
from districts.months import Month
from districts.names import UnitNames
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests.districts.earlier import corrections, first_edition

pytestmark = pytest.mark.django_db

SON_LA, CAN_THO = "14", "92"
REFORM = date(2025, 7, 1)
NEW = Month.of(2025, 7)


def load(register: Register, code: str):
    return load_gazetteer(register=register.around([code]), actor=COMMAND_LINE)


def told(differences) -> set[tuple]:
    return {(one.unit.code, one.field, one.was, one.now) for one in differences}


def contents() -> dict[str, set]:
    """Units, successions and what is derived of them, without primary keys."""
    key, tables = ("code", "tier", "established_on"), {}
    for model, units, fields in [
        (Unit, [], [*key, "kind", "name", "full_name", "area_ha", "sort_key", "search_key"]),
        (Succession, ["predecessor", "successor"], ["share", "main", "basis"]),
        (Lineage, ["origin", "heir"], ["share", "estimated", "since", "until"]),
        (Ancestry, ["ancestor", "descendant"], ["depth", "since", "until"]),
        (Placement, ["unit", "parent"], ["since", "until"]),
        (TilePosition, ["unit", "parent"], ["since", "row", "column"]),
    ]:
        names = [f"{unit}__{part}" for unit in units for part in key]
        tables[model.__name__] = set(model.objects.values_list(*names, *fields))
    return tables


def test_the_first_edition_named_thirty_three_successors_too_many(register):
    earlier = first_edition(register)
    assert len(earlier.successions) - len(register.successions) == 33
    divided = {row.predecessor for row in register.wrong_heirs}
    shares = {row.share for row in earlier.successions if row.predecessor in divided}
    assert shares == {None}
    lines = [line for line in corrections() if line["file"] == "units.csv"]
    assert len(lines) == len(register.corrections)
    assert all(line["evidence"] for line in corrections())


@pytest.mark.parametrize("code", [SON_LA, CAN_THO])
def test_the_corrected_gazetteer_over_the_first_edition_is_as_if_loaded_afresh(register, code):
    load(first_edition(register), code)
    corrected = load(register, code)
    assert corrected.corrected and not corrected.kept
    over_the_first = contents()
    for model in (Lineage, Ancestry, TilePosition, Succession, Placement, Unit):
        model.objects.all().delete()
    afresh = load(register, code)
    assert not afresh.corrected and not afresh.kept
    assert contents() == over_the_first


def test_names_are_mended_with_the_keys_they_are_found_and_sorted_by(register):
    load(first_edition(register), SON_LA)
    assert ("03742", "name", "é Tòng", "É Tòng") in told(load(register, SON_LA).corrected)
    unit = Unit.objects.by_code("03742", date(2025, 6, 30))
    assert (unit.name, unit.full_name) == ("É Tòng", "Xã É Tòng")
    province = Unit.objects.by_code(SON_LA, REFORM)
    assert UnitNames(NEW - 1, province).match("Hát Lót", parent=None, tier="commune").candidates
    township = Unit.objects.by_code("04105", date(2025, 6, 30))
    assert (township.name, township.full_name) == ("Hát Lót", "Thị trấn Hát Lót")


def test_an_area_that_cannot_be_true_becomes_blank(register):
    load(first_edition(register), SON_LA)
    assert Unit.objects.by_code("03703", REFORM).area_ha == 3055
    assert ("03703", "area_ha", 3055, None) in told(load(register, SON_LA).corrected)
    assert Unit.objects.by_code("03703", REFORM).area_ha is None


def test_phu_tan_goes_whole_to_phu_huu(register):
    load(first_edition(register), CAN_THO)
    phu_tan = Unit.objects.by_code("31379", date(2025, 6, 30))
    assert Lineage.objects.on_map_of(NEW).get(origin=phu_tan, share=WHOLE).heir.name == "Thuận Hòa"
    found = told(load(register, CAN_THO).corrected)
    was = "Xã Thuận Hòa (31582) 100 %; Xã Phú Hữu (31378) 0 %"
    assert ("31379", SUCCESSORS, was, "Xã Phú Hữu (31378) 100 %") in found
    row = Lineage.objects.on_map_of(NEW).get(origin=phu_tan)
    assert (row.heir.name, row.share, row.estimated) == ("Phú Hữu", WHOLE, False)
    assert [unit.name for unit in Unit.objects.successors_of(phu_tan)] == ["Phú Hữu"]


def test_the_journal_says_who_corrected_what_from_what_and_why(register):
    load(first_edition(register), CAN_THO)
    load(register, CAN_THO)
    phu_tan = Unit.objects.by_code("31379", date(2025, 6, 30))
    entry = JournalEntry.objects.get(action="gazetteer.corrected", subject_id=str(phu_tan.pk))
    assert entry.actor_name == str(COMMAND_LINE)
    assert "Thuận Hòa (31582) 100 %" in entry.before[SUCCESSORS]
    assert entry.after == {SUCCESSORS: "Xã Phú Hữu (31378) 100 %"}
    assert "vietnam-provinces 2026.9.0" in entry.why


def test_a_second_load_changes_nothing_and_leaves_no_trace(register):
    load(first_edition(register), CAN_THO)
    load(register, CAN_THO)
    before, entries = contents(), JournalEntry.objects.count()
    assert load(register, CAN_THO).changed_nothing
    assert (contents(), JournalEntry.objects.count()) == (before, entries)


def test_a_name_that_somebody_changed_on_purpose_is_kept_and_said(register):
    load(first_edition(register), SON_LA)
    unit = Unit.objects.by_code("03742", date(2025, 6, 30))
    rename_unit(unit=unit, name="E Tòng", full_name="Xã E Tòng", actor=COMMAND_LINE)
    loaded = load(register, SON_LA)
    assert told(loaded.kept) == {
        ("03742", "name", "E Tòng", "É Tòng"),
        ("03742", "full_name", "Xã E Tòng", "Xã É Tòng"),
    }
    assert "03742" not in {one.unit.code for one in loaded.corrected}
    assert Unit.objects.get(pk=unit.pk).full_name == "Xã E Tòng"


def test_shares_that_somebody_gave_are_kept_and_said(register):
    load(first_edition(register), CAN_THO)
    phu_tan = Unit.objects.by_code("31379", date(2025, 6, 30))
    heirs = Succession.objects.filter(predecessor=phu_tan)
    heirs.filter(main=True).update(share=700_000, basis="population")
    heirs.filter(main=False).update(share=300_000, basis="population")
    rebuild_lineage()
    loaded = load(register, CAN_THO)
    [kept] = loaded.kept
    assert (kept.unit, kept.field) == (phu_tan, SUCCESSORS)
    assert kept.was == "Xã Thuận Hòa (31582) 70 %; Xã Phú Hữu (31378) 30 %"
    assert sorted(heirs.values_list("share", flat=True)) == [300_000, 700_000]
