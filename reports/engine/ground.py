"""What every figure of one answer stands on, each read once: catalogue, map, who reports."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import cached_property

from commitments.bases import Bases
from commitments.decisions.versions import Versions
from commitments.models import Indicator
from districts.models import Ancestry, Reorganisation
from districts.months import FOREVER, Month
from districts.settled import settled_since

from .predecessors import (
    Inheritance,
    inheritances,
)


class Ground:
    """The catalogue, the changes of the map and who reports below whom, read when first asked for.

    Whoever asks the engine several questions for one answer hands the same ground to all of them.
    """

    def __init__(self):
        self._leaves: dict[tuple[int, int], list[tuple[int, str]]] = {}
        self._spans: dict[int, int] = {}
        self._settled: dict[int, int] = {}
        self._inheritances: dict[tuple[int, int], list[Inheritance]] = {}
        self._versions: dict[tuple[str, int], Versions] = {}
        self._bases: list[tuple[frozenset[int], frozenset[int], Month, Bases]] = []
        self.found_ready: dict[tuple[object, ...], object] = {}
        """What is ready for this answer; looked for once (``reports.ready``)."""

    # --- the catalogue -----------------------------------------------------------------------

    @cached_property
    def catalogue(self) -> dict[int, Indicator]:
        """Every indicator by its key, in the order of the catalogue, joined to one another."""
        found = {indicator.pk: indicator for indicator in Indicator.objects.all()}
        for indicator in found.values():
            if indicator.numerator_id:
                indicator.numerator = found[indicator.numerator_id]
            if indicator.denominator_id:
                indicator.denominator = found[indicator.denominator_id]
        return found

    @cached_property
    def parts(self) -> defaultdict[int, list[int]]:
        """Indicator to the indicators it is the sum of, in the order of the catalogue."""
        found = defaultdict(list)
        links = Indicator.parts.through.objects.order_by(
            "to_indicator__position", "to_indicator__code"
        )
        for whole, part in links.values_list("from_indicator", "to_indicator"):
            found[whole].append(part)
        return found

    def entered(self, pk: int) -> list[int]:
        """What is counted of an indicator: itself, or all that it is the sum of."""
        if self.catalogue[pk].kind == "sum":
            return [entered for part in self.parts[pk] for entered in self.entered(part)]
        return [pk]

    @cached_property
    def bases(self) -> frozenset[int]:
        """The indicators that are yearly bases."""
        return frozenset(pk for pk, indicator in self.catalogue.items() if indicator.is_base)

    def valid_in(self, month: Month) -> list[Indicator]:
        """The catalogue as it was valid in a month."""
        return [one for one in self.catalogue.values() if one.since <= month < one.until]

    # --- the map -----------------------------------------------------------------------------

    @cached_property
    def breaks(self) -> tuple[date, ...]:
        """The days on which the map changed, oldest first."""
        return Reorganisation.objects.breaks()

    def map_month(self, month: Month, on_map: date | None) -> Month:
        """The month whose map is shown: its own, or that of the day ``on_map``."""
        return month if on_map is None else Month.of_map(on_map, self.breaks)

    def span(self, month: Month) -> int:
        """The stretch of months without a change of the map that ``month`` lies in."""
        if month not in self._spans:
            self._spans[month] = sum(Month.starting_from(day) <= month for day in self.breaks)
        return self._spans[month]

    def leaves(self, month: Month, nodes: Collection[int]) -> dict[int, list[tuple[int, str]]]:
        """Node to the (unit, entry tier) expected to report at or below it in ``month``."""
        span, known = self.span(month), self._leaves
        unread = [node for node in nodes if (span, node) not in known]
        if unread:
            known.update(((span, node), []) for node in unread)
            rows = (
                Ancestry.objects.in_month(month)
                .filter(ancestor__in=unread)
                .exclude(descendant__reports_at="")
                .values_list("ancestor", "descendant", "descendant__reports_at")
            )
            for node, leaf, tier in rows:
                known[span, node].append((leaf, tier))
        return {node: known[span, node] for node in nodes}

    def settled(self, nodes: Collection[int]) -> dict[int, int]:
        """Node to the month from which on its area never changes, as far as is known."""
        unread = [node for node in nodes if node not in self._settled]
        if unread:
            self._settled.update(dict.fromkeys(unread, FOREVER) | settled_since(unread))
        return {node: self._settled[node] for node in nodes}

    def inheritances(self, month: Month, units: Collection[int]) -> dict[int, list[Inheritance]]:
        """Unit to those it continues on the map of ``month``; without those that continue none."""
        span, known = self.span(month), self._inheritances
        unread = [unit for unit in units if (span, unit) not in known] if span else []
        if unread:
            found = inheritances(unread, month)
            known.update(((span, unit), found.get(unit, [])) for unit in unread)
        return {unit: known[span, unit] for unit in units if known.get((span, unit))}

    # --- the plans ---------------------------------------------------------------------------

    def versions(self, authority: str, year: int) -> Versions:
        """The versions of the plans of an authority for a year."""
        if (authority, year) not in self._versions:
            self._versions[authority, year] = Versions(authority, year)
        return self._versions[authority, year]

    # --- the bases ---------------------------------------------------------------------------

    def bases_of(self, units: Collection[int], indicators: Collection[int], until: Month) -> Bases:
        """The bases of reporting units in months up to ``until``.

        What was read for more of them, as for the whole before its parts, serves again.
        """
        units, indicators = frozenset(units), frozenset(indicators)
        for known_units, known_indicators, known_until, bases in self._bases:
            if units <= known_units and indicators <= known_indicators and until <= known_until:
                return bases
        bases = Bases(units, until=until, indicators=indicators)
        self._bases.append((units, indicators, until, bases))
        return bases
