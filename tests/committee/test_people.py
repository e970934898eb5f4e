"""The page of people: whoever seats members works here, everybody else is told who does."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed, may
from steering.committee.actions import move_member, reset_second_factor, seat_member
from steering.committee.models import Membership
from steering.committee.people import whom_to_ask
from steering.committee.roles import Permission, Role
from tests import builders
from tests.builders import by_code

TODAY = date(2025, 3, 15)
CAST = ["leader", "auditor", "chair", "commune_officer", "outsider"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2025, 3, 15, 9, 0), tick=False):
        yield


@pytest.fixture
def keeper(client, officer) -> Client:
    """A browser in which the standing officer is signed in, in English."""
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


def with_device(user):
    TOTPDevice.objects.create(user=user, name="telephone", confirmed=True)
    return user


def pages_about(seat: Membership) -> list[str]:
    """Every address of the page of people, about the holder of one seat."""
    username = seat.user.username
    return [
        reverse("committee:people"),
        reverse("committee:seat", args=[username]),
        reverse("committee:reset_second_factor", args=[username]),
        reverse("committee:move", args=[seat.pk]),
        reverse("committee:end", args=[seat.pk]),
    ]


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CAST)
def test_nobody_else_opens_or_sends_anything_here(request, client, officer, who):
    seat = builders.seated("somebody", Role.CHAIR, by_code("902")).memberships.get()
    client.force_login(request.getfixturevalue(who))
    before = list(Membership.objects.values_list("pk", "until"))
    for address in pages_about(seat):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"until": "2025-03-15"}).status_code in (403, 405), address
    assert list(Membership.objects.values_list("pk", "until")) == before
    assert not JournalEntry.objects.exists()


def test_the_refusal_names_the_role_that_may(client, leader):
    client.force_login(leader)
    client.cookies["django_language"] = "en"
    assert "Standing officer" in text(client.get(reverse("committee:people")))


def test_whoever_is_not_signed_in_is_led_to_the_way_in(client, officer):
    for address in pages_about(officer.memberships.get()):
        assert client.get(address).url.startswith(reverse("accounts:login"))


def test_a_keeper_of_one_province_does_not_reach_another(keeper):
    elsewhere = builders.unit("98", "Xa Lắc", tier="province")
    builders.rebuild_map()
    seat = builders.seated("faraway", Role.LEADER, elsewhere).memberships.get()
    listed = text(keeper.get(reverse("committee:people")))
    assert "faraway" not in listed
    _, of_person, reset, move, end = pages_about(seat)
    assert {keeper.get(address).status_code for address in (of_person, reset)} == {404}
    assert {keeper.get(address).status_code for address in (move, end)} == {403}


OFFICES = ["officer_of_the_commune", "officer_of_another_province", "colleague"]
"""Who did not open the account that is asked about, and answers for nobody who did."""


@pytest.fixture
def officer_of_the_commune(province):
    return builders.seated("of-99001", Role.STANDING_OFFICER, by_code("99001"))


@pytest.fixture
def officer_of_another_province(province):
    elsewhere = builders.unit("98", "Xa Lắc", tier="province")
    builders.rebuild_map()
    return builders.seated("of-98", Role.STANDING_OFFICER, elsewhere)


@pytest.fixture
def colleague(province):
    """A second standing officer in the commune of the first."""
    return builders.seated("also-of-99001", Role.STANDING_OFFICER, by_code("99001"))


def reach_of(client: Client, keeper, account) -> dict[str, bool]:
    """Whether ``keeper`` is shown an account, may edit it, set its password, seat it, reset it."""
    client.force_login(keeper)
    user_pages = "admin:accounts_user_"
    listed = client.get(reverse("admin:accounts_user_changelist")).context["cl"].result_list
    people = client.get(reverse("committee:people")).context["rows"]
    password = "one-that-a-stranger-chose"
    client.post(
        reverse("admin:auth_user_password_change", args=[account.pk]),
        {"password1": password, "password2": password, "usable_password": "true"},
    )
    client.post(
        reverse(f"{user_pages}change", args=[account.pk]),
        {"username": account.username, "post": "Người lạ", "is_active": "on"},
    )
    client.post(reverse("committee:reset_second_factor", args=[account.username]))
    place = keeper.memberships.get().committee
    client.post(
        reverse("admin:committee_membership_add"),
        {"committee": place.pk, "user": account.pk, "role": "auditor", "since": "2025-03-15"},
    )
    account.refresh_from_db()
    return {
        "listed": account in listed,
        "among people": account in [row.user for row in people],
        "password": account.check_password(password),
        "changed": account.post == "Người lạ",
        "reset": not TOTPDevice.objects.filter(user=account).exists(),
        "seated": account.memberships.exists(),
    }


@pytest.mark.parametrize("who", [*OFFICES, "officer"])
def test_a_superuser_without_a_seat_is_nobodys_to_take_over(request, client, officer, who):
    root = with_device(builders.user("root", superuser=True))
    held = reach_of(client, request.getfixturevalue(who), root)
    assert not any(held.values()), held


@pytest.mark.parametrize("who", [*OFFICES, "officer"])
def test_nor_is_one_that_somebody_opened_and_the_administrator_made_a_superuser(
    request, client, officer_of_the_commune, officer, who
):
    root = with_device(builders.opened("root", officer_of_the_commune))
    root.is_superuser = True
    root.save()
    held = reach_of(client, request.getfixturevalue(who), root)
    assert not any(held.values()), held


def test_a_superuser_who_sits_within_reach_keeps_their_own_password(client, officer):
    root = builders.user("root", superuser=True)
    builders.seat(with_device(root), Role.AUDITOR, by_code("99001"))
    held = reach_of(client, officer, root)
    assert held.pop("among people")
    assert held.pop("seated")  # before, by the command line
    assert not any(held.values()), held


@pytest.mark.parametrize("who", ["officer_of_another_province", "colleague"])
def test_an_account_another_office_opened_is_not_ones_own_before_it_is_seated(
    request, client, officer_of_the_commune, who
):
    fresh = with_device(builders.opened("fresh", officer_of_the_commune))
    held = reach_of(client, request.getfixturevalue(who), fresh)
    assert not any(held.values()), held


@pytest.mark.parametrize("who", OFFICES)
def test_nor_is_one_that_the_province_opened_or_the_command_line(
    request, client, newcomer, outsider, who
):
    keeper = request.getfixturevalue(who)
    for account in (newcomer, outsider):
        held = reach_of(client, keeper, with_device(account))
        assert not any(held.values()), held


@pytest.mark.parametrize("who", ["officer_of_the_commune", "officer"])
def test_whoever_opened_an_account_keeps_it_and_so_does_the_province_above(
    request, client, officer_of_the_commune, officer, who
):
    fresh = with_device(builders.opened("fresh", officer_of_the_commune))
    held = reach_of(client, request.getfixturevalue(who), fresh)
    assert all(held.values()), held


def test_what_somebody_opened_who_also_sat_elsewhere_is_not_the_provinces(
    client, officer, officer_of_the_commune, officer_of_another_province
):
    place = officer_of_another_province.memberships.get().committee.unit
    builders.seat(officer_of_the_commune, Role.AUDITOR, place, until=date(2021, 1, 1))
    fresh = with_device(builders.opened("fresh", officer_of_the_commune))
    held = reach_of(client, officer, fresh)
    assert not any(held.values()), held


def test_seating_a_stranger_is_refused_in_a_sentence(officer_of_the_commune, outsider):
    with pytest.raises(Refused) as refusal:
        seat_member(
            user=outsider,
            role=Role.OFFICER,
            committee=officer_of_the_commune.memberships.get().committee,
            since=TODAY,
            actor=officer_of_the_commune,
            on=TODAY,
        )
    assert refusal.value.faults[0].code == "account_of_others"
    assert "outsider" in refusal.value.faults[0].message


# --- what is shown -------------------------------------------------------------------------------


def test_everybody_within_reach_is_listed_with_seat_and_second_factor(keeper, chair, newcomer):
    with_device(chair)
    listed = text(keeper.get(reverse("committee:people")))
    assert "Chair , Huyện Đồi Thông" in listed
    assert "since 01/01/2020" in listed
    assert "On Reset" in listed
    assert "newcomer No seat Off" in listed


def test_a_seat_that_ended_is_not_listed_and_one_to_come_is(keeper, chair):
    seat = chair.memberships.get()
    Membership.objects.filter(pk=seat.pk).update(until=TODAY)
    Membership.objects.create(
        committee=seat.committee, user=chair, role=Role.OFFICER, since=date(2025, 5, 1)
    )
    listed = text(keeper.get(reverse("committee:people")))
    assert "since 01/05/2025" in listed
    assert "01/01/2020 Move End chair , Huyện Đồi Thông" not in listed
    assert reverse("committee:end", args=[seat.pk]) not in listed


@pytest.mark.parametrize("typed", ["doi thong", "ĐỒI THÔNG", "901", "tran thi dao", "giam doc"])
def test_people_are_found_by_unit_code_name_and_post_without_accents(keeper, officer, typed):
    found = builders.seated("dao", Role.CHAIR, by_code("901"))
    found.name, found.post = "Trần Thị Đào", "Giám đốc"
    found.save()
    builders.seated("west", Role.CHAIR, by_code("902"))
    rows = keeper.get(reverse("committee:people"), {"q": typed}).context["rows"]
    assert [row.user.username for row in rows] == ["dao"]


def test_a_search_without_result_says_what_was_typed(keeper):
    listed = text(keeper.get(reverse("committee:people"), {"q": "<nobody> (["}))
    assert "&lt;nobody&gt; ([" in listed


def test_the_list_costs_the_same_queries_with_more_people(keeper, communes):
    def cost() -> int:
        keeper.get(reverse("committee:people"))
        with CaptureQueriesContext(connection) as queries:
            keeper.get(reverse("committee:people"))
        return len(queries)

    before = cost()
    for commune in communes:
        with_device(builders.seated(f"of-{commune.code}", Role.OFFICER, commune))
    assert cost() == before


# --- what is done --------------------------------------------------------------------------------


def test_somebody_is_seated_and_the_committee_founded_if_there_is_none(keeper, newcomer):
    unit = by_code("902")
    answer = keeper.post(
        reverse("committee:seat", args=["newcomer"]),
        {"unit": unit.pk, "role": "chair", "since": "2025-03-15", "why": "QĐ 12"},
        follow=True,
    )
    seat = newcomer.memberships.get()
    assert (seat.committee.unit, seat.role, seat.since) == (unit, "chair", TODAY)
    assert JournalEntry.objects.get(action="seat_member").why == "QĐ 12"
    assert "newcomer sits on the committee of Huyện Bến Đá" in text(answer)


def test_a_seat_twice_is_refused_in_a_sentence_and_nothing_is_written(keeper, chair):
    answer = keeper.post(
        reverse("committee:seat", args=["chair"]),
        {"unit": by_code("901").pk, "role": "chair", "since": "2025-03-15"},
    )
    assert answer.status_code == 200
    assert "chair already sits on this committee" in text(answer)
    assert chair.memberships.count() == 1
    assert not JournalEntry.objects.exists()


def test_a_refused_day_stands_beside_the_day(keeper, chair):
    seat = chair.memberships.get()
    answer = keeper.post(reverse("committee:end", args=[seat.pk]), {"until": "2019-12-31"})
    assert "01/01/2020" in answer.context["form"].errors["until"][0]
    seat.refresh_from_db()
    assert seat.until is None


def test_what_was_left_out_is_asked_for_by_name(keeper, newcomer):
    address = reverse("committee:seat", args=[newcomer.username])
    page = text(keeper.post(address, {"since": ""}))
    for asked in ("Choose the unit.", "Choose the role.", "Choose the day."):
        assert asked in page
    assert not newcomer.memberships.exists()


def test_a_seat_with_an_end_can_only_end_earlier_and_says_so(keeper, chair):
    seat = chair.memberships.get()
    seat.until = date(2025, 12, 1)
    seat.save()
    address = reverse("committee:end", args=[seat.pk])
    assert "already ends on 01/12/2025" in text(keeper.post(address, {"until": "2025-12-31"}))
    assert keeper.post(address, {"until": "2025-06-01"}).status_code == 302
    seat.refresh_from_db()
    assert seat.until == date(2025, 6, 1)


def test_a_seat_ends_and_its_rights_with_it(keeper, chair):
    seat = chair.memberships.get()
    keeper.post(reverse("committee:end", args=[seat.pk]), {"until": "2025-03-15", "why": "nghỉ"})
    seat.refresh_from_db()
    assert seat.until == TODAY
    assert not may(chair, Permission.SEE_FIGURES, by_code("901"), TODAY)


def test_a_move_ends_one_seat_and_begins_another_on_the_same_day(keeper, chair):
    seat = chair.memberships.get()
    keeper.post(
        reverse("committee:move", args=[seat.pk]),
        {"unit": by_code("902").pk, "role": "chair", "since": "2025-04-01"},
    )
    old, new = chair.memberships.order_by("since")
    assert (old.pk, old.until) == (seat.pk, date(2025, 4, 1))
    assert (new.committee.unit.code, new.since, new.until) == ("902", date(2025, 4, 1), None)


def test_a_move_that_fails_halfway_leaves_the_old_seat(chair, officer):
    seat = chair.memberships.get()
    gone = by_code("902")
    builders.end_unit(gone, date(2025, 3, 1))
    builders.rebuild_map()
    with pytest.raises(Refused):
        move_member(
            seat=seat, unit=gone, role=Role.CHAIR, since=date(2025, 4, 1), actor=officer, on=TODAY
        )
    seat.refresh_from_db()
    assert seat.until is None
    assert not JournalEntry.objects.exists()


def test_a_move_to_the_same_seat_is_refused(chair, officer):
    seat = chair.memberships.get()
    with pytest.raises(Refused) as refusal:
        move_member(
            seat=seat,
            unit=seat.committee.unit,
            role=seat.role,
            since=TODAY,
            actor=officer,
            on=TODAY,
        )
    assert refusal.value.faults[0].code == "not_a_move"


def test_a_unit_out_of_reach_cannot_be_chosen(keeper, newcomer):
    elsewhere = builders.unit("98", "Xa Lắc", tier="province")
    builders.rebuild_map()
    answer = keeper.post(
        reverse("committee:seat", args=["newcomer"]),
        {"unit": elsewhere.pk, "role": "leader", "since": "2025-03-15"},
    )
    assert "unit" in answer.context["form"].errors
    assert not newcomer.memberships.exists()


def test_no_role_is_chosen_beforehand(keeper, newcomer):
    address = reverse("committee:seat", args=["newcomer"])
    assert keeper.get(address).context["form"]["role"].value() is None
    answer = keeper.post(address, {"unit": by_code("902").pk, "role": "", "since": "2025-03-15"})
    assert "role" in answer.context["form"].errors
    assert not newcomer.memberships.exists()


# --- second factors ------------------------------------------------------------------------------


def test_a_lost_second_factor_is_reset_with_a_reason(keeper, officer, chair):
    with_device(chair)
    keeper.post(reverse("committee:reset_second_factor", args=["chair"]), {"why": "mất điện thoại"})
    assert not TOTPDevice.objects.filter(user=chair).exists()
    entry = JournalEntry.objects.get(action="second_factor.switched_off")
    assert (entry.actor, entry.subject_id, entry.why) == (officer, str(chair.pk), "mất điện thoại")


def test_nobody_resets_their_own_without_a_code(keeper, officer):
    with_device(officer)
    answer = keeper.post(reverse("committee:reset_second_factor", args=["officer"]))
    assert "with a code" in text(answer)
    assert TOTPDevice.objects.filter(user=officer).exists()


def test_somebody_who_also_sits_out_of_reach_is_not_reset(keeper, officer, chair):
    elsewhere = builders.unit("98", "Xa Lắc", tier="province")
    builders.rebuild_map()
    builders.seat(with_device(chair), Role.LEADER, elsewhere)
    listed = keeper.get(reverse("committee:people"))
    assert [row.may_reset for row in listed.context["rows"] if row.user == chair] == [False]
    assert keeper.post(pages_about(chair.memberships.first())[2]).status_code == 403
    assert TOTPDevice.objects.filter(user=chair).exists()


def test_where_nothing_is_set_up_there_is_nothing_to_reset(officer, chair):
    with pytest.raises(Refused) as refusal:
        reset_second_factor(user=chair, actor=officer, on=TODAY)
    assert refusal.value.faults[0].code == "nothing_to_reset"


@pytest.mark.parametrize("who", CAST)
def test_the_action_itself_refuses_everybody_else(request, officer, who):
    victim = with_device(builders.user("victim"))
    with pytest.raises(NotAllowed):
        reset_second_factor(user=victim, actor=request.getfixturevalue(who), on=TODAY)
    assert TOTPDevice.objects.filter(user=victim).exists()
    assert not may(AnonymousUser(), Permission.SEAT_MEMBERS, by_code("901"), TODAY)


def test_one_asks_the_standing_officers_at_and_above_the_own_unit(
    province, officer, chair, commune_officer, outsider
):
    elsewhere = builders.seated("elsewhere", Role.STANDING_OFFICER, by_code("902"))
    for member in (officer, chair, commune_officer):
        assert list(whom_to_ask(member, TODAY)) == [officer]
    assert set(whom_to_ask(elsewhere, TODAY)) == {elsewhere, officer}
    assert list(whom_to_ask(outsider, TODAY)) == []


def test_who_moved_under_another_province_asks_there_and_no_longer_where_they_stood(
    officer, chair, commune_officer
):
    builders.seated("east", Role.STANDING_OFFICER, by_code("901"))
    elsewhere = builders.unit("98", "Sông Lặng", tier="province")
    there = builders.seated("there", Role.STANDING_OFFICER, elsewhere)
    builders.move_unit(by_code("99001"), elsewhere, date(2025, 1, 1))
    builders.rebuild_map()
    assert list(whom_to_ask(commune_officer, TODAY)) == [there]


def test_whose_unit_has_ended_asks_where_it_last_stood(officer, commune_officer, reformed):
    assert list(whom_to_ask(commune_officer, builders.REFORM_DAY)) == [officer]


def test_an_officer_whose_seat_or_account_has_ended_is_not_asked(officer, chair):
    officer.is_active = False
    officer.save()
    assert list(whom_to_ask(chair, TODAY)) == []
