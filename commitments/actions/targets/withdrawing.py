"""What may still happen to a decision that is recorded: it is withdrawn, or its facts are mended.

What it assigned is never changed: an amendment is a decision of its own.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain.links import link_decision, refuse_altered
from commitments.decisions.numbers import kind_told, number_key, tidy_number
from commitments.decisions.scans import Scan
from commitments.models import Decision, DocumentKind, Period
from commitments.rules import LONGEST_REASON, Fault, Refused, too_long
from districts.models import Ancestry
from districts.months import Month
from districts.versions import raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .decisions import already_recorded, require_deciding

FACTS = ("issuer", "signer_name", "signer_post", "note")
"""What may be mended at any time: nothing is held against it."""
NAMES = ("number", "kind", "issued_on")
"""What a decision is known by: mended only before anything rests on it."""


@transaction.atomic
def withdraw_decision(
    *, decision: Decision, withdrawn_on: date, reason: str, actor: Actor, on: date
) -> Decision:
    """Let a decision count no longer from a day on; what it counted for before that day stays.

    Its amendments end with it. Raises Refused for a day before it took effect or in a closed month,
    without a reason, or if it is withdrawn already.
    """
    decision = _locked(decision)
    require_deciding(actor, decision.unit, decision.passes_on, on)
    faults = _reason_missing(reason)
    if decision.withdrawn_on:
        message = _("%(number)s is withdrawn already.") % {"number": decision}
        faults.append(Fault("withdrawn_already", message, read=str(decision.withdrawn_on)))
    elif withdrawn_on < min(decision.issued_on, decision.effective_on):
        message = _("It was neither issued nor in effect on that day. Choose a later one.")
        faults.append(Fault("too_early", message, column="withdrawn_on", read=str(withdrawn_on)))
    elif closed := _closed_since(decision, withdrawn_on):
        message = _(
            "%(month)s is closed: what was published would change. Reopen it, or withdraw the "
            "decision from a later day on."
        )
        details = {"month": closed.shown}
        faults.append(
            Fault("month_closed", message % details, column="withdrawn_on", read=str(withdrawn_on))
        )
    if faults:
        raise Refused(faults)
    decision.withdrawn_on, decision.withdrawal_reason = withdrawn_on, reason.strip()
    decision.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    link_decision(decision)
    write_journal(
        actor=actor,
        action="decision.withdrawn",
        subject=decision,
        before={"withdrawn_on": None},
        after={"number": decision.number, "withdrawn_on": str(withdrawn_on)},
        why=reason.strip(),
    )
    raise_versions([decision.unit_id])
    return decision


@transaction.atomic
def correct_decision(
    *, decision: Decision, facts: Mapping[str, Any], reason: str, actor: Actor, on: date
) -> Decision:
    """Mend what was written wrongly about a decision; the journal keeps what stood there.

    ``facts`` are some of ``FACTS`` and ``NAMES``. Raises Refused without a reason, and for another
    number, type or day of issue once something rests on the decision.
    """
    decision = _locked(decision)
    require_deciding(actor, decision.unit, decision.passes_on, on)
    given = dict(facts)
    if "number" in given:
        given["number"] = tidy_number(given["number"])
    changed = {
        name: given[name]
        for name in (*FACTS, *NAMES)
        if name in given and given[name] != getattr(decision, name)
    }
    if not changed:
        return decision
    faults = _reason_missing(reason) + _wrong_names(decision, changed)
    if faults:
        raise Refused(faults)
    before = {name: _told(getattr(decision, name)) for name in changed}
    for name, value in changed.items():
        setattr(decision, name, value)
    decision.number_key = number_key(decision.number)
    decision.number_year = decision.issued_on.year
    decision.save(update_fields=[*changed, "number_key", "number_year"])
    link_decision(decision)
    write_journal(
        actor=actor,
        action="decision.corrected",
        subject=decision,
        before=before,
        after={name: _told(value) for name, value in changed.items()},
        why=reason.strip(),
    )
    raise_versions([decision.unit_id])
    return decision


@transaction.atomic
def keep_scan(
    *, decision: Decision, scan: Scan, actor: Actor, on: date, reason: str = ""
) -> Decision:
    """Keep the scan of a decision; another in its place needs a reason. The file before stays."""
    decision = _locked(decision)
    require_deciding(actor, decision.unit, decision.passes_on, on)
    if decision.scan_digest == scan.digest:
        return decision
    faults = _reason_missing(reason) if decision.scan else too_long_reason(reason)
    if faults:
        raise Refused(faults)
    before = decision.scan_digest
    decision.scan_digest = scan.digest
    # Its name says nothing: who has the address of a file has nothing by it.
    decision.scan.save(f"{scan.digest[:32]}.{scan.ending}", ContentFile(scan.data), save=False)
    decision.save(update_fields=["scan", "scan_digest"])
    link_decision(decision)
    write_journal(
        actor=actor,
        action="decision.scan_kept",
        subject=decision,
        before={"scan": before},
        after={"scan": scan.digest},
        why=reason.strip(),
    )
    raise_versions([decision.unit_id])
    return decision


def rests_on(decision: Decision) -> bool:
    """Whether something is built on a decision, so that its name must stay."""
    built = (
        decision.targets, decision.amendments, decision.replaced_by, decision.passed_on_by,
        decision.allocations,
    )  # fmt: skip
    return any(rows.exists() for rows in built)


def too_long_reason(reason: str) -> list[Fault]:
    return too_long(reason, LONGEST_REASON, column="reason")


def _locked(decision: Decision) -> Decision:
    locked = Decision.objects.select_for_update(of=("self",))
    found = locked.select_related("unit", "passes_on").get(pk=decision.pk)
    refuse_altered(found)
    return found


def _reason_missing(reason: str) -> list[Fault]:
    if not reason.strip():
        return [Fault("reason_needed", _("Say why; the reason is kept."), column="reason")]
    return too_long_reason(reason)


def _closed_since(decision: Decision, day: date) -> Month | None:
    """The last closed month, of the province, that ends on ``day`` or later."""
    closed = Period.objects.filter(
        unit__in=Ancestry.objects.filter(descendant=decision.unit_id).values("ancestor"),
        closed_at__isnull=False,
        month__gte=Month.containing(day),
        month__lte=Month.of(decision.year, 12),
    )
    return closed.order_by("-month").values_list("month", flat=True).first()


def _wrong_names(decision: Decision, changed: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with another number, type or day of issue."""
    names = [name for name in NAMES if name in changed]
    if not names:
        return []
    if rests_on(decision):
        message = _(
            "Something rests on %(number)s already: its number, type and day of issue stay. "
            "Withdraw it and record the right one."
        )
        return [Fault("rested_on", message % {"number": decision}, column=names[0])]
    number = changed.get("number", decision.number)
    kind = changed.get("kind", decision.kind)
    told = kind_told(number)
    if not number_key(number) or (told and told != kind):
        message = _("The number “%(read)s” does not fit the type %(kind)s.")
        details = {"read": number, "kind": DocumentKind(kind).label}
        return [Fault("kind_differs", message % details, column="number", read=number)]
    same = Decision.objects.filter(
        unit=decision.unit_id,
        authority=decision.authority,
        kind=kind,
        number_year=changed.get("issued_on", decision.issued_on).year,
        number_key=number_key(number),
    ).exclude(pk=decision.pk)
    return [already_recorded(found) for found in same[:1]]


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
