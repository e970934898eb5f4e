"""The quick check beside the form: the coverage that the typed numbers come to, and the target."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from districts.versions import state_of
from reports.engine.figures import figures_for
from reports.engine.rules import half_up
from steering.kept.store import kept

from .lines import (
    LockedBase,
    Sheet,
)

COVERAGE = "HI_RATE"
"""The rate that the whole campaign is about."""


@dataclass(frozen=True)
class Coverage:
    """The rate as it would stand, and the code of what it counts.

    ``missing``: people to the target, 0 or less when it is met.
    """

    numerator: str
    base: LockedBase
    rate: Decimal | None
    target: Decimal | None
    missing: int | None


def coverage_of(sheet: Sheet) -> Coverage | None:
    """Coverage of the unit as typed; None where the sheet does not hold what it is made of."""
    unit, month = sheet.unit, sheet.month
    key = state_of(unit.pk), unit.pk, month
    rate, target = kept("coverage", key, lambda: _aimed_at(unit, month))
    if rate is None:
        return None
    line = sheet.line(rate.numerator.code)
    base = next((held for held in sheet.bases if held.indicator == rate.denominator), None)
    if line is None or base is None or not base.number:
        return None
    value = line.value
    exact = None if value is None else Fraction(value * 100, base.number)
    return Coverage(
        numerator=rate.numerator.code,
        base=base,
        rate=None if exact is None else half_up(exact, rate.decimals),
        target=target,
        missing=None
        if target is None or value is None
        else math.ceil(Fraction(target) * base.number / 100) - value,
    )


def _aimed_at(unit: Unit, month: Month) -> tuple[Indicator | None, Decimal | None]:
    """The rate, if the catalogue knows it, and the target of the unit in force in the month."""
    known = Indicator.objects.filter(code=COVERAGE).select_related("numerator", "denominator")
    rate = known.first()
    if rate is None:
        return None, None
    figures = figures_for(unit=unit, month=month, indicators=[rate])
    return rate, figures[0].target if figures else None
