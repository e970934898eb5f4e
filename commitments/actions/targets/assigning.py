"""Making the parts of a divided figure targets: by the same decision, or one that passes it on."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.allocation.balance import State
from commitments.allocation.cautions import Caution, cautions
from commitments.allocation.dividing import Known
from commitments.allocation.places import Place, portions_of
from commitments.allocation.shares import Share
from commitments.models import Allocation, Operator
from commitments.rules import LONGEST_REASON, Fault, Refused
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.accounts.faults import too_long

from .allocating import open_allocation, refuse_unseen, values_of
from .decisions import NewTarget, record_decision


@transaction.atomic
def assign_allocation(
    *,
    place: Place,
    known: Known,
    seen: int,
    actor: Actor,
    on: date,
    at: datetime,
    number: str = "",
    issued_on: date | None = None,
    reason: str = "",
) -> Allocation:
    """Make the parts targets: of the same decision, or of the unit's own that passes it on, with
    its ``number`` and ``issued_on``. Afterwards the table is not changed any more.

    Every unit needs a number. What does not come to the target needs a ``reason``. Raises Refused
    with every fault, NotAllowed.
    """
    allocation = open_allocation(place=place, actor=actor, on=on)
    portions = portions_of(allocation)
    refuse_unseen(allocation, portions, seen)
    rows = known.with_values(values_of(place, portions))
    reason = reason.strip()
    faults = _faults(place, known, rows, reason)
    if place.passes_on:
        faults += _faults_of_decision(place, number, issued_on)
    if faults:
        raise Refused(faults)
    decision, method = place.decision, allocation.get_method_display()
    standing = place.assigned()
    targets = [
        NewTarget(
            unit_id=row.unit,
            indicator_id=place.indicator.pk,
            value=row.value,
            deadline=place.target.deadline,
            operator=place.target.operator,
            source=(portions[row.unit].source or str(method))[:300],
        )
        for row in rows
        if row.unit not in standing
    ]
    own = place.passes_on
    allocation.assigned_by = record_decision(
        unit=place.unit if own else decision.unit,
        authority=decision.authority,
        number=number if own else decision.number,
        kind="" if own else decision.kind,
        year=decision.year,
        issued_on=issued_on if own else decision.issued_on,
        effective_on=decision.effective_on,
        passes_on=decision if own else None,
        targets=targets,
        actor=actor,
        on=on,
        reason=reason,
    ).decision
    allocation.assigned_at, allocation.reason = at, reason
    allocation.version += 1
    allocation.save(update_fields=["assigned_by", "assigned_at", "reason", "version"])
    write_journal(
        actor=actor,
        action="allocation.assigned",
        subject=allocation,
        after={
            "decision": str(allocation.assigned_by),
            "units": len(rows),
            "difference": place.figure.balance(rows).people,
        },
        why=reason,
    )
    return allocation


def _faults(place: Place, known: Known, rows: Sequence[Share], reason: str) -> list[Fault]:
    """What keeps the parts from being assigned."""
    faults = too_long(reason, LONGEST_REASON, column="reason")
    names = {child.pk: child for child in place.children}
    blank = [row for row in rows if row.value is None]
    if blank:
        message = ngettext(
            "%(count)d unit has no number yet. Write it, 0 for none, or fill what is left over.",
            "%(count)d units have no number yet. Write it, 0 for none, or fill what is left over.",
            len(blank),
        )
        faults.append(Fault("blank_portions", message % {"count": len(blank)}))
    message = _("%(unit)s: %(read)s is more than its population, %(population)s. Lower it.")
    faults += [
        Fault(
            caution.code,
            message
            % {
                "unit": names[caution.unit].full_name,
                "read": caution.read,
                "population": caution.expected,
            },
            column=names[caution.unit].code,
            read=str(caution.read),
            expected=f"<= {caution.expected}",
        )
        for caution in cautions_of(place, known, rows)
        if caution.blocks
    ]
    balance = place.figure.balance(rows)
    fits = balance.state == State.LEFT and place.target.operator == Operator.AT_MOST
    if not blank and not balance.is_exact and not fits and not reason:
        if balance.state == State.OVER:
            message = _(
                "The parts come to %(people)s more than the target. Say why, or lower them."
            )
        else:
            message = _(
                "%(people)s of the target are not divided yet. Divide them, or say why they stay."
            )
        faults.append(
            Fault(
                "needs_reason",
                message % {"people": abs(balance.people)},
                column="reason",
                read=str(balance.people),
                expected="0",
            )
        )
    return faults


def _faults_of_decision(place: Place, number: str, issued_on: date | None) -> list[Fault]:
    faults = []
    if not number.strip():
        message = _("Write the number of the decision of %(unit)s that assigns the parts.")
        faults.append(
            Fault("number_missing", message % {"unit": place.unit.full_name}, column="number")
        )
    if issued_on is None:
        message = _("Write the day on which the decision was issued.")
        faults.append(Fault("day_missing", message, column="issued_on"))
    return faults


def cautions_of(place: Place, known: Known, rows: Sequence[Share]) -> list[Caution]:
    """What is unusual about the parts, by the settings of this site."""
    return cautions(
        rows,
        direction=place.indicator.direction,
        is_rate=place.figure.is_rate,
        scale=place.indicator.scale,
        population=dict(known.population),
        points=settings.ALLOCATION_SPREAD,
    )
