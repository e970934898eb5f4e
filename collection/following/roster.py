"""Who is expected to report for a month, and where each of them stands. A read.

Every unit that reports a commune's numbers and was in force in the month is expected, and nobody
else: what the province collects itself is nobody's to be reminded of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import OuterRef, QuerySet, Subquery

from collection.models import DraftCell
from commitments.models import State, Submission
from districts.models import Ancestry, EntryTier, Unit
from districts.months import Month
from reports.conference.completeness import (
    is_on_time,
    sent_reports,
)


class Mark(StrEnum):
    """What a square says."""

    ON_TIME = "on_time"
    LATE = "late"
    RETURNED = "returned"
    BEGUN = "begun"
    MISSING = "missing"
    NOT_IN_FORCE = "not_in_force"


SENT = frozenset({Mark.ON_TIME, Mark.LATE})


@dataclass(frozen=True, slots=True)
class Square:
    """One unit in one month. ``has_report`` tells whether there is a report to look at."""

    unit: Unit
    month: Month
    mark: Mark
    sent_at: datetime | None = None
    has_report: bool = False

    @property
    def is_sent(self) -> bool:
        return self.mark in SENT

    @property
    def is_in_force(self) -> bool:
        return self.mark != Mark.NOT_IN_FORCE


def reporting_below(unit: Unit, month: Month) -> QuerySet[Unit]:
    """The units at or below ``unit`` that report a commune's numbers for ``month``.

    Each with ``stood_under``, the key of the unit directly above it then: a district, or the
    province where none stands between. Those under one unit are reminded together.
    """
    above = Ancestry.objects.in_month(month).filter(descendant=OuterRef("pk"), depth=1)
    return (
        Unit.objects.below(unit, month)
        .filter(reports_at=EntryTier.COMMUNE)
        .annotate(stood_under=Subquery(above.values("ancestor")[:1]))
    )


def squares_of(
    units: Sequence[Unit], months: Sequence[Month], due: Mapping[tuple[int, Month], date]
) -> dict[tuple[int, Month], Square]:
    """The square of every unit in every month; ``due`` as ``due_days`` says of them."""
    reports = Submission.objects.filter(unit__in=units, month__in=months).order_by()
    states = {(unit, month): state for unit, month, state in reports.values_list(
        "unit", "month", "state"
    )}  # fmt: skip
    handed_in = sent_reports(months).filter(unit__in=units).order_by()
    sent = {(unit, month): at for unit, month, at in handed_in.values_list(
        "unit", "month", "sent_at"
    )}  # fmt: skip
    drafts = DraftCell.objects.filter(unit__in=units, month__in=months).order_by()
    typed = set(drafts.values_list("unit", "month").distinct())

    def mark(unit: Unit, month: Month) -> Mark:
        key = unit.pk, month
        if not unit.since <= month < unit.until:
            return Mark.NOT_IN_FORCE
        if key in sent:
            return Mark.ON_TIME if is_on_time(sent[key], due[key]) else Mark.LATE
        if states.get(key) == State.RETURNED:
            return Mark.RETURNED
        return Mark.BEGUN if key in typed or key in states else Mark.MISSING

    return {
        (unit.pk, month): Square(
            unit,
            month,
            mark(unit, month),
            sent_at=sent.get((unit.pk, month)),
            has_report=(unit.pk, month) in states,
        )
        for unit in units
        for month in months
    }
