"""What people read: every figure with its target, comparison, coverage, status and rank.

The one engine. Pages, workbook, documents and commands render what this module returns and
compute nothing, so they cannot disagree.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from commitments.models import Indicator
from districts.models import Unit
from districts.months import Month


class Status(StrEnum):
    """How a figure stands against the plan to date."""

    EXCEEDED = "exceeded"
    MET = "met"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit in one month. Counts are int, ratios Decimal percent; None is blank."""

    unit: Unit
    indicator: Indicator
    month: Month
    value: int | Decimal | None
    exact: Fraction | None
    year_to_date: int | None
    reported_value: int | Decimal | None
    target: int | Decimal | None
    operator: str | None
    deadline: Month | None
    decision: str | None
    plan_to_date: int | Decimal | None
    percent_of_target: Decimal | None
    points_to_target: Decimal | None
    percent_to_date: Decimal | None
    last_year: int | Decimal | None
    change: int | Decimal | None
    rank: int | None
    status: Status
    approved: int
    reported: int
    expected: int
    provisional: bool
    estimated: bool
    numerator: int | None
    denominator: int | None
    denominator_source: str | None
