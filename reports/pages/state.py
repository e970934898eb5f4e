"""How far a month is: who has reported and been approved, when last, until when one may report."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q

from commitments.models import Period, State, Submission
from districts.models import Ancestry, EntryTier
from reports.completeness import SENT

from .scope import Scope, provinces_above


@dataclass(frozen=True)
class DataState:
    """Reports of the communes at or below a unit for a month. ``expected`` counts those in force.

    ``period`` is None for a month that was never opened.
    """

    expected: int
    sent: int
    approved: int
    updated_at: datetime | None
    period: Period | None

    @property
    def waiting(self) -> int:
        """Sent and not yet approved."""
        return self.sent - self.approved

    @property
    def missing(self) -> int:
        return self.expected - self.sent

    @property
    def is_complete(self) -> bool:
        return 0 < self.expected == self.approved


def data_state(scope: Scope) -> DataState:
    """The state of the scope's own month, whatever map it is shown on: three queries."""
    below = {
        "ancestor": scope.unit,
        "since__lte": scope.month,
        "until__gt": scope.month,
        "descendant__reports_at": EntryTier.COMMUNE,
    }
    reports = Submission.objects.filter(
        month=scope.month,
        unit__reports_at=EntryTier.COMMUNE,
        unit__ancestries__ancestor=scope.unit,
        unit__ancestries__since__lte=F("month"),
        unit__ancestries__until__gt=F("month"),
    ).aggregate(
        sent=Count("pk", filter=Q(state__in=SENT)),
        approved=Count("pk", filter=Q(state=State.APPROVED)),
        updated_at=Max("approved_at"),
    )
    return DataState(
        expected=Ancestry.objects.filter(**below).count(),
        period=Period.objects.filter(
            unit__in=provinces_above(scope.unit), month=scope.month
        ).first(),
        **reports,
    )
