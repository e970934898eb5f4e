"""Completeness: a square per commune in force, what was handed in counts, the worst group leads."""

import re
from datetime import date, datetime
from html import unescape
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from collection.following.board import STRIPS_ON_A_PAGE, board
from collection.following.roster import Mark
from collection.models import DraftCell
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import usual_period
from commitments.actions.reporting.submissions import return_report
from commitments.models import Count, Submission
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import completeness
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.paging import FIRST, Turn
from steering.committee.roles import Role
from tests import builders

JANUARY, FEBRUARY = Month.of(2024, 1), Month.of(2024, 2)
TODAY = date(2024, 3, 12)
IN_TIME = timezone.make_aware(datetime(2024, 3, 7, 23, 59))
LATE = timezone.make_aware(datetime(2024, 3, 8, 0, 1))


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel("2024-03-12T08:00:00+07:00"):
        yield


@pytest.fixture
def report(catalogue):
    """Hand in a report of a unit at a moment."""

    def report(unit, at=IN_TIME, month=FEBRUARY, on=TODAY, **more):
        entries = [Entry(month, unit.pk, catalogue["HI"].pk, 10)]
        record_counts(entries=entries, actor=COMMAND_LINE, on=on, at=at, **more)
        return Submission.objects.get(unit=unit, month=month)

    return report


@pytest.fixture
def seen(province, officer):
    """The board of the province as its officer sees it."""
    return lambda month=FEBRUARY, on=TODAY, unit=province, turn=FIRST: board(
        unit=unit, month=month, user=officer, on=on, turn=turn
    )


@pytest.fixture
def page(client, officer):
    """The page's text, as the officer reads it."""
    client.force_login(officer)

    def page(**query):
        return client.get(reverse("collection:completeness"), query).content.decode()

    return page


def marks(found) -> dict[str, Mark]:
    return {line.unit.code: line.now.mark for line in found.lines}


def test_a_report_is_on_time_late_returned_begun_or_missing(report, seen, communes, catalogue):
    on_time, late, returned, begun, _missing = communes
    report(on_time)
    report(late, at=LATE)
    return_report(submissions=[report(returned)], actor=COMMAND_LINE, on=TODAY, why="Thiếu số hộ")
    DraftCell.objects.create(
        unit=begun, month=FEBRUARY, indicator=catalogue["HI"], text="12", value=12, at=IN_TIME
    )
    found = seen()
    assert list(marks(found).values()) == [
        Mark.BEGUN, Mark.MISSING, Mark.ON_TIME, Mark.LATE, Mark.RETURNED,
    ]  # fmt: skip
    assert (found.expected, found.sent, found.on_time, found.late) == (5, 2, 1, 1)
    assert (found.missing, found.returned, found.begun, found.untouched) == (3, 1, 1, 1)


def test_the_due_day_itself_is_in_time_and_the_minute_after_is_late(report, seen, communes):
    report(communes[0], at=IN_TIME)
    report(communes[1], at=LATE)
    found = seen()
    assert found.due_on == date(2024, 3, 7)
    assert marks(found)["99001"] == Mark.ON_TIME
    assert marks(found)["99002"] == Mark.LATE


def test_a_draft_and_a_sent_report_without_a_number_are_not_counted(report, seen, communes):
    report(communes[0], send=False)
    report(communes[1])
    Count.objects.filter(unit=communes[1]).update(value=None)
    found = seen()
    assert found.sent == 0
    assert marks(found)["99001"] == marks(found)["99002"] == Mark.BEGUN


def test_overdue_follows_from_the_due_day_and_the_day_of_looking(seen, communes):
    assert not seen(on=date(2024, 3, 7)).overdue
    assert seen(on=date(2024, 3, 8)).overdue


def test_the_worst_group_leads(report, seen, communes):
    for unit in communes[:3]:
        report(unit)
    assert [group.unit.code for group in seen().groups] == ["902", "901"]
    for unit in communes[3:]:
        report(unit, at=LATE)
    assert [group.unit.code for group in seen().groups] == ["902", "901"]


