"""The tile map: units on the places they have on the map, none larger than another."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from districts.models import TilePosition, Unit
from districts.months import Month


class OfUnit(Protocol):
    """Whatever stands for a unit."""

    @property
    def unit(self) -> Unit: ...


Row = TypeVar("Row", bound=OfUnit)


def tiles(rows: Sequence[Row], month: Month) -> tuple[tuple[Row | None, ...], ...]:
    """The lines of the map of the month from the north, with None where no unit is."""
    by_unit = {row.unit.pk: row for row in rows}
    positions = TilePosition.objects.filter(unit__in=by_unit, since__lte=month.first_day)
    place = {
        unit: (row, column)
        for unit, row, column in positions.order_by("since").values_list("unit", "row", "column")
    }
    if not place:
        return ()
    at = {where: by_unit[unit] for unit, where in place.items()}
    first, last = min(row for row, _column in at), max(row for row, _column in at)
    left, right = min(c for _row, c in at), max(c for _row, c in at)
    return tuple(
        tuple(at.get((row, column)) for column in range(left, right + 1))
        for row in range(first, last + 1)
    )
