"""Numbers as charts print them: on an axis, beside a point, and roughly where they are forecast."""

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import pgettext

from commitments.models import Indicator
from reports.engine.rules import half_up
from reports.outlook.forecast import Forecast

from . import words

MISSING = "–"
MILLION = 1_000_000
Number = int | Decimal | None


def text(indicator: Indicator, value: Number) -> str:
    """A value without its unit: 1.278.316, 98,3%, 2.499,8 (billions); a dash where blank."""
    if value is None:
        return MISSING
    if words.is_rate(indicator):
        return words.percent(Decimal(value))
    if words.is_money(indicator):
        return words.number(Decimal(value) / words.BILLION, 1)
    return words.number(value)


def rough_text(indicator: Indicator, value: int | Decimal) -> str:
    """A rounded value without its unit; billions without the decimal that rounding made a zero."""
    if words.is_money(indicator) and value % words.BILLION == 0:
        return words.number(int(value) // words.BILLION)
    return text(indicator, value)


def rough_amount(indicator: Indicator, value: int | Decimal) -> str:
    """A rounded value with its unit."""
    said = rough_text(indicator, value)
    return said if words.is_rate(indicator) else f"{said} {words.measure(indicator)}"


def amount(indicator: Indicator, value: Number) -> str:
    """A value with its unit; a dash where blank."""
    return MISSING if value is None else words.amount(indicator, value)


def rough(forecast: Forecast) -> Forecast:
    """A forecast in no more digits than its interval bears: 1.284.317 as 1.284.000."""
    width = forecast.high - forecast.low
    if width <= 0:
        return forecast
    decimals = 1 - math.floor(math.log10(width))
    if isinstance(forecast.value, Decimal):
        decimals = min(decimals, -forecast.value.as_tuple().exponent)
        unit = Decimal(1).scaleb(-decimals)
    else:
        decimals = min(0, decimals)
        unit = 10**-decimals
    return replace(
        forecast,
        value=_nearest(forecast.value, unit),
        low=_nearest(forecast.low, unit),
        high=_nearest(forecast.high, unit),
    )


def _nearest(value: int | Decimal, unit: int | Decimal) -> int | Decimal:
    return int(half_up(Fraction(value) / Fraction(unit), 0)) * unit


def axis(indicator: Indicator, ticks: Sequence[float], step: float) -> tuple[list[str], str]:
    """What stands at the ticks, ``step`` apart, and the unit that stands above them once."""
    if words.is_rate(indicator):
        return [words.number(_short(tick), _decimals(step)) + "%" for tick in ticks], ""
    unit = words.measure(indicator)
    if words.is_money(indicator):
        return _divided(ticks, step, words.BILLION), unit
    if max(ticks) >= MILLION and _decimals(step / MILLION) <= 2:
        unit = pgettext("axis", "million %(unit)s") % {"unit": unit}
        return _divided(ticks, step, MILLION), unit
    return _divided(ticks, step, 1), unit


def _divided(ticks: Sequence[float], step: float, by: int) -> list[str]:
    decimals = _decimals(step / by)
    return [words.number(_short(tick / by), decimals) for tick in ticks]


def _short(number: float) -> Decimal:
    return Decimal(repr(round(number, 9)))


def _decimals(step: float) -> int:
    """How many decimals tell two neighbouring ticks apart."""
    return next((n for n in range(9) if round(step * 10**n, 6) == int(round(step * 10**n, 6))), 9)
