"""Targets as they were decided: to the last digit, for a rounded one would be another."""

from decimal import Decimal

from django import template

from commitments.models import Operator, Target
from reports.wording import words

register = template.Library()


@register.filter
def assigned(target: Target) -> str:
    """1.005, 96,15%, ≤ 300: what was decided, with its sign where it is not the usual one."""
    value, indicator = target.unscaled, target.indicator
    if words.is_rate(indicator):
        exact = Decimal(value).normalize()
        said = words.number(exact, max(0, -exact.as_tuple().exponent)) + "%"
    else:
        said = words.number(value)
    if target.operator == Operator.AT_LEAST:
        return said
    return f"{words.operator(target.operator)} {said}"
