"""Stored due days computed anew: which move, whose reports are on time by it, what stays."""

import json
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from collection.actions.due_days import recompute_due_days
from collection.actions.reminders import remind
from collection.following.board import board
from collection.following.rounds import rounds_of
from collection.models import Reminder
from commitments.actions.reference.working_days import decide_days
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, lock, open_period
from commitments.actions.reporting.submissions import return_report
from commitments.models import Period, Submission
from commitments.working_days import due_day_by_weekdays
from districts.months import Month
from reports.conference.completeness import (
    completeness,
    due_days,
)
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from tests import builders

DECEMBER = Month.of(2023, 12)
TODAY = date(2024, 2, 1)


@pytest.fixture
def opened(province, communes, catalogue) -> Period:
    """December 2023 as it was opened before holidays were counted, and four reports.

    Sent on Friday the 5th, Monday the 8th, a minute before midnight that day, and on the 9th.
    """
    lock(provinces=[province.pk], months=[DECEMBER])
    Period.objects.update(due_on=date(2024, 1, 5), closes_on=date(2024, 1, 19))
    moments = (
        datetime(2024, 1, 5, 3, tzinfo=UTC),
        datetime(2024, 1, 8, 3, tzinfo=UTC),
        datetime(2024, 1, 8, 16, 59, tzinfo=UTC),
        datetime(2024, 1, 8, 17, 0, tzinfo=UTC),
    )
    for commune, at in zip(communes, moments, strict=False):
        entry = Entry(DECEMBER, commune.pk, catalogue["HI"].pk, 100)
        record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY, at=at)
    return Period.objects.get()


def answer(capsys, *arguments):
    call_command("recompute_due_days", *arguments, "--format", "json")
    return json.loads(capsys.readouterr().out)


def codes(rows):
    return [row["unit"] for row in rows]


def on_time(province):
    return sum(one.on_time for one in completeness(unit=province, months=[DECEMBER]))


def test_the_command_lists_what_moved_and_the_reports_that_are_on_time_by_it(
    opened, province, officer, capsys
):
    assert on_time(province) == 1
    said = answer(capsys)
    assert said["periods"] == [
        {
            "province": "99",
            "month": "2023-12",
            "was": "2024-01-05",
            "is": "2024-01-08",
            "closed": False,
        }
    ]
    assert codes(said["on_time"]) == ["99002", "99003"]
    assert said["on_time"][0] == {
        "unit": "99002",
        "name": "Xã Cầu Tre",
        "month": "2023-12",
        "sent_at": "2024-01-08T10:00:00+07:00",
    }
    assert (said["ok"], said["dry_run"], said["late"], said["set_by_hand"]) == (True, False, [], [])
    period = Period.objects.get()
    assert (period.due_on, period.closes_on) == (date(2024, 1, 8), date(2024, 1, 22))
    assert on_time(province) == 3
    assert board(unit=province, month=DECEMBER, user=officer, on=TODAY).late == 1


def test_every_period_that_moves_is_in_the_journal_with_the_reports_it_concerns(opened, capsys):
    answer(capsys)
    entry = JournalEntry.objects.get(action="period.due_recomputed")
    assert (entry.subject_type, entry.subject_id) == ("commitments.period", str(opened.pk))
    assert entry.before == {"due_on": "2024-01-05", "closes_on": "2024-01-19"}
    assert entry.after == {
        "due_on": "2024-01-08",
        "closes_on": "2024-01-22",
        "on_time": ["99002", "99003"],
        "late": [],
    }


def test_a_dry_run_says_the_same_and_writes_nothing(opened, capsys):
    tried = answer(capsys, "--dry-run")
    assert Period.objects.get().due_on == date(2024, 1, 5)
    assert not JournalEntry.objects.filter(action="period.due_recomputed").exists()
    done = answer(capsys)
    assert (tried.pop("dry_run"), done.pop("dry_run")) == (True, False)
    assert tried == done


def test_a_second_run_moves_nothing(opened, capsys):
    answer(capsys)
    assert answer(capsys)["periods"] == []
    assert JournalEntry.objects.filter(action="period.due_recomputed").count() == 1