def test_squares_are_the_units_in_force_before_and_after_the_reform(
    catalogue, reformed, seen, report
):
    june, july = Month.of(2025, 6), Month.of(2025, 7)
    on = date(2025, 8, 20)
    before, after = seen(june, on), seen(july, on)
    assert [group.unit.code for group in before.groups] == ["901", "902"]
    assert before.expected == 5
    assert [group.unit.code for group in after.groups] == ["99"]
    assert after.expected == 3
    strips = {line.unit.code: [square.is_in_force for square in line.strip] for line in after.lines}
    assert strips == {
        "99001": [False] * 11 + [True],
        "99004": [False] * 11 + [True],
        "99005": [True] * 12,
    }


def test_more_reports_than_units_never_make_more_than_all(catalogue, reformed, seen, report):
    """Reports of units that have ended by then are no square of the month."""
    july, on = Month.of(2025, 7), date(2025, 8, 20)
    for unit in Unit.objects.filter(reports_at="commune"):
        Submission.objects.create(
            unit=unit,
            month=july,
            state="submitted",
            sent_at=timezone.make_aware(datetime(2025, 8, 2)),
        )
        Count.objects.create(unit=unit, month=july, indicator=catalogue["HI"], value=1)
    found = seen(july, on)
    assert (found.sent, found.expected) == (3, 3)


def test_it_says_the_same_as_the_coverage_of_figures(report, seen, communes, province):
    report(communes[0], approve=True)
    report(communes[1], at=LATE)
    report(communes[4], send=False)
    coverage = {
        one.unit.code: (one.expected, one.sent, one.on_time)
        for one in completeness(unit=province, months=[FEBRUARY])
    }
    found = seen()
    assert coverage == {
        group.unit.code: (group.expected, group.sent, group.on_time) for group in found.groups
    }


def test_the_page_has_a_square_for_each_commune_and_a_table(report, page, communes):
    report(communes[0])
    text = page(month="2024-02")
    now, _cut, rest = text.partition('<details class="card as-table">')
    assert now.count('class="square mark-on-time" href') == 2  # the district's row and the strip
    assert 'title="Xã Ao Sen, 02/2024: đúng hạn, 23:59 07/03/2024"' in now
    assert 'href="/review/2024-02/99001/"' in now
    assert 'href="/entry/2024-02/99002/"' in now
    assert "Huyện Đồi Thông" in rest
    assert "None" not in text


def test_whoever_types_for_a_unit_is_led_to_where_it_is_typed(
    report, client, commune_officer, communes
):
    report(communes[0], month=JANUARY)
    client.force_login(commune_officer)
    text = client.get(reverse("collection:completeness"), {"month": "2024-02"}).content.decode()
    assert 'href="/entry/2024-02/99001/"' in text
    assert 'href="/entry/2024-01/99001/"' in text
    assert "/review/" not in text


def test_a_month_that_ended_can_be_reached_although_nobody_has_reported_for_it(
    report, page, communes
):
    report(communes[0], month=JANUARY)
    assert 'href="/completeness/?month=2024-02" rel="next"' in page(month="2024-01")
    assert 'rel="next"' not in page(month="2024-02")


def test_whoever_enters_nothing_is_led_to_the_unit(report, client, auditor, communes):
    client.force_login(auditor)
    text = client.get(reverse("collection:completeness"), {"month": "2024-02"}).content.decode()
    assert 'href="/units/99002/?month=2024-02"' in text
    assert "/entry/" not in text
    assert "/completeness/remind/" not in text


def test_without_a_month_the_page_opens_the_one_that_is_collected(
    report, client, officer, communes
):
    report(communes[0], month=JANUARY, at=timezone.make_aware(datetime(2024, 2, 3)))
    report(communes[0], month=FEBRUARY)
    client.force_login(officer)
    answer = client.get(reverse("collection:completeness"))
    assert answer.url == reverse("collection:completeness") + "?month=2024-02"


def test_months_that_were_opened_are_stepped_through(report, page, communes):
    report(communes[0], month=JANUARY)
    report(communes[0], month=FEBRUARY)
    assert 'href="/completeness/?month=2024-01" rel="prev"' in page(month="2024-02")
    assert 'href="/completeness/?month=2024-02" rel="next"' in page(month="2024-01")


