"""The one engine: values, plans, comparisons, coverage, status and rank, on any map."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import WHOLE, Reorganisation
from districts.months import Month
from reports.engine.figures import (
    NotOnThisMap,
    Status,
    figures_for,
    figures_of,
    statuses_of,
)
from reports.engine.ground import Ground
from reports.engine.trajectories import (
    plan_ahead,
    trajectories,
    trajectory,
)
from tests import builders

DECEMBER = Month.of(2024, 12)


class TestValues:
    def test_a_stock_is_the_months_and_a_flow_also_the_years(self, put, figure):
        put(DECEMBER - 1, HI=[10] * 5, HI_HH_NEW=[1] * 5)
        put(DECEMBER, HI=[11] * 5, HI_HH_NEW=[2] * 5)
        assert (figure("HI").value, figure("HI").year_to_date) == (55, None)
        assert (figure("HI_HH_NEW").value, figure("HI_HH_NEW").year_to_date) == (10, 15)

    def test_blank_is_not_zero(self, put, figure):
        put(DECEMBER, SI_V=[0] * 5)
        assert figure("HI").value is None
        assert figure("HI").status is Status.NO_TARGET
        assert figure("SI_V").value == 0

    def test_a_rate_is_divided_last_from_its_parts(self, put, figure):
        put(Month.of(2023, 12), POP=[100, 100, 100, 100, 600])
        put(DECEMBER, HI=[99, 99, 99, 99, 300])
        rate = figure("HI_RATE")
        assert rate.value == Decimal("69.60")
        assert (rate.numerator, rate.denominator) == (696, 1000)
        assert rate.denominator_source == "command line, 10/01/2025"

    def test_a_new_base_of_one_unit_leaves_the_others_theirs(self, put, figure):
        put(Month.of(2023, 12), POP=[100] * 5)
        put(Month.of(2024, 6), POP=[200, None, None, None, None])
        put(Month.of(2024, 5), HI=[50] * 5)
        put(DECEMBER, HI=[50] * 5)
        assert figure("HI_RATE", month=Month.of(2024, 5)).denominator == 500
        assert figure("HI_RATE").denominator == 600

    def test_a_rate_is_that_of_the_units_whose_base_is_known(self, put, figure):
        put(DECEMBER, POP=[100, None, None, None, None], HI=[80, 90, 90, 90, 90])
        part = figure("HI_RATE")
        assert (part.value, part.numerator, part.denominator) == (Decimal("80.00"), 80, 100)
        assert (part.approved, part.expected, part.status) == (1, 5, Status.INCOMPLETE)
        put(DECEMBER, POP=[None, 100, 100, 100, 100])
        assert figure("HI_RATE").value == Decimal("88.00")

    def test_a_reported_rate_is_divided_by_the_reported_base(self, put, figure):
        put(DECEMBER, POP=[100] * 5, HI=[90] * 5)
        put(DECEMBER, POP=[200, None, None, None, None], approve=False)
        assert figure("HI_RATE").value == Decimal("90.00")
        assert figure("HI_RATE").reported_value == Decimal("75.00")

    def test_rounding_is_half_up_and_exact(self, put, figure):
        put(DECEMBER, POP=[100_000, 0, 0, 0, 0], HI=[96_125, 0, 0, 0, 0])
        assert figure("HI_RATE").value == Decimal("96.13")

    def test_what_the_province_collects_itself_is_the_provinces_figure(self, put, figure):
        put(DECEMBER, TOTAL=[1_250_450])
        total = figure("TOTAL")
        assert (total.value, total.approved, total.expected) == (1_250_450, 1, 1)

    def test_a_commune_has_its_own_figures(self, put, figure, communes):
        put(DECEMBER, HI=[1, 2, 3, 4, 5])
        mine = figure("HI", unit=communes[2])
        assert (mine.value, mine.approved, mine.expected) == (3, 1, 1)


class TestCoverage:
    def test_coverage_counts_the_units_expected_that_month(self, put, figure):
        put(DECEMBER, HI=[1, 2, None, None, None])
        put(DECEMBER, HI=[None, None, 3, None, None], approve=False)
        hi = figure("HI")
        assert (hi.value, hi.reported_value) == (3, 6)
        assert (hi.approved, hi.reported, hi.expected) == (2, 3, 5)
        assert hi.provisional

    def test_all_approved_as_reported_is_not_provisional(self, put, figure):
        put(DECEMBER, HI=[1] * 5)
        assert not figure("HI").provisional
        put(DECEMBER, HI=[2, None, None, None, None], approve=False)
        assert figure("HI").provisional
        assert figure("HI").value == 5

    def test_a_years_flow_is_provisional_while_one_month_is_missing(self, put, figure):
        january = Month.of(2024, 1)
        for month in (january, january + 2):
            put(month, HI_HH_NEW=[1] * 5)
        assert figure("HI_HH_NEW", month=january + 2).provisional
        put(january + 1, HI_HH_NEW=[0] * 5)
        assert not figure("HI_HH_NEW", month=january + 2).provisional


class TestPlans:
    def test_percent_of_the_plan_of_the_authority_asked_for(self, put, figure, assign, province):
        put(DECEMBER, HI=[20] * 5)
        assign({(province, "HI"): 80})
        assign({(province, "HI"): 200}, authority="vss")
        assert figure("HI").percent_of_target == Decimal("125.00")
        assert figure("HI", authority="vss").percent_of_target == Decimal("50.00")

    def test_a_rates_percent_is_the_ratio_of_the_rates_and_its_points_the_difference(
        self, put, figure, assign, province
    ):
        put(DECEMBER, POP=[100] * 5, HI=[90] * 5)
        assign({(province, "HI_RATE"): 9610})
        rate = figure("HI_RATE")
        assert rate.target == Decimal("96.1")
        assert rate.percent_of_target == Decimal("93.65")
        assert rate.points_to_target == Decimal("-6.10")
        assert figure("HI").points_to_target is None

    def test_the_plan_to_date_runs_straight_from_last_december(self, put, figure, assign, province):
        put(Month.of(2023, 12), HI=[20] * 5)
        put(Month.of(2024, 3), HI=[21] * 5)
        assign({(province, "HI"): 140})
        march = figure("HI", month=Month.of(2024, 3))
        assert march.plan_to_date == 110
        assert march.percent_to_date == Decimal("95.45")
        assert march.percent_of_target == Decimal("75.00")
        assert march.status is Status.AT_RISK

    def test_a_flows_plan_starts_at_nothing(self, put, figure, assign, province):
        assign({(province, "HI_HH_NEW"): 120})
        for month in Month.of(2024, 3).year_to_date():
            put(month, HI_HH_NEW=[2] * 5)
        march = figure("HI_HH_NEW", month=Month.of(2024, 3))
        assert (march.plan_to_date, march.percent_to_date) == (30, Decimal("100.00"))
        assert march.status is Status.MET

    def test_a_path_given_with_the_target_replaces_the_straight_line(
        self, put, figure, assign, province
    ):
        put(Month.of(2023, 12), HI=[20] * 5)
        put(Month.of(2024, 4), HI=[20] * 5)
        assign({(province, "HI"): 140}, path=[(Month.of(2024, 6), 100)])
        assert figure("HI", month=Month.of(2024, 4)).plan_to_date == 100

    def test_a_target_may_be_due_in_mid_year(self, put, figure, assign, province):
        put(Month.of(2023, 12), HI=[20] * 5)
        put(Month.of(2024, 6), HI=[24] * 5)
        assign({(province, "HI"): 120}, deadline=Month.of(2024, 6))
        assert figure("HI", month=Month.of(2024, 6)).percent_to_date == Decimal("100.00")

    def test_an_amendment_counts_from_its_month_and_the_past_stays(
        self, put, figure, assign, province
    ):
        first = assign({(province, "HI"): 100})
        assign({(province, "HI"): 80}, number="2/QĐ", amends=first, effective_on=date(2024, 7, 1))
        assert figure("HI", month=Month.of(2024, 6)).target == 100
        assert figure("HI", month=Month.of(2024, 7)).target == 80
        assert figure("HI", month=Month.of(2024, 7)).decision == "2/QĐ"

    def test_more_than_is_not_met_by_the_very_number(self, put, figure, assign, province):
        put(DECEMBER, HI=[20] * 5)
        assign({(province, "HI"): 100}, operator="more_than")
        assert figure("HI").status is Status.BEHIND

    def test_a_target_of_zero_is_not_divided_by(self, put, figure, assign, province):
        put(DECEMBER, HI=[1] * 5)
        assign({(province, "HI"): 0})
        assert figure("HI").percent_of_target is None
        assert figure("HI").status is Status.MET

    def test_a_target_without_data_says_so(self, figure, assign, province):
        assign({(province, "HI"): 100})
        assert figure("HI").status is Status.NO_DATA


class TestRanks:
    def test_equal_shares_of_the_plan_share_a_rank(self, put, assign, province, catalogue):
        east = builders.by_code("901")
        extra = builders.unit("99009", "Khe Lạnh", parent=east)
        builders.rebuild_map()
        four = [*(builders.by_code(f"9900{n}") for n in (1, 2, 3)), extra]
        assign({(unit, "HI"): 100 for unit in four})
        put(DECEMBER, units=four, HI=[90, 95, 90, 80])
        found = figures_for(unit=east, month=DECEMBER, indicators=[catalogue["HI"]], children=True)
        assert [(f.unit.code, f.rank) for f in found] == [
            ("901", None),
            ("99001", 2),
            ("99002", 1),
            ("99003", 2),
            ("99009", 4),
        ]

    def test_who_has_no_target_or_no_data_has_no_rank(self, put, assign, communes, catalogue):
        east = builders.by_code("901")
        assign({(communes[0], "HI"): 100, (communes[1], "HI"): 100})
        put(DECEMBER, HI=[90, None, 90, None, None])
        found = figures_for(unit=east, month=DECEMBER, indicators=[catalogue["HI"]], children=True)
        assert [f.rank for f in found] == [None, 1, None, None]


class TestMaps:
    @pytest.fixture
    def filled(self, put, reformed, catalogue):
        """June 2024 on the old map, June to July 2025 across the reform."""
        put(Month.of(2024, 7), HI=[10, 20, 5, 40, 50], POP=[100] * 5)
        put(Month.of(2025, 6), HI=[11, 21, 31, 41, 51], HI_HH_NEW=[1, 2, 3, 4, 5])
        new = [builders.by_code(code, builders.REFORM_DAY) for code in ("99001", "99004", "99005")]
        put(Month.of(2025, 7), units=new, HI=[50, 55, 52], HI_HH_NEW=[1, 1, 1])
        return new

    def test_the_province_is_the_same_on_every_map(self, filled, figure):
        for month, value in ((Month.of(2024, 7), 125), (Month.of(2025, 6), 155)):
            assert figure("HI", month=month).value == value
            assert figure("HI", month=month, on_map=builders.REFORM_DAY).value == value
            assert not figure("HI", month=month, on_map=builders.REFORM_DAY).estimated

    def test_old_counts_are_shown_on_todays_map_and_nobody_is_lost(
        self, filled, province, catalogue
    ):
        found = figures_for(
            unit=province,
            month=Month.of(2025, 6),
            indicators=[catalogue["HI"]],
            children=True,
            on_map=builders.REFORM_DAY,
        )
        assert [(f.unit.code, f.value, f.estimated) for f in found] == [
            ("99", 155, False),
            ("99001", 11 + 21 + 19, True),
            ("99004", 41 + 12, True),
            ("99005", 51, False),
        ]
        assert [(f.approved, f.expected) for f in found] == [(5, 5), (3, 3), (2, 2), (1, 1)]

    def test_last_year_is_compared_on_the_map_of_the_month_asked_for(self, filled, figure):
        (upper, _lower, stays) = filled
        assert figure("HI", month=Month.of(2025, 7)).last_year == 125
        assert figure("HI", unit=upper, month=Month.of(2025, 7)).last_year == 10 + 20 + 3
        assert figure("HI", unit=upper, month=Month.of(2025, 7)).change == 50 - 33
        assert figure("HI", unit=stays, month=Month.of(2025, 7)).last_year == 50

    def test_a_years_flow_runs_on_across_the_reform(self, filled, figure):
        upper = filled[0]
        assert figure("HI_HH_NEW", month=Month.of(2025, 7)).year_to_date == 18
        assert figure("HI_HH_NEW", unit=upper, month=Month.of(2025, 7)).year_to_date == 3 + 2 + 1

    def test_a_base_goes_over_to_the_successors(self, filled, figure):
        july = Month.of(2025, 7)
        assert figure("HI_RATE", month=july).denominator == 500
        upper = figure("HI_RATE", unit=filled[0], month=july)
        assert (upper.denominator, upper.estimated) == (260, True)

    def test_a_commune_without_a_target_has_what_its_predecessors_were_assigned(
        self, filled, figure, assign, communes
    ):
        assign(dict.fromkeys(((unit, "HI") for unit in communes), 100), year=2025)
        upper = figure("HI", unit=filled[0], month=Month.of(2025, 7))
        assert (upper.target, upper.estimated) == (260, True)
        assert figure("HI", unit=filled[2], month=Month.of(2025, 7)).target == 100

    def test_a_target_of_its_own_replaces_what_the_predecessors_were_assigned(
        self, filled, figure, assign, communes
    ):
        first = assign(dict.fromkeys(((unit, "HI") for unit in communes), 100), year=2025)
        assign(
            {(filled[0], "HI"): 70},
            year=2025,
            number="2/QĐ",
            amends=first,
            effective_on=builders.REFORM_DAY,
        )
        assert figure("HI", unit=filled[0], month=Month.of(2025, 7)).target == 70

    @pytest.fixture
    def absorbed(self, put, communes):
        """On 2025-07-01 commune 99001 ends and 99002, which stands, takes it over."""
        gone, heir = communes[:2]
        put(Month.of(2024, 12), POP=[300, 100, 1, 1, 1])
        merger = Reorganisation.objects.create(
            name="Sáp nhập", effective_on=builders.REFORM_DAY, state=Reorganisation.State.APPLIED
        )
        builders.end_unit(gone, builders.REFORM_DAY)
        builders.succession(merger, gone, {heir: WHOLE})
        builders.rebuild_map()
        return gone, heir

    def test_a_standing_commune_has_the_targets_of_whom_it_takes_over_besides_its_own(
        self, absorbed, figure, assign, put
    ):
        gone, heir = absorbed
        assign({(gone, "HI"): 70, (heir, "HI"): 30}, year=2025)
        june, july = Month.of(2025, 6), Month.of(2025, 7)
        before = figure("HI", unit=heir, month=june)
        assert (before.target, before.estimated) == (30, False)
        after = figure("HI", unit=heir, month=july)
        assert (after.target, after.estimated) == (100, False)
        assert figure("HI", unit=heir, month=june, on_map=builders.REFORM_DAY).target == 100

    def test_rates_assigned_to_both_are_weighed_by_the_bases_from_before(
        self, absorbed, figure, assign
    ):
        gone, heir = absorbed
        assign({(gone, "HI_RATE"): 9000, (heir, "HI_RATE"): 8000}, year=2025)
        assert figure("HI_RATE", unit=heir, month=Month.of(2025, 7)).target == Decimal("87.5")

    def test_a_decision_from_the_takeover_on_assigns_the_target_anew(
        self, absorbed, figure, assign
    ):
        gone, heir = absorbed
        first = assign({(gone, "HI"): 70, (heir, "HI"): 30}, year=2025)
        assign(
            {(heir, "HI"): 95},
            year=2025,
            number="2/QĐ",
            amends=first,
            effective_on=builders.REFORM_DAY,
        )
        anew = figure("HI", unit=heir, month=Month.of(2025, 7))
        assert (anew.target, anew.estimated) == (95, False)

    def test_new_counts_cannot_be_shown_on_an_older_map(self, filled, figure):
        with pytest.raises(NotOnThisMap):
            figure("HI", month=Month.of(2025, 7), on_map=date(2025, 6, 30))

    def test_a_trajectory_stands_on_one_map(self, filled, catalogue):
        months = [Month.of(2024, 7), Month.of(2025, 6), Month.of(2025, 7)]
        points = trajectory(unit=filled[0], indicator=catalogue["HI"], months=months)
        assert [point.value for point in points] == [33, 51, 50]

    def test_trajectories_of_many_are_those_of_each(self, filled, catalogue):
        months = [Month.of(2025, 6), Month.of(2025, 7)]
        both = [catalogue["HI"], catalogue["HI_HH_NEW"]]
        found = trajectories(units=filled, indicators=both, months=months)
        assert found == {
            (unit.pk, indicator.pk): trajectory(unit=unit, indicator=indicator, months=months)
            for unit in filled
            for indicator in both
        }


class TestPlanAhead:
    @pytest.fixture
    def ahead(self, province, catalogue):
        def ahead(code, month):
            points = plan_ahead(unit=province, indicator=catalogue[code], month=month)
            return [(point.month, point.plan) for point in points]

        return ahead

    def test_the_plan_runs_on_to_the_end_of_the_year(self, put, assign, province, ahead):
        put(Month.of(2023, 12), HI=[20] * 5)
        assign({(province, "HI"): 220})
        assert ahead("HI", Month.of(2024, 9)) == [
            (Month.of(2024, 10), 200),
            (Month.of(2024, 11), 210),
            (Month.of(2024, 12), 220),
        ]

    def test_in_december_next_years_plan_starts_from_the_result(self, put, assign, province, ahead):
        put(DECEMBER, HI=[20] * 5)
        assign({(province, "HI"): 90}, year=2024)
        assign({(province, "HI"): 220}, year=2025, number="2/QĐ")
        points = ahead("HI", DECEMBER)
        assert (len(points), points[0], points[-1]) == (
            12,
            (Month.of(2025, 1), 110),
            (Month.of(2025, 12), 220),
        )

    def test_before_a_reform_the_plan_still_runs_to_december(
        self, put, assign, province, catalogue, reformed
    ):
        east = builders.by_code("901")
        put(DECEMBER, HI=[20] * 5)
        assign({(east, "HI"): 120}, year=2025)
        points = plan_ahead(unit=east, indicator=catalogue["HI"], month=Month.of(2025, 6))
        assert [point.plan for point in points] == [95, 100, 105, 110, 115, 120]

    def test_without_a_target_there_is_no_plan(self, put, ahead):
        put(DECEMBER, HI=[20] * 5)
        assert ahead("HI", DECEMBER) == []


def test_the_number_of_queries_does_not_grow_with_units(put, assign, province, communes, catalogue):
    put(DECEMBER, HI=[1] * 5, POP=[2] * 5)
    assign({(province, "HI"): 5, (communes[0], "HI"): 1})
    with CaptureQueriesContext(connection) as two:
        figures_of(units=communes[:2], month=DECEMBER, indicators=[catalogue["HI_RATE"]])
    with CaptureQueriesContext(connection) as all_of_them:
        figures_of(units=communes, month=DECEMBER, indicators=[catalogue["HI_RATE"]])
    assert len(all_of_them) == len(two)


def test_the_status_alone_is_that_of_the_figure(put, assign, province, communes, catalogue):
    put(DECEMBER, HI=[120, 100, 98, 50, 70])
    assign({(unit, "HI"): 100 for unit in communes[:4]})
    figures = figures_of(units=communes, month=DECEMBER, indicators=[catalogue["HI"]])
    alone = statuses_of(units=communes, month=DECEMBER, indicator=catalogue["HI"])
    assert alone == {figure.unit.pk: figure.status for figure in figures}
    assert len(set(alone.values())) == 5


def test_questions_on_one_ground_read_the_catalogue_and_the_map_once(put, communes, catalogue):
    put(DECEMBER, HI=[1] * 5, POP=[2] * 5)
    asked = {"units": communes[:2], "month": DECEMBER, "indicators": [catalogue["HI_RATE"]]}
    ground = Ground()
    first = figures_of(**asked, ground=ground)
    with CaptureQueriesContext(connection) as again:
        second = figures_of(**asked, ground=ground)
    assert first == second == figures_of(**asked)
    read = " ".join(query["sql"] for query in again.captured_queries)
    assert 'FROM "commitments_count"' in read
    assert 'FROM "commitments_indicator"' not in read
    assert 'FROM "districts_reorganisation"' not in read
