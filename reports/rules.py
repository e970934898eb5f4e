"""Decisions about figures, without a database: rounding, shares of a plan, status, ranks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key")


class Status(StrEnum):
    """How a figure stands against the plan to date."""

    EXCEEDED = "exceeded"
    MET = "met"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"


EXCEEDED_FROM = Fraction(102, 100)
BEHIND_FROM = Fraction(97, 100)


def half_up(value: Fraction, decimals: int) -> Decimal:
    """``value`` rounded half-up (away from zero) to ``decimals``, exactly."""
    # In whole numbers: every figure is rounded some ten times, and a fraction made is dear.
    whole, rest = divmod(abs(value.numerator) * 10**decimals, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def share(part: Fraction | int | None, whole: Fraction | int | None) -> Fraction | None:
    """``part`` of ``whole``; None where either is blank or the whole is zero: no division."""
    if part is None or whole is None or whole == 0:
        return None
    return Fraction(part, whole)


def percent_of(part: Fraction | int | None, whole: Fraction | int | None) -> Decimal | None:
    """``part`` of ``whole`` in percent, half-up to two decimals; None where there is no share."""
    found = share(part, whole)
    # A share with four decimals is a percentage with two.
    return None if found is None else half_up(found, 4).scaleb(2)


def status(
    *, achieved: Fraction | None, plan: Fraction | None, operator: str | None, due: bool
) -> Status:
    """How far along, against the plan to date, from unrounded numbers.

    ``operator`` is the target's: at_least, more_than (strictly more, once ``due``), at_most
    (reached from below; the margins mirror).
    """
    if plan is None:
        return Status.NO_TARGET
    if achieved is None:
        return Status.NO_DATA
    if operator == "at_most":
        if achieved <= plan:
            return Status.EXCEEDED if achieved * EXCEEDED_FROM <= plan else Status.MET
        return Status.BEHIND if achieved * BEHIND_FROM <= plan else Status.AT_RISK
    if achieved >= plan * EXCEEDED_FROM and achieved > plan:
        return Status.EXCEEDED
    if achieved > plan or (achieved == plan and not (operator == "more_than" and due)):
        return Status.MET
    return Status.BEHIND if achieved >= plan * BEHIND_FROM else Status.AT_RISK


def ranks(scores: Mapping[Key, Decimal | None], *, lowest_first: bool = False) -> dict[Key, int]:
    """Competition ranks 1 2 2 4; whoever has no score has no rank."""
    known = sorted(
        (score for score in scores.values() if score is not None), reverse=not lowest_first
    )
    first = {score: position for position, score in reversed(list(enumerate(known, start=1)))}
    return {key: first[score] for key, score in scores.items() if score is not None}


def weighted(values: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """The average of rates weighted by what each was divided by."""
    together = sum(weight for _value, weight in values)
    if not together:
        return None
    return sum(value * weight for value, weight in values) / together
