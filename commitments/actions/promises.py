"""Decisions with their targets, and the commitments signed on them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from commitments import rules
from commitments.models import (
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Count,
    Decision,
    Indicator,
    Operator,
    PathPoint,
    Target,
    Total,
)
from commitments.rules import Fault, Finding, Refused
from commitments.totals import Verification
from districts.models import Unit
from districts.months import Month
from districts.vietnamese import search_key
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import JournalEntry
from steering.committee import access
from steering.committee.models import Committee
from steering.committee.roles import Permission

from .amending import closed_months_changed, faults_of_reason


@dataclass(frozen=True)
class NewTarget:
    """One target as a decision states it. ``value`` is scaled by the indicator's decimals."""

    unit_id: int
    indicator_id: int
    value: int
    deadline: Month
    operator: str = Operator.AT_LEAST
    path: Sequence[tuple[Month, int]] = ()


@dataclass
class TargetOutcome:
    """What recording a decision did."""

    decision: Decision | None = None
    created: int = 0
    unchanged: int = 0
    warnings: list[Finding] = field(default_factory=list)


def number_key(number: str) -> str:
    """One spelling of a document number: ``148 /QD-UBND`` and ``148/QĐ-UBND`` are the same."""
    return search_key(number).replace(" ", "").upper()


@transaction.atomic
def record_decision(
    *,
    unit: Unit,
    authority: str,
    number: str,
    year: int,
    issued_on: date,
    targets: Sequence[NewTarget],
    actor: Actor,
    on: date,
    effective_on: date | None = None,
    amends: Decision | None = None,
    issuer: str = "",
    signer_post: str = "",
    note: str = "",
    reason: str = "",
    dry_run: bool = False,
) -> TargetOutcome:
    """Record a decision and what it assigns, or add to it what was left out before.

    A target once recorded is never overwritten: a differing value is refused, an amendment is a
    decision of its own. Without ``effective_on`` the targets count from 1 January of ``year``, an
    amendment's from its day of issue. One that changes what closed months were held against needs
    a ``reason``, which stays visible. Raises Refused with every fault.
    """
    access.require(actor, Permission.ASSIGN_TARGETS, unit, on)
    _refuse_bad_number(number)
    decision, is_new = Decision.objects.get_or_create(
        unit=unit,
        authority=authority,
        year=year,
        number_key=number_key(number),
        defaults={
            "number": number.strip(),
            "issued_on": issued_on,
            "effective_on": effective_on or (issued_on if amends else date(year, 1, 1)),
            "amends": amends,
            "issuer": issuer,
            "signer_post": signer_post,
            "note": note,
        },
    )
    Decision.objects.select_for_update().get(pk=decision.pk)
    faults = [] if is_new else _differences(decision, issued_on, effective_on)
    indicators = Indicator.objects.in_bulk({target.indicator_id for target in targets})
    outcome, new = _compare(decision, targets, indicators, faults)
    closed = closed_months_changed(
        decision,
        [(target.unit_id, target.indicator_id) for target in new],
        last_deadline=max((target.deadline for target in new), default=Month.of(year, 12)),
    )
    faults += faults_of_reason(decision, closed, reason)
    if faults:
        raise Refused(faults)
    if closed:
        decision.changed_until, decision.reason = closed[-1], reason.strip()
        decision.save(update_fields=["changed_until", "reason"])
    outcome.warnings = _below_last(new, indicators, year)
    rows = Target.objects.bulk_create(
        Target(
            decision=decision,
            unit_id=target.unit_id,
            indicator_id=target.indicator_id,
            operator=target.operator,
            value=target.value,
            deadline=target.deadline,
        )
        for target in new
    )
    PathPoint.objects.bulk_create(
        PathPoint(target=row, month=month, value=value)
        for row, target in zip(rows, new, strict=True)
        for month, value in target.path
    )
    if new or is_new:
        write_journal(
            actor=actor,
            action="decision.recorded",
            subject=decision,
            after={
                "targets": len(new),
                "authority": authority,
                "year": year,
                "closed_months": [str(month) for month in closed],
            },
            why="; ".join(filter(None, (reason.strip(), note))),
        )
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def _refuse_bad_number(number: str) -> None:
    """A decision is known by its number: not blank, and no longer than can be kept."""
    longest = Decision._meta.get_field("number").max_length
    if not number_key(number):
        message = _("The number of the decision is missing. Write it like 148/QĐ-UBND.")
        raise Refused.because("number_missing", message, read=number)
    if max(len(number.strip()), len(number_key(number))) > longest:
        message = _("The number of the decision is longer than %(limit)s characters.")
        raise Refused.because("number_too_long", message % {"limit": longest}, read=number)


