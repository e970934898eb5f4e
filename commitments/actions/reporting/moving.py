"""How far recording takes the reports: corrected, sent, approved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from commitments import rules
from commitments.models import State, Submission
from districts.months import Month
from steering.accounts.models import User

from .moves import Step, keep_moves


@dataclass(frozen=True)
class Course:
    """How one call moves reports: how far, whose move it is, when and why."""

    send: bool
    approve: bool
    by: User | None
    at: datetime
    why: str


def lock_reports(
    units: Collection[int],
    month: Month,
    *,
    by: User | None,
    found: Mapping[int, Submission] | None = None,
) -> dict[int, Submission]:
    """The reports of ``units`` for ``month``, locked; a new one is made where there is none.

    ``found`` are those there are, where the caller has read them under the lock of the month.
    """
    if found is None:
        chosen = Submission.objects.filter(month=month, unit__in=units)
        found = {report.unit_id: report for report in chosen.select_for_update()}
    reports = dict(found)
    new = [
        Submission(unit_id=unit, month=month, reported_by=by)
        for unit in sorted(set(units) - reports.keys())
    ]
    reports.update((report.unit_id, report) for report in Submission.objects.bulk_create(new))
    return reports


def move_reports(
    reports: Mapping[int, Submission],
    *,
    changed: Collection[int],
    asked: Collection[int],
    told: Mapping[int, str],
    course: Course,
) -> bool:
    """Take each report as far as it goes; says whether any moved.

    ``changed`` are the units with new numbers, ``asked`` those a rule still waits for, ``told`` is
    what each explains, kept with its moves.
    """
    steps = []
    for unit, report in sorted(reports.items()):
        new = unit in changed
        # A repeat that says nothing new does not send a returned report again.
        send = course.send and unit not in asked and (new or told[unit] or course.approve)
        for verb in _verbs(report, new, send, course):
            before, report.state = report.state, rules.next_state(verb, report.state)
            why = " ".join(filter(None, (course.why, told[unit])))
            steps.append(Step(report, verb, before, report.state, why))
    keep_moves(steps, by=course.by)
    return bool(steps)


def _verbs(report: Submission, changed: bool, send: bool, course: Course) -> list[str]:
    """The moves one report makes, with what they set in it besides its state."""
    verbs = []
    if changed and report.state not in (State.DRAFT, State.RETURNED):
        verbs.append("correct")
    if changed:
        report.version += report.state == State.APPROVED
        report.reported_by = course.by
    if send and (verbs or report.state in (State.DRAFT, State.RETURNED)):
        verbs.append("send")
        # Whether a report came on time is judged by its first sending.
        report.sent_at = report.sent_at or course.at
    if course.approve and (verbs or report.state != State.APPROVED):
        verbs.append("approve")
        report.approved_at = course.at
    return verbs
