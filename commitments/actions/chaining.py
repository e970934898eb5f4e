"""What is done to the chain as a whole: taking over what is older than it, changing the key."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain import keys
from commitments.chain.digests import Row, commitment_digest, decision_digest, event_digest
from commitments.chain.links import add_links, committees_of
from commitments.models import Commitment, Decision, Link
from commitments.rules import Refused
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee.models import Committee


@dataclass(frozen=True)
class TakenOver:
    """How many rows of each kind got their link."""

    committees: int = 0
    decisions: int = 0
    commitments: int = 0
    events: int = 0


@transaction.atomic
def take_over(*, actor: Actor, on: date) -> TakenOver:
    """Chain what was promised before there was a chain: once for each committee.

    The links say on which day they were taken over, for they prove nothing about the time before.
    A commitment that no longer fits its own digest is refused: mend that first.
    """
    linked = set(Link.objects.values_list("kind", "subject"))
    done = set(Link.objects.exclude(taken_over_on=None).values_list("committee", flat=True))
    rows: dict[int, list[Row]] = {}
    decisions = list(
        Decision.objects.order_by("issued_on", "pk").prefetch_related(
            "targets__indicator", "targets__path"
        )
    )
    committees = committees_of(decisions)
    for decision in decisions:
        if committee := committees.get(decision.pk):
            found = decision_digest(decision, decision.targets.all())
            rows.setdefault(committee.pk, []).append((Link.Kind.DECISION, decision.pk, found))
    signed = Commitment.objects.select_related("paper").prefetch_related(
        "lines__indicator", "events"
    )
    for commitment in signed.order_by("committee", "sequence"):
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        if commitment.digest != commitment_digest(commitment, lines):
            message = _("The commitment %(name)s is not what was signed.")
            raise Refused.because("commitment_changed", message % {"name": commitment})
        own = rows.setdefault(commitment.committee_id, [])
        own.append((Link.Kind.COMMITMENT, commitment.pk, commitment.digest))
        events = commitment.events.all()
        own += [(Link.Kind.EVENT, event.pk, event_digest(event)) for event in events]
    taken: list[Row] = []
    for committee in Committee.objects.filter(pk__in=rows.keys() - done).order_by("pk"):
        new = [row for row in rows[committee.pk] if row[:2] not in linked]
        add_links(committee=committee, rows=new, taken_over_on=on)
        if new:
            write_journal(
                actor=actor,
                action="chain.taken_over",
                subject=committee,
                after={"links": len(new), "on": on.isoformat()},
            )
        taken += new
    kinds = [kind for kind, _subject, _digest in taken]
    return TakenOver(
        committees=len(rows.keys() - done),
        decisions=kinds.count(Link.Kind.DECISION),
        commitments=kinds.count(Link.Kind.COMMITMENT),
        events=kinds.count(Link.Kind.EVENT),
    )


@transaction.atomic
def rotate_key(*, new_key: Path, actor: Actor) -> str:
    """Sign from now on with the key in ``new_key``; the old one introduces it in every chain.

    The old public key stays trusted, from the folder of retired keys. Returns the new key's id.
    """
    old = keys.signing_key()
    new = keys.read_private(new_key)
    if keys.raw(old.public_key()) == keys.raw(new.public_key()):
        raise Refused.because("same_key", _("This is the key that signs already."))
    fingerprint = keys.raw(new.public_key()).hex()
    for committee in Committee.objects.filter(links__isnull=False).distinct().order_by("pk"):
        add_links(committee=committee, rows=[(Link.Kind.KEY, committee.pk, fingerprint)])
        write_journal(
            actor=actor,
            action="chain.key_changed",
            subject=committee,
            before={"key": keys.key_id(old.public_key())},
            after={"key": keys.key_id(new.public_key())},
        )
    keys.retire(old.public_key())
    # After the commit: whoever fails in between signs on with the old key, which is no break.
    transaction.on_commit(lambda: keys.replace(new))
    return keys.key_id(new.public_key())
