"""What stands still on a sheet while somebody types: read once, it serves every cell saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collection import rules
from commitments import judging, querysets
from commitments.bases import Bases
from commitments.judging import Beside, Rulebook
from commitments.models import Base, Indicator
from commitments.querysets import Standing
from districts.models import Unit
from districts.months import Month
from districts.versions import state_of
from reports.engine.quantities import Quantities
from steering.kept.store import kept

from .lines import Earlier, LockedBase


@dataclass(frozen=True)
class Still:
    """What the sheet of a unit and month stands on: catalogue, map, the months before, the bases.

    ``indicators`` are what the unit reports, in catalogue order but each group in one piece;
    ``before`` the twelve months before, oldest first; ``province`` None where it does not stand.
    """

    book: Rulebook
    indicators: tuple[Indicator, ...]
    standing: Mapping[int, Standing]
    province: Unit | None
    before: tuple[Earlier, ...]
    beside: Beside
    bases: tuple[LockedBase, ...]


def still_of(unit: Unit, month: Month) -> Still:
    """What stands still on the sheet of ``unit`` for ``month``, kept until its data change."""
    key = state_of(unit.pk), unit.pk, month
    return kept("sheet", key, lambda: _read(unit, month), near=True)


def _read(unit: Unit, month: Month) -> Still:
    book = Rulebook()
    indicators = _entered(unit, month, book)
    standing = querysets.standings([unit.pk], month)
    bases = Bases([unit.pk], until=month)
    return Still(
        book=book.whole(),
        indicators=indicators,
        standing=standing,
        province=Unit.objects.filter(pk__in=[at.province for at in standing.values()]).first(),
        before=_earlier(unit, month, indicators),
        beside=judging.beside_reports(month, standing, book, bases),
        bases=tuple(_locked(unit, month, book, bases)),
    )


def _entered(unit: Unit, month: Month, book: Rulebook) -> tuple[Indicator, ...]:
    chosen = [
        indicator
        for indicator in book.indicators.values()
        if rules.is_asked(indicator, unit.reports_at, month)
    ]
    order = [*dict.fromkeys(indicator.group for indicator in chosen)]
    return tuple(sorted(chosen, key=lambda indicator: order.index(indicator.group)))


def _earlier(unit: Unit, month: Month, indicators: Sequence[Indicator]) -> tuple[Earlier, ...]:
    """The twelve months before, on the unit's own map: one read for all."""
    months = [Month(at) for at in range(month.same_month_last_year, month)]
    quantities = Quantities(
        nodes=[unit], map_month=month, indicators=indicators, months=months, flow_months=months
    )
    inherits = bool(quantities.origins(unit.pk))

    def read(at: Month) -> Earlier:
        cells = {held.pk: quantities.cell(at, unit.pk, held.pk).reported for held in indicators}
        numbers = {pk: number for pk, number in cells.items() if number is not None}
        return Earlier(at, numbers, inherits and not quantities.on_own_map(at))

    return tuple(map(read, months))


def _locked(unit: Unit, month: Month, book: Rulebook, bases: Bases) -> Iterable[LockedBase]:
    """The bases in force, in catalogue order, each with its sources."""
    if unit.reports_at != "commune":
        return
    sources: dict[tuple[int, Month], list[Base]] = {}
    for row in Base.objects.filter(unit__in=bases.units, month__lte=month).order_by("unit"):
        sources.setdefault((row.indicator_id, row.month), []).append(row)
    for pk, indicator in book.indicators.items():
        base = bases.at(unit.pk, pk, month, "value") if indicator.is_base else None
        if base is None:
            continue
        rows = sources.get((pk, base.given), [])
        yield LockedBase(
            indicator=indicator,
            number=base.number,
            given=base.given,
            source="; ".join(dict.fromkeys(row.source for row in rows)),
            dated=max((row.dated for row in rows), default=None),
            estimated=base.estimated,
        )
