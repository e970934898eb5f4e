"""Decisions about figures, without a database: the plan to date, rounding, status, ranks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from districts.months import Month

Key = TypeVar("Key")
Point = tuple[Month, Fraction]
"""A month of a path, and what is asked for by its end."""


class Status(StrEnum):
    """How a figure stands against the plan to date, or why it is not held against it."""

    EXCEEDED = "exceeded"
    MET = "met"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    INCOMPLETE = "incomplete"
    NOT_APPLICABLE = "not_applicable"


REACHED = frozenset({Status.EXCEEDED, Status.MET})
"""The statuses of what has reached the plan to date."""
SHORT = frozenset({Status.BEHIND, Status.AT_RISK})
"""The statuses of what is short of the plan to date or, for a ceiling, over it."""
UNJUDGED = frozenset({Status.INCOMPLETE, Status.NOT_APPLICABLE})
"""The statuses of what is not compared: no percent, no change, no rank."""
EXCEEDED_FROM = Fraction(102, 100)
BEHIND_FROM = Fraction(97, 100)


# --- rounding ------------------------------------------------------------------------------------


def half_up(value: Fraction, decimals: int) -> Decimal:
    """``value`` rounded half-up (away from zero) to ``decimals``, exactly."""
    # In whole numbers: every figure is rounded some ten times, and a fraction made is dear.
    whole, rest = divmod(abs(value.numerator) * 10**decimals, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def published(value: Fraction, decimals: int) -> Fraction:
    """``value`` as it is printed and judged: half-up to ``decimals``."""
    return value if value.denominator == 1 else Fraction(half_up(value, decimals))


# --- the plan to date ----------------------------------------------------------------------------


def plan_to_date(
    *,
    month: Month,
    start: Month,
    baseline: Fraction | None,
    deadline: Month,
    target: Fraction,
    path: Sequence[Point] = (),
) -> Fraction | None:
    """What the plan asks for by the end of ``month``; None where no line is known.

    Linear from ``baseline`` at ``start`` (last December) to ``target`` at ``deadline``, through
    the points of ``path`` if one was given with the target. Without a baseline there is no line
    before the first of them, and without a path none until the deadline: nobody knows from where
    the way leads. After the deadline it stays at the target.
    """
    if month >= deadline:
        return target
    points = [] if baseline is None else [(start, baseline)]
    points += [point for point in sorted(path) if start < point[0] < deadline]
    points.append((deadline, target))
    earlier = [point for point in points if point[0] <= month]
    later = [point for point in points if point[0] > month]
    if not earlier:
        return None
    (month_0, value_0), (month_1, value_1) = earlier[-1], later[0]
    return value_0 + (value_1 - value_0) * Fraction(month - month_0, month_1 - month_0)


def whole_plan(line: Fraction, operator: str) -> Fraction:
    """The plan to date of a count: people are whole, so up, and for a ceiling down."""
    return Fraction(math.floor(line) if operator == "at_most" else math.ceil(line))


def capped(line: Fraction, target: Fraction, operator: str) -> Fraction:
    """The plan to date, which never asks for more than the year does."""
    return max(line, target) if operator == "at_most" else min(line, target)


# --- shares --------------------------------------------------------------------------------------


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


def percent_judged(
    part: Fraction | int | None, whole: Fraction | int | None, *, operator: str, reached: bool
) -> Decimal | None:
    """``percent_of`` that never contradicts the judgement: 100.00 is written only when reached."""
    found = percent_of(part, whole)
    if found is None:
        return None
    if operator == "at_most":
        return min(found, _ALL) if reached else max(found, _ALL + _LAST_DIGIT)
    return max(found, _ALL) if reached else min(found, _ALL - _LAST_DIGIT)


_ALL, _LAST_DIGIT = Decimal("100.00"), Decimal("0.01")


# --- judging -------------------------------------------------------------------------------------


def is_met(achieved: Fraction, target: Fraction, operator: str, *, due: bool) -> bool:
    """Whether ``achieved`` is what was asked for; ``more_than`` asks for more once ``due``."""
    if operator == "at_most":
        return achieved <= target
    return achieved > target or (achieved == target and not (operator == "more_than" and due))


def status(
    *,
    achieved: Fraction | None,
    plan: Fraction | None,
    operator: str | None,
    due: bool,
    target: Fraction | None = None,
    complete: bool = True,
    applicable: bool = True,
) -> Status:
    """How far along, against the plan to date, from the numbers as they are published.

    ``operator`` is the target's: at_least, more_than (strictly more, once ``due``), at_most
    (reached from below; the margins mirror). Without a ``plan`` to date there is nothing to be
    short of: what already meets the year's ``target`` has reached it, of the rest nothing is said.
    """
    if not applicable:
        return Status.NOT_APPLICABLE
    if achieved is not None and not complete:
        return Status.INCOMPLETE
    if plan is None and target is None:
        return Status.NO_TARGET
    if achieved is None:
        return Status.NO_DATA
    if plan is None:
        found = _judged(achieved, target, operator, due=True)
        return found if found in REACHED else Status.NO_DATA
    return _judged(achieved, plan, operator, due=due)


def _judged(achieved: Fraction, plan: Fraction, operator: str, *, due: bool) -> Status:
    if is_met(achieved, plan, operator, due=due):
        if operator == "at_most":
            beyond = achieved * EXCEEDED_FROM <= plan
        else:
            beyond = achieved >= plan * EXCEEDED_FROM
        # Where nothing was asked for, nothing is exceeded.
        return Status.EXCEEDED if beyond and plan > 0 else Status.MET
    if operator == "at_most":
        near = achieved * BEHIND_FROM <= plan
    else:
        near = achieved >= plan * BEHIND_FROM
    return Status.BEHIND if near else Status.AT_RISK


@dataclass(frozen=True)
class Judgement:
    """How a result stands: its status, and its parts of the year's target and the plan to date."""

    status: Status
    percent_of_target: Decimal | None = None
    percent_to_date: Decimal | None = None


def judge(
    *,
    exact: Fraction | None,
    decimals: int,
    plan: Fraction | None,
    target: Fraction | None,
    operator: str | None,
    due: bool,
    complete: bool = True,
    applicable: bool = True,
) -> Judgement:
    """The one judgement that numbers, words, ranks and lists are made from.

    ``exact`` is judged as it is published, with ``decimals``; ``plan`` and ``target`` are so
    already. Percents are of the exact result, and say 100.00 only of what has reached.
    """
    achieved = None if exact is None else published(exact, decimals)
    found = status(
        achieved=achieved,
        plan=plan,
        operator=operator,
        due=due,
        target=target,
        complete=complete,
        applicable=applicable,
    )
    if target is None or achieved is None or found in UNJUDGED:
        return Judgement(found)
    met = is_met(achieved, target, operator, due=True)
    return Judgement(
        found,
        percent_judged(exact, target, operator=operator, reached=met),
        percent_judged(exact, plan, operator=operator, reached=found in REACHED),
    )


def ranks(scores: Mapping[Key, Decimal | None], *, lowest_first: bool = False) -> dict[Key, int]:
    """Competition ranks 1 2 2 4; whoever has no score has no rank."""
    known = sorted(
        (score for score in scores.values() if score is not None), reverse=not lowest_first
    )
    first = {score: position for position, score in reversed(list(enumerate(known, start=1)))}
    return {key: first[score] for key, score in scores.items() if score is not None}
