"""The communes of the demonstration province and what tells them apart. Pure; chance by seed.

How many people live where, how remote a commune is and how it gets on are illustrative: real
names and codes, invented proportions, from ``data/districts.csv`` and a fixed seed.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

from .published import rows

WARD, TOWNSHIP = "ward", "township"
YEARS = (2022, 2023, 2024, 2025)

_SIZE = {WARD: 1.35, TOWNSHIP: 1.2}
"""How many people a commune of this kind has for each one of a rural commune."""

_SIZE_SPREAD = 0.30
_GROWTH_SPREAD = 0.003
_COVERAGE_SPREAD = 0.55
_YEARLY_SPREAD = 0.25
_EASE_SPREAD = 0.010


@dataclass(frozen=True)
class Place:
    """A commune of the map before July 2025, and the code of the one that carries it on since."""

    code: str
    name: str
    kind: str
    district: str
    heir: str


@dataclass(frozen=True)
class District:
    """How a district differs: people, coverage (points), ease of its plans, remoteness 0 to 1."""

    people: int
    coverage: float
    remoteness: float
    ease: dict[int, float]


@dataclass(frozen=True)
class Character:
    """What tells one commune from another.

    ``people`` is a size in people at the end of 2022, ``growth`` a yearly rate, ``coverage``
    points above the province by year, ``ease`` what its results of a year are to its plan.
    """

    place: Place
    people: float
    growth: float
    remoteness: float
    coverage: dict[int, float]
    ease: dict[int, float]
    leanings: dict[str, float] = field(default_factory=dict)

    def size(self, years: float) -> float:
        """People that many years after the end of 2022."""
        return self.people * exp(self.growth * years)

    @property
    def urban(self) -> bool:
        return self.place.kind in (WARD, TOWNSHIP)


def districts() -> dict[str, District]:
    """District code to what is known of it."""
    return {
        row["district"]: District(
            people=int(row["people"]),
            coverage=float(row["coverage"]),
            remoteness=float(row["remoteness"]),
            ease={year: float(row[f"ease_{year}"]) for year in YEARS if f"ease_{year}" in row},
        )
        for row in rows("districts.csv")
    }


def characters(
    places: Sequence[Place], leanings: Sequence[str], chance: random.Random
) -> list[Character]:
    """Give every commune its character, in the order of ``places``.

    ``leanings`` names the indicators for which each commune gets a lasting factor around one.
    """
    known = districts()
    raw = [_SIZE.get(place.kind, 1.0) * exp(chance.gauss(0, _SIZE_SPREAD)) for place in places]
    together = dict.fromkeys(known, 0.0)
    for place, size in zip(places, raw, strict=True):
        together[place.district] += size
    return [
        _character(
            place,
            known[place.district],
            known[place.district].people * size / together[place.district],
            leanings,
            chance,
        )
        for place, size in zip(places, raw, strict=True)
    ]


def _character(
    place: Place,
    district: District,
    people: float,
    leanings: Sequence[str],
    chance: random.Random,
) -> Character:
    lasting = district.coverage + chance.gauss(0, _COVERAGE_SPREAD)
    urban = {WARD: 0.1, TOWNSHIP: 0.35}.get(place.kind, 1.0)
    return Character(
        place=place,
        people=people,
        growth=chance.gauss(0, _GROWTH_SPREAD),
        remoteness=min(1.0, max(0.05, urban * district.remoteness * exp(chance.gauss(0, 0.15)))),
        coverage={year: lasting + chance.gauss(0, _YEARLY_SPREAD) for year in YEARS},
        ease={
            year: ease * exp(chance.gauss(0, _EASE_SPREAD)) for year, ease in district.ease.items()
        },
        leanings={name: exp(chance.gauss(0, 0.12)) for name in leanings},
    )
