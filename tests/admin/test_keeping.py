"""What the standing officer keeps by hand: each form writes through an action and the journal."""

from datetime import date

import pytest
from django.urls import reverse

from commitments.models import Indicator, Period, ReviewLevel, Rule, Total
from districts.models import WHOLE, Alias, Reorganisation, Succession, TilePosition, Unit
from districts.months import FOREVER, Month
from steering.accounts.models import JournalEntry, User
from steering.committee.models import Committee, Membership
from tests import builders

from .conftest import JANUARY, page, told

PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def journal(action: str) -> JournalEntry:
    return JournalEntry.objects.get(action=action)


def errors(answer) -> str:
    assert answer.status_code == 200, "the form was accepted"
    return str(answer.context["adminform"].form.errors)


# --- accounts ------------------------------------------------------------------------------------


def test_an_account_is_opened_and_journaled_without_its_password(world, client, officer):
    data = {
        "username": "lan", "name": "Lò Thị Lan", "post": "Cán bộ", "is_staff": "on",
        "password1": PASSWORD, "password2": PASSWORD,
    }  # fmt: skip
    assert client.post(page("accounts.user", "add"), data).status_code == 302
    made = User.objects.get(username="lan")
    assert (made.name, made.is_staff, made.is_superuser) == ("Lò Thị Lan", True, False)
    assert made.check_password(PASSWORD)
    entry = journal("user.added")
    assert (entry.actor, entry.subject_id) == (officer, str(made.pk))
    assert entry.after == {
        "username": "lan", "name": "Lò Thị Lan", "post": "Cán bộ", "is_staff": True,
    }  # fmt: skip


def test_a_changed_account_keeps_before_and_after(world, client, newcomer):
    data = {"username": "newcomer", "name": "Vì Văn Em", "is_active": "on"}
    client.post(page("accounts.user", "change", newcomer.pk), data)
    entry = journal("user.changed")
    assert entry.before == {"name": "", "is_staff": True}
    assert entry.after == {"name": "Vì Văn Em", "is_staff": False}


def test_nobody_becomes_a_superuser_through_the_form(world, client, newcomer):
    data = {"username": "newcomer", "is_active": "on", "is_superuser": "on"}
    client.post(page("accounts.user", "change", newcomer.pk), data)
    newcomer.refresh_from_db()
    assert not newcomer.is_superuser


def test_a_new_password_is_journaled_but_not_shown(world, client, newcomer):
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[newcomer.pk]), data)
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)
    entry = journal("user.password_set")
    assert (entry.before, entry.after) == (None, None)


# --- committees ----------------------------------------------------------------------------------


def test_a_committee_is_founded_once(world, client):
    unit = world.communes[3]
    client.post(page("committee.committee", "add"), {"unit": unit.pk, "name": ""})
    assert unit.full_name in Committee.objects.get(unit=unit).name
    assert "99004" in errors(client.post(page("committee.committee", "add"), {"unit": unit.pk}))


def test_a_member_is_seated_and_unseated_through_the_actions(world, client, newcomer):
    committee = builders.committee(world.communes[1])
    data = {
        "committee": committee.pk, "user": newcomer.pk, "role": "officer", "since": "01/02/2024",
        "why": "Thay người",
    }  # fmt: skip
    assert client.post(page("committee.membership", "add"), data).status_code == 302
    seat = Membership.objects.get(user=newcomer)
    assert (seat.since, seat.until) == (date(2024, 2, 1), None)
    assert journal("seat_member").why == "Thay người"
    client.post(page("committee.membership", "change", seat.pk), {"until": "01/03/2024"})
    seat.refresh_from_db()
    assert seat.until == date(2024, 3, 1)
    assert journal("unseat_member").before["until"] is None


def test_a_seat_that_cannot_be_is_refused_in_the_form_and_nothing_is_written(
    world, client, commune_officer
):
    seat = commune_officer.memberships.get()
    data = {
        "committee": seat.committee.pk, "user": commune_officer.pk, "role": "officer",
        "since": "2024-02-01",
    }  # fmt: skip
    before = Membership.objects.count()
    assert errors(client.post(page("committee.membership", "add"), data))
    address = page("committee.membership", "change", seat.pk)
    assert "01/01/2020" in errors(client.post(address, {"until": "31/12/2019"}))
    seat.refresh_from_db()
    assert (seat.until, Membership.objects.count()) == (None, before)
    assert not JournalEntry.objects.filter(action__contains="seat").exists()


