"""Who is short of the plan, in people, and what closing the gap still takes. Pure functions.

A small unit at 80 % matters less than a large one at 95 %: who drags is told in people. A rate's
shortfall is turned into people with the denominator it was divided by.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commitments.models import Indicator
from reports.engine.comparing import is_short
from reports.engine.figures import Figure
from reports.engine.rules import is_met
from reports.outlook.pace import (
    Pace,
    pace_needed,
)

from .shares import Part, parts
from .words import is_rate


@dataclass(frozen=True)
class Shortfall:
    """One unit short of its plan to date: how many are missing, and its part of all that is.

    ``pace`` is what still meets the target, counted like what is missing.
    """

    figure: Figure
    part: Part[Figure]
    pace: Pace | None

    @property
    def missing(self) -> int:
        return self.part.missing

    @property
    def counted(self) -> Indicator:
        """What is missing: the indicator, or what a rate counts above the line."""
        return self.figure.indicator.numerator or self.figure.indicator


def shortfalls(figures: Iterable[Figure]) -> list[Shortfall]:
    """Those short of their plan to date, most missing first, in code order where equal.

    Their shares, as printed, add up to 100 %.
    """
    short = [(figure, missing_to_date(figure) or 0) for figure in figures if is_short(figure)]
    short.sort(key=lambda pair: pair[0].unit.code)
    return [Shortfall(part.unit, part, pace_in_people(part.unit)) for part in parts(short)]


def missing_to_date(figure: Figure) -> int | None:
    """How many people are missing to the plan to date; what is too much, for a ceiling.

    At least one where the status says short, and none elsewhere. None where nothing is compared:
    no plan, no result, or a rate without its two parts.
    """
    due = figure.deadline is not None and figure.month >= figure.deadline
    return _missing(figure, figure.plan_to_date, due=due)


def pace_in_people(figure: Figure) -> Pace | None:
    """``pace.pace_needed`` in people: of a rate, with the denominator it has now."""
    if not is_rate(figure.indicator):
        return pace_needed(figure)
    missing = _missing(figure, figure.target, due=True)
    if missing is None or figure.deadline is None:
        return None
    left = max(0, figure.deadline - figure.month)
    if not missing:
        return Pace(0, left, 0)
    return Pace(missing, left, math.ceil(missing / left) if left else None)


def _missing(figure: Figure, plan: int | Decimal | None, *, due: bool) -> int | None:
    """People between the result and ``plan``, by the judgement: none if it is met, else some."""
    if plan is None or not figure.is_compared:
        return None
    asked, reached = Fraction(plan), Fraction(figure.achieved)
    if is_rate(figure.indicator) and not figure.denominator:
        return None
    if is_met(reached, asked, figure.operator, due=due):
        return 0
    if is_rate(figure.indicator):
        asked, reached = asked * figure.denominator / 100, Fraction(figure.numerator)
    short = reached - asked if figure.operator == "at_most" else asked - reached
    return max(1, math.ceil(short))
