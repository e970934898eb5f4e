"""How a unit stands: judged by what is printed, held against what can be compared."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, reopen_period
from districts.months import Month
from reports.engine import rules
from reports.engine.comparing import is_short
from reports.engine.figures import Status
from reports.wording.shortfalls import (
    missing_to_date,
    pace_in_people,
    shortfalls,
)
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.reports.workbook import synthetic

DECEMBER = Month.of(2024, 12)
LAST = DECEMBER - 12
JUNE = Month.of(2024, 6)
SEPTEMBER = Month.of(2024, 9)
TODAY = date(2025, 1, 10)
FIVE = [100] * 5


class TestPlanToDate:
    def test_it_never_asks_for_more_than_the_year(self, put, figure, assign, communes):
        put(LAST, HI=[13_351, 1, 1, 1, 1])
        put(SEPTEMBER, HI=[13_151, 1, 1, 1, 1])
        assign({(communes[0], "HI"): 13_093})
        found = figure("HI", unit=communes[0], month=SEPTEMBER)
        assert (found.plan_to_date, found.status) == (13_093, Status.MET)
        assert (found.percent_of_target, found.percent_to_date) == (Decimal("100.44"),) * 2
        assert missing_to_date(found) == 0

    def test_a_ceiling_above_last_year_is_never_below_the_year(self, put, figure, assign, province):
        put(LAST, HI=[20] * 5)
        put(JUNE, HI=[23] * 5)
        assign({(province, "HI"): 120}, operator="at_most")
        found = figure("HI", month=JUNE)
        assert (found.plan_to_date, found.status) == (120, Status.EXCEEDED)
        assert missing_to_date(found) == 0

    def test_people_are_whole_in_the_plan_and_rounded_up_once(self, put, figure, assign, province):
        put(LAST, HI=[200] * 5)
        put(JUNE, HI=[200] * 5)
        assign({(province, "HI"): 1001})
        found = figure("HI", month=JUNE)
        assert (found.plan_to_date, found.status) == (1001, Status.BEHIND)
        assert (missing_to_date(found), found.percent_to_date) == (1, Decimal("99.90"))

    def test_under_a_ceiling_they_are_rounded_down(self, put, figure, assign, province):
        put(LAST, HI=[201, 200, 200, 200, 200])
        put(JUNE, HI=[201, 200, 200, 200, 200])
        assign({(province, "HI"): 1000}, operator="at_most")
        found = figure("HI", month=JUNE)
        assert (found.plan_to_date, found.status) == (1000, Status.BEHIND)
        assert (missing_to_date(found), found.percent_to_date) == (1, Decimal("100.10"))


class TestBaselines:
    def test_from_an_incomplete_december_no_line_is_drawn(self, put, figure, assign, province):
        put(LAST, HI=[1000, 1000, 1000, None, None])
        put(Month.of(2024, 1), HI=[1000] * 5)
        assign({(province, "HI"): 5500})
        found = figure("HI", month=Month.of(2024, 1))
        assert (found.plan_to_date, found.percent_to_date) == (None, None)
        assert (found.status, found.baseline_coverage) == (Status.NO_DATA, (3, 5))
        assert found.percent_of_target == Decimal("90.91")

    def test_what_meets_the_year_already_has_met_it_all_the_same(
        self, put, figure, assign, province
    ):
        put(JUNE, HI=[1100] * 5)
        assign({(province, "HI"): 5500})
        found = figure("HI", month=JUNE)
        assert (found.plan_to_date, found.status) == (None, Status.MET)
        assert found.baseline_coverage == (0, 5)

    def test_at_the_deadline_no_line_is_needed(self, put, figure, assign, province):
        put(DECEMBER, HI=[1000] * 5)
        assign({(province, "HI"): 5500})
        assert (figure("HI").plan_to_date, figure("HI").status) == (5500, Status.AT_RISK)

    def test_a_flow_begins_at_nothing_and_has_no_baseline(self, figure):
        assert figure("HI_HH_NEW").baseline_coverage is None


class TestLastYear:
    def test_a_flow_is_compared_year_to_date_with_year_to_date(self, put, figure):
        for month in (*JUNE.year_to_date(), *(JUNE - 12).year_to_date()):
            put(month, HI_HH_NEW=[month.year - 2022] * 5)
        found = figure("HI_HH_NEW", month=JUNE)
        assert (found.last_year, found.last_year_to_date, found.change) == (5, 30, 30)
        assert found.last_year_coverage == (5, 5)

    def test_of_a_year_of_which_one_month_is_known_nothing_is_compared(self, put, figure):
        put(LAST, HI_HH_NEW=[652] * 5)
        for month in DECEMBER.year_to_date():
            put(month, HI_HH_NEW=[650] * 5)
        found = figure("HI_HH_NEW")
        assert (found.year_to_date, found.last_year, found.last_year_to_date) == (
            39_000,
            3260,
            None,
        )
        assert (found.change, found.last_year_coverage) == (None, (0, 5))

    def test_half_the_units_of_last_year_are_no_year_to_compare_with(self, put, figure):
        for month in LAST.year_to_date():
            put(month, HI_HH_NEW=[5, 5, None, None, None])
        for month in DECEMBER.year_to_date():
            put(month, HI_HH_NEW=[5] * 5)
        found = figure("HI_HH_NEW")
        assert (found.change, found.last_year, found.last_year_to_date) == (None, None, None)
        assert (found.last_year_coverage, found.provisional) == ((2, 5), False)

    def test_a_stock_and_a_rate_need_every_unit_of_both_years(self, put, figure):
        put(LAST, POP=FIVE, HI=[90, 90, 90, None, 90])
        put(DECEMBER, HI=[95] * 5)
        for code in ("HI", "HI_RATE"):
            found = figure(code)
            assert (found.last_year, found.change) == (None, None)
            assert found.last_year_coverage == (4, 5)
        put(LAST, HI=[None, None, None, 90, None])
        assert figure("HI").change == 25
        assert figure("HI_RATE").change == Decimal("5.00")


class TestRounding:
    def test_a_hundred_percent_is_written_only_when_reached(self, put, figure, assign, province):
        put(DECEMBER, HI=[288_286, 0, 0, 0, 0])
        assign({(province, "HI"): 288_300})
        found = figure("HI")
        assert (found.status, found.percent_of_target) == (Status.BEHIND, Decimal("99.99"))
        assert missing_to_date(found) == 14

    def test_a_rate_is_judged_at_its_published_digits(self, put, figure, assign, province):
        put(DECEMBER, POP=[300_000, 0, 0, 0, 0], HI=[288_286, 0, 0, 0, 0])
        assign({(province, "HI_RATE"): 9610})
        found = figure("HI_RATE")
        assert (found.value, found.target) == (Decimal("96.10"),) * 2
        assert (found.status, found.percent_of_target) == (Status.MET, Decimal("100.00"))
        assert found.points_to_target == 0
        assert (missing_to_date(found), pace_in_people(found).missing) == (0, 0)

    def test_more_than_is_short_of_one_at_the_deadline_and_listed(
        self, put, figure, assign, communes
    ):
        put(DECEMBER, HI=[600, 0, 0, 0, 0])
        assign({(communes[0], "HI"): 600}, operator="more_than")
        found = figure("HI", unit=communes[0])
        assert (found.status, found.percent_of_target) == (Status.BEHIND, Decimal("99.99"))
        assert [one.missing for one in shortfalls([found])] == [1]

    @pytest.mark.parametrize("operator", ["at_least", "at_most"])
    def test_nothing_is_exceeded_at_nothing(self, put, figure, assign, province, operator):
        put(DECEMBER, HI=[0] * 5)
        assign({(province, "HI"): 0}, operator=operator)
        assert (figure("HI").status, figure("HI").percent_of_target) == (Status.MET, None)


class TestRanks:
    def test_whoever_is_incomplete_has_no_rank_and_of_counts_the_ranked(self, put, below, assign):
        east, west = builders.by_code("901"), builders.by_code("902")
        assign({(east, "HI"): 300, (west, "HI"): 200})
        put(DECEMBER, HI=[99, None, None, 97, 98])
        found = below("HI")
        assert (found["901"].rank, found["901"].status) == (None, Status.INCOMPLETE)
        assert (found["902"].rank, found["902"].percent_of_target) == (1, Decimal("97.50"))
        assert {one.ranked for one in found.values()} == {1}

    def test_a_year_to_date_with_a_month_missing_is_not_ranked(self, put, below, assign):
        east, west = builders.by_code("901"), builders.by_code("902")
        assign({(east, "HI_HH_NEW"): 300, (west, "HI_HH_NEW"): 200})
        for month in JUNE.year_to_date():
            put(month, HI_HH_NEW=[9, 9, 9, 9, None if month == JUNE - 3 else 9])
        found = below("HI_HH_NEW", month=JUNE)
        assert [one.rank for one in found.values()] == [1, None]

    def test_under_a_ceiling_the_lowest_leads(self, put, below, assign, communes, figure, province):
        assign(
            {**{(unit, "HI"): 100 for unit in communes}, (province, "HI"): 450}, operator="at_most"
        )
        put(DECEMBER, HI=[130, 90, 90, 90, 90])
        found = below("HI", unit=builders.by_code("901"))
        assert [one.rank for one in found.values()] == [3, 1, 1]
        whole = figure("HI")
        assert (whole.percent_of_target, whole.status) == (Decimal("108.89"), Status.AT_RISK)
        assert [(one.figure.unit.code, one.missing) for one in shortfalls(found.values())] == [
            ("99001", 30)
        ]


class TestClosedMonths:
    @pytest.fixture
    def correct(self, communes, catalogue):
        """Hand in numbers of the first commune after its month was closed."""

        def correct(**numbers):
            record_counts(
                entries=[
                    Entry(DECEMBER, communes[0].pk, catalogue[code].pk, number)
                    for code, number in numbers.items()
                ],
                actor=COMMAND_LINE,
                on=TODAY,
                why="counted twice",
                after_closing=True,
            )

        return correct

    def test_a_correction_that_waits_leaves_a_closed_month_official(
        self, put, correct, figure, province, communes, catalogue
    ):
        put(DECEMBER, HI=[1] * 5, POP=[2] * 5)
        close_period(unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
        correct(HI=5)
        found = figure("HI")
        assert (found.value, found.reported_value, found.provisional) == (5, 9, False)
        assert not figure("HI", unit=communes[0]).provisional
        correct(POP=8)
        assert not figure("HI_RATE").provisional
        assert not figure("HI_RATE", month=DECEMBER, on_map=DECEMBER.last_day).provisional
        reopen_period(
            unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY, why="to take it in"
        )
        assert figure("HI").provisional
        assert figure("HI_RATE").provisional

    def test_a_closed_month_that_lacks_a_report_stays_provisional(self, put, figure, province):
        put(DECEMBER, HI=[1, 1, 1, 1, None])
        close_period(unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
        assert figure("HI").provisional


# --- properties ----------------------------------------------------------------------------------

operators = st.sampled_from(["at_least", "more_than", "at_most"])


@st.composite
def judged(draw):
    """A figure as the engine would judge it, of a count or of a rate, and its published result."""
    rate = draw(st.booleans())
    operator, due = draw(operators), draw(st.booleans())
    decimals = 2 if rate else 0
    base = draw(st.integers(1, 2_000_000))
    count = draw(st.integers(0, base))
    exact = Fraction(count * 100, base) if rate else Fraction(count)
    near = rules.published(exact, decimals) * draw(
        st.sampled_from([Fraction(1), Fraction(999, 1000), Fraction(1001, 1000)])
        | st.fractions(Fraction(1, 2), 2)
    )
    target = rules.published(near, decimals)
    line = target if due else near * draw(st.fractions(Fraction(1, 2), Fraction(3, 2)))
    capped = rules.capped(line, target, operator)
    plan = rules.published(capped, 2) if rate else rules.whole_plan(capped, operator)
    found = rules.judge(
        exact=exact, decimals=decimals, plan=plan, target=target, operator=operator, due=due
    )
    like = _conference().own.figures["HI_RATE" if rate else "HI"]

    def people(number):
        return rules.half_up(number, 2) if rate else int(number)

    return replace(
        like,
        exact=exact,
        value=people(rules.published(exact, decimals)),
        target=people(target),
        plan_to_date=people(plan),
        operator=operator,
        deadline=like.month + (not due),
        status=found.status,
        percent_of_target=found.percent_of_target,
        percent_to_date=found.percent_to_date,
        numerator=count if rate else None,
        denominator=base if rate else None,
    )


@cache
def _conference():
    return synthetic.conference(districts_wanted=1, communes_each=1)


@given(judged())
def test_short_people_missing_and_the_list_of_who_is_short_are_one(figure):
    short = figure.status in (Status.BEHIND, Status.AT_RISK)
    assert is_short(figure) is short
    assert (missing_to_date(figure) >= 1) is short
    assert [one.figure for one in shortfalls([figure])] == ([figure] if short else [])
    if figure.percent_to_date is not None:
        beyond = figure.percent_to_date > 100
        assert (beyond if figure.operator == "at_most" else figure.percent_to_date < 100) is short


@given(judged())
def test_what_meets_the_year_is_never_behind_or_at_risk(figure):
    met = rules.is_met(Fraction(figure.value), Fraction(figure.target), figure.operator, due=True)
    if met:
        assert figure.status in (Status.EXCEEDED, Status.MET)
    if figure.percent_of_target is not None:
        over = figure.percent_of_target > 100
        assert met is (
            not over if figure.operator == "at_most" else figure.percent_of_target >= 100
        )


@given(judged())
def test_nothing_is_exceeded_that_asks_for_nothing(figure):
    if figure.plan_to_date == 0:
        assert figure.status is not Status.EXCEEDED
