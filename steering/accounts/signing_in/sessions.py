"""Ending what a person left open in other browsers."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone


def end_other_sessions(request: HttpRequest) -> int:
    """End every session of whoever is signed in but the one that asks; returns how many.

    A session does not say in a column whose it is: those that are open are read one by one.
    """
    others = Session.objects.filter(expire_date__gt=timezone.now())
    others = others.exclude(session_key=request.session.session_key)
    own = [
        session.pk
        for session in others
        if session.get_decoded().get(SESSION_KEY) == str(request.user.pk)
    ]
    Session.objects.filter(pk__in=own).delete()
    return len(own)
