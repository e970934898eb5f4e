"""Confirming what was received: a receipt for each report that was sent."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count as CountOf

from collection import rules
from collection.models import Receipt
from commitments.models import Count, Indicator, Submission
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user


def write_receipts(
    *, reports: Sequence[Submission], actor: Actor, at: datetime
) -> dict[int, Receipt]:
    """A receipt for each of ``reports`` by its key: number by number, with a digest over them.

    Called inside the transaction that sent them. A receipt holds what a report asks every month;
    yearly bases are nobody's to confirm.
    """
    values: dict[tuple[int, int], dict[str, int]] = {
        (report.unit_id, report.month): {} for report in reports
    }
    counts = Count.objects.filter(
        month__in={month for _unit, month in values},
        unit__in={unit for unit, _month in values},
        indicator__frequency=Indicator.Frequency.MONTHLY,
        value__isnull=False,
    ).order_by("indicator__position")
    for unit, month, code, value in counts.values_list("unit", "month", "indicator__code", "value"):
        if (unit, month) in values:
            values[unit, month][code] = value
    before = dict(
        Submission.objects.filter(pk__in=[report.pk for report in reports])
        .annotate(held=CountOf("receipts"))
        .values_list("pk", "held")
        .order_by()
    )
    written = {}
    for report in reports:
        code, month = report.unit.code, report.month
        number = rules.receipt_number(code, month, before[report.pk] + 1)
        numbers = values[report.unit_id, month]
        written[report.pk] = Receipt(
            number=number,
            submission=report,
            at=at,
            by=as_user(actor),
            values=numbers,
            digest=rules.digest_of(number, code, month, numbers),
        )
    Receipt.objects.bulk_create(written.values())
    for receipt in written.values():
        write_journal(
            actor=actor,
            action="report.received",
            subject=receipt.submission,
            after={"receipt": receipt.number, "digest": receipt.digest},
        )
    return written
