"""Signing commitments, and the chain of digests that shows any later change of them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Indicator,
    Operator,
)
from commitments.rules import Fault, Refused
from commitments.totals import Verification
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import JournalEntry
from steering.committee import access
from steering.committee.models import Committee
from steering.committee.roles import Permission


@dataclass(frozen=True)
class NewLine:
    """One promised figure. All values are scaled by the indicator's decimals."""

    indicator_id: int
    value: int
    operator: str = Operator.AT_LEAST
    assigned: int | None = None
    last_year: int | None = None


@dataclass(frozen=True)
class Signature:
    """What one head of a unit signs. Names and posts are kept as text, as at signing."""

    unit: Unit
    lines: Sequence[NewLine]
    signer_post: str
    receiver_post: str
    signer_name: str = ""
    receiver_name: str = ""
    place: str = ""
    note: str = ""


@transaction.atomic
def sign_commitments(
    *,
    committee: Committee,
    year: int,
    signed_on: date,
    signatures: Sequence[Signature],
    actor: Actor,
    on: date,
) -> list[Commitment]:
    """Record the commitments signed with ``committee``, in order, each chained to the one before.

    A unit that signed for the year already signs a new version, which supersedes the old one.
    Raises Refused if a signature has no line or a unit that is not the committee's to sign with.
    """
    access.require(actor, Permission.RECORD_COMMITMENTS, committee.unit, on)
    Committee.objects.select_for_update().get(pk=committee.pk)
    _refuse_bad_signatures(committee, signatures, signed_on)
    codes = dict(Indicator.objects.values_list("pk", "code"))
    last = committee.commitments.order_by("-sequence").first()
    earlier = {
        commitment.unit_id: commitment
        for commitment in Commitment.objects.filter(
            year=year, unit__in=[signature.unit for signature in signatures]
        ).order_by("version")
    }
    signed, lines, events = [], [], []
    for signature in signatures:
        old = earlier.get(signature.unit.pk)
        commitment = Commitment(
            committee=committee,
            sequence=last.sequence + 1 if last else 1,
            unit=signature.unit,
            unit_name=signature.unit.full_name,
            year=year,
            version=old.version + 1 if old else 1,
            signed_on=signed_on,
            place=signature.place,
            signer_name=signature.signer_name,
            signer_post=signature.signer_post,
            receiver_name=signature.receiver_name,
            receiver_post=signature.receiver_post,
            note=signature.note,
            previous_digest=last.digest if last else "",
        )
        own = [
            CommitmentLine(
                commitment=commitment,
                position=position,
                indicator_id=line.indicator_id,
                operator=line.operator,
                last_year=line.last_year,
                assigned=line.assigned,
                value=line.value,
            )
            for position, line in enumerate(signature.lines, start=1)
        ]
        commitment.digest = digest_of(commitment, [(codes[x.indicator_id], x) for x in own])
        signed.append(commitment)
        lines += own
        if old:
            events.append((old, CommitmentEvent.What.SUPERSEDED))
        events.append((commitment, CommitmentEvent.What.SIGNED))
        last = earlier[signature.unit.pk] = commitment
    Commitment.objects.bulk_create(signed)
    CommitmentLine.objects.bulk_create(lines)
    CommitmentEvent.objects.bulk_create(
        CommitmentEvent(commitment=commitment, what=what, on=signed_on, by=as_user(actor))
        for commitment, what in events
    )
    for commitment in signed:
        write_journal(
            actor=actor,
            action="commitment.signed",
            subject=commitment,
            after={"digest": commitment.digest, "committee": committee.pk},
        )
    return signed


def _refuse_bad_signatures(
    committee: Committee, signatures: Sequence[Signature], signed_on: date
) -> None:
    month = Month.containing(signed_on)
    below = set(
        Unit.objects.below(committee.unit, month)
        .filter(pk__in=[signature.unit.pk for signature in signatures])
        .values_list("pk", flat=True)
    )
    faults = []
    for index, signature in enumerate(signatures):
        names = {"unit": signature.unit.full_name, "committee": committee.name}
        if signature.unit.pk not in below or signature.unit.pk == committee.unit_id:
            message = _("%(unit)s does not sign with %(committee)s on that day.")
            faults.append(Fault("not_in_committee", message % names, entry=index))
        if not signature.lines:
            message = _("%(unit)s signs nothing: give at least one target.")
            faults.append(Fault("no_lines", message % names, entry=index))
        if len({line.indicator_id for line in signature.lines}) < len(signature.lines):
            message = _("%(unit)s signs for one indicator twice; keep one line.")
            faults.append(Fault("duplicate", message % names, entry=index))
        if any(_is_below_assigned(line) for line in signature.lines):
            message = _("%(unit)s signs for less than it was assigned; a commitment may only add.")
            faults.append(Fault("below_assigned", message % names, entry=index))
    if faults:
        raise Refused(faults)


def _is_below_assigned(line: NewLine) -> bool:
    if line.assigned is None:
        return False
    if line.operator == Operator.AT_MOST:
        return line.value > line.assigned
    return line.value < line.assigned


def digest_of(commitment: Commitment, lines: Sequence[tuple[str, CommitmentLine]]) -> str:
    """SHA-256 over everything that was signed and the digest of the commitment before it.

    ``lines`` are (indicator code, line) in the order signed.
    """
    content: dict[str, Any] = {
        "committee": commitment.committee_id,
        "sequence": commitment.sequence,
        "unit": commitment.unit_id,
        "unit_name": commitment.unit_name,
        "year": commitment.year,
        "version": commitment.version,
        "signed_on": commitment.signed_on.isoformat(),
        "place": commitment.place,
        "signer": [commitment.signer_name, commitment.signer_post],
        "receiver": [commitment.receiver_name, commitment.receiver_post],
        "note": commitment.note,
        "previous": commitment.previous_digest,
        "lines": [
            [line.position, code, line.operator, line.last_year, line.assigned, line.value]
            for code, line in lines
        ],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_commitments() -> Verification:
    """Recompute every digest and follow every chain: finds any later change, removal or insertion.

    The journal keeps each digest too, so that the removal of a chain's end is found.
    """
    result = Verification()
    chain: dict[int, tuple[int, str]] = {}
    commitments = Commitment.objects.prefetch_related("lines__indicator").order_by(
        "committee", "sequence"
    )
    known = {}
    for commitment in commitments:
        known[str(commitment.pk)] = commitment.digest
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        sequence, previous = chain.get(commitment.committee_id, (0, ""))
        intact = (
            commitment.sequence == sequence + 1
            and commitment.previous_digest == previous
            and commitment.digest == digest_of(commitment, lines)
        )
        if not intact:
            result.wrong.append(_broken(str(commitment), commitment.sequence))
        result.checked += 1
        chain[commitment.committee_id] = (commitment.sequence, commitment.digest)
    signed = JournalEntry.objects.filter(action="commitment.signed").order_by("pk")
    recorded = {entry.subject_id: entry.after["digest"] for entry in signed}
    for key in sorted(known.keys() | recorded.keys()):
        if known.get(key) != recorded.get(key):
            result.wrong.append(_broken(key, None))
    return result


def _broken(name: str, sequence: int | None) -> Fault:
    return Fault(
        "commitment_changed",
        _("The commitment %(name)s is not what was signed.") % {"name": name},
        row=sequence,
        read=name,
    )
