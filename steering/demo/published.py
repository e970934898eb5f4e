"""What the articles state about Sơn La, and the illustrative levels between the statements.

``data/published_figures.csv`` holds the published lines with their citations: *exact* lines must
be met after rounding to the digits given, *nearly* and *over* are bounds, *derived* lines were
computed from two stated figures. ``data/levels.csv`` holds illustrative numbers for the province
where nothing was published; ``data/calendar.csv`` the course of the twelve months.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DATA = Path(__file__).parent / "data"

NEARLY = Decimal("0.99")
"""How close below a number is what an article calls nearly that number."""


@dataclass(frozen=True)
class Published:
    """One published statement. ``period`` is a year (2023) or a month (2023-12)."""

    indicator: str
    period: str
    measure: str
    value: Decimal
    qualifier: str
    source: str

    @property
    def decimals(self) -> int:
        """The digits after the point that were given."""
        return max(0, -self.value.as_tuple().exponent)

    def holds_for(self, value: Decimal) -> bool:
        """Whether ``value`` is what was stated: rounded half-up to its digits, or within its bound.

        A target is always exact; its qualifier says how results are held against it.
        """
        if self.measure == "target" or self.qualifier in ("exact", "derived"):
            digits = Decimal(1).scaleb(-self.decimals)
            return value.quantize(digits, ROUND_HALF_UP) == self.value
        if self.qualifier == "nearly":
            return NEARLY * self.value < value < self.value
        return value > self.value


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one data file of this package."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def published() -> list[Published]:
    """Every published line of the province."""
    return [
        Published(
            indicator=row["indicator"],
            period=row["period"],
            measure=row["measure"],
            value=Decimal(row["value"]),
            qualifier=row["qualifier"],
            source=row["source"],
        )
        for row in rows("published_figures.csv")
    ]


def stated(measure: str = "value") -> dict[tuple[str, str], int]:
    """(indicator, period) to the count published for it, where it is a number and not a bound."""
    return {
        (line.indicator, line.period): int(line.value)
        for line in published()
        if line.measure == measure
        and line.qualifier in ("exact", "derived")
        and not line.indicator.endswith("_RATE")
    }


def levels() -> dict[str, dict[str, int]]:
    """Indicator to period to number: illustrative levels, and the published ones above them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows("levels.csv"):
        found[row["indicator"]][row["period"]] = int(row["value"])
    for (indicator, period), value in stated().items():
        found[indicator][period] = value
    return dict(found)


def calendar() -> dict[str, list[Decimal]]:
    """Indicator to twelve numbers: for a stock the percentage of the level, for a flow weights."""
    return {
        row["indicator"]: [Decimal(row[str(month)]) for month in range(1, 13)]
        for row in rows("calendar.csv")
    }
