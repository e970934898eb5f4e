"""Numbers, dates and statuses in words, in the language that is active.

Vietnamese prints 1.278.316 and 98,3%, English 1,278,316 and 98.3%. The workbook writes numbers as
numbers; these words are for sentences and headings.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from commitments.models import Authority, Decision, Indicator, Kind
from districts.models import Tier, Unit
from districts.months import Month
from reports.engine.rules import (
    BEHIND_FROM,
    EXCEEDED_FROM,
    Status,
    half_up,
)

MINUS = "−"
BILLION = 1_000_000_000
THRESHOLDS = (BEHIND_FROM, Fraction(1), EXCEEDED_FROM)

_SYMBOLS = {
    Status.EXCEEDED: "↑",
    Status.MET: "✓",
    Status.BEHIND: "▼",
    Status.AT_RISK: "!",
    Status.NO_TARGET: "–",
    Status.NO_DATA: "…",
    Status.INCOMPLETE: "½",
    Status.NOT_APPLICABLE: "/",
}


# --- numbers -------------------------------------------------------------------------------------


def number(value: int | Decimal, decimals: int = 0) -> str:
    """1278316 as ``1.278.316``; a true minus before what is below zero."""
    if isinstance(value, int) and not decimals:
        # Most numbers are counts, and a page prints thousands: nothing to round, no decimals.
        text = f"{abs(value):,}".replace(",", get_format("THOUSAND_SEPARATOR"))
        return MINUS + text if value < 0 else text
    return _rounded(value, decimals, get_language())


@lru_cache(maxsize=10_000)
def _rounded(value: int | Decimal, decimals: int, language: str | None) -> str:
    """In ``language``, which is the active one: a percent stands on a page many times over."""
    rounded = half_up(Fraction(value), decimals)
    text = number_format(abs(rounded), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return MINUS + text if rounded < 0 else text


def percent(value: Decimal) -> str:
    """98.30 as ``98,3%``; two decimals where one would print a threshold it has not reached."""
    return number(value, 2 if needs_two_decimals(value) else 1) + "%"


@lru_cache(maxsize=10_000)
def needs_two_decimals(value: Decimal) -> bool:
    """Whether a percent would, with one decimal, read as a threshold of the status it is not."""
    return Fraction(value) / 100 not in THRESHOLDS and half_up(Fraction(value), 1) in _AS_READ


def signed(value: int | Decimal, decimals: int = 0) -> str:
    """31997 as ``+31.997``, -756 as ``−756``."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 else text


def amount(indicator: Indicator, value: int | Decimal) -> str:
    """A figure with its unit: ``98,3%``, ``2.499,8 tỷ đồng``, ``1.278.316 người``."""
    if is_rate(indicator):
        return percent(Decimal(value))
    if is_money(indicator):
        return number(Decimal(value) / BILLION, 1) + " " + measure(indicator)
    return number(value) + " " + measure(indicator)


def amount_of_people(indicator: Indicator, value: int) -> str:
    """A number of people with its unit; of a rate, in what it counts above the line."""
    return amount(indicator.numerator if is_rate(indicator) else indicator, value)


def is_rate(indicator: Indicator) -> bool:
    return indicator.kind == Kind.RATIO


def is_money(indicator: Indicator) -> bool:
    return indicator.unit_of_measure == "VND"


def measure(indicator: Indicator) -> str:
    """The unit of measure as printed; money is printed in billions."""
    return measure_named(indicator.unit_of_measure)


def measure_named(code: str) -> str:
    """``person`` as ``người``."""
    return str(_MEASURES.get(code, code))


_MEASURES = {
    "person": pgettext_lazy("unit of measure", "people"),
    "unit": pgettext_lazy("unit of measure", "employers"),
    "percent": "%",
    "VND": pgettext_lazy("unit of measure", "billion VND"),
    "visit": pgettext_lazy("unit of measure", "visits"),
    "file": pgettext_lazy("unit of measure", "files"),
    "card": pgettext_lazy("unit of measure", "cards"),
    "facility": pgettext_lazy("unit of measure", "facilities"),
    "village": pgettext_lazy("unit of measure", "villages"),
}


def heading(indicator: Indicator) -> str:
    """The name with what it is measured in; a flow is what came together since January."""
    said = measure(indicator)
    if indicator.kind == Kind.FLOW:
        said += ", " + _("since January")
    return f"{indicator.name} ({said})"


