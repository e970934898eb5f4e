"""What a cell means as a count or as a target. What has two readings is refused, never guessed.

Vietnamese writes 1.278.316 and 98,3; files also bring 1,278,316 and 98.3. In a column of counts a
separator before three digits groups thousands (7.912 is 7912); in a column of rates it is decimal.
"""

import math
import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NoReturn

from django.utils.translation import gettext as _

from commitments.models import Indicator, Operator
from commitments.rules import Fault
from districts.vietnamese import clean

from .workbook.cells import (
    CellError,
    NoCachedValue,
    Percent,
    PercentSign,
    Place,
    Unclear,
    Value,
    Why,
    shown,
)

MAX_COUNT = 10**15 - 1
"""Spreadsheets keep 15 digits; what is longer was already changed by the program that saved it."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
"""Digits as East Asian keyboards write them: the same digits, only wider."""

_PLAIN = re.compile(r"\d+\Z", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<separator>[., ])\d{3}(?:(?P=separator)\d{3})*\Z", re.ASCII)
_ZERO_DECIMALS = re.compile(
    r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))[.,]0{1,2}\Z", re.ASCII
)
_DECIMAL = re.compile(r"(?:\d+|\d{1,3}(?:[., ]\d{3})+)[.,]\d+\Z", re.ASCII)
_ONE_SEPARATOR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z", re.ASCII)
_RATE = re.compile(r"(?P<whole>\d+)(?:[.,](?P<decimals>\d+))?(?P<percent> ?%)?\Z", re.ASCII)
_OPERATOR = re.compile(r"(?P<sign>>=|=>|≥|<=|=<|≤|>|<|=)? ?(?P<number>.*)\Z")

_OPERATORS = {
    ">=": Operator.AT_LEAST,
    "=>": Operator.AT_LEAST,
    "≥": Operator.AT_LEAST,
    ">": Operator.MORE_THAN,
    "<=": Operator.AT_MOST,
    "=<": Operator.AT_MOST,
    "≤": Operator.AT_MOST,
}


_BARE = re.compile(r"[-+(]?\d[\d.,  ]*[%)]?\Z", re.ASCII)


def is_bare_number(value: Value) -> bool:
    """Whether a cell holds a number and nothing else, as a number or as a text."""
    if isinstance(value, Unclear):
        value = value.text
    if isinstance(value, str):
        return bool(_BARE.match(value.translate(_FULL_WIDTH)))
    return isinstance(value, int | float) and not isinstance(value, bool)


class Unreadable(ValueError):
    """A cell that is not what was asked for: code, sentence, and what was expected.

    The sentence may quote the cell as ``%(read)s``; other placeholders come from ``details``.
    """

    def __init__(self, code: str, sentence: str, expected: str | None = None, **details: object):
        self.code, self.expected = code, expected
        self._sentence, self._details = sentence, details
        super().__init__(code)

    def at(self, place: Place, read: Value) -> Fault:
        """The fault at a place where ``read`` stands."""
        message = self._sentence % {"read": shown(read), **self._details}
        return place.fault(self.code, message, read, self.expected)


def read_count(value: Value, scale: int = 1) -> int | None:
    """The count in a cell; None where it is blank (nothing, or a dash). Zero is a count.

    One in the cell is ``scale`` of what is counted: 312.5 in millions is 312,500,000. Raises
    Unreadable for what does not come out whole, text, an error value, a formula without a value, a
    date, a truth value, a negative or an impossibly large number.
    """
    if scale != 1:
        return _read_scaled(value, scale)
    if isinstance(value, str):
        return _count_in_text(value)
    _refuse_what_is_no_number(value)
    if value is None:
        return None
    if not math.isfinite(value) or abs(value) > MAX_COUNT:
        _refuse_too_large()
    if isinstance(value, Percent | PercentSign):
        _refuse_percentage(value)
    if value != int(value):
        _refuse_fraction()
    return _not_negative(int(value))


def _count_in_text(text: str) -> int | None:
    text = clean(text).translate(_FULL_WIDTH)
    if not text.strip("- "):
        return None
    sign, digits = ("-", text[1:].lstrip()) if text.startswith("-") else ("", text)
    if _PLAIN.match(digits) or _GROUPED.match(digits):
        digits = re.sub(r"[., ]", "", digits)
    elif match := _ZERO_DECIMALS.match(digits):
        digits = re.sub(r"[.,]", "", match["whole"])
    elif _DECIMAL.match(digits):
        _refuse_fraction()
    else:
        raise Unreadable(
            "not_a_number",
            _("“%(read)s” is text, not a number. Write digits only."),
            _("a whole number"),
        )
    if len(digits) > 18:
        _refuse_too_large()
    number = int(sign + digits)
    if abs(number) > MAX_COUNT:
        _refuse_too_large()
    return _not_negative(number)


def _read_scaled(value: Value, scale: int) -> int | None:
    """A count given in thousands, millions or more of its unit, exactly."""
    if isinstance(value, str):
        number = _decimal_in_text(clean(value).translate(_FULL_WIDTH), scale)
    else:
        _refuse_what_is_no_number(value)
        if value is not None and (not math.isfinite(value) or abs(value) > MAX_COUNT):
            _refuse_too_large()
        if isinstance(value, Percent | PercentSign):
            _refuse_percentage(value)
        number = None if value is None else Decimal(f"{value:.15g}")
    if number is None:
        return None
    whole = number * scale
    if whole != int(whole):
        raise Unreadable(
            "fraction",
            _("%(read)s times %(scale)s, as the unit of measure says, is no whole number."),
            _("a whole number"),
            scale=f"{scale:,}".replace(",", " "),
        )
    if abs(whole) > MAX_COUNT:
        _refuse_too_large()
    return _not_negative(int(whole))


def _decimal_in_text(text: str, scale: int) -> Decimal | None:
    """A number with decimals as people type it; one separator before three digits is unclear."""
    if not text.strip("- "):
        return None
    sign, digits = (-1, text[1:].lstrip()) if text.startswith("-") else (1, text)
    if _ONE_SEPARATOR.match(digits):
        whole, decimals = re.split("[.,]", digits)
        raise Unreadable(
            "unclear_number",
            _("%(read)s may be %(grouped)s or a fraction. Write the number without separators."),
            f"{whole}{decimals} / {whole},{decimals}",
            grouped=whole + decimals,
        )
    if _PLAIN.match(digits) or _GROUPED.match(digits):
        digits = re.sub(r"[., ]", "", digits)
    elif _DECIMAL.match(digits):
        whole, decimals = re.split(r"[.,](?=\d+\Z)", digits)
        digits = re.sub(r"[., ]", "", whole) + "." + decimals
    else:
        raise Unreadable(
            "not_a_number",
            _("“%(read)s” is text, not a number. Write digits only."),
            _("a number"),
        )
    if len(digits) > 25:
        _refuse_too_large()
    return sign * Decimal(digits)


def _not_negative(number: int) -> int:
    if number < 0:
        raise Unreadable("negative", _("%(read)s is negative; a count cannot be."), ">= 0")
    return number


def _refuse_fraction() -> NoReturn:
    raise Unreadable(
        "fraction", _("%(read)s is a fraction; a count is a whole number."), _("a whole number")
    )


def _refuse_percentage(value: Percent | PercentSign) -> NoReturn:
    raise Unreadable(
        "fraction" if isinstance(value, Percent) else "percentage",
        _(
            "The cell shows %(read)s, and a count is a whole number without a percent sign. "
            "Format the cell as a number."
        ),
        _("a whole number"),
    )


def _refuse_too_large() -> NoReturn:
    raise Unreadable(
        "too_large", _("%(read)s is impossibly large. Check the number."), f"<= {MAX_COUNT}"
    )


def unclear(value: Unclear) -> Unreadable:
    """The refusal of a cell that shows its reader something else than it holds."""
    sentences = {
        Why.STRUCK_OUT: _("“%(read)s” is struck out. Delete it, or take the line away."),
        Why.RAISED: _(
            "“%(read)s” is raised like the mark of a footnote. Write the number in plain digits."
        ),
        Why.MERGED: _(
            "“%(read)s” is merged over several units or columns. Split the cells and write each "
            "number into its own."
        ),
        Why.NOT_SHOWN: _(
            "The cell holds %(read)s and shows nothing. Format it so that it can be seen, or "
            "delete it."
        ),
        Why.SHOWN_OTHERWISE: _(
            "The cell holds %(read)s, but its number format shows something else. Format it as a "
            "plain number and write the number that is meant."
        ),
        Why.MAY_SHOW_OTHERWISE: _(
            "The cell holds %(read)s, but a conditional format may show it in another way. Take "
            "the conditional format away."
        ),
    }
    return Unreadable(value.why.value, sentences[value.why], _("a number"))


def _refuse_what_is_no_number(value: Value) -> None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return
    expected = _("a number")
    match value:
        case Unclear():
            raise unclear(value)
        case CellError():
            raise Unreadable(
                "error_value",
                _("The cell holds the error %(read)s. Correct its formula."),
                expected,
            )
        case NoCachedValue():
            raise Unreadable(
                "formula_without_value",
                _(
                    "The cell holds a formula that was never calculated. "
                    "Open the file in Excel and save it."
                ),
                expected,
            )
        case bool():
            raise Unreadable("truth_value", _("The cell holds %(read)s, not a number."), expected)
        case date() | time() | timedelta():
            raise Unreadable(
                "date_value",
                _("The cell holds the date or time %(read)s. Write the number again."),
                expected,
            )


# --- targets -------------------------------------------------------------------------------------


def read_target(value: Value, indicator: Indicator, scale: int = 1) -> tuple[str, int] | None:
    """(operator, value scaled by the indicator's decimals) of a target; None where it is blank.

    An operator may stand before the number (``> 90``, ``≥ 96,1``, ``<= 2``); without one a target
    is at least, or at most where less is better. Percentages are written in percent: 96.1, 96,1%,
    or a cell that shows 96.1 %. A bare number above 0 and up to 1.5 could be 0.961 meant as 96.1 %
    and is refused. A count is given in ``scale`` of its unit. Raises Unreadable.
    """
    operator = Operator.AT_MOST if indicator.direction == "down" else Operator.AT_LEAST
    if isinstance(value, str):
        match = _OPERATOR.match(clean(value))
        value = match["number"]
        if sign := match["sign"]:
            operator = _operator(sign, value)
    if indicator.decimals:
        scaled = _read_rate(value, indicator.decimals)
    else:
        scaled = read_count(value, scale)
    return None if scaled is None else (operator, scaled)


def _operator(sign: str, number: str) -> str:
    if sign not in _OPERATORS:
        raise Unreadable(
            "unknown_operator",
            _("“%(read)s”: a target is at least, more than or at most a number."),
            f"≥ {number}, > {number}, ≤ {number}",
        )
    if not number.strip("- "):
        raise Unreadable(
            "not_a_number", _("“%(read)s” lacks a number after the sign."), _("a number")
        )
    return _OPERATORS[sign]


def _read_rate(value: Value, decimals: int) -> int | None:
    """A percentage as an integer scaled by ``decimals``."""
    if isinstance(value, str):
        rate, certain = _rate_in_text(value)
    else:
        _refuse_what_is_no_number(value)
        if value is None:
            return None
        if not math.isfinite(value) or abs(value) > MAX_COUNT:
            _refuse_too_large()
        certain = isinstance(value, Percent | PercentSign)
        rate = Decimal(f"{float(value) * (100 if isinstance(value, Percent) else 1):.15g}")
    if rate is None:
        return None
    if rate < 0:
        raise Unreadable("negative", _("%(read)s is negative; a target cannot be."), ">= 0")
    if not certain and 0 < rate <= Decimal("1.5"):
        raise Unreadable(
            "share_or_percent",
            _("%(read)s may be a share or a percentage. Write it with a percent sign."),
            f"{rate.normalize() * 100:f}% / {rate.normalize():f}%",
        )
    if rate > 100:
        raise Unreadable("above_maximum", _("%(read)s is more than 100 percent."), "<= 100%")
    scaled = rate.scaleb(decimals)
    if scaled != int(scaled):
        raise Unreadable(
            "too_many_decimals",
            _(
                "%(read)s has too many decimals; targets of this indicator have up to "
                "%(decimals)s. Write what the decision says."
            ),
            f"{rate.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)}%",
            decimals=decimals,
        )
    return int(scaled)


def _rate_in_text(text: str) -> tuple[Decimal | None, bool]:
    """The percentage written, and whether a percent sign says so."""
    text = clean(text)
    if not text.strip("- "):
        return None, False
    negative, text = text.startswith("-"), text.removeprefix("-").lstrip()
    match = _RATE.match(text)
    if match is None or len(text) > 20:
        raise Unreadable(
            "not_a_number",
            _("“%(read)s” is not a percentage. Write it like 96,1."),
            _("a percentage"),
        )
    rate = Decimal(f"{match['whole']}.{match['decimals'] or 0}")
    return -rate if negative else rate, match["percent"] is not None
