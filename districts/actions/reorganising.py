"""Reorganisations of units: drafted, applied on their day, and undone exactly.

Counts are not known here; ``commitments`` wraps these actions and refuses where counts stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.models import Placement, Reorganisation, Succession, Unit
from districts.rules import CannotReorganise
from districts.versions import raise_common
from districts.vietnamese import clean
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.accounts.faults import Fault

from .derived import rebuild_ancestry, rebuild_lineage, set_keys
from .refusals import faults_of, faults_of_heirs, faults_of_reverting


@dataclass(frozen=True)
class NewUnit:
    """A unit that the reorganisation establishes, below an existing or another new unit."""

    code: str
    tier: str
    kind: str
    name: str
    full_name: str
    parent: "Unit | NewUnit | None"
    reports_at: str = ""
    area_ha: int | None = None


@dataclass(frozen=True)
class NewSuccession:
    """Who continues a unit that ends, with what share (parts per million) and how it is known."""

    predecessor: Unit
    successor: Unit | NewUnit
    share: int
    basis: str = Succession.Basis.WHOLE
    main: bool = False
    note: str = ""


@dataclass(frozen=True)
class Move:
    """A unit that lives on below another parent."""

    unit: Unit
    parent: Unit | NewUnit


@transaction.atomic
def draft_reorganisation(
    *,
    name: str,
    effective_on: date,
    legal_basis: str = "",
    new_units: Sequence[NewUnit] = (),
    successions: Sequence[NewSuccession] = (),
    moves: Sequence[Move] = (),
    ended: Sequence[Unit] = (),
    actor: Actor,
) -> Reorganisation:
    """Write down a change of the map without changing it: what it brings is in force on no day.

    An effective day inside a month counts from the next month. Where no successor of a unit is
    marked as the main one, the one with the largest share is. Raises CannotReorganise with every
    reason why the change could not be applied.
    """
    reorganisation, made = Reorganisation.objects.get_or_create(
        name=clean(name), effective_on=effective_on, defaults={"legal_basis": clean(legal_basis)}
    )
    if not made:
        message = _("There is a reorganisation “%(name)s” on that day. Choose another name.")
        raise CannotReorganise.because("name_taken", message % {"name": reorganisation.name})
    proposed = _propose_units(reorganisation, new_units)
    moving = [(move.unit, move.parent) for move in moves]
    settling = [(unit, unit.parent) for unit in new_units if unit.parent is not None]
    placements = Placement.objects.bulk_create(
        Placement(unit=proposed.get(unit, unit), parent=proposed.get(parent, parent))
        for unit, parent in settling + moving
    )
    reorganisation.proposed_placements.set(placements)
    reorganisation.ended_units.set(ended)
    _propose_successions(reorganisation, successions, proposed)
    _refuse(faults_of(reorganisation))
    write_journal(
        actor=actor,
        action="reorganisation.drafted",
        subject=reorganisation,
        after=_contents(reorganisation),
    )
    return reorganisation


@transaction.atomic
def apply_units(*, reorganisation: Reorganisation, actor: Actor) -> None:
    """Put a draft into force: end, establish and move its units, and derive the new map.

    Raises CannotReorganise if it is no draft, or the units have changed since it was drafted.
    """
    _lock(reorganisation)
    _refuse(faults_of(reorganisation))
    day = reorganisation.effective_on
    ended, begun = reorganisation.ended_units.all(), reorganisation.proposed_units.all()
    placements = reorganisation.proposed_placements.all()
    leaving = [*ended.values_list("pk", flat=True), *placements.values_list("unit", flat=True)]
    # First what ends, then what begins: PostgreSQL bars any overlap in between.
    Placement.objects.filter(unit__in=leaving, since__isnull=False, until=None).update(until=day)
    ended.update(abolished_on=day)
    begun.update(established_on=day)
    placements.update(since=day)
    _finish(reorganisation, Reorganisation.State.APPLIED, "reorganisation.applied", actor)


@transaction.atomic
def revert_units(*, reorganisation: Reorganisation, actor: Actor) -> None:
    """Undo an applied reorganisation: what ended is in force again, what began never was.

    Raises CannotReorganise if it is not applied, or a later one rests on it.
    """
    _lock(reorganisation)
    _refuse(faults_of_reverting(reorganisation))
    day = reorganisation.effective_on
    ended, begun = reorganisation.ended_units.all(), reorganisation.proposed_units.all()
    placements = reorganisation.proposed_placements.all()
    left = [*ended.values_list("pk", flat=True), *placements.values_list("unit", flat=True)]
    placements.update(since=None)
    begun.update(established_on=None)
    ended.update(abolished_on=None)
    Placement.objects.filter(unit__in=left, until=day).update(until=None)
    _finish(reorganisation, Reorganisation.State.REVERTED, "reorganisation.reverted", actor)


def _lock(reorganisation: Reorganisation) -> None:
    """Read the row again and hold it, so that nobody applies or reverts it twice."""
    rows = Reorganisation.objects.select_for_update()
    reorganisation.refresh_from_db(from_queryset=rows)


def _refuse(faults: Iterable[Fault]) -> None:
    if faults := list(faults):
        raise CannotReorganise(faults)


def _finish(reorganisation: Reorganisation, state: str, action: str, actor: Actor) -> None:
    before = reorganisation.state
    reorganisation.state = state
    reorganisation.save(update_fields=["state"])
    rebuild_ancestry()
    rebuild_lineage()
    write_journal(
        actor=actor,
        action=action,
        subject=reorganisation,
        before={"state": before},
        after=_contents(reorganisation),
    )
    raise_common()


def _contents(reorganisation: Reorganisation) -> dict[str, Any]:
    """What the journal keeps of a reorganisation."""
    return {
        "state": reorganisation.state,
        "effective_on": reorganisation.effective_on.isoformat(),
        "ended_units": sorted(reorganisation.ended_units.values_list("code", flat=True)),
        "proposed_units": sorted(reorganisation.proposed_units.values_list("code", flat=True)),
        "successions": reorganisation.successions.count(),
    }


def _propose_units(
    reorganisation: Reorganisation, new_units: Sequence[NewUnit]
) -> dict[NewUnit, Unit]:
    """Units that are in force on no day yet."""
    units = Unit.objects.bulk_create(
        set_keys(
            Unit(
                code=new.code,
                tier=new.tier,
                kind=new.kind,
                name=clean(new.name),
                full_name=clean(new.full_name),
                reports_at=new.reports_at,
                area_ha=new.area_ha,
            )
        )
        for new in new_units
    )
    reorganisation.proposed_units.set(units)
    return dict(zip(new_units, units, strict=True))


def _propose_successions(
    reorganisation: Reorganisation,
    successions: Sequence[NewSuccession],
    proposed: dict[NewUnit, Unit],
) -> None:
    by_predecessor = defaultdict(list)
    for succession in successions:
        by_predecessor[succession.predecessor].append(succession)
    rows = []
    for predecessor, heirs in by_predecessor.items():
        _refuse(faults_of_heirs(predecessor, heirs))
        largest = max(heirs, key=lambda heir: (heir.main, heir.share))
        rows += [
            Succession(
                reorganisation=reorganisation,
                predecessor=heir.predecessor,
                successor=proposed.get(heir.successor, heir.successor),
                share=heir.share,
                main=heir.main or heir is largest,
                basis=heir.basis,
                note=clean(heir.note),
            )
            for heir in heirs
        ]
    Succession.objects.bulk_create(rows)
