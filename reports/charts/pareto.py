"""Who drags, in people: each unit's part of what is missing, and how far the parts add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.engine.rules import Status
from reports.wording.words import number

from .drawing.svg import (
    Fact,
    percent,
    picture,
    status_class,
    tag,
)

_HEIGHT, _BAR = 20, 10

Key = TypeVar("Key")


@dataclass(frozen=True)
class Part(Generic[Key]):
    """One unit's part of what is missing; shares in percent with one decimal, adding up to 100."""

    unit: Key
    missing: int | Decimal
    share: Decimal
    together: Decimal

    @property
    def share_text(self) -> str:
        return f"{number(self.share, 1)}%"

    @property
    def together_text(self) -> str:
        return f"{number(self.together, 1)}%"


def parts(missing: Sequence[tuple[Key, int | Decimal]]) -> list[Part[Key]]:
    """Most missing first; who misses nothing is left out, and equal parts keep their order.

    Tenths of a percent go to the largest remainders, so that the printed shares add up to 100.
    """
    short = sorted(
        ((unit, amount) for unit, amount in missing if amount > 0), key=lambda pair: -pair[1]
    )
    whole = sum(amount for _unit, amount in short)
    tenths = _tenths([amount for _unit, amount in short], whole)
    found, together = [], 0
    for (unit, amount), tenth in zip(short, tenths, strict=True):
        together += tenth
        found.append(Part(unit, amount, Decimal(tenth) / 10, Decimal(together) / 10))
    return found


def _tenths(amounts: Sequence[int | Decimal], whole: int | Decimal) -> list[int]:
    """A thousand split in proportion, by largest remainder."""
    split = [divmod(amount * 1000, whole) for amount in amounts]
    tenths = [int(floor) for floor, _rest in split]
    by_rest = sorted(range(len(split)), key=lambda place: -split[place][1])
    for place in by_rest[: 1000 - sum(tenths)] if split else []:
        tenths[place] += 1
    return tenths


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
