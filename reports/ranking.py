"""Ranking units on four bases: scores, ties, movement, and when a ranking may be shown at all.

Pure functions on figures of the engine. Best first; equal scores share a rank (1 2 2 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from commitments.models import Indicator

from .comparing import change, gap
from .figures import Figure
from .rules import ranks, share

SHOWN_FROM = Fraction(80, 100)
"""A ranking is shown once so many of the reports count: whoever is approved first does not lead."""

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
        return change(figure)
    return figure.percent_of_target


def lowest_first(basis: Basis, indicator: Indicator) -> bool:
    """Whether the lowest score is the best: only of what should become less."""
    return basis != Basis.ON_TIME and indicator.direction == Indicator.Direction.DOWN


def places(basis: Basis, indicator: Indicator, scores: Mapping[int, Score]) -> dict[int, int]:
    """Rank of each unit that has a score, the best first."""
    return ranks(scores, lowest_first=lowest_first(basis, indicator))


def may_be_shown(basis: Basis, approved: int, expected: int) -> bool:
    """Whether enough reports are approved for a ranking to be fair; punctuality needs none."""
    if basis == Basis.ON_TIME:
        return True
    return expected > 0 and Fraction(approved, expected) >= SHOWN_FROM


def movements(
    basis: Basis,
    indicator: Indicator,
    before: Mapping[int, Score],
    now: Mapping[int, Score],
) -> dict[int, int]:
    """How many places each unit rose, below zero fell, among those with a score both times.

    Whoever has none in one of the months neither rises nor pushes others down.
    """
    both = {unit for unit in before.keys() & now.keys() if None not in (before[unit], now[unit])}
    then, today = (
        places(basis, indicator, {unit: scores[unit] for unit in both}) for scores in (before, now)
    )
    return {unit: then[unit] - today[unit] for unit in both}
