"""The overview: who is on plan and who is not, on screen, in the hall, on paper and in grey."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator

from tests.browser.measures import contrasts

pytestmark = pytest.mark.browser

ADDRESS = "/?month=2023-12"
ROWS = ".league tbody:not(.whole) tr"
A4_LANDSCAPE = (842, 595)


def whole(text: str) -> int:
    """An integer as Vietnamese readers see it: 1.278.316, −850."""
    return int(text.replace(".", "").replace("−", "-"))


def cells(page, name: str, rows: str = ROWS) -> Sequence[str]:
    return [text.strip() for text in page.locator(f"{rows} .{name}").all_inner_texts()]


def test_the_headline_counts_who_is_short_and_by_how_much(open_page):
    page = open_page(ADDRESS).page
    gaps = [whole(text) for text in cells(page, "gap")]
    short = [gap for gap in gaps if gap < 0]
    assert len(gaps) == 12
    assert len(short) == 3
    headline = page.inner_text("h1")
    assert f"{len(short)} huyện" in headline
    assert f"{-sum(short):,}".replace(",", ".") in headline


def test_the_rows_of_the_table_add_up_and_are_sorted(open_page):
    page = open_page(ADDRESS).page
    assert sum(whole(text) for text in cells(page, "value")) == 1_278_316
    assert cells(page, "value", ".league .whole tr") == ["1.278.316"]
    percents = [float(text.rstrip("%").replace(",", ".")) for text in cells(page, "share")]
    assert percents == sorted(percents, reverse=True)
    page.click("a.order")
    page.wait_for_url("**sort=worst**")
    turned = [float(text.rstrip("%").replace(",", ".")) for text in cells(page, "share")]
    assert turned == sorted(percents)


def test_every_row_has_its_tile_with_the_same_words(open_page):
    page = open_page(ADDRESS).page
    rows = {
        f"{name.get_attribute('title')}: {share}, {state}"
        for name, share, state in zip(
            page.locator(f"{ROWS} .name a").all(),
            cells(page, "share"),
            cells(page, "state"),
            strict=True,
        )
    }
    tiles = [tile.get_attribute("aria-label") for tile in page.locator("a.tile").all()]
    assert len(tiles) == 12
    assert set(tiles) == rows


def test_what_is_provisional_is_so_in_its_row_and_on_its_tile(open_page):
    page = open_page("/?month=2025-11").page
    rows = page.locator(f"{ROWS}.is-provisional .name a")
    tiles = page.locator(".tile.is-provisional")
    in_rows = {row.get_attribute("title") for row in rows.all()}
    assert in_rows
    assert {tile.get_attribute("title") for tile in tiles.all()} == in_rows
    for tile in tiles.all():
        assert "tạm tính" in tile.get_attribute("aria-label")
    assert "repeating-linear-gradient" in tiles.first.evaluate(
        "tile => getComputedStyle(tile).backgroundImage"
    )


def test_in_grey_a_status_is_still_a_word_and_a_shape(open_page):
    page = open_page(ADDRESS).page
    words = set()
    for chip in page.locator(f"{ROWS} .status").all():
        assert chip.locator("svg").count() == 1
        words.add((chip.inner_text().strip(), _shape(chip)))
    assert {word for word, _shape in words} == {"Vượt", "Đạt", "Chậm"}
    assert len({shape for _word, shape in words}) == len(words) == 3
    page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
    found = contrasts(page, ".status, .chip, .tile b")
    assert len(found) >= 24
    assert min(found) >= 4.5


def _shape(chip: Locator) -> str:
    return chip.locator("svg").evaluate(
        "icon => [...icon.children].map(c => c.tagName + (c.getAttribute('d') || '')).join()"
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("month", "units"), [("2023-12", 12), ("2025-08", 75)])
def test_the_hall_sees_every_row_and_the_total_without_scrolling(open_page, language, month, units):
    page = open_page(
        f"/?month={month}&lang={language}", viewport={"width": 1920, "height": 1080}
    ).page
    page.keyboard.press("p")
    page.wait_for_url("**view=hall**")
    rows = page.locator("main table tbody tr")
    boxes = [row.bounding_box() for row in rows.all()]
    assert len(boxes) == units + 1
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= 1080 for box in boxes)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    assert page.locator("nav.nav").is_hidden()
    sizes = page.locator("main table :is(th, td)").evaluate_all(
        "cells => cells.filter(cell => cell.checkVisibility() && cell.innerText.trim())"
        ".map(cell => parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert min(sizes) >= 19
    page.keyboard.press("p")
    page.wait_for_url(lambda url: "view=hall" not in url)


@pytest.mark.parametrize("month", ["2023-12", "2025-08", "2026-03"])
def test_the_overview_prints_on_one_landscape_page_with_the_state_header(open_page, month):
    page = open_page(f"/?month={month}").page
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [(round(float(w)), round(float(h))) for w, h in sheets] == [A4_LANDSCAPE]
    page.emulate_media(media="print")
    said = page.inner_text("body")
    assert "Độc lập - Tự do - Hạnh phúc" in said
    assert "1." in said


def test_a_month_without_data_says_so_and_keeps_the_last_one_in_grey(open_page):
    page = open_page("/?month=2026-03").page
    assert "Chưa có số liệu" in page.inner_text("h1")
    assert page.locator(".is-older").count() >= 1
    assert min(contrasts(page, ".is-older .status")) >= 4.5


def test_a_long_table_shows_both_ends_until_somebody_asks_for_all(open_page):
    page = open_page("/?month=2025-08", size="phone").page
    units = page.locator(f"{ROWS}:not(.between)")
    assert units.count() == 75
    assert units.locator("visible=true").count() == 24
    assert page.locator(".of-columns").is_hidden()
    page.click(".league .between a")
    page.wait_for_url("**rows=all**")
    assert units.locator("visible=true").count() == 75


def test_paper_has_every_row_of_a_long_table(open_page):
    page = open_page("/?month=2025-08", own=True).page
    page.emulate_media(media="print")
    assert page.locator(f"{ROWS}:not(.between)").locator("visible=true").count() == 75
    assert page.locator(".league .between").is_hidden()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_numbers_of_cards_side_by_side_stand_on_one_line(open_page, size):
    page = open_page(ADDRESS, size=size).page
    lines = [value.bounding_box()["y"] for value in page.locator(".kpi .value").all()]
    beside = 4 if size == "desk" else 2
    assert len(lines) == 4
    assert [len(set(lines[at : at + beside])) for at in range(0, 4, beside)] == [1] * (4 // beside)
