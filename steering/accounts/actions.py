"""Writes to the journal. Called by every other action, inside its transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from .actors import Actor, as_user
from .models import JournalEntry


def write_journal(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> JournalEntry:
    """Record that ``actor`` did ``action`` to ``subject``; ``before`` and ``after`` are JSON."""
    return JournalEntry.objects.create(
        actor=as_user(actor),
        actor_name=str(actor)[:150],
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:250],
        before=before,
        after=after,
        why=why,
    )
