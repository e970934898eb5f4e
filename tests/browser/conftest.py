"""A real server on the demonstration province, and Debian's Chromium to look at it.

``make test-browser`` loads the demonstration first. The server is a process of its own on a copy
of that database, so a test may write; the browser is driven by Playwright.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from .desk import Desk

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "minh-hoa-2025"
VIETNAMESE = "vi-VN"
PATIENCE = 10_000  # milliseconds
SIZES = {
    "desk": {"width": 1280, "height": 900},
    "tablet": {"width": 768, "height": 1024},
    "phone": {"width": 360, "height": 800},
}


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if not found:
        pytest.exit(
            "No Chromium here: apt-get install chromium, or say where it is in CHROMIUM.", 2
        )
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, str]:
    """What the site's processes find: a copy of the demonstration province, and no other place."""
    demonstration = settings.VAR_DIR / "db.sqlite3"
    if not demonstration.exists():
        pytest.exit("The demonstration province is not loaded: run make demo.", 2)
    folder = tmp_path_factory.mktemp("var")
    environment = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "VAR_DIR": str(folder),
        # The chain of promises goes on under the key that signed it.
        "SIGNING_KEY_FILE": str(settings.VAR_DIR / "signing-key.pem"),
        "DJANGO_SETTINGS_MODULE": "steering.settings",
    }
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; source = sqlite3.connect(sys.argv[1]);"
            "source.backup(sqlite3.connect(sys.argv[2]))",
            str(demonstration),
            str(folder / "db.sqlite3"),
        ],
        check=True,
    )
    return environment


@pytest.fixture(scope="session")
def site(surroundings) -> Iterator[str]:
    """The address of a server that serves a copy of the demonstration province."""
    manage = [sys.executable, "manage.py"]
    for command in ("migrate", "collectstatic"):
        subprocess.run(
            [*manage, command, "--noinput", "--verbosity", "0"],
            cwd=ROOT,
            env=surroundings,
            check=True,
        )
    port = _free_port()
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with _serving(port, surroundings, *command, "--log-level", "warning", "steering.wsgi") as site:
        yield site


@pytest.fixture(scope="session")
def site_before_the_reform(site, surroundings) -> Iterator[str]:
    """The address of a server of the same province that takes today for a day in May 2025."""
    port = _free_port()
    with _serving(port, surroundings, "tests.browser.earlier", "2025-05-20", str(port)) as earlier:
        yield earlier


@contextmanager
def _serving(port: int, environment: dict[str, str], *module: str) -> Iterator[str]:
    """A server as a process of its own, once it answers; its address."""
    server = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _second in range(120):
        try:
            urllib.request.urlopen(f"{address}/accounts/login/", timeout=5)
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.exit(f"The server at {address} did not answer.", 2)


def _start(playwright: Playwright, *more: str) -> Browser:
    return playwright.chromium.launch(
        executable_path=_chromium(),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *more],
    )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = _start(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def large_text_browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser of a reader who set text to 200 %."""
    browser = _start(playwright, "--blink-settings=defaultFontSize=32")
    yield browser
    browser.close()


def sign_in(page: Page, account: str) -> None:
    """Sign in by the form; the page is then where the account begins."""
    page.goto("/accounts/login/")
    page.fill("input[name$=username]", account)
    page.fill("input[name$=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


@pytest.fixture(scope="session")
def signed_in(site: str, browser: Browser):
    """A browser context of an account, at a size; each account signs in once."""
    states: dict[str, dict] = {}

    def signed_in(
        account: str | None, size: str = "desk", *, browser: Browser = browser, **more
    ) -> BrowserContext:
        if account and account not in states:
            first = browser.new_context(base_url=site, locale=VIETNAMESE)
            sign_in(first.new_page(), account)
            states[account] = first.storage_state()
            first.close()
        # What a worker of the page fetches, no test can route or see.
        wanted = {"viewport": SIZES[size], "locale": VIETNAMESE, "service_workers": "block", **more}
        context = browser.new_context(base_url=site, storage_state=states.get(account), **wanted)
        context.set_default_timeout(PATIENCE)
        return context

    return signed_in


@pytest.fixture(scope="session")
def untouched(site, signed_in) -> Iterator[str]:
    """Codes of communes with last month's numbers and none of ``MONTH``: each is given out once."""
    context = signed_in("can-bo-tinh", locale="vi-VN")
    page = context.new_page()
    page.goto("/entry/?month=2025-12")
    reported = page.locator("main tbody tr", has_text=re.compile("đã duyệt|đã gửi", re.IGNORECASE))
    links = reported.locator("a").evaluate_all("links => links.map(a => a.pathname)")
    context.close()
    codes = [link.rstrip("/").rsplit("/", 1)[-1] for link in links]
    assert len(codes) > 30
    return iter([code for code in codes if code not in ("14", "03703")])


class Watched:
    """A page that remembers what a reader would not see: errors, foreign requests, answers."""

    def __init__(self, page: Page, site: str):
        self.page, self.errors, self.foreign, self.answers = page, [], [], []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda answer: self.answers.append(answer))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site, "data:", "blob:"))
                else self.foreign.append(request.url)
            ),
        )


@pytest.fixture(scope="session")
def shared_contexts() -> Iterator[dict[tuple, BrowserContext]]:
    contexts: dict[tuple, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(site: str, browser: Browser, signed_in, shared_contexts):
    """Open an address as an account, at a size; the page is closed after the test.

    Pages of one account and size share a context and what it has fetched. Whoever asks for more,
    or for one of their ``own``, gets a context to change at will.
    """
    pages: list[Page] = []
    owned: list[BrowserContext] = []

    def open_page(
        address: str,
        *,
        account: str | None = "can-bo-tinh",
        size: str = "desk",
        browser: Browser = browser,
        own: bool = False,
        **more,
    ) -> Watched:
        key = (account, size, id(browser))
        if own or more:
            context = signed_in(account, size, browser=browser, **more)
            owned.append(context)
        elif key in shared_contexts:
            context = shared_contexts[key]
        else:
            context = shared_contexts[key] = signed_in(account, size, browser=browser)
        watched = Watched(context.new_page(), site)
        pages.append(watched.page)
        watched.response = watched.page.goto(address, wait_until="load")
        return watched

    yield open_page
    for page in pages:
        page.close()
    for context in owned:
        context.close()


@pytest.fixture
def desk(open_page, untouched) -> Desk:
    """The province's officer with the template of a commune that has not begun its report."""
    return Desk(open_page("/upload/", locale="vi-VN").page, next(untouched))
