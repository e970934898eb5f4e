"""Decisions about units without a database: dividing people, who stands above whom, who inherits.

Months are plain numbers here (``districts.months.Month``), spans are half-open ``[since, until)``,
shares are integer parts per million.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from steering.accounts.faults import Refused

WHOLE = 1_000_000
"""Shares are integer parts per million; a whole is one million."""

_DEEPEST = 8
"""More levels than any map has: a unit found this deep stands below itself."""


class CannotReorganise(Refused, ValueError):
    """The map cannot be changed in this way; each fault says why, in the reader's language."""


def allocate(total: int, shares: Sequence[int]) -> list[int]:
    """Divide ``total`` people by ``shares`` so that nobody is lost: by Webster's divisors.

    The parts add up to ``total`` and follow the shares to the nearest whole; between equals whoever
    is named first is served first. No part falls when ``total`` grows, so what is divided of a
    number never exceeds what is divided of a larger one: a numerator stays below its denominator.
    (By largest remainder it does not: of three, one may lose when the total grows.) Negative totals
    mirror. Raises ValueError if there is nothing to divide by.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError(f"cannot divide by shares {list(shares)}")
    if total < 0:
        return [-part for part in allocate(-total, shares)]
    # The k-th person of a part has the claim share / (2k - 1); the highest ``total`` claims are
    # served. Rounding every quota serves all claims above one level, which leaves few to settle.
    parts = [(2 * total * share + whole) // (2 * whole) for share in shares]
    left = total - sum(parts)
    while left > 0:
        next_one = max(
            range(len(shares)), key=lambda i: (Fraction(shares[i], 2 * parts[i] + 1), -i)
        )
        parts[next_one] += 1
        left -= 1
    while left < 0:
        served = (i for i, part in enumerate(parts) if part)
        last_one = min(served, key=lambda i: (Fraction(shares[i], 2 * parts[i] - 1), -i))
        parts[last_one] -= 1
        left += 1
    return parts


class Span(NamedTuple):
    """Months ``[since, until)``; empty if they meet or cross."""

    since: int
    until: int

    def within(self, other: "Span") -> "Span":
        return Span(max(self.since, other.since), min(self.until, other.until))

    def __bool__(self) -> bool:
        return self.since < self.until


class AncestryRow(NamedTuple):
    ancestor: int
    descendant: int
    depth: int
    since: int
    until: int


def ancestry_rows(
    validity: Mapping[int, Span], placements: Iterable[tuple[int, int, Span]]
) -> list[AncestryRow]:
    """Who stood above whom, when: every unit above itself, and all ways up through placements.

    ``validity`` says when each unit was in force, ``placements`` are (unit, parent, span). Raises
    ValueError if a unit stands below itself.
    """
    parents = defaultdict(list)
    for unit, parent, span in placements:
        parents[unit].append((parent, span))
    rows = []
    for unit, span in validity.items():
        rows += _merged(_upwards(unit, span, validity, parents))
    return rows


def _upwards(
    unit: int,
    span: Span,
    validity: Mapping[int, Span],
    parents: Mapping[int, list[tuple[int, Span]]],
) -> list[AncestryRow]:
    rows = []
    ways = [(unit, 0, span)] if span else []
    while ways:
        ancestor, depth, span = ways.pop()
        if depth > _DEEPEST:
            raise ValueError(f"unit {unit} stands below itself")
        rows.append(AncestryRow(ancestor, unit, depth, *span))
        for parent, placed in parents.get(ancestor, ()):
            if common := span.within(placed).within(validity[parent]):
                ways.append((parent, depth + 1, common))
    return rows


def _merged(rows: list[AncestryRow]) -> list[AncestryRow]:
    """Rows of one pair and depth that follow each other without a gap become one."""
    merged = []
    for row in sorted(rows):
        last = merged[-1] if merged else None
        if last and last[:3] == row[:3] and last.until == row.since:
            merged[-1] = last._replace(until=row.until)
        else:
            merged.append(row)
    return merged


class Link(NamedTuple):
    """One succession as lineage needs it. ``share`` in parts per million."""

    successor: int
    share: int
    estimated: bool


class LineageRow(NamedTuple):
    origin: int
    heir: int
    share: int
    estimated: bool
    since: int
    until: int


class _Part(NamedTuple):
    share: Fraction
    estimated: bool


def lineage_rows(
    origins: Iterable[int], validity: Mapping[int, Span], links: Mapping[int, Sequence[Link]]
) -> list[LineageRow]:
    """Who carries each origin's counts on the map of each month.

    The origin itself while it is in force, then its successors with the exact product of the
    shares on the way, rounded once, so that the shares on any map add up to one million. An heir
    with share 0 is kept where that is an assumption: its figures are estimates too. Raises
    ValueError if units succeed each other in a circle.
    """
    rows = []
    for origin in origins:
        rows += _carriers(origin, validity, links)
    return rows


def _carriers(
    origin: int, validity: Mapping[int, Span], links: Mapping[int, Sequence[Link]]
) -> list[LineageRow]:
    done, open_rows = [], {}
    parts = {origin: _Part(Fraction(1), False)}
    month = validity[origin].since
    while parts:
        until = min(validity[heir].until for heir in parts)
        if until > month:
            for heir, share, estimated in _rounded(parts):
                row = open_rows.pop(heir, None)
                if row and row.until == month and row[2:4] == (share, estimated):
                    row = row._replace(until=until)
                else:
                    done += [row] if row else []
                    row = LineageRow(origin, heir, share, estimated, month, until)
                open_rows[heir] = row
            month = until
        parts = _passed_on(parts, month, validity, links)
    return done + list(open_rows.values())


def _passed_on(
    parts: Mapping[int, _Part],
    month: int,
    validity: Mapping[int, Span],
    links: Mapping[int, Sequence[Link]],
) -> dict[int, _Part]:
    """The carriers from ``month`` on: whoever has ended by then is replaced by its successors."""
    waiting, carriers, steps = list(parts.items()), {}, 0
    while waiting:
        heir, part = waiting.pop(0)
        if validity[heir].until > month:
            held = carriers.get(heir, _Part(Fraction(0), False))
            carriers[heir] = _Part(held.share + part.share, held.estimated or part.estimated)
            continue
        steps += 1
        if steps > len(validity):
            raise ValueError(f"unit {heir} succeeds itself")
        for link in links.get(heir, ()):
            share = part.share * Fraction(link.share, WHOLE)
            waiting.append((link.successor, _Part(share, part.estimated or link.estimated)))
    return carriers


def _rounded(parts: Mapping[int, _Part]) -> list[tuple[int, int, bool]]:
    """(heir, share in parts per million, estimated) with shares that add up to one million."""
    if len(parts) == 1:
        [(heir, part)] = parts.items()
        return [(heir, WHOLE, part.estimated)]
    common = lcm(*(part.share.denominator for part in parts.values()))
    shares = allocate(WHOLE, [int(part.share * common) for part in parts.values()])
    return [
        (heir, share, part.estimated)
        for (heir, part), share in zip(parts.items(), shares, strict=True)
        if share or part.estimated
    ]


Period = tuple[Hashable, date, date | None]
"""What is in force, from when, and until when (None: still)."""


def first_overlap(periods: Iterable[Period]) -> Hashable | None:
    """The first key that is in force twice on one day; None if there is none."""
    last_until: dict[Hashable, date | None] = {}
    for key, since, until in sorted(periods, key=lambda period: period[1]):
        if key in last_until and (last_until[key] is None or since < last_until[key]):
            return key
        last_until[key] = until
    return None