def test_a_closed_month_follows_and_stays_closed(opened, province, capsys):
    close_period(unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
    (moved,) = answer(capsys)["periods"]
    assert moved["closed"]
    assert Period.objects.get().is_closed
    assert on_time(province) == 3


def test_a_day_that_somebody_set_stays_and_is_named(opened, province, officer, capsys):
    open_period(
        unit=province, month=DECEMBER, due_on=date(2024, 1, 12), closes_on=date(2024, 1, 30),
        actor=officer, on=TODAY,
    )  # fmt: skip
    said = answer(capsys)
    assert said["periods"] == []
    assert said["set_by_hand"] == [
        {"province": "99", "month": "2023-12", "stays": "2024-01-12", "usual": "2024-01-08"}
    ]
    assert Period.objects.get().due_on == date(2024, 1, 12)


def test_the_fifth_weekday_typed_by_hand_is_the_former_rule_and_moves(opened, province, capsys):
    open_period(
        unit=province, month=DECEMBER, due_on=date(2024, 1, 5), closes_on=date(2024, 1, 30),
        actor=COMMAND_LINE, on=TODAY,
    )  # fmt: skip
    assert [row["is"] for row in answer(capsys)["periods"]] == ["2024-01-08"]
    # Another day of closing than the usual one stays.
    assert Period.objects.get().closes_on == date(2024, 1, 30)


def test_a_day_of_closing_never_comes_before_the_due_day(opened, capsys):
    Period.objects.update(closes_on=date(2024, 1, 6))
    answer(capsys)
    assert Period.objects.get().closes_on == date(2024, 1, 8)


def test_a_returned_report_is_not_on_time_by_a_later_day(opened, communes, capsys):
    reports = Submission.objects.filter(unit=communes[1])
    return_report(submissions=reports, actor=COMMAND_LINE, on=TODAY, why="?")
    assert codes(answer(capsys)["on_time"]) == ["99003"]


def test_a_day_worked_by_decision_makes_the_due_day_earlier_and_a_report_late(opened, capsys):
    answer(capsys)
    decide_days(days={date(2024, 1, 6): True}, source="1/TB", actor=COMMAND_LINE, on=TODAY)
    said = answer(capsys)
    assert [row["is"] for row in said["periods"]] == ["2024-01-06"]
    assert (said["on_time"], codes(said["late"])) == ([], ["99002", "99003"])


def test_reminders_stay_as_they_were_sent(opened, officer, capsys):
    sent = remind(
        group=builders.by_code("902"),
        month=DECEMBER,
        actor=officer,
        on=date(2024, 1, 6),
        at=datetime(2024, 1, 6, 3, tzinfo=UTC),
    )
    assert "05/01/2024" in sent.text
    before = list(Reminder.objects.values())
    answer(capsys)
    assert list(Reminder.objects.values()) == before


def test_each_province_counts_its_own_reports(opened, province, communes, catalogue, capsys):
    other = builders.unit("98", "Núi Đôi", tier="province")
    far = builders.unit("98001", "Suối Lạnh", parent=other)
    builders.rebuild_map()
    entry = Entry(DECEMBER, far.pk, catalogue["HI"].pk, 100)
    at = datetime(2024, 1, 8, 3, tzinfo=UTC)
    record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY, at=at)
    said = answer(capsys)
    assert [row["province"] for row in said["periods"]] == ["99"]
    assert codes(said["on_time"]) == ["99002", "99003"]


def test_an_officer_moves_the_months_of_the_own_province_only(opened, province, officer, chair):
    other = builders.unit("98", "Núi Đôi", tier="province")
    builders.rebuild_map()
    for actor, unit in ((officer, other), (chair, province)):
        with pytest.raises(NotAllowed):
            recompute_due_days(actor=actor, on=TODAY, provinces=[unit])
    assert len(recompute_due_days(actor=officer, on=TODAY, provinces=[province]).moved) == 1


def test_a_recorded_day_moves_an_unopened_month_at_once_and_offers_the_opened_one(
    opened, province, officer
):
    january = DECEMBER + 1
    held = {"actor": officer, "on": TODAY}
    recompute_due_days(provinces=[province], **held)
    decide_days(days={date(2024, 1, 2): False, date(2024, 2, 1): False}, source="1/TB-BNV", **held)
    assert due_days([province.pk], [DECEMBER, january]) == {
        (province.pk, DECEMBER): date(2024, 1, 8),
        (province.pk, january): date(2024, 2, 15),
    }
    rounds = {r.month: r for r in rounds_of(province, until=january, current=january)}
    assert rounds[january].period.due_on == date(2024, 2, 15)
    assert not rounds[january].due_moves
    assert (rounds[DECEMBER].due_moves, rounds[DECEMBER].usual_due) == (True, date(2024, 1, 9))
    (moved,) = recompute_due_days(provinces=[province], **held).moved
    assert [report.unit.code for report in moved.on_time] == ["99004"]


def test_what_nobody_knows_yet_is_said(opened, capsys, time_machine):
    time_machine.move_to(datetime(2026, 12, 1, 3, tzinfo=UTC))
    said = answer(capsys)
    assert said["years_unknown"] == [2027]
    assert said["days_not_counted"] == [
        {"day": "2026-01-02", "worked": False, "decision": "12729/VPCP-KGVX, 25/12/2025"},
        {"day": "2026-01-10", "worked": True, "decision": "12729/VPCP-KGVX, 25/12/2025"},
    ]


def test_the_answer_in_words_names_days_as_people_write_them(opened, english, capsys):
    call_command("recompute_due_days", "--dry-run")
    said = capsys.readouterr().out
    assert "99, 2023-12: due on 08/01/2024, was 05/01/2024." in said
    assert "On time: 99002 Xã Cầu Tre, 2023-12, sent 10:00 08/01/2024." in said
    assert "Not counted: 02/01/2026 by decision 12729/VPCP-KGVX, 25/12/2025." in said
    assert said.rstrip().endswith("Nothing was written.")


def test_an_installation_from_before_knows_which_days_were_set_by_hand(opened, province):
    lock(provinces=[province.pk], months=[DECEMBER + 1])
    Period.objects.filter(month=DECEMBER + 1).update(due_on=date(2024, 2, 16))
    migration = import_module("commitments.migrations.0003_working_days")
    migration.mark_days_set_by_hand(apps, None)
    assert dict(Period.objects.values_list("month", "due_by_hand")) == {
        DECEMBER: False,
        DECEMBER + 1: True,
    }


@given(month=st.integers(Month.of(1990, 1), Month.of(2100, 1)).map(Month))
def test_the_migration_counts_weekdays_as_the_former_rule_did(month):
    migration = import_module("commitments.migrations.0003_working_days")
    assert migration.fifth_weekday_after(month.last_day) == due_day_by_weekdays(month)
