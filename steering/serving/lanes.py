"""Two lanes into a process of the site: whoever saves never waits behind pages (ADR 0028).

A page whose figures are new takes a processor for a second; a cell that is saved takes it for some
milliseconds. So a process makes one page at a time. The others wait in the order they came, each in
a thread that does nothing meanwhile, and threads are always left for what is saved.
"""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

WAITING = 47
"""Pages that wait in a process, far fewer than its threads (``web`` in ``steering/serve.py``)."""

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class Lanes:
    """A WSGI application whose pages take turns: ``pages`` at a time, ``waiting`` in line at most.

    Whatever writes passes, and so do files that lie ready. A page has left its lane when it is
    made; how slowly somebody receives it is no matter.
    """

    def __init__(self, application: Application, *, pages: int, waiting: int = WAITING):
        self.application = application
        self.line = Line(pages, waiting)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if not is_page(environ):
            return self.application(environ, start_response)
        if not self.line.enter():
            return _come_again(start_response)
        try:
            return self.application(environ, start_response)
        finally:
            self.line.leave()


def is_page(environ: dict[str, Any]) -> bool:
    """Whether a request is to be read, and has to be made."""
    reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return reads and not environ.get("PATH_INFO", "").startswith(settings.STATIC_URL)


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
