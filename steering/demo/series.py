"""The demonstration province as plain numbers: who reports what in which month. No database.

The same places and the same seed give the same numbers, always. Province figures meet every
published line; what lies below or between the published lines is illustrative.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from districts.months import Month

from .communes import FLOWS, LEANINGS, STOCKS, Communes
from .places import Character, Place, characters
from .province import GROUPS, MONTHS, lines

SEED = "Sơn La"
REFORM = Month.of(2025, 7)
"""The first month on the new map."""

OFFICE = "office"
"""Stands for the unit that reports what the province itself collects."""

COMMUNE_INDICATORS = ("HI", *GROUPS, *FLOWS, *STOCKS)

Key = tuple[str, str]
"""Unit code on the month's own map, and indicator code."""


@dataclass(frozen=True)
class Series:
    """Every number of the demonstration, by month; ``bases`` only in months in which they begin.

    ``characters`` tell the communes of the old map apart, for the targets that they are given.
    """

    characters: Sequence[Character]
    counts: Mapping[Month, Mapping[Key, int]]
    bases: Mapping[Month, Mapping[Key, int]]

    @property
    def months(self) -> list[Month]:
        return list(self.counts)

    def total(self, indicator: str, month: Month) -> int | None:
        """The sum over all units of what was reported for a month; None if nobody reported."""
        found = [value for (_unit, code), value in self.counts[month].items() if code == indicator]
        return sum(found) if found else None

    def bases_in_force(self, base: str, month: Month) -> Mapping[Key, int]:
        """Everything given in the month from which ``base`` holds in ``month``."""
        begin = max(
            begin
            for begin, values in self.bases.items()
            if begin <= month and any(code == base for _unit, code in values)
        )
        return self.bases[begin]

    def base_total(self, base: str, month: Month) -> int:
        """The sum of a base in force in ``month``."""
        return sum(
            value
            for (_unit, code), value in self.bases_in_force(base, month).items()
            if code == base
        )


def build(places: Sequence[Place], seed: str = SEED) -> Series:
    """The whole demonstration for these communes of the old map, in the order of their codes."""
    places = sorted(places, key=lambda place: place.code)
    people = characters(places, LEANINGS, random.Random(f"{seed} places"))
    province = lines()
    communes = Communes(people, province, seed)
    counts: dict[Month, dict[Key, int]] = {month: {} for month in MONTHS}
    bases: dict[Month, dict[Key, int]] = defaultdict(dict)
    for indicator in COMMUNE_INDICATORS:
        for month, column in communes.columns[indicator].items():
            counts[month].update(_on_map(places, indicator, month, column))
    for base, given in communes.bases.items():
        for month, column in given.items():
            bases[month].update(_on_map(places, base, month, column))
    for indicator, line in province.items():
        if indicator not in communes.columns and indicator.isupper():
            for month, value in line.items():
                counts[month][OFFICE, indicator] = value
    return Series(people, counts, dict(sorted(bases.items())))


def _on_map(
    places: Sequence[Place], indicator: str, month: Month, column: Sequence[int]
) -> dict[Key, int]:
    """One column under the unit codes of its month: since the reform the successors' sums."""
    found: dict[Key, int] = defaultdict(int)
    for place, number in zip(places, column, strict=True):
        found[place.heir if month >= REFORM else place.code, indicator] += number
    return found
