"""The reporting months of a province as rounds: how complete each is, and what waits after closing.

A read, in as many queries for twelve months as for one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.db.models import F, Q

from commitments.actions.periods import usual_period
from commitments.models import Count, Period, PeriodEvent, State, Submission
from districts.models import Ancestry, Unit
from districts.months import Month

MONTHS = 13
"""A month and the year before it: so many are shown at once."""


@dataclass(frozen=True)
class Round:
    """One month of a province: its period, its reports, and what happened to it."""

    period: Period
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
    states = defaultdict(dict)
    reports = Submission.objects.filter(below, month__in=months, unit__reports_at="commune")
    for month, state, number in (
        reports.values_list("month", "state").annotate(CountOf("pk")).order_by()
    ):
        states[month][state] = number
    changed = Count.objects.filter(below, month__in=months, approved__isnull=False)
    changed = changed.filter(value__isnull=False).exclude(value=F("approved"))
    corrections = dict(changed.values_list("month").annotate(CountOf("unit")).order_by())
    expected = _expected(province, months)
    events = defaultdict(list)
    for event in PeriodEvent.objects.filter(period__in=periods.values()).select_related("by"):
        events[event.period_id].append(event)
    return [
        Round(
            period=period,
            expected=expected[month],
            approved=states[month].get(State.APPROVED, 0),
            waiting=sum(states[month].get(s, 0) for s in (State.SUBMITTED, State.VERIFIED)),
            corrections=corrections.get(month, 0),
            events=events[period.pk],
            is_over=month < current,
        )
        for month in months
        for period in [periods.get(month) or usual_period(province.pk, month)]
    ]


def older_than(province: Unit, *, until: Month) -> Month | None:
    """The month before those that ``rounds_of`` shows, None if no month so old was ever opened."""
    older = until - MONTHS
    return older if Period.objects.filter(unit=province, month__lte=older).exists() else None


def _expected(province: Unit, months: Sequence[Month]) -> dict[Month, int]:
    """How many communes stood below ``province`` in each month."""
    spans = Ancestry.objects.filter(ancestor=province, descendant__reports_at="commune")
    spans = list(spans.values_list("since", "until"))
    return {month: sum(since <= month < until for since, until in spans) for month in months}
