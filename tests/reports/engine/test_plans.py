"""Targets on maps: what predecessors were assigned, and what is asked for by when."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.targets.decisions import NewTarget, record_decision
from districts.models import WHOLE, Reorganisation, Succession, Unit
from districts.months import Month
from reports.engine import rules
from reports.engine.figures import (
    figures_for,
    figures_of,
)
from reports.engine.plans import (
    Plan,
    Plans,
)
from steering.accounts.actors import COMMAND_LINE
from tests import builders

DECEMBER = Month.of(2024, 12)
MAY, JUNE, JULY = Month.of(2025, 5), Month.of(2025, 6), Month.of(2025, 7)
TODAY = date(2026, 1, 10)


@pytest.fixture
def assign(assign):
    """Decisions of 2025 unless said."""
    return partial(assign, year=2025)


@pytest.fixture
def figure(figure):
    """Figures of the first month after the reform unless said."""
    return partial(figure, month=JULY)


@pytest.fixture
def heirs(reformed):
    """After the reform: 99001 of 99001, 99002 and 60 % of 99003; 99004; and 99005, which stays."""
    return [builders.by_code(code, builders.REFORM_DAY) for code in ("99001", "99004", "99005")]


def merger(name: str, gone: Unit, shares: dict[Unit, int], **more) -> Reorganisation:
    """``gone`` ends on the day of the reform and ``shares`` continue it."""
    reform, _made = Reorganisation.objects.get_or_create(
        name=name,
        effective_on=builders.REFORM_DAY,
        defaults={"state": Reorganisation.State.APPLIED},
    )
    builders.end_unit(gone, builders.REFORM_DAY)
    builders.succession(reform, gone, shares, **more)
    return reform


class TestWhatWasAssignedToPredecessors:
    def test_those_that_were_assigned_one_are_added_and_counted(
        self, heirs, assign, figure, communes
    ):
        assign({(communes[0], "SI_V"): 10, (communes[2], "SI_V"): 5})
        upper, lower, stays = (figure("SI_V", unit=unit) for unit in heirs)
        assert (upper.target, upper.assigned, upper.predecessors) == (13, 2, 3)
        assert (lower.target, lower.assigned, lower.predecessors) == (2, 1, 2)
        assert (stays.target, stays.predecessors) == (None, 0)
        assert (upper.estimated, lower.estimated) == (True, True)

    def test_whole_units_added_are_not_estimated(self, heirs, assign, figure, communes):
        assign({(communes[0], "HI_HH_NEW"): 10, (communes[1], "HI_HH_NEW"): 7})
        upper = figure("HI_HH_NEW", unit=heirs[0], month=JULY)
        assert (upper.target, upper.predecessors) == (17, 3)
        whole = figures_for(
            unit=heirs[0],
            month=MAY,
            indicators=[upper.indicator],
            on_map=builders.REFORM_DAY,
        )[0]
        # What it counted itself is divided all the same, and so marked; its target is not.
        assert whole.target == 17

    @pytest.mark.parametrize("code", ["HI", "HI_HH_NEW"])
    def test_a_path_of_a_predecessor_survives(self, heirs, assign, figure, put, communes, code):
        put(DECEMBER, HI=[0] * 5)
        assign({(communes[0], code): 160})
        assign({(communes[1], code): 50}, number="2/QĐ", path=[(JUNE, 5)])
        june = figure(code, unit=heirs[0], month=JUNE, on_map=builders.REFORM_DAY)
        assert (june.target, june.plan_to_date) == (210, 85)
        december = figure(code, unit=heirs[0], month=Month.of(2025, 12))
        assert december.plan_to_date == 210

    def test_the_line_of_some_predecessors_starts_from_their_results_alone(
        self, heirs, assign, figure, put, communes
    ):
        put(DECEMBER, HI=[100, 1000, 0, 0, 0])
        assign({(communes[0], "HI"): 160})
        june = figure("HI", unit=heirs[0], month=JUNE, on_map=builders.REFORM_DAY)
        assert (june.target, june.plan_to_date) == (160, 130)

    def test_a_standing_unit_without_a_target_counts_itself_among_the_predecessors(
        self, assign, figure, communes
    ):
        gone, heir = communes[:2]
        merger("Sáp nhập", gone, {heir: WHOLE})
        builders.rebuild_map()
        assign({(gone, "HI"): 70})
        found = figure("HI", unit=heir)
        assert (found.target, found.assigned, found.predecessors) == (70, 1, 2)

    def test_a_taking_over_without_a_target_leaves_the_own_one(self, assign, figure, communes):
        gone, heir = communes[:2]
        merger("Sáp nhập", gone, {heir: WHOLE})
        builders.rebuild_map()
        assign({(heir, "HI"): 30})
        found = figure("HI", unit=heir)
        assert (found.target, found.assigned, found.predecessors) == (30, 0, 0)

    def test_what_was_assigned_anew_between_two_reforms_is_not_added_twice(
        self, assign, figure, communes, province
    ):
        """99001 goes into 99002 in April, which is assigned anew, and in July into 99003."""
        first, second, third = communes[:3]
        april = Reorganisation.objects.create(
            name="Tháng tư", effective_on=date(2025, 4, 1), state=Reorganisation.State.APPLIED
        )
        builders.end_unit(first, date(2025, 4, 1))
        builders.succession(april, first, {second: WHOLE})
        merger("Tháng bảy", second, {third: WHOLE})
        builders.rebuild_map()
        old = assign({(first, "HI"): 10, (second, "HI"): 20, (third, "HI"): 30})
        assign({(second, "HI"): 33}, number="2/QĐ", amends=old, effective_on=date(2025, 4, 1))
        assert figure("HI", unit=third).target == 63

    def test_a_district_has_what_the_districts_it_continues_were_assigned(
        self, assign, figure, put, province
    ):
        east, west = builders.by_code("901"), builders.by_code("902")
        both = builders.unit(
            "903", "Thông Đá", tier="district", parent=province, since=builders.REFORM_DAY
        )
        for old in (east, west):
            merger("Nhập huyện", old, {both: WHOLE})
        for commune in map(builders.by_code, ("99001", "99002", "99003", "99004", "99005")):
            builders.move_unit(commune, both, builders.REFORM_DAY)
        builders.rebuild_map()
        put(DECEMBER, HI=[10] * 5)
        assign({(east, "HI"): 90, (west, "HI"): 60})
        found = figure("HI", unit=both, month=JUNE, on_map=builders.REFORM_DAY)
        assert (found.target, found.plan_to_date, found.estimated) == (150, 100, False)


class TestAmendments:
    @pytest.fixture
    def first(self, assign, province):
        return assign({(province, "HI_HH_NEW"): 1200})

    @pytest.fixture
    def asked(self, figure):
        """What is asked for by the end of each of some months of 2025."""

        def asked(code, *months, **more):
            found = (figure(code, month=Month.of(2025, month), **more) for month in months)
            return [one.plan_to_date for one in found]

        return asked

    def test_the_line_bends_at_the_month_an_amendment_takes_effect(
        self, first, assign, province, asked
    ):
        amended = {"amends": first, "effective_on": date(2025, 7, 1), "number": "2/QĐ"}
        assign({(province, "HI_HH_NEW"): 2400}, **amended)
        assert asked("HI_HH_NEW", 6, 7, 9, 12) == [600, 900, 1500, 2400]

    def test_an_amendment_in_mid_month_bends_at_the_month_before(
        self, first, assign, province, asked
    ):
        amended = {"amends": first, "effective_on": date(2025, 7, 20), "number": "2/QĐ"}
        assign({(province, "HI_HH_NEW"): 2400}, **amended)
        assert asked("HI_HH_NEW", 6, 7) == [600, 900]

    def test_amendments_follow_one_another(self, first, assign, province, asked):
        second = assign(
            {(province, "HI_HH_NEW"): 2400},
            amends=first,
            effective_on=date(2025, 7, 1),
            number="2/QĐ",
        )
        assign(
            {(province, "HI_HH_NEW"): 1800},
            amends=second,
            effective_on=date(2025, 10, 1),
            number="3/QĐ",
        )
        assert asked("HI_HH_NEW", 6, 9, 10, 12) == [600, 1500, 1600, 1800]

    def test_a_target_cut_below_what_was_asked_for_asks_for_no_more_than_itself(
        self, first, assign, province, asked
    ):
        amended = {"amends": first, "effective_on": date(2025, 7, 1), "number": "2/QĐ"}
        assign({(province, "HI_HH_NEW"): 480}, **amended)
        assert asked("HI_HH_NEW", 6, 7, 12) == [600, 480, 480]

    def test_a_path_given_with_the_amendment_says_the_way(self, first, assign, province, asked):
        amended = {"amends": first, "effective_on": date(2025, 7, 1), "number": "2/QĐ"}
        path = [(Month.of(2025, 9), 1200)]
        assign({(province, "HI_HH_NEW"): 2400}, **amended, path=path)
        assert asked("HI_HH_NEW", 7, 9, 12) == [800, 1200, 2400]

    def test_a_path_over_the_whole_year_knows_no_bend(self, first, assign, province, asked):
        amended = {"amends": first, "effective_on": date(2025, 7, 1), "number": "2/QĐ"}
        path = [(Month.of(2025, 3), 900), (Month.of(2025, 9), 1500)]
        assign({(province, "HI_HH_NEW"): 2400}, **amended, path=path)
        assert asked("HI_HH_NEW", 6, 7) == [600, 1300]

    def test_the_line_of_a_stock_bends_too(self, assign, province, put, asked):
        put(DECEMBER, HI=[20] * 5)
        first = assign({(province, "HI"): 220})
        assign({(province, "HI"): 340}, amends=first, effective_on=date(2025, 7, 1), number="2/QĐ")
        assert asked("HI", 6, 7, 12) == [160, 190, 340]

    def test_what_is_assigned_to_a_new_unit_goes_on_from_its_predecessors(
        self, heirs, assign, communes, asked
    ):
        first = assign({(communes[0], "HI_HH_NEW"): 60, (communes[1], "HI_HH_NEW"): 60})
        assign(
            {(heirs[0], "HI_HH_NEW"): 180},
            amends=first,
            effective_on=builders.REFORM_DAY,
            number="2/QĐ",
        )
        more = {"unit": heirs[0], "on_map": builders.REFORM_DAY}
        assert asked("HI_HH_NEW", 6, 7, 12, **more) == [60, 80, 180]


class TestLatePayment:
    """A stock over the receivable of twelve months: late payment of 5 people's contributions."""

    @pytest.fixture
    def late(self, catalogue, communes):
        owed = builders.indicator("LATE", direction="down", position=8)
        due = builders.indicator("RECEIV", kind="flow", position=9)
        rate = builders.ratio("LATE_RATE", owed, due, position=10)
        catalogue |= {one.code: one for one in (owed, due, rate)}
        return catalogue

    @pytest.fixture
    def steady(self, late, put):
        """Twelve of 1,000 owed in a month, month by month, in 2024 and 2025."""
        for month in range(Month.of(2024, 1), Month.of(2025, 12) + 1):
            put(Month(month), RECEIV=[1000] * 5, LATE=[144] * 5)

    def test_who_stays_as_good_as_asked_for_is_never_at_risk(
        self, steady, assign, province, figure
    ):
        assign({(province, "LATE_RATE"): 120}, operator="at_most")
        for month in range(1, 13):
            found = figure("LATE_RATE", month=Month.of(2025, month))
            assert (found.value, found.plan_to_date) == (Decimal("1.20"), Decimal("1.20"))
            assert found.status in ("met", "exceeded")

    def test_the_line_leads_from_last_decembers_rate_to_the_target(
        self, steady, assign, province, figure
    ):
        assign({(province, "LATE_RATE"): 60}, operator="at_most")
        asked = [figure("LATE_RATE", month=Month.of(2025, n)).plan_to_date for n in (1, 6, 12)]
        assert asked == [Decimal("1.15"), Decimal("0.90"), Decimal("0.60")]

    def test_without_last_decembers_rate_there_is_no_line(
        self, late, put, assign, province, figure
    ):
        for month in range(Month.of(2024, 6), Month.of(2025, 7)):
            put(Month(month), RECEIV=[1000] * 5, LATE=[144] * 5)
        assign({(province, "LATE_RATE"): 60}, operator="at_most")
        may = figure("LATE_RATE", month=MAY)
        assert (may.value, may.plan_to_date, may.status) == (Decimal("1.20"), None, "no_data")


