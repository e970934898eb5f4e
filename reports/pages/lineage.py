"""What a unit was before and became after: the strip that ties the maps together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from districts.models import (
    BEFORE_RECORDS,
    WHOLE,
    Ancestry,
    Lineage,
    Placement,
    Renaming,
    Reorganisation,
    Tier,
    Unit,
)
from districts.months import Month
from reports.engine.rules import half_up
from steering.committee import access

from .scope import Scope


@dataclass(frozen=True)
class Kin:
    """A unit that came before or after, with a month beside the change in which it stood.

    ``percent`` of the people went over, None where all did; ``seen``: the reader may open it.
    """

    unit: Unit
    month: Month
    percent: Decimal | None
    seen: bool


@dataclass(frozen=True)
class Strip:
    """A unit's beginning and end, under whom it stood before, and how it was called.

    A district has no heir: where it ended, ``became`` is what its communes went on as.
    """

    unit: Unit
    began_on: date | None
    began_by: str
    ended_on: date | None
    ended_by: str
    was: tuple[Kin, ...]
    became: tuple[Kin, ...]
    earlier_parents: tuple[Placement, ...]
    renamings: tuple[Renaming, ...]

    def __bool__(self) -> bool:
        told = self.began_on, self.ended_on, self.earlier_parents, self.renamings
        return any(told)

    @property
    def basis(self) -> str:
        """The legal basis of what is told."""
        return "; ".join(dict.fromkeys(filter(None, (self.began_by, self.ended_by))))

    @property
    def through_communes(self) -> bool:
        return self.unit.tier == Tier.DISTRICT


def strip_of(scope: Scope) -> Strip:
    """The lineage of the scope's unit by the changes in force: seven queries at most."""
    unit = scope.unit
    began = None if unit.established_on == BEFORE_RECORDS else unit.established_on
    ended = unit.abolished_on
    legal = dict(
        Reorganisation.objects.filter(
            state=Reorganisation.State.APPLIED, effective_on__in=[began, ended]
        ).values_list("effective_on", "legal_basis")
    )
    was = _origins(unit) if began else []
    became = _heirs(unit) if ended else []
    seen = _seen(scope, [other for other, _share in (*was, *became)])
    return Strip(
        unit=unit,
        began_on=began,
        began_by=legal.get(began, ""),
        ended_on=ended,
        ended_by=legal.get(ended, ""),
        was=tuple(_kin(other, share, Month(unit.since - 1), seen) for other, share in was),
        became=tuple(_kin(other, share, Month(unit.until), seen) for other, share in became),
        earlier_parents=tuple(
            unit.placements.exclude(until=ended).exclude(until=None).select_related("parent")
        ),
        renamings=tuple(unit.renamings.in_force().order_by("since")),
    )


def _kin(unit: Unit, share: int | None, month: Month, seen: set[int]) -> Kin:
    part = None
    if share is not None and share != WHOLE:
        part = half_up(Fraction(share * 100, WHOLE), 1)
    return Kin(unit, month, part, unit.pk in seen)


def _origins(unit: Unit) -> list[tuple[Unit, int]]:
    """Whose counts a unit took over when it began."""
    lines = Lineage.objects.on_map_of(unit.since).filter(heir=unit).exclude(origin=unit)
    return [
        (line.origin, line.share)
        for line in lines.select_related("origin").order_by("origin__code", "origin__sort_key")
    ]


def _heirs(unit: Unit) -> list[tuple[Unit, int | None]]:
    """Who took over the counts of a unit when it ended; of all below it, whole where many are."""
    leaves = Ancestry.objects.in_month(unit.until - 1).filter(ancestor=unit)
    lines = (
        Lineage.objects.on_map_of(unit.until)
        .filter(origin__in=leaves.values("descendant"))
        .select_related("heir")
        .order_by("-share", "heir__code")
    )
    if unit.reports_at:
        return [(line.heir, line.share) for line in lines]
    heirs = {line.heir for line in lines}
    return [(heir, None) for heir in sorted(heirs, key=lambda heir: heir.code)]


def _seen(scope: Scope, units: Iterable[Unit]) -> set[int]:
    """Which of ``units`` the reader may open."""
    wanted = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    return set(access.visible(wanted, scope.user, scope.today).values_list("pk", flat=True))
