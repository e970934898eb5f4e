"""A turn is held by one process at a time, and by nobody once that process is dead."""

import multiprocessing
import os
import signal
import threading
import time

import pytest
from django.core.cache import caches
from redis import Redis
from redis.exceptions import RedisError

from steering.kept.store import kept
from steering.kept.turns import turn

pytestmark = pytest.mark.usefixtures("keeping")


def hold(name: str, held) -> None:
    with turn(name):
        held.set()
        time.sleep(60)


def test_a_dead_process_lets_go():
    context = multiprocessing.get_context("fork")
    held = context.Event()
    other = context.Process(target=hold, args=("page-a", held))
    other.start()
    assert held.wait(10)
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    begun = time.monotonic()
    with turn("page-a"):
        assert time.monotonic() - begun < 5


def test_what_is_made_may_ask_for_something_of_another_room(monkeypatch):
    monkeypatch.setattr("steering.kept.turns.FILES", 1)
    begun = time.monotonic()
    with turn("page-a"), turn("place-a"):
        assert time.monotonic() - begun < 5


@pytest.fixture
def redis(settings, nothing_kept) -> str:
    """A Redis on this machine, for a test of its own; left out where none answers."""
    url = "redis://127.0.0.1:6379/9"
    try:
        server = Redis.from_url(url, socket_connect_timeout=1)
        server.ping()
    except RedisError:
        pytest.skip("no Redis on 127.0.0.1:6379")
    server.flushdb()
    settings.KEPT_URL = url
    settings.CACHES = settings.CACHES | {
        "kept": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    }
    yield url
    caches["kept"].close()
    server.flushdb()
    server.close()


def test_with_redis_one_of_those_who_ask_at_once_makes_it(redis):
    made, found = [], []

    def make() -> int:
        time.sleep(0.2)
        made.append(1)
        return len(made)

    asking = [
        threading.Thread(target=lambda: found.append(kept("room", ("a",), make)))
        for _number in range(4)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (found, made) == ([1] * 4, [1])


def test_with_redis_nobody_waits_for_a_turn_that_was_let_go(redis):
    begun = time.monotonic()
    for _time in range(2):
        with turn("page-a"):
            pass
    assert time.monotonic() - begun < 5
