"""A page that is made for nobody in particular: what names its reader is filled in afterwards.

Readers with the same rights share a page. Their name, their number and the token of their forms
are left open in it; the words that stand there meanwhile cannot be guessed, so that nobody types
one into a name or a note.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac
from django.utils.html import escape


@dataclass(frozen=True)
class Reader:
    """How a page names whom it is for: in words, by number, by the token of their forms."""

    name: str
    number: str
    token: str


@cache
def _anybody(secret: str) -> Reader:
    words = salted_hmac("steering.kept.reader", "left open", secret=secret, algorithm="sha256")
    said = words.hexdigest()
    return Reader(*(f"left-open-{part}-{said[:24]}" for part in ("name", "number", "token")))


def anybody() -> Reader:
    """Whom a page is for that is still to be filled in."""
    return _anybody(settings.SECRET_KEY)


def is_left_open(request: HttpRequest) -> bool:
    """Whether the page of this request is made for anybody."""
    return getattr(request, "reader_left_open", False)


@contextmanager
def left_open(request: HttpRequest) -> Iterator[None]:
    """Pages of the request that are made inside the block are for anybody."""
    request.reader_left_open = True
    try:
        yield
    finally:
        request.reader_left_open = False


def reader_of(request: HttpRequest, user: AbstractBaseUser) -> Reader:
    """Whom a page that is made now is for."""
    return anybody() if is_left_open(request) else Reader(str(user), str(user.pk), "")


def filled_in(content: bytes, request: HttpRequest) -> bytes:
    """The page as that of the reader who asks."""
    stands, user = anybody(), request.user
    for there, here in (
        (stands.name, escape(str(user))),
        (stands.number, str(user.pk)),
        (stands.token, get_token(request)),
    ):
        content = content.replace(there.encode(), here.encode())
    return content
