"""The grey ground behind a plan: below 97 %, to the plan, to 102 %, beyond; darker is worse."""

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from django.utils.safestring import SafeString

from reports.engine.rules import (
    BEHIND_FROM,
    EXCEEDED_FROM,
)

from .scale import Span
from .svg import (
    group,
    percent,
    tag,
)

UPWARD = [float(BEHIND_FROM * 100), 100.0, float(EXCEEDED_FROM * 100)]
DOWNWARD = [float(Fraction(100) / EXCEEDED_FROM), 100.0, float(Fraction(100) / BEHIND_FROM)]


@lru_cache(maxsize=64)
def background(scale: Span, height: float, *, downward: bool = False) -> SafeString:
    """The bands of one row; for a target not to be exceeded they darken to the right."""
    edges = [scale.low, *(DOWNWARD if downward else UPWARD), scale.high]
    names = ["band-1", "band-2", "band-3", "band-4"]
    bands = []
    for (low, high), name in zip(
        pairwise(edges), reversed(names) if downward else names, strict=True
    ):
        left, right = scale.share(low), scale.share(high)
        if right > left:
            bands.append(
                tag(
                    "rect",
                    x=percent(left),
                    width=percent(right - left),
                    height=height,
                    class_=name,
                )
            )
    return group(*bands, class_="ground")
