"""The page of a unit: who below drags, in people, and what is still needed."""

import pytest

pytestmark = pytest.mark.browser

ADDRESS = "/units/127/?month=2023-12"


def whole(text: str) -> int:
    return int(text.strip().replace(".", ""))


def percent(text: str) -> float:
    return float(text.strip().rstrip("%").replace(",", "."))


def test_the_parts_of_what_is_missing_come_to_all_of_it(open_page):
    page = open_page(ADDRESS).page
    missing = [whole(text) for text in page.locator("td.missing").all_text_contents()]
    assert f"{len(missing)} xã còn thiếu {sum(missing)} người" == page.inner_text("#drags-title")
    assert missing == sorted(missing, reverse=True)
    shares = [percent(text) for text in page.locator(".drag-table td.share").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares))
    assert page.locator(".drag-table td.together").last.inner_text().strip() == "100,0%"


def test_the_pace_makes_up_what_is_missing(open_page):
    """So many people a month, for the months left, are enough."""
    page = open_page("/units/127/?month=2024-06").page
    said = page.inner_text(".needed .card-body > p:not(.big, .rank)")
    numbers = [whole(word) for word in said.replace("12/2024", "").split() if word[0].isdigit()]
    missing, months, a_month = numbers
    assert months == 6
    assert a_month * months >= missing > (a_month - 1) * months


def test_another_indicator_is_chosen_without_leaving_the_unit(open_page):
    page = open_page(ADDRESS).page
    page.click("#drags summary")
    page.click("#drags nav a >> text=BHXH tự nguyện >> nth=0")
    page.wait_for_url("**indicator=SI_V**")
    assert page.inner_text("h1").startswith("Huyện Sốp Cộp")


def test_an_ended_district_leads_to_its_heirs(open_page):
    page = open_page("/units/118/?month=2025-08").page
    links = page.locator("main a[href*='/units/03703/']")
    assert links.count() >= 1


def test_a_phone_names_the_years_target_whole(open_page):
    page = open_page(f"{ADDRESS}&lang=en", size="phone", own=True).page
    labels = page.locator(".bullets td.target").evaluate_all(
        "cells => cells.map(cell => cell.dataset.label)"
    )
    assert set(labels) == {"Year's target"}
