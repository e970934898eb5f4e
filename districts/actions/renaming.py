"""Changes of a unit's name or kind from a day on: drafted, applied, rejected, undone.

The unit stays the same: its counts, its place and its code do. Who may do so is not known here;
``commitments`` wraps these actions with rights.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.kinds import KINDS, OFFICE_NAMES, full_name
from districts.models import Renaming, Tier, Unit, UnitKind
from districts.months import Month
from districts.rules import CannotReorganise
from districts.versions import raise_common
from districts.vietnamese import clean, search_key
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.accounts.faults import Fault

from .derived import set_keys

LONGEST_NAME = 100


@transaction.atomic
def draft_renaming(
    *,
    unit: Unit,
    name: str,
    kind: str,
    legal_basis: str = "",
    resolved_on: date | None = None,
    source: str = "",
    actor: Actor,
) -> Renaming:
    """Write down that a unit is said to have another name or kind, without changing it.

    Raises CannotReorganise if the name or kind cannot be that of the unit, or is its own already.
    """
    unit = Unit.objects.get(pk=unit.pk)
    name = clean(name)
    _refuse(_faults_of_name(unit, name, kind))
    draft = Renaming(
        unit=unit,
        name=name,
        full_name=full_name(kind, name),
        kind=kind,
        legal_basis=clean(legal_basis),
        resolved_on=resolved_on,
        source=clean(source),
    )
    _remember(draft, unit)
    draft.save()
    write_journal(actor=actor, action="renaming.drafted", subject=draft, after=_contents(draft))
    return draft


@transaction.atomic
def apply_renaming(
    *,
    renaming: Renaming,
    since: date,
    legal_basis: str,
    resolved_on: date | None = None,
    why: str = "",
    actor: Actor,
) -> None:
    """Put a draft into force from ``since`` on, by the resolution that ``legal_basis`` names.

    A day inside a month counts from the next. Where a province becomes a city, its office is
    called after it. Raises CannotReorganise if it is no draft, the unit is not in force then or
    called otherwise since it was drafted, a later change stands, or the resolution is missing.
    """
    _lock(renaming)
    unit = Unit.objects.select_for_update().get(pk=renaming.unit_id)
    before = _contents(renaming)
    renaming.since, renaming.legal_basis = since, clean(legal_basis)
    renaming.resolved_on = resolved_on or renaming.resolved_on
    _refuse(_faults_of(renaming, unit))
    _apply(renaming, unit)
    for office in _offices(renaming):
        _along(renaming, office)
    write_journal(
        actor=actor,
        action="renaming.applied",
        subject=renaming,
        before=before,
        after=_contents(renaming),
        why=why,
    )
    raise_common()


@transaction.atomic
def reject_renaming(*, renaming: Renaming, why: str, actor: Actor) -> None:
    """Say that a draft is not so. Raises CannotReorganise if it is no draft."""
    _lock(renaming)
    _refuse(_faults_of_state(renaming, Renaming.State.DRAFT))
    _finish(renaming, Renaming.State.REJECTED, "renaming.rejected", actor, why)


@transaction.atomic
def revert_renaming(*, renaming: Renaming, why: str, actor: Actor) -> None:
    """Undo a change in force: the unit is called as before, at all times.

    Raises CannotReorganise if it is not in force, or a later change rests on it.
    """
    _lock(renaming)
    _refuse(_faults_of_reverting(renaming))
    for one in [renaming, *renaming.along.all()]:
        unit = Unit.objects.select_for_update().get(pk=one.unit_id)
        unit.name, unit.full_name, unit.kind = one.was_name, one.was_full_name, one.was_kind
        _save_names(unit)
    renaming.along.all().delete()
    _finish(renaming, Renaming.State.REVERTED, "renaming.reverted", actor, why)


def _lock(renaming: Renaming) -> None:
    """Read the row again and hold it, so that nobody decides on it twice."""
    renaming.refresh_from_db(from_queryset=Renaming.objects.select_for_update())


def _remember(renaming: Renaming, unit: Unit) -> None:
    renaming.was_name, renaming.was_full_name = unit.name, unit.full_name
    renaming.was_kind = unit.kind
    renaming.search_key = search_key(f"{unit.full_name} | {renaming.full_name}")


def _apply(renaming: Renaming, unit: Unit) -> None:
    _remember(renaming, unit)
    renaming.state = Renaming.State.APPLIED
    renaming.save()
    unit.name, unit.full_name, unit.kind = renaming.name, renaming.full_name, renaming.kind
    _save_names(unit)


def _save_names(unit: Unit) -> None:
    set_keys(unit).save(update_fields=["name", "full_name", "kind", "sort_key", "search_key"])


def _offices(renaming: Renaming) -> list[Unit]:
    """The office of a province, which is called after it."""
    if renaming.unit.tier != Tier.PROVINCE:
        return []
    below = Unit.objects.filter(placements__parent=renaming.unit, tier=Tier.OFFICE)
    return list(below.in_force_on(renaming.since).select_for_update())


def _along(renaming: Renaming, office: Unit) -> None:
    name = OFFICE_NAMES[UnitKind(renaming.kind)]
    along = Renaming(
        unit=office,
        since=renaming.since,
        name=name,
        full_name=f"{name} {renaming.name}",
        kind=UnitKind.OFFICE,
        legal_basis=renaming.legal_basis,
        resolved_on=renaming.resolved_on,
        along_with=renaming,
    )
    _apply(along, office)


def _finish(renaming: Renaming, state: str, action: str, actor: Actor, why: str) -> None:
    before, renaming.state = renaming.state, state
    renaming.save(update_fields=["state"])
    write_journal(
        actor=actor,
        action=action,
        subject=renaming,
        before={"state": before},
        after=_contents(renaming),
        why=why,
    )
    raise_common()


def _contents(renaming: Renaming) -> dict[str, Any]:
    """What the journal keeps of a change."""
    return {
        "unit": renaming.unit.code,
        "was_full_name": renaming.was_full_name,
        "full_name": renaming.full_name,
        "kind": renaming.kind,
        "since": renaming.since and renaming.since.isoformat(),
        "legal_basis": renaming.legal_basis,
        "resolved_on": renaming.resolved_on and renaming.resolved_on.isoformat(),
        "state": renaming.state,
    }


# --- why not -------------------------------------------------------------------------------------


def _refuse(faults: Iterator[Fault]) -> None:
    if faults := list(faults):
        raise CannotReorganise(faults)


def _fault(code: str, message: str, subject: Any, **details: Any) -> Fault:
    return Fault(code, message % {"subject": subject, **details}, read=str(subject))


def _faults_of_state(renaming: Renaming, state: str) -> Iterator[Fault]:
    if renaming.state != state:
        message = _("“%(subject)s” is in the state “%(state)s”: this cannot be done with it.")
        yield _fault("wrong_state", message, renaming, state=renaming.get_state_display())


def _faults_of_name(unit: Unit, name: str, kind: str) -> Iterator[Fault]:
    if unit.tier == Tier.OFFICE or kind not in KINDS[Tier(unit.tier)]:
        yield _fault("kind", _("%(subject)s cannot be of that kind."), unit)
    elif not name or len(name) > LONGEST_NAME or not name[0].isalnum():
        yield _fault(
            "name", _("“%(subject)s” cannot be a name. Write it as the resolution does."), name
        )
    elif (full_name(kind, name), kind) == (unit.full_name, unit.kind):
        yield _fault("no_change", _("%(subject)s is called so already."), unit)


def _faults_of(renaming: Renaming, unit: Unit) -> Iterator[Fault]:
    """Every reason why a draft cannot be put into force from its day on."""
    yield from _faults_of_state(renaming, Renaming.State.DRAFT)
    yield from _faults_of_name(unit, renaming.name, renaming.kind)
    day = f"{renaming.since:%d/%m/%Y}"
    if not renaming.legal_basis:
        yield _fault("no_resolution", _("Name the resolution that changes %(subject)s."), unit)
    if renaming.resolved_on and renaming.since < renaming.resolved_on:
        message = _("%(subject)s cannot change on %(day)s, before the resolution.")
        yield _fault("before_resolution", message, unit, day=day)
    if not unit.in_force_on(renaming.since) or unit.established_on == renaming.since:
        message = _("%(subject)s cannot change on %(day)s: it is not in force until then.")
        yield _fault("not_in_force", message, unit, day=day)
        return
    later = unit.renamings.in_force().filter(since__gte=renaming.since).first()
    if later is not None:
        message = _("“%(subject)s” is in force from the same day or later. Revert that first.")
        yield _fault("later_one", message, later)
    month = Month.starting_from(renaming.since)
    beside = Unit.objects.filter(
        ancestries__depth=1,
        ancestries__ancestor__in=unit.ancestries.in_month(month).filter(depth=1).values("ancestor"),
        ancestries__since__lte=month,
        ancestries__until__gt=month,
    )
    if beside.filter(full_name=renaming.full_name).exclude(pk=unit.pk).exists():
        message = _("“%(subject)s” stands beside it already: two of one name cannot be told apart.")
        yield _fault("name_taken", message, renaming.full_name)


def _faults_of_reverting(renaming: Renaming) -> Iterator[Fault]:
    yield from _faults_of_state(renaming, Renaming.State.APPLIED)
    if renaming.along_with_id:
        message = _("“%(subject)s” follows another change. Revert that.")
        yield _fault("follows", message, renaming)
    later = renaming.unit.renamings.in_force().filter(since__gt=renaming.since).first()
    if later is not None:
        yield _fault("later_one", _("“%(subject)s” rests on it. Revert that first."), later)
