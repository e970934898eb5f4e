"""What is said of who is short: in both languages the same as the judgement, to the last person."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given

from districts.months import Month
from reports.engine.comparing import is_short
from reports.engine.figures import Status
from reports.wording import (
    headlines,
    verdicts,
)
from reports.wording.shortfalls import (
    missing_to_date,
    shortfalls,
)
from reports.wording.words import number
from reports.workbook.sheets.units import remark
from tests.reports.engine.test_standing import judged
from tests.reports.workbook import synthetic

SHORT = {
    "en": ("short", "over the limit", "more than that is asked for"),
    "vi": ("thiếu", "vượt mức tối đa", "phải hơn chỉ tiêu"),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@given(figure=judged())
def test_whoever_is_short_is_listed_and_said_to_be_short_by_how_many(figure, language):
    with translation.override(language):
        said = verdicts.verdict(figure)
        assert any(words in said for words in SHORT[language]) is is_short(figure)
        title = verdicts.drag(shortfalls([figure]), [figure])
        if is_short(figure):
            assert number(missing_to_date(figure)) in title
            assert number(headlines.missing([figure])) in headlines.short_of_plan([figure])
            assert headlines.missing([figure]) >= 1


@pytest.fixture(scope="module")
def five():
    """Five units, each with at most 100, the whole with at most 450."""
    data = synthetic.conference(districts_wanted=5, communes_each=1, language="en")
    month = Month.of(2023, 12)

    def under(figure, value, limit, status):
        return replace(
            figure,
            month=month,
            value=value,
            target=limit,
            plan_to_date=limit,
            operator="at_most",
            status=status,
            percent_of_target=Decimal(value * 100) / limit,
            percent_to_date=Decimal(value * 100) / limit,
            approved=figure.expected,
            provisional=False,
        )

    numbers = [130, 90, 90, 90, 90]
    statuses = [Status.AT_RISK] + [Status.EXCEEDED] * 4
    below = [
        under(unit.figures["HI"], value, 100, status)
        for unit, value, status in zip(data.children, numbers, statuses, strict=True)
    ]
    return under(data.own.figures["HI"], 490, 450, Status.AT_RISK), below


def test_a_ceiling_is_kept_or_passed_and_nobody_falls_short_of_it(five, english):
    own, below = five
    assert headlines.headline(own, below) == (
        "The whole province is at 108.9% of the limit of 2023 for health insurance participants; "
        "1 district is 30 people over the limit"
    )
    lines = " ".join(headlines.standing(own, below))
    assert "<b>4</b> of 5 districts are within the limit." in lines
    assert "Had they kept the limit, the whole would stand at 102.2%." in lines
    assert "short" not in lines


def test_the_plan_of_the_year_and_what_is_short_to_date_are_told_apart(five, english):
    own, below = five
    within = [
        replace(one, operator="at_least", month=Month.of(2023, 9), status=status)
        for one, status in zip([own, *below], [Status.BEHIND] * 6, strict=True)
    ]
    within = [replace(one, value=90, plan_to_date=95) for one in within]
    said = headlines.headline(within[0], within[1:])
    assert "of the 2023 plan for" in said
    assert said.endswith("; 5 districts are 25 people short of the plan to date")
    named = " ".join(headlines.standing(within[0], within[1:]))
    assert "Behind, in percent of the year&#x27;s plan: " in named


@given(judged())
def test_what_must_come_down_is_never_said_to_be_needed(figure):
    with translation.override("en"):
        from_pace = (
            verdicts.needed(figure, shortfalls([figure])[0].pace) if is_short(figure) else ""
        )
    if figure.operator == "at_most" and from_pace:
        assert "needed" not in from_pace


def test_of_how_many_earlier_units_a_target_is_the_sum_is_said(five, english):
    own, _below = five
    assert verdicts.inherited(own) is None
    carried = replace(own, assigned=81, predecessors=200)
    assert "81 of 200 earlier units" in " ".join(verdicts.account(carried))
    assert "81 of 200 earlier units" in remark(carried)
