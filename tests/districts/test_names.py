"""From what people type to units, step by step, and never further than is certain."""

import unicodedata
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.actions import confirm_alias, rename_unit
from districts.models import Unit
from districts.months import Month
from districts.names import UnitNames, is_total_row, match_unit
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OLD, NEW = Month.of(2025, 2), Month.of(2025, 7)


@pytest.fixture
def old(son_la) -> UnitNames:
    return UnitNames(OLD, son_la)


@pytest.fixture
def new(son_la) -> UnitNames:
    return UnitNames(NEW, son_la)


def codes(units) -> list[str]:
    return [unit.code for unit in units]


# --- certain -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Xã Hua La", "03676"),
        ("Hua La", "03676"),
        ("  xã  HUA\u00a0LA ", "03676"),
        ("X. Hua La", "03676"),
        ("UBND xã Hua La", "03676"),
        ("P. Tô Hiệu", "03649"),
        ("TT Hát Lót", "04105"),
        ("Xã Hát Lót", "04135"),
        (unicodedata.normalize("NFD", "Huyện Quỳnh Nhai"), "118"),
        ("BHXH huyện Mai Sơn", "125"),
        ("TX Mộc Châu", "123"),
        ("TP. Sơn La", "116"),
        ("Tỉnh Sơn La", "14"),
        ("Xã Liên Hoà", "04009"),
        ("xã mường é", "03727"),
        ("Chiềng Chung, H. Mai Sơn", "04129"),
        ("Xã Chiềng Chung (TX Mộc Châu)", "04015"),
        ("Xã Chiềng Chung - Mai Sơn, tỉnh Sơn La", "04129"),
        ("03646", "03646"),
        ("3646", "03646"),
        ("116", "116"),
        ("14", "14"),
    ],
)
def test_a_name_is_found_however_it_is_written(old, typed, code):
    found = old.match(typed)
    assert found.certain, found.problem
    assert found.unit.code == code
    assert found.unit.in_force_on(OLD.first_day)


def test_the_office_of_the_province_is_found_by_name_and_not_by_code(old):
    assert old.match("Cấp tỉnh").unit.tier == "office"
    assert old.match("", "14").unit.tier == "province"


@pytest.mark.parametrize(
    ("code", "text"), [("03646", "Phường Tô Hiệu"), ("3646", "tô hiệu"), ("3646", "")]
)
def test_a_code_without_its_zeros_is_found_if_the_name_agrees(new, code, text):
    assert new.match(text, code).unit.full_name == "Phường Tô Hiệu"


def test_a_name_means_the_unit_of_the_month_asked_about(old, new):
    assert old.match("Phường Tô Hiệu").unit.code == "03649"
    assert new.match("Phường Tô Hiệu").unit.code == "03646"


def test_a_parent_or_a_tier_decides_between_homonyms(old, son_la):
    mai_son = old.match("Huyện Mai Sơn").unit
    assert old.match("Xã Chiềng Chung").reason == "ambiguous"
    assert old.match("Xã Chiềng Chung", parent=mai_son).unit.code == "04129"
    assert old.match("Thuận Châu").reason == "ambiguous"
    assert old.match("Thuận Châu", tier="district").unit.code == "119"
    assert match_unit("Chiềng Chung", within=mai_son, month=OLD).unit.code == "04129"


# --- uncertain -----------------------------------------------------------------------------------


def test_homonyms_are_listed_with_their_parents_and_not_decided(old):
    found = old.match("Xã Chiềng Chung")
    assert not found.certain
    assert codes(found.candidates) == ["04015", "04129"]
    assert "Huyện Mai Sơn" in found.problem
    assert "Thị xã Mộc Châu" in found.problem
    assert codes(old.match("Hát Lót").candidates) == ["04105", "04135"]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("Xã Muong Sai", {"03709", "04213"}),
        ("Mường Xại", {"03709"}),
        ("Xã Nậm Ét", {"03712"}),
        ("Xã Noong Lay", {"03754"}),
        ("Huyện Mộc Châu", {"123"}),
    ],
)
def test_what_is_only_alike_is_suggested_and_never_decided(old, typed, suggested):
    found = old.match(typed)
    assert found.unit is None
    assert found.reason == "unknown_name"
    assert suggested <= set(codes(found.candidates))
    assert "Did you mean" in found.problem


def test_names_that_differ_by_one_accent_are_different_units(old):
    assert old.match("Xã Mường Sai").unit.code == "04213"
    assert old.match("Xã Mường Sại").unit.code == "03709"


def test_a_code_and_a_name_that_disagree_stop(new):
    found = new.match("Phường Chiềng Lề", "03646")
    assert (found.unit, found.reason) == (None, "code_and_name")
    assert "Phường Tô Hiệu" in found.problem
    assert "Phường Chiềng Lề" in found.problem


