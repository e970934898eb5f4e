"""A unit's page: what was signed, who drags in people, the pace still needed, and lineage."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404

from districts.models import Unit
from districts.months import Month
from reports.engine.figures import (
    Status,
    figures_for,
)
from reports.pages.unit import unit_page
from reports.wording.shortfalls import (
    missing_to_date,
    pace_in_people,
    shortfalls,
)
from tests import builders

from .reported import TODAY, asking, assign, report, sign

MARCH = Month.of(2025, 3)


@pytest.fixture
def filled(province, communes, catalogue):
    """A year of 100 insured in each commune; in March 901 is short by 10, 30 and 20."""
    report(catalogue, communes, Month.of(2024, 12), HI=[100] * 5, POP=[200] * 5)
    numbers = [90, 70, 80, 100, 105]
    report(catalogue, communes, MARCH, HI=numbers, HI_HH_NEW=[1, 2, 3, 4, 5])
    east, west = builders.by_code("901"), builders.by_code("902")
    targets = {(unit, "HI"): 100 for unit in communes}
    targets |= {(east, "HI"): 300, (west, "HI"): 200, (province, "HI"): 500}
    targets |= {(east, "HI_RATE"): 5000, (communes[0], "HI_RATE"): 5000}
    assign(province, catalogue, targets)
    return east


@pytest.fixture
def open_page(officer):
    def open_page(code, query="?month=2025-03", *, user=officer, about=None):
        return unit_page(asking(user, query, code=code), code=about)

    return open_page


def rows(page):
    return {row.indicator.code: row for row in page.rows}


class TestWhoDrags:
    def test_most_missing_comes_first_and_the_parts_add_up_to_all(self, filled, open_page):
        short = open_page("901").drags.short
        found = [(one.figure.unit.code, one.missing) for one in short]
        assert found == [("99002", 30), ("99003", 20), ("99001", 10)]
        shares = [Decimal("50.0"), Decimal("33.3"), Decimal("16.7")]
        assert [one.part.share for one in short] == shares
        assert sum(shares) == 100
        assert short[-1].part.together == 100

    def test_the_pace_of_the_months_left_covers_what_is_missing(self, filled, open_page):
        drags = open_page("901").drags
        for pace in (drags.pace, *(one.pace for one in drags.short)):
            assert pace.months_left == 9
            assert pace.per_month * pace.months_left >= pace.missing > 0
        assert (drags.pace.missing, drags.pace.per_month) == (60, 7)

    def test_a_rate_is_short_of_people(self, filled, province, catalogue):
        rate = [catalogue["HI_RATE"]]
        (figure,) = figures_for(unit=filled, month=MARCH, indicators=rate)
        assert (figure.value, figure.plan_to_date) == (Decimal("40.00"), Decimal("50.00"))
        assert missing_to_date(figure) == 60
        assert (pace_in_people(figure).missing, pace_in_people(figure).per_month) == (60, 7)

    def test_who_is_on_plan_does_not_drag(self, filled, open_page):
        drags = open_page("902").drags
        assert drags.short == ()
        assert drags.has_plans

    def test_who_has_not_reported_is_named_and_not_counted(
        self, filled, communes, catalogue, open_page
    ):
        april = Month.of(2025, 4)
        report(catalogue, communes[:1], april, HI=[90])
        drags = open_page("901", "?month=2025-04").drags
        assert [one.figure.unit.code for one in drags.short] == ["99001"]
        assert [unit.code for unit in drags.silent] == ["99002", "99003"]

    def test_the_indicator_can_be_chosen_and_a_strange_one_is_not_found(self, filled, open_page):
        assert open_page("901", about="HI_RATE").drags.indicator.code == "HI_RATE"
        with pytest.raises(Http404):
            open_page("901", about="NONSENSE")

    def test_the_rank_is_told_without_the_siblings(self, filled, open_page):
        own = open_page("901").drags.own
        assert (own.rank, own.ranked) == (2, 2)

    def test_equal_shortfalls_stand_in_code_order(self, filled, communes, catalogue):
        report(catalogue, communes[:3], Month.of(2025, 4), HI=[90, 90, 90])
        figures = figures_for(
            unit=filled, month=Month.of(2025, 4), indicators=[catalogue["HI"]], children=True
        )
        found = shortfalls(figures[1:])
        assert [one.figure.unit.code for one in found] == ["99001", "99002", "99003"]
        assert sum(one.part.share for one in found) == 100


class TestPromises:
    def test_what_was_signed_and_by_whom(self, filled, province, catalogue, open_page, english):
        sign(province, filled, catalogue["HI_RATE"], 5100)
        page = open_page("901")
        assert page.promise.commitment.signer_post == "Chủ tịch huyện"
        assert page.promise.holds
        assert [decision.number for decision in page.promise.decisions] == ["1/QĐ-UBND"]
        row = rows(page)["HI_RATE"]
        assert (row.committed, row.figure.target, row.differs) == (
            Decimal("51.00"),
            Decimal("50.00"),
            True,
        )
        assert page.headline == "Huyện Đồi Thông: at risk in 1 of 1 signed target"

    def test_without_a_signature_all_that_is_assigned_counts(self, filled, open_page, english):
        page = open_page("901")
        assert page.promise.commitment is None
        assert page.headline == "Huyện Đồi Thông: at risk in 2 of 2 assigned targets"

    def test_a_flow_stands_with_its_year_to_date(
        self, filled, province, communes, catalogue, open_page
    ):
        for month in (MARCH - 2, MARCH - 1):
            report(catalogue, communes, month, HI_HH_NEW=[0] * 5)
        assign(province, catalogue, {(filled, "HI_HH_NEW"): 24}, number="2/QĐ-UBND")
        row = rows(open_page("901"))["HI_HH_NEW"]
        assert (row.figure.achieved, row.figure.plan_to_date, row.gap) == (6, 6, 0)

    def test_a_target_of_nothing_divides_by_nothing(
        self, filled, province, communes, catalogue, open_page
    ):
        april = Month.of(2025, 4)
        report(catalogue, communes, Month.of(2024, 12), SI_V=[0] * 5)
        report(catalogue, communes, april, HI=[90] * 5, SI_V=[0] * 5)
        assign(province, catalogue, {(filled, "SI_V"): 0}, number="2/QĐ-UBND")
        row = rows(open_page("901", "?month=2025-04"))["SI_V"]
        assert (row.on_scale, row.gap, row.figure.status) == (None, 0, Status.MET)


class TestStates:
    def test_a_month_half_approved_gets_no_verdict(self, filled, communes, catalogue, open_page):
        report(catalogue, communes[:1], Month.of(2025, 4), HI=[90])
        page = open_page("901", "?month=2025-04")
        row = rows(page)["HI"]
        assert page.is_partial
        assert (row.is_partial, row.on_scale, row.is_short) == (True, None, False)
        assert "1" in page.headline and "3" in page.headline

    def test_a_month_without_reports_is_empty(self, filled, open_page, english):
        page = open_page("901", "?month=2025-06")
        assert page.is_empty
        assert page.headline.endswith("no approved figures yet")

    def test_a_month_to_come_says_so(self, filled, open_page, english):
        assert open_page("99", "?month=2027-01").headline.endswith("01/2027 is still to come")


class TestLineage:
    def test_a_code_means_the_unit_of_the_month(self, filled, reformed, open_page):
        assert open_page("99001", "?month=2025-03").unit.name == "Ao Sen"
        assert open_page("99001", "?month=2025-08").unit.name == "Sen Gió"

    def test_a_commune_that_ended_leads_to_its_heirs_with_their_parts(
        self, filled, reformed, open_page
    ):
        strip = open_page("99003").strip
        assert [(kin.unit.name, kin.percent) for kin in strip.became] == [
            ("Sen Gió", Decimal("60.0")),
            ("Ghềnh Gió", Decimal("40.0")),
        ]
        assert {kin.month for kin in strip.became} == {Month.of(2025, 7)}

    def test_and_back(self, filled, reformed, open_page):
        strip = open_page("99001", "?month=2025-08").strip
        assert [(kin.unit.name, kin.percent) for kin in strip.was] == [
            ("Ao Sen", None),
            ("Cầu Tre", None),
            ("Đèo Gió", Decimal("60.0")),
        ]
        assert {kin.month for kin in strip.was} == {Month.of(2025, 6)}

    def test_a_district_that_ended_leads_to_what_its_communes_became(
        self, filled, reformed, open_page
    ):
        page = open_page("902", "?month=2025-08")
        assert not page.scope.in_force
        assert page.rows == ()
        assert [kin.unit.name for kin in page.strip.became] == ["Ghềnh Gió", "Hồ Mây"]
        assert page.own_month == Month.of(2025, 6)

    def test_a_commune_that_was_moved_says_where_it_stood(self, filled, reformed, open_page):
        strip = open_page("99005", "?month=2025-08").strip
        assert [placed.parent.code for placed in strip.earlier_parents] == ["902"]
        assert (strip.was, strip.became) == ((), ())

    def test_a_unit_before_its_time_leads_to_its_beginning(self, filled, reformed, open_page):
        builders.unit("99077", "Mới", parent=Unit.objects.get(code="99", tier="province"),
                      since=builders.REFORM_DAY)  # fmt: skip
        builders.rebuild_map()
        page = open_page("99077", "?month=2025-03")
        assert page.is_yet_to_come
        assert page.own_month == Month.of(2025, 7)

    def test_what_the_reader_may_not_open_is_named_without_a_link(
        self, filled, reformed, chair, open_page
    ):
        kin = open_page("99003", user=chair).strip.became
        assert [one.seen for one in kin] == [False, False]


class TestRights:
    @pytest.mark.parametrize("code", ["901", "99001"])
    def test_a_chair_opens_the_own_district_and_its_communes(self, filled, chair, open_page, code):
        assert open_page(code, user=chair).unit.code == code

    @pytest.mark.parametrize("code", ["99", "902", "99004"])
    def test_but_neither_the_province_nor_a_sibling(self, filled, chair, open_page, code):
        with pytest.raises(PermissionDenied):
            open_page(code, user=chair)

    @pytest.mark.parametrize("who", ["officer", "leader", "auditor"])
    def test_whoever_sits_in_the_province_opens_everything(self, filled, open_page, request, who):
        user = request.getfixturevalue(who)
        assert [open_page(code, user=user).unit.code for code in ("99", "902", "99004")] == [
            "99",
            "902",
            "99004",
        ]

    def test_a_commune_officer_opens_the_own_commune_only(self, filled, commune_officer, open_page):
        assert open_page("99001", user=commune_officer).unit.code == "99001"
        for code in ("99", "901", "99002"):
            with pytest.raises(PermissionDenied):
                open_page(code, user=commune_officer)

    def test_after_the_reform_a_chair_keeps_sight_of_the_old_district(
        self, filled, reformed, chair, open_page
    ):
        assert open_page("901", user=chair).drags.missing == 60
        with pytest.raises(PermissionDenied):
            open_page("99001", "?month=2025-08", user=chair)

    def test_the_parent_is_no_link_for_who_may_not_open_it(self, filled, chair, officer, open_page):
        assert not open_page("901", user=chair).may_open_parent
        assert open_page("901", user=officer).may_open_parent


@pytest.fixture
def visit(client):
    def visit(address, user):
        client.force_login(user)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 9), tick=False):
            return client.get(address)

    return visit


def test_the_page_answers_and_prints_no_none(filled, visit, officer):
    answer = visit("/units/901/?month=2025-03&lang=en", officer)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "None" not in text and "NaN" not in text and "style=" not in text
    assert "60 people short in 3 communes" in text


@pytest.mark.parametrize("code", ["99", "902", "99004"])
def test_elsewhere_is_forbidden_in_the_sites_frame(filled, visit, chair, code):
    answer = visit(f"/units/{code}/?month=2025-03", chair)
    assert answer.status_code == 403
    assert 'id="main"' in answer.content.decode()


def test_an_outsider_opens_no_unit(filled, visit, outsider):
    assert visit("/units/901/?month=2025-03", outsider).status_code == 403


def test_a_unit_that_ended_has_a_page_that_leads_on(filled, reformed, visit, officer):
    answer = visit("/units/902/?month=2025-08", officer)
    assert answer.status_code == 200
    assert "Ghềnh Gió" in answer.content.decode()
