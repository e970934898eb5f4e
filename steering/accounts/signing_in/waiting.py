"""Between the two steps of signing in: the password was right, the second factor is still asked."""

import time
from dataclasses import dataclass

from django.http import HttpRequest

from ..models import User

LASTS = 300
"""Seconds until the first step must be done again."""
_KEY = "waiting_for_second_factor"


@dataclass(frozen=True)
class Waiting:
    """Who waits, and where they were going. Kept in the session; nobody is signed in by it."""

    user: User
    backend: str
    next_url: str

    @staticmethod
    def begin(request: HttpRequest, user: User, next_url: str) -> None:
        """Remember that ``user`` has given the right password."""
        request.session.cycle_key()
        request.session[_KEY] = {
            "user": user.pk,
            "backend": user.backend,
            "next": next_url,
            "until": int(time.time()) + LASTS,
        }

    @staticmethod
    def end(request: HttpRequest) -> None:
        """Forget who waited: they are signed in, or began anew."""
        request.session.pop(_KEY, None)

    @classmethod
    def of(cls, request: HttpRequest) -> "Waiting | None":
        """Who waits in this session; None if nobody does, or not any more."""
        kept = request.session.get(_KEY)
        if not kept or kept["until"] < time.time():
            return None
        user = User.objects.filter(pk=kept["user"], is_active=True).first()
        return user and cls(user, kept["backend"], kept["next"])
