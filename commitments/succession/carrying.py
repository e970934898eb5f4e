"""Who carries on what a unit promised, after the unit has ended. A read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment
from districts.models import WHOLE, Ancestry, Lineage, Tier, Unit
from districts.months import Month


@dataclass(frozen=True)
class Carrier:
    """One unit in force that carries a part of what was promised.

    ``continues`` are the units of the old map that it has it from, ``partly`` says that it has only
    a part of one of them. ``commitment`` is its own of the same year that stands; None until its
    head has signed.
    """

    unit: Unit
    continues: tuple[Unit, ...]
    partly: bool
    commitment: Commitment | None


def carried_by(commitment: Commitment, on: date) -> list[Carrier]:
    """Who carries on ``on`` what an ended unit committed to, by name; empty while it stands.

    A district is carried by those who continue its communes, whatever their new parent is.
    """
    unit = commitment.unit
    if unit.abolished_on is None or unit.abolished_on > on:
        return []
    origins = _origins(unit)
    month = Month.containing(on)
    continues: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for heir, origin, share in _heirs(unit, origins, month):
        continues[heir].append((origin, share))
    units = Unit.objects.in_bulk([*continues, *origins])
    standing = {
        own.unit_id: own
        for own in Commitment.objects.standing().filter(
            unit__in=list(continues), year=commitment.year
        )
    }
    carriers = [
        Carrier(
            unit=units[heir],
            continues=tuple(units[origin] for origin, _share in those),
            partly=any(share < WHOLE for _origin, share in those),
            commitment=standing.get(heir),
        )
        for heir, those in continues.items()
    ]
    return sorted(carriers, key=lambda carrier: (carrier.unit.sort_key, carrier.unit.pk))


def _origins(unit: Unit) -> list[int]:
    """The units of the old map it lives on in: itself, or the communes of a district."""
    if unit.tier != Tier.DISTRICT:
        return [unit.pk]
    below = Ancestry.objects.in_month(Month(unit.until - 1)).filter(
        ancestor=unit, descendant__tier=Tier.COMMUNE
    )
    return list(below.order_by("descendant__code").values_list("descendant", flat=True))


def _heirs(unit: Unit, origins: list[int], month: Month) -> list[tuple[int, int, int]]:
    """(heir, origin, share) on the map of ``month``."""
    if unit.tier != Tier.PROVINCE:
        rows = Lineage.objects.on_map_of(month).filter(origin__in=origins, share__gt=0)
        return list(rows.order_by("origin__code").values_list("heir", "origin", "share"))
    found, waiting = [], [(unit, WHOLE)]
    while waiting:
        one, share = waiting.pop()
        if one.pk != unit.pk and one.until > month:
            found.append((one.pk, unit.pk, share))
            continue
        waiting += [
            (row.successor, share * row.share // WHOLE)
            for row in one.successions.applied_on(month.last_day).select_related("successor")
            if row.share
        ]
    return found
