"""The words in a trajectory: in order of importance, each where it covers nothing."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from districts.months import Month
from reports.engine.trajectories import Point
from reports.wording import numbers
from reports.wording.words import (
    day,
    month_number,
)

from .frame import (
    Frame,
    Size,
)
from .labels import (
    Label,
    Line,
    Placer,
    around,
    stacked,
)
from .lines import Lines
from .reading import (
    ABOUT,
    Break,
    Event,
    Trajectory,
)
from .series import is_comparable

COLUMN_GAP = 14
_MOST_EVENTS = 2

_BESIDE = (15, 26, 38, 52, 70, 90)
_OPTIONAL = 7.0
"""What a label may cost at most that the table could say instead."""


@dataclass(frozen=True)
class End:
    """A number that stands at the right edge, and the word for what it is, if it has one."""

    number: str
    at: float
    word: str = ""
    class_: str = "value"

    def tall(self, size: Size) -> list[Line]:
        """For a column beside the drawing: the number, and under it what it is."""
        if not self.word:
            return [size.label(self.number)]
        return [size.value(self.number, self.class_), size.label(self.word)]

    def flat(self, size: Size) -> list[Line]:
        """For inside the drawing, where the strip of words above says what it is."""
        return [size.value(self.number, self.class_)]


def ends(data: Trajectory) -> list[End]:
    """What the last month is labelled with, most important first."""
    last = max((p.month for p in [*data.ordered, *data.ahead]), default=None)
    text, rough = numbers.text, numbers.rough_text
    found: list[End] = []

    def add(number: str, at: int | Decimal, words: str, class_: str = "value") -> None:
        found.append(End(number, float(at), f"{words} {month_number(last)}", class_))

    if data.now and data.now.month == last:
        add(text(data.indicator, data.now.value), data.now.value, _("result"))
    if data.expected:
        value = data.expected.value
        add(ABOUT + rough(data.indicator, value), value, _("forecast"))
    if data.goal and data.goal.month == last:
        add(text(data.indicator, data.goal.plan), data.goal.plan, _("plan"), "value plan-value")
    if data.expected:
        for edge in (data.expected.high, data.expected.low):
            found.append(End(f"80%: {rough(data.indicator, edge)}", float(edge)))
    return found


class Naming:
    """Puts the words of one drawing around its lines."""

    def __init__(self, frame: Frame, lines: Lines, placer: Placer):
        self.data, self.frame, self.lines, self.placer = frame.data, frame, lines, placer

    def labels(self) -> list[Label]:
        """What comes first gets the better place; what finds none is left to the table."""
        if self.frame.size.column:
            self._ends_in_column()
        self._now_and_ahead()
        for broken, x in self.frame.breaks:
            self._break(broken, x)
        self._now()
        if not self.frame.size.column:
            self._ends_inside()
        self._year_plans()
        self._start()
        self._ceiling()
        for event in self.data.events[:_MOST_EVENTS]:
            self._event(event)
        self._gap()
        return self.placer.placed

    def _text(self, value) -> str:
        return numbers.text(self.data.indicator, value)

    def _ends_in_column(self) -> None:
        frame = self.frame
        wanted = [(end.tall(frame.size), frame.up.at(end.at)) for end in ends(self.data)]
        for label in stacked(
            wanted, x=frame.right + COLUMN_GAP - 4, top=frame.top - 16, bottom=frame.bottom + 4
        ):
            self.placer.put(label)

    def _ends_inside(self) -> None:
        """Above what ends highest, below the others, near to where they end."""
        frame = self.frame
        named = sorted((end for end in ends(self.data) if end.word), key=lambda end: -end.at)
        for place, end in enumerate(named):
            y = frame.up.at(end.at)
            for sign in (1, -1) if place else (-1, 1):
                spots = [(frame.right + 4, y + sign * gap, "end") for gap in _BESIDE]
                if self.placer.place(end.flat(frame.size), spots, leads_to=(frame.right - 6, y)):
                    break

    def _strip(self, row: int) -> float:
        """The middle of a row of words above the drawing: now in the first, breaks below."""
        return (row - 0.5) * self.frame.size.strip + 1

    def _now_and_ahead(self) -> None:
        x = self.frame.now_line
        if x is not None:
            right = _("Forecast →") if self.data.forecast else _("Plan →")
            self.placer.place([self.frame.size.label(right)], [(x + 6, self._strip(1), "start")])
            self.placer.place(
                [self.frame.size.label(_("Result"))], [(x - 6, self._strip(1), "end")]
            )

    def _break(self, broken: Break, x: float) -> None:
        spots = [(x - 5, self._strip(2), "end"), (x + 5, self._strip(2), "start")]
        full = [self.frame.size.label(f"{day(broken.day)} {broken.words}")]
        if not self.placer.place(full, spots):
            self.placer.place([self.frame.size.label(day(broken.day))], spots)

    def _now(self) -> None:
        now = self.data.now
        if not now or now.month == self.frame.months[-1]:
            return
        x, y = place = self.lines.at(now)
        words = [self.frame.size.value(self._text(now.value))]
        beside = [
            (x + dx, y + dy, anchor)
            for dy in (-16, -26, 18, 28, -40, 42)
            for dx, anchor in ((-8, "end"), (8, "start"))
        ]
        self.placer.place(words, [*beside, *around(place, gap=12)], leads_to=place)

    def _year_plans(self) -> None:
        """The plans of years that end inside the drawing, latest first."""
        for point in reversed(self.lines.year_ends):
            if point.month == self.frame.months[-1]:
                continue
            x, y = place = self.frame.at(point.month, float(point.plan))
            words = _("Plan %(year)d: %(amount)s") % {
                "year": point.month.year,
                "amount": self._text(point.plan),
            }
            beside = [(x - 8, y + 16, "end"), (x + 8, y + 16, "start"), (x + 12, y, "start")]
            self.placer.place(
                [self.frame.size.label(words)],
                [*beside, *around(place, gap=8, upward=False)],
                leads_to=place,
                most=_OPTIONAL,
            )

    def _start(self) -> None:
        """Where the line begins; of what begins anew each January, where each year ended."""
        drawn = self.lines.drawn
        named = [point for point in drawn if point.month.month == 12] if self.data.flow else []
        for point in named or drawn[:1]:
            if point is self.data.now or len(drawn) < 2:
                continue
            x, y = place = self.lines.at(point)
            words = f"{self._text(point.value)} ({month_number(point.month)})"
            beside = [(x + 10, y + drop, "start") for drop in (0, -14, 14)]
            places = [*beside, *around(place, gap=8)]
            self.placer.place(
                [self.frame.size.label(words)], places, leads_to=place, most=_OPTIONAL
            )

    def _ceiling(self) -> None:
        ceiling, frame = self.data.ceiling, self.frame
        if not ceiling or not frame.up.holds(ceiling.value):
            return
        y = frame.up.at(ceiling.value)
        words = f"{ceiling.words}: {self._text(ceiling.value)}"
        sides = ((frame.left + 4, "start"), (frame.right - 4, "end"))
        spots = [(x, y + drop, anchor) for drop in (-9, 10) for x, anchor in sides]
        self.placer.place([self.frame.size.label(words)], spots, most=_OPTIONAL)

    def _event(self, event: Event) -> None:
        found = [point for point in self.lines.drawn if point.month == event.month]
        if found:
            place = self.lines.at(found[0])
            places = around(place, gap=10, upward=self._is_rising(found[0]))
            lines = [self.frame.size.label(event.words)]
            self.placer.place(lines, places, leads_to=place, most=_OPTIONAL)

    def _is_rising(self, point: Point) -> bool:
        earlier = [other.value for other in self.lines.drawn if other.month < point.month]
        return not earlier or point.value >= earlier[-1]

    def _gap(self) -> None:
        """Months with too few reports to be drawn are named instead."""
        missing = [
            point.month
            for point in self.data.ordered
            if point.value is not None and not is_comparable(point)
        ]
        if not missing:
            return
        frame, x = self.frame, self.frame.across.at(missing[0]) - 6
        lines = [self.frame.size.label(text) for text in (_span(missing), _("not all reported"))]
        sides = [(frame.right - 4, "end")]
        if x + max(line.width for line in lines) < frame.right:
            sides.insert(0, (x, "start"))
        heights = (frame.bottom - 20, frame.top + 20, frame.bottom - 60)
        self.placer.place(lines, [(x, y, anchor) for y in heights for x, anchor in sides])


def _span(months: list[Month]) -> str:
    """10–12/2025"""
    first, last = months[0], months[-1]
    if first == last:
        return month_number(first)
    if first.year == last.year:
        return f"{first.month:02d}–{month_number(last)}"
    return f"{month_number(first)}–{month_number(last)}"


def column(data: Trajectory, size: Size) -> float:
    """How wide the words at the right edge are."""
    widths = [line.width for end in ends(data) for line in end.tall(size)]
    return max(widths) + COLUMN_GAP if widths else 0.0
