"""The charts of a unit's and an indicator's page as tags, told by rows what they show."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Indicator
from districts.months import Month
from reports import charts
from reports.pages.indicator import Row
from reports.pages.rows import FigureRow
from reports.wording.shortfalls import Shortfall
from reports.wording.words import month_number

register = template.Library()


@register.simple_tag
def bullet(row: FigureRow, span: charts.Span) -> SafeString:
    """A figure against its plan to date, on the scale all rows share; the row's cells say it."""
    figure = row.figure
    return charts.bullet(
        row.on_scale,
        span=span,
        status=figure.status,
        last_year=None if row.is_partial else row.last_year,
        provisional=figure.provisional,
        downward=figure.indicator.direction == Indicator.Direction.DOWN,
    )


@register.simple_tag
def bullet_axis(span: charts.Span) -> SafeString:
    return charts.bullet_axis(span)


@register.simple_tag
def bullet_legend(month: Month, provisional: bool) -> SafeString:
    """What the marks mean; the diamond is the same month a year before."""
    last_year = month_number(month.same_month_last_year)
    return charts.bullet_legend(last_year=last_year, provisional=provisional)


@register.simple_tag
def multiple(row: Row, span: charts.Span) -> SafeString:
    """One unit's year in percent of its target, on the scale all share."""
    return charts.multiple(
        row.steps,
        span=span,
        status=row.figure.status,
        label=_("%(unit)s, percent of the year's target") % {"unit": row.unit.full_name},
        key=f"multiple-{row.unit.pk}",
    )


@register.simple_tag
def pareto_bar(shortfall: Shortfall) -> SafeString:
    """A unit's part of all that is missing; the row's cells say it."""
    return charts.pareto_bar(shortfall.part, status=shortfall.figure.status)


@register.simple_tag
def trajectory(data: charts.Trajectory) -> SafeString:
    return charts.trajectory_set(data)


@register.simple_tag
def trajectory_note(data: charts.Trajectory) -> str:
    return charts.trajectory_note(data)


@register.simple_tag
def trajectory_rows(data: charts.Trajectory) -> list[charts.Row]:
    """Month by month what the trajectory draws: the table behind it."""
    return charts.trajectory_rows(data)


@register.simple_tag
def trajectory_facts(data: charts.Trajectory) -> list[charts.Fact]:
    """What the trajectory's description says."""
    return charts.trajectory_facts(data)
