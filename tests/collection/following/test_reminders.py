"""Reminders: one message a group, once in 24 hours, to whom it concerns, logged word for word."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from collection.actions.reminders import refused_by_mail, remind
from collection.following.reminding import reminding
from collection.models import Reminder
from collection.nightly import remind_groups
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, lock, open_period
from commitments.models import Submission
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed
from steering.committee.roles import Role
from steering.jobs.actions import enqueue_nightly, run
from steering.jobs.models import Job
from tests import builders
from tests.collection.mail_server import serving

FEBRUARY = Month.of(2024, 2)
TODAY = date(2024, 3, 12)
NOW = timezone.make_aware(datetime(2024, 3, 12, 8))


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel("2024-03-12T08:00:00+07:00", tick=False):
        yield


@pytest.fixture
def district(province):
    return builders.by_code("901")


@pytest.fixture
def reported(catalogue, communes):
    """99001 has reported for February; the period is open."""
    entries = [Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 10)]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)


@pytest.fixture
def addressed(communes, district):
    """Somebody with an address at the district, at 99001 (which reported) and at 99002."""
    seats = [(Role.CHAIR, district), (Role.OFFICER, communes[0]), (Role.OFFICER, communes[1])]
    for role, unit in seats:
        user = builders.seated(f"at-{unit.code}", role, unit)
        user.email = f"{unit.code}@example.vn"
        user.save()


@pytest.fixture
def send(district, officer, django_capture_on_commit_callbacks):
    """Remind district 901 of February, and let the commit happen."""

    def send(*, group=district, actor=officer, at=NOW, month=FEBRUARY, **more) -> Reminder:
        with django_capture_on_commit_callbacks(execute=True):
            return remind(
                group=group,
                month=month,
                actor=actor,
                on=timezone.localdate(at),
                at=at,
                **more,
            )

    return send


@pytest.fixture
def signed_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


PAGE = "/completeness/remind/?month=2024-02&group=901"


def refusal(**asked) -> str:
    with pytest.raises(Refused) as refused:
        asked.pop("send")(**asked)
    (fault,) = refused.value.faults
    return fault.code


def test_one_message_goes_to_each_of_the_missing_units_and_their_district(
    reported, addressed, send
):
    reminder = send()
    assert [message.recipients() for message in mail.outbox] == [
        ["901@example.vn"],
        ["99002@example.vn"],
    ]
    assert {message.body for message in mail.outbox} == {reminder.text}
    assert reminder.recipients == ["901@example.vn", "99002@example.vn"]
    assert reminder.units == ["99002", "99003"]
    assert refused_by_mail(reminder) == []


def test_the_message_names_the_missing_the_due_day_and_where_to_enter(
    reported, addressed, send, settings
):
    settings.SITE_URL = "https://chi-tieu.example.vn"
    send()
    message = mail.outbox[0]
    assert message.subject == "Đôn đốc báo cáo số liệu tháng 02/2024, huyện Đồi Thông"
    assert "- Xã Cầu Tre\n- Xã Đèo Gió" in message.body
    assert "Ao Sen" not in message.body
    assert "07/03/2024" in message.body
    assert "quá hạn 5 ngày" in message.body
    assert "https://chi-tieu.example.vn/entry/" in message.body
    assert "&" not in message.body


def test_the_message_is_vietnamese_whatever_is_read(reported, district, english):
    assert "Kính gửi" in reminding(group=district, month=FEBRUARY, on=TODAY).text()


def test_before_the_due_day_it_says_how_much_time_is_left(reported, district):
    asked = reminding(group=district, month=FEBRUARY, on=date(2024, 3, 4))
    assert "còn 3 ngày" in asked.text()


def test_a_second_reminder_within_24_hours_is_refused_with_the_next_time(reported, send):
    send()
    with pytest.raises(Refused) as refused:
        send(at=NOW + timedelta(hours=23, minutes=59))
    assert refused.value.faults[0].code == "reminded_already"
    assert "08:00 13/03/2024" in str(refused.value)
    send(at=NOW + timedelta(hours=24))
    assert Reminder.objects.count() == 2


def test_another_group_and_another_month_have_their_own_24_hours(reported, send):
    send()
    send(group=builders.by_code("902"))
    send(month=FEBRUARY - 1)
    assert Reminder.objects.count() == 3


def test_without_any_address_it_is_logged_as_text_to_copy(reported, send):
    reminder = send()
    assert mail.outbox == []
    assert reminder.recipients == []
    assert JournalEntry.objects.filter(action="reminder.sent").count() == 1
    assert refusal(send=send) == "reminded_already"


def test_it_is_written_word_for_word_with_its_author_and_cannot_be_changed(
    reported, send, officer, district
):
    reminder = send(text="  Đề nghị gửi trong hôm nay. \r\nCảm ơn.\n")
    assert (reminder.text, reminder.by) == ("Đề nghị gửi trong hôm nay.\nCảm ơn.", officer)
    entry = JournalEntry.objects.get(action="reminder.sent")
    assert (entry.actor, entry.after["units"]) == (officer, ["99002", "99003"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.filter(pk=reminder.pk).update(text="khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        reminder.delete()


def test_what_cannot_be_reminded_is_refused_and_nothing_is_written(
    reported, send, province, catalogue, communes
):
    assert refusal(send=send, text=" \n ") == "text_needed"
    assert refusal(send=send, text="a" * 4001) == "text_too_long"
    assert refusal(send=send, month=Month.of(2024, 3)) == "month_not_ended"
    entries = [Entry(FEBRUARY, unit.pk, catalogue["HI"].pk, 10) for unit in communes[1:3]]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    assert refusal(send=send) == "nobody_missing"
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    assert refusal(send=send) == "period_closed"
    assert not Reminder.objects.exists()
    assert mail.outbox == []


def test_the_chair_reminds_the_own_district_and_no_other(reported, send, chair):
    send(actor=chair)
    with pytest.raises(NotAllowed):
        send(actor=chair, group=builders.by_code("902"))
    assert Reminder.objects.get().by == chair


@pytest.mark.parametrize("who", ["leader", "auditor", "commune_officer", "outsider"])
def test_whoever_reminds_nobody_is_refused(who, request, reported, send, signed_in):
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        send(actor=user)
    client = signed_in(user)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"text": "Xin gửi"}).status_code == 403
    assert not Reminder.objects.exists()


@pytest.fixture
def mail_server(settings):
    """A mail server that takes everything but what is for some addresses; what it took."""

    @contextmanager
    def mail_server(*refusing: str, ending: bool = False) -> Iterator[list[str]]:
        with serving(set(refusing), ending=ending) as (port, taken):
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
            yield taken

    return mail_server


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_a_reminder_that_nobody_was_sent_is_logged_and_counts_as_none(
    reported, addressed, send, no_mail_server
):
    reminder = send()
    assert Reminder.objects.get() == reminder
    assert refused_by_mail(reminder) == reminder.recipients
    failed = JournalEntry.objects.get(action="reminder.not_mailed")
    assert (failed.subject_id, failed.why) == (str(reminder.pk), "ConnectionRefusedError")
    again = send(at=NOW + timedelta(minutes=1))
    assert Reminder.objects.count() == 2
    asked = reminding(group=reminder.group, month=FEBRUARY, on=TODAY)
    assert (asked.last, asked.reminded.failed) == (None, again)


def test_a_failure_does_not_shorten_the_day_of_the_reminder_before_it(
    reported, addressed, send, settings, no_mail_server
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    first = send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    send(at=NOW + timedelta(hours=24))
    assert reminding(group=first.group, month=FEBRUARY, on=TODAY).last == first
    send(at=NOW + timedelta(hours=25))
    assert Reminder.objects.count() == 3


def test_a_mail_server_that_refuses_everybody_reminded_nobody(
    reported, addressed, send, mail_server
):
    with mail_server("901@example.vn", "99002@example.vn") as taken:
        reminder = send()
    assert taken == []
    failed = JournalEntry.objects.get(action="reminder.not_mailed")
    assert failed.why == "SMTPRecipientsRefused"
    assert refused_by_mail(reminder) == ["901@example.vn", "99002@example.vn"]
    send(at=NOW + timedelta(minutes=1))


def test_whom_a_reminder_reached_is_left_in_peace_though_another_address_was_refused(
    reported, addressed, send, mail_server
):
    with mail_server("901@example.vn") as taken:
        reminder = send()
        assert taken == ["99002@example.vn"]
        assert refused_by_mail(reminder) == ["901@example.vn"]
        assert refusal(send=send, at=NOW + timedelta(hours=1)) == "reminded_already"
    assert taken == ["99002@example.vn"]
    entry = JournalEntry.objects.get(action="reminder.partly_mailed")
    assert entry.after == {"refused": ["901@example.vn"]}


def test_a_server_that_ends_the_connection_with_a_refusal_gets_the_other_addresses_all_the_same(
    reported, addressed, send, mail_server
):
    with mail_server("901@example.vn", ending=True) as taken:
        reminder = send()
    assert (refused_by_mail(reminder), taken) == (["901@example.vn"], ["99002@example.vn"])


def test_nothing_is_mailed_for_what_was_rolled_back(reported, addressed, send):
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        remind(group=builders.by_code("901"), month=FEBRUARY, actor=COMMAND_LINE, on=TODAY, at=NOW)
        raise Undone
    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_from_july_2025_the_province_groups_its_communes(catalogue, reformed, province, send):
    at = timezone.make_aware(datetime(2025, 8, 20, 8))
    reminder = send(group=province, month=Month.of(2025, 7), at=at)
    assert reminder.units == ["99004", "99005", "99001"]


# --- the page ------------------------------------------------------------------------------------


def test_the_text_is_shown_edited_and_sent(
    reported, addressed, signed_in, officer, django_capture_on_commit_callbacks
):
    client = signed_in(officer)
    shown = client.get(PAGE).content.decode()
    assert "- Xã Cầu Tre" in shown
    assert "901@example.vn, 99002@example.vn" in shown
    assert "Xã Đèo Gió." in shown  # nobody there has an address
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PAGE, {"text": "Đề nghị gửi ngay."})
    assert answer.url == reverse("collection:completeness") + "?month=2024-02"
    assert [message.body for message in mail.outbox] == ["Đề nghị gửi ngay."] * 2


@pytest.mark.django_db(transaction=True)
def test_the_page_says_that_the_mail_server_took_nothing_and_lets_try_again(
    reported, addressed, signed_in, officer, no_mail_server
):
    client = signed_in(officer)
    client.post(PAGE, {"text": "Lần một."})
    board = client.get("/completeness/?month=2024-02").content.decode()
    assert board.count("Máy chủ thư không nhận") == 2  # what was done, and what stands
    page = client.get(PAGE).content.decode()
    assert "Máy chủ thư không nhận" in page
    assert "disabled" not in page
    client.post(PAGE, {"text": "Lần hai."})
    assert Reminder.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_page_names_the_addresses_that_were_refused(
    reported, addressed, signed_in, officer, mail_server
):
    client = signed_in(officer)
    with mail_server("901@example.vn"):
        client.post(PAGE, {"text": "Xin gửi."})
    board = client.get("/completeness/?month=2024-02").content.decode()
    assert "gửi đến 1 địa chỉ" in board
    assert "Máy chủ thư không nhận 901@example.vn" in board
    assert "08:00 13/03/2024" in board


def test_the_page_refuses_a_second_time_keeps_the_text_and_says_when(reported, signed_in, officer):
    client = signed_in(officer)
    client.post(PAGE, {"text": "Lần một."})
    answer = client.post(PAGE, {"text": "Lần hai."})
    assert answer.status_code == 422
    assert "Lần hai." in answer.content.decode()
    assert "08:00 13/03/2024" in answer.content.decode()
    board = client.get("/completeness/?month=2024-02").content.decode()
    assert "08:00 13/03/2024" in board
    assert Reminder.objects.get().text == "Lần một."


def test_an_unknown_group_or_month_is_said(reported, signed_in, officer):
    client = signed_in(officer)
    assert client.get("/completeness/remind/?month=2024-02&group=777").status_code == 404
    assert client.get("/completeness/remind/?month=spring&group=901").status_code == 400


# --- the night -----------------------------------------------------------------------------------


def night(day: int) -> int:
    at = timezone.make_aware(datetime(2024, 3, day, 2))
    return remind_groups(on=at.date(), at=at).reminded


def test_the_night_reminds_after_the_due_day_and_then_every_third(reported):
    reminded = {day: night(day) for day in range(6, 16)}
    assert reminded == {
        6: 0, 7: 0, 8: 2, 9: 0, 10: 0, 11: 2, 12: 0, 13: 0, 14: 2, 15: 0,
    }  # fmt: skip
    assert set(Reminder.objects.values_list("by", flat=True)) == {None}


@pytest.mark.django_db(transaction=True)
def test_the_night_tries_again_what_the_mail_server_did_not_take(
    reported, addressed, settings, no_mail_server
):
    at = timezone.make_aware(datetime(2024, 3, 8, 2))
    assert remind_groups(on=at.date(), at=at) == (1, 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [night(day) for day in (9, 10)] == [1, 0]


def test_whoever_reminded_by_hand_has_done_it_for_the_night(reported, send):
    send(at=timezone.make_aware(datetime(2024, 3, 7, 9)))
    assert night(8) == 1  # 902; the day before is less than 24 hours ago
    send(at=timezone.make_aware(datetime(2024, 3, 9, 9)))
    assert night(11) == 1
    assert night(12) == 1
    assert Reminder.objects.filter(group__code="901").count() == 3


def test_a_second_run_of_the_same_night_reminds_nobody_twice(reported):
    assert (night(8), night(8)) == (2, 0)


def test_the_night_follows_a_due_day_that_was_moved(reported, province):
    open_period(
        unit=province,
        month=FEBRUARY,
        due_on=date(2024, 3, 11),
        closes_on=date(2024, 3, 30),
        actor=COMMAND_LINE,
        on=TODAY,
    )
    assert [night(day) for day in (8, 11, 12)] == [0, 0, 2]


def test_the_night_leaves_closed_months_and_provinces_that_collect_nothing_alone(
    province, communes, catalogue
):
    assert night(8) == 0
    lock(provinces=[province.pk], months=[FEBRUARY - 1])
    assert night(8) == 2
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    assert night(11) == 0


def test_the_nightly_job_says_how_many_were_reminded(reported):
    enqueue_nightly(day=TODAY)
    job = Job.objects.get(kind="remind_overdue")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["reminded"]) == (Job.State.DONE, 2)
    assert Submission.objects.count() == 1


def test_a_unit_that_has_ended_by_the_month_is_no_group(reported, client, officer, reformed):
    client.force_login(officer)
    answer = client.get("/completeness/remind/?month=2025-07&group=901")
    assert answer.status_code == 404
    assert "Huyện Đồi Thông" in answer.content.decode()
