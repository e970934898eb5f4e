"""What holds for every page at every size: nothing foreign, broken, cut off or out of reach."""

import gzip

import pytest

from tests.browser.conftest import SIZES
from tests.browser.measures import cut_off, serious_findings, sideways, walk
from tests.browser.places import PLACES, READ_PAGES

pytestmark = pytest.mark.browser

NARROWEST = {"width": 320, "height": 700}
NO_WORDS = ("None", "NaN", "undefined", "%(", "{{", "{%")


@pytest.mark.parametrize("name", PLACES)
def test_a_page_is_whole_at_every_size(open_page, name):
    place = PLACES[name]
    watched = open_page(place.address, account=place.account)
    page = watched.page
    assert watched.response.status == place.status
    assert watched.foreign == []
    assert len(watched.errors) == (place.status != 200), watched.errors
    text = page.inner_text("body")
    assert [nonsense for nonsense in NO_WORDS if nonsense in text] == []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert (size, sideways(page), cut_off(page)) == (size, 0, [])
        assert (size, serious_findings(page)) == (size, [])
    page.set_viewport_size(NARROWEST)
    assert sideways(page) == 0


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_bottom_bar_of_a_phone_breaks_no_word(open_page, language):
    page = open_page(f"/help/?lang={language}", size="phone", own=True).page
    heights = {link.bounding_box()["height"] for link in page.locator(".nav a:visible").all()}
    lines = page.locator(".nav a:visible").evaluate_all(
        """links => links.map(link => {
            const range = document.createRange();
            range.selectNodeContents(link.lastChild);
            return new Set([...range.getClientRects()].map(box => box.top)).size;
        })"""
    )
    assert lines == [1] * 5
    assert len(heights) == 1


@pytest.mark.parametrize("name", PLACES)
def test_text_at_twice_the_size_loses_nothing(open_page, large_text_browser, name):
    place = PLACES[name]
    page = open_page(place.address, account=place.account, browser=large_text_browser).page
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert (size, sideways(page), cut_off(page)) == (size, 0, [])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*READ_PAGES, "judgement", "people", "sign in"])
def test_the_keyboard_follows_the_eye_with_a_visible_ring(open_page, name, size):
    place = PLACES[name]
    stops, controls = walk(open_page(place.address, account=place.account, size=size).page)
    assert {stop.control for stop in stops} == controls
    assert [stop.html for stop in stops if stop.goes_back] == []
    assert [stop.html for stop in stops if not stop.ring] == []
    assert [stop.html for stop in stops if not (stop.seen and stop.inside)] == []


@pytest.mark.parametrize("name", PLACES)
def test_a_page_weighs_at_most_60_kilobytes(open_page, name):
    """The page itself, its stylesheets, scripts and pictures, compressed; without fonts."""
    place = PLACES[name]
    watched = open_page(place.address, account=place.account)
    sizes = {
        answer.url: len(gzip.compress(answer.body(), 9))
        for answer in watched.answers
        if answer.request.resource_type not in ("font", "fetch") and answer.status != 302
    }
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= 60_000, sizes


def test_titles_tell_pages_apart(open_page):
    """Two roles may see one page; the same account never reads one title on two pages."""
    accounts = {place.account for place in PLACES.values()}
    asking = {one: open_page("/help/", account=one).page.context.request for one in accounts}
    names = {}
    for name, place in PLACES.items():
        page = asking[place.account].get(place.address).text()
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert title
        names.setdefault((place.account, title), []).append(name)
    assert [together for together in names.values() if len(together) > 1] == []


@pytest.mark.parametrize("name", ["overview", "district", "indicator", "ranking", "provenance"])
def test_the_language_changes_words_and_separators_and_no_number(open_page, name):
    figures = ".number, .value, .big, .hero .of, .facts dd"
    read = {}
    for language in ("vi", "en"):
        address = PLACES[name].address
        address += f"{'&' if '?' in address else '?'}lang={language}"
        page = open_page(address, own=True).page
        assert page.get_attribute("html", "lang") == language
        read[language] = page.locator("main").locator(figures).all_text_contents()
    numbers = {
        "vi": [_numbers(text, thousands=".", decimal=",") for text in read["vi"]],
        "en": [_numbers(text, thousands=",", decimal=".") for text in read["en"]],
    }
    assert numbers["vi"] == numbers["en"]
    assert sum(len(found) for found in numbers["vi"]) >= 15
    assert read["vi"] != read["en"]


def _numbers(text: str, *, thousands: str, decimal: str) -> list[str]:
    plain = text.replace(thousands, "").replace(decimal, "·")
    kept = "".join(sign if sign.isdigit() or sign in "·−+" else " " for sign in plain)
    return [number.strip("·") for number in kept.split() if number.strip("·−+")]


@pytest.mark.parametrize("name", READ_PAGES)
def test_pages_are_read_without_scripts(open_page, name):
    """The same words as with scripts, and every figure leads to its origin as a page."""
    address = PLACES[name].address
    with_scripts = open_page(address).page.inner_text("main")
    page = open_page(address, java_script_enabled=False).page
    assert page.locator("main").inner_text() == with_scripts
    figure = page.locator("main a.figure").first
    if figure.count():
        page.goto(figure.get_attribute("href"))
        assert page.locator("article.origin h1").count() == 1
