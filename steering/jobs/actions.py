"""Asking for background work, running it, and finding what a killed worker left behind."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE, Actor, as_user
from steering.accounts.faults import Fault, Refused

from .delivery import deliver
from .models import Job, folder
from .running import Heartbeat, Running, Superseded

MOST_LOSSES = 3
"""After so many lost workers the work itself is suspected, and nobody tries again unasked."""

logger = logging.getLogger(__name__)


# --- asking --------------------------------------------------------------------------------------


def enqueue(*, kind: str, label: str, arguments: Mapping[str, Any], actor: Actor) -> Job:
    """Ask for work of a ``kind`` in ``settings.JOB_KINDS``; it starts when the caller commits.

    ``label`` says to people what is done. The job speaks the language that is active now.
    """
    with transaction.atomic():
        job = Job.objects.create(**_asked(kind, label, arguments, actor))
        _tell_asked(job, actor)
    return job


def _asked(kind: str, label: str, arguments: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The fields of a new job."""
    if kind not in settings.JOB_KINDS:
        raise LookupError(f"{kind!r} is not in JOB_KINDS.")
    return {
        "kind": kind,
        "label": str(label)[:200],
        "arguments": dict(arguments),
        "by": as_user(actor),
        "language": translation.get_language() or settings.LANGUAGE_CODE,
    }


def _tell_asked(job: Job, actor: Actor) -> None:
    after = {"kind": job.kind, **job.arguments}
    write_journal(actor=actor, action="job.asked", subject=job, after=after)
    transaction.on_commit(partial(deliver, job.pk), robust=True)


def run_again(*, job: Job, actor: Actor, now: datetime) -> None:
    """Put a job that failed, or whose file is no longer kept, back into the queue; else refused."""
    with transaction.atomic():
        if (
            not Job.objects.to_run_again()
            .filter(pk=job.pk)
            .update(
                state=Job.State.QUEUED,
                step="",
                done=0,
                total=0,
                queued_at=now,
                delivered_at=None,
                finished_at=None,
                losses=0,
                faults=[],
                result={},
                file="",
                cleared_at=None,
            )
        ):
            message = _(
                "Only work that has failed, or whose file is no longer kept, can be run again."
            )
            raise Refused.because("job_not_failed", message)
        write_journal(actor=actor, action="job.asked_again", subject=job)
        transaction.on_commit(partial(deliver, job.pk), robust=True)


def enqueue_nightly(*, day: date) -> None:
    """Ask for everything in ``settings.NIGHTLY``, each once for a ``day``, however many clocks run.

    Of two that ask at the same moment the database takes one; the other finds its row.
    """
    with translation.override(settings.LANGUAGE_CODE):
        for kind, label in settings.NIGHTLY.items():
            fields = _asked(kind, label, {"day": day.isoformat()}, COMMAND_LINE)
            with transaction.atomic():
                job, is_new = Job.objects.get_or_create(kind=kind, night=day, defaults=fields)
                if is_new:
                    _tell_asked(job, COMMAND_LINE)


# --- keeping -------------------------------------------------------------------------------------


def remove_old_files(*, now: datetime) -> int:
    """Remove the files of jobs that ended ``settings.JOB_FILES_KEPT`` ago; returns of how many.

    The row stays and says so. Only what jobs made lies in their folders: what people handed in is
    evidence of counts, lies elsewhere and is kept. A removal that is interrupted is repeated.
    """
    removed = 0
    for job in Job.objects.with_files_before(now - settings.JOB_FILES_KEPT).order_by("pk"):
        for attempt in range(1, job.attempts + 1):
            _remove(folder(job.pk, attempt))
        # Somebody may have run it again meanwhile: the file of that attempt is a new one.
        same = Job.objects.with_files_before(now).filter(pk=job.pk, attempts=job.attempts)
        if same.update(cleared_at=now) and job.file:
            removed += 1
    return removed