def test_a_district_sees_its_own_communes_and_a_commune_itself(client, chair, commune_officer):
    client.force_login(chair)
    text = client.get(reverse("collection:completeness"), {"month": "2024-02"}).content.decode()
    assert "Xã Ao Sen" in text
    assert "Ghềnh Xanh" not in text
    client.force_login(commune_officer)
    text = client.get(reverse("collection:completeness"), {"month": "2024-02"}).content.decode()
    assert "Xã Ao Sen" in text
    assert "Cầu Tre" not in text
    other = client.get(reverse("collection:completeness"), {"month": "2024-02", "unit": "902"})
    assert other.status_code == 403


@pytest.fixture
def sixty_more(report):
    """Sixty more communes of the district 901 have reported in time."""

    def sixty_more():
        for number in range(60):
            builders.unit(f"97{number:03}", f"Bản {number}", parent=builders.by_code("901"))
        builders.rebuild_map()
        for unit in Unit.objects.filter(code__startswith="970"):
            report(unit)

    return sixty_more


def test_sixty_communes_take_no_more_queries_than_five_and_a_page_of_strips(
    report, page, communes, sixty_more, django_assert_max_num_queries
):
    for unit in communes:
        report(unit)
    page(month="2024-02")
    with django_assert_max_num_queries(28) as few:
        page(month="2024-02")
    sixty_more()
    builders.seated("another", Role.OFFICER, builders.by_code("902"))
    with django_assert_max_num_queries(len(few)):
        text = page(month="2024-02")
    assert text.count('class="square mark-on-time" href') == 65 + STRIPS_ON_A_PAGE


def test_the_pages_of_strips_show_every_unit_once_and_each_tells_of_all(
    report, seen, communes, sixty_more
):
    sixty_more()
    first = seen()
    assert [group.unit.code for group in first.groups] == ["902", "901"]
    report(communes[4])  # of the first group, which stays it
    second = seen(turn=Turn(first.page.after))
    assert (second.expected, second.sent) == (65, 61)
    shown = [[line.unit.code for line in found.page] for found in (first, second)]
    assert shown[0] + shown[1] == [line.unit.code for line in first.lines]
    assert (len(shown[0]), second.page.after) == (STRIPS_ON_A_PAGE, "")
    assert [line.unit.code for line in seen(turn=Turn(second.page.before, back=True)).page] == [
        line.unit.code for line in seen().page
    ]


def test_a_group_whose_strips_are_on_another_page_links_to_them(page, report, communes, sixty_more):
    sixty_more()
    for unit in communes[3:]:
        report(unit)
    # Now 901 is the worst, and its 63 communes fill more than a page.
    text = page(month="2024-02")
    assert text.count('<section class="card group"') == 2
    (link,) = re.findall(r'class="elsewhere"><a href="\?([^"#]*)#group-902"', text)
    asked = dict(parse_qsl(unescape(link)))
    text = page(**asked)
    strips = text.partition('id="group-902"')[2].partition("</section>")[0]
    assert strips.count('<td class="in-words">') == 2
    assert "<details open>" in strips
    assert 'rel="prev"' in strips


def test_earlier_months_of_a_unit_are_due_as_its_province_of_then_said(
    report, officer, communes, province
):
    other = builders.unit("98", "Núi Đôi", tier="province")
    builders.move_unit(communes[4], other, date(2024, 2, 1))
    builders.rebuild_map()
    builders.seat(officer, Role.STANDING_OFFICER, other)
    for unit, day in ((province, 25), (other, 1)):
        period = usual_period(unit.pk, JANUARY)
        period.due_on, period.closes_on = date(2024, 2, day), date(2024, 2, 28)
        period.save()
    report(communes[4], timezone.make_aware(datetime(2024, 2, 20)), month=JANUARY)
    (line,) = board(unit=other, month=FEBRUARY, user=officer, on=TODAY).lines
    assert line.strip[-2].mark == Mark.ON_TIME
