"""Sentences made from the figures: what they say, and that they are silent without data."""

from dataclasses import replace
from decimal import Decimal

import pytest

from districts.months import Month
from reports.conference.contents import UnitFigures
from reports.engine.rules import Status
from reports.wording.sentences import (
    finding,
    sentences,
)
from tests.reports.workbook import synthetic


@pytest.fixture(scope="module")
def data():
    return synthetic.conference(districts_wanted=3, communes_each=3, language="en")


def own(data, **changes):
    """The conference with its own figures changed: {code: changes, or None to leave it out}."""
    figures = dict(data.own.figures)
    for code, change in changes.items():
        if change is None:
            del figures[code]
        else:
            figures[code] = replace(figures[code], **change)
    return replace(data, own=UnitFigures(data.own.unit, figures))


def children(data, statuses, plan):
    """The units with these statuses, each reaching 100 of its ``plan`` in the leading indicator."""
    made = []
    for unit, status, target in zip(data.children, statuses, plan, strict=True):
        figure = replace(unit.figures["HI"], value=100, plan_to_date=target, status=status)
        made.append(UnitFigures(unit.unit, {**unit.figures, "HI": figure}))
    return replace(data, children=tuple(made))


PUBLISHED = {
    "HI": {"value": 1_278_316, "change": 31_997, "percent_of_target": Decimal("101.60")},
    "HI_RATE": {"value": Decimal("98.30")},
}


def test_the_published_sentence_of_2023(data, english):
    assert (
        "The whole province has 1,278,316 people in health insurance, 31,997 people more than in "
        "2022, reaching 98.3% of the population and 101.6% of the plan."
    ) in sentences(own(data, **PUBLISHED))


def test_a_loss_is_said_as_one(data, english):
    (said,) = [s for s in sentences(own(data, HI={"change": -5})) if s.startswith("The whole")]
    assert "5 people fewer than in 2022" in said


def test_units_are_counted_by_status_and_those_behind_are_named_most_missing_first(data, english):
    data = children(data, (Status.BEHIND, Status.EXCEEDED, Status.AT_RISK), plan=(101, 90, 120))
    names = [unit.unit.full_name for unit in data.children]
    assert (
        "Of 3 units, 1 exceeded the plan, 1 are behind and 1 are at risk; 2 districts are "
        f"21 people short: {names[2]} (20 people) and {names[0]} (1 people)."
    ) in sentences(data)
    assert finding(data).endswith("; 2 districts are 21 people short")


def test_with_nobody_behind_nothing_is_missing(data, english):
    data = children(data, (Status.MET, Status.MET, Status.EXCEEDED), plan=(100, 100, 50))
    assert "Of 3 units, 1 exceeded the plan and 2 met it." in sentences(data)
    assert "missing" not in finding(data)


def test_new_participants_are_told_as_reported(data, english):
    data = own(data, SI_C_NEW=None, UNIT_NEW={"year_to_date": 99}, SI_V_NEW={"year_to_date": 2156})
    (said,) = [s for s in sentences(data) if s.startswith("New in the year")]
    assert said.startswith("New in the year: 99 employers, 2,156 in voluntary social insurance and")


def test_money_collected_is_held_against_the_plan_of_whoever_assigned_it(data, english):
    theirs = data.own.figures["COLLECT"]
    without = own(data, COLLECT={"target": None, "percent_of_target": None})
    said = "Collected for social, health and unemployment insurance: 2,499.8 billion VND"
    assert f"{said}." in sentences(without)
    assert f"{said}, 100.02% of the plan of Vietnam Social Security." in sentences(
        replace(without, elsewhere={"COLLECT": theirs})
    )


def test_within_the_year_plans_are_named_exactly(data, english):
    data = replace(own(data, **PUBLISHED), month=Month.of(2023, 5))
    assert any("101.6% of the year's plan" in sentence for sentence in sentences(data))
    assert "of the plan to date" in finding(data)


def test_sums_that_are_not_whole_are_said_first(data, english):
    data = own(data, HI={"approved": 3, "provisional": True})
    assert sentences(data)[0].startswith("Provisional: only 3 of 9 reports are approved")
    assert "(of 3 communes)" in finding(data)


def test_next_years_rates_and_signatures_are_told(data, english):
    said = sentences(data)[-1]
    assert said.startswith("3 of 3 units have signed for 2024; targets of 2024: ")
    assert "SI coverage of the labour force of working age ≥" in said
    assert "participants" not in said


def test_without_figures_there_is_nothing_to_say(data, english):
    silent = replace(
        data, own=UnitFigures(data.own.unit, {}), children=(), promises=None, elsewhere={}
    )
    assert sentences(silent) == []
    assert finding(silent) == "Health insurance participants: no approved figures yet"
