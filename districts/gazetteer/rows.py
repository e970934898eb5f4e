"""What a row of each of the gazetteer's files says."""

from datetime import date
from typing import NamedTuple


class UnitRow(NamedTuple):
    id: str
    code: str
    tier: str
    kind: str
    name: str
    full_name: str
    parent: str | None
    established_on: date
    abolished_on: date | None
    area_ha: int | None


class PlacementRow(NamedTuple):
    unit: str
    parent: str
    since: date
    until: date | None


class SuccessionRow(NamedTuple):
    """``share`` in parts per million; None where the unit was divided and nobody knows how."""

    predecessor: str
    successor: str
    on: date
    share: int | None
    main: bool


class TileRow(NamedTuple):
    unit: str
    parent: str | None
    since: date
    row: int
    column: int


class Correction(NamedTuple):
    """What an earlier edition said of a unit, and what is right.

    ``field`` is a field of ``districts.models.Unit``; both values are as it stores them.
    """

    unit: str
    field: str
    was: str | int | None
    now: str | int | None
    evidence: str


class ChangeRow(NamedTuple):
    """A unit that a source calls otherwise since a resolution, which nobody has confirmed."""

    unit: str
    full_name: str
    new_name: str
    new_kind: str
    resolution: str
    resolved_on: date
    source: str


class WrongHeir(NamedTuple):
    """A successor that an earlier edition named beside the right ones.

    ``main``: it was taken for the one that took most of the unit.
    """

    predecessor: str
    successor: str
    main: bool
    evidence: str
