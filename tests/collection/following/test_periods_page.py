"""Closing a month, reopening it with a reason, and corrections that wait in between."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from collection.following.rounds import rounds_of
from collection.review.waiting import queue
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import open_period
from commitments.models import Count, Period, PeriodEvent, Submission, Total
from commitments.rules import Refused
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders
from tests.pages.reported import report

MAY = Month.of(2025, 5)
TODAY = date(2025, 6, 15)


@pytest.fixture(autouse=True)
def in_june(time_machine):
    time_machine.move_to(datetime(2025, 6, 15, 3, tzinfo=UTC))


@pytest.fixture
def reported(catalogue, communes):
    report(catalogue, communes, MAY, HI=[100, 200, 300, 400, None])


@pytest.fixture
def officer_client(client, officer):
    client.force_login(officer)
    return client


def close(client, month="2025-05", without="99005"):
    """Close a month knowing that 99005 has not reported."""
    address = reverse("collection:close", args=[month])
    return client.post(address, {"without": without}, follow=True)


def reopen(client, why, month="2025-05"):
    return client.post(reverse("collection:reopen", args=[month]), {"why": why}, follow=True)


def correct(communes, catalogue, actor, value=111, why="Cộng sót một bản"):
    return record_counts(
        entries=[Entry(MAY, communes[0].pk, catalogue["HI"].pk, value)],
        actor=actor, on=TODAY, why=why, after_closing=True,
    )  # fmt: skip


def test_a_month_closes_and_says_so(reported, officer_client, province):
    page = close(officer_client).content.decode()
    assert Period.objects.get(unit=province, month=MAY).is_closed
    assert reverse("collection:reopen", args=["2025-05"]) in page


def test_a_month_with_communes_missing_is_closed_only_once_they_were_named(
    reported, officer_client, province, communes, catalogue
):
    record_counts(
        entries=[Entry(MAY, communes[4].pk, catalogue["HI"].pk, 500)], actor=COMMAND_LINE, on=TODAY
    )
    record_counts(
        entries=[Entry(MAY, communes[3].pk, catalogue["HI"].pk, 401)], actor=COMMAND_LINE, on=TODAY
    )
    Submission.objects.filter(unit=communes[4]).update(state="draft")
    address = reverse("collection:close", args=["2025-05"])
    for seen in ({}, {"without": ""}, {"without": "99005"}, {"without": "99001 99002"}):
        asked = officer_client.post(address, seen)
        page = asked.content.decode()
        assert asked.status_code == 200
        assert "Chốt 05/2025 khi chưa đủ báo cáo?" in page
        assert [unit.code for unit in asked.context["unsent"]] == ["99005"]
        assert [unit.code for unit in asked.context["waiting"]] == ["99004"]
        assert "Xã Hồ Mây" in page and "Xã Ghềnh Xanh" in page and "Xã Ao Sen" not in page
        assert not Period.objects.filter(unit=province, month=MAY, closed_at__isnull=False).exists()
    told = officer_client.post(address, {"without": asked.context["without"]}, follow=True)
    assert "05/2025 đã chốt" in told.content.decode()
    assert "2025-05 đã chốt" not in told.content.decode()
    assert Period.objects.get(unit=province, month=MAY).is_closed


def test_a_month_that_is_complete_closes_at_once(reported, officer_client, communes, catalogue):
    record_counts(
        entries=[Entry(MAY, communes[4].pk, catalogue["HI"].pk, 500)],
        actor=COMMAND_LINE, on=TODAY, approve=True,
    )  # fmt: skip
    told = officer_client.post(reverse("collection:close", args=["2025-05"]), follow=True)
    assert "05/2025 đã chốt" in told.content.decode()
    again = reopen(officer_client, "Bổ sung").content.decode()
    assert "05/2025 đã mở lại" in again
    assert "2025-05 đã" not in again


def test_the_question_is_for_whoever_may_close(reported, client, leader):
    client.force_login(leader)
    assert client.post(reverse("collection:close", args=["2025-05"])).status_code == 403


def test_a_month_that_has_not_ended_is_not_closed(reported, officer_client, province):
    page = close(officer_client, "2025-06").content.decode()
    assert "chưa kết thúc" in page
    assert reverse("collection:close", args=["2025-06"]) not in page
    assert not PeriodEvent.objects.exists()
    assert not Period.objects.filter(month=MAY + 1, closed_at__isnull=False).exists()


def test_reopening_needs_a_reason_and_it_stays_visible(reported, officer_client, province, leader):
    close(officer_client)
    reopen(officer_client, "  ")
    assert Period.objects.get(unit=province, month=MAY).is_closed
    reopen(officer_client, "Xã Ao Sen cộng sót")
    assert not Period.objects.get(unit=province, month=MAY).is_closed
    close(officer_client)
    officer_client.force_login(leader)
    page = officer_client.get(reverse("collection:periods")).content.decode()
    assert "Xã Ao Sen cộng sót" in page
    assert reverse("collection:reopen", args=["2025-05"]) not in page


def test_a_correction_after_closing_waits_and_says_what_it_changes(
    reported, officer_client, officer, commune_officer, communes, catalogue, province
):
    close(officer_client)
    correct(communes, catalogue, commune_officer)
    assert Total.objects.get(node=province, month=MAY).approved == 1000
    (row,) = queue(user=officer, on=TODAY, month=MAY).reports
    assert [(cell.approved, cell.value) for cell in row.corrections] == [(100, 111)]
    assert (row.closed, row.passing) == (True, None)
    page = officer_client.get(reverse("collection:review"), {"month": "2025-05"}).content.decode()
    assert "đã duyệt 100" in page
    assert reverse("collection:decide", args=["2025-05", "99001", "approve"]) not in page
    (round_of_may,) = (r for r in rounds_of(province, until=MAY, current=MAY) if r.month == MAY)
    assert round_of_may.corrections == 1
    report_of = Submission.objects.get(unit=communes[0], month=MAY)
    with pytest.raises(Refused):
        submissions.approve(submissions=[report_of], actor=officer, on=TODAY)
    reopen(officer_client, "Duyệt chỗ sửa của xã Ao Sen")
    submissions.approve(submissions=[report_of], actor=officer, on=TODAY)
    assert Total.objects.get(node=province, month=MAY).approved == 1011


def test_a_correction_after_closing_needs_a_reason(
    reported, officer_client, commune_officer, communes, catalogue
):
    close(officer_client)
    with pytest.raises(Refused) as refusal:
        correct(communes, catalogue, commune_officer, why="")
    assert {fault.code for fault in refusal.value.faults} == {"reason_needed"}
    assert Count.objects.get(unit=communes[0], month=MAY).value == 100


@pytest.mark.parametrize("who", ["leader", "auditor", "chair", "commune_officer", "outsider"])
def test_only_the_standing_officer_closes(who, request, reported, client):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("collection:close", args=["2025-05"])).status_code == 403
    assert not PeriodEvent.objects.exists()


def test_a_month_shows_how_complete_it_is(reported, province):
    (may,) = (r for r in rounds_of(province, until=MAY, current=MAY) if r.month == MAY)
    assert (may.expected, may.approved, may.missing, may.is_complete) == (5, 4, 1, False)


def test_a_year_of_months_takes_few_queries(reported, province, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert len(rounds_of(province, until=MAY, current=MAY)) == 13


def test_after_the_reform_fewer_communes_are_expected(reported, reformed, province):
    august = Month.of(2025, 8)
    months = {r.month: r.expected for r in rounds_of(province, until=august, current=august)}
    assert (months[MAY], months[august]) == (5, 3)


def test_months_long_ago_are_pages_away_and_can_be_reopened_there(
    reported, officer_client, officer, province, time_machine
):
    close(officer_client)
    time_machine.move_to(datetime(2027, 1, 15, 3, tzinfo=UTC))
    officer_client.force_login(officer)
    address, may = reverse("collection:periods"), reverse("collection:reopen", args=["2025-05"])
    newest = officer_client.get(address).content.decode()
    assert may not in newest
    assert 'href="?until=2025-12"' in newest
    older = officer_client.get(address, {"until": "2025-12"}).content.decode()
    assert f'{may}?until=2025-12"' in older
    assert f'href="{address}"' in older
    assert "?until=2024-11" not in older
    answer = officer_client.post(f"{may}?until=2025-12", {"why": "Bổ sung"}, follow=True)
    assert answer.request["QUERY_STRING"] == "until=2025-12"
    assert "Bổ sung" in answer.content.decode()
    assert not Period.objects.get(unit=province, month=MAY).is_closed


def test_whoever_sits_in_two_provinces_closes_the_months_of_the_one_that_is_shown(
    officer_client, officer, province
):
    other = builders.unit("98", "Sông Lặng", tier="province")
    builders.rebuild_map()
    builders.seat(officer, Role.STANDING_OFFICER, other)
    for one in (province, other):
        open_period(
            unit=one, month=Month.of(2024, 1), due_on=date(2024, 2, 7),
            closes_on=date(2024, 2, 21), actor=officer, on=TODAY,
        )  # fmt: skip
    address = reverse("collection:periods")
    for code, one in (("98", other), ("99", province)):
        page = officer_client.get(address, {"unit": code}).content.decode()
        assert f'href="?unit={code}&amp;until=2024-05"' in page
        (action,) = re.findall(r'action="([^"]*/2025-05/close/[^"]*)"', page)
        seen = {"without": "99001 99002 99003 99004 99005"}
        answer = officer_client.post(action.replace("&amp;", "&"), seen, follow=True)
        assert answer.request["QUERY_STRING"] == f"unit={code}"
        assert Period.objects.get(month=MAY, unit=one).is_closed
        assert answer.context["province"] == one


def test_no_month_after_the_one_that_is_running_is_shown(reported, officer_client):
    page = officer_client.get(reverse("collection:periods"), {"until": "2026-01"})
    assert page.context["rounds"][0].month == Month.of(2025, 6)


def test_a_month_that_is_none_is_refused(officer_client, province):
    assert close(officer_client, "spring").status_code == 400
