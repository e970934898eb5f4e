"""What a page is about: read from the address, filled in from the reader's seat, authorised."""

from datetime import date

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404

from districts.months import Month
from reports.pages.scope import latest_month
from reports.pages.state import data_state, letterhead
from steering.committee.access import NotAllowed
from steering.committee.roles import Role
from tests import builders

from .reported import TODAY, asking, report

MARCH = Month.of(2025, 3)
AFTER = Month.of(2025, 7)


@pytest.fixture
def two_months(communes, catalogue):
    """February approved by all five communes, March by three."""
    report(catalogue, communes, MARCH - 1, HI=[10] * 5)
    report(catalogue, communes[:3], MARCH, HI=[10] * 3)


class TestWhichUnit:
    @pytest.mark.parametrize(
        ("reader", "code"),
        [
            ("officer", "99"),
            ("leader", "99"),
            ("auditor", "99"),
            ("chair", "901"),
            ("commune_officer", "99001"),
        ],
    )
    def test_without_a_unit_it_is_that_of_the_readers_seat(self, request, reader, code):
        scope = asking(request.getfixturevalue(reader), "?month=2025-03")
        assert (scope.unit.code, scope.unit.tier == "office") == (code, False)
        assert not scope.chosen

    def test_a_seat_in_each_half_of_time_follows_the_month(self, chair, reformed):
        builders.seat(chair, Role.CHAIR, builders.by_code("99001", date(2025, 7, 1)))
        assert asking(chair, "?month=2025-03").unit.code == "901"
        assert asking(chair, "?month=2025-07").unit.full_name == "Xã Sen Gió"

    def test_a_code_used_again_means_the_unit_of_the_month(self, officer, reformed):
        before = asking(officer, "?month=2025-03&unit=99001").unit
        after = asking(officer, "?month=2025-07&unit=99001").unit
        assert (before.name, after.name) == ("Ao Sen", "Sen Gió")

    def test_a_unit_that_ended_is_found_and_said_not_to_be_in_force(self, officer, reformed):
        scope = asking(officer, "?month=2025-07&unit=901")
        assert scope.unit.code == "901"
        assert not scope.in_force
        assert asking(officer, "?month=2025-06&unit=901").in_force

    def test_a_unit_that_never_was_is_not_found(self, officer):
        with pytest.raises(Http404, match="98765"):
            asking(officer, "?unit=98765")

    @pytest.mark.parametrize(
        ("reader", "code"),
        [
            ("chair", "99"),
            ("chair", "902"),
            ("chair", "99004"),
            ("commune_officer", "901"),
            ("commune_officer", "99002"),
            ("outsider", "99"),
        ],
    )
    def test_above_and_beside_ones_own_nothing_is_shown(self, request, reader, code, province):
        user = request.getfixturevalue(reader)
        with pytest.raises(PermissionDenied) as refused:
            asking(user, f"?month=2025-03&unit={code}")
        assert isinstance(refused.value.args[0], NotAllowed)
        assert Role.LEADER in refused.value.args[0].roles

    def test_whoever_sits_nowhere_is_refused_with_the_roles_that_may(self, outsider, province):
        with pytest.raises(PermissionDenied) as refused:
            asking(outsider)
        assert refused.value.args[0].role_names


class TestWhichMonth:
    def test_the_latest_month_with_every_report_approved(self, officer, two_months):
        assert asking(officer).month == MARCH - 1

    def test_for_a_district_that_is_complete_it_is_later(self, officer, two_months):
        assert asking(officer, "?unit=901").month == MARCH
        assert asking(officer, "?unit=99001").month == MARCH

    def test_where_no_month_is_complete_the_latest_with_any(self, officer, communes, catalogue):
        report(catalogue, communes[:1], MARCH, HI=[10])
        assert asking(officer).month == MARCH

    def test_without_any_number_the_month_before_today(self, province):
        assert latest_month(province, TODAY) == Month.of(2025, 12)

    def test_months_beside_it_are_those_opened_for_reports(self, officer, two_months):
        scope = asking(officer, "?month=2025-02")
        assert (scope.previous, scope.next) == (None, MARCH)

    def test_a_month_to_come_is_known_as_such(self, officer):
        assert asking(officer, "?month=2026-02").is_future
        assert not asking(officer, "?month=2026-01").is_future


class TestWhichMap:
    def test_todays_map_is_offered_before_the_change_only(self, officer, reformed):
        assert asking(officer, "?month=2025-03").later_break == builders.REFORM_DAY
        assert asking(officer, "?month=2025-07").later_break is None

    def test_a_year_after_the_change_nothing_is_carried_over(self, officer, reformed):
        assert asking(officer, "?month=2025-12").earlier_break == builders.REFORM_DAY
        assert asking(officer, "?month=2026-07").earlier_break is None
        assert asking(officer, "?month=2025-03").earlier_break is None

    def test_today_is_a_map(self, officer, reformed):
        scope = asking(officer, "?month=2025-03&map=today")
        assert (scope.on_map, scope.map_word) == (TODAY, "today")
        assert scope.map_month == Month.containing(TODAY)

    def test_a_map_from_before_the_months_own_is_refused(self, officer, reformed):
        with pytest.raises(BadRequest, match="07/2025"):
            asking(officer, "?month=2025-07&map=2025-06-30")


class TestAddresses:
    @pytest.mark.parametrize(
        ("query", "read"),
        [
            ("?month=2023-13", "2023-13"),
            ("?month=soon", "soon"),
            ("?map=yesterday", "yesterday"),
            ("?authority=me", "me"),
        ],
    )
    def test_what_cannot_be_read_is_quoted(self, officer, query, read):
        with pytest.raises(BadRequest, match=read):
            asking(officer, query)

    def test_a_scope_writes_the_address_it_was_read_from(self, officer, reformed):
        query = "?month=2025-03&unit=99&map=today&authority=vss"
        assert asking(officer, query).query() == query

    def test_a_unit_that_nobody_named_is_not_written(self, chair):
        assert asking(chair, "?month=2025-03").query() == "?month=2025-03"

    def test_parts_are_replaced_and_dropped(self, officer):
        scope = asking(officer, "?month=2025-03&unit=901")
        assert scope.query(month=MARCH + 1, unit=None) == "?month=2025-04"


class TestState:
    def test_reports_are_counted_as_they_stand(self, officer, communes, catalogue):
        report(catalogue, communes[:2], MARCH, HI=[1, 1])
        report(catalogue, communes[2:3], MARCH, approve=False, HI=[1])
        state = data_state(asking(officer, "?month=2025-03"))
        assert (state.expected, state.sent, state.approved) == (5, 3, 2)
        assert (state.waiting, state.missing, state.is_complete) == (1, 2, False)

    def test_the_head_of_the_paper_is_the_committees_and_vietnamese(self, officer, english):
        paper = letterhead(asking(officer, "?month=2025-03"))
        assert paper.agency == "Ban Chỉ đạo Tỉnh Suối Trong"
        assert (paper.place, paper.day) == ("Suối Trong", TODAY)
        assert "tỉnh Suối Trong" in paper.agency_above
