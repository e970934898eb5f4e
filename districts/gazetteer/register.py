"""The gazetteer's files as typed rows, checked before anything is loaded from them.

``units.csv``, ``moves.csv``, ``successions.csv`` and ``layout.csv`` lie beside this module, and
``corrections.csv`` with what they said before; where they come from says ``ATTRIBUTION.md``. The
ids in them mean nothing outside these files.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from districts.kinds import KINDS
from districts.models import BEFORE_RECORDS, PARENT_TIERS, Tier
from districts.rules import WHOLE, first_overlap

from .cells import FOLDER, RegisterError, Row, rows_of
from .changes import read_changes
from .corrections import read_corrections
from .rows import ChangeRow, Correction, PlacementRow, SuccessionRow, TileRow, UnitRow, WrongHeir

_CODE_LENGTH = {Tier.PROVINCE: 2, Tier.DISTRICT: 3, Tier.COMMUNE: 5}


class UnknownProvince(LookupError):
    """No province of the gazetteer ever had this code."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(_("No province ever had the code “%(code)s”.") % {"code": code})


@dataclass(frozen=True)
class Register:
    """Units by id with their first parent, what moved, who succeeded whom, where the tiles lie.

    ``corrections`` and ``wrong_heirs`` say what earlier editions of these files had otherwise,
    ``changes`` which names and kinds a source knows that nobody has confirmed.
    """

    units: Mapping[str, UnitRow]
    moves: Sequence[PlacementRow]
    successions: Sequence[SuccessionRow]
    tiles: Sequence[TileRow]
    corrections: Sequence[Correction] = ()
    wrong_heirs: Sequence[WrongHeir] = ()
    changes: Sequence[ChangeRow] = ()

    def around(self, codes: Collection[str]) -> "Register":
        """The part that belongs together with the provinces of these codes, of any period.

        All that is or was below them, whom they and theirs succeeded or were succeeded by, and
        those units' provinces with all below, until nothing is missing. Raises UnknownProvince.
        """
        wanted = set()
        for code in codes:
            found = {
                u.id for u in self.units.values() if u.tier == Tier.PROVINCE and u.code == code
            }
            if not found:
                raise UnknownProvince(code)
            wanted |= found
        self._spread(wanted)
        inside = {unit for unit, province in self._province_of.items() if province in wanted}
        return Register(
            {unit: row for unit, row in self.units.items() if unit in inside},
            [move for move in self.moves if move.unit in inside],
            [row for row in self.successions if row.predecessor in inside],
            [tile for tile in self.tiles if tile.unit in inside],
            [row for row in self.corrections if row.unit in inside],
            [row for row in self.wrong_heirs if row.predecessor in inside],
            [row for row in self.changes if row.unit in inside],
        )

    def _spread(self, provinces: set[str]) -> None:
        """Add to ``provinces`` every one that a move or a succession ties to them."""
        tied = defaultdict(set)
        pairs = [(move.unit, move.parent) for move in self.moves]
        pairs += [(row.predecessor, row.successor) for row in self.successions]
        for one, other in pairs:
            one, other = self._province_of[one], self._province_of[other]
            tied[one].add(other)
            tied[other].add(one)
        waiting = list(provinces)
        while waiting:
            new = tied[waiting.pop()] - provinces
            provinces |= new
            waiting += new

    @cached_property
    def _province_of(self) -> dict[str, str]:
        """The first province of every unit."""
        provinces: dict[str, str] = {}
        for row in sorted(self.units.values(), key=lambda unit: len(unit.code)):
            provinces[row.id] = row.id if row.parent is None else provinces[row.parent]
        return provinces

    def placements(self) -> Iterator[PlacementRow]:
        """Every unit below its first parent, and from each of its moves on below the next."""
        moves = defaultdict(list)
        for move in sorted(self.moves, key=lambda move: move.since):
            moves[move.unit].append(move)
        for unit in self.units.values():
            if unit.parent is None:
                continue
            last = PlacementRow(unit.id, unit.parent, unit.established_on, unit.abolished_on)
            for move in moves[unit.id]:
                yield last._replace(until=move.since)
                last = move._replace(until=unit.abolished_on)
            yield last


# --- reading -------------------------------------------------------------------------------------


def read_register(folder: Path = FOLDER) -> Register:
    """Read and check the files. Raises RegisterError at the first row that cannot be used."""
    units = _read_units(folder)
    successions = _read_successions(folder, units)
    return Register(
        units,
        _read_moves(folder, units),
        successions,
        _read_tiles(folder, units),
        *read_corrections(folder, units, successions),
        read_changes(folder, units),
    )


def _read_units(folder: Path) -> dict[str, UnitRow]:
    columns = "id code tier kind name full_name parent established_on abolished_on area_km2"
    lines, units = {}, {}
    for row in rows_of(folder / "units.csv", columns):
        unit = _unit(row)
        if unit.id in units:
            raise row.error("id", _("the id is given twice"))
        lines[unit.id], units[unit.id] = row, unit
    for unit in units.values():
        _check_parent(lines[unit.id], unit, units)
    periods = (((u.tier, u.code), u.established_on, u.abolished_on) for u in units.values())
    if overlap := first_overlap(periods):
        message = _("two units of one code are in force at the same time")
        raise RegisterError("units.csv", None, "code", overlap[1], message)
    return units


