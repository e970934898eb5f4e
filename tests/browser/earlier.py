"""Serves the site as if it were an earlier day: ``python -m tests.browser.earlier DAY PORT``."""

import sys

import time_machine


def main() -> None:
    day, port = sys.argv[1:]
    time_machine.travel(f"{day}T09:00:00+07:00", tick=True).start()
    # Only now: nothing of the site may have read the clock before.
    from django.core.servers.basehttp import run

    from steering.wsgi import application

    run("127.0.0.1", int(port), application, threading=True)


if __name__ == "__main__":
    main()
