"""Sending a report: everything judged, counted, and confirmed by a receipt, or nothing."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collection.entry.cells import Cells, cells_of
from collection.entry.lines import Sheet
from collection.entry.sheets import sheet_of
from collection.entry.still import Still, still_of
from collection.models import Receipt
from collection.querysets import answers_of, drafts_of, report_in
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_report
from commitments.actions.reporting.explaining import Answers, write_explanations
from commitments.actions.reporting.reading import Reading
from commitments.models import Indicator, State, Submission
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission

from .receipts import Received, write_receipts
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
    # Read under the lock: it serves the rules, the counts and the receipt.
    still, cells = still_of(unit, month), cells_of(unit, month)
    period.unit = still.province
    sheet = sheet_of(unit, month, on, still=still, cells=cells, period=period)
    _refuse_incomplete(sheet)
    report = _record(sheet, still, cells, actor, at, why.strip())
    drafts_of(unit, month).delete()
    if sheet.submission is None or sheet.submission.is_answered:
        answers_of(unit, month).delete()
    return _write_receipt(report, sheet, still, cells, actor, at)


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


def _record(sheet: Sheet, still: Still, cells: Cells, actor: Actor, at: datetime, why: str) -> None:
    """Count what is new and send the report; without anything new a report is sent as it is."""
    new = [line for line in sheet.lines if line.is_new]
    unit, month, answers = sheet.unit, sheet.month, sheet.typed_answers
    if new:
        record_report(
            unit=unit,
            entries=[
                Entry(
                    month,
                    unit.pk,
                    line.indicator.pk,
                    line.value,
                    source=_("copied from last month") if line.copied else "",
                )
                for line in new
            ],
            reading=Reading(
                periods={(sheet.period.unit_id, month): sheet.period},
                standing=still.standing,
                numbers={(unit.pk, pk): numbers for pk, numbers in cells.counts.items()},
                beside=still.beside,
                reports={unit.pk: sheet.submission} if sheet.submission else {},
            ),
            rulebook=still.book,
            actor=actor,
            on=sheet.on,
            at=at,
            why=why,
            explanations=answers,
        )
        return sheet.submission or report_in(unit, month)
    _write_answers(sheet, Answers(to_rules={(unit.pk, month): answers}), actor)
    sent = submissions.send(
        submissions=[sheet.submission], actor=actor, on=sheet.on, at=at, why=why
    )
    return sent[0]


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


def _write_receipt(
    report: Submission, sheet: Sheet, still: Still, cells: Cells, actor: Actor, at: datetime
) -> Receipt:
    """Confirm what was received, number by number, with a digest over it."""
    if report.state != State.SUBMITTED:
        # A rule asks for something that the sheet did not show: nothing is sent halfway.
        raise Refused.because("not_sent", _("The report could not be sent. Look at it again."))
    report.unit = sheet.unit
    numbers = {pk: value for pk, (value, _approved) in cells.counts.items()}
    numbers |= {line.indicator.pk: line.value for line in sheet.lines}
    monthly = {
        indicator.code: numbers[pk]
        for pk, indicator in still.book.indicators.items()
        if indicator.frequency == Indicator.Frequency.MONTHLY and numbers.get(pk) is not None
    }
    before = sheet.submission.receipts_held if sheet.submission else 0
    received = {report.pk: Received(before, monthly)}
    return write_receipts(reports=[report], actor=actor, at=at, received=received)[report.pk]