def test_a_member_cannot_be_seated_out_of_reach(world, client, newcomer):
    elsewhere = builders.unit("98", "Núi Xa", tier="province")
    builders.rebuild_map()
    data = {
        "committee": builders.committee(elsewhere).pk, "user": newcomer.pk, "role": "auditor",
        "since": "2024-02-01",
    }  # fmt: skip
    assert errors(client.post(page("committee.membership", "add"), data))
    assert not Membership.objects.filter(user=newcomer).exists()


def test_a_seat_is_never_deleted(world, client, commune_officer):
    seat = commune_officer.memberships.get()
    assert (
        client.post(page("committee.membership", "delete", seat.pk), {"post": "yes"}).status_code
        == 403
    )
    assert Membership.objects.filter(pk=seat.pk).exists()


# --- units ---------------------------------------------------------------------------------------


def test_a_units_spelling_is_corrected_with_its_keys(world, client):
    unit = world.communes[0]
    data = {"name": "Ao Sến", "full_name": "Xã Ao Sến", "code": "1", "why": "Theo Nghị quyết"}
    client.post(page("districts.unit", "change", unit.pk), data)
    unit.refresh_from_db()
    assert (unit.name, unit.code, unit.search_key) == ("Ao Sến", "99001", "xa ao sen")
    assert journal("unit.renamed").before == {"name": "Ao Sen", "full_name": "Xã Ao Sen"}


def test_units_are_neither_added_nor_deleted_by_hand(world, client):
    unit = world.communes[0]
    assert client.get(page("districts.unit", "add")).status_code == 403
    assert (
        client.post(page("districts.unit", "delete", unit.pk), {"post": "yes"}).status_code == 403
    )


def test_a_spelling_is_confirmed_and_taken_back(world, client):
    client.post(page("districts.alias", "add"), {"unit": world.communes[0].pk, "name": "Ao  Sẽn"})
    alias = Alias.objects.get()
    assert (alias.name, alias.confirmed_by) == ("Ao Sẽn", "officer")
    client.post(page("districts.alias", "delete", alias.pk), {"post": "yes"})
    assert not Alias.objects.exists()
    assert journal("alias.deleted").before["name"] == "Ao Sẽn"


@pytest.fixture
def elsewhere(world, officer):
    """A commune of another province, in whose committee the officer only looks."""
    other = builders.unit("98", "Núi Xa", tier="province")
    unit = builders.unit("98001", "Núi Đá", parent=other)
    builders.rebuild_map()
    builders.seat(officer, "auditor", other)
    return unit


def test_units_of_another_province_are_not_ones_own_to_spell_or_place(elsewhere, client):
    spelt = client.post(page("districts.alias", "add"), {"unit": elsewhere.pk, "name": "Đá"})
    assert "unit" in spelt.context["adminform"].form.errors
    data = {"unit": elsewhere.pk, "since": "01/01/2020", "row": 2, "column": 3}
    placed = client.post(page("districts.tileposition", "add"), data)
    assert "unit" in placed.context["adminform"].form.errors
    names = {"name": "Khác", "full_name": "Xã Khác"}
    client.post(page("districts.unit", "change", elsewhere.pk), names)
    elsewhere.refresh_from_db()
    assert elsewhere.name == "Núi Đá"
    assert not Alias.objects.exists() and not TilePosition.objects.exists()


def test_a_place_on_the_tile_map_is_kept_with_the_journal(world, client):
    data = {"unit": world.communes[0].pk, "since": "01/01/2020", "row": 2, "column": 3}
    client.post(page("districts.tileposition", "add"), data)
    tile = TilePosition.objects.get()
    client.post(page("districts.tileposition", "change", tile.pk), data | {"column": 4})
    entry = journal("tileposition.changed")
    assert (entry.before, entry.after) == ({"column": 3}, {"column": 4})


def merger(world, **changes) -> dict:
    return {
        "name": "Sáp nhập hai xã", "legal_basis": "Nghị quyết minh họa",
        "effective_on": "01/02/2024", "ended": [unit.pk for unit in world.communes[3:]],
        "code": "99010", "kind": "rural_commune", "unit_name": "Xanh Mây",
        "full_name": "Xã Xanh Mây", "parent": builders.by_code("902").pk, **changes,
    }  # fmt: skip


