"""The promise from the empty decision to 75 prepared commitments, as the officer goes about it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COMMUNES = 75


def record(page: Page, number: str, year: int) -> None:
    """Record a decision of the province; its own page is then open, and assigns nothing yet."""
    page.goto("/decisions/new/")
    page.fill("[name=number]", number)
    page.fill("[name=year]", str(year))
    page.fill("[name=issued_on]", f"{year - 1}-12-20")
    with page.expect_navigation():
        page.locator("main form button.primary").click()
    expect(page.locator("h1")).to_contain_text(number)


def hand_in_annex(page: Page, rows: list[tuple[str, int]]) -> None:
    """Hand in the annex through the four steps."""
    content = "\n".join(["Đơn vị,HI", *(f"{unit},{value}" for unit, value in rows)])
    page.goto(re.sub(r"/decisions/(\d+)/.*", r"/decisions/\1/annex/", page.url))
    file = {"name": "phu-luc.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.set_input_files("[name=file]", file)
    with page.expect_navigation():
        page.locator("main form button.primary").click()
    accept = page.locator("form[action*=accept] button.primary")
    with page.expect_navigation():
        accept.click()
    with page.expect_navigation():
        page.locator("a.button.primary[href*='/decisions/']").click()


def prepare(page: Page, year: int) -> None:
    """Prepare every commitment of the year in one step."""
    page.goto(f"/commitments/?year={year}")
    assert page.locator("table.register tbody tr").count() == COMMUNES
    with page.expect_navigation():
        page.locator("form[action*=prepare] button").click()
    expect(page.locator(".messages")).to_contain_text(str(COMMUNES))
    waiting = page.locator("table.register .chip", has_text="Chờ ký")
    assert waiting.count() == COMMUNES


def test_from_the_empty_decision_to_75_prepared_commitments_at_a_desk(open_page):
    page = open_page("/decisions/", own=True).page
    record(page, "21/QĐ-UBND", 2027)
    hand_in_annex(page, [("Tỉnh Sơn La", 1_250_000)])
    decision = re.search(r"/decisions/(\d+)/", page.url).group(1)
    page.goto(f"/allocations/{decision}/HI/")
    page.select_option("[name=method]", "population")
    page.locator("#apply").click()
    expect(page.locator("#balance")).to_have_class(re.compile("is-exact"))
    page.locator("#assign").click()
    expect(page.locator(".message.success").first).to_contain_text("21/QĐ-UBND")
    prepare(page, 2027)
    with page.expect_navigation():
        page.locator("table.register a").first.click()
    expect(page.locator(".a4")).to_contain_text("BẢN CAM KẾT")
    code = re.search(r"/verify/(\w{16})", page.locator(".a4").inner_text()).group(1)
    page.goto(f"/verify/{code}/")
    expect(page.locator("main")).to_contain_text("2027")


def test_from_the_empty_decision_to_75_prepared_commitments_on_a_phone(open_page):
    """Ways to divide 75 communes at once are for a desk: here the annex brings them."""
    page = open_page("/decisions/", own=True, size="phone").page
    communes = page.request.get(
        "/api/v1/units/?tier=commune&in_force_on=2026-01-01&page_size=200"
    ).json()["results"]
    record(page, "22/QĐ-UBND", 2028)
    rows = [(unit["full_name"], 16_000) for unit in communes]
    hand_in_annex(page, [("Tỉnh Sơn La", 16_000 * COMMUNES), *rows])
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    prepare(page, 2028)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
