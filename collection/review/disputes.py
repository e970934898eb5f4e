"""Reads of disputes: which there are, about which figure, and what the figure is now."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from collection.models import Dispute
from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import figures_for
from reports.wording.words import amount
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission

MISSING = "–"
WAITING_FIRST = ("-waits", "-last_at", "-pk")


@dataclass(frozen=True)
class Disputed:
    """One figure that may be disputed: of which unit, month and indicator, and as printed now."""

    unit: Unit
    indicator: Indicator
    month: Month

    @property
    def figure(self) -> str:
        """The official figure as every page prints it; a dash where there is none."""
        (found,) = figures_for(unit=self.unit, month=self.month, indicators=[self.indicator])
        return MISSING if found.achieved is None else amount(self.indicator, found.achieved)


def disputes_for(user: User, on: date, about: Disputed | None = None) -> QuerySet[Dispute]:
    """Disputes about units that ``user`` sees: those that wait first, then the newest."""
    found = access.visible(
        Dispute.objects.all(), user, on, unit_field="unit", permission=Permission.SEE_HISTORY
    )
    if about is not None:
        found = found.filter(unit=about.unit, indicator=about.indicator, month=about.month)
    found = found.annotate(
        waits=Q(answer__isnull=True), last_at=Coalesce("answer__at", "at")
    ).order_by(*WAITING_FIRST)
    return found.select_related("unit", "indicator", "by", "answer__by")
