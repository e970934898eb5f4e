"""The morning of the conference: fifty people read and twenty type, on this machine alone.

    python -m benchmarks.load [--seconds 60]

Starts the site with its worker as ``make run`` does, on a copy of the demonstration and a free port
of the loopback, asks each kind of request alone first, then lets everybody go at once: readers open
the overview, the page of a unit and of an indicator, two to six seconds apart; officers save one
cell after the other through the API, two to five seconds apart. All ends after two minutes at
most. Prints a line for each kind, p95 in seconds against what it may be, and the failures; the
exit status is 0 if all of it is met.
"""

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from .__main__ import FOLDER, copied

READERS, TYPISTS = 50, 20
LONGEST = 90
ALONE = 5
"""So often each request is asked by itself, for the median to hold it against."""
MOST = {"page": (8, 0.5), "autosave": (5, 0.3)}
"""p95 may be so many times the request alone, or so many seconds, whichever is more."""
MONTH = "2025-12"
PAGES = {
    "overview": f"/?month={MONTH}",
    "unit": f"/units/14/?month={MONTH}",
    "indicator": f"/indicators/HI/?month={MONTH}",
}
PREPARE = """
import json
from datetime import date
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from districts.models import Unit
from steering.accounts.models import User
from steering.committee.models import Committee, Membership
from steering.demo.people import ACCOUNTS

def signed_in(user):
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    return session.session_key

day = date(2025, 12, 31)
province = Unit.objects.by_code("14", day)
readers = list(Membership.objects.filter(committee__unit=province).select_related("user"))
communes = Unit.objects.in_force_on(day).filter(tier="commune", reports_at="commune")
below = communes.filter(ancestries__ancestor=province).distinct().order_by("code")[:TYPISTS]
typists = []
for unit in below:
    user = User.objects.create(username=f"typist-{unit.code}")
    committee, _ = Committee.objects.get_or_create(unit=unit, defaults={"name": unit.full_name})
    since = date(2025, 7, 1)
    Membership.objects.create(committee=committee, user=user, role="officer", since=since)
    typists.append([unit.code, signed_in(user)])
reading = [signed_in(readers[n % len(readers)].user) for n in range(READERS)]
print(json.dumps({"readers": reading, "typists": typists}))
"""