def _differences(decision: Decision, issued_on: date, effective_on: date | None) -> list[Fault]:
    """Where a decision already recorded under this number says something else about itself."""
    faults = []
    if decision.issued_on != issued_on:
        faults.append(
            Fault(
                "decision_differs",
                _("%(number)s is recorded with another day of issue.") % {"number": decision},
                read=str(issued_on),
                expected=str(decision.issued_on),
            )
        )
    if effective_on and decision.effective_on != effective_on:
        faults.append(
            Fault(
                "decision_differs",
                _("%(number)s is recorded with another effective day.") % {"number": decision},
                read=str(effective_on),
                expected=str(decision.effective_on),
            )
        )
    return faults


def _compare(
    decision: Decision,
    targets: Sequence[NewTarget],
    indicators: dict[int, Indicator],
    faults: list[Fault],
) -> tuple[TargetOutcome, list[NewTarget]]:
    """Which targets are new; faults for those given twice or differing from what is recorded."""
    targets_recorded = decision.targets.prefetch_related("path")
    recorded = {(target.unit_id, target.indicator_id): target for target in targets_recorded}
    outcome, new, seen = TargetOutcome(decision), [], set()
    for index, target in enumerate(targets):
        key = target.unit_id, target.indicator_id
        code = indicators[target.indicator_id].code
        old = recorded.get(key)
        if key in seen:
            message = _("The target for %(indicator)s is given twice.")
            faults.append(Fault("duplicate", message % {"indicator": code}, entry=index))
        elif target.value < 0:
            faults.append(Fault("negative", _("A target cannot be negative."), entry=index))
        elif old is None:
            new.append(target)
        elif _as_assigned(old, old.path_points) == _as_assigned(target, target.path):
            outcome.unchanged += 1
        else:
            message = _(
                "%(number)s already assigns another target, deadline or path for %(indicator)s. "
                "Nothing is overwritten: record the change as a decision that amends it."
            )
            faults.append(
                Fault(
                    "target_differs",
                    message % {"number": decision, "indicator": code},
                    read=_told(target, target.path),
                    expected=_told(old, old.path_points),
                    entry=index,
                )
            )
        seen.add(key)
    outcome.created = len(new)
    return outcome, new


_Path = Sequence[tuple[Month, int]]


def _as_assigned(target: NewTarget | Target, path: _Path) -> tuple:
    """All that is assigned with a target: another deadline or path is another target."""
    return target.value, target.operator, target.deadline, tuple(sorted(path))


def _told(target: NewTarget | Target, path: _Path) -> str:
    points = "".join(f", {month}: {value}" for month, value in sorted(path))
    return f"{target.operator} {target.value}, {target.deadline}{points}"


def _below_last(
    targets: Sequence[NewTarget], indicators: dict[int, Indicator], year: int
) -> list[Finding]:
    """Targets that ask for less than last December's result: informs, never blocks."""
    december = Month.of(year, 1) - 1
    results = {
        (unit, indicator): approved
        for model, unit_column in ((Total, "node"), (Count, "unit"))
        for unit, indicator, approved in model.objects.filter(
            month=december, **{f"{unit_column}__in": {target.unit_id for target in targets}}
        ).values_list(unit_column, "indicator", "approved")
    }
    findings = []
    for target in targets:
        indicator = indicators[target.indicator_id]
        last = results.get((target.unit_id, target.indicator_id))
        if indicator.kind == "stock" and rules.target_is_below_last(
            target=target.value, last=last, direction=indicator.direction
        ):
            message = _("%(indicator)s: the target is below last year's result, %(last)s.")
            findings.append(
                Finding(
                    rule="TARGET_BELOW_LAST",
                    severity="inform",
                    month=target.deadline,
                    unit_id=target.unit_id,
                    indicator=indicator.code,
                    read=target.value,
                    expected=f">= {last}",
                    message=message % {"indicator": indicator.name, "last": last},
                )
            )
    return findings


# --- commitments ---------------------------------------------------------------------------------


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
