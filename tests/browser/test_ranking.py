"""The ranking: its bases, its filters, and the way back."""

import pytest

pytestmark = pytest.mark.browser

ADDRESS = "/ranking/?month=2023-12"
NAMES = ".ranking tbody:not(.whole) .name"


def sorted_by(page) -> list[tuple[str, str]]:
    return [
        (head.inner_text().strip(), head.get_attribute("aria-sort"))
        for head in page.locator("th[aria-sort]").all()
    ]


def order(page) -> list[str]:
    return page.locator(NAMES).all_inner_texts()


def test_another_basis_changes_order_and_address_and_back_restores_both(open_page):
    page = open_page(ADDRESS).page
    first = order(page)
    assert len(first) == 12
    assert sorted_by(page) == [("% KH", "descending")]
    page.click("th >> text=Thừa/thiếu")
    page.wait_for_url("**by=missing**")
    assert sorted_by(page) == [("Thừa/thiếu", "descending")]
    second = order(page)
    assert second != first
    assert sorted(second) == sorted(first)
    page.click("th >> text=Thừa/thiếu")
    page.wait_for_url("**order=worst**")
    assert sorted_by(page) == [("Thừa/thiếu", "ascending")]
    assert order(page) == second[::-1]
    page.go_back()
    assert (order(page), sorted_by(page)) == (second, [("Thừa/thiếu", "descending")])
    page.go_back()
    assert (order(page), sorted_by(page)) == (first, [("% KH", "descending")])


def test_equal_scores_share_a_rank_and_the_next_is_left_out(open_page):
    page = open_page(f"{ADDRESS}&by=on_time").page
    ranks = [int(text) for text in page.locator("tbody:not(.whole) .rank").all_inner_texts()]
    scores = [
        int(reached) / int(due)
        for reached, due in (
            text.split("/")
            for text in page.locator("tbody:not(.whole) .on-time").all_text_contents()
        )
    ]
    assert len(set(ranks)) < len(ranks)
    assert ranks == [1 + sum(other > score for other in scores) for score in scores]


def test_filters_survive_another_order(open_page):
    page = open_page("/ranking/?month=2023-12&unit=119").page
    everybody = order(page)
    page.click("summary:has-text('Trong nhóm')")
    page.click("nav[aria-label='Xếp hạng trong nhóm đơn vị nào'] a[href*='size=small']")
    page.wait_for_url("**size=small**")
    small = order(page)
    assert 0 < len(small) < len(everybody)
    page.click("th >> text=12 tháng qua")
    page.wait_for_url("**by=increase**")
    assert "size=small" in page.url
    assert "unit=119" in page.url
    assert sorted(order(page)) == sorted(small)


def test_units_that_lack_reports_are_listed_below_without_a_rank(open_page):
    page = open_page("/ranking/?month=2025-11").page
    assert page.locator(NAMES).count() == 75
    assert "54" in page.inner_text("h1") and "75 xã" in page.inner_text("h1")
    ranks = page.locator(".ranking tbody:not(.whole) td.rank").all_inner_texts()
    assert ranks[53] != "–"
    assert set(ranks[54:]) == {"–"}


def test_a_name_opens_its_unit(open_page):
    page = open_page(ADDRESS).page
    page.click(f"{NAMES} a >> text=Sốp Cộp")
    page.wait_for_url("**/units/127/?month=2023-12")
    assert "Sốp Cộp" in page.inner_text("h1")


def test_on_a_phone_the_sort_links_show_when_the_keyboard_comes_to_them(open_page):
    page = open_page(ADDRESS, size="phone").page
    assert page.locator(".ranking thead").bounding_box()["height"] <= 1
    page.focus(".ranking thead a >> nth=0")
    assert page.locator(".ranking thead").bounding_box()["height"] >= 28
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**by=missing**")
