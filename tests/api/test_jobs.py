"""Background work through the API: one's own, with how far it is and what came of it."""

import pytest
from django.utils import timezone

from steering.jobs.models import Job


@pytest.fixture
def running(officer):
    now = timezone.now()
    return Job.objects.create(
        kind="conference_workbook", label="Sổ hội nghị", by=officer, language="vi",
        state="running", step="huyện Mai Sơn", done=7, total=11, started_at=now, heartbeat_at=now,
    )  # fmt: skip


def test_ones_own_work_says_how_far_it_is(api, officer, running):
    (job,) = api(officer).get("/api/v1/jobs/", {"state": "running"}).json()["results"]
    assert (job["label"], job["done"], job["total"]) == ("Sổ hội nghị", 7, 11)
    one = api(officer).get(f"/api/v1/jobs/{running.pk}/").json()
    assert (one["step"], one["file"]) == ("huyện Mai Sơn", None)


def test_the_work_of_somebody_else_is_as_if_it_did_not_exist(api, chair, running):
    assert api(chair).get("/api/v1/jobs/").json()["count"] == 0
    answer = api(chair).get(f"/api/v1/jobs/{running.pk}/")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "not_found"