def test_a_merger_is_drafted_applied_and_reverted_with_its_totals(empty_world, client):
    world = empty_world
    world.report(world.communes[3], JANUARY, approve=True, HI=700)
    assert client.post(page("districts.reorganisation", "add"), merger(world)).status_code == 302
    draft = Reorganisation.objects.get()
    assert draft.state == "draft"
    assert set(draft.successions.values_list("predecessor__code", "share")) == {
        ("99004", WHOLE), ("99005", WHOLE),
    }  # fmt: skip
    chosen = {"_selected_action": [draft.pk]}
    answer = client.post(
        page("districts.reorganisation"), chosen | {"action": "apply"}, follow=True
    )
    assert "Sáp nhập hai xã" in told(answer)
    begun = Unit.objects.get(code="99010")
    assert begun.established_on == date(2024, 2, 1)
    assert world.communes[3].lineages.filter(heir=begun, share=WHOLE).exists()
    world.report(begun, JANUARY + 1, approve=True, HI=900)
    assert Total.objects.get(node__code="902", month=JANUARY + 1).approved == 900
    reverting = chosen | {"action": "revert", "why": "Thử nghiệm"}
    refused = client.post(page("districts.reorganisation"), reverting, follow=True)
    assert "Xã Xanh Mây" in told(refused)
    draft.refresh_from_db()
    assert draft.state == "applied"


def test_a_change_of_the_map_is_reverted_with_a_reason(empty_world, client):
    client.post(page("districts.reorganisation", "add"), merger(empty_world))
    draft = Reorganisation.objects.get()
    chosen = {"_selected_action": [draft.pk]}
    client.post(page("districts.reorganisation"), chosen | {"action": "apply"})
    asked = client.post(page("districts.reorganisation"), chosen | {"action": "revert"})
    assert "why" in asked.context["form"].fields
    draft.refresh_from_db()
    assert draft.state == "applied"
    client.post(page("districts.reorganisation"), chosen | {"action": "revert", "why": "Nhầm"})
    draft.refresh_from_db()
    assert draft.state == "reverted"
    assert Unit.objects.get(code="99005").abolished_on is None


def test_a_merger_that_cannot_be_is_refused_in_the_form(empty_world, client):
    data = merger(empty_world, code="99001", full_name="")
    answer = client.post(page("districts.reorganisation", "add"), data)
    assert "full_name" in answer.context["adminform"].form.errors
    answer = client.post(page("districts.reorganisation", "add"), merger(empty_world, code="99001"))
    assert "99001" in errors(answer)
    assert not Reorganisation.objects.exists() and not Succession.objects.exists()


# --- catalogue -----------------------------------------------------------------------------------


def test_an_indicators_words_and_bound_may_change_but_not_its_meaning(world, client, catalogue):
    insured = catalogue["HI"]
    data = {
        "name_vi": "Số người tham gia BHYT", "name_en": "HI participants", "group": "health",
        "unit_of_measure": "person", "direction": "up", "maximum": "5000000", "position": "2",
        "main": "on", "kind": "flow", "code": "X", "since": "", "until": "2030-01",
    }  # fmt: skip
    answer = client.post(page("commitments.indicator", "change", insured.pk), data)
    assert answer.status_code == 302
    insured.refresh_from_db()
    assert (insured.code, insured.kind) == ("HI", "stock")
    assert (insured.maximum, insured.until, insured.since) == (5_000_000, Month.of(2030, 1), 0)
    entry = journal("indicator.changed")
    assert entry.after["until"] == "2030-01"
    assert entry.before["maximum"] == 10_000_000


def test_a_new_indicator_is_added_with_its_parts(world, client, catalogue):
    data = {
        "code": "BOTH", "name_vi": "Tổng", "name_en": "Both", "group": "overall", "kind": "sum",
        "unit_of_measure": "person", "decimals": "0", "direction": "up", "position": "9",
        "parts": [catalogue["HI"].pk, catalogue["SI_V"].pk], "since": "", "until": "",
    }  # fmt: skip
    assert client.post(page("commitments.indicator", "add"), data).status_code == 302
    made = Indicator.objects.get(code="BOTH")
    assert (made.since, made.until) == (0, FOREVER)
    assert {part.code for part in made.parts.all()} == {"HI", "SI_V"}
    assert len(journal("indicator.added").after["parts"]) == 2


