"""What the broker carries: tasks that read the clock and call actions."""

from celery import shared_task
from django.utils import timezone

from .actions import enqueue_nightly, requeue_stale, run
from .delivery import RUN


@shared_task(name=RUN)
def run_job(job_id: int) -> None:
    run(job_id)


@shared_task(name="jobs.requeue_stale")
def look_for_stale() -> None:
    requeue_stale(now=timezone.now())


@shared_task(name="jobs.nightly")
def nightly() -> None:
    enqueue_nightly(day=timezone.localdate())
