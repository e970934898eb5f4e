"""Comparing totals with counts every night: told when right, told when wrong, never repaired."""

from datetime import date

import pytest

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import Total
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.jobs.actions import enqueue_nightly, run
from steering.jobs.models import Job

DECEMBER = Month.of(2023, 12)


@pytest.fixture
def compared(communes, catalogue):
    """The job of a night after five communes reported."""
    record_counts(
        entries=[Entry(DECEMBER, unit.pk, catalogue["HI"].pk, 90) for unit in communes],
        actor=COMMAND_LINE,
        on=date(2024, 1, 10),
        approve=True,
    )

    def compared() -> Job:
        enqueue_nightly(day=date(2024, 1, 11))
        job = Job.objects.get(kind="verify_totals")
        run(job.pk)
        job.refresh_from_db()
        return job

    return compared


def test_right_totals_are_told_and_journalled(compared, english):
    job = compared()
    assert (job.state, job.result["checked"]) == ("done", Total.objects.count())
    entry = JournalEntry.objects.get(action="totals.verified")
    assert entry.after == {"checked": Total.objects.count(), "wrong": 0}


def test_wrong_totals_fail_the_job_and_stay_as_they_are(compared, province, english):
    wrong = Total.objects.filter(node=province)
    wrong.update(reported=7)
    job = compared()
    assert (job.state, len(job.faults)) == ("failed", 1 + wrong.count())
    assert job.faults[0]["code"] == "wrong_totals"
    assert set(wrong.values_list("reported", flat=True)) == {7}
    assert JournalEntry.objects.get(action="totals.verified").after["wrong"] == wrong.count()
