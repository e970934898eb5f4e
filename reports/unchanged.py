"""Telling whoever asks again that nothing changed: a tag for each answer, a short way to say so.

A tag names the reader, the address, the language, the rights, the day, the state of the data and
the release: whatever an answer may depend on.
"""

from hashlib import blake2b
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from steering.kept.store import key_of

Answer = TypeVar("Answer", bound=HttpResponse)


def tag_of(request: HttpRequest, *key: object) -> str:
    """The name of an answer as this reader's: with their name and the token of their forms."""
    user = request.user
    own = f"{user.pk} {user} {request.META.get('CSRF_COOKIE', '')}"
    return f'"{key_of(blake2b(own.encode(), digest_size=9).hexdigest(), *key)}"'


def is_held(request: HttpRequest, tag: str) -> bool:
    """Whether whoever asks says that they hold this very answer; a compressed one is as good."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return tag in (one.removeprefix("W/") for one in held)


def not_modified(tag: str) -> HttpResponse:
    """There is nothing new."""
    return marked(HttpResponseNotModified(), tag)


def marked(answer: Answer, tag: str) -> Answer:
    """To be asked for again each time, and kept by nobody between here and the reader."""
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ["Cookie", "Accept-Language", "HX-Request"])
    return answer
