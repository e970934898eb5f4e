"""The frame of every page: headers, files, navigation by role, language, errors."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views import defaults

from districts.models import Unit
from steering import errors
from steering.committee.access import NotAllowed
from steering.committee.roles import Permission, Role
from steering.middleware import CONTENT_SECURITY_POLICY
from tests import builders
from tests.builders import by_code

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("steering", "districts", "commitments", "reports")
FONTS = ROOT / "steering/static/site/fonts"

OWN = [
    reverse("accounts:settings"),
    reverse("accounts:password"),
    reverse("accounts:second_factor"),
    reverse("accounts:set_up_second_factor"),
    reverse("committee:people"),
    reverse("reports:help"),
    reverse("admin:index"),
    reverse("admin:committee_membership_changelist"),
    reverse("admin:committee_membership_add"),
    "/nowhere/",
]
OPEN = [reverse("accounts:login"), reverse("accounts:code"), reverse("reports:help"), "/nowhere/"]


def sources(*endings: str) -> list[Path]:
    """Our own templates, styles and scripts."""
    found = [
        file
        for package in PACKAGES
        for folder in ("templates", "static")
        for file in (ROOT / package).rglob(f"{folder}/**/*")
        if file.suffix in endings
    ]
    assert found
    return found


# --- headers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", OWN)
def test_every_page_of_a_member_carries_the_policy(client, officer, address):
    client.force_login(officer)
    assert client.get(address).headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("address", OPEN)
def test_every_open_page_carries_the_policy(client, db, address):
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_lets_nothing_inline_and_nothing_foreign_in():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("address", OWN)
def test_no_page_holds_what_the_policy_forbids(client, officer, address):
    client.force_login(officer)
    page = client.get(address).content.decode()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", page) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", page) == []
    links = re.findall(r"(?:href|src|action)=\"(https?:|//)", page)
    assert links == []


def test_pages_are_compressed(client, db):
    answer = client.get(OPEN[0], headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


# --- files ---------------------------------------------------------------------------------------


def test_no_template_style_or_script_names_a_foreign_host():
    named = {
        str(file.relative_to(ROOT)): foreign
        for file in sources(".html", ".css", ".js", ".svg")
        if (
            foreign := [
                link
                for link in re.findall(r"(?:https?:)?//[\w-]+\.[\w./-]+", file.read_text())
                if not link.startswith("http://www.w3.org/")
            ]
        )
    }
    assert named == {}


def test_every_static_file_a_template_names_exists():
    missing = {
        name
        for file in sources(".html")
        for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", file.read_text())
        if finders.find(name) is None
    }
    assert missing == set()


def test_every_icon_a_template_draws_is_in_the_file_of_icons():
    icons = (ROOT / "steering/static/site/icons.svg").read_text()
    known = set(re.findall(r'symbol id="([\w-]+)"', icons))
    drawn = {
        name
        for file in sources(".html")
        for name in re.findall(r"icons\.svg' %}#([\w-]+)\"", file.read_text())
    }
    assert drawn
    assert drawn <= known


def test_fonts_are_what_the_manifest_says_and_nothing_else_lies_there():
    families = json.loads((FONTS / "manifest.json").read_text())
    promised = {name: digest for family in families for name, digest in family["sha256"].items()}
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in FONTS.iterdir()
        if file.name != "manifest.json"
    }
    assert found == promised
    for family in families:
        assert family["licence"] == "OFL-1.1"
        assert any(name.endswith("LICENSE.txt") for name in family["sha256"])


def test_every_font_is_swapped_in_and_says_which_letters_it_holds():
    styles = (ROOT / "steering/static/site/fonts.css").read_text()
    faces = re.findall(r"@font-face \{(.*?)\}", styles, re.S)
    assert len(faces) == len(list(FONTS.glob("*.woff2")))
    for face in faces:
        assert "font-display: swap" in face
        assert "unicode-range:" in face
        (name,) = re.findall(r'url\("fonts/(.+?)"\)', face)
        assert (FONTS / name).exists()


def test_a_browser_that_looks_for_an_icon_finds_one(client, db):
    assert client.get("/favicon.ico").url.endswith("site/logo.svg")


# --- navigation ----------------------------------------------------------------------------------


def items(client: Client) -> list[str]:
    return [
        item.icon for item in client.get(reverse("accounts:settings")).context["frame"].navigation
    ]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("officer", ["overview", "indicators", "entry", "review", "completeness"]),
        ("leader", ["overview", "indicators", "ranking", "help", "completeness"]),
        ("auditor", ["overview", "indicators", "ranking", "help", "completeness"]),
        ("chair", ["overview", "indicators", "entry", "review", "completeness"]),
        ("commune_officer", ["overview", "indicators", "entry", "help", "completeness"]),
        ("outsider", ["help"]),
    ],
)
def test_navigation_shows_what_the_role_can_use_and_fits_a_telephone(request, client, who, sees):
    client.force_login(request.getfixturevalue(who))
    assert items(client) == sees
    assert len(sees) <= 5


def test_what_the_bar_has_no_room_for_stands_in_the_account_menu(client, officer):
    client.force_login(officer)
    frame = client.get(reverse("accounts:settings")).context["frame"]
    beyond = [item.icon for item in frame.account_items[:7]]
    assert beyond == ["ranking", "help", "review", "indicators", "indicators", "entry", "people"]


@pytest.mark.parametrize(
    ("who", "more"), [("officer", ["ranking"]), ("chair", ["ranking"]), ("leader", [])]
)
def test_a_desk_has_room_for_the_ranking_beside_the_bar(request, client, who, more):
    client.force_login(request.getfixturevalue(who))
    frame = client.get(reverse("accounts:settings")).context["frame"]
    assert [item.icon for item in frame.on_a_desk] == more


def test_the_page_one_is_on_is_marked_for_eyes_and_for_readers(client, officer):
    client.force_login(officer)
    page = client.get(reverse("reports:indicators")).content.decode()
    nav = re.search(r"<nav.*?</nav>", page, re.S)[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', nav) == [
        reverse("reports:indicators")
    ]


@pytest.mark.parametrize(
    ("who", "begins"),
    [("officer", "/"), ("leader", "/"), ("auditor", "/"), ("outsider", "/")],
)
def test_whoever_sits_at_the_province_begins_with_the_overview(request, client, who, begins):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("landing")).url == begins


def test_whoever_sits_at_a_district_begins_with_it(client, chair):
    client.force_login(chair)
    assert client.get(reverse("landing")).url == reverse("reports:unit", args=["901"])


def test_whoever_reports_for_a_commune_begins_with_its_report_of_the_month(client, communes):
    on_the_old_map = builders.seated("reporter", Role.OFFICER, communes[4])
    client.force_login(on_the_old_map)
    assert client.get(reverse("landing")).url == reverse("collection:entry")


def test_of_two_seats_the_one_at_a_unit_in_force_comes_first(client, reformed):
    both = builders.seated("both", Role.CHAIR, by_code("901"))
    after = Unit.objects.by_code("99001", builders.REFORM_DAY)
    builders.seat(both, Role.CHAIR, after, since=builders.REFORM_DAY)
    client.force_login(both)
    seats = client.get(reverse("accounts:settings")).context["frame"].seats
    assert [seat.committee.unit.code for seat in seats] == ["99001", "901"]


def test_the_notice_of_the_committee_stands_in_the_footer(client, officer):
    seat = officer.memberships.get()
    seat.committee.notice = "Số liệu minh họa"
    seat.committee.save()
    client.force_login(officer)
    page = client.get(reverse("accounts:settings")).content.decode()
    assert "Số liệu minh họa" in page[page.index("<footer") :]


def test_the_frame_costs_few_queries_whatever_the_size_of_the_province(client, officer):
    client.force_login(officer)
    client.get(reverse("accounts:settings"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("accounts:settings"))
    # Session, user, seats, notices.
    assert len(queries) == 4


# --- language ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_link_says_its_language_and_the_choice_stays(client, db, language):
    first = client.get(OPEN[0], {"lang": language}).content.decode()
    assert f'<html lang="{language}">' in first
    assert f'<html lang="{language}">' in client.get(OPEN[0]).content.decode()


def test_the_switch_keeps_the_rest_of_the_address(client, officer):
    client.force_login(officer)
    page = client.get(reverse("committee:people"), {"q": "mộc châu", "page": "2"})
    links = {choice.code: choice.url for choice in page.context["frame"].languages}
    assert links["en"] == reverse("committee:people") + "?q=m%E1%BB%99c+ch%C3%A2u&page=2&lang=en"


def test_a_language_nobody_knows_is_ignored(client, db):
    answer = client.get(OPEN[0], {"lang": "../xx"})
    assert answer.status_code == 200
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exception", "handler", "status", "said"),
    [
        (BadRequest("“2023-99” is not a month."), errors.bad_request, 400, "“2023-99” is not"),
        (
            PermissionDenied(
                NotAllowed(Permission.SEE_FIGURES, Unit(full_name="Huyện Đồi Thông", code="901"))
            ),
            errors.not_allowed,
            403,
            "Auditor",
        ),
        (PermissionDenied("Only on Mondays."), errors.not_allowed, 403, "Only on Mondays."),
        (Http404("No unit “77”."), errors.not_found, 404, "No unit “77”."),
    ],
)
def test_errors_say_what_was_wrong_in_the_frame(rf, english, exception, handler, status, said):
    answer = handler(rf.get("/"), exception)
    page = answer.content.decode()
    assert answer.status_code == status
    assert said in page
    assert 'class="top"' in page
    assert "<footer" in page


def test_what_developers_wrote_for_each_other_is_not_shown(rf, english):
    class Internal(BadRequest):
        pass

    assert "secret" not in errors.bad_request(rf.get("/"), Internal("secret")).content.decode()


def test_a_missing_page_is_told_in_the_frame_with_navigation(client, officer):
    client.force_login(officer)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert 'class="nav"' in answer.content.decode()


def test_a_form_without_its_token_is_explained(officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("accounts:settings"), {"language": "en"})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()
    assert 'class="top"' in answer.content.decode()


def test_an_unknown_host_is_refused_in_the_frame(client, db):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert 'class="top"' in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_our_own_mistake_is_told_without_the_database(rf, english):
    answer = defaults.server_error(rf.get("/"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Nothing was half saved" in page
    assert 'class="top"' in page


@override_settings(ROOT_URLCONF="tests.pages.broken_site")
@pytest.mark.parametrize(
    ("address", "status"), [("/broken/", 500), ("/refused/", 403), ("/unreadable/", 400)]
)
def test_what_views_raise_becomes_the_right_page(client, officer, address, status):
    client.raise_request_exception = False
    client.force_login(officer)
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert 'class="top"' in page
    assert "secret detail" not in page
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
