"""Roles are readable data: who may do what, and nothing about where."""

import pytest

from steering.committee.roles import PERMISSIONS, SIGHT, Permission, Role, roles_with


def test_every_role_has_its_list():
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_whoever_has_a_seat_may_look(role):
    assert PERMISSIONS[role] >= SIGHT


def test_the_standing_officer_may_do_everything_but_sign_for_others():
    signing = {Permission.SIGN_COMMITMENTS}
    assert PERMISSIONS[Role.STANDING_OFFICER] == set(Permission) - signing
    assert [role for role in Role if signing <= PERMISSIONS[role]] == [Role.CHAIR]


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_leaders_and_auditors_only_look(role):
    assert PERMISSIONS[role] == SIGHT


def test_nobody_but_the_standing_officer_approves_assigns_or_seats():
    for permission in (
        Permission.APPROVE_REPORTS,
        Permission.ASSIGN_TARGETS,
        Permission.SEAT_MEMBERS,
        Permission.CLOSE_PERIODS,
        Permission.REORGANISE_UNITS,
    ):
        assert roles_with(permission) == [Role.STANDING_OFFICER]


def test_a_chair_verifies_what_an_officer_reports():
    assert set(roles_with(Permission.REPORT_COUNTS)) == {
        Role.STANDING_OFFICER,
        Role.CHAIR,
        Role.OFFICER,
    }
    assert set(roles_with(Permission.VERIFY_REPORTS)) == {Role.STANDING_OFFICER, Role.CHAIR}


def test_whoever_answers_for_a_target_judges_its_prospects():
    assert set(roles_with(Permission.JUDGE_PROSPECTS)) == {Role.STANDING_OFFICER, Role.CHAIR}


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_held_by_somebody(permission):
    assert roles_with(permission)
