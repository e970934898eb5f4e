"""The plan of one target month by month: as it is, straight, and by last year's shape. A read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from commitments.actions.targets.planning import closed_months_of
from commitments.decisions.paths import Path, months_between, path_by_shape, start_of
from commitments.models import Indicator, Target
from districts.models import Unit
from districts.months import Month
from reports.engine import rules
from reports.engine.ground import Ground
from reports.engine.matching import is_flow
from reports.engine.trajectories import Point, trajectory
from steering.accounts.models import User
from steering.promises.decisions.register import may_keep

Shown = int | Decimal | None


@dataclass(frozen=True)
class Row:
    """One month: what was reached a year before, and what each way asks for."""

    month: Month
    last_year: Shown
    straight: Shown
    shaped: Shown
    now: Shown
    is_closed: bool


@dataclass(frozen=True)
class PathPage:
    """One target and the ways that lead to it. Values are as people read them."""

    target: Target
    reader: User
    today: date

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @cached_property
    def may_keep(self) -> bool:
        decision = self.target.decision
        return decision.withdrawn_on is None and may_keep(self.reader, decision, self.today)

    @cached_property
    def unit(self) -> Unit:
        """The unit as it was called when the target took effect."""
        month = Month.containing(self.target.decision.effective_on)
        return Unit.objects.called_in(month).get(pk=self.target.unit_id)

    @property
    def start(self) -> Month:
        return start_of(self.target.decision.year, self.target.decision.effective_on)

    @cached_property
    def months(self) -> list[Month]:
        """The months whose plan may be said."""
        return months_between(self.start, self.target.deadline)

    @cached_property
    def path(self) -> Path:
        return self.target.path_points

    @cached_property
    def baseline(self) -> int | None:
        """Where the line starts, scaled: the result, or what was asked for before; None unknown."""
        if self._begins_the_year and self._is_flow:
            return 0
        point = self._points.get(self.start)
        found = point and (point.value if self._begins_the_year else point.plan)
        return None if found is None else self._scaled(found)

    @cached_property
    def by_shape(self) -> list[tuple[Month, int]]:
        """The path in last year's shares; empty where nobody knows them."""
        if self.baseline is None:
            return []
        return path_by_shape(
            start=self.start,
            deadline=self.target.deadline,
            baseline=self.baseline,
            target=self.target.value,
            operator=self.target.operator,
            last_year=self._last_year,
        )

    @cached_property
    def rows(self) -> list[Row]:
        shaped = dict(self.by_shape)
        closed = closed_months_of(self.target.decision, self.months)
        return [
            Row(
                month=month,
                last_year=self._unscaled(self._last_year.get(month - 12)),
                straight=self._asked(month, ()),
                shaped=self._asked(month, self.by_shape) if shaped else None,
                now=self._asked(month, self.path),
                is_closed=month in closed,
            )
            for month in self.months
        ]

    @property
    def has_closed_months(self) -> bool:
        return any(row.is_closed for row in self.rows)

    # --- what it is made of ------------------------------------------------------------------

    @property
    def _begins_the_year(self) -> bool:
        return self.start == Month.of(self.target.decision.year, 1) - 1

    @cached_property
    def _ground(self) -> Ground:
        return Ground()

    @cached_property
    def _is_flow(self) -> bool:
        return is_flow(self.indicator.pk, self._ground)

    @cached_property
    def _points(self) -> dict[Month, Point]:
        """Last year's course and where the line starts, on the map the target was assigned on."""
        first = min(self.start, self.target.deadline) - 12
        points = trajectory(
            unit=self.unit,
            indicator=self.indicator,
            months=[Month(number) for number in range(first, self.start + 1)],
            on_map=self.target.decision.effective_on,
            authority=self.target.decision.authority,
            ground=self._ground,
        )
        return {point.month: point for point in points}

    @cached_property
    def _last_year(self) -> dict[Month, Fraction]:
        """Scaled results from a year before the start to a year before the deadline, if whole."""
        known = {
            month: Fraction(self._scaled(point.value))
            for month, point in self._points.items()
            if point.is_complete and month <= self.target.deadline - 12
        }
        if self._is_flow and self._begins_the_year:
            known[self.start - 12] = Fraction(0)
        return known

    def _asked(self, month: Month, path: Path) -> Shown:
        """What a way asks for by a month, as every report would judge it."""
        scale, target = self.indicator.scale, self.target
        line = rules.plan_to_date(
            month=month,
            start=self.start,
            baseline=None if self.baseline is None else Fraction(self.baseline),
            deadline=target.deadline,
            target=Fraction(target.value),
            path=[(point, Fraction(value)) for point, value in path],
        )
        if line is None:
            return None
        judged = rules.capped(line, Fraction(target.value), target.operator)
        if self.indicator.decimals:
            return rules.half_up(judged / scale, self.indicator.decimals)
        return int(rules.whole_plan(judged, target.operator))

    def _scaled(self, value: int | Decimal) -> int:
        return int(rules.half_up(Fraction(value) * self.indicator.scale, 0))

    def _unscaled(self, value: Fraction | None) -> Shown:
        if value is None:
            return None
        decimals = self.indicator.decimals
        return Decimal(int(value)).scaleb(-decimals) if decimals else int(value)
