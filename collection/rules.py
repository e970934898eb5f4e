"""Decisions without a database: what a typed text means, which version a cell has, what is sent."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from commitments.intake.numbers import Unreadable, read_count
from commitments.intake.workbook.cells import Place
from commitments.models import Indicator
from commitments.rules import Fault
from districts.months import Month

TEXT_LENGTH = 60
"""Characters kept of what somebody types into a cell; no count is that long."""

REMIND_AFTER = timedelta(hours=24)
"""A group is reminded of one month at most once in this time, by whomever."""

REMIND_AGAIN_AFTER_DAYS = 3
"""After a reminder of that day or earlier, the night reminds again."""


def read_text(text: str, indicator: Indicator) -> tuple[int | None, Fault | None]:
    """The count that ``text`` means for ``indicator``, and why it means none.

    Both are None for a blank. What has two readings is a fault that quotes what was typed.
    """
    try:
        value = read_count(text)
    except Unreadable as unreadable:
        fault = unreadable.at(Place(sheet=None, row=0), text)
        return None, replace(fault, row=None, column=indicator.code)
    if value is not None and value > indicator.maximum:
        message = _("%(read)s is above the upper bound of this indicator. Check the number.")
        return None, fault_of(
            indicator, "above_maximum", message % {"read": text}, text, f"<= {indicator.maximum}"
        )
    return value, None


def is_asked(indicator: Indicator, tier: str, month: Month) -> bool:
    """Whether units that report at ``tier`` enter it for ``month``: all of it is required then.

    Yearly bases are not asked for: they are given once, by whoever keeps them.
    """
    monthly = indicator.frequency == Indicator.Frequency.MONTHLY
    return monthly and indicator.entered_at == tier and indicator.since <= month < indicator.until


def fault_of(
    indicator: Indicator, code: str, message: str, read: str = "", expected: str | None = None
) -> Fault:
    """A fault of one cell; its ``column`` is the code of the indicator."""
    return Fault(code, message, column=indicator.code, read=read, expected=expected)


def blanked(indicator: Indicator) -> Fault:
    """A number that was reported cannot be taken back by emptying its cell."""
    message = _("A number was reported here; it cannot be left empty. Write 0 if it is none.")
    return fault_of(indicator, "blanked", message)


def missing(indicator: Indicator) -> Fault:
    """A cell that must be filled before the report can be sent."""
    message = _("%(indicator)s is empty. Write the number, or 0 if it is none.")
    return fault_of(indicator, "missing", message % {"indicator": indicator.name})


BLANK = "0"
"""The version of a cell in which nothing stands."""


def version(value: int | None, text: str) -> str:
    """The version of a cell: what stands in it, the number or else the text, and nothing else.

    Opaque to whoever gets it. Sending, approving or returning a number changes no version, nor does
    the language a number is printed in.
    """
    stands = text if value is None else str(value)
    return hashlib.sha256(stands.encode()).hexdigest()[:16] if stands else BLANK


def is_conflict(*, seen: str, stands: str, typed: str) -> bool:
    """Whether saving would put something over a number that whoever typed never saw.

    Each is the version of a cell: as it was seen, as it stands by now, as it would be saved. Where
    nothing stands nothing is lost, and two people who type the same agree.
    """
    return stands not in (seen, typed, BLANK)


def receipt_number(unit_code: str, month: Month, sequence: int) -> str:
    """``03703-2024-02-1``: unit, month, and the how manieth sending it is."""
    return f"{unit_code}-{month}-{sequence}"


def digest_of(number: str, unit_code: str, month: Month, values: Mapping[str, int]) -> str:
    """The digest on a receipt. Anybody can recompute it from what the receipt prints.

    It is the SHA-256, in hexadecimal, of lines of UTF-8 that each end with a line feed: the number
    of the receipt, the code of the unit, the month as ``2024-02``, then ``CODE=number`` for each
    number without separators, codes in alphabetical order.
    """
    lines = [number, unit_code, str(month)]
    lines += [f"{code}={value}" for code, value in sorted(values.items())]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def next_reminder(last: datetime) -> datetime:
    """When a group may be reminded again that was reminded at ``last``."""
    return last + REMIND_AFTER


def night_reminds(*, due: date, last: date | None, on: date) -> bool:
    """Whether the night of ``on`` reminds a group by itself.

    Once when the due day has passed, then every third day while something is missing; whoever
    reminded by hand meanwhile has done it for the night.
    """
    if on <= due:
        return False
    return last is None or last <= due or (on - last).days >= REMIND_AGAIN_AFTER_DAYS
