"""A site with a page that takes as long as a file lies there, and an address that saves."""

from tests.jobs.worker_settings import *  # noqa: F403

ROOT_URLCONF = "tests.serving.slow_urls"
