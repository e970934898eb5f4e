"""The charts of ``reports.charts`` as tags, told by figures what they show."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commitments.models import Indicator, Kind
from reports import charts
from reports.engine.figures import (
    Figure,
    Status,
)
from reports.engine.trajectories import Point

from . import figures

register = template.Library()


@register.simple_tag
def status_icon(status: Status) -> SafeString:
    """The sign of a status, beside its word."""
    return charts.status_icon(status)


@register.simple_tag
def status_badge(status: Status) -> SafeString:
    """A status with its sign and its word."""
    return _badge(status, get_language())


@lru_cache(maxsize=64)
def _badge(status: Status, language: str) -> SafeString:
    """In ``language``, which is the active one: the word is the same on every row."""
    return format_html(
        '<span class="status {}">{}{}</span>',
        figures.status_class(status),
        status_icon(status),
        figures.status_name(status),
    )


@register.simple_tag
def sparkline(figure: Figure, points: Sequence[Point]) -> SafeString:
    """The year of a figure in the space of a word."""
    flow = figure.indicator.kind == Kind.FLOW
    return charts.sparkline(points, status=figure.status, flow=flow)


@register.simple_tag
def deviation(figure: Figure, reach: int) -> SafeString:
    """How far a figure is above or below its plan to date, ``reach`` points to each side."""
    return charts.deviation(
        figure.percent_to_date,
        status=figure.status,
        provisional=figure.provisional,
        downward=figure.indicator.direction == Indicator.Direction.DOWN,
        reach=reach,
    )


@register.simple_tag
def hero_bar(figure: Figure) -> SafeString:
    """A figure against its target, both from zero, on a dark ground."""
    return charts.hero_bar(
        figure.achieved,
        figure.target,
        status=figure.status,
        provisional=figure.provisional,
    )
