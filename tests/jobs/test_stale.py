"""Jobs whose worker was killed, and jobs whose message was lost: found, told, run again."""

from datetime import UTC, datetime, timedelta

import pytest

from steering.accounts.models import JournalEntry
from steering.jobs.actions import requeue_stale, run
from steering.jobs.models import Job

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)


@pytest.fixture
def running(asked):
    """A job under way whose last sign of life is so old."""

    def running(*, silent: timedelta, **changes) -> Job:
        job = asked()
        Job.objects.filter(pk=job.pk).update(
            **{
                "state": "running",
                "attempts": 1,
                "started_at": NOW - silent,
                "heartbeat_at": NOW - silent,
                **changes,
            }
        )
        job.refresh_from_db()
        return job

    return running


def test_a_silent_job_is_told_and_waits_again(
    running, delivered, django_capture_on_commit_callbacks, english
):
    job = running(silent=timedelta(minutes=3), language="vi")
    with django_capture_on_commit_callbacks(execute=True):
        requeue_stale(now=NOW)
    job.refresh_from_db()
    assert (job.state, job.losses) == ("queued", 1)
    assert job.step.startswith("Tiến trình xử lý dừng giữa chừng")
    assert delivered == [job.pk]
    assert JournalEntry.objects.get(action="job.requeued").why == job.step


def test_a_job_that_gave_a_sign_of_life_is_left_alone(running, delivered):
    job = running(silent=timedelta(minutes=1))
    requeue_stale(now=NOW)
    job.refresh_from_db()
    assert (job.state, job.losses, delivered) == ("running", 0, [])


def test_it_runs_to_the_end_as_a_second_attempt(running, delivered):
    job = running(silent=timedelta(minutes=3))
    requeue_stale(now=NOW)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_the_third_lost_worker_is_the_last(running, delivered, english):
    job = running(silent=timedelta(minutes=3), losses=2, language="en")
    requeue_stale(now=NOW)
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.losses) == ("failed", NOW, 3)
    assert job.faults[0]["code"] == "worker_lost"
    assert "3 times" in job.faults[0]["message"]
    assert JournalEntry.objects.filter(action="job.given_up").count() == 1
    assert delivered == []


def test_a_waiting_job_that_was_never_delivered_is_delivered(asked, delivered):
    job = asked()
    Job.objects.filter(pk=job.pk).update(queued_at=NOW - timedelta(minutes=3))
    requeue_stale(now=NOW)
    assert delivered == [job.pk]


@pytest.mark.parametrize(("minutes", "again"), [(1, False), (3, True)])
def test_a_delivered_job_is_delivered_again_when_nobody_takes_it(asked, delivered, minutes, again):
    job = asked()
    Job.objects.filter(pk=job.pk).update(
        queued_at=NOW - timedelta(hours=1), delivered_at=NOW - timedelta(minutes=minutes)
    )
    requeue_stale(now=NOW)
    assert delivered == ([job.pk] if again else [])


def test_finished_jobs_are_left_alone(asked, delivered):
    job = asked()
    run(job.pk)
    requeue_stale(now=NOW + timedelta(days=3650))
    job.refresh_from_db()
    assert (job.state, delivered) == ("done", [])
