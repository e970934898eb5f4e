"""An annex on its way into a decision: received, then taken over whole, in one step."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from collection.files.annexes import as_corrected, checked, columns_of
from collection.files.checking import Kind
from collection.models import Upload
from commitments.actions.targets.decisions import assign_targets, require_deciding
from commitments.intake.annexes import read_annex
from commitments.models import Decision
from commitments.rules import LONGEST_REASON, Fault, Refused
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .uploads import keep, open_upload, refuse_known


@transaction.atomic
def receive_annex(*, name: str, data: bytes, decision: Decision, actor: Actor, on: date) -> Upload:
    """Keep the annex of a decision as it came.

    Raises Refused for what its first bytes give away, for whoever may not assign there, and for the
    very file that this decision took over before.
    """
    require_deciding(actor, decision.unit, decision.passes_on, on)
    return keep(name, data, actor, unit=decision.unit, decision=decision)


def accept_annex(
    *, upload: Upload, actor: Actor, on: date, at: datetime, why: str
) -> dict[str, Any]:
    """Assign every target of a checked annex; returns what was done, as JSON.

    Nothing is taken while something is wrong, asked or unexplained. ``why`` says why targets of
    closed months change. Raises Refused.
    """
    # Before anything is locked: opening a large file takes seconds, and SQLite has one writer.
    book = as_corrected(upload, open_upload(upload))
    annex = read_annex(book, upload.decision, columns_of(upload))
    with transaction.atomic():
        held = Upload.objects.select_for_update(of=("self",)).select_related("decision")
        held = held.get(pk=upload.pk)
        if held.state == Upload.State.ACCEPTED:
            return held.outcome
        if (held.corrections, held.mapping) != (upload.corrections, upload.mapping):
            message = _("Something was said about this file meanwhile. Look at its page again.")
            raise Refused.because("changed_meanwhile", message)
        refuse_known(held.digest, decision=held.decision)
        # What is true now: rights and targets may have changed since the page was shown.
        check = checked(annex, held, actor, on)
        if in_the_way := check.of(Kind.CONFIRM, Kind.WRONG, Kind.QUESTION):
            raise Refused(
                Fault(one.code, one.message, one.sheet, one.row, one.column, one.read)
                for one in in_the_way
            )
        reason = why if check.closed else check.answers
        outcome = assign_targets(
            decision=held.decision,
            targets=annex.targets,
            actor=actor,
            on=on,
            reason=reason[:LONGEST_REASON],
        )
        told = {
            "choice": "everything",
            "created": outcome.created,
            "changed": 0,
            "unchanged": outcome.unchanged,
            "kept": 0,
            "left_out": 0,
            "why": why,
            "explained": check.answers,
            "confirmed": [
                {"code": one.code, "cell": one.where, "read": one.read, "message": one.message}
                for one in check.of(Kind.CONFIRMED)
            ],
            "reports": [],
            "cells": [str(place) for place in annex.places],
        }
        Upload.objects.filter(pk=held.pk).update(
            state=Upload.State.ACCEPTED,
            accepted_at=at,
            outcome=told,
            found={**held.found, **check.as_dict()},
        )
        write_journal(
            actor=actor,
            action="upload.accepted",
            subject=held,
            after={key: told[key] for key in ("created", "unchanged", "confirmed", "explained")}
            | {"decision": held.decision.number},
            why=why,
        )
    return told
