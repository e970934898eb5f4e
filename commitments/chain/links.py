"""Adding links. Called by the actions that promise something, inside their transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from commitments.models import CommitmentEvent, Decision, Link
from districts.models import Ancestry
from districts.months import Month
from steering.committee.models import Committee

from .digests import Row, decision_digest, event_digest, link_digest
from .keys import key_id, signing_key


class Head(NamedTuple):
    """The last link of a chain: its number and digest; 0 and blank while there is none."""

    number: int
    digest: str


def head_of(committee: Committee) -> Head:
    last = committee.links.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else Head(0, "")


def add_links(
    *, committee: Committee, rows: Sequence[Row], taken_over_on: date | None = None
) -> list[Link]:
    """Chain and sign what happened, in this order. Raises NoKey if nothing can be signed.

    The committee's row is locked until the transaction ends: two who add at once get consecutive
    numbers. A chain that begins takes over the decisions that are older than its committee.
    """
    if not rows:
        return []
    Committee.objects.select_for_update().get(pk=committee.pk)
    key, head, now = signing_key(), head_of(committee), timezone.now()
    dated = [(row, taken_over_on) for row in rows]
    if head.number == 0 and taken_over_on is None:
        older = _decisions_before_the_chain(committee, rows)
        dated = [*((row, timezone.localdate(now)) for row in older), *dated]
    links = []
    for (kind, subject, subject_digest), taken_over in dated:
        link = Link(
            committee=committee,
            number=head.number + 1,
            kind=kind,
            subject=subject,
            subject_digest=subject_digest,
            at=now,
            taken_over_on=taken_over,
            previous=head.digest,
            key=key_id(key.public_key()),
        )
        link.digest = link_digest(link)
        link.signature = key.sign(link.digest.encode("ascii")).hex()
        links.append(link)
        head = Head(link.number, link.digest)
    return Link.objects.bulk_create(links)


def begin_chain(committee: Committee) -> None:
    """Chain the decisions that are older than the committee, where nothing is signed yet."""
    if head_of(committee).number == 0:
        older = _decisions_before_the_chain(committee, ())
        add_links(committee=committee, rows=older, taken_over_on=timezone.localdate())


def _decisions_before_the_chain(committee: Committee, rows: Sequence[Row]) -> list[Row]:
    """Decisions of a committee that was set up after them, with nothing signed yet."""
    new = {(kind, subject) for kind, subject, _digest in rows}
    signed = {subject for kind, subject in new if kind == Link.Kind.COMMITMENT}
    if committee.commitments.exclude(pk__in=signed).exists():
        return []
    decisions = Decision.objects.order_by("issued_on", "pk").prefetch_related(
        "targets__indicator", "targets__path"
    )
    committees = committees_of(decisions)
    return [
        (Link.Kind.DECISION, decision.pk, decision_digest(decision, decision.targets.all()))
        for decision in decisions
        if committees.get(decision.pk) == committee and (Link.Kind.DECISION, decision.pk) not in new
    ]


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

    A province without a committee has no chain: its decisions are chained once it has one, by
    ``take_over_commitments``.
    """
    committee = committees_of([decision]).get(decision.pk)
    if committee:
        row = (Link.Kind.DECISION, decision.pk, current_digest(decision))
        add_links(committee=committee, rows=[row])


def current_digest(decision: Decision) -> str:
    targets = decision.targets.select_related("indicator").prefetch_related("path")
    return decision_digest(Decision.objects.get(pk=decision.pk), targets)


def committees_of(decisions: Iterable[Decision]) -> dict[int, Committee]:
    """The committee whose chain each decision, by its key, belongs to: its unit's or one above.

    As on the day the decision takes effect; decisions without such a committee are left out.
    """
    found = {}
    committees = {committee.unit_id: committee for committee in Committee.objects.all()}
    for decision in decisions:
        own = committees.get(decision.unit_id)
        if own is None:
            above = (
                Ancestry.objects.in_month(Month.containing(decision.effective_on))
                .filter(descendant=decision.unit_id, ancestor__in=committees)
                .order_by("depth")
                .values_list("ancestor", flat=True)
                .first()
            )
            own = committees.get(above)
        if own is not None:
            found[decision.pk] = own
    return found
