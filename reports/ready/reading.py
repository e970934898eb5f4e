"""The questions of the engine, answered from what is ready; computed where nothing is.

Same questions, same answers. Of a set only those figures are read that rest on no count that
changed since; the others, and what it does not hold, an older unit, an indicator of another month,
the engine computes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import Month
from districts.versions import affected_by
from reports.engine import figures
from reports.engine import trajectories as lines
from reports.engine.figures import Figure, Status, ranked
from reports.engine.ground import Ground
from reports.engine.trajectories import Point
from reports.models import ReadyPart, ReadySet

from .form import FORM, read_facts, read_points, unpack

Key = tuple[int, int]
"""Unit and indicator."""


@dataclass
class _Found:
    """A set, the units whose figures are no longer as it says, and what was read of it so far."""

    pk: int
    affected: frozenset[int]
    read: dict[tuple[str, str, int], dict[int, list]] = field(default_factory=dict)

    def rows(self, column: str, units: list[int], indicators: list[int]) -> dict[Key, list] | None:
        """The rows of all of ``units`` and ``indicators``; None if one is missing.

        By the units if they are fewer, else by the indicators: as few parts as can be.
        """
        if len(units) <= len(indicators):
            parts = self._parts(column, "unit", units)
            found = {(u, i): parts.get(u, {}).get(i) for u in units for i in indicators}
        else:
            parts = self._parts(column, "indicator", indicators)
            found = {(u, i): parts.get(i, {}).get(u) for u in units for i in indicators}
        return None if None in found.values() else found

    def _parts(self, column: str, by: str, keys: list[int]) -> dict[int, dict[int, list]]:
        unread = [key for key in keys if (column, by, key) not in self.read]
        if unread:
            self.read.update(((column, by, key), {}) for key in unread)
            rows = ReadyPart.objects.filter(set=self.pk, **{f"{by}__in": unread})
            for key, content in rows.values_list(by, column):
                self.read[column, by, key] = unpack(content)
        return {key: self.read[column, by, key] for key in keys}


def figures_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicators: Collection[Indicator] | None = None,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> list[Figure]:
    """As ``reports.engine.figures.figures_of``."""
    ground = ground or Ground()
    map_month = ground.map_month(month, on_map)
    chosen = ground.valid_in(month) if indicators is None else list(indicators)
    chosen.sort(key=lambda indicator: indicator.position)
    facts = _facts(units, month, chosen, map_month, authority, ground)
    if facts is None:
        return figures.figures_of(
            units=units,
            month=month,
            indicators=chosen,
            on_map=on_map,
            authority=authority,
            ground=ground,
        )
    return ranked(facts, units, map_month)


def figures_for(
    *,
    unit: Unit,
    month: Month,
    indicators: Collection[Indicator] | None = None,
    children: bool = False,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> list[Figure]:
    """As ``reports.engine.figures.figures_for``."""
    ground, below = ground or Ground(), []
    if children:
        below = Unit.objects.children_of(unit, ground.map_month(month, on_map))
    return figures_of(
        units=[unit, *below],
        month=month,
        indicators=indicators,
        on_map=on_map,
        authority=authority,
        ground=ground,
    )


def statuses_of(
    *,
    units: Sequence[Unit],
    month: Month,
    indicator: Indicator,
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> dict[int, Status]:
    """As ``reports.engine.figures.statuses_of``."""
    ground = ground or Ground()
    asked = {"units": units, "month": month, "authority": authority, "ground": ground}
    map_month = ground.map_month(month, on_map)
    facts = _facts(indicators=[indicator], map_month=map_month, **asked)
    if facts is None:
        return figures.statuses_of(indicator=indicator, on_map=on_map, **asked)
    return {said["unit"].pk: said["status"] for said in facts}


def trajectories(
    *,
    units: Sequence[Unit],
    indicators: Sequence[Indicator],
    months: Sequence[Month],
    on_map: date | None = None,
    authority: str = Authority.PPC,
    ground: Ground | None = None,
) -> dict[Key, list[Point]]:
    """As ``reports.engine.trajectories.trajectories``."""
    ground = ground or Ground()
    last = max(months)
    found = _find(units, last, ground.map_month(last, on_map), authority, ground)
    ready, changed = _parted(units, found)
    rows = found.rows("points", _keys(ready), _keys(indicators)) if found and ready else {}
    chosen = {key: _months(row, months) for key, row in rows.items()} if rows else {}
    if not chosen or None in chosen.values():
        chosen, changed = {}, units
    computed = (
        lines.trajectories(
            units=changed,
            indicators=indicators,
            months=months,
            on_map=on_map,
            authority=authority,
            ground=ground,
        )
        if changed
        else {}
    )
    return {key: read_points(row) for key, row in chosen.items()} | computed


def _facts(
    units: Sequence[Unit],
    month: Month,
    indicators: Sequence[Indicator],
    map_month: Month,
    authority: str,
    ground: Ground,
) -> list[dict[str, Any]] | None:
    """What ``facts_of`` says, from a set that is ready; None if it is not there whole."""
    found = _find(units, month, map_month, authority, ground)
    ready, changed = _parted(units, found)
    rows = found.rows("facts", _keys(ready), _keys(indicators)) if found and ready else None
    if not rows:
        return None
    computed = (
        figures.facts_of(
            units=changed,
            month=month,
            indicators=indicators,
            map_month=map_month,
            authority=authority,
            ground=ground,
        )
        if changed
        else []
    )
    new = {(said["unit"].pk, said["indicator"].pk): said for said in computed}
    return [
        new.get((unit.pk, indicator.pk))
        or {
            "unit": unit,
            "indicator": indicator,
            "month": month,
            **read_facts(rows[unit.pk, indicator.pk], month),
        }
        for unit in units
        for indicator in indicators
    ]


def _parted(units: Sequence[Unit], found: _Found | None) -> tuple[list[Unit], list[Unit]]:
    """Units whose figures are as the set says, and those whose figures changed since."""
    if found is None:
        return [], list(units)
    ready = [unit for unit in units if unit.pk not in found.affected]
    return ready, [unit for unit in units if unit.pk in found.affected]


def _find(
    units: Sequence[Unit], month: Month, map_month: Month, authority: str, ground: Ground
) -> _Found | None:
    """The set that holds the first of ``units``, if any: looked for once for one answer."""
    if not units:
        return None
    key = (month, ground.span(map_month), authority)
    if key not in ground.found_ready:
        sets = ReadySet.objects.holding().filter(
            month=month,
            span=ground.span(map_month),
            authority=authority,
            form=FORM,
            parts__unit=units[0],
        )
        held = sets.values_list("pk", "log").first()
        ground.found_ready[key] = held and _Found(held[0], affected_units(held[1]))
    return ground.found_ready[key]


def _months(row: list[list], months: Sequence[Month]) -> list[list] | None:
    """The points of ``months`` out of a trajectory; None if one of them is not in it."""
    known = {point[0]: point for point in row}
    return [known[month] for month in months] if known.keys() >= set(months) else None


def affected_units(log: str) -> frozenset[int]:
    """The units whose figures rest on counts that a log says were touched."""
    return frozenset(affected_by(log).values_list("ancestor", flat=True)) if log else frozenset()


def _keys(rows: Collection[Unit | Indicator]) -> list[int]:
    return [row.pk for row in rows]
