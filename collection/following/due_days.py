"""Which stored due days the rule would put elsewhere, and whose reports that makes on time. A read.

A day that somebody set by hand stays. Reminders that were sent stay as they were sent.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone

from commitments.actions.reporting.periods import CLOSES_AFTER_DAYS
from commitments.models import Period, Submission
from commitments.querysets import working_days
from reports.conference.completeness import (
    is_on_time,
    sent_reports,
)


@dataclass(frozen=True)
class Moving:
    """A period whose due day moves: to which day, and the reports that change sides by it."""

    period: Period
    due_on: date
    on_time: Sequence[Submission]
    """Sent after the stored day and by the computed one."""
    late: Sequence[Submission]

    @property
    def closes_on(self) -> date:
        """The day of closing moves along where it was the usual one."""
        usual = timedelta(days=CLOSES_AFTER_DAYS)
        if self.period.closes_on == self.period.due_on + usual:
            return self.due_on + usual
        return max(self.period.closes_on, self.due_on)


def moving(periods: Collection[Period]) -> list[Moving]:
    """Those of ``periods`` whose due day the rule puts elsewhere, in their order."""
    days = working_days()
    due = {period.pk: days.due_day(period.month) for period in periods}
    moved = [
        period for period in periods if not period.due_by_hand and due[period.pk] != period.due_on
    ]
    sent = _sent_between(moved, due)
    found = []
    for period in moved:
        on_time: list[Submission] = []
        late: list[Submission] = []
        for report in sent[period.pk]:
            was, becomes = (
                is_on_time(report.sent_at, day) for day in (period.due_on, due[period.pk])
            )
            if was != becomes:
                (on_time if becomes else late).append(report)
        found.append(Moving(period, due[period.pk], on_time, late))
    return found


def kept_by_hand(periods: Collection[Period]) -> list[tuple[Period, date]]:
    """Those of ``periods`` that somebody gave another due day than the rule, with the rule's."""
    days = working_days()
    by_hand = [period for period in periods if period.due_by_hand]
    found = [(period, days.due_day(period.month)) for period in by_hand]
    return [(period, usual) for period, usual in found if usual != period.due_on]


def _sent_between(periods: Collection[Period], due: dict[int, date]) -> dict[int, list[Submission]]:
    """The reports of each period that were sent between its two due days, in one query."""
    found: dict[int, list[Submission]] = defaultdict(list)
    if not periods:
        return found
    spans = Q()
    for month in {period.month for period in periods}:
        days = [day for p in periods if p.month == month for day in (p.due_on, due[p.pk])]
        spans |= Q(month=month, sent_at__gte=_end_of(min(days)), sent_at__lt=_end_of(max(days)))
    by_key = {(period.unit_id, period.month): period.pk for period in periods}
    reports = (
        sent_reports({period.month for period in periods})
        .filter(
            spans,
            unit__ancestries__ancestor__in={period.unit_id for period in periods},
            unit__ancestries__since__lte=F("month"),
            unit__ancestries__until__gt=F("month"),
        )
        .annotate(province=F("unit__ancestries__ancestor"))
        .select_related("unit")
        .order_by("month", "unit__sort_key", "unit__code")
    )
    for report in reports:
        if key := by_key.get((report.province, report.month)):
            found[key].append(report)
    return found


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