class Person:
    """Somebody with a browser: a session, a connection that is kept, and how long answers took."""

    def __init__(self, port: int, session: str, took: dict[str, list[float]]):
        self.port, self.took = port, took
        self.cookies = {"sessionid": session}
        self.tags: dict[str, str] = {}
        self.failures: list[str] = []

    def ask(self, kind: str, method: str, path: str, body: bytes | None = None, **headers) -> bytes:
        headers |= {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if path in self.tags:
            headers["If-None-Match"] = self.tags[path]
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except OSError as failure:
            self.failures.append(f"{kind}: {failure!r}")
            return b""
        finally:
            connection.close()
        self.took[kind].append(time.monotonic() - began)
        if answer.status not in (200, 304):
            self.failures.append(f"{kind}: {answer.status} {content[:200]!r}")
        if tag := answer.headers["ETag"]:
            self.tags[path] = tag
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content


class Reader(Person):
    """Opens one page after the other."""

    pause = (2, 6)

    def act(self) -> None:
        kind = random.choice(list(PAGES))
        self.ask(kind, "GET", PAGES[kind])


class Typist(Person):
    """Saves one number after the other into one cell of their report."""

    pause = (2, 5)

    def __init__(self, port: int, session: str, took: dict[str, list[float]], unit: str):
        super().__init__(port, session, took)
        self.path = f"/api/v1/submissions/{MONTH}/{unit}/counts/"
        self.page = f"/entry/{MONTH}/{unit}/"
        self.token = self.code = self.version = ""
        self.number = 100

    def begin(self) -> None:
        self.took, took = defaultdict(list), self.took
        page = self.ask("page", "GET", "/help/").decode()
        self.token = re.search(r'X-CSRFToken": "(\w+)', page)[1]
        cell = json.loads(self.ask("sheet", "GET", self.path))["cells"][0]
        self.code, self.version = cell["indicator"], cell["version"]
        self.took = took
        self.tags.clear()

    def act(self) -> None:
        if not self.token:
            self.begin()
        self.number += 1
        cell = {"indicator": self.code, "text": str(self.number), "version": self.version}
        body = json.dumps({"cells": [cell]}).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        said = self.ask("autosave", "PATCH", self.path, body, **headers)
        if said:
            self.version = json.loads(said)["cells"][0]["version"]


def percentile(values: list[float], share: float) -> float:
    """The least value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share * 100) // 100) - 1)]


def most(kind: str, alone: float) -> float:
    """How many seconds p95 of a kind of request may be."""
    times, seconds = MOST["autosave" if kind == "autosave" else "page"]
    return max(times * alone, seconds)


def told(kind: str, took: list[float], alone: float) -> tuple[str, bool]:
    """The line of one kind of request, and whether it is as it may be."""
    p95, limit = percentile(took, 0.95), most(kind, alone)
    well = p95 <= limit
    said = (
        f"load_{kind}_p95 {p95:.3f} {limit:.3f} {'ok' if well else 'short'}"
        f"  ({len(took)} answered, p50 {statistics.median(took):.3f}, alone {alone:.3f})"
    )
    return said, well


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(environment: dict[str, str], *arguments: str, code: str = "") -> str:
    command = [sys.executable, "-W", "ignore", str(FOLDER.parent / "manage.py"), *arguments]
    done = subprocess.run(
        command, env=environment, input=code, check=True, capture_output=True, text=True
    )
    return done.stdout


def until_it_answers(port: int) -> None:
    for _look in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The site does not answer.")


def alone(people: list[Person], ask: Callable[[Person], None], kind: str) -> float:
    """The median of some requests with nobody else there; the first, which makes it, left out."""
    person = people[0]
    person.took, before = defaultdict(list), person.took
    for _time in range(ALONE + 1):
        person.tags.clear()
        ask(person)
    measured, person.took = statistics.median(person.took[kind][1:]), before
    person.tags.clear()
    return measured


def everybody(people: list[Person], seconds: float) -> None:
    """Let all go at once, each with pauses of their own, until the time is over."""
    until = time.monotonic() + seconds

    def live(person: Person) -> None:
        time.sleep(random.uniform(0, person.pause[1]))
        while time.monotonic() < until:
            person.act()
            time.sleep(random.uniform(*person.pause))

    threads = [threading.Thread(target=live, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    seconds = min(parser.parse_args().seconds, LONGEST)
    random.seed(8)
    with TemporaryDirectory() as folder:
        copied(Path(os.environ.get("VAR_DIR", FOLDER.parent / "var")), Path(folder))
        environment = os.environ | {"VAR_DIR": folder}
        environment.pop("DATABASE_URL", None)
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        people_code = f"READERS, TYPISTS = {READERS}, {TYPISTS}\n{PREPARE}"
        known = json.loads(manage(environment, "shell", "--verbosity", "0", code=people_code))
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "steering.serve", "--bind", f"127.0.0.1:{port}"],
            env=environment, cwd=FOLDER.parent, start_new_session=True,
        )  # fmt: skip
        try:
            until_it_answers(port)
            return loaded(port, known, seconds)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def loaded(port: int, known: dict, seconds: float) -> int:
    """The exit status: 0 if nothing failed and nothing took longer than it may."""
    took: dict[str, list[float]] = defaultdict(list)
    readers = [Reader(port, session, took) for session in known["readers"]]
    typists = [Typist(port, session, took, unit) for unit, session in known["typists"]]
    limits = {
        kind: alone(readers, lambda person, kind=kind: person.ask(kind, "GET", PAGES[kind]), kind)
        for kind in PAGES
    }
    limits["autosave"] = alone(typists, lambda person: person.act(), "autosave")
    everybody([*readers, *typists], seconds)
    well = True
    for kind, median in limits.items():
        said, kept = told(kind, took[kind], median)
        print(said, flush=True)
        well &= kept
    failures = [failure for person in (*readers, *typists) for failure in person.failures]
    print(f"load_failures {len(failures)} 0 {'short' if failures else 'ok'}")
    for failure in failures[:5]:
        print(f"  {failure}", file=sys.stderr)
    return 0 if well and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
