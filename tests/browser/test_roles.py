"""Who arrives where, and what they are told about what is not theirs."""

import pytest

from .conftest import SIZES, VIETNAMESE, Watched, sign_in
from .measures import cut_off, serious_findings, sideways

pytestmark = pytest.mark.browser


def arrival(signed_in, account: str):
    page = signed_in(account).new_page()
    page.goto("/start/")
    return page


@pytest.mark.parametrize("account", ["can-bo-tinh", "lanh-dao", "kiem-toan"])
def test_whoever_sits_at_the_province_begins_with_the_overview(signed_in, account):
    page = arrival(signed_in, account)
    assert page.url.endswith("/")
    assert page.locator(".context-said").inner_text().startswith("Tỉnh Sơn La")
    page.context.close()


@pytest.mark.parametrize("account", ["chu-tich", "can-bo-xa"])
def test_whoever_reports_for_a_commune_begins_with_the_own_numbers(signed_in, account):
    page = arrival(signed_in, account)
    assert "/entry/" in page.url
    assert page.url.endswith("/03703/")
    assert "Quỳnh Nhai" in page.inner_text("main")
    page.context.close()


def test_the_chair_of_a_district_begins_with_it_while_it_stands(browser, site_before_the_reform):
    context = browser.new_context(base_url=site_before_the_reform, locale=VIETNAMESE)
    watched = Watched(context.new_page(), site_before_the_reform)
    page = watched.page
    sign_in(page, "chu-tich")
    assert page.url == f"{site_before_the_reform}/units/118/"
    assert page.inner_text("h1").startswith("Huyện Quỳnh Nhai")
    assert "11/11 xã" in page.locator(".context-said").inner_text()
    assert (watched.errors, watched.foreign) == ([], [])
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert (size, sideways(page), cut_off(page)) == (size, 0, [])
        assert (size, serious_findings(page)) == (size, [])
    for link in page.locator("nav.nav a").evaluate_all("links => links.map(a => a.pathname)"):
        assert page.goto(link).status == 200
    assert page.goto("/units/119/").status == 403
    context.close()


def test_a_chair_has_the_pages_of_the_own_district_and_no_others(open_page):
    own = open_page("/units/118/?month=2023-12", account="chu-tich")
    assert own.response.status == 200
    assert own.page.inner_text("h1").startswith("Huyện Quỳnh Nhai")
    assert own.page.locator(".context-said").inner_text().startswith("Huyện Quỳnh Nhai")
    parent = own.page.locator(".crumbs")
    assert "Tỉnh Sơn La" in parent.inner_text()
    assert parent.locator("a", has_text="Tỉnh Sơn La").count() == 0
    assert (
        open_page("/?month=2023-12", account="chu-tich")
        .page.inner_text("h1")
        .startswith("Toàn huyện Quỳnh Nhai")
    )


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("chu-tich", "/units/119/?month=2023-12"),
        ("chu-tich", "/provenance/119/HI/2023-12/"),
        ("chu-tich", "/indicators/HI/judgement/?month=2023-12"),
        ("chu-tich", "/people/"),
        ("can-bo-xa", "/units/118/?month=2023-12"),
        ("nguoi-ngoai", "/?month=2023-12"),
    ],
)
def test_what_is_not_theirs_is_refused_in_the_frame_of_the_site(open_page, account, address):
    watched = open_page(address, account=account)
    assert watched.response.status == 403
    page = watched.page
    assert "không có quyền" in page.inner_text("h1")
    assert page.locator("header.top .brand").count() == 1
    assert page.locator("details.me").count() == 1
    assert page.locator("main a").count() >= 1


def test_an_officer_is_offered_no_page_that_shows_nothing(open_page):
    page = open_page("/?month=2023-12", account="can-bo-xa").page
    links = page.locator("nav.nav a").evaluate_all("links => links.map(link => link.pathname)")
    assert "/ranking/" not in links
    assert "/people/" not in links
    assert len(links) >= 3
    for link in links:
        assert open_page(link, account="can-bo-xa").response.status == 200


def test_whoever_signed_out_is_asked_to_sign_in_and_comes_back(open_page):
    page = open_page("/ranking/?month=2023-12", account=None, own=True).page
    assert "/accounts/login/" in page.url
    page.fill("input[name$=username]", "lanh-dao")
    page.fill("input[name$=password]", "minh-hoa-2025")
    page.click("main button[type=submit]")
    page.wait_for_url("**/ranking/?month=2023-12")


def test_a_desk_shows_the_ranking_in_the_bar_and_a_phone_in_the_menu(open_page):
    page = open_page("/?month=2023-12&lang=en", own=True).page
    link = page.locator("nav.nav a[href='/ranking/']")
    assert link.is_visible()
    assert {box.bounding_box()["y"] for box in page.locator("nav.nav a").all()} == {
        link.bounding_box()["y"]
    }
    page.set_viewport_size({"width": 360, "height": 800})
    assert link.is_hidden()
    assert page.locator("details.me a[href='/ranking/']").count() == 1
