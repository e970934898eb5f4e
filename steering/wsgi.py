"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from .celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
application = get_wsgi_application()

__all__ = ("application", "celery_app")
