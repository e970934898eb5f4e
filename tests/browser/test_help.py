"""Help: found without accents, the reader's tasks first, a card on one sheet."""

import re

import pytest

pytestmark = pytest.mark.browser


def found(page) -> list[str]:
    return page.locator(
        ".help-card h3, .help-words dt, .help-table th[scope=row]"
    ).all_inner_texts()


def test_words_are_found_without_their_accents(open_page):
    page = open_page("/help/").page
    everything = found(page)
    page.fill("#q", "bao cao so lieu")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bao**")
    without = found(page)
    page.fill("#q", "báo cáo số liệu")
    page.click("form.search button")
    page.wait_for_url("**q=b%C3%A1o**")
    assert found(page) == without
    assert "Báo cáo số liệu tháng" in without
    assert 0 < len(without) < len(everything)


def test_what_is_not_there_is_said_with_a_way_back(open_page):
    page = open_page("/help/?q=khongcogi").page
    assert found(page) == []
    assert "khongcogi" in page.inner_text(".help-none")
    page.click(".help-none a")
    page.wait_for_url("**/help/")
    assert len(found(page)) > 10


def test_the_tasks_of_the_own_role_come_first(open_page):
    page = open_page("/help/", account="can-bo-xa").page
    heads = page.locator("main section:has(.help-card) h2").all_inner_texts()
    assert heads == ["Việc theo vai trò của bạn", "Việc khác"]
    assert "Báo cáo số liệu tháng" in page.locator("#tasks-1 ~ .help-cards").inner_text()


def test_help_is_open_to_whoever_cannot_sign_in(open_page):
    assert open_page("/help/", account=None).response.status == 200


def test_every_card_prints_on_one_sheet(open_page):
    page = open_page("/help/").page
    cards = page.locator(".help-card a").evaluate_all("links => links.map(link => link.href)")
    assert len(cards) >= 5
    for card in cards:
        page.goto(card)
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/MediaBox", paper)) == 1, card


def test_help_begins_with_the_page_the_reader_came_from(open_page):
    page = open_page("/indicators/HI/?month=2023-12", account="chu-tich").page
    page.click("header details.me summary")
    page.click("header a[href*='/help/']")
    page.wait_for_url("**/help/**")
    section = page.locator("main section").first
    assert section.locator("h2").inner_text() == "Về trang vừa xem"
    assert "Tra nguồn gốc một số liệu" in section.inner_text()
