"""Reads of what is being collected. Time is always an argument."""

from django.db.models import Max, QuerySet

from commitments.models import Indicator, Revision
from districts.models import Unit
from districts.months import Month

from .models import DraftAnswer, DraftCell


def entered_by(unit: Unit, month: Month) -> QuerySet[Indicator]:
    """What ``unit`` reports for ``month``, in the order of the catalogue: all of it is required.

    Yearly bases are not among it: they are given once, by whoever keeps them.
    """
    return Indicator.objects.filter(
        entered_at=unit.reports_at or "-", frequency="monthly", since__lte=month, until__gt=month
    )


def latest_revisions(unit: Unit, month: Month) -> dict[int, int]:
    """Indicator to its latest revision in one report."""
    revisions = Revision.objects.filter(unit=unit, month=month).order_by()
    return dict(revisions.values_list("indicator").annotate(Max("pk")))


def drafts_of(unit: Unit, month: Month) -> QuerySet[DraftCell]:
    """What is typed over one report and not sent."""
    return DraftCell.objects.filter(unit=unit, month=month)


def answers_of(unit: Unit, month: Month) -> QuerySet[DraftAnswer]:
    """What is answered to rules about one report and not sent."""
    return DraftAnswer.objects.filter(unit=unit, month=month)
