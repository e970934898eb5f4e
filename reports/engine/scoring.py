"""Several targets of a unit as one score, so that units can be ranked on all of them together.

Pure functions on figures of the engine. For each target a unit gets the percent of its plan as
points, at most CAP, so that one target far exceeded does not hide another one missed; under a
ceiling what is left to twice the plan. The score is the mean: every target weighs the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commitments.models import Operator

from .figures import Figure
from .rules import REACHED, half_up, ranks

CAP = Decimal(120)


@dataclass(frozen=True)
class Score:
    """One unit's score. ``total`` and ``rank`` are None where a figure is not compared."""

    total: Decimal | None
    rank: int | None
    reached: int
    targets: int


def points(figure: Figure) -> Decimal | None:
    """The points of one target; None while nothing is compared."""
    percent = figure.percent_of_target
    if percent is None:
        return None
    if figure.operator == Operator.AT_MOST:
        percent = max(Decimal(0), 200 - percent)
    return min(percent, CAP)


def scores(figures: Mapping[int, Collection[Figure]]) -> dict[int, Score]:
    """Unit to its score, of the figures that have a target; best first, equal ones share a rank."""
    judged = {
        unit: [figure for figure in own if figure.target is not None]
        for unit, own in figures.items()
    }
    totals = {unit: _mean([points(figure) for figure in own]) for unit, own in judged.items()}
    places = ranks(totals)
    return {
        unit: Score(
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
