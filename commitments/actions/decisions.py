"""Decisions and the targets they assign."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments import rules
from commitments.chain.links import link_decision
from commitments.models import (
    Count,
    Decision,
    Indicator,
    Operator,
    PathPoint,
    Target,
    Total,
)
from commitments.rules import Fault, Finding, Refused
from districts.models import Unit
from districts.months import Month
from districts.vietnamese import search_key
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
        number_year=issued_on.year,
        number_key=number_key(number),
        defaults={
            "year": year,
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
                "year": year,
                "closed_months": [str(month) for month in closed],
            },
            why="; ".join(filter(None, (reason.strip(), note))),
        )
    if dry_run:
        transaction.set_rollback(True)
    return outcome


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
