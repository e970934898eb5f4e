"""The gazetteer taken over where the first edition was loaded and counts, targets, seats stand."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from commitments.actions.reference.gazetteer import take_over_gazetteer
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period
from commitments.management.commands.load_gazetteer import Command
from commitments.models import Count, Period, Total
from commitments.totals import verify_totals
from districts.actions import load_gazetteer
from districts.gazetteer.register import Register, read_register
from districts.models import Placement, Unit
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.models import Committee
from steering.committee.roles import Role
from tests import builders
from tests.districts.earlier import first_edition

pytestmark = pytest.mark.django_db

MAY, JULY = Month.of(2025, 5), Month.of(2025, 7)
OLD_MAP, NEW_MAP = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 1, 10)


@pytest.fixture(scope="module")
def register() -> Register:
    """The provinces of Sơn La and of Cần Thơ, with whom it merged."""
    return read_register().around(["14", "92"])


@pytest.fixture
def installed(db, register, catalogue) -> dict[str, Unit]:
    """The first edition, with 100 insured in Phú Tân, 10 and 1 in the communes beside it in May."""
    load_gazetteer(register=first_edition(register), actor=COMMAND_LINE)
    units = {code: builders.by_code(code, OLD_MAP) for code in ("31379", "31378", "31582")}
    numbers = dict(zip(units, (100, 10, 1), strict=True))
    record_counts(
        entries=[
            Entry(MAY, units[code].pk, catalogue["HI"].pk, number)
            for code, number in numbers.items()
        ],
        actor=COMMAND_LINE,
        on=TODAY,
        approve=True,
    )
    return units


def insured(code: str, catalogue) -> tuple[int | None, bool]:
    """What a commune of the new map had in May: the number, and whether it is estimated."""
    unit = builders.by_code(code, NEW_MAP)
    [figure] = figures_for(unit=unit, month=MAY, indicators=[catalogue["HI"]], on_map=NEW_MAP)
    return figure.reported_value, figure.estimated


def stored() -> tuple[set, set]:
    return set(Count.objects.values_list()), set(Total.objects.values_list())


def test_counts_of_phu_tan_go_to_phu_huu_on_the_new_map(register, installed, catalogue):
    assert insured("31378", catalogue) == (10, True)
    assert insured("31582", catalogue) == (101, True)
    take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert insured("31378", catalogue) == (110, False)
    assert insured("31582", catalogue) == (1, False)


def test_counts_and_totals_on_their_own_map_stay_as_they_are(register, installed, catalogue):
    before = stored()
    taken = take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert (stored(), taken.totals) == (before, 0)
    assert verify_totals().wrong == []


def test_a_closed_month_stays_closed_with_its_totals(register, installed, catalogue):
    province = Unit.objects.province_of(installed["31379"], MAY)
    close_period(unit=province, month=MAY, actor=COMMAND_LINE, on=TODAY)
    before = stored()
    take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert stored() == before
    assert Period.objects.get(unit=province, month=MAY).is_closed
    assert insured("31378", catalogue) == (110, False)


def test_totals_follow_where_a_unit_stands_again_below_its_parent(register, installed, catalogue):
    lost = installed["31379"]
    Placement.objects.filter(unit=lost).delete()
    builders.rebuild_map()
    verify_totals(repair=True)
    taken = take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert taken.totals == 2  # its district and its province
    assert verify_totals().wrong == []
    province = Unit.objects.province_of(lost, MAY)
    assert Total.objects.get(node=province, month=MAY, indicator=catalogue["HI"]).reported == 110


def test_all_of_it_is_undone_if_any_of_it_fails(register, installed, monkeypatch):
    names = set(Unit.objects.values_list("full_name", flat=True))

    def fail(**given):
        raise RuntimeError("the last step failed")

    monkeypatch.setattr("commitments.actions.reference.gazetteer.respell_committees", fail)
    entries = JournalEntry.objects.count()
    with pytest.raises(RuntimeError):
        take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert set(Unit.objects.values_list("full_name", flat=True)) == names
    assert JournalEntry.objects.count() == entries


def test_a_committee_is_named_after_its_unit_as_it_is_spelt(register, installed):
    unit = builders.by_code("03727", OLD_MAP)
    builders.seated("officer-of-muong-e", Role.OFFICER, unit)
    Committee.objects.update(name="Ban Chỉ đạo xã Mường é")
    taken = take_over_gazetteer(register=register, actor=COMMAND_LINE)
    assert taken.committees == 1
    assert Committee.objects.get().name == "Ban Chỉ đạo xã Mường É"
    entry = JournalEntry.objects.get(action="committee.renamed")
    assert (entry.before, entry.after) == (
        {"name": "Ban Chỉ đạo xã Mường é"}, {"name": "Ban Chỉ đạo xã Mường É"},
    )  # fmt: skip


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def answer(capsys):
    def answer(*arguments: str) -> dict:
        call_command("load_gazetteer", *arguments, "--format", "json")
        return json.loads(capsys.readouterr().out)

    return answer


def test_the_command_says_what_it_corrected_and_a_second_time_nothing(installed, answer):
    first = answer("--province", "92")
    [phu_tan] = [one for one in first["corrected"] if one["unit"] == "31379"]
    assert phu_tan == {
        "unit": "31379",
        "name": "Xã Phú Tân",
        "field": "successors",
        "was": "Xã Thuận Hòa (31582) 100 %; Xã Phú Hữu (31378) 0 %",
        "is": "Xã Phú Hữu (31378) 100 %",
    }
    assert (first["ok"], first["units"], first["kept"]) == (True, 0, [])
    assert first["lineage"] > 0
    again = answer("--province", "92")
    assert {key for key, value in again.items() if value} == {"ok"}


def test_the_command_tells_people_what_it_corrected_and_what_it_kept(
    installed, capsys, english, register
):
    Unit.objects.filter(code="03742", abolished_on=NEW_MAP).update(full_name="Xã E Tòng")
    call_command("load_gazetteer", "--province", "14")
    lines = capsys.readouterr().out.splitlines()
    assert "  03727 Xã Mường É, name: Mường é; is: Mường É" in lines
    assert "  03703 Xã Quỳnh Nhai, area (ha): 3055; is: –" in lines
    assert "  03742 Xã E Tòng, full name: Xã E Tòng; the gazetteer says: Xã É Tòng" in lines


def test_the_command_answers_scripts_with_one_object(db, answer):
    first = answer("--province", "14")
    assert (first["ok"], first["units"], first["successions"]) == (True, 282, 193)
    again = answer("--province", "14")
    assert {key for key, value in again.items() if value} == {"ok"}


def test_the_command_tells_people_that_nothing_changed(db, answer, capsys, english):
    answer("--province", "14")
    call_command("load_gazetteer", "--province", "14")
    assert "nothing changed" in capsys.readouterr().out


def test_the_command_refuses_an_unknown_province(db, capsys):
    with pytest.raises(SystemExit) as exit_:
        call_command("load_gazetteer", "--province", "13", "--format", "json")
    assert exit_.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    [error] = answer["errors"]
    assert (error["code"], error["read"], error["sheet"]) == ("unknown_province", "13", None)
    assert not Unit.objects.exists()


@pytest.mark.parametrize("arguments", [[], ["--province"], ["--all", "--province", "14"]])
def test_wrong_arguments_are_status_two(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        Command().run_from_argv(["manage.py", "load_gazetteer", *arguments])
    assert exit_.value.code == 2
    assert "usage" in capsys.readouterr().err
