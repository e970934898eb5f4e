"""A year in the space of a word: the line, the plan it should follow, and where it stands now."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from reports.engine.rules import Status
from reports.engine.trajectories import Point

from .drawing.scale import Scale
from .drawing.series import (
    in_order,
    is_comparable,
    last_drawn,
    runs,
)
from .drawing.svg import (
    Fact,
    marker,
    path,
    picture,
    tag,
)

_PAD_X, _PAD_Y, _DOT = 4.0, 4.0, 3.0


def sparkline(
    points: Sequence[Point],
    *,
    status: Status = Status.NO_TARGET,
    flow: bool = False,
    width: int = 84,
    height: int = 24,
    label: str | None = None,
    facts: Sequence[Fact] = (),
    key: str = "",
) -> SafeString:
    """The months of ``points``: plan dashed, value solid, the end in the look of ``status``.

    Months that are not complete enough to compare are left out; a provisional end is hollow.
    ``flow``: the values begin anew each January. Without data a dotted line says so.
    """
    ordered = in_order(points)
    values = [(point.month, float(point.value)) for point in ordered if is_comparable(point)]
    plans = [(point.month, float(point.plan)) for point in ordered if point.plan is not None]
    size = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    named = {"label": label, "facts": facts, "key": key}
    if not values:
        blank = tag("line", x1=_PAD_X, x2=width - _PAD_X, y1=height / 2, y2=height / 2)
        return picture(blank, class_="sparkline is-empty", **size, **named)
    numbers = [number for _month, number in (*values, *plans)]
    middle = (min(numbers), max(numbers))
    if middle[0] == middle[1]:
        middle = (middle[0] - 1, middle[1] + 1)
    first, last = int(ordered[0].month), int(ordered[-1].month)
    across = Scale(first, max(last, first + 1), _PAD_X, width - _PAD_X)
    up = Scale(*middle, height - _PAD_Y, _PAD_Y)

    def lines(series, class_):
        for run in runs(series, by_year=flow or class_ == "plan"):
            if len(run) > 1:
                placed = path([(across.at(month), up.at(value)) for month, value in run])
                yield tag("polyline", points=placed, class_=class_)

    end = last_drawn(ordered)
    dot = marker(
        status, across.at(end.month), up.at(float(end.value)), _DOT, hollow=end.provisional
    )
    return picture(
        *lines(plans, "plan"),
        *lines(values, "reached"),
        dot,
        class_="sparkline",
        **size,
        **named,
    )
