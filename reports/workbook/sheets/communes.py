"""Communes, under their district with subtotals; since July 2025 directly under the province."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from reports.conference.contents import (
    Conference,
    Group,
    UnitFigures,
)
from reports.wording.words import (
    heading,
    month_number,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    CONTENT_ROW,
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Communes")
ABOUT = pgettext_lazy("sheet", "Every commune under its district, with subtotals")

_WHOLE = CONTENT_ROW + 2
"""The row of the whole, below two heading rows."""
BESIDE = 4
"""How many further main indicators stand beside the leading one; more would not fit the paper."""


def wanted(data: Conference) -> bool:
    return bool(data.communes)


def places(data: Conference) -> Mapping[int, int]:
    """Unit id to the row where the unit stands on this sheet."""
    found = {}
    row = _WHOLE + 1
    for group in data.groups:
        for unit in ([group.district] if group.district else []) + list(group.communes):
            found[unit.unit.pk] = row
            row += 1
    return found


def write(sheet: Sheet, data: Conference) -> None:
    """The leading indicator in full, four more in brief; subtotals above their communes."""
    top = sheet.heading(
        _("Results of the communes, %(month)s") % {"month": month_number(data.month)},
        sheet.scope,
        data.notice,
    )
    lead, beside = data.lead, _beside(data)
    columns = _columns(lead, beside)
    sheet.head(top + 1, columns)
    row = top + 2
    sheet.row(row, columns, data.own, dress=style.total)
    sheet.ws.sheet_properties.outlinePr.summaryBelow = False
    blocks = []
    for group in data.groups:
        last = _write_group(sheet, row, columns, group)
        blocks.append((row + 1, last))
        row = last
    _group_heads(sheet, top, lead, beside)
    sheet.freeze(top + 3, 3)
    repeat = (top, top + 1)
    breaks = sheet.breaks(blocks, landscape=True, repeat=repeat)
    sheet.paper(landscape=True, repeat=repeat, breaks=breaks)


def _write_group(sheet: Sheet, row: int, columns: Sequence[Column], group: Group) -> int:
    if group.district:
        row += 1
        sheet.row(row, columns, group.district, dress=style.subtotal)
    for commune in group.communes:
        row += 1
        sheet.row(row, columns, commune)
        if group.district:
            sheet.ws.row_dimensions[row].outlineLevel = 1
    return row


def _beside(data: Conference) -> list[Indicator]:
    """The main indicators shown in brief: those the communes have targets for, rates first."""
    with_targets = [
        indicator
        for indicator in data.main[1:]
        if any(
            unit.figures[indicator.code].target is not None
            for unit in data.communes
            if indicator.code in unit.figures
        )
    ]
    return (with_targets or list(data.main[1:]))[:BESIDE]


def _group_heads(sheet: Sheet, row: int, lead: Indicator, beside: Sequence[Indicator]) -> None:
    """The indicator above its columns."""
    sheet.settle()
    sheet.fill(row, 1, 2, style.HEAD_GROUP)
    column = 3
    for indicator, width in [(lead, 6), *((other, 2) for other in beside)]:
        label = heading(indicator)
        sheet.text(row, column, column + width - 1, label, style.HEAD_GROUP)
        column += width


def _columns(lead: Indicator, beside: Sequence[Indicator]) -> list[Column]:
    columns = [
        Column(_("Code"), lambda row: row.unit.code, style.CENTRE, least=7),
        Column(_("Unit"), lambda row: row.unit.full_name, style.CELL),
        Column(
            _("Result"),
            _of(lead, measures.reached),
            lambda row: measures.result_look(row.figures.get(lead.code), lead),
            least=9,
        ),
        Column(_("Target"), _of(lead, measures.target), measures.look(lead), least=9),
        Column(_("Percent of the plan"), _of(lead, _percent), PERCENT, least=8),
        Column(
            _("Over or short"),
            _of(lead, measures.missing_or_over),
            lambda row: measures.gap_look(row.figures.get(lead.code), lead),
            least=9,
        ),
        Column(
            _("Change on last year"),
            _of(lead, measures.change),
            measures.difference_look(lead),
            least=9,
        ),
        Column(_("Status"), _of(lead, lambda f: f and f.status), style.STATUS),
    ]
    for other in beside:
        reached = measures.look(other)
        columns += [
            Column(_("Result"), _of(other, measures.reached), reached, least=9),
            Column(_("Percent of the plan"), _of(other, _percent), _tinted(other), least=9),
        ]
    return columns


PERCENT = style.FIGURE.but(format=style.RATE, bold=True)


def _percent(figure):
    return None if figure is None else measures.share(figure.percent_of_target)


def _of(indicator: Indicator, read: Callable) -> Callable[[UnitFigures], object]:
    return lambda row: read(row.figures.get(indicator.code))


def _tinted(indicator: Indicator) -> Callable[[UnitFigures], style.Look]:
    """A percent on the tint of its status, where there is no room for the word."""
    plain = style.FIGURE.but(format=style.RATE)

    def look(row: UnitFigures) -> style.Look:
        figure = row.figures.get(indicator.code)
        return plain if figure is None else style.of_status(figure.status, plain)

    return look
