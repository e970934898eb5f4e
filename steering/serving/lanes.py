"""Lanes into a process of the site: whoever types never waits behind pages (ADR 0028).

A page whose figures are new takes a processor for a second; a cell that is saved takes it for some
milliseconds. So a process makes one page at a time. The others wait in the order they came, each in
a thread that does nothing meanwhile, and threads are always left for what is saved. The forms that
are typed into are quick to make and have a line of their own.
"""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

WAITING, FORMS_WAITING = 39, 11
"""So many wait in a process, far fewer than its threads (``web`` in ``steering/serve.py``)."""
FORMS = ("/entry/", "/api/v1/submissions/")
"""Where the addresses begin that somebody reads to type, or has typed; but for the workbooks."""

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class Lanes:
    """A WSGI application whose pages take turns: ``pages`` at a time, ``waiting`` in line at most.

    Whatever writes passes, and so do files that lie ready. A page has left its lane when it is
    made; how slowly somebody receives it is no matter.
    """

    def __init__(self, application: Application, *, pages: int, waiting: int = WAITING):
        self.application = application
        self.line = Line(pages, waiting)
        self.forms = Line(1, FORMS_WAITING)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        line = self._line(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if line is None:
            return self.application(environ, start_response)
        if not line.enter():
            return _come_again(start_response)
        try:
            return self.application(environ, start_response)
        finally:
            line.leave()

    def _line(self, method: str, path: str) -> "Line | None":
        """Where a request waits; None if it passes."""
        if method not in ("GET", "HEAD") or path.startswith(settings.STATIC_URL):
            return None
        is_form = path.startswith(FORMS) and not path.endswith("/template/")
        return self.forms if is_form else self.line


class Line:
    """So many ``places``, taken in the order of asking; at most ``waiting`` stand in line."""

    def __init__(self, places: int, waiting: int):
        self._lock = Lock()
        self._free = places
        self._room = waiting
        self._waiting: deque[Lock] = deque()

    def enter(self) -> bool:
        """Take a place, waiting for one; False at once where the line is full."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._room:
                return False
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()
        return True

    @property
    def is_taken(self) -> bool:
        """Whether the next one would have to wait."""
        return not self._free

    def leave(self) -> None:
        """Hand the place to whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def _come_again(start_response: Callable) -> Iterable[bytes]:
    with override(settings.LANGUAGE_CODE):
        words = gettext("Too many people are reading just now. The page will try again by itself.")
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Retry-After", "5"),
        ("Refresh", "5"),
    ]
    start_response("503 Service Unavailable", headers)
    return [words.encode()]
