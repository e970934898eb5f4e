"""Loading the gazetteer: what is missing is added, what an earlier edition had wrong is corrected.

Nothing else that is there is changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.gazetteer.register import Register
from districts.gazetteer.rows import UnitRow
from districts.kinds import OFFICE_NAMES, full_name
from districts.models import (
    EntryTier,
    Placement,
    Renaming,
    Reorganisation,
    Succession,
    Tier,
    TilePosition,
    Unit,
    UnitKind,
)
from districts.rules import CannotReorganise, first_overlap
from districts.versions import raise_common
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .correcting import Difference, Heirs, Ids, correct, heirs_of
from .derived import rebuild_ancestry, rebuild_lineage, set_keys
from .renaming import draft_renaming

REFORM_NAME = "Sắp xếp đơn vị hành chính"
LEGAL_BASIS = {
    date(2025, 7, 1): (
        "Quyết định 19/2025/QĐ-TTg (mã đơn vị); tỉnh Sơn La: Nghị quyết 1681/NQ-UBTVQH15"
    )
}
"""What the reforms of the register rest on, by their day."""


@dataclass(frozen=True)
class Loaded:
    """How many rows of each kind were added, or changed where they are derived.

    ``corrected`` is what an earlier edition of the gazetteer had wrong, ``kept`` where somebody had
    already written something else.
    """

    units: int
    placements: int
    successions: int
    tiles: int
    ancestry: int
    lineage: int
    drafts: int = 0
    corrected: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()

    @property
    def counted(self) -> dict[str, int]:
        """How many rows of each kind."""
        told = ("corrected", "kept")
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in told}

    @property
    def changed_nothing(self) -> bool:
        return not (self.corrected or any(self.counted.values()))

    def as_dict(self) -> dict[str, Any]:
        """The answer of a command: the numbers, and lists of what was corrected and kept."""
        return self.counted | {
            "corrected": [difference.as_dict() for difference in self.corrected],
            "kept": [difference.as_dict() for difference in self.kept],
        }


@transaction.atomic
def load_gazetteer(*, register: Register, actor: Actor) -> Loaded:
    """Add the units of ``register`` with their places, successions and tiles, and correct the rest.

    Corrected are names, kinds, areas and successions that still are as an earlier edition had
    them; each correction is in the journal. Every province also gets its office, the unit that
    reports what the province collects itself. Safe to repeat, and parts may be loaded one after
    the other. Other placements and successions of a unit that has some already are left as they
    are: somebody may know better. Raises CannotReorganise if a code would be in force twice, or
    the register's reform exists here and is not in force.
    """
    register = _with_offices(register)
    reforms = _reforms(register)
    units, ids = _add_units(register)
    placements = _add_placements(register, ids)
    successions, heirs = _add_successions(register, ids, reforms)
    found = correct(register=register, ids=ids, heirs=heirs, reforms=reforms, actor=actor)
    outcome = Loaded(
        units=units,
        placements=placements,
        successions=successions,
        tiles=_add_tiles(register, ids),
        ancestry=rebuild_ancestry(),
        lineage=rebuild_lineage(),
        drafts=_draft_changes(register, ids, actor),
        corrected=found.corrected,
        kept=found.kept,
    )
    for day, reform in reforms.items():
        _say_what_it_changed(reform, day, register, ids)
    if not outcome.changed_nothing:
        for reform in reforms.values():
            write_journal(
                actor=actor,
                action="gazetteer.loaded",
                subject=reform,
                after=outcome.counted | {"corrected": len(outcome.corrected)},
            )
        raise_common()
    return outcome


def _with_offices(register: Register) -> Register:
    """The register with an office below every province, succeeding each other as provinces do."""
    provinces = [unit for unit in register.units.values() if unit.tier == Tier.PROVINCE]
    offices = {province.id: _office(province) for province in provinces}
    successions = [
        row._replace(predecessor=offices[row.predecessor].id, successor=offices[row.successor].id)
        for row in register.successions
        if row.predecessor in offices and row.successor in offices
    ]
    return replace(
        register,
        units={**register.units, **{office.id: office for office in offices.values()}},
        successions=[*register.successions, *successions],
    )


def _office(province: UnitRow) -> UnitRow:
    name = OFFICE_NAMES[province.kind]
    return province._replace(
        id=f"{province.id}-office",
        tier=Tier.OFFICE,
        kind=UnitKind.OFFICE,
        name=name,
        full_name=f"{name} {province.name}",
        parent=province.id,
        area_ha=None,
    )


def _reforms(register: Register) -> dict[date, Reorganisation]:
    """The reform of each day on which the register's map changes, made where it is missing."""
    days = {row.on for row in register.successions} | {move.since for move in register.moves}
    reforms = {}
    for day in sorted(days):
        reform, _made = Reorganisation.objects.get_or_create(
            name=REFORM_NAME,
            effective_on=day,
            defaults={
                "legal_basis": LEGAL_BASIS.get(day, ""),
                "state": Reorganisation.State.APPLIED,
            },
        )
        if reform.state != Reorganisation.State.APPLIED:
            message = _("“%(reform)s” is not in force here: %(state)s. Load the units by hand.")
            details = {"reform": reform, "state": reform.get_state_display()}
            raise CannotReorganise.because("reform_not_applied", message % details)
        reforms[day] = reform
    return reforms


