"""Review: what needs a decision first, only what is unusual unfolded, one or all at once, undo."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.urls import reverse

from collection.review import waiting as review
from collection.review.waiting import queue
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period
from commitments.models import Count, Explanation, Move, ReviewLevel, Rule, Submission
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.paging import FIRST, Turn
from steering.committee.roles import Role
from tests import builders

JANUARY, FEBRUARY = Month.of(2024, 1), Month.of(2024, 2)
TODAY = date(2024, 3, 3)


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel("2024-03-03T08:00:00+07:00"):
        yield


@pytest.fixture
def change_asks(catalogue):
    return Rule.objects.create(
        code="HI_CHANGE", kind="change", severity="explain", indicator=catalogue["HI"],
        percent=10, least=2,
    )  # fmt: skip


@pytest.fixture
def reported(catalogue, communes, change_asks):
    """January approved at 100 each; in February 99001 reports 101, 99002 150 and says why."""
    hi, si = catalogue["HI"].pk, catalogue["SI_V"].pk
    first = [Entry(JANUARY, unit.pk, hi, 100) for unit in communes[:2]]
    first += [Entry(JANUARY, unit.pk, si, 10) for unit in communes[:2]]
    record_counts(entries=first, actor=COMMAND_LINE, on=TODAY, approve=True)
    for unit, value in zip(communes[:2], (101, 150), strict=True):
        record_counts(
            entries=[Entry(FEBRUARY, unit.pk, hi, value), Entry(FEBRUARY, unit.pk, si, 10)],
            actor=COMMAND_LINE,
            on=TODAY,
            explanation="Mở đợt vận động" if value == 150 else "",
        )


@pytest.fixture
def district_verifies(db):
    ReviewLevel.objects.create(tier="district", since=Month(0), until=Month.of(2025, 7))


@pytest.fixture
def signed_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


def decide(unit: str, verb: str) -> str:
    return reverse("collection:decide", args=["2024-02", unit, verb])


def state_of(unit: Unit) -> str:
    return Submission.objects.get(unit=unit, month=FEBRUARY).state


def test_explained_reports_come_first_and_show_only_what_is_unusual(reported, officer):
    found = queue(user=officer, on=TODAY)
    assert found.month == FEBRUARY
    first, second = found.reports
    assert first.report.unit.code == "99002"
    assert [cell.indicator.code for cell in first.unusual] == ["HI"]
    assert first.unusual[0].explanations[0].text == "Mở đợt vận động"
    assert first.folded == 1
    assert (second.unusual, second.folded, second.is_clean) == ([], 2, True)


def test_the_page_shows_explanations_and_changes(reported, officer, signed_in):
    page = signed_in(officer).get(reverse("collection:review")).content.decode()
    assert "Mở đợt vận động" in page
    assert "+50,0%" in page
    assert "None" not in page


def test_approving_makes_the_numbers_official(reported, officer, signed_in, communes):
    answer = signed_in(officer).post(decide("99002", "approve"), follow=True)
    assert "đã duyệt" in answer.content.decode().lower()
    assert Count.objects.get(month=FEBRUARY, unit=communes[1], indicator__code="HI").approved == 150


def test_all_reports_without_anything_unusual_are_passed_at_once(
    reported, officer, signed_in, communes
):
    signed_in(officer).post(reverse("collection:pass_clean"), {"month": "2024-02"})
    assert (state_of(communes[0]), state_of(communes[1])) == ("approved", "submitted")


def test_a_report_with_nothing_to_compare_with_says_so_and_is_left_to_be_looked_at(
    reported, catalogue, communes, officer, signed_in
):
    numbers = [
        Entry(FEBRUARY, communes[2].pk, catalogue[code].pk, n)
        for code, n in (("HI", 70), ("SI_V", 1))
    ]
    record_counts(entries=numbers, actor=COMMAND_LINE, on=TODAY)
    rows = {row.report.unit.code: row for row in queue(user=officer, on=TODAY).reports}
    first = rows["99003"]
    assert (first.is_first, first.is_clean, first.folded) == (True, False, 0)
    assert [(cell.value, cell.change) for cell in first.unusual] == [(70, None), (1, None)]
    client = signed_in(officer)
    page = client.get(reverse("collection:review")).content.decode()
    row = page[page.index('id="report-99003"') :]
    row = row[: row.index("</li>")]
    assert row.count("chưa có số để so sánh") == 3
    assert "thay đổi ít" not in row
    assert "Thông qua 1 báo cáo không có cảnh báo" in page
    client.post(reverse("collection:pass_clean"), {"month": "2024-02"})
    assert (state_of(communes[0]), state_of(communes[2])) == ("approved", "submitted")


def test_a_number_that_is_new_in_a_report_stands_out_and_is_no_warning(
    reported, catalogue, communes, officer
):
    new = [Entry(FEBRUARY, communes[0].pk, catalogue["HI_HH_NEW"].pk, 3)]
    record_counts(entries=new, actor=COMMAND_LINE, on=TODAY)
    row = next(r for r in queue(user=officer, on=TODAY).reports if r.report.unit.code == "99001")
    assert [cell.indicator.code for cell in row.unusual] == ["HI_HH_NEW"]
    assert (row.is_first, row.is_clean, row.folded) == (False, True, 2)


def test_what_moved_without_a_rule_asking_is_passed_with_the_rest_and_the_button_says_so(
    reported, catalogue, communes, officer, signed_in, english
):
    moved = [Entry(FEBRUARY, communes[0].pk, catalogue["SI_V"].pk, 25)]
    record_counts(entries=moved, actor=COMMAND_LINE, on=TODAY)
    found = queue(user=officer, on=TODAY)
    assert [row.report.unit.code for row in found.clean] == ["99001"]
    assert found.standing_out == 1
    client = signed_in(officer)
    page = client.get(reverse("collection:review"), {"lang": "en"}).content.decode()
    assert "no warnings · 1 number stands out" in page
    assert "A number that moved by more than 5%" in page
    assert "1 of these reports has a number that moved by more than 5% or is new." in page
    client.post(reverse("collection:pass_clean"), {"month": "2024-02"})
    assert (state_of(communes[0]), state_of(communes[1])) == ("approved", "submitted")


def test_a_return_without_a_reason_is_refused(reported, officer, signed_in, communes):
    client = signed_in(officer)
    client.post(decide("99002", "return"), {"why": "  "})
    assert state_of(communes[1]) == "submitted"
    client.post(decide("99002", "return"), {"why": "Thiếu số hộ gia đình"})
    assert state_of(communes[1]) == "returned"
    assert Move.objects.filter(verb="return").get().why == "Thiếu số hộ gia đình"


def test_undo_within_ten_seconds_restores_and_after_that_is_refused(
    reported, officer, signed_in, communes
):
    client = signed_in(officer)
    page = client.post(decide("99002", "approve"), follow=True)
    assert reverse("collection:undo") in page.content.decode()
    client.post(reverse("collection:undo"))
    assert state_of(communes[1]) == "submitted"
    with time_machine.travel("2024-03-03T09:00:00+07:00") as clock:
        client.post(decide("99002", "approve"))
        clock.shift(timedelta(seconds=11))
        page = client.post(reverse("collection:undo"), follow=True)
    assert state_of(communes[1]) == "approved"
    assert "quá muộn" in page.content.decode().lower()


def test_all_that_was_passed_at_once_is_undone_at_once(reported, officer, signed_in, communes):
    client = signed_in(officer)
    client.post(reverse("collection:pass_clean"), {"month": "2024-02"})
    client.post(reverse("collection:undo"))
    assert state_of(communes[0]) == "submitted"


def test_nobody_approves_a_report_they_wrote(catalogue, communes, officer, signed_in):
    record_counts(
        entries=[Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 5)], actor=officer, on=TODAY
    )
    assert queue(user=officer, on=TODAY).reports == []
    page = signed_in(officer).post(decide("99001", "approve"), follow=True)
    assert state_of(communes[0]) == "submitted"
    assert "Không ai tự duyệt báo cáo của mình" in page.content.decode()


@pytest.mark.parametrize("wrote", [True, False])
def test_the_page_of_a_report_says_to_its_author_why_there_is_nothing_to_approve(
    wrote, catalogue, communes, officer, signed_in
):
    entries = [Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 5)]
    record_counts(entries=entries, actor=officer if wrote else COMMAND_LINE, on=TODAY)
    address = reverse("collection:report", args=["2024-02", "99001"])
    page = signed_in(officer).get(address).content.decode()
    assert ("người khác duyệt" in page) == wrote
    assert (decide("99001", "approve") in page) != wrote


def test_the_district_verifies_before_the_province_approves(
    reported, district_verifies, officer, chair, signed_in, communes
):
    assert queue(user=officer, on=TODAY).reports == []
    assert queue(user=officer, on=TODAY).elsewhere == 2
    (first, _second) = queue(user=chair, on=TODAY).reports
    assert first.passing == "verify"
    signed_in(chair).post(decide("99002", "verify"))
    assert state_of(communes[1]) == "verified"
    (row,) = queue(user=officer, on=TODAY).reports
    assert (row.report.unit.code, row.passing) == ("99002", "approve")


def test_from_july_2025_the_province_approves_communes_directly(
    catalogue, reformed, district_verifies, officer
):
    july = Month.of(2025, 7)
    unit = builders.by_code("99001", date(2025, 7, 1))
    with time_machine.travel("2025-08-03T08:00:00+07:00"):
        record_counts(
            entries=[Entry(july, unit.pk, catalogue["HI"].pk, 5)],
            actor=COMMAND_LINE,
            on=date(2025, 8, 3),
        )
        (row,) = queue(user=officer, on=date(2025, 8, 3)).reports
    assert row.passing == "approve"


def test_a_district_sees_its_own_communes_only(reported, district_verifies, signed_in, communes):
    other = builders.seated("other", Role.CHAIR, builders.by_code("902"))
    assert queue(user=other, on=TODAY).reports == []
    assert signed_in(other).get(reverse("collection:review")).status_code == 200
    signed_in(other).post(decide("99002", "verify"))
    assert state_of(communes[1]) == "submitted"


@pytest.mark.parametrize("who", ["leader", "auditor", "commune_officer", "outsider"])
def test_who_reviews_nothing_is_refused_the_queue(who, request, reported, signed_in):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("collection:review")).status_code == 403
    assert client.post(decide("99002", "approve")).status_code == 403


def test_the_reporter_reads_every_round_and_why_it_was_returned(
    reported, officer, commune_officer, signed_in, communes
):
    report = Submission.objects.get(unit=communes[0], month=FEBRUARY)
    submissions.return_report(
        submissions=[report], actor=officer, on=TODAY, why="Số hộ gia đình chưa khớp"
    )
    address = reverse("collection:report", args=["2024-02", "99001"])
    page = signed_in(commune_officer).get(address).content.decode()
    assert "Số hộ gia đình chưa khớp" in page
    assert reverse("collection:decide", args=["2024-02", "99001", "approve"]) not in page


def test_the_lists_can_be_narrowed_and_name_what_is_not_there(reported, officer, signed_in):
    client = signed_in(officer)
    page = client.get(reverse("collection:review"), {"only": "explained"}).content.decode()
    assert "99002" in page
    assert decide("99001", "approve") not in page
    assert client.get(reverse("collection:review"), {"only": "nonsense"}).status_code == 400
    assert client.get(reverse("collection:review"), {"month": "spring"}).status_code == 400
    assert client.get(reverse("collection:review"), {"show": "returned"}).status_code == 200
    assert client.get(reverse("collection:report", args=["2024-02", "77777"])).status_code == 404


def test_a_closed_month_offers_no_decision(reported, officer, signed_in, province):
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    rows = queue(user=officer, on=TODAY, month=FEBRUARY).reports
    assert [(row.closed, row.passing) for row in rows] == [(True, None), (True, None)]
    page = signed_in(officer).get(reverse("collection:report", args=["2024-02", "99002"]))
    assert decide("99002", "approve") not in page.content.decode()


def test_a_correction_of_an_approved_number_shows_what_it_changes(
    reported, officer, signed_in, catalogue, communes
):
    submissions.approve(
        submissions=Submission.objects.filter(month=FEBRUARY), actor=officer, on=TODAY
    )
    record_counts(
        entries=[Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 104)],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    (row,) = queue(user=officer, on=TODAY).reports
    assert [(c.approved, c.value) for c in row.corrections] == [(101, 104)]
    page = signed_in(officer).get(reverse("collection:review")).content.decode()
    assert "đã duyệt 101" in page


def test_why_an_approved_number_is_corrected_stands_in_the_list_and_beside_the_number(
    reported, officer, signed_in, province, communes, catalogue, commune_officer
):
    approve = {"actor": COMMAND_LINE, "on": TODAY}
    submissions.approve(submissions=list(Submission.objects.filter(month=FEBRUARY)), **approve)
    close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
    with time_machine.travel("2024-03-05T09:41:00+07:00"):
        record_counts(
            entries=[Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 104)],
            actor=commune_officer, on=TODAY, why="Bổ sung ba thẻ sót", after_closing=True,
        )  # fmt: skip
        page = {"month": "2024-02"}
        listed = signed_in(officer).get(reverse("collection:review"), page).content.decode()
        address = reverse("collection:report", args=["2024-02", "99001"])
        alone = signed_in(officer).get(address).content.decode()
    row = listed[listed.index('id="report-99001"') :]
    summary, cells = row[: row.index("</summary>")], row[row.index("</summary>") :]
    assert "Bổ sung ba thẻ sót" in summary
    assert "<blockquote>Bổ sung ba thẻ sót</blockquote>" in cells
    assert "09:41 05/03/2024 · commune_officer" in summary
    head = alone[alone.index("<h1>") : alone.index("Các số</h2>")]
    assert "gửi 09:41 05/03/2024, người gửi: commune_officer" in head
    assert "gửi lần đầu 08:00 03/03/2024" in head
    assert "Bổ sung ba thẻ sót" in head


def test_a_report_sent_once_shows_when_that_was_and_by_whom(reported, officer, signed_in, communes):
    (row,) = [row for row in queue(user=officer, on=TODAY).reports if row.is_clean]
    assert (row.sending.by, row.sending.is_first, row.sending.why) == (None, True, "")
    assert row.sending.at == row.report.sent_at
    address = reverse("collection:report", args=["2024-02", "99001"])
    page = signed_in(officer).get(address).content.decode()
    assert "gửi 08:00 03/03/2024, người gửi: dòng lệnh máy chủ" in page
    assert "gửi lần đầu" not in page


def test_what_was_explained_about_a_sum_is_shown_too_and_keeps_the_report_from_the_rest(
    catalogue, communes, officer, signed_in
):
    whole = builders.indicator("SI", kind="sum", entered_at="", frequency="")
    whole.parts.set([catalogue["SI_V"]])
    Rule.objects.create(
        code="SI_AT_MOST_HI", kind="at_most", severity="explain", indicator=whole,
        other=catalogue["HI"],
    )  # fmt: skip
    numbers = {"HI": 10, "SI_V": 12}
    record_counts(
        entries=[Entry(FEBRUARY, communes[0].pk, catalogue[c].pk, n) for c, n in numbers.items()],
        actor=COMMAND_LINE,
        on=TODAY,
        explanation="Hai người đóng ở nơi khác",
    )
    (row,) = queue(user=officer, on=TODAY).reports
    assert [(cell.indicator.code, cell.value) for cell in row.explained] == [("SI", 12)]
    client = signed_in(officer)
    page = client.get(reverse("collection:review")).content.decode()
    assert "Hai người đóng ở nơi khác" in page
    client.post(reverse("collection:pass_clean"), {"month": "2024-02"})
    assert state_of(communes[0]) == "submitted"


def test_each_report_has_the_dates_of_its_own_province(reported, officer, catalogue, communes):
    other = builders.unit("98", "Núi Đôi", tier="province")
    below = builders.unit("98001", "Bãi Sậy", parent=other)
    builders.rebuild_map()
    builders.seat(officer, Role.STANDING_OFFICER, other)
    record_counts(
        entries=[Entry(FEBRUARY, below.pk, catalogue["HI"].pk, 7)], actor=COMMAND_LINE, on=TODAY
    )
    close_period(unit=other, month=FEBRUARY, actor=officer, on=TODAY)
    rows = queue(user=officer, on=TODAY, month=FEBRUARY).reports
    closed = {row.report.unit.code: row.closed for row in rows}
    assert closed == {"99001": False, "99002": False, "98001": True}


def seen_on(client, address: str) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', client.get(address).content.decode())


def test_a_number_that_changes_while_the_page_is_read_is_not_approved_unseen(
    reported, officer, communes, catalogue, monkeypatch
):
    read = review._cells

    def changed_meanwhile(*asked):
        found = read(*asked)
        entry = Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 103)
        record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY)
        return found

    report = Submission.objects.get(unit=communes[0], month=FEBRUARY)
    monkeypatch.setattr(review, "_cells", changed_meanwhile)
    (row,) = review.reviewed([report], user=officer, on=TODAY)
    assert [cell.value for cell in row.cells] == [101, 10]
    with pytest.raises(Refused) as refusal:
        seen = {row.report.pk: row.last_move}
        submissions.approve(submissions=[row.report], actor=officer, on=TODAY, seen=seen)
    assert [fault.code for fault in refusal.value.faults] == ["changed_meanwhile"]


def test_a_report_that_changed_since_it_was_looked_at_is_not_approved_unseen(
    reported, officer, signed_in, catalogue, communes
):
    client = signed_in(officer)
    (seen, _returning) = seen_on(client, reverse("collection:report", args=["2024-02", "99001"]))
    record_counts(
        entries=[Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 104)],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    refused = client.post(decide("99001", "approve"), {"seen": seen}, follow=True)
    assert "đã thay đổi" in refused.content.decode()
    assert state_of(communes[0]) == "submitted"
    (seen, _returning) = seen_on(client, reverse("collection:report", args=["2024-02", "99001"]))
    client.post(decide("99001", "approve"), {"seen": seen})
    assert state_of(communes[0]) == "approved"


def test_what_came_in_since_the_list_was_opened_is_not_passed_with_it(
    reported, officer, signed_in, catalogue, communes
):
    client = signed_in(officer)
    page = client.get(reverse("collection:review")).content.decode()
    form = page[page.index('class="pass-clean"') :]
    seen = re.findall(r'name="seen" value="([^"]+)"', form[: form.index("</form>")])
    assert len(seen) == 1
    record_counts(
        entries=[Entry(FEBRUARY, communes[2].pk, catalogue["HI"].pk, 40)],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    client.post(reverse("collection:pass_clean"), {"month": "2024-02", "seen": seen})
    assert (state_of(communes[0]), state_of(communes[2])) == ("approved", "submitted")


def test_what_changed_since_the_list_was_opened_is_left_out_of_passing_and_told(
    reported, officer, signed_in, catalogue, communes
):
    client = signed_in(officer)
    report = Submission.objects.get(unit=communes[0], month=FEBRUARY)
    (row,) = queue(user=officer, on=TODAY).clean
    record_counts(
        entries=[Entry(FEBRUARY, communes[0].pk, catalogue["HI"].pk, 102)],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    asked = {"month": "2024-02", "seen": [row.seen]}
    page = client.post(reverse("collection:pass_clean"), asked, follow=True).content.decode()
    assert "1 báo cáo đã thay đổi sau khi bạn mở danh sách" in page
    report.refresh_from_db()
    assert report.state == "submitted"


def test_the_reviewer_sees_which_numbers_were_copied_or_read_from_a_file(
    catalogue, communes, officer, signed_in
):
    hi, si = catalogue["HI"].pk, catalogue["SI_V"].pk
    entries = [
        Entry(FEBRUARY, communes[0].pk, hi, 100, source="chép từ tháng trước"),
        Entry(FEBRUARY, communes[0].pk, si, 10, source="bc.xlsx Nhập!C7"),
    ]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    (row,) = queue(user=officer, on=TODAY).reports
    assert [cell.written.source for cell in row.cells] == ["chép từ tháng trước", "bc.xlsx Nhập!C7"]
    page = signed_in(officer).get(reverse("collection:report", args=["2024-02", "99001"]))
    assert "bc.xlsx Nhập!C7" in page.content.decode()


@pytest.fixture
def sixty_more(reported, catalogue):
    """Sixty more communes report 50 in January, approved, and 51 in February."""

    def sixty_more():
        for number in range(60):
            builders.unit(f"97{number:03}", f"Bản {number}", parent=builders.by_code("901"))
        builders.rebuild_map()
        units = Unit.objects.filter(reports_at="commune", code__startswith="97")
        for month, value in ((JANUARY, 50), (FEBRUARY, 51)):
            entries = [Entry(month, unit.pk, catalogue["HI"].pk, value) for unit in units]
            is_past = month == JANUARY
            record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY, approve=is_past)

    return sixty_more


def test_sixty_reports_take_no_more_queries_than_two_and_fill_a_page(
    sixty_more, officer, signed_in, django_assert_max_num_queries
):
    client = signed_in(officer)
    address = reverse("collection:review")
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    sixty_more()
    with django_assert_max_num_queries(len(few)):
        page = client.get(address).content.decode()
    assert page.count('class="queue-row"') == review.ON_A_PAGE
    assert Explanation.objects.count() == 1


def test_its_pages_show_every_report_once_though_some_are_approved_meanwhile(sixty_more, officer):
    sixty_more()
    whole = [row.report.pk for row in review.passed_unseen(user=officer, on=TODAY, month=FEBRUARY)]
    turn, seen = FIRST, []
    while turn:
        found = queue(user=officer, on=TODAY, turn=turn)
        assert len(found.reports) <= review.ON_A_PAGE
        # The head tells of the whole list.
        assert found.number == 62 - len(seen)
        assert len(found.clean) + found.clean_elsewhere == 61 - max(0, len(seen) - 1)
        seen += [row.report.pk for row in found.reports]
        for row in found.reports:
            seen_then = {row.report.pk: row.last_move}
            submissions.approve(submissions=[row.report], actor=officer, on=TODAY, seen=seen_then)
        turn = found.page.after and Turn(found.page.after)
    assert len(seen) == len(set(seen)) == 62
    assert set(whole) < set(seen)


def test_what_is_passed_together_is_what_the_page_shows_and_it_says_so(
    sixty_more, officer, signed_in, communes
):
    sixty_more()
    client = signed_in(officer)
    page = client.get(reverse("collection:review"), {"lang": "en"}).content.decode()
    assert "62 reports wait for your decision" in page
    assert "Pass 24 reports of this page without warnings" in page
    assert "37 more reports without warnings are on other pages; they stay as they are." in page
    second = "/review/" + unescape(re.search(r'rel="next" href="([^"]*)"', page)[1])
    page = client.get(second).content.decode()
    assert "Pass 25 reports of this page without warnings" in page
    form = page.partition('class="pass-clean"')[2].partition("</form>")[0]
    names = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    sent = {name: [unescape(text) for other, text in names if other == name] for name, _ in names}
    answer = client.post(reverse("collection:pass_clean"), sent)
    assert Submission.objects.filter(month=FEBRUARY, state="approved").count() == 25
    # Back on the same place of the list, which has its last reports there now.
    assert answer.url == second
    page = client.get(answer.url).content.decode()
    assert page.count('class="queue-row"') == 12
    assert "25 reports are approved." in page


def test_where_a_page_has_warnings_only_it_links_to_the_reports_without(
    sixty_more, officer, signed_in, monkeypatch
):
    sixty_more()
    monkeypatch.setattr(review, "ON_A_PAGE", 1)
    page = signed_in(officer).get(reverse("collection:review"), {"lang": "en"}).content.decode()
    assert 'class="pass-clean"' not in page
    link = re.search(r'href="(\?[^"]*)">61 reports without warnings are on later pages', page)[1]
    page = signed_in(officer).get(f"/review/{unescape(link)}").content.decode()
    assert "Pass 1 report of this page without warnings" in page
    assert "reports without warnings are on later pages" not in page


def test_from_a_report_the_way_back_leads_to_its_place_in_the_list(sixty_more, officer, signed_in):
    sixty_more()
    client = signed_in(officer)
    first = client.get(reverse("collection:review"))
    place = {"month": "2024-02", "after": first.context["queue"].page.after}
    page = client.get(reverse("collection:review"), place).content.decode()
    (report, *_) = re.findall(r'href="(/review/2024-02/97\d+/[^"]*)"', page)
    page = client.get(unescape(report)).content.decode()
    back = unescape(re.search(r'class="crumbs"><a href="([^"]*)"', page)[1])
    assert dict(parse_qsl(back.partition("?")[2])) == place


def test_a_list_shows_a_few_of_many_unusual_numbers_and_all_that_have_a_warning(catalogue):
    def cell(number: int, **more) -> review.Cell:
        return review.Cell(catalogue["HI"], number, more.pop("approved", None), None, **more)

    asked = {2: {"explanations": ["why"]}, 8: {"approved": 1}}
    cells = [cell(number, **asked.get(number, {})) for number in range(10)]
    row = review.Reviewed(None, (), cells, True, False, None, None, 0)
    assert [one.value for one in row.glance] == [0, 1, 2, 3, 4, 8]
    assert (len(row.unusual), row.beyond_glance) == (10, 4)
