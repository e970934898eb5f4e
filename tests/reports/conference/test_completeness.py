"""Who has reported, on time or late, for the units in force in each month."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import usual_period
from commitments.actions.reporting.submissions import return_report, revoke, send
from commitments.models import Submission
from districts.months import Month
from reports.conference.completeness import (
    completeness,
    due_days,
)
from steering.accounts.actors import COMMAND_LINE
from tests import builders

JUNE = Month.of(2025, 6)
ON_TIME = datetime(2025, 7, 3, tzinfo=UTC)
LATE = datetime(2025, 7, 20, tzinfo=UTC)


@pytest.fixture
def report(catalogue):
    def report(unit, *, at, month=JUNE, approve=False):
        record_counts(
            entries=[Entry(month, unit.pk, catalogue["HI"].pk, 1)],
            actor=COMMAND_LINE,
            on=date(2025, 8, 1),
            at=at,
            approve=approve,
        )

    return report


def coverage(unit, months):
    return {
        (c.unit.code, c.month): (c.expected, c.sent, c.on_time, c.approved)
        for c in completeness(unit=unit, months=months)
    }


def test_reports_are_on_time_late_or_missing(report, province, communes):
    report(communes[0], at=ON_TIME, approve=True)
    report(communes[1], at=LATE)
    assert coverage(province, [JUNE]) == {
        ("901", JUNE): (3, 2, 1, 1),
        ("902", JUNE): (2, 0, 0, 0),
    }
    east = completeness(unit=province, months=[JUNE])[0]
    assert (east.late, east.missing) == (1, 1)


def test_a_returned_report_is_missing_again(report, province, communes):
    report(communes[0], at=ON_TIME)
    return_report(
        submissions=Submission.objects.all(), actor=COMMAND_LINE, on=date(2025, 8, 1), why="?"
    )
    assert coverage(province, [JUNE])["901", JUNE] == (3, 0, 0, 0)


def test_a_report_being_corrected_stays_sent_and_approved_while_its_numbers_stand(
    report, province, communes, catalogue
):
    report(communes[0], at=ON_TIME, approve=True)
    correction = [Entry(JUNE, communes[0].pk, catalogue["HI"].pk, 2)]
    record_counts(entries=correction, actor=COMMAND_LINE, on=date(2025, 8, 1), send=False)
    assert Submission.objects.get().state == "draft"
    assert coverage(province, [JUNE])["901", JUNE] == (3, 1, 1, 1)


def test_a_revoked_approval_leaves_the_report_sent_and_not_approved(report, province, communes):
    report(communes[0], at=ON_TIME, approve=True)
    revoke(submissions=Submission.objects.all(), actor=COMMAND_LINE, on=date(2025, 8, 1), why="?")
    assert coverage(province, [JUNE])["901", JUNE] == (3, 1, 1, 0)


def test_a_report_sent_again_after_its_day_was_on_time_the_first_time(report, province, communes):
    report(communes[0], at=ON_TIME)
    reports = Submission.objects.all()
    return_report(submissions=reports, actor=COMMAND_LINE, on=date(2025, 8, 1), why="?")
    send(submissions=reports, actor=COMMAND_LINE, on=date(2025, 8, 1))
    assert coverage(province, [JUNE])["901", JUNE] == (3, 1, 1, 0)


def test_a_unit_is_asked_only_while_it_is_in_force(report, province, reformed):
    july = JUNE + 1
    stays = builders.by_code("99005", builders.REFORM_DAY)
    report(stays, at=LATE, month=july)
    found = coverage(province, [JUNE, july])
    assert found["99001", JUNE] == (None, 0, 0, 0)
    assert found["99001", july] == (1, 0, 0, 0)
    assert found["99005", JUNE] == (1, 0, 0, 0)
    assert found["99005", july] == (1, 1, 1, 0)


@pytest.fixture
def moved(province, communes):
    """Commune 99005 stands under another province from July 2025 on; returns that province.

    Province 99 set the due day of June late, the other one early.
    """
    other = builders.unit("98", "Núi Đôi", tier="province")
    builders.move_unit(communes[4], other, builders.REFORM_DAY)
    builders.rebuild_map()
    for unit, day in ((province, date(2025, 7, 25)), (other, date(2025, 7, 1))):
        period = usual_period(unit.pk, JUNE)
        period.due_on, period.closes_on = day, date(2025, 7, 31)
        period.save()
    return other


def test_a_report_is_due_when_the_province_of_its_own_month_said(report, moved, communes):
    july = JUNE + 1
    report(communes[4], at=LATE)
    report(communes[4], at=datetime(2025, 8, 20, tzinfo=UTC), month=july)
    assert due_days([communes[4].pk], [JUNE, july]) == {
        (communes[4].pk, JUNE): date(2025, 7, 25),
        (communes[4].pk, july): date(2025, 8, 7),
    }
    assert coverage(moved, [JUNE, july]) == {
        ("99005", JUNE): (1, 1, 1, 0),
        ("99005", july): (1, 1, 0, 0),
    }


def test_the_number_of_queries_does_not_grow_with_months(province):
    with CaptureQueriesContext(connection) as one:
        completeness(unit=province, months=[JUNE])
    with CaptureQueriesContext(connection) as twelve:
        completeness(unit=province, months=[JUNE - n for n in range(12)])
    assert len(twelve) == len(one)
