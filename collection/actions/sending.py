"""Sending a report: everything judged, counted, and confirmed by a receipt, or nothing."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collection.entry.lines import Sheet
from collection.entry.sheets import sheet_of
from collection.models import Receipt
from collection.querysets import answers_of, drafts_of
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.explaining import Answers, write_explanations
from commitments.models import State, Submission
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission

from .receipts import write_receipts
from .working import hold, refuse_closed


@transaction.atomic
def send_report(
    *, unit: Unit, month: Month, actor: Actor, on: date, at: datetime, why: str = ""
) -> Receipt:
    """Turn what is typed into the report of ``unit`` for ``month`` and hand it in.

    Every monthly indicator that the catalogue lets this unit enter is required: an empty cell
    refuses the report as an unreadable one does, and so does a rule that blocks or that asks for
    an answer nobody gave. All of it is said at once, each fault with its indicator in ``column``.

    A report that was handed in or approved before is corrected; what was approved stands until the
    next approval. After the month was closed it takes a reason (``why``). Answers to rules are
    those kept by ``save_explanations``.
    """
    period = hold(unit=unit, month=month, actor=actor, on=on)
    refuse_closed(period, month, why)
    sheet = sheet_of(unit, month, on)
    _refuse_incomplete(sheet)
    _record(sheet, actor, at, why.strip())
    drafts_of(unit, month).delete()
    answers_of(unit, month).delete()
    return _write_receipt(sheet, actor, at)


def withdraw(*, unit: Unit, month: Month, actor: Actor, on: date) -> Submission:
    """Take a report back that nobody has reviewed yet."""
    # Before anything is judged: whether there is a report tells about the unit.
    access.require(actor, Permission.REPORT_COUNTS, unit, on)
    reports = Submission.objects.filter(unit=unit, month=month)
    if not reports:
        message = _("%(unit)s has not reported for %(month)s.")
        names = {"unit": unit.full_name, "month": month.shown}
        raise Refused.because("nothing_sent", message % names, read=str(month))
    return submissions.withdraw(submissions=reports, actor=actor, on=on)[0]


def _refuse_incomplete(sheet: Sheet) -> None:
    if faults := sheet.faults:
        raise Refused(faults)
    if sheet.is_sent and not any(line.is_new for line in sheet.lines):
        message = _("Nothing has changed since the report was sent.")
        raise Refused.because("nothing_new", message)


def _record(sheet: Sheet, actor: Actor, at: datetime, why: str) -> None:
    """Count what is new and send the report; without anything new a report is sent as it is."""
    new = [line for line in sheet.lines if line.is_new]
    key, answers = (sheet.unit.pk, sheet.month), sheet.typed_answers
    if new:
        record_counts(
            entries=[
                Entry(
                    sheet.month,
                    sheet.unit.pk,
                    line.indicator.pk,
                    line.value,
                    source=_("copied from last month") if line.copied else "",
                )
                for line in new
            ],
            actor=actor,
            on=sheet.on,
            at=at,
            why=why,
            explanations={key: answers},
            after_closing=True,
        )
    else:
        _write_answers(sheet, Answers(to_rules={key: answers}), actor)
        submissions.send(submissions=[sheet.submission], actor=actor, on=sheet.on, at=at, why=why)


def _write_answers(sheet: Sheet, answers: Answers, actor: Actor) -> None:
    """Put what was answered anew into the report; what it replaces stays in the journal."""
    report, unit = sheet.submission, sheet.unit.pk
    findings = [question.finding for question in sheet.questions]
    written = write_explanations(
        {unit: report}, judged=[unit], findings=findings, answers=answers
    ).changed
    if written:
        write_journal(
            actor=actor,
            action="explanations.changed",
            subject=report,
            before={rule: before for (_unit, rule), (before, _after) in written.items()},
            after={rule: after for (_unit, rule), (_before, after) in written.items()},
        )


def _write_receipt(sheet: Sheet, actor: Actor, at: datetime) -> Receipt:
    """Confirm what was received, number by number, with a digest over it."""
    report = Submission.objects.select_related("unit").get(unit=sheet.unit, month=sheet.month)
    if report.state != State.SUBMITTED:
        # A rule asks for something that the sheet did not show: nothing is sent halfway.
        raise Refused.because("not_sent", _("The report could not be sent. Look at it again."))
    return write_receipts(reports=[report], actor=actor, at=at)[report.pk]
