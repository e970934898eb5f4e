"""The engine against a second working out of every figure, on random provinces."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from commitments.totals import verify_totals
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import (
    Figure,
    figures_for,
)
from tests.recomputation.plainly import Plainly
from tests.recomputation.worlds import World

pytestmark = pytest.mark.django_db

AS_IT_WAS = None
NEW_MAP = date(2025, 7, 1)
ASKED = [
    (Month.of(2024, 12), AS_IT_WAS),
    (Month.of(2025, 3), AS_IT_WAS),
    (Month.of(2025, 6), NEW_MAP),
    (Month.of(2025, 9), AS_IT_WAS),
]


def said(figure: Figure) -> dict:
    """What the engine says, with the keys and exact numbers of ``Plainly.figure``."""
    found = {
        "value": figure.value,
        "year_to_date": figure.year_to_date,
        "last_year": figure.last_year,
        "last_year_to_date": figure.last_year_to_date,
        "last_year_coverage": figure.last_year_coverage,
        "approved": figure.approved,
        "expected": figure.expected,
        "change": figure.change,
        "target": figure.target,
        "operator": figure.operator,
        "plan_to_date": figure.plan_to_date,
        "percent_of_target": figure.percent_of_target,
        "percent_to_date": figure.percent_to_date,
        "status": str(figure.status),
    }
    if figure.indicator.kind == "ratio":
        found |= {"numerator": figure.numerator, "denominator": figure.denominator}
    return {
        key: Fraction(value) if isinstance(value, Decimal) else value
        for key, value in found.items()
    }


def compare(seed: int) -> int:
    """Compare every figure of one random province; returns how many there were."""
    world = World(seed)
    plainly, compared = Plainly(), 0
    for month, on_map in ASKED:
        day = on_map or month.first_day
        top = Unit.objects.by_code("99", day)
        for unit in [top, *Unit.objects.children_of(top, Month.containing(day))]:
            if unit.tier == "office":
                continue
            compared += compare_below(plainly, unit, month, on_map, f"seed {seed}")
    assert verify_totals().ok
    assert world.catalogue
    return compared


def compare_below(plainly: Plainly, unit: Unit, month: Month, on_map, where: str) -> int:
    day = on_map or month.first_day
    figures = figures_for(unit=unit, month=month, on_map=on_map, children=True)
    ranked: dict[int, dict[int, dict]] = {}
    for figure in figures:
        mine = plainly.figure(figure.unit.pk, figure.indicator.pk, month, day)
        place = (where, str(month), str(on_map), figure.unit.code, figure.indicator.code)
        engine = said(figure)
        differ = {key: (engine[key], mine[key]) for key in mine if engine[key] != mine[key]}
        assert not differ, (place, differ, mine)
        if figure.unit != unit:
            ranked.setdefault(figure.indicator.pk, {})[figure.unit.pk] = mine
    places = {pk: plainly.ranks(of) for pk, of in ranked.items() if len(of) > 1}
    for figure in figures:
        if figure.unit != unit and figure.indicator.pk in places:
            expected = places[figure.indicator.pk][figure.unit.pk]
            assert (figure.rank, figure.ranked) == expected, (where, figure)
    return len(figures)


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_what_its_rows_come_to(seed):
    assert compare(seed) > 300


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_every_figure_of_many_provinces_is_what_its_rows_come_to(seed):
    assert compare(seed) > 300
