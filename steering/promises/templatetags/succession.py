"""How scaled values of targets are printed: 9610 of a rate with two decimals as 96,10."""

from decimal import Decimal

from django import template

from commitments.models import Indicator
from reports.templatetags.figures import number, signed

register = template.Library()


@register.filter
def scaled(value: int | None, indicator: Indicator) -> str:
    """A target as it is written; a dash for what is missing."""
    return number(_unscaled(value, indicator), indicator.decimals)


@register.filter
def signed_scaled(value: int | None, indicator: Indicator) -> str:
    """A difference with its sign."""
    return signed(_unscaled(value, indicator), indicator.decimals)


def _unscaled(value: int | None, indicator: Indicator) -> int | Decimal | None:
    if value is None or not indicator.decimals:
        return value
    return Decimal(value).scaleb(-indicator.decimals)
