"""How the page of entering counts prints what the sheet holds."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from reports import charts
from reports.wording import words

register = template.Library()


@register.filter
def difference(change: Decimal | None) -> str:
    """9.7 as +9,7%; nothing where nothing can be compared."""
    return "" if change is None else words.signed(change, 1) + "%"


@register.simple_tag
def course(data: charts.Course, code: str) -> SafeString:
    """The year before a number, and the number itself."""
    return charts.course(data, key=f"course-{code}")


@register.filter
def bare(value: int | None) -> str:
    """A number for scripts, without separators; empty where there is none."""
    return "" if value is None else str(value)
