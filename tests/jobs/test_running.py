"""Running: a claim by one worker, progress seen beside the work, refusals, mistakes, language."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import gettext as _

from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.jobs.actions import run
from steering.jobs.models import Job
from steering.jobs.running import Running, Superseded


def test_what_came_of_it_is_kept(asked):
    job = asked(unit=3)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 1)
    assert job.result == {"said": "Hello lan", "unit": 3}
    assert (job.done, job.total) == (2, 2)
    assert job.started_at <= job.heartbeat_at <= job.finished_at
    assert job.file_name == "greeting.txt"
    assert job.file.read() == b"Hello lan"


def test_work_of_the_system_is_the_command_lines(asked):
    job = asked(actor=COMMAND_LINE)
    run(job.pk)
    job.refresh_from_db()
    assert (job.by, job.result["said"]) == (None, "Hello command line")


def test_finished_work_is_not_run_by_a_second_message(asked):
    job = asked()
    run(job.pk)
    run(job.pk)
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_message_about_a_job_that_never_was_does_no_harm(db):
    run(12345)
    assert not Job.objects.exists()


def test_of_two_workers_one_runs_a_job(transactional_db, asked):
    job = asked("write_names", names=3, pause=0.1)
    threads = [threading.Thread(target=_run_and_close, args=[job.pk]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 1, {"found": 0})


def test_a_refusal_fails_with_its_reasons_and_keeps_how_far_it_was(asked):
    job = asked("refuse")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.step, job.done, job.total) == ("failed", "reading", 1, 3)
    (fault,) = job.faults
    assert (fault["code"], fault["row"], fault["message"]) == (
        "bad_file", 3, "Row 3 is no number.",
    )  # fmt: skip


def test_a_mistake_of_ours_is_told_politely_and_written_down(asked, caplog, english):
    job = asked("break_down")
    run(job.pk)
    job.refresh_from_db()
    (fault,) = job.faults
    assert (job.state, fault["code"]) == ("failed", "unexpected")
    assert "mistake on our side" in fault["message"]
    assert "secret detail" not in fault["message"]
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_work_speaks_the_language_of_whoever_asked(asked, monkeypatch, english):
    monkeypatch.setattr("tests.jobs.works.greet", lambda running: {"said": _("Look again")})
    job = asked()
    Job.objects.filter(pk=job.pk).update(language="vi")
    run(job.pk)
    job.refresh_from_db()
    assert job.result["said"] == "Xem lại"
    assert _("Look again") == "Look again"


class TestProgress:
    def test_it_is_seen_while_the_work_goes_on(self, transactional_db, asked):
        job = asked("write_names", names=12, pause=0.2)
        seen = _watched(job)
        steps = [now.step for now in seen if now.step]
        assert len(set(steps)) >= 3
        assert {now.total for now in seen} == {12}
        assert [now.done for now in seen] == sorted(now.done for now in seen)

    def test_inside_a_transaction_it_neither_blocks_nor_breaks_the_work(
        self, transactional_db, asked
    ):
        job = asked("write_in_one_transaction")
        seen = _watched(job)
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("done", 8, 8)
        assert User.objects.filter(username="in-the-transaction").exists()
        if connection.vendor == "postgresql":
            assert any(now.step for now in seen)

    def test_a_sign_of_life_comes_without_progress_too(self, transactional_db, asked, settings):
        settings.JOB_HEARTBEAT = timedelta(seconds=0.1)
        job = asked("write_names", names=1, pause=2)
        seen = _watched(job)
        assert len({now.heartbeat_at for now in seen}) >= 3

    def test_more_than_all_is_no_progress(self, asked):
        with pytest.raises(ValueError, match="3 of 2"):
            Running(asked()).progress(3, 2)

    def test_a_worker_that_lost_its_job_is_stopped(self, asked):
        running = Running(asked())
        running.superseded = True
        with pytest.raises(Superseded):
            running.progress(1, 2)


def test_a_worker_taken_for_dead_changes_nothing_when_it_comes_back(transactional_db, asked):
    job = asked("write_names", names=10, pause=0.3)
    first = threading.Thread(target=_run_and_close, args=[job.pk])
    first.start()
    _until(lambda: Job.objects.get(pk=job.pk).state == "running")
    Job.objects.filter(pk=job.pk).update(state="queued")
    Job.objects.filter(pk=job.pk).update(arguments={"names": 12})
    run(job.pk)
    first.join()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.total) == ("done", 2, 12)
    assert User.objects.filter(username__startswith="name-").count() == 12


def _run_and_close(job_id: int) -> None:
    try:
        run(job_id)
    finally:
        connection.close()


def _watched(job: Job) -> list[Job]:
    """The job as it was seen from outside while it ran."""
    worker = threading.Thread(target=_run_and_close, args=[job.pk])
    worker.start()
    seen = []
    while worker.is_alive():
        now = Job.objects.get(pk=job.pk)
        if now.state == "running" and now.total:
            seen.append(now)
        time.sleep(0.1)
    worker.join()
    assert seen or connection.vendor == "sqlite"
    return seen


def _until(happened) -> None:
    for _tenth in range(100):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("It did not happen within ten seconds.")
