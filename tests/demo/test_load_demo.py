"""The whole demonstration, read back through the engine that every page and file uses."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from django.core.management import call_command
from django.db.models import Sum

from commitments.chain.verifying import verify_commitments
from commitments.models import Commitment, Decision, Indicator, Paper, Submission, Task
from commitments.succession.carrying import carried_by
from commitments.totals import verify_totals
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import (
    Figure,
    Status,
    figures_for,
    figures_of,
)
from reports.engine.rules import REACHED
from reports.wording.shortfalls import missing_to_date
from steering.demo.management.commands.load_demo import Command
from steering.demo.people import ACCOUNTS, PASSWORD
from steering.demo.province import MONTHS
from steering.demo.published import Published, published
from steering.demo.reporting import OPEN_MONTHS
from steering.demo.words import NOTICE
from tests.statistics import rows_known

NEW_MAP = date(2025, 7, 1)


HEADLINE = {
    "unit": "Sơn La",
    "month": "2023-12",
    "insured": 1_278_316,
    "change": 31_997,
    "coverage": 98.3,
    "percent_of_target": 101.6,
}


@pytest.fixture
def answer(capsys) -> dict:
    """The demonstration loaded by its command, and what the command answered."""
    call_command("load_demo", format="json")
    return json.loads(capsys.readouterr().out)


@cache
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


def assert_only_what_is_complete_is_compared() -> None:
    """Of December 2025 30 of 75 reports are approved; of 2022 only December is known."""
    december = figures(Month.of(2025, 12), on_map=None, authority="ppc")
    rate = december["HI_RATE"]
    assert (rate.numerator, rate.denominator) == (496_159, 521_124)
    assert (rate.value, rate.target) == (Decimal("95.21"), Decimal("95.20"))
    for figure in (rate, december["HI"], december["SI_RATE"], december["HI_HH_NEW"]):
        assert (figure.approved, figure.expected) == (30, 75)
        assert figure.status is Status.INCOMPLETE
        assert (figure.change, figure.percent_of_target, figure.rank) == (None, None, None)
    new = figures(Month.of(2023, 12), on_map=None, authority="ppc")["HI_HH_NEW"]
    assert (new.year_to_date, new.last_year_to_date, new.change) == (39_042, None, None)
    late = figures(Month.of(2025, 1), on_map=None, authority="vss")["LATE_RATE"]
    assert (late.value, late.last_year, late.change) == (
        Decimal("1.43"), Decimal("1.59"), Decimal("-0.16"),
    )  # fmt: skip


def assert_whoever_meets_the_year_is_not_behind() -> None:
    """P. Thảo Nguyên fell below last December in 2025, and was assigned less than that."""
    month = Month.of(2025, 9)
    (insured,) = Indicator.objects.filter(code="HI")
    (figure,) = figures_for(
        unit=Unit.objects.by_code("03982", month.last_day), month=month, indicators=[insured]
    )
    assert (figure.value, figure.target, figure.plan_to_date) == (13_151, 13_093, 13_093)
    assert (figure.status, missing_to_date(figure)) == (Status.MET, 0)
    for day in (Month.of(2024, 6), Month.of(2024, 9), month):
        for figure in figures_for(
            unit=Unit.objects.by_code("14", day.last_day), month=day, children=True
        ):
            if figure.gap is not None and figure.gap >= 0 and figure.operator == "at_least":
                assert figure.status in REACHED, figure


def carried_over(month: Month) -> dict[str, int]:
    """What the communes on the map of July 2025 are asked for together."""
    communes = list(Unit.objects.in_force_on(NEW_MAP).at_tier("commune"))
    codes = ("SI_C_NEW", "UNIT_NEW", "SI_V_NEW")
    indicators = list(Indicator.objects.filter(code__in=codes))
    found = figures_of(units=communes, month=month, indicators=indicators, on_map=NEW_MAP)
    assert (len(communes), {figure.estimated for figure in found}) == (75, {False})
    return {
        code: sum(figure.target or 0 for figure in found if figure.indicator.code == code)
        for code in codes
    }


def assert_promises_are_recorded_as_they_happened() -> None:
    """Twelve districts signed in 2024; of 75 communes 67 signed what was proposed to them."""
    signed = Counter(Commitment.objects.values_list("year", "signed_on"))
    assert signed == {(2024, date(2024, 3, 7)): 12, (2025, date(2025, 7, 18)): 67}
    assert Paper.objects.waiting().filter(year=2025).count() == 8
    # The communes of July 2025 are assigned what those of June were, to the person.
    reform = Decision.objects.get(number="minh-hoa-2025-xa/QĐ-UBND")
    assert reform.amends.number == "minh-hoa-2025/QĐ-UBND"
    own = {target.indicator_id: target.value for target in reform.amends.targets.filter(
        unit=reform.unit
    )}  # fmt: skip
    counts = reform.targets.exclude(indicator__kind="ratio").order_by()
    sums = dict(counts.values_list("indicator").annotate(Sum("value")))
    assert sums == {indicator: own[indicator] for indicator in sums}
    assert len(sums) == 8
    assert reform.targets.filter(source="").count() == 0
    states = Counter(Task.objects.values_list("decision__number", "state"))
    assert states == {
        ("148/QĐ-UBND", "done"): 12,
        (reform.number, "open"): 8,
        (None, "open"): 1,
        (None, "done"): 2,
    }
    district = Commitment.objects.get(unit__code="118", year=2024)
    carriers = {carrier.unit.name for carrier in carried_by(district, date(2025, 8, 1))}
    assert {"Quỳnh Nhai", "Mường Chiên", "Mường Giôn", "Mường Sại"} <= carriers


@pytest.mark.slow
@pytest.mark.django_db
def test_the_whole_demonstration_says_what_was_published_on_every_map(answer: dict, capsys):
    assert answer["headlines"][0] == HEADLINE
    assert answer["headlines"][1]["insured"] == 1_238_636
    assert answer["headlines"][1]["coverage"] == 93.1

    wrong = [
        (line.indicator, line.period, line.measure, on_map, value)
        for line in published()
        for on_map in (None, NEW_MAP)
        if not line.holds_for(value := stated(line, on_map=on_map))
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

    assert_only_what_is_complete_is_compared()
    assert_whoever_meets_the_year_is_not_behind()
    assert_promises_are_recorded_as_they_happened()
    # Of 200 communes 81 were assigned new participants, and 28 new units: nothing is lost.
    assert carried_over(Month.of(2025, 5)) == {"SI_C_NEW": 330, "UNIT_NEW": 120, "SI_V_NEW": 2750}

    states = Submission.objects.filter(month__in=OPEN_MONTHS).values_list("state", flat=True)
    assert {"approved", "submitted", "draft"} == set(states)
    assert verify_totals().wrong == []
    assert verify_commitments().wrong == []
    assert rows_known(Submission) == Submission.objects.count()

    call_command("load_demo", format="json")
    again = json.loads(capsys.readouterr().out)
    nothing = dict.fromkeys(("accounts", "targets", "commitments", "months", "counts"), 0)
    assert again == {**answer, **nothing}


def test_the_command_says_the_headline_figures_and_who_can_sign_in(english):
    text = Command().show({"headlines": [HEADLINE], "notice": NOTICE})
    headline, accounts, *rest = text.splitlines()
    assert "12/2023: 1,278,316 people" in headline
    assert "98.3% of the population" in headline
    assert "+31,997" in headline
    assert "101.6% of the plan" in headline
    assert PASSWORD in accounts
    assert [line.split()[0] for line in rest[:-1]] == [account.username for account in ACCOUNTS]
    assert rest[-1] == NOTICE


def test_numbers_of_the_headline_are_written_as_in_vietnam():
    text = Command().show({"headlines": [HEADLINE], "notice": NOTICE})
    for number in ("1.278.316", "31.997", "98,3%", "101,6%"):
        assert number in text
