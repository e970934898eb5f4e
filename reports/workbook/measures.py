"""How figures are written: counts whole, rates as fractions, money in billions."""

from decimal import Decimal

from commitments.models import Indicator
from reports.conference.contents import Conference
from reports.engine.comparing import (
    gap,
    is_short,
)
from reports.engine.figures import Figure
from reports.wording.words import (
    BILLION,
    is_money,
    is_rate,
    operator,
)

from . import style
from .style import Look

Number = int | float | None


def written(indicator: Indicator, value: int | Decimal | None) -> Number:
    """The literal number for a cell that shows ``value``."""
    if value is None:
        return None
    if is_rate(indicator):
        return float(Decimal(value) / 100)
    if is_money(indicator):
        return float(Decimal(value) / BILLION)
    return int(value)


def difference(indicator: Indicator, value: int | Decimal | None) -> Number:
    """The literal number for a difference: rates differ by points, not by percent."""
    if value is not None and is_rate(indicator):
        return float(value)
    return written(indicator, value)


def share(percent: Decimal | None) -> float | None:
    """101.60 percent as the fraction that a percent format shows."""
    return None if percent is None else float(percent / 100)


def look(indicator: Indicator, base: Look = style.FIGURE) -> Look:
    if is_rate(indicator):
        return base.but(format=style.RATE_2)
    return base.but(format=style.MONEY if is_money(indicator) else style.COUNT)


def difference_look(indicator: Indicator, base: Look = style.FIGURE) -> Look:
    if is_rate(indicator):
        return base.but(format=style.POINTS)
    return base.but(format=style.SIGNED_MONEY if is_money(indicator) else style.SIGNED)


def result_look(figure: Figure | None, indicator: Indicator) -> Look:
    """A provisional result is hatched, besides the word that says so."""
    return look(indicator).but(hatched=figure is not None and figure.provisional)


def gap_look(figure: Figure | None, indicator: Indicator, base: Look = style.FIGURE) -> Look:
    """What is missing stands out in red, besides its minus."""
    made = difference_look(indicator, base)
    short = figure is not None and is_short(figure)
    return made.but(colour=style.RED_TEXT, bold=True) if short else made


def target_look(figure: Figure | None, indicator: Indicator, base: Look = style.FIGURE) -> Look:
    """The target with its operator, which is part of the format: the cell stays a number."""
    made = look(indicator, base)
    sign = operator(figure.operator) if figure else ""
    return made.but(format=f'"{sign} "{made.format}') if sign else made


def reached(figure: Figure | None) -> Number:
    return None if figure is None else written(figure.indicator, figure.achieved)


def target(figure: Figure | None) -> Number:
    return None if figure is None else written(figure.indicator, figure.target)


def divisor(data: Conference, figure: Figure | None) -> Number:
    """What a rate is divided by, in the unit that is printed for it."""
    if figure is None or figure.denominator is None:
        return None
    below = data.denominator_of(figure)
    return written(below, figure.denominator) if below else figure.denominator


def divisor_look(data: Conference, figure: Figure | None) -> Look:
    below = figure and data.denominator_of(figure)
    return look(below) if below else style.FIGURE


def missing_or_over(figure: Figure | None) -> Number:
    return None if figure is None else difference(figure.indicator, gap(figure))


def change(figure: Figure | None) -> Number:
    return None if figure is None else difference(figure.indicator, figure.change)
