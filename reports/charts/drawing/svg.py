"""The few marks every chart is drawn with: elements, markers, hatches, a title and a description.

Nothing here carries a style: classes only, which ``charts.css`` colours. Texts are escaped, and
what no XML document may hold is left out.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from reports.engine.rules import Status

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9_-]+")


class Fact(NamedTuple):
    """One number a chart tells: what it is and how it reads."""

    label: str
    text: str


class Drawn(SafeString):
    """Markup made here: its texts are escaped and clean, and need no second look inside another."""


def tag(name: str, *children: object, **attributes: object) -> Drawn:
    """``<name attribute="…">children</name>``, escaped; blank attributes are left out.

    ``class_`` is the class, other underscores are hyphens; lengths get two decimals at most.
    """
    written = "".join(
        f' {_attribute(key)}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    inner = "".join(_escaped(child) for child in children if child is not None)
    closed = f">{inner}</{name}>" if inner else "/>"
    return Drawn(f"<{name}{written}{closed}")


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def group(*children: object, **attributes: object) -> SafeString:
    return tag("g", *children, **attributes)


def picture(
    *children: object,
    class_: str,
    label: str | None = None,
    facts: Sequence[Fact] = (),
    key: str = "",
    **attributes: object,
) -> SafeString:
    """The outer ``<svg>``.

    With a ``label`` it carries its information alone: an image with that title and the facts as
    description, ids made unique by ``key``. Without one the text beside it says the same, and it
    is hidden from screen readers.
    """
    if label is None:
        return tag("svg", *children, class_=f"chart {class_}", aria_hidden="true", **attributes)
    title, description = f"{safe_id(key)}-title", f"{safe_id(key)}-desc"
    named = [tag("title", label, id=title)]
    if facts:
        named.append(tag("desc", description_of(facts), id=description))
    return tag(
        "svg",
        *named,
        *children,
        class_=f"chart {class_}",
        role="img",
        aria_labelledby=title,
        aria_describedby=description if facts else None,
        **attributes,
    )


def description_of(facts: Sequence[Fact]) -> str:
    """The facts of a chart as one text: what its table says, in the same words."""
    return "; ".join(f"{fact.label}: {fact.text}" for fact in facts) + "." if facts else ""


def safe_id(key: str) -> str:
    return _NOT_AN_ID.sub("-", key) or "chart"


def status_class(status: Status) -> str:
    """The class that colours a status: is-at-risk."""
    return "is-" + status.value.replace("_", "-")


def classes(*names: str | None) -> str:
    return " ".join(name for name in names if name)


def percent(share: float) -> str:
    """A length as part of the width: 0.5 as 50%."""
    return Drawn(f"{_length(share * 100)}%")


def path(points: Sequence[tuple[float, float]]) -> str:
    """The ``points`` of a polyline."""
    return Drawn(" ".join(f"{_length(float(x))},{_length(float(y))}" for x, y in points))


# --- marks ---------------------------------------------------------------------------------------


def marker(status: Status, x: float, y: float, size: float, *, hollow: bool = False) -> SafeString:
    """The end of a line: colour and shape say the status, hollow that it is provisional.

    Up for exceeded, a disc for met, down for behind, a square for at risk, a ring otherwise.
    """
    class_ = classes("marker", status_class(status), "is-provisional" if hollow else None)
    points = {
        Status.EXCEEDED: [(x, y - size), (x + size, y + 0.8 * size), (x - size, y + 0.8 * size)],
        Status.BEHIND: [(x, y + size), (x + size, y - 0.8 * size), (x - size, y - 0.8 * size)],
        Status.AT_RISK: [
            (x + dx * size * 0.85, y + dy * size * 0.85)
            for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ],
    }.get(status)
    if points:
        return tag("polygon", points=path(points), class_=class_)
    return tag("circle", cx=x, cy=y, r=size * 0.9, class_=class_)


def arrow(x: str, middle: float, *, left: bool, class_: str) -> SafeString:
    """A head 7 px long at ``x`` (a share of the width): the value lies beyond the scale."""
    return tag("svg", _head(middle, left, class_), x=x, class_="beyond")


@lru_cache(maxsize=64)
def _head(middle: float, left: bool, class_: str) -> SafeString:
    tip = -7 if left else 7
    return tag("path", d=f"M0 {middle - 7}L{tip} {middle}L0 {middle + 7}z", class_=class_)


def hatched(x: str, y: float, width: str, height: float) -> SafeString:
    """Slanted stripes over a bar whose width is a share: not final, also without colour.

    One thick dashed line, slanted and cut to the bar: it needs no pattern and so no id.
    """
    return tag("svg", _stripes(height), x=x, y=y, width=width, height=height)


@cache
def _stripes(height: float) -> SafeString:
    return tag(
        "line",
        x1=-height,
        x2="200%",
        y1=height / 2,
        y2=height / 2,
        transform="skewX(-45)",
        stroke_width=height,
        class_="hatch",
    )


def _escaped(text: object) -> str:
    if isinstance(text, Drawn):
        return text
    if isinstance(text, int):
        return str(text)
    return _clean(conditional_escape(text))


def _written(value: object) -> str:
    """What stands in an attribute."""
    if isinstance(value, float):
        return _length(value)
    return _known(value) if type(value) is str else _escaped(value)


@lru_cache(maxsize=1024)
def _known(text: str) -> str:
    """Classes, shares and shapes are the same on every row."""
    return _escaped(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _length(value: float) -> str:
    """A length as short as it can be said: 12.0 as 12, 3.14159 as 3.14."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
