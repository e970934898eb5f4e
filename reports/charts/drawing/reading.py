"""A trajectory in words: the numbers its picture shows, for its description and its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from commitments.models import Indicator, Kind
from districts.months import Month
from reports.engine.rules import Status
from reports.engine.trajectories import Point
from reports.outlook.forecast import Forecast
from reports.wording import numbers
from reports.wording.words import month_number

from .series import (
    in_order,
    is_firm,
    last_drawn,
)
from .svg import Fact

ABOUT = "≈ "


@dataclass(frozen=True)
class Ceiling:
    """What the series cannot exceed: the population, with the words that name it."""

    value: int
    words: str


@dataclass(frozen=True)
class Event:
    """Something that explains a month's movement."""

    month: Month
    words: str


@dataclass(frozen=True)
class Break:
    """A day on which the map changed, with a word for it."""

    day: date
    words: str


@dataclass(frozen=True)
class Trajectory:
    """All a trajectory shows. ``points`` also hold the months ahead, with their plan and no value.

    ``title`` states the finding; ``key`` makes the picture's ids unique on its page. Of the
    ``events`` the first two are written out; ``breaks`` outside the months are not drawn.
    """

    points: Sequence[Point]
    indicator: Indicator
    title: str
    key: str
    forecast: Sequence[Forecast] | None = None
    status: Status = Status.NO_TARGET
    ceiling: Ceiling | None = None
    events: Sequence[Event] = ()
    breaks: Sequence[Break] = ()

    @cached_property
    def ordered(self) -> list[Point]:
        return in_order(self.points)

    @cached_property
    def flow(self) -> bool:
        return self.indicator.kind == Kind.FLOW

    @cached_property
    def now(self) -> Point | None:
        """The last approved month; without any, the last that can be drawn."""
        firm = [point for point in self.ordered if is_firm(point)]
        return firm[-1] if firm else last_drawn(self.ordered)

    @cached_property
    def goal(self) -> Point | None:
        """The last month with a plan."""
        planned = [point for point in self.ordered if point.plan is not None]
        return planned[-1] if planned else None

    @cached_property
    def expected(self) -> Forecast | None:
        """The forecast of its last month, in no more digits than its interval bears."""
        return numbers.rough(self.forecast[-1]) if self.forecast else None

    @cached_property
    def ahead(self) -> list[Forecast]:
        return [numbers.rough(month) for month in self.forecast or ()]


@dataclass(frozen=True)
class Row:
    """One month of the table behind the picture, as it is printed."""

    month: str
    reached: str
    plan: str
    forecast: str
    low: str
    high: str
    provisional: bool


def trajectory_facts(data: Trajectory) -> list[Fact]:
    """The key numbers, in the words of the picture's description: at most six, blank ones never."""
    facts: list[Fact] = []
    now = data.now
    if now is None:
        facts.append(Fact(_("Result"), _("no approved figures yet")))
    else:
        first = next(point for point in data.ordered if point.value is not None)
        if first.month < now.month and is_firm(first):
            facts.append(_result(data, first))
        facts.append(_result(data, now))
    facts += [_plan(data, point) for point in _plans(data)]
    if data.expected:
        facts.append(_forecast(data, data.expected))
    if data.ceiling:
        facts.append(Fact(data.ceiling.words, _amount(data, data.ceiling.value)))
    return facts


def _plans(data: Trajectory) -> list[Point]:
    """What was planned by now, and by the end."""
    planned = [data.now] if data.now and data.now.plan is not None else []
    if data.goal and data.goal not in planned:
        planned.append(data.goal)
    return planned


def _result(data: Trajectory, point: Point) -> Fact:
    said = _amount(data, point.value)
    if point.provisional:
        said = _("%(amount)s, provisional") % {"amount": said}
    return Fact(_("Result %(month)s") % {"month": month_number(point.month)}, said)


def _plan(data: Trajectory, point: Point) -> Fact:
    return Fact(
        _("Plan %(month)s") % {"month": month_number(point.month)}, _amount(data, point.plan)
    )


def _forecast(data: Trajectory, forecast: Forecast) -> Fact:
    return Fact(
        _("Forecast %(month)s") % {"month": month_number(forecast.month)},
        _("%(amount)s, four times in five between %(low)s and %(high)s")
        % {
            "amount": ABOUT + numbers.rough_amount(data.indicator, forecast.value),
            "low": numbers.rough_text(data.indicator, forecast.low),
            "high": numbers.rough_text(data.indicator, forecast.high),
        },
    )


def _amount(data: Trajectory, value: int | Decimal | None) -> str:
    return numbers.amount(data.indicator, value)


def trajectory_rows(data: Trajectory) -> list[Row]:
    """Month by month what the picture draws, with a dash where it draws nothing."""
    ahead = {forecast.month: forecast for forecast in data.ahead}
    reached = {point.month: point for point in data.ordered}
    return [
        _row(data, month, reached.get(month), ahead.get(month))
        for month in sorted({*ahead, *reached})
    ]


def _row(data: Trajectory, month: Month, point: Point | None, ahead: Forecast | None) -> Row:
    def text(value: int | Decimal | None) -> str:
        return numbers.text(data.indicator, value)

    def rough(value: int | Decimal | None) -> str:
        return numbers.MISSING if value is None else numbers.rough_text(data.indicator, value)

    return Row(
        month=month_number(month),
        reached=text(point and point.value),
        plan=text(point and point.plan),
        forecast=ABOUT + rough(ahead.value) if ahead else numbers.MISSING,
        low=rough(ahead and ahead.low),
        high=rough(ahead and ahead.high),
        provisional=bool(point and point.value is not None and point.provisional),
    )
