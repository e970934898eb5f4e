"""Every constraint of a job, broken once on purpose in the database itself."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from steering.jobs.models import Job

NOW = datetime(2026, 1, 10, tzinfo=UTC)

BROKEN = {
    "job_state_known": {"state": "sleeping", "finished_at": NOW},
    "job_running_has_started": {"state": "running", "started_at": NOW},
    "job_finished_has_its_time": {"state": "failed"},
    "job_progress_within_total": {"done": 3, "total": 2},
}
WHOLE = [
    {"state": "queued"},
    {"state": "running", "started_at": NOW, "heartbeat_at": NOW},
    {"state": "done", "finished_at": NOW, "done": 2, "total": 2},
    {"state": "failed", "finished_at": NOW},
]


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_a_job_cannot_be(db, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.create(kind="greet", label="x", language="vi", **BROKEN[name])
    assert not Job.objects.exists()


def test_the_clock_asks_for_one_job_of_a_kind_a_night_and_people_for_any_number(db):
    night = {"kind": "greet", "label": "x", "language": "vi", "night": date(2026, 1, 10)}
    Job.objects.create(**night)
    once = r"job_once_a_night|jobs_job\.night"
    with pytest.raises(IntegrityError, match=once), transaction.atomic():
        Job.objects.create(**night)
    Job.objects.create(**night | {"kind": "refuse"})
    Job.objects.create(**night | {"night": date(2026, 1, 11)})
    for _ in range(2):
        Job.objects.create(**night | {"night": None})
    assert Job.objects.count() == 5


def test_every_constraint_is_broken_here(db):
    names = {constraint.name for constraint in Job._meta.constraints}
    assert {*BROKEN, "job_once_a_night"} == names


@pytest.mark.parametrize("fields", WHOLE, ids=lambda fields: fields["state"])
def test_what_a_job_can_be_is_kept(db, fields):
    assert Job.objects.create(kind="greet", label="x", language="vi", **fields).pk


def test_a_finished_job_without_its_time_and_a_waiting_one_with_it_are_refused(db):
    for fields in ({"state": "done"}, {"state": "queued", "finished_at": NOW}):
        with pytest.raises(IntegrityError, match="job_finished_has_its_time"), transaction.atomic():
            Job.objects.create(kind="greet", label="x", language="vi", **fields)
