"""An indicator's page: will the target be met, and where is the gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _

from commitments.models import Decision, Indicator, Kind, Operator
from districts.models import Unit
from districts.months import Month
from reports.charts.drawing.reading import (
    Break,
    Ceiling,
    Trajectory,
)
from reports.charts.drawing.scale import (
    Span,
    span,
)
from reports.charts.multiple import Step, multiples_span, steps
from reports.engine.comparing import shared_operator
from reports.engine.figures import Figure, Status
from reports.engine.trajectories import Point, last_complete, plan_ahead
from reports.models import Judgement
from reports.outlook.forecast import (
    Forecast,
    NoForecast,
    Score,
    forecast,
    no_forecast,
    score,
)
from reports.outlook.judging import (
    Judged,
    judged,
)
from reports.ready.reading import figures_of, trajectories
from reports.wording import verdicts
from reports.wording.numbers import rough
from reports.wording.shortfalls import pace_in_people
from reports.wording.words import month_number
from steering.committee import access
from steering.committee.roles import Permission

from .definitions import definition, group_name
from .folding import BEST, FURTHEST_BEHIND, is_long
from .promise import decisions_behind
from .rows import FigureRow
from .scope import Scope
from .state import DataState, Letterhead, data_state, letterhead

MONTHS_SHOWN = 13
MONTHS_KNOWN = 36
"""How far back a forecast may look."""
MOST_MULTIPLES = 24
"""Of how many units small charts are drawn; of more, those furthest behind."""


@dataclass(frozen=True)
class Row(FigureRow):
    """One unit below, on the plan to date and through the year."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class IndicatorPage:
    """Everything the page of an indicator shows. Without figures while the unit is not in force.

    ``points`` are the months shown and, with a plan only, those ahead. ``judgements`` are those
    signed of the same year's target up to the month, the one that counts first.
    """

    scope: Scope
    indicator: Indicator
    letterhead: Letterhead
    parts: tuple[Indicator, ...] = ()
    state: DataState | None = None
    figure: Figure | None = None
    rate_figure: Figure | None = None
    points: tuple[Point, ...] = ()
    ahead: tuple[Forecast, ...] | None = None
    unforeseen: NoForecast | None = None
    score: Score | None = None
    rows: tuple[Row, ...] = ()
    all_rows: bool = False
    judgements: tuple[Judgement, ...] = ()
    may_judge: bool = False
    """Whether the reader has the right; ``has_prospects`` says whether there is a target."""
    decisions: tuple[Decision, ...] = ()

    @property
    def unit(self) -> Unit:
        return self.scope.unit

    @property
    def below(self) -> list[Figure]:
        return [row.figure for row in self.rows]

    @property
    def has_verdict(self) -> bool:
        """Whether there is a result that can be held against the plan."""
        return self.figure.achieved is not None and not self.is_partial

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the month was approved yet."""
        return self.figure.approved == 0

    @property
    def is_partial(self) -> bool:
        """Whether so many reports are missing that a verdict would mislead."""
        return verdicts.is_partial(self.figure)

    @cached_property
    def headline(self) -> str:
        said = {
            "indicator": self.indicator.name,
            "unit": self.unit.full_name,
            "month": month_number(self.scope.month),
        }
        if self.figure is None:
            return _("%(indicator)s: %(unit)s was not in force in %(month)s") % said
        if self.scope.is_future:
            return _("%(indicator)s: %(month)s is still to come") % said
        return verdicts.verdict(self.figure, last_complete(self.points))

    @cached_property
    def account(self) -> list[str]:
        return verdicts.account(self.figure, self.rate_figure)

    @cached_property
    def chart(self) -> Trajectory:
        """What the trajectory draws; its table and its description come from the same."""
        return Trajectory(
            points=self.points,
            indicator=self.indicator,
            title=verdicts.prospect(self.figure, self.points, self.ahead),
            key=f"trajectory-{self.indicator.code}",
            forecast=self.ahead,
            status=Status.NO_TARGET if self.is_partial else self.figure.status,
            ceiling=self._ceiling,
            breaks=[Break(on, _("units reorganised")) for on in self.scope.breaks],
        )

    @property
    def _ceiling(self) -> Ceiling | None:
        whole = _whole_base(self.rate_figure)
        if whole is None or self.figure.achieved is None:
            return None
        return Ceiling(whole, self.rate_figure.indicator.denominator.name)

    @property
    def no_forecast(self) -> str | None:
        """Why nothing is forecast, if so."""
        return self.unforeseen and verdicts.no_forecast(self.unforeseen)

    @property
    def prospects_year(self) -> int:
        """The year whose target is still open: in December the next one."""
        return (self.scope.month + 1).year

    @property
    def has_prospects(self) -> bool:
        """Whether that year has a target that somebody may judge."""
        if self.figure is None:
            return False
        if self.prospects_year != self.scope.month.year:
            return any(point.month > self.scope.month for point in self.points)
        return self.figure.target is not None

    @property
    def rough_score(self) -> int | Decimal:
        """What the earlier forecast said, in no more digits than its interval bears."""
        return rough(self.score.forecast).value

    @property
    def judgement(self) -> Judgement | None:
        return self.judgements[0] if self.judgements else None

    @property
    def criteria(self) -> list[Judged]:
        return judged(self.judgement)

    @property
    def group(self) -> str:
        return group_name(self.indicator)

    @property
    def definition(self) -> list[tuple[str, str]]:
        return definition(self.indicator, self.parts, self.figure)

    @property
    def needed(self) -> str | None:
        return (
            None if self.is_partial else verdicts.needed(self.figure, pace_in_people(self.figure))
        )

    # --- the units below -------------------------------------------------------------------------

    @property
    def has_rows(self) -> bool:
        """Whether any unit below has a result or a target to show."""
        return any(
            figure.achieved is not None or figure.target is not None for figure in self.below
        )

    @property
    def rows_finding(self) -> str:
        return verdicts.on_plan(self.below)

    @property
    def is_long(self) -> bool:
        """Whether only both ends of the table are shown."""
        return not self.all_rows and is_long(len(self.rows))

    @property
    def first_rows(self) -> tuple[Row, ...]:
        return self.rows[:BEST] if self.is_long else self.rows

    @property
    def between(self) -> int:
        """How many rows are left out."""
        return len(self.rows) - BEST - FURTHEST_BEHIND if self.is_long else 0

    @property
    def last_rows(self) -> tuple[Row, ...]:
        return self.rows[-FURTHEST_BEHIND:] if self.is_long else ()

    @cached_property
    def span(self) -> Span:
        """The scale the bullets share, in percent of the plan to date."""
        return span([row.on_scale for row in self.rows])

    @cached_property
    def multiples(self) -> tuple[Row, ...]:
        """The units with a small chart: all, or of many those furthest behind."""
        planned = [row for row in self.rows if row.figure.percent_of_target is not None]
        return tuple(planned[-MOST_MULTIPLES:])

    @cached_property
    def multiples_span(self) -> Span:
        return multiples_span([row.steps for row in self.multiples])

    @property
    def has_provisional(self) -> bool:
        return any(figure.provisional for figure in self.below)


def indicator_page(scope: Scope, code: str, *, all_rows: bool = False) -> IndicatorPage:
    """The page of one indicator for the scope's unit; ``all_rows`` of a long table.

    Raises Http404 for a code that is not in the catalogue of the month.
    """
    indicator = _indicator(scope, code)
    paper = letterhead(scope)
    if not scope.in_force:
        return IndicatorPage(scope=scope, indicator=indicator, letterhead=paper)
    rate = _rate_of(indicator)
    children = list(Unit.objects.children_of(scope.unit, scope.map_month))
    figures = figures_of(
        units=[scope.unit, *children],
        month=scope.month,
        indicators=[indicator, rate] if rate else [indicator],
        **scope.asked,
    )
    own, *below = [figure for figure in figures if figure.indicator == indicator]
    own_rate = next((figure for figure in figures if figure.indicator == rate), None)
    known = _known(scope, indicator)
    ahead = plan_ahead(unit=scope.unit, indicator=indicator, month=scope.month, **scope.asked)
    asked = {"flow": indicator.kind == Kind.FLOW, "ceiling": _top(indicator, own_rate)}
    until = _until(own)
    ahead = [point for point in ahead if point.month <= until]
    made = forecast(known, until, **asked)
    return IndicatorPage(
        scope=scope,
        indicator=indicator,
        letterhead=paper,
        parts=tuple(scope.ground.catalogue[part] for part in scope.ground.parts[indicator.pk]),
        state=data_state(scope),
        figure=own,
        rate_figure=own_rate,
        points=(*known[-MONTHS_SHOWN:], *ahead),
        ahead=None if made is None else tuple(made),
        unforeseen=no_forecast(known, flow=asked["flow"]),
        score=score(known, **asked),
        rows=_rows(scope, indicator, below),
        all_rows=all_rows,
        judgements=_judgements(scope, indicator),
        may_judge=_may_judge(scope),
        decisions=decisions_behind(scope, [own]),
    )


def _indicator(scope: Scope, code: str) -> Indicator:
    for indicator in scope.ground.valid_in(scope.month):
        if indicator.code == code:
            return indicator
    raise Http404(
        _("There was no indicator “%(read)s” in %(month)s.")
        % {"read": code, "month": scope.month.shown}
    )


def _rate_of(indicator: Indicator) -> Indicator | None:
    """The rate that says how much of its base a count covers."""
    rates = Indicator.objects.filter(
        numerator=indicator, denominator__frequency=Indicator.Frequency.YEARLY
    )
    return rates.select_related("denominator", "numerator").first()


def _top(indicator: Indicator, rate: Figure | None) -> int | Decimal | None:
    """What the indicator cannot exceed: its base, or 100 percent."""
    if indicator.kind == Kind.RATIO:
        return Decimal(100)
    return _whole_base(rate)


def _whole_base(rate: Figure | None) -> int | None:
    """What a count is a part of; not the base of only those that have reported."""
    return None if rate is None or rate.is_incomplete else rate.denominator


def _until(figure: Figure) -> Month:
    """How far ahead to look: to the deadline or, once that is over, to the next December."""
    if figure.deadline is not None and figure.deadline > figure.month:
        return figure.deadline
    return (figure.month + 1).last_december + 12


def _known(scope: Scope, indicator: Indicator) -> list[Point]:
    """The unit's own trajectory, as far back as a forecast may look."""
    lines = trajectories(
        units=[scope.unit],
        indicators=[indicator],
        months=_months(scope.month, MONTHS_KNOWN),
        **scope.asked_over_time,
    )
    return lines[scope.unit.pk, indicator.pk]


