"""Recording commitments as signed, each chained to the one before and linked in the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain.digests import commitment_digest, event_digest
from commitments.chain.links import add_links
from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Indicator,
    Link,
    Operator,
    Paper,
)
from commitments.rules import Fault, Refused
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.models import Committee
from steering.committee.roles import Permission

from .papers import is_below


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
    paper: Paper | None = None
    way: str = ""
    file: File | None = None
    file_digest: str = ""
    certificate: Mapping[str, Any] | None = None


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

    A unit that signed for the year already signs a new version, which supersedes the old one. That
    of a unit which has ended in the meantime has ended with it. Raises Refused if a signature has
    no line or a unit that is not the committee's to sign with.
    """
    access.require(actor, Permission.RECORD_COMMITMENTS, committee.unit, on)
    return write_signed(
        committee=committee, year=year, signed_on=signed_on, signatures=signatures, actor=actor
    )


@transaction.atomic
def write_signed(
    *,
    committee: Committee,
    year: int,
    signed_on: date,
    signatures: Sequence[Signature],
    actor: Actor,
) -> list[Commitment]:
    """Write what was signed, in whichever way. Whether ``actor`` may is the caller's part."""
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
            paper=signature.paper,
            way=signature.way,
            file=signature.file,
            file_digest=signature.file_digest,
            certificate=signature.certificate,
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
        commitment.digest = commitment_digest(commitment, [(codes[x.indicator_id], x) for x in own])
        signed.append(commitment)
        lines += own
        if old:
            events.append((old, CommitmentEvent.What.SUPERSEDED, signed_on))
        events.append((commitment, CommitmentEvent.What.SIGNED, signed_on))
        if (ended := signature.unit.abolished_on) and year >= ended.year:
            events.append((commitment, CommitmentEvent.What.ENDED, ended))
        last = earlier[signature.unit.pk] = commitment
    Commitment.objects.bulk_create(signed)
    CommitmentLine.objects.bulk_create(lines)
    happened = CommitmentEvent.objects.bulk_create(
        CommitmentEvent(commitment=commitment, what=what, on=day, by=as_user(actor))
        for commitment, what, day in events
    )
    add_links(
        committee=committee,
        rows=[
            *((Link.Kind.COMMITMENT, one.pk, one.digest) for one in signed),
            *((Link.Kind.EVENT, event.pk, event_digest(event)) for event in happened),
        ],
    )
    for commitment in signed:
        write_journal(
            actor=actor,
            action="commitment.signed",
            subject=commitment,
            after={"digest": commitment.digest, "committee": committee.pk},
        )
    raise_versions((commitment.unit_id for commitment in signed), Touches.NONE)
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
        if any(is_below(line.operator, line.value, line.assigned) for line in signature.lines):
            message = _("%(unit)s signs for less than it was assigned; a commitment may only add.")
            faults.append(Fault("below_assigned", message % names, entry=index))
    if faults:
        raise Refused(faults)
