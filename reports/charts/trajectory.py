"""Where an indicator came from, where its plan goes, and where it is likely to end.

Actual solid, plan dashed with a heavy tick at each year's end, forecast dotted in a striped band,
a vertical line now and one where the map changed. Words stand beside what they name. Drawn in
sizes of which the page's style sheet shows the one that fits, so that no text shrinks.
"""

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .drawing.frame import (
    SIZES,
    Frame,
    Size,
    domain,
)
from .drawing.labels import (
    Box,
    Place,
    Placer,
)
from .drawing.lines import Lines
from .drawing.naming import (
    Naming,
    column,
)
from .drawing.reading import (
    Trajectory,
    trajectory_facts,
)
from .drawing.svg import (
    marker,
    path,
    picture,
    safe_id,
    tag,
)

_DOT = 5.0
_MARGIN = 8.0


def trajectory(data: Trajectory, size: str = "wide") -> SafeString:
    """One drawing: "wide" 860 x 384, "medium" 600 x 352, "small" 340 x 300 pixels."""
    chosen = SIZES[size]
    span = domain(data)
    marks = _empty(chosen) if span is None else _Drawing(data, chosen, *span).marks()
    return picture(
        *marks,
        class_=f"trajectory trajectory-{size}",
        label=data.title,
        facts=trajectory_facts(data),
        key=f"{data.key}-{size}",
        width=chosen.width,
        height=chosen.height,
        viewBox=f"0 0 {chosen.width} {chosen.height}",
    )


def trajectory_set(data: Trajectory) -> SafeString:
    """Every size, in one box whose style sheet shows the one that fits and hides the others."""
    return tag("div", *(trajectory(data, size) for size in SIZES), class_="trajectory-set")


def trajectory_note(data: Trajectory) -> str:
    """What to know to read the picture, for its subtitle."""
    span = domain(data)
    said = []
    if span and span[0] > 0:
        said.append(_("The axis does not begin at zero."))
    if data.forecast:
        said.append(_("Striped: where the result will lie four times in five."))
    return " ".join(said)


def _empty(size: Size) -> list[SafeString]:
    """An axis and a sentence: nothing was lost, there is nothing yet."""
    middle, bottom = size.width / 2, size.height - 34
    words = _("No figures for these months yet")
    return [
        tag("line", x1=16, x2=size.width - 16, y1=bottom, y2=bottom, class_="base"),
        tag("text", words, x=middle, y=size.height / 2, text_anchor="middle", class_="label"),
    ]


