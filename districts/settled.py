"""Since when nothing has changed any more at or below a unit: where its counts need no carrying."""

from collections.abc import Collection

from django.db.models import Case, F, Max, QuerySet, When

from .models import Ancestry, Lineage
from .months import FOREVER

LAST_MAP = FOREVER - 1
"""The month whose map is the last that is known."""


def settled_since(units: Collection[int] | QuerySet) -> dict[int, int]:
    """Unit to the first month from which on its area never changes, as far as is known.

    Neither does who stands at or below it change from then on, nor whom they continue: what was
    counted below it in such a month is what it has on every later map. For a unit that has ended it
    is the month of its end.
    """
    found: dict[int, int] = {}
    stood, continued = last_changes(units)
    for unit, month in stood.union(continued, all=True):
        found[unit] = max(found.get(unit, 0), month)
    return found


def last_changes(units: Collection[int] | QuerySet) -> tuple[QuerySet, QuerySet]:
    """(unit, month) of the last change below units, and of the last in whom those below continue.

    Two querysets, for whoever asks more in the same query; the later month is the one meant.
    """
    stood = (
        Ancestry.objects.filter(ancestor__in=units)
        .values_list("ancestor")
        .annotate(changed=Max(Case(When(until=FOREVER, then="since"), default="until")))
    )
    continued = (
        Lineage.objects.on_map_of(LAST_MAP)
        .exclude(origin=F("heir"))
        .filter(heir__ancestries__ancestor__in=units, heir__ancestries__until=FOREVER)
        .values_list("heir__ancestries__ancestor")
        .annotate(changed=Max("since"))
    )
    return stood.order_by(), continued.order_by()
