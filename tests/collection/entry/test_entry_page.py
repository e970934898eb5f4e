"""The page of entering a month's counts, used as a form without scripts."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from collection.entry.sheets import sheet_of
from collection.models import DraftAnswer, DraftCell, Receipt
from collection.rules import BLANK
from commitments.actions.reporting import submissions
from commitments.actions.reporting.periods import close_period
from commitments.models import Count, Submission
from steering.accounts.actors import COMMAND_LINE
from steering.committee.roles import Role
from tests import builders
from tests.collection.conftest import (
    FEBRUARY,
    NOW,
    TODAY,
)

ADDRESS = "/entry/2024-02/99001/"
FULL = {"HI": "1486", "HI_HH_NEW": "0", "SI_V": "64"}


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(commune_officer, catalogue) -> Client:
    """The commune's officer, signed in."""
    client = Client()
    client.force_login(commune_officer)
    return client


@pytest.fixture
def fill(browser):
    """Open the form, type {code: text} over what it shows, and press a button."""

    def fill(texts, do="save", *, client=browser, address=ADDRESS, seen=None, **more):
        page = seen or client.get(address).content.decode()
        fields = inputs(page)
        fields |= {f"cell-{code}": text for code, text in texts.items()}
        return client.post(address, fields | more | {"do": do})

    return fill


