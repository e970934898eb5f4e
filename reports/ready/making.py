"""All figures of a province and month, computed at once and stored under the state they are of."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from districts.versions import COMMON, standing
from reports.engine.figures import facts_of
from reports.engine.ground import Ground
from reports.engine.trajectories import trajectories
from reports.models import ReadyPart, ReadySet

from .form import FORM, pack, write_facts, write_points

MONTHS_OF_ALL, MONTHS_OF_THE_PROVINCE = 13, 36
"""So many months are ready: what lists show of the main indicators, and of everything that the
province counts what a forecast looks at."""


def make_ready(
    *, province: Unit, month: Month, map_month: Month, authority: str
) -> ReadySet | None:
    """Make the figures of all units below ``province`` on the map of ``map_month``; repeatable.

    The stamps are read before the figures and again after them: None, and nothing stored, if
    somebody changed something in between; whoever reads next asks again.
    """
    ground = Ground()
    key = {
        "province": province,
        "month": month,
        "span": ground.span(map_month),
        "authority": authority,
        "form": FORM,
    }
    before = _stamps(province)
    if made := ReadySet.objects.filter(**key, **before).first():
        return made
    parts = _parts(province, month, map_month, authority, ground)
    if _stamps(province) != before:
        return None
    with transaction.atomic():
        made, is_new = ReadySet.objects.get_or_create(**key, **before)
        if is_new:
            ReadyPart.objects.bulk_create([_part(made, *one) for one in parts], batch_size=100)
            older = ReadySet.objects.filter(
                province=province, month=month, span=key["span"], authority=authority
            )
            older.exclude(pk=made.pk).delete()
    return made


def _stamps(province: Unit) -> dict[str, str]:
    found = dict(standing([province.pk]).values_list("number", "stamp"))
    return {"stamp": found.get(province.pk, ""), "common": found.get(COMMON, "")}


def _part(made: ReadySet, unit: int | None, indicator: int | None, facts, points) -> ReadyPart:
    return ReadyPart(
        set=made,
        unit_id=unit,
        indicator_id=indicator,
        facts=pack(facts),
        points=pack(points),
    )


def _parts(
    province: Unit, month: Month, map_month: Month, authority: str, ground: Ground
) -> list[tuple]:
    """(unit, None, facts, points) of each unit and (None, indicator, …) of each indicator."""
    units = list(Unit.objects.below(province, map_month))
    valid = ground.valid_in(month)
    facts = {
        (one["unit"].pk, one["indicator"].pk): write_facts(one, month)
        for one in facts_of(
            units=units,
            month=month,
            indicators=valid,
            map_month=map_month,
            authority=authority,
            ground=ground,
        )
    }
    main = [indicator for indicator in valid if indicator.main]
    asked = {"map_month": map_month, "authority": authority, "ground": ground}
    points = _points(units, month, MONTHS_OF_ALL, indicators=main, **asked)
    longer = _points([province], month, MONTHS_OF_THE_PROVINCE, indicators=valid, **asked)
    return [
        *((unit, None, *rows) for unit, rows in _by(0, facts, points | longer).items()),
        *((None, indicator, *rows) for indicator, rows in _by(1, facts, points).items()),
    ]


def _points(
    units: Iterable[Unit],
    month: Month,
    months: int,
    *,
    indicators: list[Indicator],
    map_month: Month,
    authority: str,
    ground: Ground,
) -> dict[tuple[int, int], list]:
    """(unit, indicator) to the trajectory of so many months up to ``month``."""
    found = trajectories(
        units=list(units),
        indicators=indicators,
        months=[Month(number) for number in range(month - months + 1, month + 1)],
        on_map=map_month.first_day,
        authority=authority,
        ground=ground,
    )
    return {key: write_points(points) for key, points in found.items()}


def _by(
    place: int, facts: dict[tuple[int, int], list], points: dict[tuple[int, int], list]
) -> dict[int, tuple[dict[int, list], dict[int, list]]]:
    """The rows of each unit (0) or indicator (1), by the key of the other."""
    found: dict[int, tuple[dict, dict]] = defaultdict(lambda: ({}, {}))
    for rows, kind in ((facts, 0), (points, 1)):
        for key, row in rows.items():
            found[key[place]][kind][key[1 - place]] = row
    return found
