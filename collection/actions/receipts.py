"""Confirming what was received: a receipt for each report that was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count as CountOf

from collection import rules
from collection.models import Receipt
from commitments.models import Count, Indicator, Submission
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user


class Received(NamedTuple):
    """What a report has: the receipts before, and its numbers by code of the indicator."""

    before: int
    numbers: Mapping[str, int]


def write_receipts(
    *,
    reports: Sequence[Submission],
    actor: Actor,
    at: datetime,
    received: Mapping[int, Received] | None = None,
) -> dict[int, Receipt]:
    """A receipt for each of ``reports`` by its key: number by number, with a digest over them.

    Called inside the transaction that sent them. A receipt holds what a report asks every month;
    yearly bases are nobody's to confirm. ``received`` is what was sent, where the caller knows it.
    """
    received = received or _received(reports)
    written = {}
    for report in reports:
        before, numbers = received[report.pk]
        code, month = report.unit.code, report.month
        number = rules.receipt_number(code, month, before + 1)
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


def _received(reports: Sequence[Submission]) -> dict[int, Received]:
    """What each of the reports has, by its key."""
    keys = {(report.unit_id, report.month): report.pk for report in reports}
    numbers: dict[int, dict[str, int]] = {report.pk: {} for report in reports}
    counts = Count.objects.filter(
        month__in={month for _unit, month in keys},
        unit__in={unit for unit, _month in keys},
        indicator__frequency=Indicator.Frequency.MONTHLY,
        value__isnull=False,
    ).order_by("indicator__position")
    for unit, month, code, value in counts.values_list("unit", "month", "indicator__code", "value"):
        if (unit, month) in keys:
            numbers[keys[unit, month]][code] = value
    before = Submission.objects.filter(pk__in=numbers).annotate(held=CountOf("receipts")).order_by()
    return {pk: Received(held, numbers[pk]) for pk, held in before.values_list("pk", "held")}
