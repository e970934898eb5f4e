"""All figures of a province and month, computed at once and stored under the state they are of."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from commitments.models import Indicator
from districts.models import DataVersion, Unit
from districts.months import Month
from districts.versions import COMMON, standing
from reports.engine.figures import facts_of
from reports.engine.ground import Ground
from reports.engine.trajectories import trajectories
from reports.models import ReadyPart, ReadySet

from .form import FORM, pack, unpack, write_facts, write_points
from .reading import affected_units

MONTHS_OF_ALL, MONTHS_OF_THE_PROVINCE = 13, 36
"""So many months are ready: what lists show of the main indicators, and of everything that the
province counts what a forecast looks at."""


def make_ready(
    *, province: Unit, month: Month, map_month: Month, authority: str
) -> ReadySet | None:
    """Make the figures of all units below ``province`` on the map of ``map_month``; repeatable.

    From the set before, if it holds still, with the figures that rest on counts that changed since.
    The stamps are read before the figures and again after them: None, and nothing stored, if
    something else than counts changed in between; counts that did are in the log after the mark.
    """
    ground = Ground()
    about = {
        "province": province,
        "month": month,
        "span": ground.span(map_month),
        "authority": authority,
        "form": FORM,
    }
    before = _state(province)
    if made := ReadySet.objects.filter(**about, **before).first():
        return made
    parts = _parts(about, map_month, ground)
    after = _state(province)
    if (after["settled"], after["common"]) != (before["settled"], before["common"]):
        return None
    with transaction.atomic():
        made, is_new = ReadySet.objects.get_or_create(**about, **before)
        if is_new:
            ReadyPart.objects.bulk_create([_part(made, *one) for one in parts], batch_size=100)
            others = ReadySet.objects.filter(
                province=province, month=month, span=about["span"], authority=authority
            )
            others.exclude(pk=made.pk).delete()
    return made


def forget_ready(*, made_before: datetime) -> int:
    """Remove sets that do not hold any more and sets made before a moment; how many there were.

    Whoever asks for one of those months again has it made again.
    """
    holding = ReadySet.objects.holding().filter(made_at__gte=made_before)
    gone = ReadySet.objects.exclude(pk__in=list(holding.values_list("pk", flat=True)))
    count = gone.count()
    gone.delete()
    return count


def _state(province: Unit) -> dict[str, str | int]:
    """The stamps of the data as they stand, and how long the log of touched units is."""
    found = {row.number: row for row in standing([province.pk])}
    nothing = DataVersion()
    own, common = found.get(province.pk, nothing), found.get(COMMON, nothing)
    return {
        "stamp": own.stamp,
        "settled": own.settled,
        "mark": len(own.touched),
        "common": common.stamp,
    }


def _part(made: ReadySet, unit: int | None, indicator: int | None, facts, points) -> ReadyPart:
    return ReadyPart(
        set=made,
        unit_id=unit,
        indicator_id=indicator,
        facts=pack(facts),
        points=pack(points),
    )


def _parts(about: dict, map_month: Month, ground: Ground) -> list[tuple]:
    """(unit, None, facts, points) of each unit and (None, indicator, …) of each indicator."""
    facts, points = _before(about)
    units = [
        unit for unit in Unit.objects.below(about["province"], map_month) if unit.pk not in facts
    ]
    new_facts, new_points = _computed(units, about, map_month, ground)
    facts |= new_facts
    points |= new_points
    return [
        *((unit, None, facts[unit], points.get(unit, {})) for unit in facts),
        *((None, *rows) for rows in _by_indicator(facts, points, ground)),
    ]


Rows = dict[int, dict[int, list]]
"""Unit to the rows of its indicators."""


def _before(about: dict) -> tuple[Rows, Rows]:
    """Facts and points of the set before that are as they stand; empty if it does not hold."""
    held = ReadySet.objects.holding().filter(**about).values_list("pk", "log").first()
    if held is None:
        return {}, {}
    affected = affected_units(held[1])
    rows = ReadyPart.objects.filter(set=held[0], unit__isnull=False).exclude(unit__in=affected)
    found = list(rows.values_list("unit", "facts", "points"))
    return (
        {unit: unpack(facts) for unit, facts, _points in found},
        {unit: unpack(points) for unit, _facts, points in found},
    )


def _computed(
    units: list[Unit], about: dict, map_month: Month, ground: Ground
) -> tuple[Rows, Rows]:
    """Facts and points of some units, by the engine."""
    month, authority, valid = about["month"], about["authority"], ground.valid_in(about["month"])
    facts: Rows = defaultdict(dict)
    for said in facts_of(
        units=units,
        month=month,
        indicators=valid,
        map_month=map_month,
        authority=authority,
        ground=ground,
    ):
        facts[said["unit"].pk][said["indicator"].pk] = write_facts(said, month)
    asked = {"map_month": map_month, "authority": authority, "ground": ground}
    main = [indicator for indicator in valid if indicator.main]
    points = _points(units, month, MONTHS_OF_ALL, indicators=main, **asked)
    whole = [unit for unit in units if unit == about["province"]]
    longer = _points(whole, month, MONTHS_OF_THE_PROVINCE, indicators=valid, **asked)
    rows: Rows = defaultdict(dict)
    for (unit, indicator), row in (points | longer).items():
        rows[unit][indicator] = row
    return dict(facts), dict(rows)


def _by_indicator(facts: Rows, points: Rows, ground: Ground) -> Iterator[tuple[int, dict, dict]]:
    """(indicator, facts, points) by unit; of points as many months as every unit has."""
    main = {pk for pk, indicator in ground.catalogue.items() if indicator.main}
    turned_facts, turned_points = _turned(facts), _turned(points)
    for indicator, rows in turned_facts.items():
        known = turned_points.get(indicator, {}) if indicator in main else {}
        yield indicator, rows, {unit: row[-MONTHS_OF_ALL:] for unit, row in known.items()}


def _turned(rows: Rows) -> Rows:
    """Indicator to the rows of its units."""
    found: Rows = defaultdict(dict)
    for unit, by_indicator in rows.items():
        for indicator, row in by_indicator.items():
            found[indicator][unit] = row
    return found


def _points(
    units: list[Unit],
    month: Month,
    months: int,
    *,
    indicators: list[Indicator],
    map_month: Month,
    authority: str,
    ground: Ground,
) -> dict[tuple[int, int], list]:
    """(unit, indicator) to the trajectory of so many months up to ``month``."""
    if not units:
        return {}
    found = trajectories(
        units=units,
        indicators=indicators,
        months=[Month(number) for number in range(month - months + 1, month + 1)],
        on_map=map_month.first_day,
        authority=authority,
        ground=ground,
    )
    return {key: write_points(points) for key, points in found.items()}
