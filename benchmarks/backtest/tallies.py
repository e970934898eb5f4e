"""Forecasts beside what came of them, by method."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, stdev

from districts.months import Month
from reports.engine.trajectories import Point
from reports.outlook.forecast import forecast

from .methods import Said, seasonal_naive, square_root, theta

NO_WORSE = 1.05
"""Times the error of the square root's rule, or two standard errors above it."""


@dataclass
class Tally:
    """Forecasts beside what came of them."""

    inside: list[bool] = field(default_factory=list)
    misses: list[float] = field(default_factory=list)
    """In percent of the result, with sign."""
    widths: list[float] = field(default_factory=list)
    silent: int = 0

    def add(self, said: Said | None, actual: float) -> None:
        if said is None or not actual:
            self.silent += 1
            return
        value, low, high = said
        self.inside.append(low <= actual <= high)
        self.misses.append((value - actual) / actual * 100)
        self.widths.append((high - low) / actual * 100)

    @property
    def percent(self) -> float:
        return 100 * fmean(self.inside)

    @property
    def error(self) -> float:
        """The mean absolute error in percent."""
        return fmean(map(abs, self.misses))

    def row(self, *, interval: bool = True) -> str:
        if not self.inside:
            return "| – | – | – | – " if interval else "| – "
        if not interval:
            return f"| {self.error:.2f} "
        bias, width = fmean(self.misses), fmean(self.widths)
        return f"| {self.percent:.0f} | {bias:+.2f} | {self.error:.2f} | {width:.1f} "


def of_product(
    values: Sequence[int | Decimal],
    first: Month,
    until: Month,
    *,
    flow: bool,
    ceiling: float | None = None,
) -> Said | None:
    points = [
        Point(Month(first + place), value, None, 1, 1, False, of_month=Fraction(1))
        for place, value in enumerate(values)
    ]
    made = forecast(points, until, flow=flow, ceiling=ceiling)
    return made and (float(made[-1].value), float(made[-1].low), float(made[-1].high))


@dataclass
class Tallies:
    """The methods side by side on the same series."""

    product: Tally = field(default_factory=Tally)
    root: Tally = field(default_factory=Tally)
    naive: Tally = field(default_factory=Tally)
    library: Tally = field(default_factory=Tally)

    def add(
        self,
        values: Sequence[int],
        first: Month,
        until: Month,
        actual: int,
        *,
        flow: bool,
        ceiling: int | None,
        by_library: bool = False,
        decimals: int = 0,
    ) -> None:
        """Forecast from ``values`` since ``first``: whole numbers, a rate's in its last digits.

        The product reads a rate as the product prints it.
        """
        asked = (values, first, until)
        printed = [Decimal(value).scaleb(-decimals) if decimals else value for value in values]
        top = ceiling and ceiling / 10**decimals
        said = of_product(printed, first, until, flow=flow, ceiling=top)
        self.product.add(said, actual / 10**decimals)
        self.root.add(square_root(*asked, flow=flow, ceiling=ceiling), actual)
        self.naive.add(seasonal_naive(*asked, flow=flow), actual)
        if by_library:
            self.library.add(theta(*asked, flow=flow), actual)

    def row(self, name: str) -> str:
        return (
            f"| {name} {self.product.row()}{self.root.row()}"
            f"{self.naive.row(interval=False)}{self.library.row()}|"
        )

    @property
    def no_worse(self) -> bool:
        """Than the rule of the square root, as far as so many series can tell."""
        pairs = zip(self.product.misses, self.root.misses, strict=True)
        apart = [abs(ours) - abs(theirs) for ours, theirs in pairs]
        doubt = 2 * stdev(apart) / math.sqrt(len(apart))
        return self.product.error <= max(NO_WORSE * self.root.error, self.root.error + doubt)


def together(parts: Sequence[Tally]) -> Tally:
    return Tally(
        [one for part in parts for one in part.inside],
        [one for part in parts for one in part.misses],
        [one for part in parts for one in part.widths],
    )
