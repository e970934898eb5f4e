"""Units: per main indicator, what each unit was to reach and what it reached."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from reports.conference.contents import (
    Conference,
    UnitFigures,
)
from reports.engine.comparing import last_year
from reports.engine.figures import Figure
from reports.wording.words import (
    heading,
    is_rate,
    month_number,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    ROW_HEIGHT,
    Column,
    Sheet,
)

from . import communes

NAME = pgettext_lazy("sheet", "Units")
ABOUT = pgettext_lazy("sheet", "Per main indicator: target, result, percent, change and status")


def wanted(data: Conference) -> bool:
    return bool(data.children)


def write(sheet: Sheet, data: Conference) -> None:
    """One block per main indicator under one heading row; the whole first, then every unit."""
    top = sheet.heading(
        _("Results of the units, %(month)s") % {"month": month_number(data.month)},
        sheet.scope,
        data.notice,
    )
    columns = _columns(data)
    sheet.head(top, columns)
    blocks, row = [], top + 1
    for indicator in data.main:
        last = _block(sheet, row, columns, data, indicator)
        blocks.append((row, last))
        row = last + 1
    sheet.freeze(top + 1, 3)
    repeat = (top, top)
    breaks = sheet.breaks(blocks, landscape=True, repeat=repeat)
    sheet.paper(landscape=True, repeat=repeat, breaks=breaks)


def _block(
    sheet: Sheet, row: int, columns: Sequence[Column], data: Conference, indicator: Indicator
) -> int:
    sheet.fill(row, 1, len(columns), style.BLOCK)
    title = heading(indicator)
    if is_rate(indicator):
        title += "; " + _("differences in points")
    sheet.put(row, 1, title, style.BLOCK)
    sheet.height(row, ROW_HEIGHT + 2.5)
    row += 1
    sheet.row(row, columns, _figure(data.own, indicator), dress=style.total)
    places = communes.places(data)
    for unit in data.children:
        row += 1
        sheet.row(row, columns, _figure(unit, indicator))
        if unit.unit.pk in places:
            sheet.link(row, 2, communes.NAME, f"A{places[unit.unit.pk]}")
    return row


def _figure(row: UnitFigures, indicator: Indicator) -> tuple[UnitFigures, Indicator, Figure | None]:
    return row, indicator, row.figures.get(indicator.code)


def _of(read):
    """A column's value from the figure, blank where the unit has none."""
    return lambda item: None if item[2] is None else read(item[2])


def _columns(data: Conference) -> list[Column]:
    year_before = data.month.same_month_last_year
    columns = [
        Column(_("Rank"), _of(lambda f: f.rank), style.CENTRE, least=6),
        Column(_("Unit"), lambda item: item[0].unit.full_name, style.CELL),
        Column(_("Status"), _of(lambda f: f.status), style.STATUS),
        Column(
            _("Result"),
            lambda item: measures.reached(item[2]),
            lambda item: measures.result_look(item[2], item[1]),
            least=10,
        ),
        Column(
            _("Target of the year"),
            lambda item: measures.target(item[2]),
            lambda item: measures.target_look(item[2], item[1]),
            least=11,
        ),
    ]
    if not data.whole_year:
        columns.append(
            Column(
                _("Plan to date"),
                _of(lambda f: measures.written(f.indicator, f.plan_to_date)),
                _look(measures.look),
                least=10,
            )
        )
    columns.append(
        Column(
            _("Percent of the plan"),
            _of(lambda f: measures.share(f.percent_of_target)),
            PERCENT,
            least=11,
        )
    )
    if not data.whole_year:
        columns.append(
            Column(
                _("Percent of the plan to date"),
                _of(lambda f: measures.share(f.percent_to_date)),
                PERCENT,
            )
        )
    return [
        *columns,
        Column(
            _("Over or short"),
            lambda item: measures.missing_or_over(item[2]),
            lambda item: measures.gap_look(item[2], item[1]),
            least=11,
        ),
        Column(
            _("Result of %(month)s") % {"month": month_number(year_before)},
            _of(lambda f: measures.written(f.indicator, last_year(f))),
            _look(measures.look),
            least=10,
        ),
        Column(
            _("Change on last year"),
            lambda item: measures.change(item[2]),
            _look(measures.difference_look),
            least=10,
        ),
        Column(
            _("Divided by"),
            lambda item: measures.divisor(data, item[2]),
            lambda item: measures.divisor_look(data, item[2]),
            least=10,
        ),
        Column(_("Reports approved"), _of(lambda f: f.approved), least=9),
        Column(_("Reports expected"), _of(lambda f: f.expected), least=9),
        Column(_("Note"), _of(remark), REMARK, least=11),
    ]


REMARK = style.NOTE.but(below=style.HAIRLINE, indent=1)
PERCENT = style.FIGURE.but(format=style.RATE, bold=True)


def _look(look):
    return lambda item: look(item[1])


def remark(figure: Figure) -> str | None:
    """What a reader must know about one figure."""
    said = []
    if figure.provisional:
        said.append(_("provisional"))
    if figure.estimated:
        said.append(_("estimated"))
    if figure.predecessors:
        said.append(
            _("target of %(assigned)s of %(predecessors)s earlier units")
            % {"assigned": figure.assigned, "predecessors": figure.predecessors}
        )
    if figure.achieved is None:
        said.append(_("not reported"))
    return ", ".join(said) or None
