"""A page of figures, made once for each state of the data and for all who may read the same.

Rights and stamps are read first, for every request; then the browser may already have the page
(304), or it is kept, or it is made (ADR 0025).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from districts.models import Unit
from districts.versions import provinces_above
from reports.pages.scope import Scope
from reports.ready.asking import ask_for_ready
from reports.unchanged import is_held, marked, not_modified, tag_of
from steering.committee.sight import sight_of
from steering.kept.reader import filled_in, left_open
from steering.kept.store import kept


@dataclass(frozen=True)
class Page:
    """A page as it is kept: its content, and the headers that the view gave it."""

    content: bytes
    headers: dict[str, str]


class Elsewhere(Exception):
    """The answer is no page of figures but the way to another one: it is not kept."""

    def __init__(self, answer: HttpResponse):
        self.answer = answer


def kept_page(
    request: HttpRequest,
    *,
    today: date,
    scope_of: Callable[[], Scope],
    view: Callable[[Scope], HttpResponse],
) -> HttpResponse:
    """The page of ``view``, made now only if the data, the rights or the address are new.

    ``scope_of`` says what the address asks for and raises where the reader may not see it.
    """
    scope = cache(scope_of)
    if len(get_messages(request)):
        # What was just done is told once, to one reader.
        return view(scope())
    sight = sight_of(request.user, today)
    asked = (*_address(request), sight.rights)
    provinces = kept("place", (*asked, sight.whole), lambda: _provinces(scope()))
    version = sight.of(provinces)
    if version is None:
        return view(scope())
    tag = tag_of(request, *asked, version)
    if is_held(request, tag):
        return not_modified(tag)
    try:
        page = kept("page", (*asked, version), lambda: _made(request, scope(), view, version))
    except Elsewhere as other:
        return other.answer
    answer = HttpResponse(page.content, headers=page.headers)
    if answer.headers["Content-Type"].startswith("text/html"):
        answer.content = filled_in(page.content, request)
    return marked(answer, tag)


def _address(request: HttpRequest) -> tuple[object, ...]:
    """What a page says of the request beside the figures: where it lies, for what, in which words.

    The back office and single keys are told of in the frame.
    """
    return (
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        request.headers.get("HX-Request") == "true",
        get_language(),
        request.user.is_staff,
        request.user.single_keys,
    )


def _provinces(scope: Scope) -> tuple[int, ...]:
    """The provinces whose stamps stand for everything that the page can show."""
    return tuple(sorted(provinces_above([scope.unit.pk])))


def _made(
    request: HttpRequest, scope: Scope, view: Callable[[Scope], HttpResponse], version: str
) -> Page:
    with left_open(request):
        answer = view(scope)
    if answer.status_code != 200:
        raise Elsewhere(answer)
    if scope.in_force:
        ask_for_ready(
            province=Unit.objects.province_of(scope.unit, scope.map_month),
            month=scope.month,
            map_month=scope.map_month,
            authority=scope.authority,
            version=version,
        )
    return Page(answer.content, dict(answer.headers))
