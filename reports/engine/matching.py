"""The same units above and below the line: sums over the units of which every part is known.

While nothing is missing below a node its stored totals are those sums. Where a part is missing for
some unit they would put different units together; then, and only then, the counts are read unit by
unit: once, in one query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import NamedTuple
from weakref import proxy

from commitments.models import Count, Indicator
from districts.months import MONTH_NUMBER, Month

from .ground import Ground
from .quantities import Quantities

Terms = tuple[tuple[int, tuple[Month, ...]], ...]
"""Indicators, each with the months whose numbers are added up."""
_YEAR = 12


def terms_of(indicator: Indicator, month: Month, ground: Ground) -> Terms:
    """What a sum or a ratio of ``month`` is made of, and over which months.

    Two flows are put together month by month. A flow beside anything else is known when its
    months are: above the line those since January, below it the last twelve, because a stock held
    against a year that has only begun would be twelve times too large in January.
    """
    alone = (month,)
    if indicator.kind == "sum":
        return tuple((part, alone) for part in ground.parts[indicator.pk])
    above, below = indicator.numerator_id, indicator.denominator_id
    if is_flow(above, ground) == is_flow(below, ground):
        return (above, alone), (below, alone)
    if is_flow(above, ground):
        return (above, tuple(month.year_to_date())), (below, alone)
    return (above, alone), (below, last_twelve(month))


def is_flow(pk: int, ground: Ground) -> bool:
    """Whether its months add up to a year: a flow, or a sum of nothing but flows."""
    if ground.catalogue[pk].kind != "sum":
        return ground.catalogue[pk].kind == "flow"
    parts = ground.parts[pk]
    return bool(parts) and all(is_flow(part, ground) for part in parts)


def last_twelve(month: Month) -> tuple[Month, ...]:
    """The twelve months that end with ``month``."""
    return tuple(Month(number) for number in range(month - _YEAR + 1, month + 1))


class Coverage(NamedTuple):
    """Of how many reporting units numbers are approved and reported, and of how many expected.

    A tuple, because a page makes thousands of them.
    """

    approved: int
    reported: int
    expected: int

    @property
    def is_complete(self) -> bool:
        return self.approved >= self.expected


NOTHING = Coverage(0, 0, 0)


@dataclass(frozen=True)
class Together:
    """What units have together: a number for each indicator asked for, and how many units it are.

    ``numbers`` is empty where no unit knows them all.
    """

    numbers: tuple[int, ...] = ()
    units: int = 0


class Matching:
    """Puts together what the units below a node know, whether that is all of it or a part.

    ``total`` answers with the stored total of (node, indicator, month, column).
    """

    def __init__(self, quantities: Quantities, ground: Ground, total: Callable[..., int | None]):
        self.quantities, self.ground, self._total = quantities, ground, total
        self.catalogue, self.parts, self.bases = ground.catalogue, ground.parts, ground.bases
        # Through a proxy, for a cycle would hold all that was read until the next full collection.
        self.bound = cache(partial(Matching._bound, proxy(self)))

    def together(self, node: int, terms: Terms, column: str = "approved") -> Together:
        """What the units that know all of ``terms`` have of each.

        ``column`` is ``approved`` (official) or ``reported``.
        """
        least, lacking = None, False
        for pk, months in terms:
            for month in months:
                bound = self.bound(node, pk, month)
                known = bound.approved if column == "approved" else bound.reported
                if not known:
                    return Together()
                lacking |= known < bound.expected
                least = known if least is None else min(least, known)
        if least is None:
            return Together()
        if lacking:
            return self._matched(node, terms, column)
        numbers = (
            sum(self._total(node, pk, month, column) for month in months) for pk, months in terms
        )
        return Together(tuple(numbers), least)

    def _bound(self, node: int, pk: int, month: Month) -> Coverage:
        """Of how many units an indicator is known in ``month``; of a sum, of no more than these."""
        indicator = self.catalogue[pk]
        if indicator.kind == "sum":
            parts = [self.bound(node, part, month) for part in self.parts[pk]]
            return Coverage(*map(min, zip(*parts, strict=True))) if parts else NOTHING
        expected = 0
        if indicator.since <= month < indicator.until:
            expected = self.quantities.expected(month, node, indicator.entered_at)
        if pk in self.bases:
            approved, reported = (
                self.quantities.base(month, node, pk, column).units
                for column in ("approved", "value")
            )
            return Coverage(approved, reported, expected)
        cell = self.quantities.cell(month, node, pk)
        return Coverage(cell.units_approved, cell.units_reported, expected)

    # --- unit by unit ------------------------------------------------------------------------

    def _matched(self, node: int, terms: Terms, column: str) -> Together:
        if all(len(months) == 1 for _pk, months in terms):
            return self._in_month(node, terms, column)
        return self._over_months(node, terms, column)

    def _in_month(self, node: int, terms: Terms, column: str) -> Together:
        month = terms[0][1][0]
        sums, units = [0] * len(terms), 0
        carried = not self.quantities.on_own_map(month)
        for leaf, _tier in self.quantities.leaves(month).get(node, ()):
            known = [self._numbers(leaf, pk, month, column) for pk, _months in terms]
            if None in known:
                continue
            units += 1
            for place, numbers in enumerate(known):
                if carried:
                    numbers = (self.quantities.part(leaf, node, number) for number in numbers)
                sums[place] += sum(numbers)
        return Together(tuple(sums), units) if units else Together()

    def _over_months(self, node: int, terms: Terms, column: str) -> Together:
        """Of units that know every month of every indicator.

        A change of the map within the months is bridged by who carries the counts on the chosen
        map: a successor knows a month when all it succeeded do.
        """
        sums = [defaultdict(int) for _term in terms]
        whole = None
        for place, (pk, months) in enumerate(terms):
            for month in months:
                known = self._add(node, pk, month, column, sums[place])
                whole = known if whole is None else whole & known
        last = max(months[-1] for _pk, months in terms)
        units = sum(whole.issuperset(heirs) for _leaf, heirs in self._below(node, last))
        if not units:
            return Together()
        return Together(tuple(sum(added[heir] for heir in whole) for added in sums), units)

    def _add(self, node: int, pk: int, month: Month, column: str, sums: dict[int, int]) -> set[int]:
        """Add a month to the ``sums`` of the successors; returns those that know all of it."""
        known, lacking = set(), set()
        for leaf, heirs in self._below(node, month):
            numbers = self._numbers(leaf, pk, month, column)
            if numbers is None:
                lacking.update(heirs)
                continue
            known.update(heirs)
            for heir in heirs:
                sums[heir] += sum(
                    self.quantities.part_of_heir(leaf, heir, number, month) for number in numbers
                )
        return known - lacking

    def _below(self, node: int, month: Month) -> Iterator[tuple[int, list[int]]]:
        """The units that report below ``node`` in ``month``, with their heirs below it."""
        for leaf, _tier in self.quantities.leaves(month).get(node, ()):
            yield leaf, self.quantities.heirs_below(leaf, node, month)

    def _numbers(self, leaf: int, pk: int, month: Month, column: str) -> list[int] | None:
        """What one unit counts in one month, the parts of a sum one by one; None if one is lacking.

        Each is divided by itself, so that a sum is the sum of its parts for every heir.
        """
        found = [self._number(leaf, part, month, column) for part in self.ground.entered(pk)]
        return None if None in found or not found else found

    def _number(self, leaf: int, pk: int, month: Month, column: str) -> int | None:
        if pk in self.bases:
            return self.quantities.base_of(leaf, pk, month, _stored(column))
        if self._is_read(leaf, month):
            return getattr(self.quantities.cell(month, leaf, pk), column)
        approved, value = self._counts.get((month, leaf, pk), (None, None))
        return approved if column == "approved" else value

    def _is_read(self, leaf: int, month: Month) -> bool:
        """Whether the unit is itself a node, so that its counts are at hand."""
        return leaf in self.quantities.nodes and self.quantities.on_own_map(month)

    @cached_property
    def _counts(self) -> Mapping[tuple[int, int, int], tuple[int | None, int | None]]:
        """(month, unit, indicator) to its (approved, reported) numbers, where some are missing."""
        wanted = self._wanted()
        months = {month for month, _pk in wanted}
        units = {
            leaf
            for month in months
            for leaves in self.quantities.leaves(month).values()
            for leaf, _tier in leaves
            if not self._is_read(leaf, month)
        }
        if not units:
            return {}
        rows = Count.objects.filter(
            month__in=months, indicator__in={pk for _month, pk in wanted}, unit__in=units
        ).values_list(MONTH_NUMBER, "unit", "indicator", "approved", "value")
        return {(month, unit, pk): (approved, value) for month, unit, pk, approved, value in rows}

    def _wanted(self) -> set[tuple[Month, int]]:
        """(month, indicator) of everything that a sum or a ratio adds up beside what is lacking."""
        known = {(month, pk) for month, _node, pk in self.quantities.cells}
        asked = []
        for indicator in self.quantities.indicators.values():
            if indicator.kind not in ("sum", "ratio"):
                continue
            for month in self.quantities.months:
                terms = {
                    (day, part)
                    for pk, months in terms_of(indicator, month, self.ground)
                    for day in months
                    for part in self.ground.entered(pk)
                }
                # Of what nobody knows of one of them, nothing is put together.
                if all(pk in self.bases or (day, pk) in known for day, pk in terms):
                    asked.append(terms)
        lacking = set(filter(self._is_lacking, set().union(*asked)))
        wanted = set().union(*(terms for terms in asked if not lacking.isdisjoint(terms)))
        return {(month, pk) for month, pk in wanted if pk not in self.bases}

    def _is_lacking(self, term: tuple[Month, int]) -> bool:
        """Whether some, but not all, units below a node know an indicator of a month."""
        month, pk = term
        bounds = (self.bound(node, pk, month) for node in self._sums)
        return any(bound.reported and bound.approved < bound.expected for bound in bounds)

    @cached_property
    def _sums(self) -> list[int]:
        """The nodes that may hold several units: all but those that only ever report themselves."""
        carries = not all(map(self.quantities.on_own_map, self.quantities.months))
        return [pk for pk, unit in self.quantities.nodes.items() if carries or not unit.reports_at]


def _stored(column: str) -> str:
    """The column of a count that holds what is approved, or what is reported."""
    return "approved" if column == "approved" else "value"