class _Drawing:
    """The marks of one trajectory in one size, from back to front."""

    def __init__(self, data: Trajectory, size: Size, low: float, high: float):
        margin = column(data, size) if size.column else 0.0
        self.data, self.size = data, size
        self.frame = Frame(data, size, low, high, right_margin=max(_MARGIN, margin))
        self.lines = Lines(self.frame)
        self.hatch = f"{safe_id(data.key)}-{size.name}-hatch"

    def marks(self) -> list[SafeString]:
        return [
            self._pattern(),
            *self._grounds(),
            *self._axes(),
            *self._bands(),
            *self._verticals(),
            *_polylines(self.lines.plans, "plan"),
            *_polylines(self.lines.ahead, "ahead"),
            *_polylines(self.lines.unsure, "reached unsure"),
            *_polylines(self.lines.reached, "reached"),
            *self._plan_ends(),
            *self._dots(),
            *(label.drawn() for label in Naming(self.frame, self.lines, self._placer()).labels()),
        ]

    def _placer(self) -> Placer:
        """Around the lines, the dot of now and the unit of the axis."""
        frame = self.frame
        # Rather over where the map changed than over where we are.
        verticals = [x for _broken, x in frame.breaks] + [frame.now_line] * 2 * frame.is_ahead
        curves = [*self.lines.every, *([(x, 0), (x, frame.bottom)] for x in verticals)]
        placer = Placer(frame.area, curves)
        if self.data.now:
            x, y = self.lines.at(self.data.now)
            placer.blocked.append(Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT))
        if frame.words[1]:
            placer.blocked.append(Box(0, 0, frame.size.axis(frame.words[1]).width, 17))
        return placer

    def _pattern(self) -> SafeString:
        pattern = tag(
            "pattern",
            tag("rect", width=7, height=7, class_="hatch-ground"),
            tag("path", d="M0 0v7", class_="hatch-stripe"),
            id=self.hatch,
            width=7,
            height=7,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        return tag("defs", pattern) if self.data.forecast else SafeString()

    def _grounds(self) -> Iterator[SafeString]:
        """What lies ahead, on its own ground."""
        frame = self.frame
        if frame.is_ahead:
            top, x = frame.top - 8, frame.now_line
            size = {"width": frame.right - x, "height": frame.bottom - top}
            yield tag("rect", x=x, y=top, **size, class_="future")

    def _axes(self) -> Iterator[SafeString]:
        frame = self.frame
        words, unit = frame.words
        for number, word in zip(frame.numbers, words, strict=True):
            y = frame.up.at(number)
            yield tag("line", x1=frame.left, x2=frame.right, y1=y, y2=y, class_="grid")
            yield _axis_text(word, frame.left - 8, y + 4.2, "end")
        if unit:
            yield _axis_text(unit, 0, self.size.axis_text + 1, "start")
        bottom = frame.bottom
        yield tag("line", x1=frame.left, x2=frame.right, y1=bottom, y2=bottom, class_="base")
        for month in frame.month_ticks:
            x = frame.across.at(month)
            yield tag("line", x1=x, x2=x, y1=bottom, y2=bottom + 5, class_="base")
            words = f"{month.month}/{month.year % 100:02d}"
            if x + self.size.axis(words).width / 2 > self.size.width:
                yield _axis_text(words, self.size.width - 1, bottom + 19, "end")
            else:
                yield _axis_text(words, x, bottom + 19, "middle")
        if self.data.ceiling and frame.up.holds(self.data.ceiling.value):
            y = frame.up.at(self.data.ceiling.value)
            yield tag("line", x1=frame.left, x2=frame.right, y1=y, y2=y, class_="ceiling")

    def _bands(self) -> Iterator[SafeString]:
        for edge in self.lines.bands:
            fill = f"url(#{self.hatch})"
            yield tag("polygon", points=path(edge), fill=fill, class_="band")

    def _verticals(self) -> Iterator[SafeString]:
        frame = self.frame
        if frame.is_ahead:
            x = frame.now_line
            yield tag("line", x1=x, x2=x, y1=0, y2=frame.bottom, class_="now")
        for _broken, x in frame.breaks:
            yield tag("line", x1=x, x2=x, y1=self.size.strip, y2=frame.bottom, class_="break")

    def _plan_ends(self) -> Iterator[SafeString]:
        for point in self.lines.year_ends:
            x, y = self.frame.at(point.month, float(point.plan))
            yield tag("line", x1=x - 10, x2=x + 6, y1=y, y2=y, class_="plan-end")

    def _dots(self) -> Iterator[SafeString]:
        """Where the line begins, where a month stands alone or is provisional, and now."""
        months = {point.month for point in self.lines.drawn}
        for point in self.lines.drawn:
            x, y = self.lines.at(point)
            alone = not {point.month - 1, point.month + 1} & months
            if point is self.data.now:
                yield marker(self.data.status, x, y, _DOT, hollow=point.provisional)
            elif point is self.lines.drawn[0] or alone or point.provisional:
                class_ = "start is-provisional" if point.provisional else "start"
                yield tag("circle", cx=x, cy=y, r=4, class_=class_)


def _polylines(lines: Sequence[Sequence[Place]], class_: str) -> Iterator[SafeString]:
    for line in lines:
        if len(line) > 1:
            yield tag("polyline", points=path(line), class_=class_)


def _axis_text(words: str, x: float, y: float, anchor: str) -> SafeString:
    anchor = None if anchor == "start" else anchor
    return tag("text", words, x=x, y=y, text_anchor=anchor, class_="axis")
