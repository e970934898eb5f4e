"""What a link covers: digests of the rows it speaks of, and of the link itself. Pure functions."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Link,
    Target,
)

Row = tuple[str, int, str]
"""What a link speaks of: its kind, the key of the row and the digest of the row."""


def digest(content: Any) -> str:
    """SHA-256 of plain data in its one canonical spelling, hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A file may hold half a character; it is then no chain of ours, but has a digest.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def moment(at: datetime) -> str:
    """A time as every database gives it back: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def commitment_digest(commitment: Commitment, lines: Sequence[tuple[str, CommitmentLine]]) -> str:
    """Everything that was signed, how, and the digest of the commitment before it.

    ``lines`` are (indicator code, line) in the order signed. The paper is covered by its content
    digest, the file by its own; both are left out where there is none.
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
    if commitment.paper_id:
        content["paper"] = [commitment.paper.code, commitment.paper.content_digest]
    if commitment.way or commitment.file_digest or commitment.certificate:
        content["way"] = commitment.way
        content["file"] = commitment.file_digest
        content["certificate"] = commitment.certificate
    return digest(content)


def event_digest(event: CommitmentEvent) -> str:
    """What happened to a commitment, when, by whom and why."""
    return digest(
        {
            "commitment": event.commitment_id,
            "what": event.what,
            "on": event.on.isoformat(),
            "at": moment(event.at),
            "by": event.by_id,
            "why": event.why,
        }
    )


def decision_digest(decision: Decision, targets: Iterable[Target]) -> str:
    """A decision as it stands with everything it assigns. ``targets`` with indicators and paths."""
    dates = (decision.issued_on, decision.effective_on, decision.withdrawn_on)
    assigned = sorted(
        [
            target.unit_id,
            target.indicator.code,
            target.operator,
            target.value,
            str(target.deadline),
            target.source,
            [[str(month), value] for month, value in target.path_points],
        ]
        for target in targets
    )
    return digest(
        {
            "authority": decision.authority,
            "kind": decision.kind,
            "number": decision.number,
            "unit": decision.unit_id,
            "year": decision.year,
            "dates": [day and day.isoformat() for day in dates],
            "amends": decision.amends_id,
            "replaces": decision.replaces_id,
            "passes_on": decision.passes_on_id,
            "issuer": decision.issuer,
            "signer": [decision.signer_name, decision.signer_post],
            "scan": decision.scan_digest,
            "note": decision.note,
            "reasons": [decision.reason, decision.withdrawal_reason],
            "changed_until": decision.changed_until and str(decision.changed_until),
            "targets": assigned,
        }
    )


def link_digest(link: Link) -> str:
    """All of a link but its signature, and through ``previous`` every link before it."""
    return digest(link_content(link))


def link_content(link: Link) -> dict[str, Any]:
    """What a link says, as it is exported: digests, numbers and times, no names."""
    return {
        "committee": link.committee_id,
        "number": link.number,
        "kind": link.kind,
        "subject": link.subject,
        "subject_digest": link.subject_digest,
        "at": moment(link.at),
        "taken_over_on": link.taken_over_on and link.taken_over_on.isoformat(),
        "previous": link.previous,
        "key": link.key,
    }