class TestOtherAuthority:
    def test_what_is_assigned_to_the_province_alone_gives_communes_no_target(
        self, assign, province, communes, put, figure
    ):
        put(DECEMBER, HI=[100] * 5)
        assign({(province, "HI"): 600}, authority="vss")
        asked = {"month": DECEMBER + 1, "authority": "vss"}
        put(DECEMBER + 1, HI=[100] * 5)
        assert figure("HI", **asked).target == 600
        assert {figure("HI", unit=unit, **asked).status for unit in communes} == {"no_target"}


class TestDueNextYear:
    def test_a_target_of_a_stock_lives_on_until_it_is_due(self, assign, province, put, figure):
        put(Month.of(2023, 12), HI=[20] * 5)
        put(DECEMBER, HI=[24] * 5)
        put(Month.of(2025, 1), HI=[24] * 5)
        assign({(province, "HI"): 280}, year=2024, deadline=JUNE)
        january = figure("HI", month=Month.of(2025, 1))
        # Thirteen of eighteen months from 100 to 280.
        assert (january.target, january.plan_to_date, january.deadline) == (280, 230, JUNE)
        assert figure("HI", month=JUNE).plan_to_date == 280
        assert figure("HI", month=JULY).target is None

    def test_a_newer_decision_assigns_it_anew(self, assign, province, put, figure):
        put(DECEMBER, HI=[24] * 5)
        assign({(province, "HI"): 280}, year=2024, deadline=JUNE)
        assign({(province, "HI"): 240}, year=2025, number="2/QĐ")
        found = figure("HI", month=Month.of(2025, 1))
        assert (found.target, found.plan_to_date) == (240, 130)

    def test_a_flow_is_counted_from_each_january_so_its_target_ends_with_the_year(
        self, assign, province, figure
    ):
        assign({(province, "HI_HH_NEW"): 1800}, year=2024, deadline=JUNE)
        assert figure("HI_HH_NEW", month=DECEMBER).target == 1800
        assert figure("HI_HH_NEW", month=Month.of(2025, 1)).target is None


