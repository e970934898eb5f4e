"""A unit's page: where it stands on everything it signed, and which units below it drag."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext as _

from commitments.models import (
    CommitmentLine,
    Indicator,
    Kind,
    Target,
    Task,
)
from districts.models import Tier, Unit
from districts.months import Month
from reports.charts.drawing.scale import (
    Span,
    span,
)
from reports.engine.figures import Figure
from reports.engine.trajectories import Point, last_complete
from reports.outlook.pace import Pace
from reports.ready.reading import figures_of, trajectories
from reports.wording import verdicts
from reports.wording.shortfalls import (
    Shortfall,
    pace_in_people,
    shortfalls,
)
from reports.wording.words import month_number
from steering.committee import access
from steering.committee.roles import Permission

from .lineage import Strip, strip_of
from .promise import Promise, commitment_of, decisions_behind
from .rows import FigureRow
from .scope import Scope, provinces_above
from .state import DataState, Letterhead, data_state, letterhead

MONTHS_OF_SPARKLINE = 13
TASKS_SHOWN = 10
MOST_DRAGGING = 10
"""How many units the list of who drags shows before "all"."""


@dataclass(frozen=True)
class Row(FigureRow):
    """One indicator: what was reached, assigned and, if the head signed for it, committed."""

    points: tuple[Point, ...]
    committed: int | Decimal | None

    @property
    def whole(self) -> Point | None:
        """The last complete month, while numbers of this one are missing."""
        return last_complete(self.points) if self.is_partial else None

    @property
    def differs(self) -> bool:
        """Whether the head signed for another number than is assigned now."""
        return self.committed is not None and self.committed != self.figure.target


@dataclass(frozen=True)
class Drags:
    """Who below the unit is short of one indicator's plan to date, and what closes the gap.

    ``own`` is the unit's own figure, ranked among its siblings; ``below`` all figures of its
    children.
    """

    own: Figure
    below: tuple[Figure, ...]
    short: tuple[Shortfall, ...]

    @property
    def indicator(self) -> Indicator:
        return self.own.indicator

    @property
    def finding(self) -> str:
        return verdicts.drag(self.short, self.below)

    @property
    def first(self) -> tuple[Shortfall, ...]:
        return self.short[:MOST_DRAGGING]

    @property
    def rest(self) -> tuple[Shortfall, ...]:
        return self.short[MOST_DRAGGING:]

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.short)

    @property
    def silent(self) -> list[Unit]:
        """Children whose reports are not all approved."""
        return [figure.unit for figure in self.below if figure.is_incomplete]

    @property
    def has_plans(self) -> bool:
        return any(figure.plan_to_date is not None for figure in self.below)

    @property
    def is_partial(self) -> bool:
        return verdicts.is_partial(self.own)

    @property
    def rank(self) -> str | None:
        return verdicts.ranked(self.own)

    @property
    def counted(self) -> Indicator:
        """What is missing: the indicator, or what a rate counts above the line."""
        return self.indicator.numerator or self.indicator

    @property
    def pace(self) -> Pace | None:
        """What still meets the target, in people."""
        return pace_in_people(self.own)

    @property
    def needed(self) -> str | None:
        return verdicts.needed(self.own, self.pace)


@dataclass(frozen=True)
class UnitPage:
    """Everything the page of a unit shows. Without figures while the unit is not in force."""

    scope: Scope
    parent: Unit | None
    strip: Strip
    letterhead: Letterhead
    may_open_parent: bool
    state: DataState | None = None
    promise: Promise | None = None
    rows: tuple[Row, ...] = ()
    drags: Drags | None = None

    @property
    def unit(self) -> Unit:
        return self.scope.unit

    @cached_property
    def tasks(self) -> list[Task]:
        """The open tasks of the unit, the soonest due first."""
        return list(Task.objects.of(self.unit).open()[:TASKS_SHOWN])

    @cached_property
    def overdue(self) -> list[Task]:
        return [task for task in self.tasks if task.is_overdue(self.scope.today)]

    @property
    def figures(self) -> list[Figure]:
        return [row.figure for row in self.rows]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the month was approved yet."""
        return all(figure.approved == 0 for figure in self.figures)

    @property
    def is_partial(self) -> bool:
        """Whether so many reports are missing that no comparison with the plan is shown."""
        return not self.is_empty and any(row.is_partial for row in self.rows)

    @property
    def has_provisional(self) -> bool:
        return any(figure.provisional for figure in self.figures)

    @cached_property
    def span(self) -> Span:
        """The scale the bullets share, in percent of the plan to date."""
        return span([row.on_scale for row in self.rows])

    @cached_property
    def headline(self) -> str:
        if not self.scope.in_force:
            return _not_in_force(self)
        if self.scope.is_future:
            return _("%(unit)s: %(month)s is still to come") % {
                "unit": self.unit.full_name,
                "month": month_number(self.scope.month),
            }
        signed = self.promise is not None and self.promise.commitment is not None
        return verdicts.unit_verdict(self.unit.full_name, self._judged, signed=signed)

    @property
    def lines(self) -> list[str]:
        """What stands under the headline: the chosen indicator's result, and the rank."""
        if self.drags is None or self.scope.is_future:
            return []
        own = self.drags.own
        first, *rest = verdicts.account(own) or [""]
        return [f"{own.indicator.name}: {first}", *rest] if first else []

    @property
    def signed_count(self) -> int:
        return sum(row.committed is not None for row in self.rows)

    @property
    def is_yet_to_come(self) -> bool:
        """Whether the unit began after the month of the map."""
        return self.unit.since > self.scope.map_month

    @property
    def own_month(self) -> Month:
        """The month nearest to the one asked for in which the unit was in force."""
        return Month(self.unit.since if self.is_yet_to_come else self.unit.until - 1)

    @property
    def _judged(self) -> list[Figure]:
        """The figures the headline counts: those signed for, or without a signature all."""
        signed = [row.figure for row in self.rows if row.committed is not None]
        return signed or self.figures

    @property
    def below_word(self) -> str:
        """What stands directly below the unit, as the heading of a column."""
        first = self.drags.below[0].unit.tier if self.drags and self.drags.below else None
        return _("District") if first == Tier.DISTRICT else _("Commune")


