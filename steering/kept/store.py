"""What was made before is found again; of those who ask at once for something new, one makes it."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from django.core.cache import caches

from .release import release
from .turns import turn

_NOTHING = object()
NEAR = 64
"""So many things a process has at hand besides."""
_near: OrderedDict[str, Any] = OrderedDict()


def kept(room: str, key: tuple[object, ...], make: Callable[[], Any], *, near: bool = False) -> Any:
    """What ``make()`` once made for ``key``, in the place called ``room``; made now if it is new.

    ``key`` names everything that what is made depends on, in words that ``repr`` writes alike in
    every process; the state of the data above all. What ``make`` raises is raised and not kept;
    whoever waited makes it again. What is asked for at every keystroke is kept ``near``, where all
    threads of a process share one object: nobody may change it.
    """
    cache, name = caches["kept"], key_of(room, *key)
    if near and (found := _near.get(name, _NOTHING)) is not _NOTHING:
        return found
    found = cache.get(name, _NOTHING)
    if found is not _NOTHING:
        if near:
            _keep_near(name, found)
        return found
    with turn(name):
        found = cache.get(name, _NOTHING)
        if found is _NOTHING:
            found = make()
            cache.set(name, found)
    return found


def _keep_near(name: str, found: Any) -> None:
    _near[name] = found
    while len(_near) > NEAR:
        with suppress(KeyError):  # another thread has just dropped the last one
            _near.popitem(last=False)


def forget() -> None:
    """Keep nothing of all that was made so far, here or where all processes find it."""
    _near.clear()
    caches["kept"].clear()


def key_of(room: str, *key: object) -> str:
    """The short name of a key, other in every release of the program."""
    said = repr((release(), *key)).encode()
    return f"{room}-{blake2b(said, digest_size=16).hexdigest()}"
