"""Recording a decision with the targets of its annex, all or nothing."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from commitments.actions.targets.decisions import TargetOutcome, record_decision
from commitments.decisions.numbers import number_key
from commitments.models import Decision
from commitments.rules import LONGEST_REASON, Fault, Refused
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.committee.access import NotAllowed

from . import questions
from .annexes import Annex, AnnexReader, has_table, map_month
from .files import open_file
from .imported import Imported, as_warning, in_file_order, located, warnings
from .tables.units import UnitFinder

_DIGITS_OF_DISTRICT = 3


def import_targets(
    *,
    path: str | Path,
    number: str,
    issued_on: date,
    authority: str,
    year: int,
    actor: Actor,
    on: date,
    effective_on: date | None = None,
    amends: str | None = None,
    replaces: str | None = None,
    passes_on: str | None = None,
    unit: str | None = None,
    kind: str = "",
    issuer: str = "",
    signer_name: str = "",
    signer_post: str = "",
    explanation: str = "",
    reason: str = "",
    confirm: Collection[str] = (),
    dry_run: bool = False,
) -> Imported:
    """Record the targets of an annex under a decision, all or nothing.

    Units are those in force when the decision was issued and effective. The unit that assigns is
    the one with the code ``unit``, else the province that all units belong to; a district only
    passes on. ``amends``, ``replaces`` and ``passes_on`` are numbers of recorded decisions, the
    last one of a unit above. Sheets without a table are left out and named, unless no sheet
    has one. ``confirm`` answers the questions of the file by their codes, which is kept with the
    decision. ``reason`` says why targets of closed months change. Raises Refused with every fault
    of the file.
    """
    book = open_file(path)
    month = map_month(issued_on, effective_on or date(year, 1, 1))
    finder = UnitFinder()
    asked = unit and _asked(unit, month)
    annex = AnnexReader(book, month, year, finder, asked or None).read()
    province = _province(asked or None, annex, finder, month)
    own, above = [province], _above(province, month) if passes_on else []
    earlier = {
        "amends": amends and _earlier(amends, own, authority, year, annex),
        "replaces": replaces and _earlier(replaces, own, authority, year, annex),
        "passes_on": passes_on and _earlier(passes_on, above, authority, year, annex),
    }
    faults, answered, needless = questions.settle(annex.faults, confirm)
    faults += [] if explanation.strip() else annex.differences
    outcome = TargetOutcome()
    if province is not None:
        try:
            outcome = record_decision(
                unit=province,
                authority=authority,
                number=number,
                year=year,
                issued_on=issued_on,
                effective_on=effective_on,
                kind=kind,
                issuer=issuer,
                signer_name=signer_name,
                signer_post=signer_post,
                **{relation: found or None for relation, found in earlier.items()},
                targets=annex.targets,
                actor=actor,
                on=on,
                note=questions.with_told(explanation.strip(), answered, LONGEST_REASON),
                reason=reason,
                # With faults in the file, what could be read is still examined, and not kept.
                dry_run=dry_run or bool(faults),
            )
        except NotAllowed as error:
            message = _("You may not assign targets for %(unit)s.") % {"unit": error.unit}
            raise Refused.because("not_allowed", message) from error
        except Refused as refused:
            faults += [located(fault, annex.places) for fault in refused.faults]
    if faults:
        raise Refused(in_file_order(faults, book.sheets))
    remarks = [as_warning(fault, "explain") for fault in annex.differences]
    remarks += [as_warning(fault) for fault in annex.remarks + questions.not_asked(needless)]
    return Imported(
        rows=annex.rows,
        created=outcome.created,
        unchanged=outcome.unchanged,
        blank=annex.blank,
        warnings=remarks + warnings(outcome.warnings, annex.cells()),
        ignored_sheets=book.with_tables(has_table).ignored_sheets,
        confirmed=questions.confirmed(answered),
    )


def _asked(code: str, month: Month) -> Unit:
    """The province with that code, or the district. Raises Refused."""
    tier = Tier.DISTRICT if len(code) == _DIGITS_OF_DISTRICT else Tier.PROVINCE
    found = Unit.objects.in_force_on(month.first_day).filter(code=code, tier=tier).first()
    if found is None:
        message = _("No province has the code “%(read)s”.") % {"read": code}
        raise Refused.because("unknown_unit", message, read=code)
    return found


def _province(asked: Unit | None, annex: Annex, finder: UnitFinder, month: Month) -> Unit | None:
    """The unit that decides; None after a fault."""
    # Whose targets a district may pass on is seen when they are recorded.
    if not annex.units or (asked is not None and asked.tier == Tier.DISTRICT):
        return asked
    province = finder.common_province(annex.units, month)
    if province is None or asked not in (None, province):
        message = _("The units of the file are not all of one province, or not of the one given.")
        annex.faults.append(Fault("other_province", message))
        return None
    return province


def _above(unit: Unit | None, month: Month) -> list[int]:
    """The units above the one that passes on."""
    rows = Ancestry.objects.above([unit.pk], month) if unit else Ancestry.objects.none()
    return list(rows.values_list("ancestor", flat=True))


def _earlier(
    number: str, units: Sequence[Unit | int | None], authority: str, year: int, annex: Annex
) -> Decision | None:
    """The recorded decision of that number, of one of ``units``; None after a fault."""
    found = Decision.objects.filter(
        unit__in=[unit for unit in units if unit is not None],
        authority=authority,
        year=year,
        number_key=number_key(number),
    ).first()
    if found is None:
        message = _("No decision %(read)s of that authority is recorded for %(year)s.")
        details = {"read": number, "year": year}
        annex.faults.append(Fault("unknown_decision", message % details, read=number))
    return found