def unit_page(scope: Scope, *, code: str | None = None) -> UnitPage:
    """The page of the scope's unit; ``code`` is the indicator whose laggards are listed.

    Raises Http404 for an indicator that is not on the page.
    """
    parent = _parent(scope)
    frame = {
        "scope": scope,
        "parent": parent,
        "strip": strip_of(scope),
        "letterhead": letterhead(scope),
        "may_open_parent": _may_open(scope, parent),
    }
    if not scope.in_force:
        return UnitPage(**frame)
    commitment = commitment_of(scope)
    lines = {line.indicator_id: line for line in commitment.lines.all()} if commitment else {}
    rows = _rows(scope, _indicators(scope, lines), lines)
    decisions = decisions_behind(scope, [row.figure for row in rows])
    return UnitPage(
        **frame,
        state=data_state(scope),
        promise=Promise(scope.month.year, commitment, decisions),
        rows=rows,
        drags=_drags(scope, rows, parent, code) if rows else None,
    )


def _not_in_force(page: UnitPage) -> str:
    said = {
        "unit": page.unit.full_name,
        "month": month_number(page.scope.map_month),
    }
    if page.is_yet_to_come:
        return _("%(unit)s did not exist yet in %(month)s") % said
    return _("%(unit)s did not exist any more in %(month)s") % said


def _parent(scope: Scope) -> Unit | None:
    """The unit directly above: on the map shown or, after the end, where it last stood."""
    unit = scope.unit
    month = min(max(scope.map_month, unit.since), unit.until - 1)
    link = unit.ancestries.in_month(month).filter(depth=1).select_related("ancestor").first()
    return link.ancestor if link else None


def _may_open(scope: Scope, parent: Unit | None) -> bool:
    return parent is not None and access.may(
        scope.user, Permission.SEE_FIGURES, parent, scope.today
    )


# --- what was reached ----------------------------------------------------------------------------


def _indicators(scope: Scope, committed: Collection[int]) -> list[Indicator]:
    """The main indicators, what was signed for, and whatever the province has targets for."""
    assigned = Target.objects.filter(
        decision__unit__in=provinces_above(scope.unit),
        decision__year=scope.month.year,
        decision__authority=scope.authority,
    )
    concerned = {*committed, *assigned.values_list("indicator", flat=True).order_by().distinct()}
    catalogue = scope.ground.valid_in(scope.month)
    return [one for one in catalogue if one.main or one.pk in concerned]


def _rows(
    scope: Scope, indicators: Sequence[Indicator], committed: Mapping[int, CommitmentLine]
) -> tuple[Row, ...]:
    """One row for each indicator the unit has to do with, in catalogue order."""
    figures = figures_of(
        units=[scope.unit], month=scope.month, indicators=indicators, **scope.asked
    )
    kept = [figure for figure in figures if _concerns(figure) or figure.indicator.pk in committed]
    lines = trajectories(
        units=[scope.unit],
        indicators=[figure.indicator for figure in kept],
        months=[Month(n) for n in range(scope.month - MONTHS_OF_SPARKLINE + 1, scope.month + 1)],
        **scope.asked_over_time,
    )
    return tuple(
        Row(
            figure=figure,
            points=tuple(lines[scope.unit.pk, figure.indicator.pk]),
            committed=_committed(figure, committed.get(figure.indicator.pk)),
        )
        for figure in kept
    )


def _concerns(figure: Figure) -> bool:
    """Whether the unit has a number, a target, or reports to send of an indicator."""
    return figure.achieved is not None or figure.target is not None or figure.expected > 0


def _committed(figure: Figure, line: CommitmentLine | None) -> int | Decimal | None:
    """What was signed for, unscaled as the figures are."""
    if line is None:
        return None
    if figure.indicator.kind != Kind.RATIO:
        return line.value
    return Decimal(line.value).scaleb(-figure.indicator.decimals)


# --- who drags -----------------------------------------------------------------------------------


def _drags(scope: Scope, rows: Sequence[Row], parent: Unit | None, code: str | None) -> Drags:
    """The unit, its children and its siblings in one reading of one indicator."""
    indicator = _chosen(rows, code)
    children = list(Unit.objects.children_of(scope.unit, scope.map_month))
    siblings = list(Unit.objects.children_of(parent, scope.map_month)) if parent else [scope.unit]
    others = [unit for unit in siblings if unit != scope.unit]
    figures = figures_of(
        units=[scope.unit, *children, *others],
        month=scope.month,
        indicators=[indicator],
        **scope.asked,
    )
    below = tuple(figures[1 : 1 + len(children)])
    return Drags(
        own=figures[0],
        below=below,
        short=tuple(shortfalls(below)),
    )


def _chosen(rows: Sequence[Row], code: str | None) -> Indicator:
    """The indicator asked for, or the first of the page's with a target."""
    for row in rows:
        if row.indicator.code == code:
            return row.indicator
    if code is not None:
        raise Http404(_("“%(read)s” is no indicator of this page.") % {"read": code})
    planned = [row for row in rows if row.figure.target is not None]
    return (planned or rows)[0].indicator
