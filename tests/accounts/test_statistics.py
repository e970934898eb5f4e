"""The database knows how full its tables are after migrating, loading, much writing, each night."""

from datetime import date

import pytest
from django.core.management import call_command

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.models import Count
from districts.models import Unit
from districts.months import Month
from steering.accounts import statistics
from steering.accounts.actors import COMMAND_LINE
from steering.jobs.actions import enqueue_nightly, run
from steering.jobs.models import Job
from tests.statistics import rows_known

FEBRUARY = Month.of(2024, 2)
TODAY = date(2024, 3, 3)


def test_the_database_knows_how_many_rows_there_are_once_it_has_looked(communes):
    assert rows_known(Unit) == 0
    statistics.renew_statistics()
    assert rows_known(Unit) == Unit.objects.count() > 0


def test_migrating_ends_with_looking(communes):
    call_command("migrate", plan=True, verbosity=0)
    assert rows_known(Unit) == 0
    call_command("migrate", verbosity=0)
    assert rows_known(Unit) == Unit.objects.count()


def test_loading_the_gazetteer_ends_with_looking(db):
    call_command("load_gazetteer", province=["14"], verbosity=0)
    assert rows_known(Unit) == Unit.objects.count() > 75


def test_it_looks_every_night(communes):
    enqueue_nightly(day=TODAY)
    job = Job.objects.get(kind="renew_statistics", night=TODAY)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, rows_known(Unit)) == ("done", Unit.objects.count())


@pytest.mark.parametrize(("least", "known"), [(2, 2), (3, 0)])
def test_it_looks_after_as_many_new_numbers_as_lead_astray(
    least, known, communes, catalogue, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(statistics, "MANY", least)
    entries = [Entry(FEBRUARY, unit.pk, catalogue["HI"].pk, 7) for unit in communes[:2]]
    with django_capture_on_commit_callbacks(execute=True):
        record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    assert rows_known(Count) == known


def test_a_dry_run_leaves_nothing_to_look_at(
    communes, catalogue, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(statistics, "MANY", 1)
    entries = [Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 7)]
    with django_capture_on_commit_callbacks(execute=True):
        record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, dry_run=True)
    assert rows_known(Unit) == 0