class TestUnknownShares:
    """99003 goes to new 99001 and 99004 in shares nobody knows: all is assumed to be 99001's."""

    @pytest.fixture
    def two(self, province, communes, put):
        main, other = (
            builders.unit(code, name, parent=province, since=builders.REFORM_DAY)
            for code, name in (("99011", "Phần Lớn"), ("99012", "Phần Nhỏ"))
        )
        merger("Chia xã", communes[2], {main: WHOLE, other: 0}, basis="assumed")
        builders.rebuild_map()
        put(DECEMBER, HI=[90] * 5, POP=[700] * 5)
        put(JULY - 12, HI=[80, 80, 600, 80, 80], HI_HH_NEW=[1, 1, 6, 1, 1])
        put(JUNE, HI=[100, 100, 600, 100, 100])
        now = [*communes[:2], main, other, *communes[3:]]
        put(JULY, units=now, HI=[100, 100, 200, 200, 100, 100])
        return main, other

    def test_neither_heir_has_a_rate_or_a_comparison(self, two, figure):
        for heir in two:
            hi, rate = figure("HI", unit=heir), figure("HI_RATE", unit=heir)
            assert (hi.value, hi.last_year, hi.change) == (200, None, None)
            assert (rate.value, rate.denominator, rate.last_year, rate.change) == (None,) * 4

    def test_the_main_heir_keeps_counts_and_targets_marked_and_the_other_none(
        self, two, figure, assign, communes
    ):
        assign({(communes[2], "HI"): 720})
        main, other = (
            figure("HI", unit=heir, month=JUNE, on_map=builders.REFORM_DAY) for heir in two
        )
        assert (main.value, main.target, main.estimated) == (600, 720, True)
        assert (other.value, other.target) == (None, None)
        # Where the year began for it nobody knows.
        assert main.plan_to_date is None
        rate = figure("HI_RATE", unit=two[0], month=JUNE, on_map=builders.REFORM_DAY)
        assert rate.value is None

    def test_what_lies_above_is_exact(self, two, figure):
        hi, rate = figure("HI"), figure("HI_RATE")
        assert (hi.value, hi.last_year, hi.change) == (800, 920, -120)
        assert (rate.numerator, rate.denominator, rate.value) == (800, 3500, Decimal("22.86"))
        assert (rate.approved, rate.expected) == (6, 6)
        assert (hi.estimated, rate.estimated) == (False, False)

    def test_a_base_of_its_own_gives_an_heir_its_rate(self, two, figure, put):
        put(JULY, units=two, POP=[400, None])
        main, other = (figure("HI_RATE", unit=heir) for heir in two)
        assert (main.value, other.value) == (Decimal("50.00"), None)
        # Of the other nobody knows the base: the whole is known of five units out of six.
        whole = figure("HI_RATE")
        assert (whole.approved, whole.numerator, whole.denominator) == (5, 600, 3200)
        put(JULY, units=two, POP=[None, 300])
        assert figure("HI_RATE", unit=two[1]).value == Decimal("66.67")
        assert figure("HI_RATE").denominator == 3500


