"""Who has reported: a square per unit of the month, and one reminder a day for a group."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SQUARES = ".group-head .squares > *"


@pytest.mark.parametrize(
    ("month", "groups", "communes"),
    [("2023-12", 12, 200), ("2025-06", 12, 200), ("2025-12", 1, 75)],
)
def test_there_is_a_square_for_every_unit_of_that_month(open_page, month, groups, communes):
    page = open_page(f"/completeness/?month={month}").page
    assert page.locator("section.group").count() == groups
    assert page.locator(SQUARES).count() == communes
    said = page.locator(".group-head .number").all_inner_texts()
    assert sum(int(one.split("/")[1]) for one in said) == communes


def test_each_square_is_a_target_with_a_name_in_words(open_page):
    page = open_page("/completeness/?month=2025-12", size="phone").page
    squares = page.locator(SQUARES).all()
    for square in squares:
        box = square.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    names = page.locator(SQUARES).evaluate_all("all => all.map(one => one.title)")
    assert len({name.partition(",")[0] for name in names}) == len(squares)
    for word in ("đúng hạn", "đang nhập, chưa gửi", "chưa nộp"):
        assert any(word in name for name in names), names


def test_what_was_begun_and_not_sent_does_not_count_as_reported(open_page):
    page = open_page("/completeness/?month=2025-12").page
    sent, expected = map(int, page.inner_text(".group-head .number").split("/"))
    begun = page.locator(f"{SQUARES}.mark-begun").count()
    missing = page.locator(f"{SQUARES}.mark-missing").count()
    returned = page.locator(f"{SQUARES}.mark-returned").count()
    assert begun > 0
    assert sent == expected - begun - missing - returned


def test_a_second_reminder_within_a_day_says_when_the_next_is_possible(open_page):
    page = open_page("/completeness/?month=2025-11", locale="vi-VN", own=True).page
    page.locator("section.group .button", has_text="Nhắc").click()
    page.wait_for_url("**/completeness/remind/**")
    text = page.input_value("#text")
    assert "11/2025" in text
    send = page.locator("form.reminder button[type=submit]")
    page.fill("#text", text + "\nXin cảm ơn.")
    with page.expect_navigation():
        send.click()
    expect(page.locator(".messages")).to_contain_text("Sơn La")
    said = page.locator("section.group .group-said")
    expect(said).to_contain_text("nhắc tiếp từ")
    with page.expect_navigation():
        page.locator("section.group .button", has_text="Nhắc").click()
    expect(send).to_be_disabled()
    expect(page.locator(".headline b")).to_contain_text("Có thể nhắc tiếp từ")
