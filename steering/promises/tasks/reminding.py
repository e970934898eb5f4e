"""Reminding heads of units of tasks that are due: one message an address, not twice in a day."""

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from commitments.actions.promises.tasks import note_reminders
from commitments.models import Task
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.models import Membership
from steering.committee.roles import Permission

DAYS_BEFORE = 3
"""From how many days before it is due a task is reminded of at night."""

logger = logging.getLogger(__name__)


@transaction.atomic
def remind_of(*, tasks: Collection[Task], actor: Actor, on: date, at: datetime) -> list[Task]:
    """Remind of open tasks: noted as events, mailed after the commit. Returns those reminded of."""
    for task in tasks:
        access.require(actor, Permission.KEEP_TASKS, task.unit, on)
    asked = note_reminders(tasks=tasks, actor=actor, on=on, at=at)
    messages = list(_messages(asked, on))
    if messages:
        transaction.on_commit(partial(_send, messages), robust=True)
    return asked


def _messages(tasks: Collection[Task], on: date):
    """One message for each address, with all its tasks."""
    heads = defaultdict(list)
    for seat in Membership.objects.heads_of([task.unit_id for task in tasks], on):
        if seat.user.email:
            heads[seat.user.email].append(seat.committee.unit_id)
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL + reverse("promises:tasks")
        for email, units in sorted(heads.items()):
            own = [task for task in tasks if task.unit_id in units]
            context = {"tasks": own, "address": address, "on": on}
            subject = render_to_string("promises/mail/tasks_subject.txt", context).strip()
            yield EmailMessage(
                subject, render_to_string("promises/mail/tasks.txt", context), to=[email]
            )


def _send(messages: list[EmailMessage]) -> None:
    try:
        get_connection().send_messages(messages)
    except OSError as error:
        logger.exception("Reminders of tasks were not taken by the mail server: %s", error)
