"""Who may do what, where, when: every role, up, down and beside, before and after the reform."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from districts.models import Reorganisation, Unit
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import User
from steering.committee.access import NotAllowed, may, require, visible
from steering.committee.models import Committee, Membership
from steering.committee.roles import PERMISSIONS, SIGHT, Permission, Role
from tests import builders
from tests.builders import REFORM_DAY, TERM_BEGINS, by_code, seated

BEFORE = date(2025, 3, 15)
AFTER = date(2025, 9, 15)


def allowed(who: User, unit: Unit, day: date) -> set[Permission]:
    """Everything ``who`` may do at ``unit`` on ``day``."""
    return {permission for permission in Permission if may(who, permission, unit, day)}


def seen(who, day: date) -> set[str]:
    """What ``who`` sees on ``day``: codes, with a prime for a unit of the new map."""
    return {
        unit.code + ("'" if unit.established_on == REFORM_DAY else "")
        for unit in visible(Unit.objects.administrative(), who, day)
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("at", "reached"),
    [
        ("99", {"99", "901", "902", "99001", "99002", "99003", "99004", "99005"}),
        ("901", {"901", "99001", "99002", "99003"}),
        ("99005", {"99005"}),
    ],
)
def test_a_role_reaches_its_unit_and_what_lies_below_it(province, role, at, reached):
    who = seated("someone", role, by_code(at))
    for unit in Unit.objects.administrative():
        held = PERMISSIONS[role] if unit.code in reached else set()
        assert allowed(who, unit, BEFORE) == held, unit
    assert seen(who, BEFORE) == reached


@pytest.mark.parametrize("role", Role)
def test_the_province_keeps_everything_through_the_reform(reformed, province, role):
    who = seated("someone", role, province)
    for unit in Unit.objects.all():
        assert allowed(who, unit, AFTER) == PERMISSIONS[role], unit


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("at", ["901", "99001"])
def test_a_seat_on_a_unit_that_ended_keeps_sight_of_its_history_only(reformed, role, at):
    ended = by_code(at)
    who = seated("someone", role, ended)
    last_day = REFORM_DAY - timedelta(days=1)
    assert allowed(who, ended, last_day) == PERMISSIONS[role]
    assert allowed(who, ended, REFORM_DAY) == SIGHT
    assert allowed(who, by_code("99001"), AFTER) == SIGHT
    assert allowed(who, by_code("99001", AFTER), AFTER) == set()


def test_a_commune_that_lives_on_leaves_the_sight_of_its_ended_district(reformed):
    who = seated("someone", Role.CHAIR, by_code("902"))
    assert seen(who, BEFORE) == {"902", "99004", "99005"}
    assert seen(who, AFTER) == {"902", "99004"}


@pytest.mark.parametrize("role", Role)
def test_a_seat_on_a_commune_that_lives_on_goes_on(reformed, role):
    unit = by_code("99005")
    who = seated("someone", role, unit)
    assert allowed(who, unit, BEFORE) == allowed(who, unit, AFTER) == PERMISSIONS[role]


def test_who_continues_a_unit_answers_for_its_past(reformed):
    upper = builders.by_code("99001", builders.REFORM_DAY)
    heir = builders.seated("heir", Role.OFFICER, upper)
    after = date(2025, 8, 1)
    predecessors = {"99001", "99002", "99003"}
    seen = visible(Unit.objects.filter(abolished_on__isnull=False), heir, after)
    assert set(seen.values_list("code", flat=True)) == predecessors
    assert may(heir, Permission.REPORT_COUNTS, builders.by_code("99002"), after)
    assert not may(heir, Permission.SEE_FIGURES, builders.by_code("99004"), after)
    assert not may(heir, Permission.SEE_FIGURES, builders.by_code("901"), after)


def test_a_merged_province_keeps_what_lay_below_its_predecessors(province, communes):
    merged = builders.unit("98", "Sông Rộng", tier="province", since=builders.REFORM_DAY)
    builders.end_unit(province, builders.REFORM_DAY)
    for ended in [*communes, builders.by_code("901"), builders.by_code("902")]:
        builders.end_unit(ended, builders.REFORM_DAY)
    reform = Reorganisation.objects.create(
        name="Nhập tỉnh", effective_on=builders.REFORM_DAY, state="applied"
    )
    builders.succession(reform, province, {merged: 1_000_000})
    builders.rebuild_map()
    keeper = builders.seated("keeper", Role.STANDING_OFFICER, merged)
    after = date(2025, 8, 1)
    for unit in (province, builders.by_code("901"), communes[0]):
        assert may(keeper, Permission.APPROVE_REPORTS, unit, after)
        assert not may(keeper, Permission.APPROVE_REPORTS, unit, date(2025, 6, 1))


def test_a_new_commune_has_no_day_before_its_first(reformed):
    new = by_code("99001", AFTER)
    who = builders.user("someone")
    builders.seat(who, Role.OFFICER, new, since=REFORM_DAY)
    assert allowed(who, new, REFORM_DAY - timedelta(days=1)) == set()
    assert allowed(who, new, REFORM_DAY) == PERMISSIONS[Role.OFFICER]
    assert seen(who, AFTER) == {"99001'", "99001", "99002", "99003"}


def test_a_unit_that_ended_is_found_where_it_last_stood(province):
    moved, day = by_code("99003"), date(2024, 1, 1)
    builders.move_unit(moved, by_code("902"), day)
    builders.end_unit(moved, REFORM_DAY)
    builders.rebuild_map()
    first = seated("first", Role.CHAIR, by_code("901"))
    last = seated("last", Role.CHAIR, by_code("902"))
    assert may(first, Permission.SEE_FIGURES, moved, day - timedelta(days=1))
    assert not may(first, Permission.SEE_FIGURES, moved, AFTER)
    assert may(last, Permission.SEE_FIGURES, moved, AFTER)


def test_a_term_begins_and_ends(province):
    who = builders.user("someone")
    builders.seat(who, Role.AUDITOR, province, since=date(2024, 1, 1), until=date(2025, 1, 1))
    assert not may(who, Permission.SEE_FIGURES, province, date(2023, 12, 31))
    assert may(who, Permission.SEE_FIGURES, province, date(2024, 1, 1))
    assert may(who, Permission.SEE_FIGURES, province, date(2024, 12, 31))
    assert not may(who, Permission.SEE_FIGURES, province, date(2025, 1, 1))


def test_two_seats_add_up(province):
    who = seated("someone", Role.OFFICER, by_code("99001"))
    builders.seat(who, Role.AUDITOR, by_code("902"))
    assert seen(who, BEFORE) == {"99001", "902", "99004", "99005"}
    assert allowed(who, by_code("902"), BEFORE) == SIGHT


def test_no_seat_no_sight(province, outsider):
    assert allowed(outsider, province, BEFORE) == set()
    assert seen(outsider, BEFORE) == set()


def test_a_superuser_without_a_seat_sees_nothing(province):
    root = builders.user("root", superuser=True)
    assert allowed(root, province, BEFORE) == set()
    assert seen(root, BEFORE) == set()


def test_an_inactive_user_sees_nothing(officer, province):
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    assert allowed(officer, province, BEFORE) == set()
    assert seen(officer, BEFORE) == set()


def test_nobody_signed_in_sees_nothing(province):
    assert allowed(AnonymousUser(), province, BEFORE) == set()
    assert seen(AnonymousUser(), BEFORE) == set()


def test_the_command_line_may_do_everything(province):
    assert allowed(COMMAND_LINE, province, BEFORE) == set(Permission)
    assert len(seen(COMMAND_LINE, BEFORE)) == 8


def test_another_province_stays_out_of_sight(province, officer):
    other = builders.unit("98", "Núi Xa", tier="province")
    builders.rebuild_map()
    assert allowed(officer, other, BEFORE) == set()
    assert "98" not in seen(officer, BEFORE)


def test_rows_of_other_tables_are_reached_through_their_unit(province, chair):
    for code in ("99001", "99004"):
        builders.committee(by_code(code))
    rows = visible(Committee.objects.all(), chair, BEFORE, unit_field="unit")
    assert {row.unit.code for row in rows} == {"901", "99001"}


def test_sight_can_be_asked_for_another_permission(province, chair, leader):
    assert (
        visible(Unit.objects.all(), leader, BEFORE, permission=Permission.REPORT_COUNTS).count()
        == 0
    )
    reports = visible(Unit.objects.all(), chair, BEFORE, permission=Permission.REPORT_COUNTS)
    assert reports.count() == 4


def test_a_refusal_says_where_and_who_may(province, auditor, english):
    with pytest.raises(NotAllowed) as refusal:
        require(auditor, Permission.APPROVE_REPORTS, province, BEFORE)
    assert refusal.value.roles == [Role.STANDING_OFFICER]
    assert "Suối Trong" in str(refusal.value)
    assert "standing officer" in str(refusal.value)


def test_require_lets_those_through_who_may(province, officer):
    assert require(officer, Permission.APPROVE_REPORTS, by_code("99001"), BEFORE) is None
    with pytest.raises(NotAllowed):
        require(officer, Permission.APPROVE_REPORTS, by_code("99001"), date(1999, 1, 1))


def test_one_question_is_one_query(province, officer, django_assert_num_queries):
    commune = by_code("99001")
    with django_assert_num_queries(1):
        may(officer, Permission.REPORT_COUNTS, commune, BEFORE)
    with django_assert_num_queries(1):
        assert len(visible(Unit.objects.all(), officer, BEFORE)) == 9


def test_many_seats_cost_no_more(province, officer, django_assert_num_queries):
    for code in ("901", "902", "99001", "99002"):
        builders.seat(officer, Role.AUDITOR, by_code(code))
    assert Membership.objects.filter(since=TERM_BEGINS).count() == 5
    with django_assert_num_queries(1):
        assert len(visible(Unit.objects.all(), officer, BEFORE)) == 9
