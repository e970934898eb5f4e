#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
    from django.core.management import execute_from_command_line

    import steering.celery  # noqa: F401  commands that ask for background work reach its broker

    execute_from_command_line(sys.argv)
