"""Is everything promised still what was promised? Every link, and every row a link speaks of."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from commitments.models import Commitment, CommitmentEvent, Decision, Link, Paper
from commitments.papers.content import content_digest
from commitments.rules import Fault
from commitments.totals import Verification
from steering.accounts.models import JournalEntry

from .digests import commitment_digest, decision_digest, event_digest
from .following import as_data, follow
from .keys import PublicKeys, present_key, trusted_keys
from .older import committees_of

Links = dict[int, list[Link]]
"""The links of each committee, by its key, in order."""


def verify_commitments() -> Verification:
    """Follow every chain and recompute every digest: finds any later change, removal or insertion.

    Trusted are the keys that lie outside the database, and no other. The journal keeps each
    commitment's digest too, and every paper the head of the chain when it was prepared: with them
    the removal of a chain's end is found, where nobody rewrote them as well. What nobody can
    rewrite is a head that was exported before (``verify_commitments --against``).
    """
    result = Verification()
    links: Links = defaultdict(list)
    for link in Link.objects.order_by("committee", "number"):
        links[link.committee_id].append(link)
    keys = trusted_keys()
    for committee, chain in links.items():
        result.wrong += faults_of_chain(committee, chain, keys)
    result.wrong += _wrong_commitments(result)
    result.wrong += _wrong_papers()
    result.wrong += _wrong_files()
    result.wrong += _wrong_subjects(links)
    result.wrong += _cut_chains(links)
    return result


def faults_of_chain(committee: int, chain: Iterable[Link], keys: PublicKeys) -> Iterator[Fault]:
    """Where one committee's links are not in one unbroken row, or not signed by a trusted key."""
    found = follow(map(as_data, chain), keys, committee=committee)
    for number in found.broken:
        yield _fault("link_broken", _broken_link(committee, number), number, str(committee))
    for name in found.unknown:
        message = _(
            "Links of committee %(committee)s are signed with the key %(key)s, which is neither "
            "the signing key nor a retired one."
        )
        details = {"committee": committee, "key": name}
        yield _fault("key_unknown", message % details, None, name)
    present = present_key()
    if present and not found.signers.accept(present):
        message = _(
            "The chain of committee %(committee)s ends with a key that was retired: the signing "
            "key %(key)s was not introduced in it."
        )
        details = {"committee": committee, "key": present}
        yield _fault("key_not_introduced", message % details, found.number, present)


def _broken_link(committee: int, number: int) -> str:
    message = _("Link %(number)s of the chain of committee %(committee)s is not what was signed.")
    return message % {"number": number, "committee": committee}


def _wrong_commitments(result: Verification) -> Iterator[Fault]:
    """Commitments whose own chain of digests is broken, or differs from what the journal keeps."""
    chain: dict[int, tuple[int, str]] = {}
    commitments = (
        Commitment.objects.select_related("paper")
        .prefetch_related("lines__indicator")
        .order_by("committee", "sequence")
    )
    known = {}
    for commitment in commitments:
        known[str(commitment.pk)] = commitment.digest
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        sequence, previous = chain.get(commitment.committee_id, (0, ""))
        intact = (
            commitment.sequence == sequence + 1
            and commitment.previous_digest == previous
            and commitment.digest == commitment_digest(commitment, lines)
        )
        if not intact:
            yield _changed(str(commitment), commitment.sequence)
        result.checked += 1
        chain[commitment.committee_id] = (commitment.sequence, commitment.digest)
    signed = JournalEntry.objects.filter(action="commitment.signed").order_by("pk")
    recorded = {entry.subject_id: entry.after["digest"] for entry in signed}
    for key in sorted(known.keys() | recorded.keys()):
        if known.get(key) != recorded.get(key):
            yield _changed(key, None)


def _changed(name: str, sequence: int | None) -> Fault:
    message = _("The commitment %(name)s is not what was signed.") % {"name": name}
    return _fault("commitment_changed", message, sequence, name)


def _wrong_papers() -> Iterator[Fault]:
    """Papers that no longer say what their content digest covers."""
    for paper in Paper.objects.order_by("pk").iterator():
        if content_digest(paper.content) != paper.content_digest:
            message = _("The paper %(code)s does not say what was prepared.") % {"code": paper.code}
            yield _fault("paper_changed", message, None, paper.code)


