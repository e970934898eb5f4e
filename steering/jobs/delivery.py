"""Hands the number of a job to the broker."""

import logging

from celery import current_app
from django.utils import timezone

from .models import Job

RUN = "jobs.run"
"""The name of the task that runs a job; see ``tasks.py``."""

logger = logging.getLogger(__name__)


def deliver(job_id: int) -> bool:
    """Tell the workers that a job waits; False if the broker could not be reached.

    Call it when the job is committed. A message that is lost does no harm: the row waits, and
    ``requeue_stale`` delivers it again.
    """
    try:
        current_app.send_task(RUN, args=[job_id])
    except Exception:
        # Whatever a broker may raise, the row is there and whoever asked is not to be bothered.
        logger.warning("Job %s could not be handed to the broker yet.", job_id, exc_info=True)
        return False
    Job.objects.filter(pk=job_id).update(delivered_at=timezone.now())
    return True
