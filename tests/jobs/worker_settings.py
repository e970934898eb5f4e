"""Settings of the real worker that tests start: kinds of work of the tests, and little patience."""

from datetime import timedelta

from steering.settings import *  # noqa: F403
from steering.settings import CELERY_BEAT_SCHEDULE, JOB_KINDS, STORAGES

from .kinds import KINDS

JOB_KINDS = {**JOB_KINDS, **KINDS}
JOB_HEARTBEAT = timedelta(seconds=0.5)
JOB_STALE_AFTER = timedelta(seconds=3)
# Static files are not collected for a test.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_WORKER_CONCURRENCY = 1
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
    if entry["task"] == "jobs.requeue_stale"
}