def _remove(place: str) -> None:
    """Remove the folder of an attempt, with whatever a killed worker left in it."""
    try:
        _folders, files = default_storage.listdir(place)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{place}/{name}")
    default_storage.delete(place)


# --- running -------------------------------------------------------------------------------------


def run(job_id: int) -> None:
    """Do the work of a waiting job, and keep what came of it. Of two workers one does it.

    Reads the clock itself: nobody can say beforehand when work ends.
    """
    job = _claim(job_id, now=timezone.now())
    if job is None:
        return
    running = Running(job)
    with translation.override(job.language):
        try:
            with Heartbeat(running):
                result = import_string(settings.JOB_KINDS[job.kind])(running) or {}
        except Superseded:
            logger.warning("Job %s was given to another worker; this one stops.", job_id)
        except Refused as refused:
            _fail(running, refused.faults)
        except Exception:
            logger.exception("Job %s (%s) failed.", job_id, job.kind)
            message = _(
                "This stopped because of a mistake on our side, which the server has written "
                "down. Run it again: what was already done is not done twice. If it stops again, "
                "tell whoever runs the server."
            )
            _fail(running, [Fault("unexpected", message)])
        else:
            total, step = running.told[1:]
            _finish(
                running,
                state=Job.State.DONE,
                # Whoever said nothing on the way has still done all of it.
                done=total,
                total=total,
                step=step,
                result=result,
                file=job.file.name,
            )


def _claim(job_id: int, *, now: datetime) -> Job | None:
    """Take a waiting job; None if somebody else has it or it is finished."""
    waiting = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
    claimed = waiting.update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        step="",
        done=0,
        total=0,
    )
    return Job.objects.select_related("by").get(pk=job_id) if claimed else None


def _fail(running: Running, faults: list[Fault]) -> None:
    done, total, step = running.told
    _finish(
        running,
        state=Job.State.FAILED,
        done=done,
        total=total,
        step=step,
        faults=[fault.as_dict() for fault in faults],
    )


def _finish(running: Running, **outcome: Any) -> None:
    """Write the outcome, unless the job is another worker's by now."""
    job = running.job
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if not mine.update(finished_at=timezone.now(), **outcome):
        logger.warning("Job %s was given to another worker; this outcome is dropped.", job.pk)


# --- what was left behind ------------------------------------------------------------------------


def requeue_stale(*, now: datetime) -> None:
    """Find jobs whose worker stopped, tell it, and queue them again, ``MOST_LOSSES`` times at most.

    Waiting jobs whose message was lost are delivered again.
    """
    overdue = now - settings.JOB_STALE_AFTER
    for job in Job.objects.silent_since(overdue):
        _lose_worker(job, overdue, now)
    for job_id in Job.objects.undelivered_since(overdue).values_list("pk", flat=True):
        deliver(job_id)


def _lose_worker(job: Job, overdue: datetime, now: datetime) -> None:
    losses = job.losses + 1
    with translation.override(job.language), transaction.atomic():
        # Asked again in the same statement: the worker may have come back in the meantime.
        lost = Job.objects.silent_since(overdue).filter(pk=job.pk, attempts=job.attempts)
        if losses < MOST_LOSSES:
            told = _("The worker stopped in the middle; this will be run again from the start.")
            changed = lost.update(
                state=Job.State.QUEUED, step=told, losses=losses, delivered_at=None
            )
            action = "job.requeued"
        else:
            told = _(
                "The worker stopped in the middle of this %(count)s times, so it is not tried "
                "again by itself. Tell whoever runs the server, then run it again."
            ) % {"count": losses}
            changed = lost.update(
                state=Job.State.FAILED,
                losses=losses,
                finished_at=now,
                faults=[Fault("worker_lost", told).as_dict()],
            )
            action = "job.given_up"
        if not changed:
            return
        write_journal(actor=COMMAND_LINE, action=action, subject=job, why=told)
        if losses < MOST_LOSSES:
            transaction.on_commit(partial(deliver, job.pk), robust=True)
    logger.warning("Job %s (%s) lost its worker (%s).", job.pk, job.kind, action)