def test_an_unknown_code_stops_even_if_the_name_is_known(old):
    found = old.match("Xã Hua La", "99999")
    assert (found.unit, found.reason) == (None, "unknown_code")
    assert codes(found.candidates) == ["03676"]


def test_a_name_of_an_earlier_map_is_told_with_its_last_day_and_its_heir(new):
    found = new.match("Phường Chiềng Lề")
    assert (found.unit, found.reason) == (None, "not_in_force")
    assert "no longer in force since 01/07/2025" in found.problem
    assert codes(found.candidates) == ["03646"]
    assert new.match("Huyện Mai Sơn").reason == "not_in_force"
    assert new.match("", "116").reason == "not_in_force"


def test_a_name_of_a_later_map_is_told_with_its_first_day(old):
    found = old.match("Phường Mộc Châu")
    assert (found.unit, found.reason) == (None, "not_in_force")
    assert "from 01/07/2025 on" in found.problem


def test_a_unit_of_another_district_is_told_so(son_la):
    names = UnitNames(OLD, Unit.objects.by_code("125", OLD.first_day))
    found = names.match("Xã Chiềng On")
    assert (found.unit, found.reason) == (None, "not_below")
    assert "Huyện Yên Châu" in found.problem


def test_nothing_at_all_is_no_name(old):
    for text in ("", " \u200b", None):
        assert old.match(text).reason == "no_name"


def test_an_old_font_is_recognised_with_advice(old):
    assert "Unicode" in old.match("X· M­êng Bó").problem


def test_a_name_nobody_has_is_not_guessed(old):
    found = old.match("Thành phố Hồ Chí Minh")
    assert (found.unit, list(found.candidates)) == (None, [])


# --- confirmed spellings -------------------------------------------------------------------------


def test_a_confirmed_spelling_is_certain_from_then_on(son_la, officer):
    unit = Unit.objects.by_code("03712", OLD.first_day)
    alias = confirm_alias(unit=unit, name=" Xã Nậm  Ét ", actor=officer, on=date(2025, 3, 1))
    assert (alias.name, alias.confirmed_by) == ("Xã Nậm Ét", str(officer))
    assert UnitNames(OLD, son_la).match("X. Nậm Ét").unit == unit
    assert UnitNames(OLD, son_la).match("Nậm Ét").unit is None


def test_confirming_twice_keeps_the_first_and_one_journal_entry(son_la):
    unit = Unit.objects.by_code("03712", OLD.first_day)
    for name in ("Xã Nậm Ét", "xã NẬM ÉT"):
        confirm_alias(unit=unit, name=name, actor=COMMAND_LINE, on=date(2025, 3, 1))
    assert [alias.name for alias in unit.aliases.all()] == ["Xã Nậm Ét"]
    assert JournalEntry.objects.filter(action="alias.confirmed").count() == 1


def test_a_confirmed_spelling_never_beats_an_official_name(son_la):
    unit = Unit.objects.by_code("04213", OLD.first_day)
    confirm_alias(unit=unit, name="Xã Mường Sại", actor=COMMAND_LINE, on=date(2025, 3, 1))
    assert UnitNames(OLD, son_la).match("Xã Mường Sại").unit.code == "03709"


def test_a_blank_spelling_is_refused(province):
    with pytest.raises(ValueError, match="blank"):
        confirm_alias(unit=province, name=" - ", actor=COMMAND_LINE, on=date(2025, 3, 1))


def test_a_corrected_name_is_found_under_its_new_spelling(province):
    unit = builders.by_code("99001")
    rename_unit(unit=unit, name="Ao Súng", full_name="Xã Ao Súng", actor=COMMAND_LINE)
    names = UnitNames(OLD, province)
    assert names.match("X. Ao Súng").unit == unit
    assert names.match("Xã Ao Sen").unit is None


# --- rows that are no units, and cost ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Toàn tỉnh",
        "TOÀN TỈNH",
        "Toàn huyện",
        "Toàn thành phố Sơn La",
        "Tổng cộng",
        "Tổng cộng:",
        "Tổng số",
        "Tổng",
        "Cộng",
        "CỘNG TOÀN TỈNH",
        "Tong cong",
        "Cả tỉnh",
    ],
)
def test_rows_of_totals_are_recognised(text):
    assert is_total_row(text)


@pytest.mark.parametrize("text", ["Xã Tông Cọ", "Cộng Hòa", "Xã Toàn Thắng", "Tổng hợp", "", "Ca"])
def test_units_and_words_are_no_totals(text):
    assert not is_total_row(text)


def test_a_thousand_names_cost_as_many_queries_as_one(son_la):
    with CaptureQueriesContext(connection) as queries:
        names = UnitNames(NEW, son_la)
        for unit in Unit.objects.filter(tier="commune"):
            names.match(unit.full_name)
    this_loop, heirs = 1, 1
    assert len(queries) == 3 + this_loop + heirs
