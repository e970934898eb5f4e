"""The whole demonstration, read back through the engine that every page and file uses."""

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.management import call_command

from commitments.actions.promises import verify_commitments
from commitments.models import Submission
from commitments.totals import verify_totals
from districts.models import Unit
from districts.months import Month
from reports.figures import Figure, figures_for
from steering.demo.province import MONTHS
from steering.demo.published import Published, published
from steering.demo.reporting import OPEN_MONTHS

NEW_MAP = date(2025, 7, 1)
NEARLY = Decimal("0.99")

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def answer(capsys) -> dict:
    """The demonstration loaded by its command, and what the command answered."""
    call_command("load_demo", format="json")
    return json.loads(capsys.readouterr().out)


def figures(month: Month, *, on_map: date | None, authority: str) -> dict[str, Figure]:
    province = Unit.objects.by_code("14", month.last_day)
    found = figures_for(unit=province, month=month, on_map=on_map, authority=authority)
    return {figure.indicator.code: figure for figure in found}


def stated(line: Published, *, on_map: date | None) -> Decimal:
    """What the engine says where an article states something."""
    month = Month.parse(line.period) if "-" in line.period else Month.of(int(line.period), 12)
    authority = "vss" if line.indicator == "COLLECT" else "ppc"
    figure = figures(month, on_map=on_map, authority=authority)[line.indicator]
    if line.measure == "target":
        return Decimal(figure.target)
    if line.measure == "percent_of_target":
        return figure.percent_of_target
    if line.measure == "change_on_year":
        return Decimal(figure.change)
    if figure.indicator.kind == "flow" and "-" not in line.period:
        return Decimal(figure.year_to_date)
    return Decimal(figure.value)


def holds(line: Published, value: Decimal) -> bool:
    if line.measure == "target" or line.qualifier in ("exact", "derived"):
        return value.quantize(Decimal(1).scaleb(-line.decimals), ROUND_HALF_UP) == line.value
    if line.qualifier == "nearly":
        return NEARLY * line.value < value < line.value
    return value > line.value


def test_the_whole_demonstration_says_what_was_published_on_every_map(answer: dict):
    assert answer["headlines"][0] == {
        "unit": "Sơn La",
        "month": "2023-12",
        "insured": 1_278_316,
        "change": 31_997,
        "coverage": 98.3,
        "percent_of_target": 101.6,
    }
    assert answer["headlines"][1]["insured"] == 1_238_636
    assert answer["headlines"][1]["coverage"] == 93.1

    wrong = [
        (line.indicator, line.period, line.measure, on_map, value)
        for line in published()
        for on_map in (None, NEW_MAP)
        if not holds(line, value := stated(line, on_map=on_map))
    ]
    assert wrong == []

    for month in MONTHS:
        as_it_was = figures(month, on_map=None, authority="ppc")
        today = figures(month, on_map=NEW_MAP, authority="ppc")
        entered = [code for code, figure in as_it_was.items() if figure.indicator.is_entered]
        assert {code: as_it_was[code].value for code in entered} == {
            code: today[code].value for code in entered
        }
        assert as_it_was["HI"].provisional == (month in OPEN_MONTHS), month

    states = Submission.objects.filter(month__in=OPEN_MONTHS).values_list("state", flat=True)
    assert {"approved", "submitted", "draft"} == set(states)
    assert verify_totals().wrong == []
    assert verify_commitments().wrong == []

    call_command("load_demo", format="json")