@pytest.fixture
def merged(province, put, catalogue):
    """Province 98 goes with 99 into a new 99 on 2025-07-01, its one commune with it."""
    other = builders.unit("98", "Núi Xanh", tier="province")
    builders.unit("98", "Núi Xanh", tier="office", parent=other)
    theirs = builders.unit("98001", "Bản Lim", parent=other)
    put(DECEMBER, HI=[80] * 5, POP=[100] * 5)
    builders.rebuild_map()
    put(DECEMBER, units=[theirs], HI=[1200], POP=[1500])
    # Two units of one code may not stand on one day.
    for old in (province, *Unit.objects.filter(tier="office")):
        builders.end_unit(old, builders.REFORM_DAY)
    new = builders.unit("99", "Suối Núi", tier="province", since=builders.REFORM_DAY)
    office = builders.unit("99", "Suối Núi", tier="office", parent=new, since=builders.REFORM_DAY)
    for old in (province, other):
        merger("Nhập tỉnh", old, {new: WHOLE})
    for old in Unit.objects.filter(tier="office").exclude(pk=office.pk):
        merger("Nhập tỉnh", old, {office: WHOLE})
    for below in (*map(builders.by_code, ("901", "902")), theirs):
        builders.move_unit(below, new, builders.REFORM_DAY)
    builders.rebuild_map()
    return province, other, new


