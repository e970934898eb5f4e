"""A year of one count up to the month that is being typed, in the width of a side column.

The frame is made from the months before and from what no rule asks about, never from the number
that is typed: that one may change under the eyes of whoever types, and a script moves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.months import Month
from reports.wording.numbers import text
from reports.wording.words import month_number

from .drawing.labels import text_width
from .drawing.scale import Scale
from .drawing.series import runs
from .drawing.svg import (
    Fact,
    classes,
    group,
    path,
    picture,
    tag,
)

_WIDTH, _HEIGHT = 252, 100
_LEFT, _TOP, _BOTTOM, _FOOT = 5, 8, 74, 96
_DOT, _TEXT, _LINE = 4.5, 12.0, 14.0
_ROOM = 0.12
"""Of the span of the numbers: what is left free above and below them."""


@dataclass(frozen=True)
class Course:
    """A count of ``month`` and of the months before it, oldest first; None is blank.

    ``usual``: the least and the greatest number that no rule asks about; ``broken``: the first
    months on another map than the month before.
    """

    indicator: Indicator
    month: Month
    before: Sequence[int | None]
    now: int | None
    usual: tuple[int, int] | None = None
    broken: Sequence[Month] = ()

    @cached_property
    def known(self) -> list[tuple[Month, int]]:
        """The months before that hold a number."""
        first = self.month - len(self.before)
        return [(first + n, value) for n, value in enumerate(self.before) if value is not None]

    @cached_property
    def span(self) -> tuple[float, float]:
        """The numbers the frame holds: rather more than those that are known."""
        numbers = [value for _month, value in self.known] + list(self.usual or ())
        low, high = min(numbers), max(numbers)
        room = (high - low) * _ROOM or abs(high) * _ROOM or 1.0
        return max(0.0, low - room), high + room

    @cached_property
    def edges(self) -> list[str]:
        """What stands beside the dashes, the upper one first."""
        return [text(self.indicator, edge) for edge in reversed(self.usual or ())]

    @property
    def is_unusual(self) -> bool:
        """Whether a rule asks about the number of the month."""
        return (
            self.now is not None
            and self.usual is not None
            and not self.usual[0] <= self.now <= self.usual[1]
        )


def course(data: Course, *, key: str) -> SafeString:
    """The months before as a line, what is usual between dashes, and the month itself as a dot.

    Nothing where no month before holds a number. Beyond the frame the dot stays at its edge,
    hollow. ``data-low`` and its neighbours tell a script the frame.
    """
    if not data.known:
        return SafeString()
    low, high = data.span
    first = data.month - len(data.before)
    beside = max((text_width(edge, _TEXT) for edge in data.edges), default=0.0)
    across = Scale(first, data.month, _LEFT, _WIDTH - beside - 2 * _DOT)
    up = Scale(low, high, _BOTTOM, _TOP)
    breaks = [across.at(int(month) - 0.5) for month in data.broken]
    return picture(
        *(tag("line", x1=x, x2=x, y1=2, y2=_BOTTOM + 12, class_="break") for x in breaks),
        *_usual(data, up, across.end + _DOT),
        *_line(data, across, up),
        _now(data, across, up),
        tag("text", month_number(first), y=_FOOT, class_="axis"),
        tag("text", month_number(data.month), x=_WIDTH, y=_FOOT, text_anchor="end", class_="axis"),
        class_="course",
        label=course_title(data),
        facts=course_facts(data),
        key=key,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
    )


def course_title(data: Course) -> str:
    """What the line says in one sentence; the number being typed is not in it."""
    numbers = [value for _month, value in data.known]
    low, high = (text(data.indicator, end) for end in (min(numbers), max(numbers)))
    return _("%(name)s, the %(months)s months before: %(low)s to %(high)s") % {
        "name": data.indicator.name,
        "months": len(data.before),
        "low": low,
        "high": high,
    }


def course_facts(data: Course) -> list[Fact]:
    """Each month before with its number, and what no rule asks about."""
    facts = [Fact(month_number(month), text(data.indicator, value)) for month, value in data.known]
    if data.usual:
        facts.append(Fact(_("No reason is asked for"), usual_words(data)))
    return facts


def usual_words(data: Course) -> str:
    """``1.419 to 1.733``: the numbers that no rule asks about."""
    most, least = data.edges
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def _usual(data: Course, up: Scale, right: float) -> Iterator[SafeString]:
    """Two dashed lines, their numbers beside them and never on each other."""
    if not data.usual:
        return
    least, most = map(up.at, data.usual)
    apart = max(0.0, (_LINE - (least - most)) / 2)
    for edge, y, aside in zip(data.edges, (most, least), (-apart, apart), strict=True):
        yield tag("line", x1=_LEFT, x2=right, y1=y, y2=y, class_="usual")
        yield tag("text", edge, x=_WIDTH, y=y + 4 + aside, text_anchor="end", class_="usual-label")


def _line(data: Course, across: Scale, up: Scale) -> Iterator[SafeString]:
    for run in runs([(month, float(value)) for month, value in data.known]):
        placed = [(across.at(month), up.at(value)) for month, value in run]
        if len(placed) > 1:
            yield tag("polyline", points=path(placed), class_="reached")
        else:
            yield tag("circle", cx=placed[0][0], cy=placed[0][1], r=2.5, class_="alone")


def _now(data: Course, across: Scale, up: Scale) -> SafeString:
    """The month itself, with the frame for whoever moves it."""
    x, y = across.at(data.month), up.clipped(data.now or 0)
    month, last = data.known[-1]
    link = None
    if month == data.month - 1:
        link = tag("line", x1=across.at(month), y1=up.at(last), x2=x, y2=y, class_="link")
    least, most = data.usual or (None, None)
    return group(
        link,
        tag("circle", cx=x, cy=y, r=_DOT, class_="dot"),
        class_=classes(
            "now",
            "is-blank" if data.now is None else None,
            "is-unusual" if data.is_unusual else None,
            "is-beyond" if data.now is not None and not up.holds(data.now) else None,
        ),
        data_low=up.low,
        data_high=up.high,
        data_bottom=_BOTTOM,
        data_top=_TOP,
        data_least=least,
        data_most=most,
    )
