"""Figures and names as the documents print them, in the language that is active.

A count has no decimals. A rate has as many in a whole column as its longest number needs, so that
nothing is rounded away and all stand under each other; money is in billions.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from commitments.models import Decision, DocumentKind, Indicator
from reports.wording import words

from .setting.form import day_in_words, glued

Value = int | Decimal


def decimals_needed(values: Iterable[Value | None], indicator: Indicator) -> int:
    """How many decimals a column of these numbers has: one for rates, more if one needs more."""
    if words.is_money(indicator):
        return 1
    if not words.is_rate(indicator):
        return 0
    needed = [-Decimal(value).normalize().as_tuple().exponent for value in values if value]
    return min(max([1, *needed]), max(1, indicator.decimals))


def cell(
    indicator: Indicator, value: Value | None, decimals: int, *, operator: str | None = None
) -> str:
    """A number of a column; blank is blank. The operator stands before all but "at least"."""
    if value is None:
        return ""
    if words.is_money(indicator):
        value = Decimal(value) / words.BILLION
    sign = words.operator(operator) if operator not in (None, "at_least") else ""
    text = words.number(value, decimals)
    return glued(f"{sign} {text}") if sign else text


def percent(value: Decimal | None) -> str:
    """A percentage under a heading that says %: as pages print it, without the sign."""
    return "" if value is None else words.percent(value).removesuffix("%")


def difference(indicator: Indicator, value: Value | None, decimals: int) -> str:
    """A change with its sign."""
    if value is None:
        return ""
    text = cell(indicator, value, decimals)
    return f"+{text}" if value > 0 else text


def heading(indicator: Indicator) -> str:
    """The short name and, in brackets that stay together, what it is measured in."""
    return f"{short_name(indicator)} {glued('(' + words.measure(indicator) + ')')}"


def short_name(indicator: Indicator) -> str:
    """As forms abbreviate it above a narrow column; the whole name where none is usual."""
    short = _SHORT.get(indicator.code)
    return str(short) if short else indicator.name


_SHORT = {
    "POP": pgettext_lazy("column", "Population"),
    "LF": pgettext_lazy("column", "Labour force"),
    "HI": pgettext_lazy("column", "HI"),
    "HI_RATE": pgettext_lazy("column", "HI coverage"),
    "HI_STU_RATE": pgettext_lazy("column", "Pupils in HI"),
    "HI_AFF_RATE": pgettext_lazy("column", "Average households in HI"),
    "HI_HH_NEW": pgettext_lazy("column", "New household HI"),
    "SI_C": pgettext_lazy("column", "Compulsory SI"),
    "SI_V": pgettext_lazy("column", "Voluntary SI"),
    "SI": pgettext_lazy("column", "SI together"),
    "SI_RATE": pgettext_lazy("column", "SI to labour force"),
    "SI_V_RATE": pgettext_lazy("column", "Voluntary SI to labour force"),
    "SI_C_NEW": pgettext_lazy("column", "New compulsory SI"),
    "SI_V_NEW": pgettext_lazy("column", "New voluntary SI"),
    "UNIT_NEW": pgettext_lazy("column", "New employers"),
    "UI": pgettext_lazy("column", "UI"),
    "UI_RATE": pgettext_lazy("column", "UI to labour force"),
    "VNEID_RATE": pgettext_lazy("column", "HI card on VNeID"),
}


def group(indicator: Indicator) -> str:
    """The label above columns of the same scheme; "" for those that have none."""
    return {
        "health": pgettext("document", "Health insurance"),
        "health_group": pgettext("document", "Health insurance"),
        "social": pgettext("document", "Social and unemployment insurance"),
    }.get(indicator.group, "")


def kind_named(kind: str) -> str:
    """What a type of document is called inside a sentence: ``Quyết định``."""
    return {
        DocumentKind.DECISION: pgettext("document", "Decision"),
        DocumentKind.PLAN: pgettext("document", "Plan"),
        DocumentKind.RESOLUTION: pgettext("document", "Resolution"),
        DocumentKind.OFFICIAL_LETTER: pgettext("document", "Official Letter"),
    }[DocumentKind(kind)]


def issuer_of(decision: Decision) -> str:
    return decision.issuer or words.peoples_committee(decision.unit)


def cited(kind: str, number: str, issued_on: date, issuer: str) -> str:
    """``Quyết định số 148/QĐ-UBND ngày 26 tháng 01 năm 2024 của UBND tỉnh Sơn La``"""
    return _("%(kind)s No.\N{NO-BREAK SPACE}%(number)s of %(day)s of %(issuer)s") % {
        "kind": kind,
        "number": number,
        "day": day_in_words(issued_on),
        "issuer": issuer,
    }


def cited_decision(decision: Decision) -> str:
    return cited(
        kind_named(decision.kind), decision.number, decision.issued_on, issuer_of(decision)
    )
