"""Clients of the API, signed in by session as one of the cast."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    """Forget how often anybody asked: requests are counted in the cache."""
    cache.clear()


@pytest.fixture
def api():
    """A client for a user; without one, for a stranger."""

    def api(user=None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_login(user)
        return client

    return api
