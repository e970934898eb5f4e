"""Serves the site and does its background work: one command, one process tree.

    python -m steering.serve --bind 127.0.0.1:8000

Starts the web server and a worker that also keeps the clock. Whichever dies is started again;
Ctrl+C or SIGTERM ends both and leaves no process behind, and neither does SIGKILL: both notice
that nobody watches over them any more, and end (``tether``). On several machines run the same two
commands under whatever supervises services there, and the clock (``celery beat``) once.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from steering.serving.tether import GRACE

THREADS = 64
"""Of each process of the web server; most of them wait (``serving.lanes``)."""

TOO_SOON = 10
MOST_IN_A_ROW = 3


def web(bind: str) -> list[str]:
    """The module of the web server with its arguments."""
    options = ["--bind", bind, "--workers", "2", "--threads", str(THREADS), "--no-control-socket"]
    # Longer than people pause: a browser that sends on a line just closed has to begin anew.
    options += ["--keep-alive", "20"]
    options += ["--worker-class", "steering.serving.accepting.Worker"]
    return ["gunicorn", "steering.wsgi", *options, "--log-level", "warning"]


def worker() -> list[str]:
    """The module of the worker with its arguments, and the clock inside."""
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return ["celery", "--quiet", "-A", "steering", "worker", "-B", *quiet]


class Child:
    """One of the two programs, with every process it starts, as a group of its own.

    A group of its own also keeps Ctrl+C of the terminal from it: it is told to end, once.
    """

    def __init__(self, name: str, command: list[str]):
        self.name, self.command = name, command
        self.failures = 0
        # Nobody else holds the other end, ``alive``: it closes when this process ends.
        self.tether, self.alive = os.pipe()
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "steering.serving.tether", str(self.tether), *self.command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self.tether],
        )

    def ended(self) -> bool:
        return self.process.poll() is not None

    def start_again(self) -> bool:
        """Start it again; False if it ended ``MOST_IN_A_ROW`` times as soon as it had begun."""
        self.clear()
        soon = time.monotonic() - self.started < TOO_SOON
        self.failures = self.failures + 1 if soon else 0
        if self.failures >= MOST_IN_A_ROW:
            tell(f"The {self.name} ends as soon as it begins; its reason stands above.")
            return False
        tell(f"The {self.name} ended (status {self.process.returncode}) and is started again.")
        self.start()
        return True

    def end(self) -> None:
        self.process.terminate()

    def clear(self) -> None:
        """Kill what is left of its processes."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()


def tell(sentence: str) -> None:
    """Say something on standard error, where the programs themselves speak."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def in_use(bind: str) -> bool:
    """Whether somebody listens at the address already."""
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            return True
    return False


def serve(bind: str) -> int:
    """Run both until told to end; the exit status."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    children = [Child("web server", web(bind)), Child("worker", worker())]
    status = 0
    try:
        while not stopping.wait(0.5):
            if not all(child.start_again() for child in children if child.ended()):
                status = 1
                break
        for child in children:
            child.end()
        until = time.monotonic() + GRACE
        while time.monotonic() < until and not all(child.ended() for child in children):
            time.sleep(0.1)
    finally:
        for child in children:
            child.clear()
    return status


def main() -> int:
    parser = argparse.ArgumentParser(description="Serves the site and does its background work.")
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
    bind = parser.parse_args().bind
    if in_use(bind):
        tell(f"{bind} cannot be used: something listens there already. Stop it, or use --bind.")
        return 1
    return serve(bind)


if __name__ == "__main__":
    sys.exit(main())
