"""Whom the units of a province continue on a day on which the map changed. A read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from districts.models import WHOLE, Ancestry, Placement, Succession, Tier, Unit
from districts.months import Month

ASSIGNED_TIERS = (Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE)


@dataclass(frozen=True)
class Continued:
    """The change of one day in one province.

    ``heirs`` are, for each unit that ended or stood on, (successor, share); a unit that lives on
    under another parent, or that took others over, continues itself. ``district_of`` is where the
    communes stood on the last day.
    """

    day: date
    heirs: dict[int, tuple[tuple[int, int], ...]]
    units: dict[int, Unit]
    district_of: dict[int, int]

    @property
    def last_day(self) -> date:
        """The last day of the old map."""
        return self.day - timedelta(days=1)

    @property
    def last_month(self) -> Month:
        """The last month of the old map."""
        return Month.starting_from(self.day) - 1

    @property
    def successors(self) -> list[Unit]:
        """Those who are to be assigned anew, the province first, then by name."""
        found = {heir for heirs in self.heirs.values() for heir, share in heirs if share}
        return sorted(
            (self.units[pk] for pk in found & self.units.keys()),
            key=lambda unit: (unit.tier != Tier.PROVINCE, unit.sort_key, unit.pk),
        )


def days_of_change(province: Unit) -> list[date]:
    """The days on which units of a province, or itself, were continued by others, newest first."""
    below = Ancestry.objects.filter(ancestor=province).values("descendant")
    days = Succession.objects.filter(
        reorganisation__state="applied", successor__in=below, successor__tier__in=ASSIGNED_TIERS
    )
    return sorted(
        set(days.order_by().values_list("reorganisation__effective_on", flat=True)), reverse=True
    )


def continued_on(province: Unit, day: date) -> Continued:
    """Whom the units that stand in ``province`` from ``day`` on continue."""
    month = Month.starting_from(day)
    inside = Ancestry.objects.in_month(month).filter(
        ancestor=province, descendant__tier__in=ASSIGNED_TIERS
    )
    successions = Succession.objects.filter(
        reorganisation__state="applied", reorganisation__effective_on=day, share__gt=0
    )
    mine = successions.filter(successor__in=inside.values("descendant"))
    rows = (
        successions.filter(predecessor__in=mine.values("predecessor"))
        .select_related("predecessor", "successor")
        .order_by("predecessor__code", "predecessor", "pk")
    )
    heirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    units: dict[int, Unit] = {}
    within = set(inside.values_list("descendant", flat=True))
    for row in rows:
        heirs[row.predecessor_id].append((row.successor_id, row.share))
        units[row.predecessor_id] = row.predecessor
        if row.successor_id in within:
            units[row.successor_id] = row.successor
    for stayed in _stayed(within, day, {heir for those in heirs.values() for heir, _s in those}):
        heirs[stayed.pk].append((stayed.pk, WHOLE))
        units[stayed.pk] = stayed
    above = Ancestry.objects.in_month(month - 1).filter(
        descendant__in=heirs, ancestor__tier=Tier.DISTRICT, descendant__tier=Tier.COMMUNE
    )
    return Continued(
        day=day,
        heirs={pk: tuple(those) for pk, those in heirs.items()},
        units=units,
        district_of=dict(above.values_list("descendant", "ancestor")),
    )


def _stayed(within: set[int], day: date, heirs: set[int]) -> list[Unit]:
    """Units that stood before ``day`` and have another parent or took others over since."""
    moved = Placement.objects.filter(since=day, unit__in=within).values("unit")
    return list(
        Unit.objects.filter(
            Q(pk__in=moved) | Q(pk__in=heirs & within), established_on__lt=day
        ).order_by("code", "pk")
    )
