"""Every change of every number: found by what one asks, taken along, never altered."""

import csv

import pytest
from playwright.sync_api import Page, expect

from tests.collection.forms import filled

from .desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture
def changed(desk) -> Desk:
    """A commune whose SI_V was sent by file as 41 and then, by a second file, as 43."""
    for number in (41, 43):
        desk.hand_in(filled(desk.form, desk.numbers(SI_V=number, SI_V_NEW=0)))
        desk.explain()
        desk.press("Hoàn tất")
    return desk


def rows(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".trail tbody tr").all_inner_texts()]


def test_a_changed_number_says_from_what_to_what_who_and_from_which_cell(changed):
    page = changed.page
    page.goto(f"/history/?unit={changed.code}&indicator=SI_V&month={changed.month}")
    latest, first = rows(page)
    assert "41 43" in latest
    assert "41" in first and "43" not in first
    for row in (latest, first):
        assert "BC-XA.xlsx" in row
        assert changed.place("SI_V") in row


def test_filters_stand_in_the_address_and_in_the_form(changed):
    page = changed.page
    page.goto("/history/")
    page.fill("#unit", changed.code)
    page.select_option("#indicator", "SI_V")
    page.fill("#month", changed.month)
    with page.expect_navigation():
        page.get_by_role("button", name="Xem", exact=True).click()
    assert f"unit={changed.code}" in page.url
    assert "indicator=SI_V" in page.url
    found = rows(page)
    assert len(found) == 2
    page.reload()
    assert rows(page) == found
    assert page.input_value("#unit") == changed.code
    with page.expect_navigation():
        page.get_by_role("link", name="Hiện tất cả").first.click()
    assert len(rows(page)) > len(found)


def test_the_number_itself_leads_to_its_history(changed):
    page = changed.page
    page.goto(f"/provenance/{changed.code}/SI_V/{changed.month}/")
    with page.expect_navigation():
        page.get_by_role("link", name="Toàn bộ lịch sử").click()
    expect(page.locator("main")).to_contain_text("43")
    expect(page.locator("main")).to_contain_text("41")


def test_the_file_to_take_along_has_the_same_rows(changed):
    page = changed.page
    page.goto(f"/history/?unit={changed.code}&indicator=SI_V&month={changed.month}")
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    text = coming.value.path().read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    assert len(lines) == 1 + len(rows(page))
    assert [line[9:11] for line in lines[1:]] == [["41", "43"], ["", "41"]]


def test_nothing_in_it_can_be_altered(changed):
    page = changed.page
    page.goto("/history/")
    forms = page.locator("main form").evaluate_all("all => all.map(one => one.method)")
    assert forms == ["get"]
    token = next(one for one in page.context.cookies() if one["name"] == "csrftoken")["value"]
    headers = {"X-CSRFToken": token, "Referer": page.url}
    for address in ("/history/", "/history/export/"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = page.request.fetch(address, method=method, headers=headers)
            assert (address, method, answer.status) == (address, method, 405)


def test_an_auditor_reads_all_and_an_outsider_nothing(open_page):
    assert rows(open_page("/history/", account="kiem-toan").page)
    assert open_page("/history/", account="nguoi-ngoai").response.status == 403


def test_what_was_changed_has_room_for_its_name(open_page):
    page = open_page("/history/").page
    named = [cell.bounding_box()["width"] for cell in page.locator(".trail td.what").all()]
    assert named
    assert min(named) >= 250
