"""The lines of a trajectory: which months each one joins, in pixels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from districts.months import Month
from reports.engine.trajectories import Point
from reports.outlook.forecast import Forecast

from .frame import Frame
from .labels import Place
from .series import (
    is_comparable,
    is_firm,
    runs,
)


@dataclass(frozen=True)
class Lines:
    """What is drawn in a frame, as runs of places; a run of one place is no line."""

    frame: Frame

    @cached_property
    def drawn(self) -> list[Point]:
        """The months that may stand beside each other."""
        return [point for point in self.frame.data.ordered if is_comparable(point)]

    @cached_property
    def reached(self) -> list[list[Place]]:
        """The approved months."""
        firm = [(p.month, float(p.value)) for p in self.drawn if is_firm(p)]
        return [self._run(run) for run in runs(firm, by_year=self.frame.data.flow)]

    @cached_property
    def unsure(self) -> list[list[Place]]:
        """The links to and between provisional months."""
        return [
            self._run([(point.month, float(point.value)) for point in (before, after)])
            for before, after in pairwise(self.drawn)
            if after.month == before.month + 1
            and not self._anew(after.month)
            and (before.provisional or after.provisional)
        ]

    @cached_property
    def plans(self) -> list[list[Place]]:
        """One line a year, from last December's result; a flow's from its first month."""
        values = {point.month: float(point.value) for point in self.drawn}
        planned = [(p.month, float(p.plan)) for p in self.frame.data.ordered if p.plan is not None]
        found = []
        for run in runs(planned, by_year=True):
            before = run[0][0] - 1
            if run[0][0].month == 1 and not self.frame.data.flow and before in values:
                run = [(before, values[before]), *run]
            found.append(self._run(run))
        return found

    @cached_property
    def year_ends(self) -> list[Point]:
        """The last month of each plan; that of the year before the first month is left out."""
        planned = [point for point in self.frame.data.ordered if point.plan is not None]
        first = self.frame.months[0]
        return [
            point
            for point in planned
            if point is planned[-1] or (point.month.month == 12 and point.month > first)
        ]

    @cached_property
    def ahead(self) -> list[list[Place]]:
        return [
            self._run([(month.month, float(month.value)) for month in run])
            for run in self._forecast_runs()
        ]

    @cached_property
    def bands(self) -> list[list[Place]]:
        """The outlines of the interval: along its upper edge and back along its lower."""
        return [
            [
                *self._run([(month.month, float(month.high)) for month in run]),
                *self._run([(month.month, float(month.low)) for month in reversed(run)]),
            ]
            for run in self._forecast_runs()
            if len(run) > 1
        ]

    def _forecast_runs(self) -> Iterator[list[Forecast]]:
        """By year for what begins anew, each joined to the last result where it continues it."""
        now, ahead = self.frame.data.now, self.frame.data.ahead
        run: list[Forecast] = []
        if now and ahead and not self._anew(ahead[0].month):
            run = [Forecast(now.month, now.value, low=now.value, high=now.value)]
        for month in ahead:
            if self._anew(month.month) and run:
                yield run
                run = []
            run.append(month)
        if run:
            yield run

    @property
    def every(self) -> Iterable[Sequence[Place]]:
        """All that a label had better not cover."""
        return [*self.reached, *self.unsure, *self.plans, *self.ahead]

    def at(self, point: Point) -> Place:
        return self.frame.at(point.month, float(point.value))

    def _run(self, run: Sequence[tuple[Month, float]]) -> list[Place]:
        return [self.frame.at(month, value) for month, value in run]

    def _anew(self, month: Month) -> bool:
        return self.frame.data.flow and month.month == 1
