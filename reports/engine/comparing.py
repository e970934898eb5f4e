"""Reading figures the way a conference compares them: to the plan to date, year to date to year.

Pure functions on figures of the engine: no database, nothing rounded anew.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from commitments.models import Kind, Operator

from .figures import Figure
from .rules import (
    SHORT,
    percent_of,
    ranks,
)


def gap(figure: Figure) -> int | Decimal | None:
    """How far the result lies above (or, below zero, under) the plan to date.

    None while the figure is not compared.
    """
    if not figure.is_compared or figure.plan_to_date is None:
        return None
    return figure.achieved - figure.plan_to_date


def last_year(figure: Figure) -> int | Decimal | None:
    """What the result is compared with: the same months of the year before, if all are known."""
    flow = figure.indicator.kind == Kind.FLOW
    return figure.last_year_to_date if flow else figure.last_year


def is_short(figure: Figure) -> bool:
    """Whether the unit is short of the plan to date or, for a ceiling, over it."""
    return figure.status in SHORT


def last_year_to_plan(figure: Figure) -> Decimal | None:
    """The result of a year before as percent of this year's plan to date."""
    return percent_of(_exact(last_year(figure)), _exact(figure.plan_to_date))


def shared_operator(figures: Iterable[Figure]) -> str | None:
    """How the targets of the figures are all meant; None where they differ or there are none."""
    operators = {figure.operator for figure in figures} - {None}
    return operators.pop() if len(operators) == 1 else None


def ranked(
    figures: Iterable[Figure],
    score: Callable[[Figure], int | Decimal | None],
    *,
    lowest_first: bool = False,
) -> list[tuple[int, Figure]]:
    """Best first with competition ranks 1 2 2 4 by ``score``; figures without a score are out."""
    scores = {figure.unit.pk: score(figure) for figure in figures}
    places = ranks(scores, lowest_first=lowest_first)
    return in_order((places.get(figure.unit.pk), figure) for figure in figures)


def in_order(placed: Iterable[tuple[int | None, Figure]]) -> list[tuple[int, Figure]]:
    """Those with a rank, best first; units that share one in code order."""
    return sorted(
        ((rank, figure) for rank, figure in placed if rank is not None),
        key=lambda pair: (pair[0], pair[1].unit.code),
    )


def _exact(value: int | Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def since_last_month(figure: Figure, before: Figure | None) -> int | Decimal | None:
    """What was added since the month before; None unless both months are compared.

    Nor in January for what is counted from each January: it begins anew.
    """
    if before is None or not (figure.is_compared and before.is_compared):
        return None
    if figure.indicator.kind == Kind.FLOW and figure.month.month == 1:
        return None
    return figure.achieved - before.achieved


def remaining(figure: Figure) -> int | Decimal | None:
    """What is still missing to the target of the year; 0 once it is reached, None if not compared.

    Of a ceiling: by how much it is exceeded.
    """
    gap_to_target = figure.gap
    if gap_to_target is None:
        return None
    short = gap_to_target if figure.operator == Operator.AT_MOST else -gap_to_target
    return max(short, type(short)(0))
