"""Real processes on the database of the test: a worker, or the site with its worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(var: Path, settings: str = "tests.jobs.worker_settings") -> dict[str, str]:
    """The test's database and a ``var`` of one's own; everything else as embedded."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{known['NAME']}"
    else:
        who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
        url = f"postgres://{who}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    inherited = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
    return {
        **inherited,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": "only-for-this-test",
        "VAR_DIR": str(var),
    }


def start(var: Path, *arguments: str, **surroundings: str) -> subprocess.Popen:
    """A Python process in a group of its own; ``surroundings`` as for ``environment``."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(var, **surroundings),
        start_new_session=True,
    )


def kill(process: subprocess.Popen) -> None:
    """As the power cut does: the process and all it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end(process: subprocess.Popen) -> None:
    """Ask it to end, so that it ends what it started; kill it if it does not."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        kill(process)


def until(happened: Callable[[], object], *, seconds: float = 40) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"It did not happen within {seconds} seconds."
        time.sleep(0.1)


def processes() -> dict[int, tuple[int, int]]:
    """Every living process: its parent and its group."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid): (int(ppid), int(pgid)) for pid, ppid, pgid, stat in rows if stat[0] != "Z"}