def _wrong_files() -> Iterator[Fault]:
    """Scans and signed PDFs that are gone or are not the files that were taken in."""
    signed = Commitment.objects.exclude(file_digest="").order_by("pk")
    issued = Decision.objects.exclude(scan_digest="").order_by("pk")
    files = [(str(one), one.file, one.file_digest) for one in signed]
    files += [(str(one), one.scan, one.scan_digest) for one in issued]
    for name, file, kept in files:
        try:
            with file.open() as stored:
                found = hashlib.file_digest(stored, "sha256").hexdigest()
        except (OSError, ValueError):
            found = ""
        if found != kept:
            message = _("The file of %(name)s is gone or is not the one that was taken in.")
            yield _fault("file_changed", message % {"name": name}, None, name)


def _wrong_subjects(links: Links) -> Iterator[Fault]:
    """Commitments, events and decisions that differ from their link, have none, or are gone."""
    latest = {(link.kind, link.subject): link for chain in links.values() for link in chain}
    for kind, subjects in _subjects(latest):
        for key, (name, committee, found) in subjects.items():
            link = latest.pop((kind, key), None)
            if link is None:
                code = "link_missing" if links.get(committee) else "not_taken_over"
                message = {
                    "link_missing": _("%(kind)s %(name)s has no link in the chain."),
                    "not_taken_over": _(
                        "%(kind)s %(name)s is older than the chain. Take it over once with "
                        "“take_over_commitments”."
                    ),
                }[code]
            elif link.subject_digest != found or link.committee_id != committee:
                code, message = "subject_changed", _("%(kind)s %(name)s is not what was chained.")
            else:
                continue
            details = {"kind": Link.Kind(kind).label.capitalize(), "name": name}
            yield _fault(code, message % details, link.number if link else None, name)
    for (kind, key), link in latest.items():
        if kind != Link.Kind.KEY:
            message = _("%(kind)s %(name)s was chained and is gone.")
            details = {"kind": Link.Kind(kind).label.capitalize(), "name": key}
            yield _fault("subject_gone", message % details, link.number, str(key))


def _said(event: CommitmentEvent) -> str:
    return f"{event.commitment} ({event.get_what_display()})"


Subjects = dict[int, tuple[str, int, str]]
"""Rows by their key: called how, in whose chain, with which digest."""


def _subjects(latest: Mapping[tuple[str, int], Link]) -> Iterator[tuple[str, Subjects]]:
    yield (
        Link.Kind.COMMITMENT,
        {
            commitment.pk: (str(commitment), commitment.committee_id, commitment.digest)
            for commitment in Commitment.objects.all()
        },
    )
    yield (
        Link.Kind.EVENT,
        {
            event.pk: (_said(event), event.commitment.committee_id, event_digest(event))
            for event in CommitmentEvent.objects.select_related("commitment")
        },
    )
    decisions = list(Decision.objects.prefetch_related("targets__indicator", "targets__path"))
    linked = {key: link.committee_id for (kind, key), link in latest.items() if kind == "decision"}
    begun = committees_of([decision for decision in decisions if decision.pk not in linked])
    committees = {key: committee.pk for key, committee in begun.items()} | linked
    yield (
        Link.Kind.DECISION,
        {
            decision.pk: (
                str(decision),
                committees[decision.pk],
                decision_digest(decision, decision.targets.all()),
            )
            for decision in decisions
            if decision.pk in committees
        },
    )


def _cut_chains(links: Links) -> Iterator[Fault]:
    """Heads printed on papers that the chain no longer holds."""
    held = {
        (link.committee_id, link.number): link.digest for chain in links.values() for link in chain
    }
    papers = Paper.objects.filter(chain_number__gt=0)
    printed = papers.values_list("committee", "chain_number", "chain_head").distinct()
    for committee, number, head in printed.order_by("committee", "chain_number"):
        if held.get((committee, number)) != head:
            message = _(
                "The chain of committee %(committee)s does not hold the head that was printed on a "
                "paper, link %(number)s."
            )
            details = {"committee": committee, "number": number}
            yield _fault("chain_cut", message % details, number, head)


def _fault(code: str, message: str, row: int | None, read: str) -> Fault:
    return Fault(code, message, row=row, read=read)
