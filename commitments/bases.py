"""Which yearly base (population, labour force, pupils ...) holds for a unit in a month.

What a unit was given holds until the next is given, for that unit alone. A unit that was given
none since its establishment has what its predecessors had, divided by the shares of the
succession. A unit that stood before it took others over has theirs besides its own, from the month
the succession takes effect until it is given a newer one. An old rate is never recomputed with a
new base: the month decides.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache, partial
from typing import NamedTuple
from weakref import proxy

from districts.models import WHOLE, Succession
from districts.months import MONTH_NUMBER, Month
from districts.rules import allocate

from .models import Base, Count, Indicator


class BaseInForce(NamedTuple):
    """A base as it holds: the number, the month it was given, and on which divisions it rests.

    ``divided`` are (predecessor, heir): the parts of divided units, or of units whose share had to
    be assumed, that the number is made of. A tuple, because a page makes thousands of them.
    """

    number: int
    given: Month
    divided: frozenset[tuple[int, int]] = frozenset()

    @property
    def estimated(self) -> bool:
        """Whether the number by itself rests on a share that divides or is assumed."""
        return bool(self.divided)


class Bases:
    """The bases of some reporting units and of all their predecessors, read in few queries.

    Known for months up to ``until``, of ``indicators`` if only some of the bases are wanted.
    """

    def __init__(
        self, units: Collection[int], *, until: Month, indicators: Collection[int] | None = None
    ):
        self._origins: dict[int, list[int]] = defaultdict(list)
        """Heir to the predecessors it began with."""
        self._absorbed: dict[int, list[tuple[int, Month]]] = defaultdict(list)
        """Heir to the predecessors it took over while it stood, and the month from which on."""
        self._successors: dict[int, list[tuple[int, int]]] = {}
        """Predecessor to its (heir, share) pairs."""
        self._doubtful: set[int] = set()
        """The predecessors that were divided, or whose share is assumed."""
        self._unknown: set[int] = set()
        """Those that were divided in shares nobody knows: all was assumed to go to one."""
        everyone = self._load_successions(set(units))
        self.units = frozenset(everyone)
        self._series: dict[tuple[int, int, str], list[BaseInForce]] = defaultdict(list)
        """Unit, indicator and column to what was given, the newest first."""
        given = Base.objects.filter(unit__in=everyone, month__lte=until)
        if indicators is not None:
            given = given.filter(indicator__in=indicators)
        counts = Count.objects.filter(
            # The months first: the key of counts begins with them. Of these units only: the months
            # of a whole country would be sought in vain for each of them.
            month__in=given.order_by().values("month").distinct(),
            unit__in=everyone,
        )
        if indicators is None:
            counts = counts.filter(indicator__frequency=Indicator.Frequency.YEARLY)
        else:
            counts = counts.filter(indicator__in=indicators)
        rows = counts.order_by("-month").values_list(
            "unit", "indicator", MONTH_NUMBER, "value", "approved"
        )
        pending = set()
        for unit, indicator, month, value, approved in rows:
            base = BaseInForce(value, Month(month))
            if value is not None:
                self._series[unit, indicator, "value"].append(base)
            if value != approved:
                pending.add(indicator)
                base = base._replace(number=approved)
            if approved is not None:
                self._series[unit, indicator, "approved"].append(base)
        self.pending = frozenset(pending)
        """The indicators of which some number is not approved as reported."""
        self.indicators = frozenset(indicator for _unit, indicator, _column in self._series)
        self._changes = self._months_of_change()
        # Through a proxy, for a cycle would hold thousands of bases until they are collected.
        self.held = cache(partial(Bases._held, proxy(self)))

    def with_predecessors(self, units: Collection[int]) -> set[int]:
        """Some of the units, and everyone whose bases they may hold."""
        found, generation = set(units), set(units)
        while generation:
            before = {pk for unit in generation for pk in self._origins.get(unit, ())}
            before |= {pk for unit in generation for pk, _since in self._absorbed.get(unit, ())}
            generation = before - found
            found |= generation
        return found

    def _months_of_change(self) -> dict[int, list[int]]:
        """Indicator to the months, in order, in which a base of it was given or taken over."""
        taken_over = {since for rows in self._absorbed.values() for _unit, since in rows}
        found: dict[int, set[int]] = defaultdict(lambda: set(taken_over))
        for (_unit, indicator, _column), bases in self._series.items():
            found[indicator].update(base.given for base in bases)
        return {indicator: sorted(months) for indicator, months in found.items()}

    def _load_successions(self, units: set[int]) -> set[int]:
        """Follow successions back, a query a generation; returns units and all before them."""
        generation, known = set(units), set()
        while generation:
            applied = Succession.objects.filter(reorganisation__state="applied")
            before = applied.filter(successor__in=generation)
            by_predecessor: dict[int, list[tuple]] = defaultdict(list)
            for predecessor, *row in (
                applied.filter(predecessor__in=before.values("predecessor"))
                .order_by("pk")
                .values_list(
                    "predecessor",
                    "successor",
                    "share",
                    "basis",
                    "reorganisation__effective_on",
                    "successor__established_on",
                )
            ):
                if predecessor not in known:
                    by_predecessor[predecessor].append(tuple(row))
            for predecessor, rows in by_predecessor.items():
                self._add_successors(predecessor, rows)
            generation = set(by_predecessor)
            known |= generation
        return units | known

    def _add_successors(self, predecessor: int, rows: list[tuple]) -> None:
        heirs = self._successors[predecessor] = []
        for successor, share, basis, effective_on, established_on in rows:
            assumed = basis == Succession.Basis.ASSUMED
            if assumed and not share:
                self._unknown.add(predecessor)
            if assumed or share < WHOLE:
                self._doubtful.add(predecessor)
            if not (share or assumed):
                continue
            heirs.append((successor, share))
            if established_on < effective_on:
                since = Month.starting_from(effective_on)
                self._absorbed[successor].append((predecessor, since))
            else:
                self._origins[successor].append(predecessor)

    # --- what holds --------------------------------------------------------------------------

    def last_change(self, indicator: int, month: int) -> int:
        """The last month up to ``month`` in which any base changed: as then it is in ``month``."""
        months = self._changes.get(indicator, [])
        place = bisect_right(months, month)
        return months[place - 1] if place else 0

    def at(
        self, unit: int, indicator: int, month: int, column: str = "approved"
    ) -> BaseInForce | None:
        """The base of ``indicator`` that holds for ``unit`` in ``month``; None if none is known.

        ``column`` is ``approved`` (official) or ``value`` (as reported). A unit that was divided in
        unknown shares counts for its main heir; the others have none of it.
        """
        base = self.held(unit, indicator, month, column)
        return None if base and not base.number and self.is_unknown(base.divided) else base

    def is_unknown(self, divided: Iterable[tuple[int, int]]) -> bool:
        """Whether such parts rest on a share that nobody knows."""
        return any(predecessor in self._unknown for predecessor, _heir in divided)

    def incomplete(self, divided: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        """Those parts of divided units of which another part is missing.

        Where the parts of all heirs are together, it is no matter how they were divided.
        """
        return frozenset(
            (predecessor, heir)
            for predecessor, heir in divided
            if any(
                (predecessor, one) not in divided for one, _share in self._successors[predecessor]
            )
        )

    def _held(
        self, unit: int, indicator: int, month: int, column: str = "approved"
    ) -> BaseInForce | None:
        """As ``at``, with nothing of a unit whose share in it is unknown as a part like others."""
        known = self._series.get((unit, indicator, column), ())
        own = next((base for base in known if base.given <= month), None)
        if own is not None and unit not in self._absorbed:
            return own
        parts, predecessors = [], []
        if own is not None:
            parts.append(own)
        else:
            predecessors += self._origins.get(unit, ())
        predecessors += [
            predecessor
            for predecessor, since in self._absorbed.get(unit, ())
            if since <= month and (own is None or own.given < since)
        ]
        for predecessor in predecessors:
            base = self._inherited(predecessor, unit, indicator, month, column)
            if base is not None:
                parts.append(base)
        if not parts:
            return None
        return BaseInForce(
            sum(base.number for base in parts),
            max(base.given for base in parts),
            frozenset().union(*(base.divided for base in parts)),
        )

    def _inherited(
        self, predecessor: int, heir: int, indicator: int, month: int, column: str
    ) -> BaseInForce | None:
        """What ``heir`` has of a predecessor's base, so that all heirs together have all of it."""
        base = self.held(predecessor, indicator, month, column)
        if base is None:
            return None
        heirs = self._successors[predecessor]
        parts = allocate(base.number, [share for _unit, share in heirs])
        part = sum(part for (unit, _share), part in zip(heirs, parts, strict=True) if unit == heir)
        divided = base.divided
        if predecessor in self._doubtful:
            divided |= {(predecessor, heir)}
        return BaseInForce(part, base.given, divided)