def test_an_indicator_that_contradicts_itself_is_refused(world, client):
    data = {
        "code": "BAD", "name_vi": "Sai", "name_en": "Bad", "group": "health", "kind": "stock",
        "unit_of_measure": "person", "decimals": "0", "direction": "up", "position": "9",
        "entered_at": "commune", "frequency": "monthly", "since": "13/2024", "until": "",
    }  # fmt: skip
    answer = client.post(page("commitments.indicator", "add"), data)
    assert "13/2024" in errors(answer)
    assert errors(client.post(page("commitments.indicator", "add"), data | {"since": ""}))
    assert not Indicator.objects.filter(code="BAD").exists()


def test_rules_and_review_levels_are_kept_with_the_journal(world, client, catalogue):
    rule = Rule.objects.get(code="HI_JUMP")
    data = {
        "code": "HI_JUMP", "kind": "change", "severity": "inform", "indicator": catalogue["HI"].pk,
        "percent": "15", "least": "10",
    }  # fmt: skip
    client.post(page("commitments.rule", "change", rule.pk), data)
    assert journal("rule.changed").after == {"severity": "inform", "percent": 15}
    client.post(page("commitments.reviewlevel", "add"), {"tier": "commune", "since": "2026-01"})
    level = ReviewLevel.objects.get(tier="commune")
    assert (level.since, level.until) == (Month.of(2026, 1), FOREVER)
    assert journal("reviewlevel.added").after["since"] == "2026-01"


# --- periods -------------------------------------------------------------------------------------


def test_a_month_is_opened_with_its_dates(world, client):
    data = {
        "unit": world.province.pk, "month": "2024-02", "due_on": "07/03/2024",
        "closes_on": "20/03/2024",
    }  # fmt: skip
    client.post(page("commitments.period", "add"), data)
    period = Period.objects.get(month=Month.of(2024, 2))
    assert (period.due_on, period.closes_on) == (date(2024, 3, 7), date(2024, 3, 20))
    address = page("commitments.period", "change", period.pk)
    wrong = client.post(address, {"due_on": "01/02/2024", "closes_on": "20/03/2024"})
    assert "29/02/2024" in errors(wrong)
    client.post(address, {"due_on": "08/03/2024", "closes_on": "21/03/2024"})
    period.refresh_from_db()
    assert period.closes_on == date(2024, 3, 21)


def test_months_with_communes_missing_are_closed_and_others_reopened_with_a_reason(world, client):
    period = Period.objects.get(month=JANUARY)
    chosen = {"_selected_action": [period.pk]}
    asked = client.post(page("commitments.period"), chosen | {"action": "close"})
    assert "01/2024: Xã Ao Sen, Xã Cầu Tre" in asked.content.decode()
    period.refresh_from_db()
    assert not period.is_closed
    done = client.post(
        page("commitments.period"), chosen | {"action": "close", "why": "Hội nghị"}, follow=True
    )
    assert "01/2024" in told(done) and "2024-01" not in told(done)
    period.refresh_from_db()
    assert period.is_closed
    again = client.post(page("commitments.period"), chosen | {"action": "close"}, follow=True)
    assert "01/2024" in told(again)
    asked = client.post(page("commitments.period"), chosen | {"action": "reopen"})
    assert list(asked.context["rows"]) == [period]
    client.post(page("commitments.period"), chosen | {"action": "reopen", "why": " "})
    period.refresh_from_db()
    assert period.is_closed
    client.post(page("commitments.period"), chosen | {"action": "reopen", "why": "Sót một xã"})
    period.refresh_from_db()
    assert not period.is_closed
    assert period.events.last().why == "Sót một xã"


def test_who_may_not_close_months_is_offered_no_action(world, auditor, signed_in):
    period = Period.objects.get(month=JANUARY)
    data = {"action": "close", "_selected_action": [period.pk]}
    signed_in(auditor).post(page("commitments.period"), data)
    period.refresh_from_db()
    assert not period.is_closed
