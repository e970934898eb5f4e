"""What tests of the chain say: sign, ask, and rewrite as whoever can write to the tables does."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from commitments.actions.promises.signing import NewLine, Signature, sign_commitments
from commitments.chain.digests import commitment_digest
from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.accounts.models import JournalEntry

SIGNED = date(2024, 3, 7)
TABLES = (
    "accounts_journalentry",
    "commitments_commitment",
    "commitments_commitmentline",
    "commitments_commitmentevent",
    "commitments_link",
)


def sign(committee, indicator, *signed, year=2024):
    return sign_commitments(
        committee=committee,
        year=year,
        signed_on=SIGNED,
        signatures=[
            Signature(
                unit=unit,
                lines=[NewLine(indicator.pk, value, assigned=value)],
                signer_post="Chủ tịch UBND huyện",
                receiver_post="Chủ tịch UBND tỉnh",
            )
            for unit, value in signed
        ],
        actor=COMMAND_LINE,
        on=SIGNED,
    )


def codes() -> set[str]:
    """What verifying finds."""
    return {fault.code for fault in verify_commitments().wrong}


def answer_of(*command: str) -> dict[str, Any]:
    """The answer of a command as JSON, with its exit status."""
    said = io.StringIO()
    status = 0
    try:
        call_command(*command, "--format", "json", stdout=said)
    except SystemExit as ended:
        status = ended.code
    return {**json.loads(said.getvalue()), "status": status}


def against(path) -> dict[str, Any]:
    return answer_of("verify_commitments", "--against", str(path))


@contextmanager
def intruding() -> Iterator[None]:
    """With every trigger released; what was written is taken back afterwards."""
    with released(TABLES), transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(text: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def digests_anew(committee) -> None:
    """What whoever can write to the table does after a change: every plain digest, anew."""
    previous = ""
    for commitment in Commitment.objects.filter(committee=committee).order_by("sequence"):
        commitment.previous_digest = previous
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        commitment.digest = previous = commitment_digest(commitment, lines)
        Commitment.objects.filter(pk=commitment.pk).update(
            digest=commitment.digest, previous_digest=commitment.previous_digest
        )
        JournalEntry.objects.filter(
            action="commitment.signed", subject_id=str(commitment.pk)
        ).update(after={"digest": commitment.digest, "committee": committee.pk})