class TestMergedProvinces:
    def test_counts_are_added(self, merged, assign, figure):
        one, other, new = merged
        assign({(one, "HI"): 400_000})
        assign({(other, "HI"): 400_000}, by=other)
        found = figure("HI", unit=new)
        assert (found.target, found.assigned, found.predecessors) == (800_000, 2, 2)
        assert (found.decision, found.estimated) == ("1/QĐ", False)

    def test_equal_rates_stay_and_others_are_weighed_by_the_base(self, merged, assign, figure):
        one, other, new = merged
        assign({(one, "HI_RATE"): 9500})
        assign({(other, "HI_RATE"): 9500}, by=other)
        assert figure("HI_RATE", unit=new).target == Decimal("95.00")
        first = assign({(one, "HI_RATE"): 9200}, year=2026)
        assign({(other, "HI_RATE"): 8000}, year=2026, by=other)
        found = figure("HI_RATE", unit=new, month=Month.of(2026, 1))
        assert first.year == 2026
        # (92 % of 500 people and 80 % of 1,500) of 2,000 people.
        assert (found.target, found.estimated) == (Decimal("83.00"), False)

    def test_the_plan_to_date_runs_from_both_results(self, merged, assign, figure):
        one, other, new = merged
        assign({(one, "HI"): 520})
        assign({(other, "HI"): 1320}, by=other)
        found = figure("HI", unit=new, month=JUNE, on_map=builders.REFORM_DAY)
        assert (found.target, found.plan_to_date) == (1840, 1720)


