"""What recording numbers would say about them, without recording and without a lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from commitments import judging, querysets
from commitments.judging import Rulebook
from commitments.models import Count, Period
from commitments.querysets import Standing
from commitments.rules import Fault, Finding
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor

from .entries import Batch, Entry, by_month, examine, may_report


@dataclass
class Checked:
    """Faults with the index of their entry, what the rules find besides, and closed months.

    ``findings`` speak of the units whose entries all stand.
    """

    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    closed: set[Month] = field(default_factory=set)


def check_counts(
    *, entries: Sequence[Entry], actor: Actor, on: date, rulebook: Rulebook | None = None
) -> Checked:
    """What would ``record_counts`` refuse or ask, if these entries came to it now?

    That a month is closed is told, and no fault: a correction may still come with its reason.
    """
    book = rulebook or Rulebook()
    batch, checked = Batch(entries), Checked()
    units = Unit.objects.in_bulk({entry.unit_id for entry in entries})
    allowed = may_report(units, actor, on)
    examine(batch, units=units, indicators=book.indicators, allowed=allowed, on=on)
    for month, places in by_month(entries).items():
        standing = querysets.standings({entry.unit_id for entry in places.values()}, month)
        for index, entry in places.items():
            if entry.unit_id not in standing:
                batch.end(index, units[entry.unit_id])
        if _is_closed(standing, month):
            checked.closed.add(month)
        changes = _changes(batch, places, month)
        findings = judging.findings(
            month=month,
            standing={unit: standing[unit] for unit in {unit for unit, _indicator in changes}},
            changes=changes,
            rulebook=book,
        )
        batch.block(places, findings, book.code)
        checked.findings += [finding for finding in findings if not finding.blocks]
    checked.faults = batch.faults
    return checked


def _is_closed(standing: Mapping[int, Standing], month: Month) -> bool:
    provinces = {place.province for place in standing.values()}
    return any(
        period.is_closed for period in Period.objects.filter(unit__in=provinces, month=month)
    )


def _changes(batch: Batch, places: Mapping[int, Entry], month: Month) -> dict[tuple[int, int], int]:
    """The numbers that say something new, of units without a fault so far."""
    units = {entry.unit_id for entry in places.values()} - batch.faulty_units
    held = {
        (unit, indicator): value
        for unit, indicator, value in Count.objects.filter(month=month, unit__in=units).values_list(
            "unit", "indicator", "value"
        )
    }
    return {
        entry.key: entry.value
        for entry in places.values()
        if entry.unit_id in units and held.get(entry.key) != entry.value
    }
