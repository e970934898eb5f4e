"""Who drags, in people: each unit's part of what is missing, and how far the parts add up."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.engine.rules import Status
from reports.wording.shares import Part

from .drawing.svg import (
    Fact,
    percent,
    picture,
    status_class,
    tag,
)

_HEIGHT, _BAR = 20, 10


def pareto_bar(
    part: Part, *, status: Status = Status.BEHIND, label: str | None = None, key: str = ""
) -> SafeString:
    """The unit's own part as a bar, and to where it and all before it add up as a thin line.

    The width is all that is missing, so the last row's line ends at the right. Fits its place.
    """
    own, together = float(part.share) / 100, float(part.together) / 100
    top, middle = (_HEIGHT - _BAR) / 2, _HEIGHT / 2
    reach = percent(together)
    return picture(
        tag("line", x1="0", x2="100%", y1=middle, y2=middle, class_="rail"),
        tag("line", x1="0", x2=reach, y1=middle, y2=middle, class_="together"),
        tag("line", x1=reach, x2=reach, y1=top, y2=top + _BAR, class_="together"),
        tag("rect", x=0, y=top, width=percent(own), height=_BAR, class_="solid"),
        class_=f"pareto {status_class(status)}",
        label=label,
        facts=pareto_facts(part),
        key=key,
        width="100%",
        height=_HEIGHT,
    )


def pareto_facts(part: Part) -> list[Fact]:
    """What the bar shows, in words."""
    return [
        Fact(_("Share of the shortfall"), part.share_text),
        Fact(_("With the units above"), part.together_text),
    ]
