"""Taking a checked file over into the counts: everything of it, or what is right; in one step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from collection.files.checking import (
    Check,
    Report,
    check,
)
from collection.files.intake.uploaded import Uploaded
from collection.models import DraftCell, Upload
from collection.querysets import answers_of as drafted_answers
from commitments.actions.reporting import periods
from commitments.actions.reporting.counts import Entry, Outcome, record_counts
from commitments.models import Indicator, Move, State, Submission
from commitments.querysets import provinces_of
from commitments.rules import Fault, Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .annexes import accept_annex
from .drafts import keep_texts
from .receipts import write_receipts
from .uploads import answers_of, open_upload, read_upload, refuse_known, require_own


class Choice(StrEnum):
    """How much of a file is taken: all of it or nothing, or the right numbers only."""

    EVERYTHING = "everything"
    RIGHT = "right"


_READ_BY = ("state", "month", "unit_id", "corrections", "mapping")
"""What of an upload decides how its file is read."""


def accept(
    *, upload: Upload, choice: Choice, actor: Actor, on: date, at: datetime, why: str = ""
) -> dict[str, Any]:
    """Record the numbers of a checked file; returns what became of each report, as JSON.

    With ``RIGHT``, numbers that are wrong or wait for a reason are kept as typed in the working
    sheet of their unit; while a question of the file itself is open, nothing is taken. A report
    that has every number then, and no open question, is sent and confirmed by a receipt; the others
    are left to be finished on their own page. What the file gives replaces what was typed over the
    same cells and not sent.

    A file that was accepted answers with its stored outcome and writes nothing. Raises Refused,
    also where something was said about the file while it was read.
    """
    upload = Upload.objects.select_related("by", "decision__unit").get(pk=upload.pk)
    if upload.state == Upload.State.ACCEPTED:
        return upload.outcome
    require_own(upload, actor)
    if upload.state != Upload.State.CHECKED:
        message = _("This file is not checked yet. Look at its page first.")
        raise Refused.because("not_checked", message)
    if upload.decision_id is not None:
        return accept_annex(upload=upload, actor=actor, on=on, at=at, why=why.strip())
    # Before anything is locked: opening a large file takes seconds, and SQLite has one writer.
    read = read_upload(upload, open_upload(upload), actor, on)
    return _take_over(upload, read, choice, actor, on, at, why.strip())


@transaction.atomic
def _take_over(
    as_read: Upload,
    read: Uploaded,
    choice: Choice,
    actor: Actor,
    on: date,
    at: datetime,
    why: str,
) -> dict[str, Any]:
    """Check and record what was ``read`` of the file as it stood then, in one transaction."""
    # The very file may have been handed in twice: whoever waits here finds that it was accepted.
    same = Upload.objects.filter(digest=as_read.digest).select_related("by").order_by("pk")
    held = {one.pk: one for one in same.select_for_update(of=("self",))}
    upload = held[as_read.pk]
    if upload.state == Upload.State.ACCEPTED:
        return upload.outcome
    if any(getattr(upload, name) != getattr(as_read, name) for name in _READ_BY):
        message = _("Something was said about this file meanwhile. Look at its page again.")
        raise Refused.because("changed_meanwhile", message)
    refuse_known(upload.digest, upload.month)
    # What is true now: rights, rules and numbers may have changed since the page was shown.
    checked = check(
        read,
        answers=answers_of(upload),
        actor=actor,
        on=on,
        confirmed=upload.confirmations,
    )
    in_the_way = checked.unconfirmed + (checked.open if choice == Choice.EVERYTHING else [])
    if in_the_way:
        raise Refused(
            Fault(one.code, one.message, one.sheet, one.row, one.column, one.read)
            for one in in_the_way
        )
    if not checked.right:
        raise Refused.because("nothing_right", _("No number of this file can be accepted yet."))
    _hold(checked.right)
    _drop_typed(checked.right, actor)
    outcome, sent = _record(checked, upload, actor, on, at, why)
    _keep(checked, actor, on, at)
    for report in sent:
        drafted_answers(report.unit, report.month).delete()
    receipts = {
        (receipt.submission.unit_id, receipt.submission.month): receipt.number
        for receipt in write_receipts(reports=sent, actor=actor, at=at).values()
    }
    told = {
        "choice": choice,
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "kept": len(checked.kept),
        "left_out": len(checked.open) - len(checked.kept),
        "why": why,
        "confirmed": [
            {"code": one.code, "cell": one.where, "read": one.read, "message": one.message}
            for one in checked.confirmed
        ],
        "reports": _reports(checked, receipts),
        "cells": [str(place) for place in checked.places],
    }
    _finish(upload, checked, told, at)
    write_journal(
        actor=actor,
        action="upload.accepted",
        subject=upload,
        after={
            key: told[key]
            for key in ("choice", "created", "changed", "unchanged", "kept", "confirmed")
        },
        why=why,
    )
    return told


def _record(
    checked: Check, upload: Upload, actor: Actor, on: date, at: datetime, why: str
) -> tuple[Outcome, list[Submission]]:
    """Record what is right, and send the reports that are whole; returns those sent now."""
    outcome = Outcome()
    last_move = Move.objects.aggregate(last=Max("pk"))["last"] or 0
    for send in (True, False):
        entries = [
            entry
            for entry in checked.right
            if ((entry.unit_id, entry.month) in checked.complete) == send
        ]
        if not entries:
            continue
        done = record_counts(
            entries=entries,
            actor=actor,
            on=on,
            at=at,
            # A closed month asks for a reason of somebody's own.
            why=why or ("" if checked.closed else _("File %(name)s") % {"name": upload.name}),
            explanations=checked.answers,
            send=send,
            after_closing=True,
        )
        outcome.created += done.created
        outcome.changed += done.changed
        outcome.unchanged += done.unchanged
    sent = Submission.objects.filter(
        pk__in=Move.objects.filter(pk__gt=last_move, verb="send").values("submission"),
        state=State.SUBMITTED,
        unit__in={entry.unit_id for entry in checked.right},
        month__in={entry.month for entry in checked.right},
    )
    return outcome, list(sent.select_related("unit"))


def _hold(entries: Sequence[Entry]) -> None:
    """Take the lock of every month first: nobody types into a sheet while it is replaced."""
    units: dict[Month, set[int]] = {}
    for entry in entries:
        units.setdefault(entry.month, set()).add(entry.unit_id)
    for month, reporting in sorted(units.items()):
        periods.lock(provinces=provinces_of(reporting, month), months=[month])


def _drop_typed(entries: Sequence[Entry], actor: Actor) -> None:
    """Take back what was typed over cells the file gives a number for; the journal keeps it."""
    given = {(entry.month, *entry.key) for entry in entries}
    typed = DraftCell.objects.filter(
        month__in={entry.month for entry in entries}, unit__in={entry.unit_id for entry in entries}
    ).select_related("indicator", "unit")
    dropped: dict[Report, dict[str, str]] = {}
    keys = []
    for draft in typed:
        if (draft.month, draft.unit_id, draft.indicator_id) in given:
            keys.append(draft.pk)
            texts = dropped.setdefault((draft.unit_id, draft.month), {})
            texts[draft.indicator.code] = draft.text
    for (unit, month), texts in dropped.items():
        report = Submission.objects.get_or_create(unit_id=unit, month=month)[0]
        write_journal(actor=actor, action="report.drafts_discarded", subject=report, before=texts)
    DraftCell.objects.filter(pk__in=keys).delete()


def _keep(checked: Check, actor: Actor, on: date, at: datetime) -> None:
    """Put what is wrong into the working sheets, as it stands in the file."""
    units = Unit.objects.in_bulk({one.unit_id for one in checked.kept})
    codes = {one.pk: one.code for one in Indicator.objects.all()}
    sheets: dict[Report, dict[str, str]] = {}
    for one in checked.kept:
        sheets.setdefault((one.unit_id, one.month), {})[codes[one.indicator_id]] = one.text
    for (unit, month), texts in sorted(sheets.items()):
        keep_texts(unit=units[unit], month=month, texts=texts, actor=actor, on=on, at=at)


def _reports(checked: Check, receipts: Mapping[Report, str]) -> list[dict[str, Any]]:
    """What became of each report, in the order of their units."""
    units = Unit.objects.in_bulk({unit for unit, _month in checked.reports})
    recorded = Counter((entry.unit_id, entry.month) for entry in checked.right)
    kept = Counter((one.unit_id, one.month) for one in checked.kept)
    order = sorted(checked.reports, key=lambda one: (one[1], units[one[0]].sort_key))
    return [
        {
            "unit": units[unit].full_name,
            "code": units[unit].code,
            "month": str(month),
            "recorded": recorded[unit, month],
            "kept": kept[unit, month],
            "receipt": receipts.get((unit, month), ""),
        }
        for unit, month in order
    ]


def _finish(upload: Upload, checked: Check, told: Mapping[str, Any], at: datetime) -> None:
    """Write what came of it."""
    Upload.objects.filter(pk=upload.pk).update(
        state=Upload.State.ACCEPTED,
        accepted_at=at,
        outcome=told,
        found={**upload.found, **checked.as_dict()},
    )
