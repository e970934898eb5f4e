"""Reminding a group of units of the reports that are missing: logged, sent, at most once a day."""

import logging
from contextlib import suppress
from datetime import date, datetime
from functools import partial

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from collection.following.reminding import (
    Reminding,
    reminding,
)
from collection.models import Reminder
from collection.models.reminders import NOT_MAILED, PARTLY_MAILED
from commitments.actions.reporting.periods import lock
from commitments.querysets import provinces_of
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from reports.wording.words import moment
from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE, Actor, as_user
from steering.accounts.models import JournalEntry
from steering.committee import access
from steering.committee.roles import Permission

TEXT_LENGTH = 4000

logger = logging.getLogger(__name__)


@transaction.atomic
def remind(
    *, group: Unit, month: Month, actor: Actor, on: date, at: datetime, text: str | None = None
) -> Reminder:
    """Remind the units of ``group`` that have not reported for ``month``, in one message.

    The row, word for word, and the journal are written whether or not anybody has an e-mail
    address; without one it stands as a text that was copied. The messages leave after the commit,
    one to each address. What the mail server does not take stays in the row and the journal says so
    (``refused_by_mail``). Where it takes nothing the group counts as not reminded, and whoever
    wants to may try again at once; where it takes some, those reached are left in peace for the
    day, and the text is passed on to the others by hand.
    """
    access.require(actor, Permission.REMIND_REPORTERS, group, on)
    locked = lock(provinces=provinces_of([group.pk], month), months=[month])
    asked = reminding(group=group, month=month, on=on)
    _refuse_untimely(asked, at, closed=any(period.is_closed for period in locked.values()))
    said = asked.text() if text is None else _read(text)
    reminder = Reminder.objects.create(
        month=month,
        group=group,
        units=[unit.code for unit in asked.units],
        recipients=asked.recipients,
        text=said,
        at=at,
        by=as_user(actor),
    )
    write_journal(
        actor=actor,
        action="reminder.sent",
        subject=reminder,
        after={"units": reminder.units, "addresses": len(reminder.recipients)},
    )
    if reminder.recipients:
        transaction.on_commit(partial(_mail, reminder, asked.subject()), robust=True)
    return reminder


def refused_by_mail(reminder: Reminder) -> list[str]:
    """The addresses of the reminder that the mail server did not take."""
    told = JournalEntry.objects.filter(
        action__in=(NOT_MAILED, PARTLY_MAILED),
        subject_type=reminder._meta.label_lower,
        subject_id=str(reminder.pk),
    ).first()
    return told.after["refused"] if told else []


def _refuse_untimely(asked: Reminding, at: datetime, *, closed: bool) -> None:
    names = {"month": asked.month.shown, "group": asked.group.full_name}
    if asked.on <= asked.month.last_day:
        message = _("%(month)s has not ended yet; nobody can be late with it.")
        raise Refused.because("month_not_ended", message % names, read=str(asked.month))
    if closed:
        message = _("%(month)s is closed; reopen it before asking for reports.")
        raise Refused.because("period_closed", message % names, read=str(asked.month))
    if asked.too_soon(at):
        message = _(
            "%(group)s was reminded of %(month)s at %(last)s. The next reminder is possible from "
            "%(next)s on."
        )
        names |= {"last": moment(asked.last.at), "next": moment(asked.next_possible)}
        raise Refused.because("reminded_already", message % names, read=str(asked.month))
    if not asked.missing:
        message = _("Everybody in %(group)s has reported for %(month)s; there is nobody to remind.")
        raise Refused.because("nobody_missing", message % names, read=str(asked.month))


def _read(text: str) -> str:
    """The text as it was edited, in plain line ends."""
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not said:
        raise Refused.because("text_needed", _("The message is empty. Write what it shall say."))
    if len(said) > TEXT_LENGTH:
        message = _("The message has %(read)s characters; shorten it to %(most)s.")
        details = {"read": len(said), "most": TEXT_LENGTH}
        raise Refused.because("text_too_long", message % details, read=str(len(said)))
    return said


def _mail(reminder: Reminder, subject: str) -> None:
    """Hand the messages to the mail server; what it does not take is written down."""
    refused = _send(reminder, subject)
    if refused:
        logger.error("Reminder %s was not taken by the mail server: %s", reminder.pk, refused)
        write_journal(
            actor=COMMAND_LINE,
            action=NOT_MAILED if len(refused) == len(reminder.recipients) else PARTLY_MAILED,
            subject=reminder,
            after={"refused": sorted(refused)},
            why=", ".join(sorted(set(refused.values()))),
        )


def _send(reminder: Reminder, subject: str) -> dict[str, str]:
    """Send a message to each address; those not taken, with the reason.

    One to each, because of a message to many the mail server may take some addresses and tell
    nobody of the others.
    """
    line, refused = get_connection(), {}
    for place, address in enumerate(reminder.recipients):
        message = EmailMessage(subject, reminder.text, to=[address], connection=line)
        try:
            line.open()
        except OSError as failure:  # smtplib's own errors are OSErrors too
            return refused | dict.fromkeys(reminder.recipients[place:], type(failure).__name__)
        try:
            message.send()
        except (OSError, ValueError) as failure:  # a ValueError is an address that is none
            refused[address] = type(failure).__name__
            # The server may have ended the connection with its refusal: the next opens another.
            _close(line)
    _close(line)
    return refused


def _close(line: BaseEmailBackend) -> None:
    with suppress(OSError):
        line.close()
