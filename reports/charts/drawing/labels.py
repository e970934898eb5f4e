"""Words beside the thing they name, never over each other.

A label has places it would like, best first. The placer takes the first place that is free of
other labels and lies inside the chart, and among free ones prefers those that cover no line. A
label without any free place is left out: the description and the table still say it.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from django.utils.safestring import SafeString

from .svg import (
    group,
    tag,
)

Place = tuple[float, float]

_APART = 22
"""How far a label may stand from what it names before a thin line joins them."""


@dataclass(frozen=True)
class Line:
    """One line of a label: its words, its class and what that class makes of it in pixels."""

    text: str
    class_: str
    size: float = 12.5
    bold: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.bold)

    @property
    def height(self) -> float:
        return self.size * 1.32


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box", gap: float = 2.0) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, point: Place, gap: float = 2.0) -> bool:
        x, y = point
        return self.left - gap <= x <= self.right + gap and self.top - gap <= y <= self.bottom + gap

    def inside(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Label:
    """Lines set under each other from ``top``, to the anchor's side of ``x``."""

    lines: tuple[Line, ...]
    x: float
    top: float
    anchor: str
    leads_to: Place | None = None

    @cached_property
    def box(self) -> Box:
        width = max(line.width for line in self.lines)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        height = sum(line.height for line in self.lines)
        return Box(left, self.top, left + width, self.top + height)

    @property
    def leader(self) -> tuple[Place, Place] | None:
        """From the thing named to the nearest edge of its label, where they are apart."""
        if self.leads_to is None:
            return None
        (x, y), box = self.leads_to, self.box
        end = (min(box.right, max(box.left, x)), min(box.bottom, max(box.top, y)))
        return None if abs(end[0] - x) + abs(end[1] - y) < _APART else (self.leads_to, end)

    @cached_property
    def lead(self) -> list[Place]:
        """Places along the leader, without those on the thing it leads to."""
        if self.leader is None:
            return []
        (x, y), _end = self.leader
        return [dot for dot in _sampled(self.leader) if abs(dot[0] - x) + abs(dot[1] - y) > 9]

    def drawn(self) -> SafeString:
        parts = []
        if self.leader:
            (x1, y1), (x2, y2) = self.leader
            parts.append(tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="leader"))
        y = self.top
        for line in self.lines:
            y += line.height
            parts.append(
                tag(
                    "text",
                    line.text,
                    x=self.x,
                    y=y - line.size * 0.28,
                    text_anchor=None if self.anchor == "start" else self.anchor,
                    class_=line.class_,
                )
            )
        return group(*parts)


@dataclass
class Placer:
    """Puts labels into ``area``; ``curves`` are lines they had better not cover."""

    area: Box
    curves: Sequence[Sequence[Place]]
    placed: list[Label] = field(default_factory=list)
    blocked: list[Box] = field(default_factory=list)

    def __post_init__(self):
        self._dots = [dot for curve in self.curves for dot in _sampled(curve)]

    def put(self, label: Label) -> Label:
        """Exactly there."""
        self.placed.append(label)
        return label

    def place(
        self,
        lines: Iterable[Line],
        places: Iterable[tuple[float, float, str]],
        *,
        leads_to: Place | None = None,
        most: float = math.inf,
    ) -> Label | None:
        """At the first of ``places`` (x, middle, anchor) that is free and covers least.

        Rather nowhere than where it would cost more than ``most``, about a line crossed.
        """
        lines = tuple(lines)
        height = sum(line.height for line in lines)
        best, least = None, most
        for x, middle, anchor in places:
            label = Label(lines, x, middle - height / 2, anchor, leads_to)
            if not self._is_free(label):
                continue
            cost = self._cost(label)
            if cost < least:
                best, least = label, cost
            if not cost:
                break
        return self.put(best) if best else None

    def _cost(self, label: Label) -> float:
        """How much of the lines the label or its leader would lie on, and how far it is led."""
        covered = sum(label.box.holds(dot) for dot in self._dots)
        if not label.lead:
            return covered
        across, down = zip(*label.lead, strict=True)
        along = Box(min(across), min(down), max(across), max(down))
        close = [dot for dot in self._dots if along.holds(dot)]
        crossed = sum(any(Box(x, y, x, y).holds(dot) for dot in close) for x, y in label.lead)
        return covered + crossed + len(label.lead) / 3

    def _is_free(self, label: Label) -> bool:
        box = label.box
        if not box.inside(self.area):
            return False
        taken = [*self.blocked, *(other.box for other in self.placed)]
        if any(box.touches(other) for other in taken):
            return False
        if any(box.holds(dot) for other in self.placed for dot in other.lead):
            return False
        return not any(other.holds(dot) for other in taken for dot in label.lead)


def around(point: Place, *, gap: float = 10, upward: bool = True) -> Iterator[tuple]:
    """Places beside a point, from near to far: above or below first, then at the sides."""
    x, y = point
    signs = (-1, 1) if upward else (1, -1)
    for distance in (gap, gap + 14, gap + 32, gap + 54, gap + 80, gap + 110):
        for sign in signs:
            middle = y + sign * (distance + 6)
            yield from ((x, middle, "middle"), (x - 4, middle, "end"), (x + 4, middle, "start"))
        yield from ((x - distance, y, "end"), (x + distance, y, "start"))
        for sign in signs:
            middle = y + sign * distance
            yield from ((x - distance, middle, "end"), (x + distance, middle, "start"))


def stacked(
    labels: Sequence[tuple[Sequence[Line], float]], *, x: float, top: float, bottom: float
) -> list[Label]:
    """Labels under each other at ``x``, each as near to the middle it wants as the others allow.

    In order of importance: what no longer fits between ``top`` and ``bottom`` is left out.
    """
    kept: list[tuple[tuple[Line, ...], float, float]] = []
    room = bottom - top
    for lines, middle in labels:
        height = sum(line.height for line in lines) + 3
        if height <= room:
            kept.append((tuple(lines), middle, height))
            room -= height
    kept.sort(key=lambda entry: entry[1])
    tops: list[float] = []
    for _lines, middle, height in kept:
        earliest = tops[-1] + kept[len(tops) - 1][2] if tops else top
        tops.append(max(earliest, middle - height / 2))
    latest = bottom
    for place in reversed(range(len(kept))):
        tops[place] = min(tops[place], latest - kept[place][2])
        latest = tops[place]
    return [
        Label(lines, x, place, "start")
        for (lines, _middle, _height), place in zip(kept, tops, strict=True)
    ]


# --- how wide words are --------------------------------------------------------------------------

_NARROW, _SLIM, _WIDE = "ijlI.,:;'|!·", 'frt()[]/-"1 ', "mwMWỜ%≈→←@—"


@lru_cache(maxsize=1024)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels Inter needs, with figures of one width; rather more than less."""
    ems = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter.isdigit():
            ems += 0.64
        elif letter in _NARROW:
            ems += 0.29
        elif letter in _SLIM:
            ems += 0.38
        elif letter in _WIDE:
            ems += 0.92
        else:
            ems += 0.72 if letter.isupper() else 0.6
    return ems * size * (1.06 if bold else 1.0)


def _sampled(curve: Sequence[Place], every: float = 4.0) -> Iterator[Place]:
    """Points along a curve, close enough that no label slips between them."""
    for (x1, y1), (x2, y2) in pairwise(curve):
        pieces = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) / every))
        for piece in range(pieces + 1):
            yield x1 + (x2 - x1) * piece / pieces, y1 + (y2 - y1) * piece / pieces
