"""The page of a year's days off: what it lists, what is recorded on it, what it offers."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from commitments.actions.reporting.periods import lock
from commitments.models import CompleteYear, DecidedDay, Period
from commitments.querysets import working_days
from districts.months import Month
from tests import builders

DECEMBER = Month.of(2025, 12)
PAGE = "collection:days"


@pytest.fixture(autouse=True)
def at_the_end_of_2026(time_machine):
    time_machine.move_to(datetime(2026, 11, 30, 3, tzinfo=UTC))


@pytest.fixture
def officer_client(client, officer):
    client.force_login(officer)
    return client


def shown(client, year, **query):
    return client.get(reverse(PAGE), {"year": year, **query})


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def decide(client, **fields):
    given = {"off": "2027-04-29", "worked": "2027-05-08", "source": "5/TB-BNV, 01/03/2027"}
    address = reverse("collection:decide_days") + "?year=2027"
    return client.post(address, given | fields, follow=True)


def test_a_year_lists_its_days_off_and_the_saturdays_worked(officer_client, province):
    days = {one.day: one.worked for one in shown(officer_client, 2024).context["year"].days}
    assert days[date(2024, 4, 29)] is False
    assert days[date(2024, 5, 4)] is True
    due = [period.due_on for period in shown(officer_client, 2024).context["year"].due]
    assert (due[0], due[4], len(due)) == (date(2024, 1, 8), date(2024, 5, 7), 12)


def test_the_page_is_in_the_language_of_its_reader(officer_client, province):
    assert "Ngày nghỉ (thay cho ngày 04/05/2024)" in text(shown(officer_client, 2024))
    english = officer_client.get(reverse(PAGE), {"year": 2024}, headers={"accept-language": "en"})
    assert "Day off (substituted from 04/05/2024)" in text(english)


def test_a_decision_is_recorded_and_due_days_follow(officer_client, province):
    answer = decide(officer_client, off="2027-04-29", worked="2027-05-08")
    assert answer.status_code == 200
    assert "5/TB-BNV, 01/03/2027" in text(answer)
    assert answer.context["year"].due[4].due_on == date(2027, 5, 8)
    assert dict(DecidedDay.objects.values_list("day", "worked")) == {
        date(2027, 4, 29): False,
        date(2027, 5, 8): True,
    }


def test_a_refused_decision_keeps_what_was_typed(officer_client, province):
    answer = decide(officer_client, source="", off="2027-01-03")
    assert answer.status_code == 422
    assert 'value="2027-01-03"' in answer.content.decode()
    assert {fault.code for fault in answer.context["refusal"].faults} == {
        "source_needed",
        "day_known",
    }
    assert decide(officer_client, off="31/01/2027").status_code == 422
    assert not DecidedDay.objects.exists()


def test_a_recorded_day_is_withdrawn_with_a_reason(officer_client, province):
    decide(officer_client)
    address = reverse("collection:withdraw_day", args=[date(2027, 4, 29)])
    officer_client.post(address, {"why": ""})
    assert DecidedDay.objects.count() == 2
    officer_client.post(address, {"why": "Gõ nhầm"})
    assert list(DecidedDay.objects.values_list("day", flat=True)) == [date(2027, 5, 8)]


def test_a_decision_that_was_published_is_proposed_and_counts_when_confirmed(
    officer_client, province
):
    answer = shown(officer_client, 2026)
    assert "12729/VPCP-KGVX" in text(answer)
    (form,) = re.findall(
        r'<form method="post" action="[^"]*decide/.*?</form>', answer.content.decode(), re.S
    )
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    assert fields == {
        "source": "12729/VPCP-KGVX, 25/12/2025",
        "off": "2026-01-02",
        "worked": "2026-01-10",
    }
    officer_client.post(reverse("collection:decide_days"), fields)
    assert working_days().due_day(DECEMBER) == date(2026, 1, 9)
    assert shown(officer_client, 2026).context["year"].uncounted == []


def test_a_year_without_known_days_says_so_until_everything_announced_is_recorded(
    officer_client, province
):
    said = "Chưa biết lịch nghỉ của Chính phủ năm 2027"
    assert said in text(shown(officer_client, 2027))
    assert said not in text(shown(officer_client, 2026))
    assert said not in text(officer_client.get(reverse("collection:periods")))
    complete = reverse("collection:complete_year", args=[2027])
    officer_client.post(complete, {"source": " "})
    assert not CompleteYear.objects.exists()
    officer_client.post(complete, {"source": "9/TB-BNV, 20/12/2026"})
    answer = shown(officer_client, 2027)
    assert said not in text(answer)
    assert "9/TB-BNV, 20/12/2026" in text(answer)
    officer_client.post(reverse("collection:reopen_year", args=[2027]), {"why": "Thiếu"})
    assert said in text(shown(officer_client, 2027))


def test_in_december_the_months_say_that_next_year_is_not_known(
    officer_client, officer, province, time_machine
):
    # The reports of December 2026 are due in 2027.
    time_machine.move_to(datetime(2026, 12, 1, 3, tzinfo=UTC))
    officer_client.force_login(officer)
    assert "Chưa biết lịch nghỉ của Chính phủ năm 2027" in text(
        officer_client.get(reverse("collection:periods"))
    )


def test_an_opened_month_is_offered_and_computed_anew_at_one_click(officer_client, province):
    lock(provinces=[province.pk], months=[DECEMBER])
    Period.objects.update(due_on=date(2026, 1, 7), closes_on=date(2026, 1, 21))
    months = officer_client.get(reverse("collection:periods"), {"until": "2025-12"})
    assert "theo quy định 08/01/2026" in text(months)
    assert "07/01/2026, theo quy định 08/01/2026" in text(shown(officer_client, 2026))
    officer_client.post(reverse("collection:recompute_due_days"))
    assert Period.objects.get().due_on == date(2026, 1, 8)
    assert shown(officer_client, 2026).context["year"].moving == []


@pytest.mark.parametrize("who", ["leader", "auditor", "chair", "commune_officer"])
def test_whoever_sees_the_months_sees_the_days_and_no_form(who, request, client, province):
    lock(provinces=[province.pk], months=[DECEMBER])
    Period.objects.update(due_on=date(2026, 1, 7))
    client.force_login(request.getfixturevalue(who))
    page = shown(client, 2026)
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2]
    assert "<form" not in main


def test_a_year_nobody_can_record_is_the_running_one(officer_client, province):
    for year in ("1999", "2101", "soon", "99999999999"):
        assert shown(officer_client, year).context["year"].year == 2026


def test_the_days_are_those_of_the_province_in_the_address(officer_client, officer, province):
    other = builders.unit("98", "Sông Lặng", tier="province")
    builders.rebuild_map()
    builders.seat(officer, "standing_officer", other)
    lock(provinces=[other.pk], months=[DECEMBER])
    Period.objects.update(due_on=date(2026, 1, 7), closes_on=date(2026, 1, 21))
    assert shown(officer_client, 2026, unit="99").context["year"].moving == []
    page = shown(officer_client, 2026, unit="98")
    (action,) = re.findall(r'action="([^"]*recompute[^"]*)"', page.content.decode())
    officer_client.post(action.replace("&amp;", "&"))
    assert Period.objects.get().due_on == date(2026, 1, 8)


def test_years_are_written_without_a_separator(officer_client, province):
    lock(provinces=[province.pk], months=[DECEMBER])
    for year in (2026, 2027):
        page = shown(officer_client, year).content.decode()
        assert f"Ngày làm việc năm {year}" in page
        assert not re.search(r"\b2[.,]0\d\d\b", page)
