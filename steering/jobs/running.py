"""What a work function is given while it runs, and the heartbeat beside it."""

import threading
import time
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.utils import timezone

from steering.accounts.actors import COMMAND_LINE, Actor

from .models import Job

LOOK_EVERY = 0.5
"""Seconds between two looks at the progress: it is written at most this often."""


class Superseded(Exception):
    """This worker was taken for dead and the job given to another: stop, nothing is kept."""


class Running:
    """A job under way, as its work sees it.

    ``work(running) -> dict`` must be **idempotent**: a worker may be killed at any moment, and the
    job then runs again from the start. Write in transactions that are each whole, and make the
    second run find what the first one did. What is returned is kept as JSON in ``Job.result``;
    ``said`` in it, a sentence in the reader's language, and ``url``, a page of this site where to
    go on, are shown. Texts are in the language of whoever asked. Raise ``Refused`` to fail with
    reasons. The actor's rights are those at the time of running: ask for them again.
    """

    def __init__(self, job: Job):
        self.job = job
        self.superseded = False
        self._told = (job.done, job.total, job.step)

    @property
    def arguments(self) -> dict[str, Any]:
        return self.job.arguments

    @property
    def actor(self) -> Actor:
        """Who asked; the command line for what the system asks for itself."""
        return self.job.by or COMMAND_LINE

    @property
    def told(self) -> tuple[int, int, str]:
        """How far the work said it is: done, in all, and the step in words."""
        return self._told

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Say how far the work is. May be called as often as one likes, also in a transaction.

        It only takes note. The heartbeat writes it over a connection of its own, so it is seen
        while a long transaction is open; on SQLite, which lets one write at a time, it is seen
        as soon as that transaction ends. Raises Superseded when another worker has the job.
        """
        if not 0 <= done <= total:
            raise ValueError(f"{done} of {total} is no progress.")
        if self.superseded:
            raise Superseded
        self._told = (done, total, step[:250])

    def attach(self, name: str, content: bytes) -> None:
        """Keep ``content`` as the file of the job; it is handed out once the job is done."""
        self.job.file.save(name, ContentFile(content), save=False)


class Heartbeat(threading.Thread):
    """Signs of life and progress of one running job, written beside it until the block ends.

    A thread of the worker's process: a long transaction does not look dead, and a process that
    is killed stops beating.
    """

    def __init__(self, running: Running):
        super().__init__(name=f"heartbeat of job {running.job.pk}", daemon=True)
        self._running = running
        self._ended = threading.Event()

    def __enter__(self) -> "Heartbeat":
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        # It may be waiting for the database's lock; it changes no job that is no longer running.
        self.join(timeout=2)

    def run(self) -> None:
        written, beaten = self._running.told, time.monotonic()
        try:
            while not self._ended.wait(LOOK_EVERY):
                told, now = self._running.told, time.monotonic()
                due = now - beaten >= settings.JOB_HEARTBEAT.total_seconds()
                if (due or told != written) and self._beat(told):
                    written, beaten = told, now
        finally:
            connection.close()

    def _beat(self, told: tuple[int, int, str]) -> bool:
        """Write a sign of life; False if the database was busy, and the next look tries again."""
        done, total, step = told
        job = self._running.job
        try:
            mine = Job.objects.filter(
                pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts
            ).update(heartbeat_at=timezone.now(), done=done, total=total, step=step)
        except DatabaseError:
            return False
        self._running.superseded = not mine
        return True
