"""Who sends a month's report when, and how far it gets. No database; chance by seed.

Most communes report before the due day, some late but before the month closes. The last months
stay open: a few reports wait for approval, are still drafts or are missing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from districts.months import Month

from .series import OFFICE, SEED

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

OPEN_MONTHS = {
    Month.of(2025, 10): (0.85, 0.09, 0.04),
    Month.of(2025, 11): (0.72, 0.16, 0.08),
    Month.of(2025, 12): (0.40, 0.34, 0.14),
}
"""Months that are not closed yet: shares of communes approved, sent, saved; the rest is missing."""

LATE_SHARE = 0.07
SENT_AT = time(15, 30)


@dataclass(frozen=True)
class Sending:
    """Reports of some units that arrive at one moment."""

    units: Sequence[str]
    at: datetime
    sent: bool
    approved: bool


def sendings(month: Month, units: Sequence[str], due_on: date, seed: str = SEED) -> list[Sending]:
    """How the reports of ``units`` for ``month`` arrive, the earliest first."""
    chance = random.Random(f"{seed} {month}")
    shuffled = sorted(units)
    chance.shuffle(shuffled)
    late_count = round(len(shuffled) * LATE_SHARE * chance.uniform(0.6, 1.4))
    if month not in OPEN_MONTHS:
        prompt, late = shuffled[late_count:], shuffled[:late_count]
        days = chance.randint(1, 6)
        return [
            Sending(sorted(some), _moment(due_on, offset), sent=True, approved=True)
            for some, offset in ((prompt, -1), (late, days))
            if some
        ]
    approved, sent, saved = (round(len(shuffled) * share) for share in OPEN_MONTHS[month])
    ends = [approved, approved + sent, approved + sent + saved]
    return [
        Sending(sorted(some), _moment(due_on, offset), sent=is_sent, approved=is_approved)
        for some, offset, is_sent, is_approved in (
            (shuffled[: ends[0]], -1, True, True),
            (shuffled[ends[0] : ends[1]], 2, True, False),
            (shuffled[ends[1] : ends[2]], 3, False, False),
        )
        if some
    ]


def office_sending(month: Month, closes_on: date) -> Sending:
    """The province's own report, last of all: approved, but in the two newest months."""
    approved = month not in list(OPEN_MONTHS)[1:]
    return Sending([OFFICE], _moment(closes_on, -2), sent=True, approved=approved)


def _moment(due_on: date, days: int) -> datetime:
    return datetime.combine(due_on + timedelta(days=days), SENT_AT, TIME_ZONE)
