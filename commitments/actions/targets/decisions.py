"""Decisions and the targets they assign."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments import rules
from commitments.chain.links import link_decision, refuse_altered
from commitments.decisions.numbers import kind_told, number_key, tidy_number
from commitments.models import (
    Count,
    Decision,
    DocumentKind,
    Indicator,
    Operator,
    PathPoint,
    Target,
    Total,
)
from commitments.rules import Fault, Finding, Refused
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from districts.versions import raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission

from .amending import closed_months_changed, faults_of_reason


@dataclass(frozen=True)
class NewTarget:
    """One target as a decision states it. ``value`` is scaled by the indicator's decimals.

    ``source`` says what it was made from, where it was proposed.
    """

    unit_id: int
    indicator_id: int
    value: int
    deadline: Month
    operator: str = Operator.AT_LEAST
    path: Sequence[tuple[Month, int]] = ()
    source: str = ""


@dataclass
class TargetOutcome:
    """What recording a decision did; ``closed`` are the closed months whose targets it changed."""

    decision: Decision | None = None
    created: int = 0
    unchanged: int = 0
    closed: list[Month] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


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
    kind: str = "",
    amends: Decision | None = None,
    replaces: Decision | None = None,
    passes_on: Decision | None = None,
    issuer: str = "",
    signer_name: str = "",
    signer_post: str = "",
    note: str = "",
    reason: str = "",
    only_new: bool = False,
    dry_run: bool = False,
) -> TargetOutcome:
    """Record a decision and what it assigns, or add to it what was left out before.

    A target once recorded is never overwritten: a differing value is refused, an amendment is a
    decision of its own. Without ``effective_on`` the targets count from 1 January of ``year``, an
    amendment's and a replacement's from the day of issue. One that changes what closed months were
    held against needs a ``reason``, which stays visible. Without ``kind`` the number tells the
    type. A district passes on (``passes_on``) what a unit above it was told to assign. With
    ``only_new`` a number that is recorded already is refused. Raises Refused with every fault.
    """
    require_deciding(actor, unit, passes_on, on)
    _refuse_bad_number(number, kind)
    kind = kind or kind_told(number) or DocumentKind.DECISION
    faults = _bad_relations(unit, authority, year, amends, replaces, passes_on)
    if faults:
        raise Refused(faults)
    decision, is_new = Decision.objects.get_or_create(
        unit=unit,
        authority=authority,
        kind=kind,
        number_year=issued_on.year,
        number_key=number_key(number),
        defaults={
            "year": year,
            "number": tidy_number(number),
            "issued_on": issued_on,
            "effective_on": effective_on or (issued_on if amends or replaces else date(year, 1, 1)),
            "amends": amends,
            "replaces": replaces,
            "passes_on": passes_on,
            "issuer": issuer,
            "signer_name": signer_name,
            "signer_post": signer_post,
            "note": note,
        },
    )
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if not is_new:
        refuse_altered(decision)
    faults = [] if is_new else _differences(decision, issued_on, effective_on)
    if only_new and not is_new:
        faults = [already_recorded(decision)]
    faults += _not_below(unit, targets)
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
    outcome.closed, outcome.warnings = closed, _below_last(new, indicators, year)
    _assign(decision, new)
    if new or is_new:
        if not dry_run:
            link_decision(decision)
        write_journal(
            actor=actor,
            action="decision.recorded",
            subject=decision,
            after={
                "targets": len(new),
                "authority": authority,
                "number": decision.number,
                "year": year,
                "closed_months": [str(month) for month in closed],
            },
            why="; ".join(filter(None, (reason.strip(), note))),
        )
        raise_versions([decision.unit_id, *(target.unit_id for target in new)])
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def assign_targets(
    *,
    decision: Decision,
    targets: Sequence[NewTarget],
    actor: Actor,
    on: date,
    reason: str = "",
    dry_run: bool = False,
) -> TargetOutcome:
    """Add to a recorded decision what it assigns, as ``record_decision`` does. May be Refused."""
    if decision.withdrawn_on:
        message = _("%(number)s is withdrawn: it assigns nothing more.") % {"number": decision}
        raise Refused.because("withdrawn_already", message)
    return record_decision(
        unit=decision.unit,
        authority=decision.authority,
        number=decision.number,
        kind=decision.kind,
        year=decision.year,
        issued_on=decision.issued_on,
        passes_on=decision.passes_on,
        targets=targets,
        actor=actor,
        on=on,
        reason=reason,
        dry_run=dry_run,
    )


def _assign(decision: Decision, targets: Sequence[NewTarget]) -> None:
    rows = Target.objects.bulk_create(
        Target(
            decision=decision,
            unit_id=target.unit_id,
            indicator_id=target.indicator_id,
            operator=target.operator,
            value=target.value,
            deadline=target.deadline,
            source=target.source,
        )
        for target in targets
    )
    PathPoint.objects.bulk_create(
        PathPoint(target=row, month=month, value=value)
        for row, target in zip(rows, targets, strict=True)
        for month, value in target.path
    )


def require_deciding(actor: Actor, unit: Unit, passes_on: Decision | None, on: date) -> None:
    """Raise NotAllowed unless ``actor`` may assign at ``unit``, or pass on what it was assigned."""
    passes = passes_on is not None and unit.tier != Tier.PROVINCE
    needed = Permission.ALLOCATE_TARGETS if passes else Permission.ASSIGN_TARGETS
    access.require(actor, needed, unit, on)


def already_recorded(decision: Decision) -> Fault:
    """What is wrong with a number that another decision of the issuer, year and type bears."""
    message = _("%(number)s of %(day)s is recorded already. Open it instead.")
    details = {"number": decision, "day": f"{decision.issued_on:%d/%m/%Y}"}
    return Fault("already_recorded", message % details, read=decision.number)


def _refuse_bad_number(number: str, kind: str) -> None:
    """A decision is known by its number: not blank, not too long, and of the type it names."""
    longest = Decision._meta.get_field("number").max_length
    if not number_key(number):
        message = _("The number of the decision is missing. Write it like 148/QĐ-UBND.")
        raise Refused.because("number_missing", message, read=number)
    if max(len(tidy_number(number)), len(number_key(number))) > longest:
        message = _("The number of the decision is longer than %(limit)s characters.")
        raise Refused.because("number_too_long", message % {"limit": longest}, read=number)
    told = kind_told(number)
    if kind and told and kind != told:
        message = _("The number “%(read)s” is that of another type: %(kind)s. Choose that type.")
        details = {"read": tidy_number(number), "kind": told.label}
        raise Refused.because("kind_differs", message % details, read=number, expected=told)


def _bad_relations(
    unit: Unit,
    authority: str,
    year: int,
    amends: Decision | None,
    replaces: Decision | None,
    passes_on: Decision | None,
) -> list[Fault]:
    """Where a decision amends, replaces or passes on what it cannot."""
    faults = []
    for other in filter(None, (amends, replaces)):
        if (other.unit_id, other.authority, other.year) != (unit.pk, authority, year):
            message = _("%(number)s is a decision of another unit, authority or year.")
            faults.append(Fault("other_plan", message % {"number": other}, read=other.number))
    if passes_on is not None:
        above = Ancestry.objects.filter(descendant=unit, ancestor=passes_on.unit_id, depth__gt=0)
        is_same_plan = (passes_on.authority, passes_on.year) == (authority, year)
        if not is_same_plan or not above.exists():
            message = _("%(number)s assigned nothing to %(unit)s that it could pass on.")
            details = {"number": passes_on, "unit": unit.full_name}
            faults.append(Fault("nothing_to_pass_on", message % details, read=passes_on.number))
    return faults


def _not_below(unit: Unit, targets: Sequence[NewTarget]) -> list[Fault]:
    """Targets of units that never stood below the one that assigns; one query."""
    others = {target.unit_id for target in targets} - {unit.pk}
    below = Ancestry.objects.filter(ancestor=unit, descendant__in=others)
    strange = (others - set(below.values_list("descendant", flat=True))) if others else set()
    message = _("%(unit)s assigns targets to itself and to units below it only.")
    return [
        Fault("not_below", message % {"unit": unit.full_name}, entry=index)
        for index, target in enumerate(targets)
        if target.unit_id in strange
    ]


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
