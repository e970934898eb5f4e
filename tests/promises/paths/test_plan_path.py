"""The plan of a target month by month: shown, chosen, typed, and what is kept of it."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from commitments.actions.reporting.periods import close_period, open_period
from commitments.chain.links import current_digest
from commitments.models import Link
from districts.months import Month
from reports.engine.trajectories import trajectory
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from tests import builders
from tests.pages.reported import assign, report

pytestmark = pytest.mark.usefixtures("english")
JUNE = Month.of(2024, 6)


@pytest.fixture(autouse=True)
def early():
    with time_machine.travel(date(2024, 2, 5), tick=False):
        yield


@pytest.fixture
def decision(province, catalogue, communes):
    """1,000 rose to 1,300 last year, 200 of it by June and nothing before; now 1,600."""
    commune = communes[0]
    for number in range(13):
        month = Month.of(2022, 12) + number
        value = 1_000 if number < 6 else 1_200 if number < 12 else 1_300
        report(catalogue, [commune], month, HI=[value])
    return assign(province, catalogue, {(commune, "HI"): 1_600}, year=2024)


@pytest.fixture
def address(decision):
    return f"/decisions/{decision.pk}/path/HI/?unit={decision.targets.get().unit.code}"


@pytest.fixture
def client(officer):
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def plan(decision, month):
    target = decision.targets.get()
    [point] = trajectory(unit=target.unit, indicator=target.indicator, months=[month])
    return point.plan


def test_the_page_shows_last_year_and_the_ways(client, address):
    shown = client.get(address).content.decode()
    for number in ("1.200", "1.450", "1.500", "1.600"):
        assert number in shown.replace(",", "."), number


def test_by_last_years_shape_every_report_measures_against_it(client, address, decision):
    assert plan(decision, JUNE) == 1_450
    assert client.post(address, {"way": "shape"}).status_code == 302
    assert plan(decision, JUNE) == 1_500
    assert plan(decision, Month.of(2024, 3)) == 1_300
    journal = JournalEntry.objects.get(action="target.path_set")
    assert journal.after["path"]["2024-06"] == 1_500
    link = Link.objects.filter(kind=Link.Kind.DECISION, subject=decision.pk).order_by("pk").last()
    if link:
        assert link.subject_digest == current_digest(decision)
    assert client.post(address, {"way": "straight"}).status_code == 302
    assert plan(decision, JUNE) == 1_450


def test_typed_months_bend_the_line_between_them(client, address, decision):
    sent = client.post(address, {"way": "typed", "month_2024-06": "1.400"})
    assert sent.status_code == 302
    assert (plan(decision, JUNE), plan(decision, Month.of(2024, 9))) == (1_400, 1_500)


def test_no_month_asks_for_more_than_the_year(client, address, decision):
    sent = client.post(address, {"way": "typed", "month_2024-06": "1700"})
    assert sent.status_code == 422
    assert "more than the whole target" in sent.content.decode()
    assert not decision.targets.get().path.exists()


def test_closed_months_change_with_a_reason_only(client, address, decision, province):
    month = Month.of(2024, 1)
    days = {"due_on": date(2024, 2, 3), "closes_on": date(2024, 2, 4)}
    open_period(unit=province, month=month, **days, actor=COMMAND_LINE, on=date(2024, 2, 1))
    close_period(unit=province, month=month, actor=COMMAND_LINE, on=date(2024, 2, 5))
    assert client.post(address, {"way": "shape"}).status_code == 422
    sent = {"way": "shape", "reason": "the campaign starts in June"}
    assert client.post(address, sent).status_code == 302
    decision.refresh_from_db()
    assert (decision.changed_until, decision.reason) == (month, "the campaign starts in June")


def test_without_last_years_months_its_shape_is_refused(client, province, catalogue, communes):
    other = assign(province, catalogue, {(communes[1], "HI"): 90}, year=2024, number="2/QĐ-UBND")
    sent = client.post(f"/decisions/{other.pk}/path/HI/", {"way": "shape"})
    assert sent.status_code == 422
    assert "choose another way" in sent.content.decode()


def test_a_member_of_a_commune_reads_and_does_not_write(address, communes):
    reader = Client()
    reader.force_login(builders.seated("reader", "officer", communes[0]))
    assert reader.get(address).status_code == 200
    assert '<button class="button primary"' not in reader.get(address).content.decode()
    assert reader.post(address, {"way": "straight"}).status_code == 403
