"""The reporting months of a province as rounds: how complete each is, and what waits after closing.

A read, in as many queries for twelve months as for one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as CountOf
from django.db.models import F, Q, Value

from commitments.actions.reporting.periods import usual_period
from commitments.models import Count, Period, PeriodEvent, State, Submission
from commitments.querysets import without_approval, working_days
from districts.models import Ancestry, Unit
from districts.months import Month

WITH_REVIEWER = (State.SUBMITTED, State.VERIFIED)
"""The states of a report that waits for somebody's decision."""

MONTHS = 13
"""A month and the year before it: so many are shown at once."""
CORRECTED = "corrected"
"""Stands among the states of reports for approved numbers that wait to be corrected."""


@dataclass(frozen=True)
class Round:
    """One month of a province: its period, its reports, and what happened to it."""

    period: Period
    usual_due: date
    """The day the rule gives: a stored one that is another was set by hand or is to be computed."""
    expected: int
    approved: int
    waiting: int
    corrections: int
    """Approved numbers that somebody says should be others, and that nobody has approved."""
    events: Sequence[PeriodEvent]
    is_over: bool
    """Whether the month has ended, so that it can be closed."""

    @property
    def month(self) -> Month:
        return self.period.month

    @property
    def due_moves(self) -> bool:
        """Whether the due day would move, were it computed anew."""
        return not self.period.due_by_hand and self.period.due_on != self.usual_due

    @property
    def missing(self) -> int:
        return max(self.expected - self.approved - self.waiting, 0)

    @property
    def is_complete(self) -> bool:
        return self.approved >= self.expected


def rounds_of(province: Unit, *, until: Month, current: Month) -> list[Round]:
    """The months of ``province`` up to ``until``, the newest first; ``current`` is the one running.

    So many as ``MONTHS`` says; ``older_than`` tells whether there are more.
    """
    months = [until - back for back in range(MONTHS)]
    periods = {
        period.month: period for period in Period.objects.filter(unit=province, month__in=months)
    }
    below = Q(
        unit__ancestries__ancestor=province,
        unit__ancestries__since__lte=F("month"),
        unit__ancestries__until__gt=F("month"),
    )
    reports = Submission.objects.filter(below, month__in=months, unit__reports_at="commune")
    states = reports.values_list("month", "state").annotate(CountOf("pk")).order_by()
    changed = Count.objects.filter(below, month__in=months, approved__isnull=False)
    changed = changed.filter(value__isnull=False).exclude(value=F("approved"))
    corrections = changed.values_list("month", Value(CORRECTED)).annotate(CountOf("unit"))
    numbers = defaultdict(dict)
    for month, what, number in states.union(corrections.order_by(), all=True):
        numbers[month][what] = number
    expected = _expected(province, months)
    days = working_days()
    events = defaultdict(list)
    for event in PeriodEvent.objects.filter(period__in=periods.values()).select_related("by"):
        events[event.period_id].append(event)
    return [
        Round(
            period=period,
            usual_due=days.due_day(month),
            expected=expected[month],
            approved=numbers[month].get(State.APPROVED, 0),
            waiting=sum(numbers[month].get(s, 0) for s in WITH_REVIEWER),
            corrections=numbers[month].get(CORRECTED, 0),
            events=events[period.pk],
            is_over=month < current,
        )
        for month in months
        for period in [periods.get(month) or usual_period(province.pk, month, days)]
    ]


def closing_without(province: Unit, month: Month, on: date) -> list[Unit]:
    """The communes that a month would be closed without; none where it cannot be closed now."""
    closed = Period.objects.filter(unit=province, month=month, closed_at__isnull=False)
    if on <= month.last_day or closed.exists():
        return []
    return list(without_approval(province, month))


def older_than(province: Unit, *, until: Month) -> Month | None:
    """The month before those that ``rounds_of`` shows, None if no month so old was ever opened."""
    older = until - MONTHS
    return older if Period.objects.filter(unit=province, month__lte=older).exists() else None


def _expected(province: Unit, months: Sequence[Month]) -> dict[Month, int]:
    """How many communes stood below ``province`` in each month."""
    spans = Ancestry.objects.filter(ancestor=province, descendant__reports_at="commune")
    spans = list(spans.values_list("since", "until"))
    return {month: sum(since <= month < until for since, until in spans) for month in months}