@given(
    december=st.integers(0, 2000),
    achieved=st.integers(0, 2000),
    target=st.integers(1, 2000),
    month=st.integers(1, 12),
    operator=st.sampled_from(["at_least", "more_than", "at_most"]),
    amended=st.none() | st.tuples(st.integers(2, 12), st.integers(1, 2000)),
    path=st.none() | st.integers(0, 3000),
)
def test_what_meets_the_years_target_is_never_short(
    december, achieved, target, month, operator, amended, path
):
    """Whatever the line: from below or above, with a path beyond the target, amended or not."""
    year, unit = 2025, SimpleNamespace(pk=1)
    plan = Plan(
        Fraction(target), operator, Month.of(year, 12), "1/QĐ", year, date(year, 1, 1),
        path=() if path is None else ((JUNE, Fraction(path)),),
    )  # fmt: skip
    if amended and amended[0] <= month:
        since, value = amended
        plan = replace(
            plan, before=plan, value=Fraction(value), path=(), effective_on=date(year, since, 1)
        )
    now = plans_reaching(Fraction(december)).to_date(
        unit, SimpleNamespace(pk=1), Month.of(year, month), plan
    )
    enough = plan.value + 1 if operator == "more_than" else plan.value
    met = achieved <= enough if operator == "at_most" else achieved >= enough
    status = rules.status(
        achieved=Fraction(achieved),
        plan=rules.whole_plan(now, operator),
        target=plan.value,
        operator=operator,
        due=month == 12,
    )
    assert status not in rules.SHORT or not met


def plans_reaching(result: Fraction) -> Plans:
    """Plans of units that had reached ``result`` in every December, without a database."""
    found = Plans.__new__(Plans)
    found._reached = lambda *_asked: result
    found._ground = SimpleNamespace(catalogue={1: SimpleNamespace(kind="stock")}, parts={})
    return found


@settings(max_examples=25)
@given(data=st.data())
def test_nothing_that_was_assigned_is_lost_on_any_map(db, data):
    """Units end at random and are continued whole or divided; the targets of all heirs add up."""
    with transaction.atomic():
        assigned, carried = _carried_over_a_random_reform(data)
        transaction.set_rollback(True)
    assert carried == [assigned, assigned]


def _carried_over_a_random_reform(data) -> tuple[int, list[int]]:
    """What was assigned, and what it adds up to on today's map, asked of May and of July."""
    province = builders.unit("97", "Đất Lạ", tier="province")
    old = [builders.unit(f"970{n:02}", f"Cũ {n}", parent=province) for n in range(5)]
    new = [
        builders.unit(f"971{n:02}", f"Mới {n}", parent=province, since=builders.REFORM_DAY)
        for n in range(3)
    ]
    catalogue = builders.small_catalogue()
    reform = Reorganisation.objects.create(
        name="Bất kỳ", effective_on=builders.REFORM_DAY, state=Reorganisation.State.APPLIED
    )
    stays = data.draw(st.integers(0, 1))
    for ended in old[stays:]:
        weights = data.draw(st.lists(st.integers(0, 5), min_size=3, max_size=3).filter(any))
        builders.end_unit(ended, builders.REFORM_DAY)
        first = WHOLE * weights[0] // sum(weights)
        second = WHOLE * weights[1] // sum(weights)
        shares = {
            heir: share
            for heir, share in zip(new, (first, second, WHOLE - first - second), strict=True)
            if share
        }
        basis = Succession.Basis.WHOLE if len(shares) == 1 else Succession.Basis.POPULATION
        builders.succession(reform, ended, shares, basis=basis)
    builders.rebuild_map()
    values = [data.draw(st.none() | st.integers(0, 10**6)) for _unit in old]
    given_targets = [
        NewTarget(unit.pk, catalogue["HI_HH_NEW"].pk, value, Month.of(2025, 12))
        for unit, value in zip(old, values, strict=True)
        if value is not None
    ]
    record_decision(
        unit=province,
        authority="ppc",
        number="1/QĐ",
        year=2025,
        issued_on=date(2025, 1, 5),
        targets=given_targets,
        actor=COMMAND_LINE,
        on=TODAY,
    )
    assigned = sum(value for value in values if value is not None)
    now = old[:stays] + new
    carried = []
    for month, day in ((MAY, builders.REFORM_DAY), (JULY, None)):
        found = figures_of(units=now, month=month, indicators=[catalogue["HI_HH_NEW"]], on_map=day)
        carried.append(sum(one.target for one in found if one.target is not None))
    return assigned, carried
