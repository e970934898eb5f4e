"""Reviewing by keys: j and k choose, Enter unfolds, d passes on, t returns; ten seconds to undo."""

import pytest
from playwright.sync_api import Page, expect

from tests.collection.forms import filled

pytestmark = pytest.mark.browser

ADDRESS = "/review/?month=2025-12"


@pytest.fixture
def queue(open_page) -> Page:
    """The reports that wait for the province, in the browser of its standing officer."""
    watched = open_page(ADDRESS, locale="vi-VN")
    assert watched.response.status == 200
    assert watched.page.locator(".queue-row").count() > 2
    return watched.page


def chosen(page: Page) -> str:
    row = page.locator(".queue-row.is-chosen")
    expect(row).to_have_count(1)
    return row.get_attribute("id")


def test_j_and_k_choose_a_report_and_enter_unfolds_it(queue):
    rows = queue.locator(".queue-row").evaluate_all("rows => rows.map(row => row.id)")
    seen = []
    for key in ("j", "j", "k"):
        queue.keyboard.press(key)
        seen.append(chosen(queue))
    assert seen == [rows[0], rows[1], rows[0]]
    details = queue.locator(f"#{rows[0]} > details")
    was = details.evaluate("details => details.open")
    queue.keyboard.press("Enter")
    assert details.evaluate("details => details.open") is not was


def test_d_passes_the_report_on_and_it_can_be_undone(queue):
    queue.keyboard.press("j")
    row = chosen(queue)
    queue.keyboard.press("d")
    undo = queue.locator("form.undo")
    expect(undo).to_be_visible()
    expect(queue.locator(f"#{row}")).to_have_count(0)
    undo.get_by_role("button").click()
    expect(queue.locator(f"#{row}")).to_have_count(1)
    expect(queue.locator("form.undo")).to_have_count(0)


def test_undo_is_offered_for_ten_seconds_only(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("d")
    undo = queue.locator("form.undo")
    expect(undo).to_be_visible()
    assert 0 < int(undo.get_attribute("data-seconds")) <= 10
    expect(undo).to_have_count(0, timeout=11_500)


def test_t_asks_for_a_reason_and_refuses_to_return_without_one(queue):
    queue.keyboard.press("j")
    row = queue.locator(f"#{chosen(queue)}")
    unit = row.get_attribute("id")
    queue.keyboard.press("t")
    why = row.locator("textarea")
    expect(why).to_be_focused()
    row.get_by_role("button", name="Trả lại báo cáo").click()
    assert why.evaluate("why => why.validity.valueMissing")
    expect(row).to_have_count(1)
    row.locator("[data-reason]").first.click()
    expect(why).not_to_have_value("")
    row.get_by_role("button", name="Trả lại báo cáo").click()
    expect(queue.locator("form.undo")).to_be_visible()
    expect(queue.locator(f"#{unit}")).to_have_count(0)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_reason_of_a_return_stands_under_the_row_and_moves_neither_report_nor_buttons(
    open_page, size
):
    page = open_page(ADDRESS, size=size, locale="vi-VN").page
    row = page.locator(".queue-row").nth(1)

    def places() -> list[dict]:
        marked = ("> details", "[data-decide=pass]", "[data-decide=return]")
        boxes = [row.locator(one).bounding_box() for one in marked]
        top = row.bounding_box()["y"]
        return [{**box, "y": box["y"] - top} for box in boxes]

    before = places()
    row.locator("[data-decide=return]").click()
    form = row.locator(".return form")
    expect(form).to_be_visible()
    assert places() == before
    inner = row.evaluate(
        "row => row.clientWidth - 2 * parseFloat(getComputedStyle(row).paddingInlineStart)"
    )
    assert form.bounding_box()["width"] == pytest.approx(inner, abs=2)
    assert row.locator("textarea").bounding_box()["width"] == pytest.approx(inner, abs=2)


def test_letters_are_letters_while_a_reason_is_written(queue):
    queue.keyboard.press("j")
    row = chosen(queue)
    queue.keyboard.press("t")
    queue.keyboard.type("jdt")
    expect(queue.locator(f"#{row} textarea")).to_have_value("jdt")
    assert chosen(queue) == row


def test_only_what_is_unusual_is_unfolded(queue):
    for row in queue.locator(".queue-row").all():
        unfolded = row.locator("> details").evaluate("details => details.open")
        unusual = row.locator("tr.is-unusual").count()
        assert row.locator("table.cells tbody tr").count() == unusual
        assert unusual or not unfolded


def test_passing_all_that_is_clean_stands_before_the_reports(queue):
    button = queue.locator(".pass-clean button").bounding_box()
    assert button["y"] < queue.locator(".queue-row").first.bounding_box()["y"]


def test_the_button_counts_the_reports_that_say_they_have_no_warning(queue):
    clean = queue.locator(".queue-row .asked", has_text="không có cảnh báo").count()
    assert clean > 1
    button = queue.locator(".pass-clean button")
    expect(button).to_have_text(f"Thông qua {clean} báo cáo không có cảnh báo")


def test_all_without_warnings_are_passed_at_once_and_it_can_be_undone(open_page):
    page = open_page("/review/?month=2025-11", locale="vi-VN").page
    rows = page.locator(".queue-row")
    clean = rows.filter(has=page.locator(".asked", has_text="không có cảnh báo"))
    number, others = clean.count(), rows.count() - clean.count()
    assert number > 1
    with page.expect_navigation():
        page.locator(".pass-clean button").click()
    undo = page.locator("form.undo")
    expect(undo).to_contain_text(f"Đã duyệt {number} báo cáo")
    expect(rows).to_have_count(others)
    expect(page.locator(".pass-clean")).to_have_count(0)
    with page.expect_navigation():
        undo.get_by_role("button").click()
    expect(rows).to_have_count(number + others)


def test_nobody_is_offered_to_approve_what_they_reported_and_asking_anyway_is_refused(desk):
    desk.hand_in(filled(desk.form, desk.numbers()))
    desk.press("Hoàn tất")
    page, month = desk.page, desk.month
    page.goto(f"/review/?month={month}")
    expect(page.locator(f"#report-{desk.code}")).to_have_count(0)
    page.goto(f"/review/{month}/{desk.code}/")
    expect(page.locator(".headline")).to_contain_text("Đã gửi")
    expect(page.locator("[data-decide=return]")).to_have_count(1)
    expect(page.locator("[data-decide=pass]")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("người khác duyệt")
    form = page.locator("form", has=page.locator("textarea[name=why]"))
    form.evaluate(
        "(form, to) => { form.action = to; form.noValidate = true; }",
        f"/review/{month}/{desk.code}/approve/",
    )
    page.locator("[data-decide=return]").click()
    with page.expect_navigation():
        form.get_by_role("button", name="Trả lại báo cáo").click()
    expect(page.locator(".messages")).to_contain_text("Không ai tự duyệt báo cáo của mình")
    expect(page.locator(".headline")).to_contain_text("Đã gửi")
