"""What stands in the reports of a month, read once its provinces are locked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from commitments import querysets
from commitments.judging import Beside
from commitments.models import Count, Period, Submission
from commitments.querysets import Standing
from districts.months import Month

from . import periods

Key = tuple[int, int]
"""Unit and indicator."""
Numbers = Mapping[Key, tuple[int | None, int | None]]
"""What the reports of a month hold: value and approved."""


@dataclass(frozen=True)
class Reading:
    """The reports of some units for a month, as they stand under the lock.

    ``beside`` is what they are judged against, and ``reports`` those that were begun, where
    whoever reads knows them already.
    """

    periods: Mapping[tuple[int, Month], Period]
    standing: Mapping[int, Standing]
    numbers: Numbers
    beside: Beside | None = None
    reports: Mapping[int, Submission] | None = None


def read_month(units: Collection[int], month: Month) -> Reading:
    """Lock the month of the units' provinces and read what stands in it."""
    locked = periods.lock(provinces=querysets.provinces_of(units, month), months=[month])
    # Only under the lock is it certain where a unit stands: the map may have changed meanwhile.
    standing = querysets.standings(units, month)
    counts = Count.objects.filter(month=month, unit__in=units)
    numbers = {
        (unit, indicator): (value, approved)
        for unit, indicator, value, approved in counts.values_list(
            "unit", "indicator", "value", "approved"
        )
    }
    return Reading(locked, standing, numbers)