def _months(last: Month, count: int) -> list[Month]:
    return [Month(number) for number in range(last - count + 1, last + 1)]


def _rows(scope: Scope, indicator: Indicator, below: Sequence[Figure]) -> tuple[Row, ...]:
    """The units below, furthest above their plan first; each with its year in percent."""
    flow = indicator.kind == Kind.FLOW
    months = scope.month.year_to_date() if flow else _months(scope.month, MONTHS_SHOWN)
    lines = trajectories(
        units=[figure.unit for figure in below],
        indicators=[indicator],
        months=months,
        **scope.asked_over_time,
    )
    rows = [
        Row(
            figure,
            tuple(steps(lines[figure.unit.pk, indicator.pk], target=figure.target)),
        )
        for figure in below
    ]
    ceiling = shared_operator(below) == Operator.AT_MOST
    return tuple(sorted(rows, key=lambda row: _order(row.figure, lowest_first=ceiling)))


def _order(figure: Figure, *, lowest_first: bool) -> tuple:
    """Best first; who has no percent of the plan comes last, in code order."""
    reached = figure.percent_to_date
    if reached is None:
        return (1, Decimal(0), figure.unit.code)
    return (0, reached if lowest_first else -reached, figure.unit.code)


def _judgements(scope: Scope, indicator: Indicator) -> tuple[Judgement, ...]:
    return tuple(
        Judgement.objects.filter(
            unit=scope.unit,
            indicator=indicator,
            month__gte=(scope.month + 1).last_december,
            month__lte=scope.month,
        )
    )


def _may_judge(scope: Scope) -> bool:
    return access.may(scope.user, Permission.JUDGE_PROSPECTS, scope.unit, scope.today)
