"""Tokens of scripts: made by somebody signed in, told once, hashed, ended by time or by hand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from steering.accounts.models import JournalEntry


@pytest.fixture
def made(api, officer):
    answer = api(officer).post("/api/v1/tokens/", {"hours": 48})
    assert answer.status_code == 201
    return answer.json()


def asking_with(token: str):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_opens_what_its_owner_may_see(made, officer):
    assert asking_with(made["token"]).get("/api/v1/units/").json()["count"] == 9


def test_only_a_digest_is_kept(made):
    held = AuthToken.objects.get()
    assert made["token"] not in (held.digest, held.token_key)
    assert held.digest != made["token"]


def test_a_token_ends_by_itself(made, api, officer):
    later = datetime.now(UTC) + timedelta(hours=49)
    with time_machine.travel(later, tick=False):
        answer = asking_with(made["token"]).get("/api/v1/units/")
        listed = api(officer).get("/api/v1/tokens/").json()
    assert answer.status_code == 401
    assert listed == []


def test_a_token_is_ended_by_hand_and_the_journal_knows(made, api, officer):
    assert api(officer).delete(f"/api/v1/tokens/{made['key']}/").status_code == 204
    assert asking_with(made["token"]).get("/api/v1/units/").status_code == 401
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"token.made", "token.ended"} <= actions


def test_nobody_ends_the_token_of_another(made, api, chair):
    assert api(chair).delete(f"/api/v1/tokens/{made['key']}/").status_code == 404
    assert asking_with(made["token"]).get("/api/v1/units/").status_code == 200


def test_a_token_makes_no_other_token(made):
    answer = asking_with(made["token"]).post("/api/v1/tokens/", {"hours": 1})
    assert answer.status_code in (401, 403)
    assert AuthToken.objects.count() == 1


def test_an_account_has_no_more_tokens_than_are_allowed_and_is_told_what_to_do(
    api, officer, chair, english
):
    most = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    for _ in range(most):
        AuthToken.objects.create(officer, expiry=timedelta(hours=1))
    client = api(officer)
    answer = client.post("/api/v1/tokens/", {}, headers={"accept-language": "en"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], error["read"]) == ("too_many_tokens", str(most))
    assert f"no account has more than {most}" in error["message"]
    assert AuthToken.objects.count() == most
    assert api(chair).post("/api/v1/tokens/", {}).status_code == 201
    key = client.get("/api/v1/tokens/").json()[0]["key"]
    client.delete(f"/api/v1/tokens/{key}/")
    assert client.post("/api/v1/tokens/", {}).status_code == 201


def test_tokens_that_have_ended_are_not_counted(api, officer):
    for _ in range(settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]):
        AuthToken.objects.create(officer, expiry=timedelta(hours=1))
    AuthToken.objects.update(expiry=datetime.now(UTC) - timedelta(minutes=1))
    assert api(officer).post("/api/v1/tokens/", {}).status_code == 201


@pytest.mark.parametrize("hours", [0, 100_000, "long"])
def test_a_token_holds_a_sensible_time(api, officer, hours):
    answer = api(officer).post("/api/v1/tokens/", {"hours": hours})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "hours"
    assert not AuthToken.objects.exists()


def test_a_form_from_elsewhere_makes_no_token(officer):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(officer)
    assert client.post("/api/v1/tokens/", {}).status_code == 403


def test_a_new_password_ends_every_token(made, officer, client):
    officer.set_password("mật-khẩu-cũ-1")
    officer.save()
    client.force_login(officer)
    new = "mật-khẩu-mới-khác-2"
    fields = {"old_password": "mật-khẩu-cũ-1", "new_password1": new, "new_password2": new}
    assert client.post(reverse("accounts:password"), fields).status_code == 302
    assert asking_with(made["token"]).get("/api/v1/units/").status_code == 401
    assert JournalEntry.objects.filter(action="token.ended").exists()
