"""A process of the web server that is at work leaves new connections to one that is not.

All processes listen on one socket and the kernel wakes them all: whoever is awake anyhow would take
one connection after the other while its neighbour sleeps.
"""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

A_MOMENT = 0.01
"""Seconds: ages for a process that has nothing to do, nothing to somebody who connects."""


class Worker(ThreadWorker):
    """As gunicorn's, but that it waits a moment before it accepts while it makes a page."""

    def accept(self, listener: socket.socket) -> None:
        if self.wsgi.line.is_taken:
            time.sleep(A_MOMENT)
        super().accept(listener)