def _add_units(register: Register) -> tuple[int, Ids]:
    """How many units were new, and the primary keys of all units of the register."""
    stored = {
        (tier, code, since): (pk, until)
        for pk, tier, code, since, until in Unit.objects.filter(
            established_on__isnull=False
        ).values_list("pk", "tier", "code", "established_on", "abolished_on")
    }
    keys = {row.id: (row.tier, row.code, row.established_on) for row in register.units.values()}
    missing = [row for row in register.units.values() if keys[row.id] not in stored]
    _refuse_overlap(
        [(key[:2], key[2], until) for key, (_pk, until) in stored.items()]
        + [((row.tier, row.code), row.established_on, row.abolished_on) for row in missing]
    )
    parents = {placement.parent for placement in register.placements()}
    made = Unit.objects.bulk_create(_unit(row, row.id in parents) for row in missing)
    pks = {key: pk for key, (pk, _until) in stored.items()}
    pks |= {keys[row.id]: unit.pk for row, unit in zip(missing, made, strict=True)}
    return len(made), {register_id: pks[key] for register_id, key in keys.items()}


def _refuse_overlap(periods: Iterable[tuple]) -> None:
    if twice := first_overlap(periods):
        message = _("Code %(code)s (%(tier)s) would be in force twice on one day.")
        details = {"code": twice[1], "tier": Tier(twice[0]).label}
        raise CannotReorganise.because("code_in_force", message % details, read=twice[1])


def _unit(row: UnitRow, has_children: bool) -> Unit:
    if row.tier == Tier.OFFICE:
        reports_at = EntryTier.PROVINCE
    elif row.tier == Tier.COMMUNE or (row.tier == Tier.DISTRICT and not has_children):
        # Five island districts had no communes and reported for themselves.
        reports_at = EntryTier.COMMUNE
    else:
        reports_at = ""
    return set_keys(
        Unit(
            code=row.code,
            tier=row.tier,
            kind=row.kind,
            name=row.name,
            full_name=row.full_name,
            reports_at=reports_at,
            established_on=row.established_on,
            abolished_on=row.abolished_on,
            area_ha=row.area_ha,
        )
    )


def _add_placements(register: Register, ids: Ids) -> int:
    placed = set(Placement.objects.values_list("unit_id", flat=True))
    missing = [
        Placement(
            unit_id=ids[row.unit], parent_id=ids[row.parent], since=row.since, until=row.until
        )
        for row in register.placements()
        if ids[row.unit] not in placed
    ]
    return len(Placement.objects.bulk_create(missing))


def _add_successions(
    register: Register, ids: Ids, reforms: Mapping[date, Reorganisation]
) -> tuple[int, Mapping[int, Heirs]]:
    """How many successions were new, and the successors of every unit that has any."""
    heirs: dict[int, Heirs] = defaultdict(dict)
    stored = Succession.objects.exclude(reorganisation__state=Reorganisation.State.REVERTED)
    for predecessor, successor, *how in stored.values_list(
        "predecessor", "successor", "share", "main", "basis"
    ):
        heirs[predecessor][successor] = tuple(how)
    rows = defaultdict(list)
    for row in register.successions:
        if ids[row.predecessor] not in heirs:
            rows[ids[row.predecessor], row.on].append(row._replace(successor=ids[row.successor]))
    missing = []
    for (predecessor, on), theirs in rows.items():
        heirs[predecessor] = heirs_of(theirs)
        missing += [
            Succession(
                reorganisation=reforms[on],
                predecessor_id=predecessor,
                successor_id=successor,
                share=share,
                main=main,
                basis=basis,
            )
            for successor, (share, main, basis) in heirs[predecessor].items()
        ]
    return len(Succession.objects.bulk_create(missing)), heirs


def _draft_changes(register: Register, ids: Ids, actor: Actor) -> int:
    """Write the changes nobody has confirmed down as drafts, each once; how many were new.

    A draft that somebody rejected, confirmed or undid is not brought again, nor is one of a unit
    that is called otherwise than the source believes.
    """
    known = set(Renaming.objects.values_list("unit", "full_name"))
    unknown = [
        row
        for row in register.changes
        if (ids[row.unit], full_name(row.new_kind, row.new_name)) not in known
    ]
    units = Unit.objects.in_bulk([ids[row.unit] for row in unknown])
    fitting = [row for row in unknown if units[ids[row.unit]].full_name == row.full_name]
    for row in fitting:
        draft_renaming(
            unit=units[ids[row.unit]],
            name=row.new_name,
            kind=row.new_kind,
            legal_basis=row.resolution,
            resolved_on=row.resolved_on,
            source=row.source,
            actor=actor,
        )
    return len(fitting)


def _add_tiles(register: Register, ids: Ids) -> int:
    stored = set(TilePosition.objects.values_list("unit_id", "since"))
    missing = [
        TilePosition(
            unit_id=ids[tile.unit],
            parent_id=None if tile.parent is None else ids[tile.parent],
            since=tile.since,
            row=tile.row,
            column=tile.column,
        )
        for tile in register.tiles
        if (ids[tile.unit], tile.since) not in stored
    ]
    return len(TilePosition.objects.bulk_create(missing))


def _say_what_it_changed(reform: Reorganisation, day: date, register: Register, ids: Ids) -> None:
    """List in the reform which units ended, which began, and who stands where since."""
    units = register.units.values()
    inside = set(ids.values())
    placements = Placement.objects.filter(since=day).values_list("pk", "unit_id")
    _link(reform, "ended_units", (ids[row.id] for row in units if row.abolished_on == day))
    _link(reform, "proposed_units", (ids[row.id] for row in units if row.established_on == day))
    _link(reform, "proposed_placements", (pk for pk, unit in placements if unit in inside))


def _link(reform: Reorganisation, field: str, wanted: Iterable[int]) -> None:
    through = getattr(Reorganisation, field).through
    column = Reorganisation._meta.get_field(field).m2m_reverse_field_name() + "_id"
    rows = through.objects.filter(reorganisation=reform)
    stored = set(rows.values_list(column, flat=True))
    through.objects.bulk_create(
        through(**{"reorganisation_id": reform.pk, column: pk}) for pk in set(wanted) - stored
    )
