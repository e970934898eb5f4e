"""Many small lines on one scale, so that units of any size can be compared at a glance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from districts.months import Month
from reports.engine.rules import (
    Status,
    percent_of,
)
from reports.engine.trajectories import Point
from reports.wording.words import (
    month_number,
    needs_two_decimals,
    number,
)
from reports.wording.words import percent as percent_words

from .drawing.scale import (
    Scale,
    Span,
    span,
)
from .drawing.series import (
    in_order,
    is_comparable,
    runs,
)
from .drawing.svg import (
    Fact,
    marker,
    path,
    picture,
    status_class,
    tag,
)

_WIDTH, _HEIGHT = 148, 72
_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 90, 9, 63
_TEXT_X, _TEXT_DROP = 97, 4.8


@dataclass(frozen=True)
class Step:
    """One month in percent of the year's target; None where blank or not yet comparable."""

    month: Month
    reached: Decimal | None
    plan: Decimal | None
    provisional: bool


def steps(points: Sequence[Point], *, target: int | Decimal | None) -> list[Step]:
    """The months of ``points`` in percent of ``target``, rounded as the figures are."""
    return [
        Step(
            point.month,
            _percent(point.value, target) if is_comparable(point) else None,
            _percent(point.plan, target),
            point.provisional,
        )
        for point in in_order(points)
    ]


def _percent(value: int | Decimal | None, target: int | Decimal | None) -> Decimal | None:
    return percent_of(_exact(value), _exact(target))


def _exact(number: int | Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def multiples_span(series: Iterable[Sequence[Step]]) -> Span:
    """The scale all lines share."""
    every = [step for one in series for step in one]
    return span([number for step in every for number in (step.reached, step.plan)])


def multiple(
    series: Sequence[Step],
    *,
    span: Span,
    status: Status,
    label: str | None = None,
    key: str = "",
) -> SafeString:
    """One unit: its line in the colour of ``status``, plan dashed, 100 % solid, last value said.

    Drawn 148 px wide; a page may let it grow. The last value leaves its % to the heading, and what
    lies beyond the scale runs along its edge.
    """
    months = [int(step.month) for step in series] or [0]
    across = Scale(min(months), max(max(months), min(months) + 1), _LEFT, _RIGHT)
    up = Scale(span.low, span.high, _BOTTOM, _TOP)
    reached = [(step.month, float(step.reached)) for step in series if step.reached is not None]
    plans = [(step.month, float(step.plan)) for step in series if step.plan is not None]
    full = up.at(100)
    marks = [tag("line", x1=0, x2=_RIGHT + 4, y1=full, y2=full, class_="full")]

    def lines(values, class_):
        for run in runs(values):
            if len(run) > 1:
                placed = path([(across.at(month), up.clipped(value)) for month, value in run])
                yield tag("polyline", points=placed, class_=class_)

    marks += [*lines(plans, "plan"), *lines(reached, "line")]
    last = _last(series)
    if last is None:
        marks.append(tag("text", "–", x=_TEXT_X, y=full + _TEXT_DROP, class_="none"))
    else:
        x, y = across.at(last.month), up.clipped(float(last.reached))
        marks.append(marker(status, x, y, 3.6, hollow=last.provisional))
        y = min(_HEIGHT - 4.0, max(12.0, y + _TEXT_DROP))
        marks.append(tag("text", _bare(last.reached), x=_TEXT_X, y=y, class_="value"))
    return picture(
        *marks,
        class_=f"multiple {status_class(status)}",
        label=label,
        facts=multiple_facts(series),
        key=key,
        width=_WIDTH,
        height=_HEIGHT,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
    )


def _bare(reached: Decimal) -> str:
    return number(reached, 2 if needs_two_decimals(reached) else 1)


def _last(series: Sequence[Step]) -> Step | None:
    known = [step for step in series if step.reached is not None]
    return max(known, key=lambda step: step.month) if known else None


def multiple_facts(series: Sequence[Step]) -> list[Fact]:
    """Where the line begins and where it ends, in words."""
    known = [step for step in series if step.reached is not None]
    ends = [known[0], known[-1]] if len(known) > 1 else known
    return [
        Fact(
            _("Percent of the year's target in %(month)s") % {"month": month_number(step.month)},
            percent_words(step.reached),
        )
        for step in ends
    ]
