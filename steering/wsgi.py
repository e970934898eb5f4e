"""WSGI entry point."""

import gc
import logging
import os

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

from .celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
application = get_wsgi_application()
# Counts come in even while nothing can be signed; whoever starts the site reads why not.
for message in run_checks(tags=["signing_key"]):
    logging.getLogger(__name__).error("%s", message)
# What was made so far stays as long as the process: no collection has to walk through it again.
gc.collect()
gc.freeze()

__all__ = ("application", "celery_app")
