"""What every row of bullets says of a figure, whether it stands for a unit or for an indicator."""

from dataclasses import dataclass
from decimal import Decimal

from commitments.models import Indicator
from districts.models import Unit
from reports.engine.comparing import (
    gap,
    is_short,
    last_year_to_plan,
)
from reports.engine.figures import Figure
from reports.wording import verdicts


@dataclass(frozen=True)
class FigureRow:
    """A figure against its plan to date and against the year before."""

    figure: Figure

    @property
    def unit(self) -> Unit:
        return self.figure.unit

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def gap(self) -> int | Decimal | None:
        return gap(self.figure)

    @property
    def change(self) -> int | Decimal | None:
        return self.figure.change

    @property
    def last_year(self) -> Decimal | None:
        """A year before, in percent of this year's plan to date."""
        return last_year_to_plan(self.figure)

    @property
    def is_partial(self) -> bool:
        """Whether so many reports are missing that a comparison with the plan would mislead."""
        return self.figure.achieved is not None and verdicts.is_partial(self.figure)

    @property
    def is_short(self) -> bool:
        return is_short(self.figure)

    @property
    def on_scale(self) -> Decimal | None:
        """Percent of the plan to date, where it can be compared."""
        return self.figure.percent_to_date
