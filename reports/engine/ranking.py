"""Ranking units on four bases: scores, ties, movement.

Pure functions on figures of the engine. Best first; equal scores share a rank (1 2 2 4). Whoever is
incomplete has no percent, no distance to the plan and no change, and so no rank.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from commitments.models import Indicator, Operator

from .comparing import gap
from .figures import Figure
from .rules import (
    REACHED,
    half_up,
    ranks,
    share,
)

Score = int | Decimal | Fraction | None


class Basis(StrEnum):
    """What units are compared by."""

    PLAN = "plan"
    MISSING = "missing"
    INCREASE = "increase"
    ON_TIME = "on_time"


@dataclass(frozen=True)
class Punctuality:
    """Of so many reports that were due, how many came on time."""

    on_time: int
    due: int

    @property
    def share(self) -> Fraction | None:
        return share(self.on_time, self.due)


def score(basis: Basis, figure: Figure, punctuality: Punctuality | None) -> Score:
    """What a unit is ranked by; None keeps it out of the ranking."""
    if basis == Basis.ON_TIME:
        return punctuality and punctuality.share
    if basis == Basis.MISSING:
        return gap(figure)
    if basis == Basis.INCREASE:
        return figure.change
    return figure.percent_of_target


def lowest_first(basis: Basis, indicator: Indicator, operator: str | None) -> bool:
    """Whether the lowest score is the best: under a ceiling, and of what should become less.

    ``operator`` is that of the targets the units were assigned.
    """
    if basis in (Basis.PLAN, Basis.MISSING):
        return operator == Operator.AT_MOST
    return basis == Basis.INCREASE and indicator.direction == Indicator.Direction.DOWN


def movements(
    before: Mapping[int, Score], now: Mapping[int, Score], *, lowest_first: bool = False
) -> dict[int, int]:
    """How many places each unit rose, below zero fell, among those with a score both times.

    Whoever has none in one of the months neither rises nor pushes others down.
    """
    both = {unit for unit in before.keys() & now.keys() if None not in (before[unit], now[unit])}
    then, today = (
        ranks({unit: scores[unit] for unit in both}, lowest_first=lowest_first)
        for scores in (before, now)
    )
    return {unit: then[unit] - today[unit] for unit in both}


# --- all targets together ------------------------------------------------------------------------

CAP = Decimal(120)
"""The most points one target gives: one far exceeded does not hide another one missed."""


@dataclass(frozen=True)
class Overall:
    """One unit's score on all its targets; ``total`` and ``rank`` None where it is not compared."""

    total: Decimal | None
    rank: int | None
    reached: int
    targets: int


def points(figure: Figure) -> Decimal | None:
    """The percent of the plan, CAP at most; under a ceiling what is left to twice the plan.

    None while nothing is compared.
    """
    percent = figure.percent_of_target
    if percent is None:
        return None
    if figure.operator == Operator.AT_MOST:
        percent = max(Decimal(0), 200 - percent)
    return min(percent, CAP)


def overall(figures: Mapping[int, Collection[Figure]]) -> dict[int, Overall]:
    """Unit to the mean of its points over the figures that have a target, each of equal weight.

    Equal scores share a rank; whoever is not compared on one of them has none.
    """
    judged = {
        unit: [figure for figure in own if figure.target is not None]
        for unit, own in figures.items()
    }
    totals = {unit: _mean([points(figure) for figure in own]) for unit, own in judged.items()}
    places = ranks(totals)
    return {
        unit: Overall(
            total=totals[unit],
            rank=places.get(unit),
            reached=sum(figure.status in REACHED for figure in own),
            targets=len(own),
        )
        for unit, own in judged.items()
    }


def _mean(found: list[Decimal | None]) -> Decimal | None:
    if not found or None in found:
        return None
    return half_up(Fraction(sum(found)) / len(found), 2)
