"""Trajectory: the conference's own unit against the plan, from the first month with a result."""

from collections.abc import Sequence
from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from openpyxl.chart import Reference
from openpyxl.utils import get_column_letter

from commitments.models import Indicator
from reports.conference.contents import (
    Conference,
    Trajectory,
)
from reports.engine.trajectories import Point
from reports.wording.words import (
    amount,
    heading,
    is_rate,
    month_number,
    number,
)
from reports.workbook import (
    charts,
    measures,
    metrics,
    style,
)
from reports.workbook.sheet import (
    CONTENT_ROW,
    ROW_HEIGHT,
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Trajectory")
ABOUT = pgettext_lazy("sheet", "Month by month against the plan, two years at most, with a chart")

_CHART_AT = 10
_LAST_COLUMN = 16
_CHART_COLUMN_WIDTH = 11.0
_LEAST_FOR_A_CHART = 5


def wanted(data: Conference) -> bool:
    return any(line.begins for line in data.trajectories)


def write(sheet: Sheet, data: Conference) -> None:
    """The leading indicator in full with its chart; the other main ones as values."""
    lead, *others = (line for line in data.trajectories if line.begins)
    lead = lead.since(lead.begins)
    first, last = lead.points[0].month, lead.points[-1].month
    top = sheet.heading(
        _("Trajectory, %(first)s to %(last)s")
        % {"first": month_number(first), "last": month_number(last)},
        sheet.scope,
        data.notice,
    )
    end = _lead_table(sheet, top, lead)
    for column in range(_CHART_AT, _LAST_COLUMN + 1):
        sheet.widen(column, metrics.column_pixels(_CHART_COLUMN_WIDTH))
    _chart(sheet, lead, place=(top, _CHART_AT), rows=(top + 1, end), columns=(2, 3))
    sheet.last_column = max(sheet.last_column, _LAST_COLUMN)
    breaks = []
    if others:
        breaks.append(end + 1)
        begins = min(line.begins for line in others)
        _other_table(sheet, end + 2, [line.since(begins) for line in others])
    sheet.freeze(CONTENT_ROW, 2)
    sheet.paper(landscape=True, breaks=breaks)


def _band(sheet: Sheet, row: int, text: str, width: int) -> None:
    sheet.fill(row, 1, width, style.BLOCK)
    sheet.put(row, 1, text, style.BLOCK)
    sheet.height(row, ROW_HEIGHT + 2)


def _lead_table(sheet: Sheet, row: int, line: Trajectory) -> int:
    indicator = line.indicator
    columns = [
        Column(_("Month"), lambda item: item[0].month.last_day, MONTH, least=9),
        Column(
            _("Result"),
            lambda item: measures.written(indicator, item[0].value),
            lambda item: measures.look(indicator).but(hatched=_is_provisional(item[0])),
            least=11,
        ),
        Column(
            _("Plan to date"),
            lambda item: measures.written(indicator, item[0].plan),
            measures.look(indicator),
            least=11,
        ),
        Column(
            _("Percent of the plan to date"),
            lambda item: measures.share(item[2]),
            PERCENT,
            least=10,
        ),
        Column(
            _("Change on last month"),
            lambda item: measures.difference(indicator, item[1]),
            measures.difference_look(indicator),
            least=10,
        ),
        Column(_("Reports approved"), lambda item: item[0].approved, least=9),
        Column(_("Reports expected"), lambda item: item[0].expected, least=9),
        Column(
            _("Note"),
            lambda item: _("provisional") if _is_provisional(item[0]) else None,
            style.NOTE.but(below=style.HAIRLINE, indent=1),
            least=9,
        ),
    ]
    _band(sheet, row, heading(indicator), len(columns))
    sheet.head(row + 1, columns)
    row += 2
    for item in zip(line.points, line.changes, line.percents, strict=True):
        year_ends = style.total if item[0].month.month == 12 else None
        sheet.row(row, columns, item, dress=year_ends)
        row += 1
    return row - 1


MONTH = style.CENTRE.but(format=style.MONTH)
PERCENT = style.FIGURE.but(format=style.RATE, bold=True)


def _is_provisional(point: Point) -> bool:
    return point.provisional and point.value is not None


def _other_table(sheet: Sheet, row: int, lines: list[Trajectory]) -> None:
    columns = [Column(_("Month"), lambda position: lines[0].points[position].month.last_day, MONTH)]
    for line in lines:
        columns.append(
            Column(
                heading(line.indicator),
                lambda position, line=line: measures.written(
                    line.indicator, line.points[position].value
                ),
                measures.look(line.indicator),
                least=11,
            )
        )
    _band(sheet, row, _("The other main indicators"), len(columns))
    sheet.head(row + 1, columns)
    for position, point in enumerate(lines[0].points):
        year_ends = style.total if point.month.month == 12 else None
        sheet.row(row + 2 + position, columns, position, dress=year_ends)
    if _LAST_COLUMN - len(columns) >= _LEAST_FOR_A_CHART:
        _chart(
            sheet,
            lines[0],
            place=(row, len(columns) + 2),
            rows=(row + 1, row + 1 + len(lines[0].points)),
            columns=(2,),
        )


def _chart(
    sheet: Sheet,
    line: Trajectory,
    *,
    place: tuple[int, int],
    rows: tuple[int, int],
    columns: Sequence[int],
) -> None:
    """Result and plan from ``columns`` of a table whose heading and last row are ``rows``."""
    indicator = line.indicator
    values = [value for point in line.points for value in (point.value, point.plan) if value]
    if not values:
        return
    lowest = _floor_for(float(min(values)), float(max(values)))
    title = heading(indicator)
    if lowest:
        title += "; " + _("axis from %(lowest)s") % {"lowest": _bare(indicator, lowest)}
    head, last = rows
    looks = ((style.NAVY, False), (style.TERTIARY, True))
    width = sum(sheet.width(column) for column in range(place[1], _LAST_COLUMN + 1))
    chart = charts.lines(
        title=title,
        months=Reference(sheet.ws, min_col=1, min_row=head + 1, max_row=last),
        series=[
            (Reference(sheet.ws, min_col=column, min_row=head, max_row=last), *look)
            for column, look in zip(columns, looks, strict=False)
        ],
        lowest=measures.written(indicator, lowest),
        number_format="0%" if is_rate(indicator) else style.COUNT,
        width=width * metrics.DIGIT_PIXELS * 2.54 / 96,
        height=13,
    )
    sheet.ws.add_chart(chart, f"{get_column_letter(place[1])}{place[0]}")


def _bare(indicator: Indicator, value: int) -> str:
    """The number without its unit, which the title has named; a rate needs its sign."""
    return amount(indicator, value) if is_rate(indicator) else number(value)


def _floor_for(lowest: float, highest: float) -> int:
    """Where an axis may begin: a round number a little below the smallest value, or zero."""
    spread = max(highest - lowest, highest / 100)
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= spread)
    return max(0, int((lowest - spread * 0.15) // step * step))
