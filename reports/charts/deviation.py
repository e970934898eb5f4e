"""How far above or below the plan: a bar from the plan's tick, an arrow where it runs out."""

from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.engine.rules import Status
from reports.wording.words import (
    number,
    status_name,
)
from reports.wording.words import percent as percent_words

from .drawing.bands import background
from .drawing.scale import Span
from .drawing.svg import (
    Fact,
    arrow,
    classes,
    group,
    hatched,
    percent,
    picture,
    status_class,
    tag,
)

REACH = 5
"""Percent of the plan to each side."""
_HEIGHT, _BAR = 20, 10
_ARROW_SHARE = 0.06
_NONE = tag("line", x1="0", x2="100%", y1=_HEIGHT / 2, y2=_HEIGHT / 2, class_="none")
_TICK = tag("line", x1="50%", x2="50%", y1=0, y2=_HEIGHT, class_="tick")


def deviation(
    reached: Decimal | None,
    *,
    status: Status,
    provisional: bool = False,
    downward: bool = False,
    reach: int = REACH,
    label: str | None = None,
    key: str = "",
) -> SafeString:
    """``reached`` is the percent of the plan to date; the bar begins at 100.

    ``downward``: the target must not be exceeded, so the bands mirror. As wide as its place.
    """
    scale = Span(100 - reach, 100 + reach)
    marks = [background(scale, _HEIGHT, downward=downward)]
    marks += [_NONE] if reached is None else _bar(float(reached), scale, status, provisional)
    marks.append(_TICK)
    return picture(
        *marks,
        class_=classes("deviation", "is-provisional" if provisional else None),
        label=label,
        facts=deviation_facts(reached, status=status, provisional=provisional) if label else (),
        key=key,
        width="100%",
        height=_HEIGHT,
    )


def _bar(reached: float, scale: Span, status: Status, provisional: bool):
    beyond = not scale.holds(reached)
    here = scale.share(reached)
    if beyond:
        here = _ARROW_SHARE if reached < 100 else 1 - _ARROW_SHARE
    left, width = min(0.5, here), abs(here - 0.5)
    top = (_HEIGHT - _BAR) / 2
    marks = [tag("rect", x=percent(left), y=top, width=percent(width), height=_BAR, class_="solid")]
    if provisional:
        marks.append(hatched(percent(left), top, percent(width), _BAR))
    if beyond:
        marks.append(arrow(percent(here), _HEIGHT / 2, left=reached < 100, class_="solid"))
    yield group(*marks, class_=status_class(status))


def deviation_facts(
    reached: Decimal | None, *, status: Status, provisional: bool = False
) -> list[Fact]:
    """What the bar shows, in words."""
    if reached is None:
        return [Fact(_("Status"), status_name(status))]
    said = status_name(status)
    if provisional:
        said = _("%(status)s, provisional") % {"status": said}
    return [Fact(_("Percent of the plan"), percent_words(reached)), Fact(_("Status"), said)]


def deviation_axis(*, reach: int = REACH) -> SafeString:
    """The scale above a column of bars: −5 %, 0, +5 %."""
    ends = (("0", "start", f"−{number(reach)}%"), ("50%", "middle", "0"))
    texts = [
        tag("text", words, x=x, y=12, text_anchor=anchor, class_="axis")
        for x, anchor, words in (*ends, ("100%", "end", f"+{number(reach)}%"))
    ]
    return picture(*texts, class_="deviation-axis", width="100%", height=16)
