"""What holds for every page at every size: nothing foreign, broken or out of reach."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "/?month=2023-12",
    "overview of today's map": "/?month=2025-08",
    "overview without data": "/?month=2026-03",
    "district": "/units/118/?month=2023-12",
    "commune of today": "/units/03646/?month=2025-08",
    "ended district": "/units/118/?month=2025-08",
    "indicators": "/indicators/?month=2023-12",
    "indicator": "/indicators/HI/?month=2023-12",
    "rate": "/indicators/HI_RATE/?month=2024-06",
    "flow": "/indicators/HI_HH_NEW/?month=2024-06",
    "across the reform": "/indicators/HI/?month=2025-08",
    "ranking": "/ranking/?month=2023-12",
    "provenance": "/provenance/14/HI/2023-12/",
    "history": "/history/14/HI/2023-12/",
    "entry of many units": "/entry/?month=2026-01",
    "entry": "/entry/2026-01/03703/",
    "entry of a report sent": "/entry/2025-12/03703/",
    "completeness": "/completeness/?month=2023-12",
    "completeness of today": "/completeness/?month=2025-12",
    "reminder": "/completeness/remind/?month=2025-12&group=14",
    "history of everything": "/history/",
    "people": "/people/",
    "background work": "/jobs/",
    "help": "/help/",
    "password": "/accounts/password/",
    "second factor": "/accounts/second-factor/",
    "sign in": "/accounts/login/",
}
NOT_FOUND = {"ended district"}


def account_for(name: str) -> str | None:
    return None if name == "sign in" else "can-bo-tinh"


@pytest.mark.parametrize("size", ["desk", "tablet", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(open_page, name, size):
    """No sideways scroll, no console error, no foreign request, axe finds nothing serious."""
    watched = open_page(PAGES[name], account=account_for(name), size=size)
    assert watched.response.status in ((200, 404) if name in NOT_FOUND else (200,))
    widths = watched.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert widths[0] <= widths[1], f"scrolls sideways: {widths}"
    assert watched.foreign == []
    assert [error for error in watched.errors if "404" not in error] == []
    found = Axe().run(watched.page).response["violations"]
    serious = [
        (violation["id"], violation["nodes"][0]["html"][:200])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_that_is_no_word(open_page, name):
    watched = open_page(PAGES[name], account=account_for(name))
    text = watched.page.inner_text("body")
    for nonsense in ("None", "NaN", "undefined", "%("):
        assert nonsense not in text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_at_most_60_kilobytes(open_page, name):
    """The page itself, its stylesheets, scripts and pictures, compressed; without fonts."""
    sizes = {}

    def weigh(response):
        kind = response.request.resource_type
        if kind not in ("font", "fetch") and response.status == 200:
            sizes[response.url] = len(gzip.compress(response.body(), 9))

    watched = open_page("/help/", account=account_for(name))
    watched.page.context.clear_cookies() if account_for(name) is None else None
    watched.page.on("response", weigh)
    watched.page.goto(PAGES[name], wait_until="networkidle")
    assert 0 < sum(sizes.values()) <= 60_000, sizes


def test_titles_tell_pages_apart(open_page):
    titles = {}
    for name, address in PAGES.items():
        watched = open_page(address, account=account_for(name))
        titles[name] = watched.page.title()
        watched.page.context.close()
    assert len(set(titles.values())) == len(titles), titles


def test_the_keyboard_reaches_controls_with_a_visible_ring(open_page):
    watched = open_page(PAGES["overview"])
    seen = []
    for _step in range(12):
        watched.page.keyboard.press("Tab")
        focus = watched.page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " const b = e.getBoundingClientRect(); return [e.tagName, s.outlineStyle,"
            " s.outlineWidth, b.top, innerHeight]; })()"
        )
        seen.append(focus)
    assert all(tag != "BODY" for tag, *_rest in seen)
    assert all(style != "none" and width != "0px" for _tag, style, width, *_place in seen), seen


def test_the_language_changes_words_and_separators_and_no_number(open_page):
    vietnamese = open_page("/?month=2023-12&lang=vi").page.inner_text("main")
    english = open_page("/?month=2023-12&lang=en").page.inner_text("main")
    assert "1.278.316" in vietnamese
    assert "1,278,316" in english
    assert "101,6%" in vietnamese
    assert "101.6%" in english


def test_pages_are_read_without_scripts(open_page):
    watched = open_page(PAGES["overview"], java_script_enabled=False)
    assert "1.278.316" in watched.page.inner_text("main")


def test_status_is_a_word_and_not_only_a_colour(open_page):
    watched = open_page(PAGES["overview"])
    rows = watched.page.locator("table tbody tr")
    assert rows.count() >= 12
    words = ("Vượt", "Đạt", "Chậm", "Nguy cơ")
    for row in rows.all_inner_texts()[:12]:
        assert any(word in row for word in words), row


def test_the_hall_sees_every_row_without_scrolling(open_page):
    watched = open_page("/?month=2023-12&view=hall")
    watched.page.set_viewport_size({"width": 1920, "height": 1080})
    watched.page.wait_for_timeout(300)
    bottoms = watched.page.evaluate(
        "[...document.querySelectorAll('main table tbody tr')]"
        ".map(r => r.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) >= 12
    assert max(bottoms) <= 1080, max(bottoms)


def test_the_overview_prints_on_one_landscape_page_with_the_state_header(open_page, tmp_path):
    watched = open_page(PAGES["overview"])
    paper = watched.page.pdf(prefer_css_page_size=True, print_background=True)
    pages = paper.count(b"/Type /Page") - paper.count(b"/Type /Pages")
    assert pages == 1
    watched.page.emulate_media(media="print")
    assert "Độc lập - Tự do - Hạnh phúc" in watched.page.inner_text("body")


def test_a_stranger_is_told_who_may(open_page):
    watched = open_page("/?month=2023-12", account="nguoi-ngoai")
    assert watched.response.status == 403
    assert watched.page.locator("header").count() == 1
