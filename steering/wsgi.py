"""WSGI entry point."""

import gc
import logging
import os
import sys

from django.conf import settings
from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

from .celery import app as celery_app
from .serving.lanes import Lanes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
application = Lanes(get_wsgi_application(), pages=settings.PAGES_AT_ONCE)
# Whoever saves asks the database a dozen times and after each has to get the interpreter back from
# a page at work: it is told to let go sooner than after its usual five milliseconds.
sys.setswitchinterval(0.001)
# Counts come in even while nothing can be signed; whoever starts the site reads why not.
for message in run_checks(tags=["signing_key"]):
    logging.getLogger(__name__).error("%s", message)
# What was made so far stays as long as the process: no collection has to walk through it again.
gc.collect()
gc.freeze()

__all__ = ("application", "celery_app")
