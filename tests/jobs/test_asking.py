"""Asking for background work: the row at once, the message at commit, a broker that is away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import translation
from kombu.exceptions import OperationalError

from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry
from steering.jobs.actions import enqueue, enqueue_nightly, run, run_again
from steering.jobs.models import Job

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)


def test_the_row_waits_with_what_was_asked_and_by_whom(asked, lan, english):
    job = asked("greet", unit=3)
    job.refresh_from_db()
    assert (job.state, job.kind, job.label) == ("queued", "greet", "To greet")
    assert (job.arguments, job.by, job.language) == ({"unit": 3}, lan, "en")
    entry = JournalEntry.objects.get(action="job.asked")
    assert (entry.actor, entry.subject) == (lan, "To greet")


def test_the_message_goes_out_at_commit(asked, delivered, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = asked()
        assert delivered == []
    assert delivered == [job.pk]
    job.refresh_from_db()
    assert job.delivered_at is not None


def test_what_is_rolled_back_was_never_asked_for(transactional_db, asked, delivered):
    with pytest.raises(RuntimeError), transaction.atomic():
        asked()
        raise RuntimeError
    assert delivered == []
    assert not Job.objects.exists()


def test_without_a_broker_the_row_waits(
    asked, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def away(name, args):
        raise OperationalError("no broker")

    monkeypatch.setattr("steering.jobs.delivery.current_app.send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = asked()
    job.refresh_from_db()
    assert (job.state, job.delivered_at) == ("queued", None)
    assert "could not be handed to the broker" in caplog.text


def test_an_unknown_kind_is_a_mistake_of_the_programmer(lan):
    with pytest.raises(LookupError, match="dance"):
        enqueue(kind="dance", label="Dance", arguments={}, actor=lan)
    assert not Job.objects.exists()


class TestAgain:
    def test_failed_work_waits_again_and_its_faults_are_gone(self, asked, lan):
        job = asked("refuse")
        run(job.pk)
        run_again(job=job, actor=lan, now=NOW)
        job.refresh_from_db()
        assert (job.state, job.faults, job.finished_at) == ("queued", [], None)
        assert (job.done, job.total, job.attempts) == (0, 0, 1)
        assert JournalEntry.objects.filter(action="job.asked_again", actor=lan).exists()

    def test_work_that_is_done_is_not_run_again(self, asked, lan):
        job = asked()
        run(job.pk)
        with pytest.raises(Refused) as refused:
            run_again(job=job, actor=lan, now=NOW)
        assert refused.value.faults[0].code == "job_not_failed"
        job.refresh_from_db()
        assert job.state == "done"


class TestNightly:
    @pytest.fixture(autouse=True)
    def nights(self, settings):
        settings.NIGHTLY = {"greet": "Greet every night"}

    def test_each_is_asked_for_once_a_day_by_the_system(self, db):
        for day in (date(2026, 1, 10), date(2026, 1, 10), date(2026, 1, 11)):
            enqueue_nightly(day=day)
        jobs = Job.objects.order_by("pk")
        assert [job.arguments["day"] for job in jobs] == ["2026-01-10", "2026-01-11"]
        assert {job.by for job in jobs} == {None}
        assert JournalEntry.objects.first().actor_name == str(COMMAND_LINE)

    def test_it_speaks_the_language_of_the_site(self, db):
        with translation.override("en"):
            enqueue_nightly(day=date(2026, 1, 10))
        assert Job.objects.get().language == "vi"

    @pytest.mark.django_db(transaction=True)
    def test_two_clocks_that_ask_at_the_same_moment_ask_for_one(self):
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(20)]
        together = Barrier(2)

        def ask() -> None:
            try:
                for day in days:
                    together.wait(timeout=30)
                    enqueue_nightly(day=day)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for clock in [pool.submit(ask), pool.submit(ask)]:
                clock.result()
        assert sorted(Job.objects.values_list("night", flat=True)) == days
        assert JournalEntry.objects.filter(action="job.asked").count() == len(days)
