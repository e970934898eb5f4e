"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from .celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
application = get_wsgi_application()
# What was made so far stays as long as the process: no collection has to walk through it again.
gc.collect()
gc.freeze()

__all__ = ("application", "celery_app")
