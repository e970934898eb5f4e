"""Disputing a figure, and answering. Both stay as they were written."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collection.models import Answer, Dispute
from commitments.models import Indicator
from commitments.rules import LONGEST_ANSWER, Refused, too_long
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission


@transaction.atomic
def dispute_figure(
    *,
    unit: Unit,
    indicator: Indicator,
    month: Month,
    figure: str,
    note: str,
    actor: User,
    on: date,
    at: datetime,
) -> Dispute:
    """Say that a figure is wrong, and why. ``figure`` is kept as it was printed then.

    Raises Refused without a note, and while an earlier dispute of the figure waits for its answer.
    """
    access.require(actor, Permission.DISPUTE_FIGURES, unit, on)
    if not note.strip():
        raise Refused.because("note_needed", _("Say what is wrong with the figure."), column="note")
    if faults := too_long(note.strip(), LONGEST_ANSWER, column="note"):
        raise Refused(faults)
    # Of two who write at once the second waits here, and finds the first.
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=unit.pk)
    same = Dispute.objects.filter(unit=unit, indicator=indicator, month=month)
    if same.filter(answer=None).exists():
        message = _("This figure is disputed already; the answer is still to come.")
        raise Refused.because("disputed_already", message)
    made = Dispute.objects.create(
        unit=unit, indicator=indicator, month=month, figure=figure, note=note.strip(),
        by=actor, at=at,
    )  # fmt: skip
    write_journal(actor=actor, action="figure.disputed", subject=made, why=made.note)
    raise_versions([made.unit_id], Touches.NONE)
    return made


@transaction.atomic
def answer_dispute(
    *, dispute: Dispute, verdict: str, text: str, actor: User, on: date, at: datetime
) -> Answer:
    """Answer a dispute, once. The figure itself is corrected by a report, never from here."""
    access.require(actor, Permission.ANSWER_DISPUTES, dispute.unit, on)
    held = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    if Answer.objects.filter(dispute=held).exists():
        message = _("This dispute was answered already.")
        raise Refused.because("answered_already", message)
    if verdict not in Answer.Verdict.values or not text.strip():
        message = _("Choose whether the figure stands, and say why.")
        raise Refused.because("answer_needed", message, read=verdict or None)
    if faults := too_long(text.strip(), LONGEST_ANSWER, column="text"):
        raise Refused(faults)
    if held.by_id == actor.pk:
        message = _("Nobody answers their own dispute. Ask somebody else of the standing agency.")
        raise Refused.because("own_dispute", message)
    made = Answer.objects.create(dispute=held, verdict=verdict, text=text.strip(), by=actor, at=at)
    write_journal(actor=actor, action="dispute.answered", subject=made, why=made.text)
    raise_versions([dispute.unit_id], Touches.NONE)
    return made
