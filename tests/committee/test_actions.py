"""Seats are taken and ended by those who may, and the journal says so."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed, may
from steering.committee.actions import found_committee, seat_member, unseat_member
from steering.committee.models import Committee, Membership
from steering.committee.roles import Permission, Role
from tests import builders
from tests.builders import REFORM_DAY, by_code

TODAY = date(2025, 3, 15)


def take_seat(who, unit, *, actor, role=Role.OFFICER, since=TODAY, until=None) -> Membership:
    return seat_member(
        user=who,
        role=role,
        committee=builders.committee(unit),
        since=since,
        until=until,
        actor=actor,
        on=TODAY,
    )


def refusal_code(action, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        action(*args, **kwargs)
    (fault,) = refusal.value.faults
    return fault.code


def test_a_seat_gives_sight_and_is_in_the_journal(province, officer, newcomer):
    seat = take_seat(newcomer, by_code("901"), actor=officer, role=Role.CHAIR)
    assert may(newcomer, Permission.VERIFY_REPORTS, by_code("99001"), TODAY)
    entry = JournalEntry.objects.get(action="seat_member")
    assert entry.actor == officer
    assert entry.subject_id == str(seat.pk)
    assert entry.after["role"] == "chair"
    assert entry.after["since"] == "2025-03-15"


def test_an_ended_seat_stays_on_record(province, officer, chair):
    seat = chair.memberships.get()
    ended = unseat_member(seat=seat, until=TODAY, actor=officer, on=TODAY, why="moved on")
    assert (ended.since, ended.until) == (builders.TERM_BEGINS, TODAY)
    assert may(chair, Permission.SEE_FIGURES, by_code("901"), TODAY - timedelta(days=1))
    assert not may(chair, Permission.SEE_FIGURES, by_code("901"), TODAY)
    entry = JournalEntry.objects.get(action="unseat_member")
    assert (entry.before["until"], entry.after["until"]) == (None, "2025-03-15")
    assert entry.why == "moved on"


@pytest.mark.parametrize("who", ["leader", "auditor", "chair", "commune_officer", "outsider"])
def test_nobody_but_the_standing_officer_seats_anyone(request, province, who):
    actor = request.getfixturevalue(who)
    seats = Membership.objects.count()
    with pytest.raises(NotAllowed):
        take_seat(actor, by_code("99001"), actor=actor, role=Role.STANDING_OFFICER)
    assert Membership.objects.count() == seats
    assert not JournalEntry.objects.exists()


def test_nobody_but_the_standing_officer_unseats_or_founds(province, chair, commune_officer):
    seat = commune_officer.memberships.get()
    with pytest.raises(NotAllowed):
        unseat_member(seat=seat, until=TODAY, actor=chair, on=TODAY)
    with pytest.raises(NotAllowed):
        found_committee(unit=by_code("99002"), actor=chair, on=TODAY)
    seat.refresh_from_db()
    assert seat.until is None
    assert not Committee.objects.filter(unit=by_code("99002")).exists()


def test_a_committee_is_founded_once(province, officer):
    first = found_committee(unit=by_code("902"), actor=officer, on=TODAY)
    again = found_committee(unit=by_code("902"), actor=officer, on=TODAY, name="another name")
    assert first == again
    assert "Bến Đá" in again.name
    assert JournalEntry.objects.filter(action="found_committee").count() == 1


def test_a_seat_cannot_be_taken_twice_in_one_term(province, officer, newcomer):
    district = by_code("901")
    take_seat(newcomer, district, actor=officer, until=REFORM_DAY)
    assert refusal_code(take_seat, newcomer, district, actor=officer) == "already_seated"
    assert refusal_code(
        take_seat, newcomer, district, actor=officer, since=REFORM_DAY - timedelta(days=1)
    ) == ("already_seated")


def test_a_seat_may_follow_another_or_stand_beside_it(province, officer, newcomer):
    district = by_code("901")
    take_seat(newcomer, district, actor=officer, until=date(2025, 5, 1))
    take_seat(newcomer, district, actor=officer, since=date(2025, 5, 1))
    take_seat(newcomer, district, actor=officer, since=date(2024, 1, 1), until=TODAY)
    take_seat(newcomer, district, actor=officer, role=Role.AUDITOR)
    assert newcomer.memberships.count() == 4


def test_a_seat_ends_after_it_begins(province, officer, newcomer):
    district = by_code("901")
    code = refusal_code(take_seat, newcomer, district, actor=officer, until=TODAY)
    assert code == "ends_before_it_begins"
    seat = take_seat(newcomer, district, actor=officer)
    code = refusal_code(unseat_member, seat=seat, until=TODAY, actor=officer, on=TODAY)
    assert code == "ends_before_it_begins"


def test_a_seat_that_ended_cannot_be_made_longer(province, officer, newcomer):
    seat = take_seat(newcomer, by_code("901"), actor=officer, until=date(2025, 5, 1))
    code = refusal_code(unseat_member, seat=seat, until=REFORM_DAY, actor=officer, on=TODAY)
    assert code == "already_ended"
    assert unseat_member(seat=seat, until=date(2025, 4, 1), actor=officer, on=TODAY).until == date(
        2025, 4, 1
    )


def test_a_unit_that_is_not_in_force_seats_nobody(reformed, officer, outsider):
    ended, new = by_code("901"), by_code("99001", REFORM_DAY)
    for unit, since in ((ended, REFORM_DAY), (new, TODAY)):
        code = refusal_code(take_seat, outsider, unit, actor=COMMAND_LINE, since=since)
        assert code == "unit_not_in_force"


def test_an_unknown_role_is_refused(province, officer, newcomer):
    code = refusal_code(take_seat, newcomer, by_code("901"), actor=officer, role="emperor")
    assert code == "unknown_role"


@pytest.mark.parametrize(
    "broken",
    [
        {"role": "emperor"},
        {"since": TODAY, "until": TODAY},
        {"since": TODAY, "until": TODAY - timedelta(days=1)},
    ],
)
def test_the_database_refuses_what_an_action_would_not_do(province, outsider, broken):
    term = {"role": Role.OFFICER, "since": TODAY, **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(committee=builders.committee(province), user=outsider, **term)


def test_the_database_refuses_two_open_seats_of_one_role(province, officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.seat(officer, Role.STANDING_OFFICER, province, since=TODAY)


# --- the command ---------------------------------------------------------------------------------


def seat_by_command(*arguments: str) -> str:
    out = StringIO()
    call_command("seat_member", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_seat_of_a_province_is_taken_from_the_command_line(province, outsider):
    said = seat_by_command("outsider", "standing_officer", "99", "--since", "2024-01-01")
    assert "2024-01-01" in said
    assert may(outsider, Permission.SEAT_MEMBERS, province, date(2024, 1, 1))
    assert JournalEntry.objects.get(action="seat_member").actor is None


def test_without_since_the_seat_begins_today(province, outsider, time_machine):
    time_machine.move_to("2025-03-15T20:00:00Z")  # already the 16th in Viet Nam
    seat_by_command("outsider", "auditor", "99")
    assert outsider.memberships.get().since == date(2025, 3, 16)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nobody", "auditor", "99"], "unknown_user"),
        (["outsider", "auditor", "98"], "unknown_unit"),
        (["outsider", "auditor", "901", "--since", "2025-07-01"], "unknown_unit"),
    ],
)
def test_the_command_says_what_it_did_not_find(reformed, outsider, capsys, arguments, code):
    with pytest.raises(SystemExit) as leaving:
        call_command("seat_member", *arguments, "--format", "json")
    assert leaving.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert [error["code"] for error in answer["errors"]] == [code]
    assert not Committee.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [["outsider", "auditor", "99", "--since", "15/03/2025"], ["outsider", "emperor", "99"]],
)
def test_the_command_refuses_what_it_cannot_read(province, outsider, arguments):
    with pytest.raises(CommandError):
        seat_by_command(*arguments)
    assert not Committee.objects.exists()


def test_the_same_seat_twice_is_refused_in_words(province, outsider, capsys):
    seat_by_command("outsider", "auditor", "99", "--since", "2024-01-01")
    with pytest.raises(SystemExit):
        seat_by_command("outsider", "auditor", "99", "--since", "2024-01-01")
    assert "outsider" in capsys.readouterr().err
    assert outsider.memberships.count() == 1
