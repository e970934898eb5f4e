"""A sum and a rate are of the units that know all of it, and say of how many those are."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.models import Kind
from districts.months import Month
from reports.engine.figures import (
    Status,
    figures_for,
    figures_of,
)
from reports.engine.trajectories import trajectory
from tests import builders

DECEMBER = Month.of(2024, 12)
JANUARY = Month.of(2024, 1)
FIVE = [100] * 5


@pytest.fixture
def more(catalogue):
    """The catalogue with a rate of two flows, a stock over a flow, and a sum with its rate."""
    files = builders.indicator("FILES", kind=Kind.FLOW, position=10)
    online = builders.indicator("ONLINE", kind=Kind.FLOW, position=11)
    late = builders.indicator("LATE", position=13)
    due = builders.indicator("DUE", kind=Kind.FLOW, position=14)
    forced = builders.indicator("SI_C", position=16)
    everyone = builders.total("SI", forced, catalogue["SI_V"], position=17)
    made = [
        files,
        online,
        builders.ratio("ONLINE_RATE", online, files, position=12),
        late,
        due,
        builders.ratio("LATE_RATE", late, due, position=15),
        forced,
        everyone,
        builders.ratio("SI_RATE", everyone, catalogue["POP"], position=18),
    ]
    catalogue |= {one.code: one for one in made}
    return catalogue


def covered(figure):
    return figure.approved, figure.expected


class TestRateOfABase:
    def test_three_of_five_reports_give_the_rate_of_the_three(self, put, figure, assign, province):
        put(DECEMBER, POP=FIVE, HI=[96, 96, 96, None, None])
        assign({(province, "HI_RATE"): 9600})
        rate = figure("HI_RATE")
        assert (rate.value, rate.numerator, rate.denominator) == (Decimal("96.00"), 288, 300)
        assert (covered(rate), rate.status) == ((3, 5), Status.INCOMPLETE)

    def test_while_it_is_incomplete_nothing_is_compared(self, put, figure, assign, province):
        put(DECEMBER.same_month_last_year, POP=FIVE, HI=[95] * 5)
        put(DECEMBER, HI=[96, 96, 96, None, None])
        assign({(province, "HI_RATE"): 9600, (province, "HI"): 480})
        for code, target in (("HI_RATE", Decimal("96.00")), ("HI", 480)):
            found = figure(code)
            assert (found.target, found.plan_to_date) == (target, target)
            assert {
                found.percent_of_target, found.percent_to_date, found.points_to_target,
                found.change, found.rank, found.gap,
            } == {None}  # fmt: skip
        assert figure("HI").value == 288
        assert figure("HI").last_year == 475

    def test_a_base_of_other_units_divides_nothing(self, put, figure):
        put(DECEMBER, POP=[100, 100, None, None, None], HI=[None, None, None, 295, 295])
        rate = figure("HI_RATE")
        assert (rate.value, rate.numerator, rate.denominator) == (None, None, None)
        assert (covered(rate), rate.status) == ((0, 5), Status.NO_TARGET)

    def test_one_base_missing_leaves_the_rate_of_the_four(self, put, figure, assign, province):
        put(DECEMBER, POP=[100, 100, 100, 100, None], HI=[90, 90, 90, 90, 10])
        assign({(province, "HI_RATE"): 9000})
        rate = figure("HI_RATE")
        assert (rate.value, covered(rate)) == (Decimal("90.00"), (4, 5))
        assert rate.status is Status.INCOMPLETE
        assert covered(figure("HI")) == (5, 5)

    def test_what_is_reported_is_matched_by_itself(self, put, figure):
        put(DECEMBER, POP=FIVE, HI=[90, 90, None, None, None])
        put(DECEMBER, HI=[None, None, 60, None, None], approve=False)
        rate = figure("HI_RATE")
        assert (rate.value, rate.reported_value) == (Decimal("90.00"), Decimal("80.00"))
        assert (rate.approved, rate.reported) == (2, 3)

    def test_nobody_of_nobody_is_not_applicable(self, put, figure, assign, communes, below):
        put(DECEMBER, POP=[0, 100, 100, 100, 100], HI=[0, 90, 90, 90, 90])
        assign({(unit, "HI_RATE"): 9000 for unit in communes})
        nobody = figure("HI_RATE", unit=communes[0])
        assert (nobody.value, nobody.status) == (None, Status.NOT_APPLICABLE)
        assert (nobody.target, nobody.percent_of_target) == (Decimal("90.00"), None)
        whole = figure("HI_RATE")
        assert (whole.value, covered(whole)) == (Decimal("90.00"), (5, 5))
        ranks = below("HI_RATE", unit=builders.by_code("901"))
        assert [(one.rank, one.ranked) for one in ranks.values()] == [(None, 2), (1, 2), (1, 2)]

    def test_one_of_seventy_five_missing_is_incomplete_too(self, put, figure, province):
        east = builders.by_code("901")
        many = [builders.unit(f"991{n:02}", f"Xã {n}", parent=east) for n in range(70)]
        builders.rebuild_map()
        five = [builders.by_code(f"9900{n}") for n in range(1, 6)]
        put(DECEMBER, units=[*five, *many], HI=[1] * 74 + [None])
        found = figure("HI")
        assert (covered(found), found.status) == ((74, 75), Status.INCOMPLETE)


class TestSums:
    def test_a_sum_adds_the_units_that_know_all_its_parts(self, more, put, figure, below):
        put(DECEMBER, POP=FIVE, SI_C=[10, 20, 30, None, None], SI_V=[1, 2, None, 4, None])
        whole = figure("SI")
        assert (whole.value, covered(whole)) == (33, (2, 5))
        assert sum(one.value or 0 for one in below("SI").values()) == whole.value
        rate = figure("SI_RATE")
        assert (rate.value, covered(rate)) == (Decimal("16.50"), (2, 5))


class TestFlows:
    def test_a_sum_of_flows_is_held_against_its_target_like_a_flow(
        self, more, put, figure, assign, province
    ):
        more["BOTH"] = builders.total("BOTH", more["FILES"], more["ONLINE"], position=19)
        for month in DECEMBER.year_to_date():
            put(month, FILES=FIVE, ONLINE=[20] * 5)
        assign({(province, "BOTH"): 7_199})
        found = figure("BOTH")
        assert (found.value, found.achieved, found.gap) == (600, 7_200, 1)
        assert (found.status, found.percent_of_target) == (Status.MET, Decimal("100.01"))

    def test_the_coverage_of_a_flow_is_that_of_its_least_month(self, put, figure, assign, province):
        for month in DECEMBER.year_to_date():
            put(month, HI_HH_NEW=[1, 1, 1] + [1 if month > JANUARY else None] * 2)
        assign({(province, "HI_HH_NEW"): 78})
        found = figure("HI_HH_NEW")
        assert (found.value, found.year_to_date) == (5, 58)
        assert (covered(found), found.status) == ((3, 5), Status.INCOMPLETE)
        assert (found.percent_of_target, found.plan_to_date) == (None, 78)

    def test_a_month_in_which_nothing_was_expected_lacks_nothing(self, catalogue, put, figure):
        catalogue["HI_HH_NEW"].since = Month.of(2024, 3)
        catalogue["HI_HH_NEW"].save()
        for month in DECEMBER.year_to_date()[2:]:
            put(month, HI_HH_NEW=[1] * 5)
        assert covered(figure("HI_HH_NEW")) == (5, 5)
        before = figure("HI_HH_NEW", month=Month.of(2024, 2))
        assert (covered(before), before.status) == ((0, 0), Status.NOT_APPLICABLE)

    def test_a_rate_of_flows_leaves_out_months_that_lack_either(self, more, put, figure, communes):
        one = communes[:1]
        for month in JANUARY, JANUARY + 2:
            put(month, units=one, ONLINE=[90], FILES=[100])
        put(JANUARY + 1, units=one, FILES=[100])
        rate = figure("ONLINE_RATE", unit=communes[0], month=JANUARY + 2)
        assert (rate.value, rate.numerator, rate.denominator) == (Decimal("90.00"), 180, 200)
        assert (covered(rate), rate.status) == ((0, 1), Status.INCOMPLETE)


class TestStockOverAFlow:
    @pytest.fixture
    def a_year(self, more, put):
        """100 due of every commune in each month of 2024, 48 late each month."""
        for month in DECEMBER.year_to_date():
            put(month, DUE=FIVE, LATE=[48] * 5)

    def test_it_is_divided_by_the_last_twelve_months(self, a_year, put, figure):
        assert figure("LATE_RATE").value == Decimal("4.00")
        put(DECEMBER + 1, DUE=[160] * 5, LATE=[63] * 5)
        january = figure("LATE_RATE", month=DECEMBER + 1)
        assert (january.numerator, january.denominator) == (315, 6300)
        assert (january.value, covered(january)) == (Decimal("5.00"), (5, 5))

    def test_it_has_no_value_before_twelve_months_are_known(self, a_year, figure):
        november = figure("LATE_RATE", month=DECEMBER - 1)
        assert (november.value, november.status) == (None, Status.NO_TARGET)

    def test_a_unit_that_lacks_a_month_is_left_out_above_and_below(self, more, put, figure):
        for month in DECEMBER.year_to_date():
            lacking = None if month.month == 4 else 100
            put(month, DUE=[100, 100, 100, 100, lacking], LATE=[48, 48, 48, 48, 1000])
        rate = figure("LATE_RATE")
        assert (rate.value, rate.numerator, rate.denominator) == (Decimal("4.00"), 192, 4800)
        assert (covered(rate), rate.status) == ((4, 5), Status.INCOMPLETE)

    def test_it_is_not_at_risk_because_the_year_has_begun(self, a_year, put, figure, assign):
        province = builders.by_code("99")
        assign({(province, "LATE_RATE"): 400}, year=2025, operator="at_most")
        put(DECEMBER + 1, DUE=FIVE, LATE=[48] * 5)
        january = figure("LATE_RATE", month=DECEMBER + 1)
        assert (january.percent_of_target, january.status) == (Decimal("100.00"), Status.MET)

    def test_a_change_of_the_map_within_the_twelve_months_is_bridged(self, more, put, reformed):
        july = Month.of(2025, 7)
        for month in range(july - 11, july):
            put(Month(month), DUE=[100, 100, 100, 100, 100])
        upper, lower, stays = (
            builders.by_code(code, builders.REFORM_DAY) for code in ("99001", "99004", "99005")
        )
        put(july, units=[upper, lower, stays], DUE=[260, 140, 100], LATE=[312, 84, None])
        found = figures_of(
            units=[upper, lower, stays, builders.by_code("99", builders.REFORM_DAY)],
            month=july,
            indicators=[more["LATE_RATE"]],
        )
        assert [(one.value, covered(one)) for one in found] == [
            (Decimal("10.00"), (1, 1)),
            (Decimal("5.00"), (1, 1)),
            (None, (0, 1)),
            (Decimal("8.25"), (2, 3)),
        ]


class TestMaps:
    def test_old_reports_are_matched_on_a_later_map(self, put, reformed, province, catalogue):
        june = Month.of(2025, 6)
        put(DECEMBER, POP=FIVE)
        put(june, HI=[90, None, 80, 70, None])
        found = figures_for(
            unit=province,
            month=june,
            indicators=[catalogue["HI_RATE"]],
            children=True,
            on_map=builders.REFORM_DAY,
        )
        whole, upper, lower, stays = found
        assert (whole.numerator, whole.denominator, covered(whole)) == (240, 300, (3, 5))
        assert (upper.numerator, upper.denominator, covered(upper)) == (90 + 48, 160, (2, 3))
        assert (lower.numerator, lower.denominator, covered(lower)) == (32 + 70, 140, (2, 2))
        assert (stays.value, covered(stays)) == (None, (0, 1))

    def test_so_is_a_base_that_one_predecessor_lacks(self, put, reformed, catalogue):
        june = Month.of(2025, 6)
        put(DECEMBER, POP=[100, None, 100, 100, 100])
        put(june, HI=[90, 70, 80, 70, 60])
        (upper,) = figures_of(
            units=[builders.by_code("99001", builders.REFORM_DAY)],
            month=june,
            indicators=[catalogue["HI_RATE"]],
            on_map=builders.REFORM_DAY,
        )
        assert (upper.numerator, upper.denominator, covered(upper)) == (90 + 48, 160, (2, 3))


class TestMonths:
    def test_a_trajectory_says_the_same_as_the_figures(self, put, figure, province, catalogue):
        put(DECEMBER - 1, POP=FIVE, HI=[96] * 5)
        put(DECEMBER, HI=[90, 90, None, None, None])
        months = [DECEMBER - 1, DECEMBER]
        for code in ("HI", "HI_RATE"):
            points = trajectory(unit=province, indicator=catalogue[code], months=months)
            assert [point.is_complete for point in points] == [True, False]
            for point in points:
                same = figure(code, month=point.month)
                assert (point.value, point.approved, point.percent_to_date) == (
                    same.value, same.approved, same.percent_to_date,
                )  # fmt: skip


class TestQueries:
    def test_only_what_is_incomplete_is_read_unit_by_unit_and_in_one_query(
        self, more, put, province, communes, catalogue
    ):
        codes = ("HI_RATE", "SI", "SI_RATE", "ONLINE_RATE")
        asked = {
            "units": [province, *(builders.by_code(code) for code in ("901", "902"))],
            "month": DECEMBER,
            "indicators": [catalogue[code] for code in codes],
        }
        for month in DECEMBER.year_to_date():
            put(month, ONLINE=[9] * 5, FILES=[10] * 5)
        put(DECEMBER, POP=FIVE, HI=[90] * 5, SI_C=[5] * 5, SI_V=[1] * 5)
        with CaptureQueriesContext(connection) as complete:
            figures_of(**asked)
        put(DECEMBER + 12, HI=[90, None, 80, 70, None], SI_C=[5, 5, None, None, 5], SI_V=[1] * 5)
        put(DECEMBER + 12, ONLINE=[None, 9, 9, 9, 9], FILES=[10] * 5)
        with CaptureQueriesContext(connection) as incomplete:
            figures_of(**asked | {"month": DECEMBER + 12})
        assert len(incomplete) == len(complete) + 1


known = st.none() | st.integers(0, 100)
rows = st.lists(st.tuples(known, st.none() | st.integers(1, 100)), min_size=5, max_size=5)


@settings(max_examples=25)
@given(rows)
def test_a_rate_lies_between_those_of_the_approved_units_below(
    province, catalogue, communes, put, numbers
):
    with transaction.atomic():
        counts, bases = zip(*numbers, strict=True)
        put(DECEMBER, HI=counts, POP=bases)
        units = [province, *(builders.by_code(code) for code in ("901", "902")), *communes]
        found = {
            one.unit.code: one
            for one in figures_of(units=units, month=DECEMBER, indicators=[catalogue["HI_RATE"]])
        }
        transaction.set_rollback(True)
    known = {
        unit.code: Fraction(100 * count, base)
        for unit, (count, base) in zip(communes, numbers, strict=True)
        if None not in (count, base)
    }
    for node, codes in (
        ("99", [unit.code for unit in communes]),
        ("901", ["99001", "99002", "99003"]),
        ("902", ["99004", "99005"]),
    ):
        rates = [known[code] for code in codes if code in known]
        assert covered(found[node]) == (len(rates), len(codes))
        assert (found[node].exact is None) == (not rates)
        if rates:
            assert min(rates) <= found[node].exact <= max(rates)
