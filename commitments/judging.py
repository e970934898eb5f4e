"""What the rules find in reports: stored numbers, with changes that are not stored yet.

A read: the service that writes counts asks it before writing, approval before deciding, and any
page may ask it to show what a report would be told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from districts.models import Unit
from districts.months import Month

from . import querysets, rules
from .bases import Bases
from .models import Count, Indicator, Total
from .querysets import Standing
from .rules import Finding, Judge

Numbers = dict[int, dict[str, int]]
"""Unit to its numbers by code of the indicator."""
Key = tuple[int, int]
"""Unit and indicator."""


class Rulebook:
    """The rules and the indicators they speak of, each read once, when first needed."""

    @cached_property
    def indicators(self) -> dict[int, Indicator]:
        return querysets.indicators_by_id()

    @cached_property
    def judges(self) -> list[Judge]:
        return querysets.judges()

    @cached_property
    def sums(self) -> dict[str, tuple[str, ...]]:
        return querysets.sums()

    def whole(self) -> "Rulebook":
        """The same with everything read, to be kept."""
        for part in ("indicators", "judges", "sums"):
            getattr(self, part)
        return self

    def code(self, indicator: int) -> str:
        return self.indicators[indicator].code

    def add_up(self, numbers: dict[str, int]) -> None:
        """Put in each sum whose parts are all there."""
        for code, parts in self.sums.items():
            if all(part in numbers for part in parts):
                numbers[code] = sum(numbers[part] for part in parts)


@dataclass(frozen=True)
class Beside:
    """What reports of a month are held against: bases in force, and what was reported last month.

    For a province's office the bases are followed by what the whole province reported so far.
    """

    known: Numbers
    last: Numbers


def findings(
    *,
    month: Month,
    standing: Mapping[int, Standing],
    changes: Mapping[Key, int] | None = None,
    reported: Mapping[Key, int | None] | None = None,
    beside: Beside | None = None,
    rulebook: Rulebook | None = None,
) -> list[Finding]:
    """What do the rules find in the reports of these units for ``month``?

    ``standing`` says which units and where each stands (``querysets.standings``). Judged is what
    they reported, with ``changes`` in place of what is stored. Whoever has read what is stored
    (``reported``) or what stands ``beside`` it hands it on.
    """
    book = rulebook or Rulebook()
    if not (standing and book.judges):
        return []
    if reported is None:
        reported = {(unit, pk): value for unit, pk, value in _reported(month, standing)}
    stands = {key: value for key, value in reported.items() if value is not None}
    reports = _reports(
        month,
        standing,
        stands | (changes or {}),
        beside or beside_reports(month, standing, book),
        book,
    )
    return [finding for report in reports for finding in rules.judge(report, book.judges)]


def beside_reports(
    month: Month, standing: Mapping[int, Standing], book: Rulebook, bases: Bases | None = None
) -> Beside:
    """What are the reports of these units for ``month`` held against? ``bases`` if read already."""
    last: Numbers = defaultdict(dict)
    for unit, indicator, value in _reported(month - 1, standing):
        last[unit][book.code(indicator)] = value
    return Beside(_known(month, standing, book, bases or Bases(standing, until=month)), last)


def _reported(month: Month, units: Collection[int]) -> Iterable[tuple[int, int, int]]:
    """(unit, indicator, number) of what is stored as reported."""
    counts = Count.objects.filter(month=month, unit__in=units, value__isnull=False)
    return counts.values_list("unit", "indicator", "value")


def _reports(
    month: Month,
    standing: Mapping[int, Standing],
    stands: Mapping[Key, int],
    beside: Beside,
    book: Rulebook,
) -> Iterator[rules.Report]:
    names = {indicator.code: indicator.name for indicator in book.indicators.values()}
    values: Numbers = defaultdict(dict)
    for (unit, indicator), value in stands.items():
        values[unit][book.code(indicator)] = value
    for unit in sorted(standing):
        mine = values[unit]
        book.add_up(mine)
        known, last = beside.known.get(unit, {}), beside.last.get(unit, {})
        yield rules.Report(month, unit, mine, known, last, names)


def _known(month: Month, standing: Mapping[int, Standing], book: Rulebook, bases: Bases) -> Numbers:
    known: Numbers = defaultdict(dict)
    for unit, place in standing.items():
        for indicator in bases.indicators:
            if (base := bases.at(unit, indicator, month, "value")) is not None:
                known[unit][book.code(indicator)] = base.number
        if place.tier == "office":
            known[unit].update(_province_so_far(place.province, month, book))
    return known


def _province_so_far(province: int, month: Month, book: Rulebook) -> dict[str, int]:
    """What the communes of a province reported, with sums and the bases in force."""
    so_far = {
        book.code(indicator): reported
        for indicator, reported in Total.objects.filter(
            month=month, node=province, reported__isnull=False
        ).values_list("indicator", "reported")
    }
    book.add_up(so_far)
    leaves = list(
        Unit.objects.below(Unit(pk=province), month)
        .filter(reports_at="commune")
        .values_list("pk", flat=True)
    )
    bases = Bases(leaves, until=month)
    for indicator in bases.indicators:
        numbers = [
            base.number
            for leaf in leaves
            if (base := bases.at(leaf, indicator, month, "value")) is not None
        ]
        if numbers:
            so_far[book.code(indicator)] = sum(numbers)
    return so_far
