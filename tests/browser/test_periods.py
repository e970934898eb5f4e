"""Closing a month, reopening it with a reason that stays, and a figure that is disputed."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MONTH = "07/2025"


def row(page: Page):
    return page.locator("table.periods tbody tr", has=page.get_by_role("link", name=MONTH))


@pytest.fixture
def months(open_page) -> Page:
    """The page of months, turned back to the year of the reform."""
    page = open_page("/periods/", locale="vi-VN").page
    while row(page).count() == 0:
        with page.expect_navigation():
            page.get_by_role("link", name="Cũ hơn").click()
    return page


def test_a_closed_month_is_reopened_only_with_a_reason_and_the_reason_stays(months):
    line = row(months)
    expect(line).to_contain_text("đã chốt")
    line.locator("summary", has_text="Mở lại").click()
    again = line.get_by_role("button", name="Mở lại kỳ")
    again.click()
    assert line.locator("textarea").evaluate("why => why.validity.valueMissing")
    line.locator("textarea").fill("Xã Sốp Cộp gửi bổ sung")
    with months.expect_navigation():
        again.click()
    expect(line.locator("blockquote")).to_contain_text("Xã Sốp Cộp gửi bổ sung")
    with months.expect_navigation():
        line.get_by_role("button", name="Chốt").click()
    expect(line).to_contain_text("đã chốt")
    expect(line.locator("blockquote")).to_contain_text("Xã Sốp Cộp gửi bổ sung")


def test_a_month_with_communes_missing_is_not_closed_at_one_click(open_page):
    page = open_page("/periods/?until=2025-12", locale="vi-VN").page
    line = page.locator("table.periods tbody tr", has=page.get_by_role("link", name="12/2025"))
    with page.expect_navigation():
        line.get_by_role("button", name="Chốt").click()
    expect(page.locator("h1")).to_contain_text("Chốt 12/2025 khi chưa đủ báo cáo?")
    assert page.locator(".names li").count() > 20
    with page.expect_navigation():
        page.get_by_role("link", name="Chưa chốt").click()
    assert page.url.endswith("/periods/?until=2025-12")
    expect(line).to_contain_text("đang mở")


def test_whoever_may_not_close_sees_the_months_and_no_button(open_page):
    page = open_page("/periods/", account="kiem-toan", locale="vi-VN").page
    assert page.locator("table.periods tbody tr").count() == 13
    assert page.locator("main form").count() == 0


def test_a_chair_disputes_a_figure_and_reads_the_answer(open_page):
    about = "unit=03703&indicator=SI_V&month=2025-10"
    chair = open_page(f"/disputes/new/?{about}", account="chu-tich", locale="vi-VN").page
    chair.fill("#note", "Thiếu số của hai xã vùng cao")
    with chair.expect_navigation():
        chair.get_by_role("button", name="Gửi ý kiến").click()
    officer = open_page(f"/disputes/?{about}", locale="vi-VN").page
    expect(officer.locator(".rounds blockquote")).to_contain_text("hai xã vùng cao")
    with officer.expect_navigation():
        officer.get_by_role("link", name="Trả lời").click()
    officer.fill("textarea", "Hai xã báo cáo trong tháng sau, đã ghi chú")
    officer.locator("main input[type=radio]").first.check()
    with officer.expect_navigation():
        officer.locator("main form button[type=submit]").click()
    chair.goto(f"/disputes/?{about}")
    expect(chair.locator(".rounds .answer")).to_contain_text("đã ghi chú")


def test_the_way_to_older_months_keeps_clear_of_the_table(open_page):
    page = open_page("/periods/").page
    way, card = (page.locator(it).bounding_box() for it in ("nav.pages", "main .card"))
    assert way["y"] - (card["y"] + card["height"]) >= 8
