"""What is kept is made once, also when many ask for it at the same moment."""

import threading
import time

import pytest
from django.core.cache import caches

from steering.kept import turns
from steering.kept.store import NEAR, forget, kept, key_of

pytestmark = pytest.mark.usefixtures("keeping")


class Maker:
    """Makes a number each time it is asked, slowly enough to be asked meanwhile."""

    def __init__(self, seconds: float = 0.0):
        self.seconds, self.made = seconds, 0

    def __call__(self) -> int:
        time.sleep(self.seconds)
        self.made += 1
        return self.made


def test_what_was_made_for_a_key_is_found_again():
    make = Maker()
    assert [kept("room", ("a",), make) for _time in range(3)] == [1, 1, 1]


def test_another_key_or_room_is_made_anew():
    make = Maker()
    assert kept("room", ("a",), make) == 1
    assert kept("room", ("b",), make) == 2
    assert kept("hall", ("a",), make) == 3


def test_what_is_kept_near_is_found_without_looking_for_it(settings):
    make = Maker()
    assert [kept("room", ("a",), make, near=True) for _time in range(2)] == [1, 1]
    caches["kept"].clear()
    assert kept("room", ("a",), make, near=True) == 1
    assert kept("room", ("a",), make) == 2
    forget()
    assert kept("room", ("a",), make, near=True) == 3


def test_what_was_found_first_is_let_go_where_there_is_too_much_near():
    for number in range(NEAR + 1):
        for _time in range(2):
            kept("room", (number,), lambda number=number: number, near=True)
    caches["kept"].clear()
    assert kept("room", (NEAR,), lambda: "anew", near=True) == NEAR
    assert kept("room", (0,), lambda: "anew", near=True) == "anew"


def test_nothing_is_a_thing_to_keep_too():
    made = []
    for _time in range(2):
        assert kept("room", ("none",), lambda: made.append(1)) is None
    assert made == [1]


def test_a_refusal_is_told_and_not_kept():
    def refuse():
        raise LookupError

    for _time in range(2):
        with pytest.raises(LookupError):
            kept("room", ("a",), refuse)
    assert kept("room", ("a",), lambda: 7) == 7


def test_of_those_who_ask_at_once_one_makes_it():
    make, found = Maker(seconds=0.2), []
    asking = [
        threading.Thread(target=lambda: found.append(kept("room", ("a",), make)))
        for _number in range(6)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (found, make.made) == ([1] * 6, 1)


def test_whoever_waits_too_long_makes_it_beside_the_other(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    slow = threading.Thread(target=lambda: kept("room", ("a",), Maker(seconds=0.6)))
    slow.start()
    time.sleep(0.1)
    begun = time.monotonic()
    assert kept("room", ("a",), lambda: "mine") == "mine"
    assert time.monotonic() - begun < 0.5
    slow.join()


def test_another_release_finds_nothing_of_the_one_before(monkeypatch):
    before = key_of("room", "a")
    monkeypatch.setattr("steering.kept.store.release", lambda: "another")
    assert key_of("room", "a") != before


def test_the_store_is_bounded(settings):
    store = caches["kept"]
    store._max_entries = 30
    for number in range(100):
        kept("room", (number,), lambda: b"page")
    assert sum(1 for _file in settings.CACHES["kept"]["LOCATION"].iterdir()) <= 30
