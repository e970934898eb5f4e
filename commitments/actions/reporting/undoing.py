"""Taking one's own last decision about reports back, within ten seconds: as if it were not made.

History keeps both moves. Unlike ``submissions.revoke`` this restores what was approved before.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import querysets, rules
from commitments.models import Base, Count, Move, Revision, Submission
from commitments.rules import Fault, Refused
from commitments.totals import recompute
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import JournalEntry

from . import periods
from .moves import Step, keep_moves
from .revisions import Change, keep_revisions


@transaction.atomic
def undo(
    *, submissions: Sequence[Submission], actor: Actor, on: date, at: datetime | None = None
) -> list[Submission]:
    """Restore the reports to what they were before ``actor`` last decided about them.

    All or none. ``at`` is now if None. Raises Refused where the last move is somebody else's, is
    no decision, or is longer ago than ``rules.UNDO_SECONDS``, and in a closed month.
    """
    at = at or timezone.now()
    months = sorted({report.month for report in submissions})
    periods.lock_months(
        {
            month: {report.unit_id for report in submissions if report.month == month}
            for month in months
        }
    )
    restored = []
    for month in months:
        ids = [report.pk for report in submissions if report.month == month]
        restored += _undo_month(month, ids, actor, at)
    return restored


def _undo_month(month: Month, ids: Sequence[int], actor: Actor, at: datetime) -> list[Submission]:
    units = list(Submission.objects.filter(pk__in=ids).values_list("unit", flat=True))
    locked = periods.lock(provinces=querysets.provinces_of(units, month), months=[month])
    chosen = Submission.objects.filter(pk__in=ids).select_related("unit").order_by("pk")
    reports = list(chosen.select_for_update(of=("self",)))
    last = _last_moves(ids)
    closed = any(period.is_closed for period in locked.values())
    faults = [
        fault
        for report in reports
        if (fault := _fault(report, last.get(report.pk), actor, at, closed=closed))
    ]
    if faults:
        raise Refused(faults)
    approvals = [report for report in reports if last[report.pk].verb == "approve"]
    indicators = _restore_approved(month, approvals, last, actor)
    _restore_reports(reports, last, actor)
    raise_versions(units, Touches.COUNTS)
    if indicators:
        recompute(changed={month: [report.unit_id for report in approvals]}, indicators=indicators)
    return reports


def _last_moves(ids: Collection[int]) -> dict[int, Move]:
    """The last move of each report, by the report's id."""
    newest = Move.objects.filter(submission__in=ids).values("submission").annotate(last=Max("pk"))
    moves = Move.objects.filter(pk__in=newest.values("last"))
    return {move.submission_id: move for move in moves}


def _fault(
    report: Submission, last: Move | None, actor: Actor, at: datetime, *, closed: bool
) -> Fault | None:
    names = {"report": report.unit.full_name, "month": report.month.shown}
    if closed:
        return rules.closed_fault("undo", report.month, "")
    if (
        last is None
        or last.verb not in rules.UNDOABLE
        or last.by_id != getattr(as_user(actor), "pk", None)
    ):
        message = _("The last step of %(report)s is not yours to undo.") % names
        return Fault("wrong_state", message, read=report.state)
    if at - last.at > timedelta(seconds=rules.UNDO_SECONDS):
        message = _("It is too late to undo this for %(report)s. Return the report instead.")
        return Fault("too_late", message % names, expected=f"<= {rules.UNDO_SECONDS} s")
    return None


def _restore_reports(reports: Sequence[Submission], last: Mapping[int, Move], actor: Actor) -> None:
    """Put the states back, keep the moves and the journal."""
    steps = []
    earlier = _earlier_approvals(last.values())
    for report in reports:
        undone = last[report.pk]
        before, report.state = report.state, undone.before
        if undone.verb == "approve":
            report.approved_at = earlier.get(report.pk)
        steps.append(Step(report, "undo", before, report.state))
    keep_moves(steps, by=as_user(actor))
    write_journal(
        actor=actor,
        action="report.undo",
        subject=reports[0],
        after={"reports": [[str(r.month), r.unit.code, last[r.pk].verb] for r in reports]},
    )


def _earlier_approvals(undone: Collection[Move]) -> dict[int, datetime]:
    """When each report was last approved before the approval that is taken back."""
    moves = Move.objects.filter(
        submission__in={move.submission_id for move in undone}, verb="approve"
    ).exclude(pk__in=[move.pk for move in undone])
    return dict(moves.order_by("pk").values_list("submission", "at"))


def _restore_approved(
    month: Month, reports: Sequence[Submission], last: Mapping[int, Move], actor: Actor
) -> set[int]:
    """Make official again what was before the approvals; returns the indicators touched."""
    since = {report.unit_id: last[report.pk].at for report in reports}
    if not since:
        return set()
    rows = Revision.objects.filter(month=month, unit__in=since, at__gte=min(since.values()))
    undone = [row for row in rows if row.at >= since[row.unit_id]]
    Count.objects.bulk_create(
        [
            Count(
                month=month,
                unit_id=row.unit_id,
                indicator_id=row.indicator_id,
                value=row.new_value,
                approved=row.old_approved,
            )
            for row in undone
        ],
        update_conflicts=True,
        unique_fields=["month", "unit", "indicator"],
        update_fields=["approved"],
    )
    changes = [
        Change(
            row.unit_id,
            row.indicator_id,
            old_value=row.new_value,
            new_value=row.new_value,
            old_approved=row.new_approved,
            new_approved=row.old_approved,
        )
        for row in undone
    ]
    keep_revisions(changes, month=month, by=as_user(actor), why=_("Approval undone"))
    _restore_sources(month, [row for row in undone if row.old_approved is not None])
    return {row.indicator_id for row in undone}


def _restore_sources(month: Month, undone: Sequence[Revision]) -> None:
    """A corrected base names the source of the number that is official again."""
    touched = {(row.unit_id, row.indicator_id) for row in undone}
    if not touched:
        return
    renamed = JournalEntry.objects.filter(
        action="bases.sourced", at__gte=min(row.at for row in undone)
    )
    before = {key: value for entry in renamed for key, value in entry.before.items()}
    restored = []
    for base in Base.objects.filter(month=month, pk__in=before):
        if (base.unit_id, base.indicator_id) in touched:
            told = before[str(base.pk)]
            base.source, base.dated = told["source"], date.fromisoformat(told["dated"])
            restored.append(base)
    Base.objects.bulk_update(restored, ["source", "dated"])
