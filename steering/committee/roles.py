"""Who may do what: pure data. A role is a readable list of permissions."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    SEE_FIGURES = "see_figures"
    SEE_HISTORY = "see_history"
    REPORT_COUNTS = "report_counts"
    VERIFY_REPORTS = "verify_reports"
    APPROVE_REPORTS = "approve_reports"
    CLOSE_PERIODS = "close_periods"
    ASSIGN_TARGETS = "assign_targets"
    ALLOCATE_TARGETS = "allocate_targets"
    RECORD_COMMITMENTS = "record_commitments"
    SIGN_COMMITMENTS = "sign_commitments"
    KEEP_TASKS = "keep_tasks"
    JUDGE_PROSPECTS = "judge_prospects"
    REORGANISE_UNITS = "reorganise_units"
    SEAT_MEMBERS = "seat_members"
    KEEP_CATALOGUE = "keep_catalogue"
    REMIND_REPORTERS = "remind_reporters"
    DISPUTE_FIGURES = "dispute_figures"
    ANSWER_DISPUTES = "answer_disputes"


SIGHT = frozenset({Permission.SEE_FIGURES, Permission.SEE_HISTORY})
"""What remains to the members of a committee whose unit has ended: their own history."""


class Role(TextChoices):
    STANDING_OFFICER = "standing_officer", _("standing officer")
    LEADER = "leader", _("leader")
    CHAIR = "chair", _("chair")
    OFFICER = "officer", _("officer")
    AUDITOR = "auditor", _("auditor")


PERMISSIONS: dict[str, frozenset[Permission]] = {
    # The standing agency's officer runs everything, but signs for nobody.
    Role.STANDING_OFFICER: frozenset(Permission) - {Permission.SIGN_COMMITMENTS},
    # The vice-chair and members of the committee look and decide in the hall.
    Role.LEADER: SIGHT,
    # The chairman of a district (to June 2025) or commune (from July 2025).
    Role.CHAIR: SIGHT
    | {
        Permission.REPORT_COUNTS,
        Permission.VERIFY_REPORTS,
        Permission.ALLOCATE_TARGETS,
        Permission.SIGN_COMMITMENTS,
        Permission.KEEP_TASKS,
        Permission.JUDGE_PROSPECTS,
        Permission.REMIND_REPORTERS,
        Permission.DISPUTE_FIGURES,
    },
    # The officer of a district or commune who reports the numbers.
    Role.OFFICER: SIGHT | {Permission.REPORT_COUNTS},
    Role.AUDITOR: SIGHT,
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that hold ``permission``."""
    return [role for role, held in PERMISSIONS.items() if permission in held]