def operator(sign: str | None) -> str:
    """≥, > or ≤ before a target; nothing where there is none."""
    return {"at_least": "≥", "more_than": ">", "at_most": "≤"}.get(sign or "", "")


_AS_READ = frozenset(half_up(threshold * 100, 1) for threshold in THRESHOLDS)


# --- words ---------------------------------------------------------------------------------------


def status_name(status: Status) -> str:
    return str(_STATUS_NAMES[status])


_STATUS_NAMES = {
    Status.EXCEEDED: pgettext_lazy("status", "Exceeded"),
    Status.MET: pgettext_lazy("status", "Met"),
    Status.BEHIND: pgettext_lazy("status", "Behind"),
    Status.AT_RISK: pgettext_lazy("status", "At risk"),
    Status.NO_TARGET: pgettext_lazy("status", "No target"),
    Status.NO_DATA: pgettext_lazy("status", "No data"),
    Status.INCOMPLETE: pgettext_lazy("status", "Incomplete"),
    Status.NOT_APPLICABLE: pgettext_lazy("status", "Not applicable"),
}


def status_word(status: Status) -> str:
    """Symbol and word: neither depends on colour, on paper or on a phone."""
    return f"{_SYMBOLS[status]} {status_name(status)}"


def authority_name(authority: str, province: Unit) -> str:
    """Whose plan it is."""
    if authority == Authority.VSS:
        return _("Vietnam Social Security")
    return peoples_committee(province)


def plan_words(authority: str, province: Unit, version: int) -> str:
    """Whose plan figures are held against, and which version of it was in force."""
    said = _("plan of %(authority)s, version %(version)s")
    return said % {"authority": authority_name(authority, province), "version": version}


def peoples_committee(unit: Unit) -> str:
    """``UBND tỉnh Sơn La``"""
    return _("People's Committee of %(unit)s") % {"unit": in_sentence(unit)}


def in_sentence(unit: Unit) -> str:
    """The full name inside a sentence: its kind is not a name and begins small."""
    return unit.full_name[:1].lower() + unit.full_name[1:]


def map_words(map_day: date | None, month: Month) -> str:
    """Which units the figures are shown for."""
    if map_day is None:
        return _("as it was in %(month)s") % {"month": month_number(month)}
    return _("units in force on %(day)s") % {"day": day(map_day)}


def subject(unit: Unit) -> str:
    """The unit as the subject of a sentence: ``Toàn tỉnh``, ``Toàn huyện Sông Mã``."""
    if unit.tier == Tier.PROVINCE:
        return _("The whole province")
    return _("%(unit)s as a whole") % {"unit": in_sentence(unit)}


def listed(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


# --- time ----------------------------------------------------------------------------------------


def day(on: date) -> str:
    """07/03/2024"""
    return f"{on:%d/%m/%Y}"


def month_number(month: Month) -> str:
    """12/2023"""
    return month.shown


def moment(at: datetime) -> str:
    """16:20 07/03/2024, in the time of the site."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def decree_day(place: str, on: date) -> str:
    """Place and date as Decree 30 has them: only days below ten and months 1 and 2 get a zero."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return _("%(place)s, %(day)02d/%(month)s/%(year)d") % {
        "place": place,
        "day": on.day,
        "month": month,
        "year": on.year,
    }


def amendment(decision: Decision) -> str:
    """What a decision changed of what was published, and why."""
    return _(
        "%(number)s, in force from %(day)s, changed the plan of months that were closed "
        "(%(first)s to %(last)s): %(reason)s"
    ) % {
        "number": decision.number,
        "day": day(decision.effective_on),
        "first": month_number(decision.changed_from),
        "last": month_number(decision.changed_until),
        "reason": decision.reason,
    }


def occasion(month: Month) -> str:
    """What a conference on the figures of ``month`` is: of the year, of some months."""
    if month.month == 12:
        return _("Conference on the results of %(year)d") % {"year": month.year}
    if month.month in (3, 6, 9):
        return _("Conference on the first %(months)d months of %(year)d") % {
            "months": month.month,
            "year": month.year,
        }
    return _("Conference on the results up to month %(month)s") % {"month": month_number(month)}
