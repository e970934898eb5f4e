"""Somebody at the site while it is killed: requests over HTTP that may never be answered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from knox.models import AuthToken

from steering.accounts.models import User

_CSRF = "x" * 32
PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """A user with a session for pages and a token for the programming interface."""

    def __init__(self, user: User, bind: str):
        browser = Client()
        browser.force_login(user)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self._cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={_CSRF}"
        self._token = AuthToken.objects.create(user=user)[1]
        self._bind = bind

    def call(self, method: str, path: str, told: Any = None) -> Answer | None:
        """Ask the programming interface; None if the line broke."""
        headers = {"Authorization": f"Token {self._token}", "Content-Type": "application/json"}
        body = None if told is None else json.dumps(told)
        return self._ask(method, f"/api/v1/{path}", body, headers)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer | None:
        """Send a form of a page; None if the line broke."""
        headers = {
            "Cookie": self._cookies,
            "X-CSRFToken": _CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._ask("POST", path, urlencode(fields, doseq=True), headers)

    def _ask(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> Answer | None:
        line = HTTPConnection(self._bind, timeout=PATIENCE)
        try:
            line.request(method, path, body, dict(headers))
            response = line.getresponse()
            return Answer(response.status, response.read())
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            return None
        finally:
            line.close()


def answers(bind: str) -> bool:
    """Whether the site is there."""
    line = HTTPConnection(bind, timeout=PATIENCE)
    try:
        line.request("GET", "/accounts/login/")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
