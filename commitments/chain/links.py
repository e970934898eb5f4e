"""Adding links. Called by the actions that promise something, inside their transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import CommitmentEvent, Decision, Link
from commitments.rules import Refused
from steering.committee.models import Committee

from .digests import Row, decision_digest, event_digest, link_digest
from .keys import key_id, signing_key
from .older import committees_of, rows_before


class Head(NamedTuple):
    """The last link of a chain: its number and digest; 0 and blank while there is none."""

    number: int
    digest: str


def head_of(committee: Committee) -> Head:
    last = committee.links.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else Head(0, "")


def add_links(*, committee: Committee, rows: Sequence[Row]) -> list[Link]:
    """Chain and sign what happened, in this order. Raises NoKey if nothing can be signed.

    A chain that begins takes over first what is older than it.
    """
    if not rows:
        return []
    older: list[Link] = []
    if _locked_head(committee).number == 0:
        before = rows_before(committee, but=rows)
        older = _append(committee, before, taken_over_on=timezone.localdate())
    return older + _append(committee, rows)


def begin_chain(committee: Committee, *, on: date | None = None) -> list[Link]:
    """Take over what is older than the chain, where it has no link yet; marked with the day.

    Raises Refused as ``rows_before`` says.
    """
    if _locked_head(committee).number:
        return []
    rows = rows_before(committee)
    return _append(committee, rows, taken_over_on=on or timezone.localdate())


def _locked_head(committee: Committee) -> Head:
    """The head, with the chain locked until the transaction ends: numbers have no gap or double."""
    # Rows that refer to the committee need its key only, and may be written meanwhile.
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    return head_of(committee)


def _append(
    committee: Committee, rows: Sequence[Row], *, taken_over_on: date | None = None
) -> list[Link]:
    if not rows:
        return []
    key, head, now = signing_key(), head_of(committee), timezone.now()
    links = []
    for kind, subject, subject_digest in rows:
        link = Link(
            committee=committee,
            number=head.number + 1,
            kind=kind,
            subject=subject,
            subject_digest=subject_digest,
            at=now,
            taken_over_on=taken_over_on,
            previous=head.digest,
            key=key_id(key.public_key()),
        )
        link.digest = link_digest(link)
        link.signature = key.sign(link.digest.encode("ascii")).hex()
        links.append(link)
        head = Head(link.number, link.digest)
    return Link.objects.bulk_create(links)


def link_events(events: Iterable[CommitmentEvent]) -> None:
    """Chain what happened to commitments, each in the chain of its committee."""
    by_committee: dict[Committee, list[Row]] = {}
    for event in events:
        row = (Link.Kind.EVENT, event.pk, event_digest(event))
        by_committee.setdefault(event.commitment.committee, []).append(row)
    for committee, rows in sorted(by_committee.items(), key=lambda pair: pair[0].pk):
        add_links(committee=committee, rows=rows)


def link_decision(decision: Decision) -> None:
    """Chain a decision as it now stands with its targets. Call it after every change of either.

    It stays in the chain that it began in. A province without a committee has no chain: its
    decisions are taken over once it has one.
    """
    last = _last_link(decision)
    committee = last.committee if last else committees_of([decision]).get(decision.pk)
    if committee:
        row = (Link.Kind.DECISION, decision.pk, current_digest(decision))
        add_links(committee=committee, rows=[row])


def refuse_altered(decision: Decision) -> None:
    """Raise Refused if a recorded decision is not what was chained. Call it before every change.

    Otherwise whatever an intruder wrote into it would be signed together with the change.
    """
    last = _last_link(decision)
    if last:
        is_altered = last.subject_digest != current_digest(decision)
    else:
        committee = committees_of([decision]).get(decision.pk)
        is_altered = committee is not None and head_of(committee).number > 0
    if is_altered:
        message = _(
            "%(number)s is not what was recorded: it was changed in the database. Nothing more is "
            "recorded in it; see what “verify_commitments” says."
        )
        raise Refused.because("subject_changed", message % {"number": decision})


def _last_link(decision: Decision) -> Link | None:
    links = Link.objects.filter(kind=Link.Kind.DECISION, subject=decision.pk)
    return links.select_related("committee").order_by("-number").first()


def current_digest(decision: Decision) -> str:
    targets = decision.targets.select_related("indicator").prefetch_related("path")
    return decision_digest(Decision.objects.get(pk=decision.pk), targets)
