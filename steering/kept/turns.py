"""One at a time, among all threads and processes that share what is kept."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches

PATIENCE = 20
"""Seconds until somebody who waits makes the thing beside the one who should have made it."""
LOOK_EVERY = 0.02
FILES = 256
"""So many files are locks in each room: two things share one now and then and wait for no harm.

Never two of different rooms: what is made in one may ask for something of another.
"""


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Hold ``name``, its room and its key with a hyphen between, or go on after ``PATIENCE``.

    Whoever dies holding it lets go: a file's lock ends with its process, Redis forgets in time.
    """
    with _among_machines(name) if settings.KEPT_URL else _among_files(name):
        yield


@contextmanager
def _among_files(name: str) -> Iterator[None]:
    settings.KEPT_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    room, _, key = name.rpartition("-")
    number = int.from_bytes(blake2b(key.encode(), digest_size=2).digest()) % FILES
    # Opened anew each time: threads of one process hold a file apart from each other too.
    with (settings.KEPT_DIR / f"turn-{room}-{number}").open("w") as file:
        for _look in _looks():
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
        yield


@contextmanager
def _among_machines(name: str) -> Iterator[None]:
    cache, mine = caches["kept"], uuid4().hex
    held = any(cache.add(f"turn-{name}", mine, timeout=PATIENCE) for _look in _looks())
    try:
        yield
    finally:
        if held and cache.get(f"turn-{name}") == mine:
            cache.delete(f"turn-{name}")


def _looks() -> Iterator[None]:
    """One look after the other until patience ends."""
    until = time.monotonic() + PATIENCE
    yield
    while time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        yield
