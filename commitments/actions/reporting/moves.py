"""Keeping the moves of reports: each report as it stands after them, and what led there."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from django.utils import timezone

from commitments.models import Move, Submission
from commitments.rows import write_rows
from steering.accounts.models import User

_REPORT = [field.attname for field in Submission._meta.concrete_fields]


class Step(NamedTuple):
    """One move that a report has made; the report itself holds where it stands after the last."""

    report: Submission
    verb: str
    before: str
    after: str
    why: str = ""


def keep_moves(steps: Sequence[Step], *, by: User | None) -> None:
    """Write the reports, which exist and are locked, and their moves in this order."""
    reports = {step.report.pk: step.report for step in steps}
    write_rows(
        Submission,
        _REPORT,
        map(attrgetter(*_REPORT), reports.values()),
        unique=["id"],
    )
    write_rows(
        Move,
        ["submission", "verb", "before", "after", "why"],
        [(step.report.pk, *step[1:]) for step in steps],
        same={"at": timezone.now(), "by": by and by.pk},
    )
