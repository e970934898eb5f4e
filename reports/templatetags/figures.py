"""How numbers, months and statuses are printed: one filter for each, the same on every page.

Vietnamese prints 1.278.316 and 98,3%, English 1,278,316 and 98.3%; a true minus below zero; a dash
for what is missing, so that no page ever prints None. The words are those of the workbook.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month
from reports import words
from reports.figures import Figure, Status
from reports.pages.scope import Scope

register = template.Library()

MISSING = "–"
ABOUT = "≈"

Number = int | Decimal | None


# --- numbers -------------------------------------------------------------------------------------


@register.filter
def number(value: Number, decimals: int = 0) -> str:
    """1278316 as 1.278.316; a dash for what is missing."""
    return MISSING if value is None else words.number(value, decimals)


@register.filter
def percent(value: Decimal | None) -> str:
    """98.30 as 98,3%; two decimals where one would contradict the status."""
    return MISSING if value is None else words.percent(value)


@register.filter
def signed(value: Number, decimals: int = 0) -> str:
    """20131 as +20.131, -1792 as −1.792."""
    return MISSING if value is None else words.signed(value, decimals)


@register.filter
def measured(value: Number, indicator: Indicator) -> str:
    """A figure without its unit, for columns that name it: 98,3%, 2.499,8 (billions), 1.278.316."""
    if value is None:
        return MISSING
    if words.is_rate(indicator):
        return words.percent(Decimal(value))
    if words.is_money(indicator):
        return words.number(Decimal(value) / words.BILLION, 1)
    return words.number(value)


@register.filter
def measured_change(value: Number, indicator: Indicator) -> str:
    """A difference without its unit: +20.131; rates differ by points, +1,25."""
    if value is None:
        return MISSING
    if words.is_rate(indicator):
        return words.signed(value, 2)
    if words.is_money(indicator):
        return words.signed(Decimal(value) / words.BILLION, 1)
    return words.signed(value)


@register.filter
def amount(value: Number, indicator: Indicator) -> str:
    """A figure with its unit: 1.278.316 người, 98,3%, 2.499,8 tỷ đồng."""
    return MISSING if value is None else words.amount(indicator, value)


@register.filter
def change_amount(value: Number, indicator: Indicator) -> str:
    """A difference with its unit: +31.997 người, −0,42 điểm."""
    if value is None:
        return MISSING
    unit = _("points") if words.is_rate(indicator) else words.measure(indicator)
    return f"{measured_change(value, indicator)} {unit}"


@register.filter
def achieved(figure: Figure | None) -> str:
    """What was reached, with ≈ where it rests on shares of a divided unit."""
    if figure is None or figure.achieved is None:
        return MISSING
    said = measured(figure.achieved, figure.indicator)
    return f"{ABOUT} {said}" if figure.estimated else said


@register.filter
def measure(indicator: Indicator) -> str:
    """The unit of measure as printed: người, tỷ đồng, %."""
    return words.measure(indicator)


@register.filter
def operator(sign: str | None) -> str:
    """≥, > or ≤ before a target."""
    return words.operator(sign)


# --- statuses ------------------------------------------------------------------------------------


@register.filter
def status_class(status: Status) -> str:
    """The CSS class of a status: is-at-risk."""
    return "is-" + str(status).replace("_", "-")


@register.filter
def status_name(status: Status) -> str:
    return words.status_name(status)


@register.filter
def figure_class(figure: Figure | None) -> str:
    """Status, and whether provisional or estimated, as CSS classes."""
    if figure is None:
        return status_class(Status.NO_DATA)
    classes = [status_class(figure.status)]
    if figure.provisional:
        classes.append("is-provisional")
    if figure.estimated:
        classes.append("is-estimated")
    return " ".join(classes)


# --- time and units ------------------------------------------------------------------------------


@register.filter
def month(value: Month | None) -> str:
    """12/2023"""
    return MISSING if value is None else words.month_number(value)


@register.filter
def long_month(value: Month) -> str:
    """Tháng 12/2023"""
    return _("Month %(month)s") % {"month": words.month_number(value)}


@register.filter
def day(value: date | datetime | None) -> str:
    """07/03/2024, in the time of the site."""
    if value is None:
        return MISSING
    return words.day(timezone.localtime(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """16:20 07/03/2024, in the time of the site."""
    return MISSING if value is None else f"{timezone.localtime(value):%H:%M %d/%m/%Y}"


@register.filter
def in_sentence(unit: Unit) -> str:
    """huyện Sông Mã"""
    return words.in_sentence(unit)


# --- addresses -----------------------------------------------------------------------------------


@register.simple_tag
def link(name: str, scope: Scope, *args: str, **changes: object) -> SafeString:
    """The address of a page for this scope: ``{% link "reports:ranking" scope unit=None %}``."""
    return SafeString(reverse(name, args=args) + scope.query(**changes).replace("&", "&amp;"))


@register.simple_tag
def unit_link(scope: Scope, unit: Unit, **changes: object) -> SafeString:
    """The page of a unit, for the month, map and plan of this scope."""
    return link("reports:unit", scope, unit.code, unit=None, **changes)


@register.simple_tag
def indicator_link(scope: Scope, indicator: Indicator, **changes: object) -> SafeString:
    """The page of an indicator in this scope."""
    return link("reports:indicator", scope, indicator.code, **changes)


@register.simple_tag
def provenance_link(scope: Scope, figure: Figure) -> SafeString:
    """Where a figure comes from: opened in a panel, or as a page without scripts."""
    place = (figure.unit.code, figure.indicator.code, str(figure.month))
    return link("reports:provenance", scope, *place, unit=None, month=None)
