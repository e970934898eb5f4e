"""Files that jobs made are kept for a while; the row stays, says so, and can be run again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from steering.jobs import actions
from steering.jobs.actions import enqueue_nightly, remove_old_files, run, run_again
from steering.jobs.models import Job

NOW = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=181)


@pytest.fixture
def made(asked):
    """Work that ended at a moment and made a file, or ended as ``kind`` does."""

    def made(ended: datetime = LONG_AGO, kind: str = "greet", **arguments) -> Job:
        job = asked(kind, **arguments)
        run(job.pk)
        Job.objects.filter(pk=job.pk).update(finished_at=ended)
        job.refresh_from_db()
        return job

    return made


@pytest.fixture
def at(client, lan):
    """A page of a job in English, as Lan sees it."""
    client.force_login(lan)
    return lambda job, page="job": client.get(
        reverse(f"jobs:{page}", args=[job.pk]), headers={"accept-language": "en"}
    )


def test_an_old_file_goes_and_its_row_stays_and_says_so(made, at, client):
    job = made()
    assert remove_old_files(now=NOW) == 1
    assert not default_storage.exists(job.file.name)
    job.refresh_from_db()
    assert (job.state, job.file_name, job.cleared_at) == ("done", "greeting.txt", NOW)
    page = at(job).content.decode()
    assert "greeting.txt was removed on 01/09/2026" in page
    assert reverse("jobs:file", args=[job.pk]) not in page
    assert reverse("jobs:again", args=[job.pk]) in page
    told = client.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (told["file"], told["cleared_at"]) == (None, "2026-09-01T09:00:00+07:00")


def test_asking_for_a_removed_file_says_that_it_is_gone_and_how_to_get_it_again(made, at):
    job = made()
    remove_old_files(now=NOW)
    answer = at(job, "file")
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "<html" in page
    assert "greeting.txt was removed" in page
    assert reverse("jobs:again", args=[job.pk]) in page


def test_what_is_younger_than_the_setting_is_kept(made, at, settings):
    job = made(NOW - settings.JOB_FILES_KEPT)
    assert remove_old_files(now=NOW) == 0
    assert at(job, "file").status_code == 200


def test_what_a_killed_worker_left_goes_too(made):
    job = made(kind="refuse")
    Job.objects.update(attempts=2)
    left = f"jobs/{job.pk}/1/left.xlsx"
    default_storage.save(left, ContentFile(b"half"))
    assert remove_old_files(now=NOW) == 0
    assert not default_storage.exists(left)


def test_a_file_that_is_gone_is_made_anew(made, at, lan):
    job = made()
    remove_old_files(now=NOW)
    run_again(job=job, actor=lan, now=NOW)
    run(job.pk)
    assert remove_old_files(now=NOW) == 0
    job.refresh_from_db()
    assert (job.state, job.cleared_at) == ("done", None)
    assert b"".join(at(job, "file").streaming_content) == b"Hello lan"


def test_work_that_is_run_again_meanwhile_is_not_said_to_have_lost_its_file(made, lan, monkeypatch):
    job = made(kind="refuse")

    def meanwhile(_place: str) -> None:
        run_again(job=job, actor=lan, now=NOW)

    monkeypatch.setattr(actions, "_remove", meanwhile)
    remove_old_files(now=NOW)
    job.refresh_from_db()
    assert (job.state, job.cleared_at) == ("queued", None)


def test_the_queryset_and_the_job_say_the_same_about_running_again(made):
    jobs = [made(), made(), made(kind="refuse"), made(kind="write_names", names=0)]
    remove_old_files(now=NOW)
    Job.objects.filter(pk=jobs[1].pk).update(cleared_at=None)
    able = {job.pk for job in Job.objects.all() if job.can_run_again}
    assert able == set(Job.objects.to_run_again().values_list("pk", flat=True))
    assert able == {jobs[0].pk, jobs[2].pk}


def test_the_night_removes_them_and_says_how_many(made, english):
    made(datetime(2020, 1, 1, tzinfo=UTC))
    enqueue_nightly(day=date(2026, 9, 1))
    night = Job.objects.get(kind="remove_old_files")
    run(night.pk)
    night.refresh_from_db()
    assert (night.state, night.result["removed"]) == ("done", 1)
