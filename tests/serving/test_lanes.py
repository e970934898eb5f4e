"""Whoever saves never waits behind pages; pages take turns in the order they came."""

import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from django.urls import reverse

from districts.months import Month
from steering.serve import web
from steering.serving.lanes import FORMS, Lanes
from tests.jobs.real import end, start, until


class Site:
    """An application that works on a page until it is let go; ``began`` tells the order."""

    def __init__(self):
        self.began: list[str] = []
        self.let_go: dict[str, Event] = {}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.began.append(path)
        if environ["REQUEST_METHOD"] == "GET" and path in self.let_go:
            assert self.let_go[path].wait(10)
        if path == "/broken/":
            raise ValueError(path)
        start_response("200 OK", [])
        return [path.encode()]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def lanes(site) -> Lanes:
    return Lanes(site, pages=1, waiting=2)


def ask(lanes: Lanes, path: str, method: str = "GET") -> tuple[str, dict[str, str]]:
    """State and headers of the answer."""
    told = []
    lanes(
        {"REQUEST_METHOD": method, "PATH_INFO": path},
        lambda state, headers: told.append((state, dict(headers))),
    )
    return told[0]


def begin(lanes: Lanes, site: Site, path: str) -> Thread:
    """Ask for a page that takes until it is let go."""
    site.let_go[path] = Event()
    thread = Thread(target=ask, args=(lanes, path), daemon=True)
    thread.start()
    return thread


@pytest.fixture
def at_work(lanes, site):
    """The page /1/ is being made, /2/ and /3/ wait in this order."""
    threads = [begin(lanes, site, "/1/")]
    until(lambda: site.began == ["/1/"])
    for count, path in enumerate(("/2/", "/3/"), start=1):
        threads.append(begin(lanes, site, path))
        until(lambda count=count: len(lanes.line._waiting) == count)
    yield threads
    for one in site.let_go.values():
        one.set()
    for thread in threads:
        thread.join(10)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "/api/"), ("POST", "/entry/"), ("DELETE", "/api/"), ("GET", "/static/site.css")],
)
def test_what_saves_and_what_lies_ready_passes_while_pages_wait(lanes, site, at_work, method, path):
    assert ask(lanes, path, method)[0] == "200 OK"
    assert site.began == ["/1/", path]


def test_a_form_waits_for_forms_alone(lanes, site, at_work):
    form = begin(lanes, site, "/entry/2025-12/99001/")
    until(lambda: site.began == ["/1/", "/entry/2025-12/99001/"])
    assert ask(lanes, "/api/v1/submissions/2025-12/99001/counts/", "PATCH")[0] == "200 OK"
    other = begin(lanes, site, "/api/v1/submissions/2025-12/99001/counts/")
    until(lambda: len(lanes.forms._waiting) == 1)
    for made in ("/entry/2025-12/99001/", "/api/v1/submissions/2025-12/99001/counts/"):
        site.let_go[made].set()
    form.join(10)
    other.join(10)
    assert (lanes.forms._free, lanes.line._free) == (1, 0)


def test_where_forms_lie_is_where_the_site_has_them():
    month = Month.of(2025, 12)
    for name in ("collection:sheet", "api:sheet"):
        assert reverse(name, args=[month, "99001"]).startswith(FORMS)


def test_pages_take_turns_in_the_order_they_came(lanes, site, at_work):
    for count, path in enumerate(("/1/", "/2/", "/3/"), start=1):
        until(lambda count=count: len(site.began) == count)
        site.let_go[path].set()
    for thread in at_work:
        thread.join(10)
    assert site.began == ["/1/", "/2/", "/3/"]
    assert ask(lanes, "/4/")[0] == "200 OK"


def test_a_full_line_says_so_at_once_and_the_page_tries_again(lanes, site, at_work):
    state, headers = ask(lanes, "/4/")
    assert (state, headers["Retry-After"], headers["Refresh"]) == (
        "503 Service Unavailable",
        "5",
        "5",
    )
    assert site.began == ["/1/"]


def test_a_page_that_breaks_leaves_its_place(lanes, site):
    with pytest.raises(ValueError, match="broken"):
        ask(lanes, "/broken/")
    assert ask(lanes, "/1/")[0] == "200 OK"


@pytest.mark.worker
def test_a_real_server_saves_while_more_pages_wait_than_it_makes(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    held = tmp_path / "held"
    held.touch()
    server = start(tmp_path, "-m", *web(bind), settings="tests.serving.slow_settings")

    def answer(path: str, data: bytes | None = None) -> bytes:
        return urllib.request.urlopen(f"http://{bind}{path}", data=data, timeout=30).read()

    def serves() -> bool:
        try:
            return answer("/saving/", b"1") == b"saved"
        except OSError:
            return False

    try:
        until(serves)
        with ThreadPoolExecutor(30) as readers:
            pages = [readers.submit(answer, "/slow/") for _reader in range(30)]
            # Both processes are at work: one that is lets the other accept.
            until(lambda: len(list(tmp_path.glob("begun-*"))) == 2)
            for number in range(10):
                assert answer("/saving/", str(number).encode()) == b"saved"
            assert not any(page.done() for page in pages)
            held.unlink()
            assert {page.result() for page in pages} == {b"made"}
    finally:
        held.unlink(missing_ok=True)
        end(server)
