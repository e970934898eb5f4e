"""Settings of the processes that are killed: little patience."""

from datetime import timedelta

from steering.settings import *  # noqa: F403
from steering.settings import CELERY_BEAT_SCHEDULE, STORAGES

JOB_HEARTBEAT = timedelta(seconds=0.5)
JOB_STALE_AFTER = timedelta(seconds=8)
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
    if entry["task"] == "jobs.requeue_stale"
}
# Static files are not collected for this.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