def inputs(page: str) -> dict[str, str]:
    """The fields of a form with what stands in them, as a browser would send them back."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def cell(page: str, code: str) -> str:
    return re.search(rf'<input[^>]*id="cell-{code}"[^>]*>', page)[0]


def message(page: str, code: str) -> str:
    text = re.search(rf'id="message-{code}">(.*?)</div></th>', page, re.S)[1]
    return re.sub(r"<[^>]+>", " ", text).strip()


class TestFields:
    def test_each_number_is_one_labelled_field_for_a_number_pad(self, browser):
        page = browser.get(ADDRESS).content.decode()
        for code in FULL:
            assert f'<label for="cell-{code}">' in page
            field = cell(page, code)
            for said in (
                'inputmode="numeric"',
                'autocomplete="off"',
                f'data-indicator="{code}"',
                f'data-version="{BLANK}"',
                f'aria-describedby="message-{code}',
                'aria-invalid="false"',
            ):
                assert said in field, said
        assert "cell-POP" not in page

    def test_the_first_month_ever_has_no_columns_to_compare(self, browser):
        page = browser.get(ADDRESS)
        assert not page.context["page"].compares
        assert "Chưa có tháng trước để so sánh." in page.content.decode()

    def test_the_year_before_is_drawn_with_the_definition_and_stands_in_a_table(
        self, browser, counted, commune, change_rule, type_in
    ):
        counted(commune, {"HI": 1480}, month=FEBRUARY - 1)
        counted(commune, {"HI": 1400}, month=FEBRUARY - 12)
        type_in({"HI": "1900"})
        page = browser.get(ADDRESS).content.decode()
        definition = re.search(r'<details id="definition-HI".*?</details>', page, re.S)[0]
        for said in (
            "12 tháng trước: từ 1.400 đến 1.480</title>",
            "<desc",
            'class="now is-unusual is-beyond"',
            "<dt>Không hỏi lý do</dt><dd>từ 1.332 đến 1.628</dd>",
        ):
            assert said in definition, said
        assert 'role="img"' not in re.search(r'<details id="definition-SI_V".*?</details>', page)[0]
        table = re.search(r'<details class="card entry-before">.*?</details>', page, re.S)[0]
        assert re.findall(r'<th scope="col" class="number">([^<]*)', table) == [
            f"{month.month:02d}/{month.year}"
            for month in (FEBRUARY - ago for ago in range(12, 0, -1))
        ]
        row = re.search(rf'<th scope="row">{change_rule.indicator.name}</th>(.*?)</tr>', table)[1]
        assert re.findall(r">([^<]+)<", row) == ["1.400", *["–"] * 10, "1.480"]

    def test_the_first_month_ever_has_neither_drawing_nor_table(self, browser):
        page = browser.get(ADDRESS).content.decode()
        assert '<svg class="chart' not in page
        assert "entry-before" not in page

    def test_last_month_stands_beside_the_field_and_is_read_with_it(
        self, browser, counted, commune
    ):
        counted(commune, {"HI": 1480}, month=FEBRUARY - 1)
        page = browser.get(ADDRESS).content.decode()
        assert 'data-last="1480"' in cell(page, "HI")
        assert 'aria-describedby="message-HI last-HI"' in cell(page, "HI")
        assert "1.480" in re.search(r'id="last-HI">(.*?)</td>', page, re.S)[1]

    def test_bases_are_shown_with_their_source_and_coverage_is_computed(
        self, browser, counted, commune, type_in
    ):
        counted(commune, {"POP": 2000}, month=FEBRUARY - 1)
        type_in({"HI": "1486"})
        page = browser.get(ADDRESS).content.decode()
        assert "Cục Thống kê" in page
        assert re.search(r'id="coverage"[^>]*>([^<]*)<', page)[1] == "74,3%"

    def test_days_left_are_counted_to_the_due_day(self, browser):
        page = browser.get(ADDRESS).content.decode()
        assert "Còn 5 ngày" in page
        assert "07/03/2024" in page


class TestSaving:
    def test_what_is_typed_is_kept_and_shown_again_even_if_it_is_no_number(self, fill, browser):
        assert fill({"HI": "1486", "SI_V": "1,5"}).url == ADDRESS
        page = browser.get(ADDRESS).content.decode()
        assert 'value="1.486"' in cell(page, "HI")
        assert 'value="1,5"' in cell(page, "SI_V")
        assert 'aria-invalid="true"' in cell(page, "SI_V")
        assert "1,5" in message(page, "SI_V")
        assert '<a href="#cell-SI_V">' in page
        assert "Đã lưu 14:32" in page
        assert not Count.objects.exists()

    def test_only_touched_cells_are_saved(self, fill, counted, commune):
        counted(commune, {"HI": 5, "SI_V": 6}, approve=False)
        fill({"HI": "7"}, address=ADDRESS + "?correct=1")
        assert [draft.indicator.code for draft in DraftCell.objects.all()] == ["HI"]

    def test_somebody_elses_change_is_shown_and_saving_again_is_meant(
        self, fill, browser, type_in, officer, commune
    ):
        seen = browser.get(ADDRESS).content.decode()
        type_in({"HI": "118"}, actor=officer)
        answer = fill({"HI": "120", "SI_V": "5"}, seen=seen)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="120"' in cell(page, "HI")
        assert {"officer", "118", "120"} <= set(re.findall(r"\w+", message(page, "HI")))
        held = sheet_of(commune, FEBRUARY, TODAY)
        assert (held.line("HI").value, held.line("SI_V").value) == (118, 5)
        assert fill({}, seen=page).url == ADDRESS
        assert sheet_of(commune, FEBRUARY, TODAY).line("HI").value == 120

    def test_a_page_that_was_open_while_its_report_was_sent_and_approved_saves(
        self, fill, browser, officer, commune
    ):
        fill(FULL)
        seen = browser.get(ADDRESS).content.decode()
        fill({}, do="send", seen=seen)
        submissions.approve(submissions=Submission.objects.all(), actor=officer, on=TODAY)
        assert fill({"HI": "1500"}, seen=seen).url == ADDRESS
        assert sheet_of(commune, FEBRUARY, TODAY).line("HI").value == 1500

    def test_what_was_typed_can_be_discarded(self, fill):
        fill(FULL)
        fill({}, do="discard")
        assert not DraftCell.objects.exists()


class TestSending:
    def test_a_full_report_leads_to_its_receipt(self, fill, browser):
        answer = fill(FULL, do="send")
        receipt = Receipt.objects.get()
        assert answer.url == f"{ADDRESS}receipt/99001-2024-02-1/"
        page = browser.get(answer.url).content.decode()
        for said in (receipt.number, receipt.digest, "1.486", "14:32 02/03/2024", "21/03/2024"):
            assert said in page, said

    def test_with_an_error_nothing_is_sent_and_the_summary_leads_to_each_field(self, fill):
        answer = fill({"HI": "abc", "SI_V": "64"}, do="send")
        page = answer.content.decode()
        assert answer.status_code == 422
        summary = re.search(r'id="faults".*?</section>', page, re.S)[0]
        assert 'role="alert"' in summary
        assert re.findall(r'href="#([^"]+)"', summary) == ["cell-HI", "cell-HI_HH_NEW"]
        assert 'value="abc"' in cell(page, "HI")
        assert DraftCell.objects.count() == 2
        assert not Receipt.objects.exists()

    def test_a_reason_is_asked_at_the_line_and_goes_with_the_report(
        self, fill, browser, counted, commune, change_rule
    ):
        counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
        page = fill(FULL, do="send").content.decode()
        assert '<a href="#explanation-HI_CHANGE">' in page
        assert 'id="explanation-HI_CHANGE"' in page
        sent = fill({}, do="send", seen=page, **{"explanation-HI_CHANGE": "nhập trường"})
        assert sent.url.endswith("/receipt/99001-2024-02-1/")
        report = Submission.objects.get(month=FEBRUARY)
        assert report.explanations.get().text == "nhập trường"

    def test_a_reason_that_does_not_fit_is_told_and_stays_in_its_field(
        self, fill, counted, commune, change_rule
    ):
        counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
        opened = fill(FULL, do="send").content.decode()
        long = "nhập trường " * 200
        answer = fill({"SI_V": "65"}, seen=opened, **{"explanation-HI_CHANGE": long})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Văn bản có 2399 ký tự; tối đa 2000 ký tự." in page
        assert '<a href="#explanation-HI_CHANGE">' in page
        assert inputs(page)["explanation-HI_CHANGE"] == long
        assert sheet_of(commune, FEBRUARY, TODAY).line("SI_V").value == 65
        assert not DraftAnswer.objects.exists()

    def test_beside_a_reason_too_long_anothers_number_shows(self, fill, browser, type_in, officer):
        fill(FULL)
        opened = browser.get(ADDRESS).content.decode()
        type_in({"SI_V": "80"}, actor=officer)
        more = {"explanation-HI_CHANGE": "x" * 2001}
        page = fill({"SI_V": "65"}, seen=opened, **more).content.decode()
        assert {"officer", "80", "65"} <= set(re.findall(r"\w+", message(page, "SI_V")))

    def test_an_answer_given_meanwhile_is_not_blanked_by_a_page_that_was_open_before(
        self, fill, counted, commune, change_rule, client, officer
    ):
        counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
        opened = fill(FULL, do="send").content.decode()
        client.force_login(officer)
        fill({}, client=client, **{"explanation-HI_CHANGE": "nhập trường"})
        fill({"SI_V": "70"}, seen=opened)
        assert DraftAnswer.objects.get().text == "nhập trường"

    def test_a_returned_report_says_by_whom_and_why(self, fill, browser, officer):
        fill(FULL, do="send")
        submissions.return_report(
            submissions=[Submission.objects.get()], actor=officer, on=TODAY, why="HI lệch sổ"
        )
        page = browser.get(ADDRESS).content.decode()
        assert "HI lệch sổ" in page
        assert 'id="cell-HI"' in page


class TestLocked:
    @pytest.fixture
    def approved(self, counted, commune):
        counted(commune, {"HI": 1480, "HI_HH_NEW": 0, "SI_V": 64})

    def test_an_approved_report_is_text_with_a_button_that_opens_it(self, browser, approved):
        page = browser.get(ADDRESS).content.decode()
        assert 'id="cell-HI"' not in page
        assert 'href="?correct=1"' in page
        assert "Sửa số liệu" in page
        assert 'id="cell-HI"' in browser.get(ADDRESS + "?correct=1").content.decode()

    def test_who_approved_it_and_how_to_correct_it_is_said_before_the_numbers(
        self, fill, browser, officer
    ):
        fill(FULL, do="send")
        submissions.approve(submissions=Submission.objects.all(), actor=officer, on=TODAY)
        page = browser.get(ADDRESS).content.decode()
        before, _table, numbers = page.partition("<table")
        for said in ("<b>Đã duyệt</b> · officer, 14:32 02/03/2024", 'href="?correct=1"'):
            assert said in before, said
        assert "<output>1.486</output>" in numbers
        assert "Chưa có tháng trước để so sánh." in before
        assert 'class="number last"' not in numbers

    def test_a_correction_waits_beside_the_approved_number(self, fill, approved):
        fill({"HI": "1486"}, do="send", address=ADDRESS + "?correct=1")
        count = Count.objects.get(indicator__code="HI")
        assert (count.value, count.approved) == (1486, 1480)

    def test_a_report_begun_again_stays_open(self, browser, approved, type_in):
        type_in({"HI": "1486"})
        assert 'id="cell-HI"' in browser.get(ADDRESS).content.decode()

    def test_a_report_nobody_reviewed_can_be_withdrawn(self, fill, browser):
        fill(FULL, do="send")
        assert 'value="withdraw"' in browser.get(ADDRESS).content.decode()
        browser.post(ADDRESS, {"do": "withdraw"})
        assert Submission.objects.get().state == "draft"

    def test_after_closing_a_correction_asks_for_its_reason(
        self, fill, browser, approved, province
    ):
        close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
        assert 'id="cell-HI"' not in browser.get(ADDRESS).content.decode()
        address = ADDRESS + "?correct=1"
        refused = fill({"HI": "1486"}, do="send", address=address)
        assert refused.status_code == 422
        assert 'name="why"' in refused.content.decode()
        long = fill({}, do="send", address=address, why="đếm sót " * 50)
        page = long.content.decode()
        assert long.status_code == 422
        assert "Văn bản có 399 ký tự; tối đa 300 ký tự." in page
        assert '<a href="#why">' in page
        assert "đếm sót đếm sót" in re.search(r"<textarea name=.why.*?</textarea>", page, re.S)[0]
        fill({}, do="send", address=address, why="đếm sót")
        count = Count.objects.get(indicator__code="HI")
        assert (count.value, count.approved) == (1486, 1480)


class TestWhoAndWhich:
    def test_somebody_with_one_unit_is_led_to_its_report_of_the_month(self, browser):
        assert browser.get("/entry/").url == ADDRESS
        assert browser.get("/start/").url == "/entry/"

    def test_a_district_chooses_among_its_communes(self, catalogue, type_in):
        client = Client()
        client.force_login(builders.seated("helper", Role.OFFICER, builders.by_code("901")))
        type_in(FULL)
        found = client.get("/entry/").context["choices"]
        assert [(choice.unit.code, bool(choice.submission)) for choice in found] == [
            ("99001", True),
            ("99002", False),
            ("99003", False),
        ]
        assert [one.unit.code for one in client.get("/entry/?q=ao sen").context["choices"]] == [
            "99001"
        ]
        assert client.get(ADDRESS).status_code == 200

    @pytest.mark.parametrize("who", ["leader", "auditor", "outsider"])
    def test_who_may_not_report_is_refused(self, request, who, fill, browser, catalogue):
        fill(FULL)
        client = Client()
        client.force_login(request.getfixturevalue(who))
        assert client.get("/entry/").status_code == 403
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"do": "discard"}).status_code == 403
        assert DraftCell.objects.count() == 3

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/entry/2024-04/99001/", 404),
            ("/entry/2024-02/901/", 404),
            ("/entry/2024-02/99999/", 404),
            ("/entry/2024-02/99002/", 403),
            ("/entry/februar/99001/", 400),
            (ADDRESS + "receipt/99001-2024-02-9/", 404),
        ],
    )
    def test_an_address_that_is_none(self, browser, address, status):
        assert browser.get(address).status_code == status

    def test_a_receipt_is_shown_to_whoever_may_see_the_unit(self, fill, auditor, browser):
        fill(FULL, do="send")
        number = Receipt.objects.get().number
        address = reverse("collection:receipt", args=["2024-02", "99001", number])
        for who, status in (("auditor", 200), ("stranger", 403)):
            client = Client()
            client.force_login(auditor if who == "auditor" else builders.user(who))
            assert client.get(address).status_code == status

    def test_a_receipt_is_found_under_its_own_month_only(self, fill, browser):
        fill(FULL, do="send")
        number = Receipt.objects.get().number
        address = reverse("collection:receipt", args=["2024-01", "99001", number])
        assert browser.get(address).status_code == 404


class TestOtherMonths:
    def test_the_fold_counts_what_is_due_and_leads_to_each_month_to_the_template_and_a_file(
        self, browser, counted, commune
    ):
        counted(commune, {"HI": 1480}, month=FEBRUARY - 3)
        page = browser.get(ADDRESS)
        shown = {str(one.month): one.is_missing for one in page.context["page"].other_months}
        # November was sent; February is due in five days, and before November nobody collected.
        assert shown == {
            "2024-02": False, "2024-01": True, "2023-12": True, "2023-11": False,
        }  # fmt: skip
        fold = re.search(
            r'<details class="other-months">.*?</details>', page.content.decode(), re.S
        )
        text = " ".join(re.sub(r"<[^>]+>", " ", fold[0]).split())
        assert text.startswith("Tháng khác (2 còn thiếu) 02/2024")
        for address in ("/entry/2024-01/99001/", f"{ADDRESS}template/", "/upload/?month=2024-02"):
            assert address in fold[0]

    def test_with_nothing_missing_no_number_stands_there(self, browser, counted, commune):
        counted(commune, {"HI": 1480}, month=FEBRUARY - 1)
        page = browser.get(ADDRESS).content.decode()
        assert "Tháng khác" in page
        assert "còn thiếu" not in page

    def test_a_month_in_which_the_unit_did_not_stand_is_not_among_them(
        self, reformed, counted, commune, officer
    ):
        counted(commune, {"HI": 1}, month=FEBRUARY)
        with time_machine.travel("2025-09-02T09:00:00+07:00"):
            client = Client()
            client.force_login(officer)
            page = client.get("/entry/2025-08/99001/").context["page"]
        assert [str(one.month) for one in page.other_months] == ["2025-08", "2025-07"]


class TestReceipt:
    @pytest.fixture
    def receipt(self, fill):
        fill(FULL, do="send")
        return reverse(
            "collection:receipt", args=["2024-02", "99001", Receipt.objects.get().number]
        )

    def read(self, browser, receipt) -> str:
        return re.sub(r"<[^>]+>", " ", browser.get(receipt).content.decode())

    def test_it_says_where_the_report_is_today(self, receipt, browser, officer):
        assert "chờ duyệt" in self.read(browser, receipt)
        report = Submission.objects.get()
        submissions.approve(submissions=[report], actor=officer, on=TODAY)
        assert "Báo cáo đã được duyệt." in self.read(browser, receipt)

    def test_a_day_that_has_passed_is_not_promised(self, receipt, browser, commune_officer):
        assert "đến hết ngày 21/03/2024" in self.read(browser, receipt)
        with time_machine.travel("2024-12-01T09:00:00+07:00"):
            browser.force_login(commune_officer)
            later = self.read(browser, receipt)
        assert "đến hết ngày" not in later
        assert "dự kiến chốt ngày 21/03/2024, đến nay chưa chốt" in later

    def test_the_reasons_given_stand_on_it(
        self, fill, browser, counted, commune, change_rule, province
    ):
        counted(commune, {"HI": 1000}, month=FEBRUARY - 1)
        close_period(unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=TODAY)
        page = browser.get(f"{ADDRESS}?correct=1").content.decode()
        more = {f"explanation-{change_rule.code}": "Mở thêm điểm thu"}
        fill(FULL, seen=page)
        page = browser.get(f"{ADDRESS}?correct=1").content.decode()
        sent = fill({}, do="send", seen=page, why="Bổ sung sau khi chốt", **more)
        text = self.read(browser, sent.url)
        assert "Bổ sung sau khi chốt" in text
        assert "Mở thêm điểm thu" in text

    def test_one_that_a_later_one_replaced_says_so(self, receipt, fill, browser):
        page = browser.get(f"{ADDRESS}?correct=1").content.decode()
        fill({"HI": "1487"}, do="send", seen=page)
        assert "đã được gửi lại sau đó" in self.read(browser, receipt)


def test_opening_the_form_takes_a_fixed_number_of_queries(
    keeping, browser, counted, commune, type_in, django_assert_max_num_queries
):
    counted(commune, {"HI": 1480, "POP": 2000}, month=FEBRUARY - 1)
    type_in({"HI": "1486"})
    more = [builders.indicator(f"X{n:02}", position=10 + n) for n in range(27)]
    browser.get(ADDRESS)
    with django_assert_max_num_queries(18):
        assert browser.get(ADDRESS).status_code == 200
    assert len(sheet_of(commune, FEBRUARY, TODAY).lines) == 3 + len(more)
