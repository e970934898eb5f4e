"""The one number of the page as a bar from zero, with the plan as a tick across it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from reports.engine.rules import Status

from .drawing.svg import (
    Fact,
    classes,
    hatched,
    percent,
    picture,
    status_class,
    tag,
)

_HEIGHT, _TOP, _BAR = 22, 4, 14
_BESIDE = 1.1
"""How much wider than the plan the bar's ground is, at least: the plan's tick never touches it."""


def hero_bar(
    value: int | Decimal | None,
    plan: int | Decimal | None,
    *,
    status: Status,
    provisional: bool = False,
    label: str | None = None,
    facts: Sequence[Fact] = (),
    key: str = "",
) -> SafeString:
    """``value`` against ``plan``, both from zero, on a dark ground.

    Without a plan only the ground is drawn; what is missing to the plan is outlined.
    """
    marks = [tag("rect", x=0, y=_TOP, width="100%", height=_BAR, class_="track")]
    if value is not None and plan is not None and plan > 0:
        whole = max(float(plan) * _BESIDE, float(value) * 1.02)
        here, tick = max(0.0, float(value) / whole), float(plan) / whole
        if here < tick:
            marks.append(
                tag(
                    "rect",
                    x=percent(here),
                    y=_TOP,
                    width=percent(tick - here),
                    height=_BAR,
                    class_="missing",
                )
            )
        marks.append(tag("rect", x=0, y=_TOP, width=percent(here), height=_BAR, class_="filled"))
        if provisional:
            marks.append(hatched("0", _TOP, percent(here), _BAR))
        marks.append(
            tag("line", x1=percent(tick), x2=percent(tick), y1=0, y2=_HEIGHT, class_="tick")
        )
    return picture(
        *marks,
        class_=classes("hero-bar", status_class(status), "is-provisional" if provisional else None),
        label=label,
        facts=facts,
        key=key,
        width="100%",
        height=_HEIGHT,
    )
