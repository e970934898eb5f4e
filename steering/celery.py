"""The Celery application. Loaded by ``manage.py``, ``wsgi.py`` and ``asgi.py``, so that every
process hands its jobs to the broker of the settings and not to one on localhost.
"""

import os

from celery import Celery
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")

TRANSPORT_ALIASES["files"] = "steering.jobs.messages:Transport"

app = Celery("steering")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def make_private_folder(**_sent: object) -> None:
    """Without Redis messages are files that nobody else may read or write."""
    if settings.CELERY_BROKER_URL.startswith("files:"):
        settings.BROKER_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.BROKER_DIR.chmod(0o700)