def _unit(row: Row) -> UnitRow:
    tier = row.choice("tier", _CODE_LENGTH)
    code = row.text("code")
    if not (code.isascii() and code.isdecimal() and len(code) == _CODE_LENGTH[tier]):
        raise row.error("code", _("a code of %(n)d digits is expected") % {"n": _CODE_LENGTH[tier]})
    established, abolished = row.day("established_on") or BEFORE_RECORDS, row.day("abolished_on")
    if abolished is not None and abolished <= established:
        raise row.error("abolished_on", _("the unit ends before it begins"))
    return UnitRow(
        id=row.text("id"),
        code=code,
        tier=tier,
        kind=row.choice("kind", KINDS[tier]),
        name=row.text("name"),
        full_name=row.text("full_name"),
        parent=row.optional("parent"),
        established_on=established,
        abolished_on=abolished,
        area_ha=row.hectares("area_km2"),
    )


def _check_parent(row: Row, unit: UnitRow, units: Mapping[str, UnitRow]) -> None:
    if unit.parent is None and not PARENT_TIERS[unit.tier]:
        return
    parent = _known(row, "parent", units)
    if parent.tier not in PARENT_TIERS[unit.tier]:
        raise row.error("parent", _("a unit of this tier cannot stand there"))
    if not _in_force(parent, unit.established_on):
        raise row.error("parent", _("this unit is not in force on that day"))


def _known(row: Row, column: str, units: Mapping[str, UnitRow]) -> UnitRow:
    unit = units.get(row.cells[column])
    if unit is None:
        raise row.error(column, _("units.csv has no such unit"))
    return unit


def _in_force(unit: UnitRow, day: date) -> bool:
    return unit.established_on <= day and (unit.abolished_on is None or day < unit.abolished_on)


def _read_moves(folder: Path, units: Mapping[str, UnitRow]) -> list[PlacementRow]:
    moves = {}
    for row in rows_of(folder / "moves.csv", "unit new_parent on"):
        unit, parent = _known(row, "unit", units), _known(row, "new_parent", units)
        on = row.required_day("on")
        if parent.tier not in PARENT_TIERS[unit.tier]:
            raise row.error("new_parent", _("a unit of this tier cannot stand there"))
        if not (_in_force(unit, on) and _in_force(parent, on) and unit.established_on < on):
            raise row.error("on", _("this unit is not in force on that day"))
        if (unit.id, on) in moves:
            raise row.error("unit", _("the unit moves twice on one day"))
        moves[unit.id, on] = PlacementRow(unit.id, parent.id, on, None)
    return list(moves.values())


def _read_successions(folder: Path, units: Mapping[str, UnitRow]) -> list[SuccessionRow]:
    by_predecessor = defaultdict(list)
    for row in rows_of(folder / "successions.csv", "predecessor successor on share main"):
        predecessor, successor = _known(row, "predecessor", units), _known(row, "successor", units)
        on = row.required_day("on")
        if predecessor.abolished_on != on:
            raise row.error("on", _("the predecessor does not end on that day"))
        if not _in_force(successor, on):
            raise row.error("successor", _("this unit is not in force on that day"))
        share = row.whole_number("share", WHOLE)
        main = row.choice("main", {"0", "1"}) == "1"
        by_predecessor[predecessor.id].append(
            SuccessionRow(predecessor.id, successor.id, on, share, main)
        )
    for predecessor, heirs in by_predecessor.items():
        _check_heirs(predecessor, heirs)
    return [row for heirs in by_predecessor.values() for row in heirs]


def _check_heirs(predecessor: str, heirs: Sequence[SuccessionRow]) -> None:
    shares = [heir.share for heir in heirs]
    known = [share for share in shares if share is not None]
    message = ""
    if len({heir.successor for heir in heirs}) < len(heirs):
        message = _("a successor is given twice")
    elif sum(heir.main for heir in heirs) != 1:
        message = _("exactly one main successor is expected")
    elif known and (len(known) < len(shares) or sum(known) != WHOLE):
        message = _("the shares must add up to 1, or all be empty")
    if message:
        raise RegisterError("successions.csv", None, "predecessor", predecessor, message)


def _read_tiles(folder: Path, units: Mapping[str, UnitRow]) -> list[TileRow]:
    reforms = {unit.established_on for unit in units.values()} - {BEFORE_RECORDS}
    days = {"before": BEFORE_RECORDS, "after": min(reforms, default=BEFORE_RECORDS)}
    taken, tiles = set(), []
    for row in rows_of(folder / "layout.csv", "map parent unit row column"):
        since = days[row.choice("map", days)]
        unit = _known(row, "unit", units)
        parent = None if row.optional("parent") is None else _known(row, "parent", units).id
        place = row.whole_number("row"), row.whole_number("column")
        if None in place:
            raise row.error("row", _("a number is expected"))
        if (since, unit.id) in taken or (since, parent, place) in taken:
            raise row.error("unit", _("two tiles of one map lie in one place, or one lies twice"))
        taken |= {(since, unit.id), (since, parent, place)}
        tiles.append(TileRow(unit.id, parent, since, *place))
    return tiles
