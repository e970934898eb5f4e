"""Where a number comes from: a panel over the page, by keyboard and by mouse."""

import pytest

pytestmark = pytest.mark.browser

FIGURE = ".league .whole a.figure >> nth=0"
FOCUSED = "document.activeElement.getAttribute('href')"
INSIDE = "!!document.activeElement.closest('#panel')"


def opened(page):
    page.wait_for_selector("#panel[open] article.origin")
    return page.locator("#panel")


def test_the_keyboard_opens_walks_and_leaves_the_panel(open_page):
    watched = open_page("/?month=2023-12")
    page = watched.page
    page.focus(FIGURE)
    address = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    panel = opened(page)
    assert "1.278.316" in panel.inner_text()
    assert page.url.endswith("/?month=2023-12")
    assert page.evaluate(INSIDE)
    links = panel.locator("a[href], button")
    for _press in range(links.count() + 2):
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement === document.body || {INSIDE}")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate(FOCUSED) == address
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) != address
    assert watched.errors == []


def test_the_mouse_opens_it_and_closes_it_by_its_button_or_beside_it(open_page):
    page = open_page("/?month=2023-12").page
    page.click(FIGURE)
    panel = opened(page)
    panel.locator("[data-close]").click()
    assert not panel.is_visible()
    page.click(FIGURE)
    opened(page)
    page.mouse.click(5, 5)
    assert not panel.is_visible()


def test_from_one_figure_to_the_one_below_and_back_to_where_the_reader_was(open_page):
    page = open_page("/?month=2023-12").page
    page.focus(FIGURE)
    address = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    panel = opened(page)
    below = panel.locator(".shares a", has_text="Sốp Cộp")
    below.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .where >> text=Sốp Cộp")
    assert "51.009" in panel.inner_text()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate(FOCUSED) == address


@pytest.mark.parametrize(
    "address",
    ["/units/127/?month=2023-12", "/indicators/HI/?month=2023-12", "/ranking/?month=2023-12"],
)
def test_figures_open_from_every_page_of_figures(open_page, address):
    watched = open_page(address)
    page = watched.page
    figure = page.locator("main a[data-panel]").first
    figure.focus()
    page.keyboard.press("Enter")
    assert opened(page).locator("dl.facts dt").count() >= 2
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == figure.get_attribute("href")
    assert watched.errors == []


def test_the_page_of_a_figure_adds_up_from_the_units_below(open_page):
    page = open_page("/provenance/14/HI/2023-12/").page
    below = page.locator(".shares .number:not(small)").all_inner_texts()
    assert len(below) == 12
    assert sum(int(text.replace(".", "")) for text in below) == 1_278_316


def test_a_phone_shows_the_changes_of_a_figure_without_scrolling_sideways(open_page):
    page = open_page("/history/14/HI/2023-12/", size="phone").page
    table = page.locator(".history")
    assert table.evaluate("table => table.scrollWidth - table.parentElement.clientWidth") <= 0
    assert "7.290" in table.locator("tbody tr").first.inner_text()
