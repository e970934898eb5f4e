"""Who has reported: on time, late, missing, for the units in force in each month."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from commitments.models import Count, State, Submission
from commitments.querysets import due_days_in
from districts.models import Ancestry, Tier, Unit
from districts.months import Month

SENT = frozenset({State.SUBMITTED, State.VERIFIED, State.APPROVED})


@dataclass(frozen=True)
class Coverage:
    """Reports below one unit for one month. ``expected`` is None while it was not in force."""

    unit: Unit
    month: Month
    expected: int | None
    sent: int
    on_time: int
    approved: int

    @property
    def missing(self) -> int:
        return (self.expected or 0) - self.sent

    @property
    def late(self) -> int:
        return self.sent - self.on_time


def completeness(*, unit: Unit, months: Sequence[Month]) -> list[Coverage]:
    """Coverage of each direct child of ``unit`` (in the last month, in code order) by month.

    What counts as sent is said by ``sent_reports``.
    """
    children = list(Unit.objects.children_of(unit, max(months)))
    expected = _expected(children, months)
    sent, on_time, approved = Counter(), Counter(), Counter()
    rows = list(
        sent_reports(months)
        .filter(
            unit__ancestries__ancestor__in=children,
            unit__ancestries__since__lte=F("month"),
            unit__ancestries__until__gt=F("month"),
        )
        .values_list("unit__ancestries__ancestor", "unit", "month", "sent_at", "stands")
    )
    due = due_days({reporting for _child, reporting, *_rest in rows}, months)
    for child, reporting, month, sent_at, is_approved in rows:
        sent[child, month] += 1
        on_time[child, month] += is_on_time(sent_at, due[reporting, month])
        approved[child, month] += is_approved
    return [
        Coverage(
            unit=child,
            month=month,
            expected=expected.get((child.pk, month)),
            sent=sent[child.pk, month],
            on_time=on_time[child.pk, month],
            approved=approved[child.pk, month],
        )
        for child in children
        for month in months
    ]


def sent_reports(months: Iterable[Month]) -> QuerySet[Submission]:
    """The reports of ``months`` that count as handed in, each with ``stands``: is it approved?

    A report counts once it is submitted and not returned, and holds a number: an empty one is none.
    One that is being corrected counts as sent and approved while its approved numbers stand.
    """
    counts = Count.objects.filter(unit=OuterRef("unit"), month=OuterRef("month"))
    return Submission.objects.annotate(stands=stands()).filter(
        Q(state__in=SENT) & Exists(counts.filter(value__isnull=False)) | Q(stands=True),
        month__in=months,
    )


def stands() -> Q:
    """Whether a report's approved numbers stand, though it may be being corrected."""
    counts = Count.objects.filter(unit=OuterRef("unit"), month=OuterRef("month"))
    official = Exists(counts.filter(approved__isnull=False))
    return official & Q(approved_at__isnull=False) & ~Q(state=State.RETURNED)


def is_on_time(sent_at: datetime, due: date) -> bool:
    """Whether a report first sent then was in time: by the end of the due day."""
    return timezone.localdate(sent_at) <= due


def _expected(children: Sequence[Unit], months: Sequence[Month]) -> dict[tuple[int, Month], int]:
    """How many reporting units stood at or below each child in each month; absent if none."""
    found: dict[tuple[int, Month], int] = defaultdict(int)
    rows = Ancestry.objects.filter(ancestor__in=children, descendant__reports_at="commune")
    for child, since, until in rows.values_list("ancestor", "since", "until"):
        for month in months:
            if since <= month < until:
                found[child, month] += 1
    return found


def due_days(units: Collection[int], months: Sequence[Month]) -> dict[tuple[int, Month], date]:
    """When the report of each unit for each month is due: as the province it then stood under says.

    The usual day where that province has not opened the month, or the unit did not stand.
    """
    stood = Ancestry.objects.filter(
        descendant__in=units,
        ancestor__tier=Tier.PROVINCE,
        since__lte=max(months),
        until__gt=min(months),
    )
    known = due_days_in(stood.values("ancestor"), months)
    usual = {month: known.of(None, month) for month in months}
    due = {(unit, month): usual[month] for unit in units for month in months}
    for unit, province, since, until in stood.values_list(
        "descendant", "ancestor", "since", "until"
    ):
        for month in months:
            if since <= month < until:
                due[unit, month] = known.opened.get((province, month), usual[month])
    return due
