"""How numbers, months and statuses are printed: one filter for each, the same on every page.

Vietnamese prints 1.278.316 and 98,3%, English 1,278,316 and 98.3%; a true minus below zero; a dash
for what is missing, so that no page ever prints None. The words are those of the workbook.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import (
    Figure,
    Status,
)
from reports.engine.rules import (
    BEHIND_FROM,
    EXCEEDED_FROM,
)
from reports.pages.scope import Scope
from reports.wording import (
    headlines,
    verdicts,
    words,
)

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
def bare_percent(value: Decimal | None) -> str:
    """98.30 as 98,3: where every number is a percent."""
    return percent(value).removesuffix("%")


@register.filter
def plain(value: Decimal) -> str:
    """98.3, as markup has it in every language."""
    return f"{value:.2f}"


@register.filter
def signed(value: Number, decimals: int = 0) -> str:
    """20131 as +20.131, -1792 as −1.792."""
    return MISSING if value is None else words.signed(value, decimals)


@register.filter
def distance(value: int) -> str:
    """How far, whichever way: 3 for -3."""
    return words.number(abs(value))


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
def known_of(figure: Figure) -> str:
    """Whose numbers an incomplete figure is made of: của 30 xã."""
    return verdicts.known_of(figure)


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
def status_range(status: Status) -> str:
    """From where to where a status reaches, in percent of the plan to date."""
    low, high = (words.number(bound * 100) for bound in (BEHIND_FROM, EXCEEDED_FROM))
    return {
        Status.EXCEEDED: f"≥ {high}%",
        Status.MET: f"100 – < {high}%",
        Status.BEHIND: f"{low} – < 100%",
        Status.AT_RISK: f"< {low}%",
    }.get(status, "")


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
def iso(value: Month) -> str:
    """2023-12, as addresses have it."""
    return str(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """07/03/2024, in the time of the site."""
    if value is None:
        return MISSING
    return words.day(timezone.localtime(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """16:20 07/03/2024, in the time of the site."""
    return MISSING if value is None else words.moment(value)


@register.filter
def short_name(unit: Unit) -> str:
    """Sông Mã, TP Sơn La, P. Tô Hiệu: the kind only where it is not the usual one."""
    return headlines.short_name(unit)


@register.filter
def initials(unit: Unit) -> str:
    """QN for Quỳnh Nhai: where a tile has no room for the name."""
    return "".join(word[0] for word in unit.name.split())


@register.filter
def in_sentence(unit: Unit) -> str:
    """huyện Sông Mã"""
    return words.in_sentence(unit)


@register.filter
def subject(unit: Unit) -> str:
    """Toàn tỉnh, Toàn huyện Sông Mã"""
    return capfirst(words.subject(unit))


@register.filter
def plan(scope: Scope) -> str:
    """kế hoạch của UBND tỉnh Sơn La, phiên bản 1"""
    return words.plan_words(scope.authority, scope.planner, scope.plan_version)


@register.filter
def plan_behind(figure: Figure) -> str:
    """Whose plan a target is of, and which version: empty without a target."""
    if figure.version is None:
        return ""
    said = {"authority": Authority(figure.authority).label, "version": figure.version}
    return _("%(authority)s, version %(version)s") % said


# --- addresses -----------------------------------------------------------------------------------


@register.simple_tag
def query(scope: Scope, **changes: object) -> str:
    """The query string of this scope with some parts changed; None drops a part."""
    return scope.query(**changes)


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: object) -> str:
    """The query string of this very page with some parts changed; None drops a part."""
    parts = {"month": context["page"].scope.month} | context["request"].GET.dict() | changes
    parts.pop("lang", None)
    return "?" + urlencode({key: part for key, part in parts.items() if part is not None})


@register.simple_tag(takes_context=True)
def step(context: template.Context, scope: Scope, where: str) -> str:
    """This page one month ``previous`` or ``next``; empty where no month was opened."""
    to = getattr(scope, where)
    return f"{context['request'].path}{here(context, month=str(to))}" if to else ""


@register.simple_tag
def link(name: str, scope: Scope, *args: str, **changes: object) -> SafeString:
    """The address of a page for this scope: ``{% link "reports:ranking" scope unit=None %}``."""
    return SafeString(_address(name, args) + scope.query(**changes).replace("&", "&amp;"))


@lru_cache(maxsize=20_000)
def _address(name: str, args: tuple[str, ...]) -> str:
    """Where a page lies: pages of a province name the same few hundred units again and again."""
    return reverse(name, args=args)


@register.simple_tag
def unit_link(scope: Scope, unit: Unit, **changes: object) -> SafeString:
    """The page of a unit, for the month, map and plan of this scope."""
    return link("reports:unit", scope, unit.code, **{"unit": None, **changes})


@register.simple_tag
def indicator_link(scope: Scope, indicator: Indicator, **changes: object) -> SafeString:
    """The page of an indicator in this scope."""
    return link("reports:indicator", scope, indicator.code, **changes)


@register.simple_tag
def provenance_link(scope: Scope, figure: Figure, **changes: object) -> SafeString:
    """Where a figure comes from: opened in a panel, or as a page without scripts."""
    place = (figure.unit.code, figure.indicator.code, str(figure.month))
    return link("reports:provenance", scope, *place, **{"unit": None, "month": None, **changes})
