"""What the rules find in reports: stored numbers, with changes that are not stored yet.

A read: the service that writes counts asks it before writing, approval before deciding, and any
page may ask it to show what a report would be told.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
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

    def code(self, indicator: int) -> str:
        return self.indicators[indicator].code

    def add_up(self, numbers: dict[str, int]) -> None:
        """Put in each sum whose parts are all there."""
        for code, parts in self.sums.items():
            if all(part in numbers for part in parts):
                numbers[code] = sum(numbers[part] for part in parts)


def findings(
    *,
    month: Month,
    standing: Mapping[int, Standing],
    changes: Mapping[tuple[int, int], int] | None = None,
    rulebook: Rulebook | None = None,
) -> list[Finding]:
    """What do the rules find in the reports of these units for ``month``?

    ``standing`` says which units and where each stands (``querysets.standings``). Judged is what
    they reported, with ``changes``, numbers by (unit, indicator), in place of what is stored.
    """
    book = rulebook or Rulebook()
    if not (standing and book.judges):
        return []
    reports = _reports(month, standing, changes or {}, book)
    return [finding for report in reports for finding in rules.judge(report, book.judges)]


def _reports(
    month: Month,
    standing: Mapping[int, Standing],
    changes: Mapping[tuple[int, int], int],
    book: Rulebook,
) -> Iterator[rules.Report]:
    names = {indicator.code: indicator.name for indicator in book.indicators.values()}
    values: dict[Month, Numbers] = {day: defaultdict(dict) for day in (month, month - 1)}
    for day, unit, indicator, value in Count.objects.filter(
        month__in=values, unit__in=standing, value__isnull=False
    ).values_list("month", "unit", "indicator", "value"):
        values[day][unit][book.code(indicator)] = value
    for (unit, indicator), value in changes.items():
        values[month][unit][book.code(indicator)] = value
    known = _known(month, standing, book)
    for unit in sorted(standing):
        mine = values[month][unit]
        book.add_up(mine)
        yield rules.Report(month, unit, mine, known[unit], values[month - 1][unit], names)


def _known(month: Month, standing: Mapping[int, Standing], book: Rulebook) -> Numbers:
    """Yearly bases of each unit; for a province's office what the whole province reported."""
    known: Numbers = defaultdict(dict)
    bases = Bases(standing, until=month)
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
