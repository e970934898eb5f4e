"""What is done to the chain as a whole: taking over what is older than it, changing the key."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain import keys
from commitments.chain.links import add_links, begin_chain
from commitments.models import Link
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
    A committee that has links already is left as it is. Raises Refused as ``rows_before`` says.
    """
    taken: list[Link] = []
    for committee in Committee.objects.filter(links__isnull=True).order_by("pk"):
        new = begin_chain(committee, on=on)
        if new:
            write_journal(
                actor=actor,
                action="chain.taken_over",
                subject=committee,
                after={"links": len(new), "on": on.isoformat()},
            )
        taken += new
    kinds = [link.kind for link in taken]
    return TakenOver(
        committees=len({link.committee_id for link in taken}),
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
