"""The pages everybody may meet: the way in, and what is said when something is not there."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.views import defaults


def test_the_start_page_leads_to_the_way_in(client, db):
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    assert answer.status_code == 200


def test_a_missing_page_says_so_in_the_language_of_the_reader(client, db):
    answer = client.get("/nowhere/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
    assert '<html lang="en">' in answer.content.decode()


def test_a_page_that_is_not_yours_says_whom_to_ask(rf, english):
    answer = defaults.permission_denied(rf.get("/"), PermissionDenied())
    assert answer.status_code == 403
    assert "standing agency" in answer.content.decode()


def test_a_mistake_of_ours_is_told_without_the_database(rf, english):
    answer = defaults.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Nothing was half saved" in answer.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_language_can_be_chosen(client, db, language):
    answer = client.post("/language/setlang/", {"language": language, "next": "/accounts/login/"})
    assert answer.status_code == 302
    page = client.get("/accounts/login/").content.decode()
    assert f'lang="{language}"' in page


def test_months_in_addresses_and_fields_are_not_written_as_grouped_numbers():
    """A month is an integer: printed without a filter, Vietnamese makes 2.024.-02 of it."""
    bare = re.compile(r'(?:="[^"]*|[=#-])\{\{ (?:[a-z_.]+\.)?month \}\}')
    root = Path(__file__).resolve().parent.parent
    found = [
        f"{path.relative_to(root)}: {hit}"
        for package in ("collection", "commitments", "reports", "steering")
        for path in (root / package).rglob("*.html")
        for hit in bare.findall(path.read_text())
    ]
    assert found == []
