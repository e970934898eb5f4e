"""What was made before is found again; of those who ask at once for something new, one makes it."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from django.core.cache import caches

from .release import release
from .turns import turn

_NOTHING = object()


def kept(room: str, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    """What ``make()`` once made for ``key``, in the place called ``room``; made now if it is new.

    ``key`` names everything that what is made depends on, in words that ``repr`` writes alike in
    every process; the state of the data above all. What ``make`` raises is raised and not kept;
    whoever waited makes it again.
    """
    cache, name = caches["kept"], key_of(room, *key)
    found = cache.get(name, _NOTHING)
    if found is not _NOTHING:
        return found
    with turn(name):
        found = cache.get(name, _NOTHING)
        if found is _NOTHING:
            found = make()
            cache.set(name, found)
    return found


def key_of(room: str, *key: object) -> str:
    """The short name of a key, other in every release of the program."""
    said = repr((release(), *key)).encode()
    return f"{room}-{blake2b(said, digest_size=16).hexdigest()}"
