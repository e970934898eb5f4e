"""The conference workbook in the background: the same bytes, the same rights, the same refusals."""

from datetime import date, datetime
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from commitments.actions.reporting.counts import Entry, record_counts
from districts.months import Month
from reports.conference.assembly import assemble_conference
from reports.workbook.build import build
from steering.accounts.actors import COMMAND_LINE
from steering.committee.models import Membership
from steering.jobs.actions import run
from steering.jobs.models import Job

DECEMBER = Month.of(2023, 12)
HERE = "/?month=2023-12"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 1, 10, 12), tick=False):
        yield


@pytest.fixture
def filled(communes, catalogue):
    record_counts(
        entries=[Entry(DECEMBER, unit.pk, catalogue["HI"].pk, 90) for unit in communes],
        actor=COMMAND_LINE,
        on=date(2024, 1, 10),
        approve=True,
    )


@pytest.fixture
def order(client, officer):
    def order(query="?month=2023-12", *, user=officer, **more):
        client.force_login(user)
        return client.post(reverse("reports:order_workbook") + query, **more)

    return order


def test_the_overview_offers_it(filled, client, officer):
    client.force_login(officer)
    page = client.get(HERE).content.decode()
    assert f'action="{reverse("reports:order_workbook")}?month=2023-12"' in page


def test_ordering_leads_to_the_job_and_the_job_to_the_file(filled, order, client, province):
    answer = order()
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("jobs:job", args=[job.pk])
    assert job.label == "Sổ hội nghị: Tỉnh Suối Trong, 12/2023"
    run(job.pk)
    file = client.get(reverse("jobs:file", args=[job.pk]))
    assert (
        file.headers["Content-Disposition"] == 'attachment; filename="conference-99-2023-12.xlsx"'
    )
    conference = assemble_conference(unit=province, month=DECEMBER)
    assert b"".join(file.streaming_content) == build(conference)


def test_it_is_in_the_language_it_was_ordered_in(filled, order):
    order("?month=2023-12&lang=en")
    job = Job.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert load_workbook(BytesIO(job.file.read())).sheetnames[:2] == ["Cover", "Summary"]
    assert job.result["said"] == "The workbook is ready."


def test_whoever_may_not_see_the_figures_orders_nothing(filled, order, outsider, chair):
    assert order(user=outsider).status_code == 403
    assert order("?month=2023-12&unit=902", user=chair).status_code == 403
    assert not Job.objects.exists()


def test_rights_are_asked_for_again_when_it_runs(filled, order, officer):
    order()
    Membership.objects.filter(user=officer).update(until=date(2025, 1, 1))
    job = Job.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.faults[0]["code"], job.file.name) == ("failed", "not_allowed", "")


def test_a_unit_that_does_not_stand_on_the_map_leads_to_its_page(filled, reformed, order):
    assert order("?month=2025-12&unit=901").headers["Location"].startswith("/units/901/")
    assert not Job.objects.exists()


def test_looking_at_the_address_orders_nothing(filled, client, officer):
    client.force_login(officer)
    assert client.get(reverse("reports:order_workbook")).status_code == 405
