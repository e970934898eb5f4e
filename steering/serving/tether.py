"""Runs a program for as long as whoever started it lives.

    python -m steering.serving.tether FD celery -A steering worker

``FD`` is the reading end of a pipe that nobody writes to. However its holder ends, by SIGKILL too,
the system closes the other end: this process is told to end then, and what is left of its group is
killed. A pipe does so on Linux and on macOS alike.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE = 20
"""Seconds that a program gets to finish what it is doing when it is told to end."""


def end_with_holder(fd: int) -> None:
    """Wait until the pipe closes, then end this process and its group."""
    os.read(fd, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    fd, *command = sys.argv[1:]
    threading.Thread(target=end_with_holder, args=(int(fd),), daemon=True).start()
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
