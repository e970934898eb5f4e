"""Deciding the targets of those who continue units that ended, from what is proposed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from commitments.rules import Fault, Refused
from commitments.succession.proposals import Line, Proposals, SplitBy, proposals_for, shortened
from districts.models import Unit
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission

from .decisions import NewTarget, TargetOutcome, record_decision

Edited = Mapping[tuple[int, int], int | None]
"""(unit, indicator) to the scaled value decided instead of the proposed one; None leaves it out."""


@transaction.atomic
def accept_proposals(
    *,
    province: Unit,
    day: date,
    number: str,
    issued_on: date,
    actor: Actor,
    on: date,
    authority: str = Authority.PPC,
    split_by: str = SplitBy.POPULATION,
    edited: Edited | None = None,
    issuer: str = "",
    signer_post: str = "",
    note: str = "",
    reason: str = "",
) -> TargetOutcome:
    """Record the decision that assigns the successors their targets from ``day`` on.

    It amends the province's decision of the year; a province that is new itself begins with it.
    What was decided before is left alone. Each target keeps a note of what it was made from. Sums
    other than what was assigned before need a ``reason``. Raises Refused with every fault.
    """
    access.require(actor, Permission.ASSIGN_TARGETS, province, on)
    proposals = proposals_for(province=province, day=day, authority=authority, split_by=split_by)
    edited = edited or {}
    faults = _faults(proposals, edited, reason)
    if faults:
        raise Refused(faults)
    with translation.override(settings.LANGUAGE_CODE):
        targets = [
            NewTarget(
                unit_id=line.unit.pk,
                indicator_id=line.indicator.pk,
                value=value,
                deadline=line.deadline,
                operator=line.operator,
                source=_source(line, value),
            )
            for line in proposals.open
            if (value := decided(line, edited)) is not None
        ]
    return record_decision(
        unit=province,
        authority=authority,
        number=number,
        year=proposals.year,
        issued_on=issued_on,
        effective_on=day,
        amends=proposals.amended,
        issuer=issuer,
        signer_post=signer_post,
        note=note,
        reason=reason,
        targets=targets,
        actor=actor,
        on=on,
    )


def decided(line: Line, edited: Edited) -> int | None:
    """The value that stands for a line: as edited, else as proposed."""
    return edited.get((line.unit.pk, line.indicator.pk), line.value)


def off_by(proposals: Proposals, edited: Edited) -> dict[str, int]:
    """By how much the decided values are off what was assigned before, by code, where they are.

    Counts in people, rates in their last digit of the weighted mean.
    """
    found = {}
    for indicator in proposals.indicators:
        open_lines = [line for line in proposals.of(indicator) if line.given is None]
        values = {line.unit.pk: decided(line, edited) for line in open_lines}
        if difference := proposals.difference(indicator, values):
            found[indicator.code] = difference
    return found


def _faults(proposals: Proposals, edited: Edited, reason: str) -> list[Fault]:
    known = {(line.unit.pk, line.indicator.pk) for line in proposals.open}
    if all(decided(line, edited) is None for line in proposals.open):
        message = _("Nothing is proposed, or everything has been decided already.")
        return [Fault("nothing_proposed", message)]
    faults = []
    if edited.keys() - known:
        message = _("A target was given that is not proposed. Load the page again.")
        faults.append(Fault("not_proposed", message))
    off = off_by(proposals, edited)
    if off and not reason.strip():
        message = _("%(indicator)s: %(number)s against what was assigned before. Say why.")
        by_code = {indicator.code: indicator for indicator in proposals.indicators}
        faults += [
            Fault(
                "sum_not_kept",
                message % {"indicator": by_code[code].name, "number": _signed(by_code[code], by)},
                read=str(by),
                expected="0",
                column=code,
            )
            for code, by in off.items()
        ]
    return faults


def _shown(indicator: Indicator, value: int) -> str:
    """A scaled value as it is printed."""
    return number_format(
        Decimal(value).scaleb(-indicator.decimals),
        indicator.decimals,
        use_l10n=True,
        force_grouping=True,
    )


def _signed(indicator: Indicator, value: int) -> str:
    return ("+" if value > 0 else "") + _shown(indicator, value)


def _source(line: Line, value: int) -> str:
    """What stays with the target; of a changed one also what was proposed."""
    if value == line.value:
        return line.note
    if line.value is None:
        return shortened(_("set by hand; %(note)s") % {"note": line.note})
    said = _("changed by hand; proposed %(value)s, %(note)s")
    proposed = _shown(line.indicator, line.value)
    return shortened(said % {"value": proposed, "note": line.note})
