"""Data: every figure of the workbook, one per row, as a table for filters and pivots."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from openpyxl.worksheet.table import Table, TableStyleInfo

from reports.conference.contents import (
    Conference,
    UnitFigures,
)
from reports.engine.figures import Figure
from reports.engine.rules import Status
from reports.wording.words import (
    is_rate,
    month_number,
    status_name,
)
from reports.workbook import style
from reports.workbook.sheet import (
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Data")
ABOUT = pgettext_lazy("sheet", "Every figure, one per row, for filters and pivots; not printed")

TABLE = "tblDuLieu"

_TEXT = style.Look(size=9)
_AFTER = _TEXT.but(indent=1)
_CODE = _TEXT.but(format=style.TEXT)
_NUMBER = _TEXT.but(align="right", format=style.COUNT)
_RATE = _NUMBER.but(format="#,##0.00")


def wanted(data: Conference) -> bool:
    return bool(data.own.figures)


def write(sheet: Sheet, data: Conference) -> None:
    """Counts in full (money in dong), rates and percents as percent numbers: 98.30 is 98.30 %."""
    columns = _columns()
    top = sheet.heading(
        _("Data, %(month)s") % {"month": month_number(data.month)},
        f"{sheet.scope} · " + _("the rows are for the screen and are not printed"),
        data.notice,
    )
    for position, column in enumerate(columns, start=1):
        sheet.put(top, position, column.heading, column.head.but(wrap=False), fit=True)
    row = top
    for unit in _everyone(data):
        for figure in unit.figures.values():
            if not figure.expected:  # nobody reports it at or below this unit
                continue
            row += 1
            for position, column in enumerate(columns, start=1):
                if (value := column.value(figure)) is not None:
                    sheet.put(row, position, value, column.look_for(figure), fit=True)
    _as_table(sheet, top, row, [column.heading for column in columns])
    sheet.freeze(top + 1, 1)
    sheet.printed = _PRINTED
    sheet.paper(landscape=True, repeat=(top, top), to_row=top)


def _everyone(data: Conference) -> list[UnitFigures]:
    """The whole, the units, the communes where they are not the units themselves; each once."""
    rows = {row.unit.pk: row for row in (data.own, *data.children)}
    for commune in data.communes:
        rows.setdefault(commune.unit.pk, commune)
    return list(rows.values())


def _as_table(sheet: Sheet, first_row: int, last_row: int, headings: list[str]) -> None:
    last = sheet.ws.cell(last_row, len(headings)).coordinate
    table = Table(displayName=TABLE, name=TABLE, ref=f"A{first_row}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, headings, strict=True):
        column.name = heading
    sheet.ws.add_table(table)


def _number(figure: Figure) -> style.Look:
    return _RATE if is_rate(figure.indicator) else _NUMBER


_PRINTED = 13
"""How many columns are printed; the rest is for filters and pivots on the screen."""


def _columns() -> list[Column]:
    status = {status: status_name(status) for status in Status}
    yes, no = _("yes"), _("no")
    return [
        Column(pgettext("column", "month"), lambda f: str(f.month), _CODE),
        Column(pgettext("column", "unit code"), lambda f: f.unit.code, _CODE),
        Column(pgettext("column", "unit"), lambda f: f.unit.full_name, _TEXT),
        Column(pgettext("column", "indicator code"), lambda f: f.indicator.code, _CODE),
        Column(pgettext("column", "indicator"), lambda f: f.indicator.name, _TEXT),
        Column(pgettext("column", "value"), lambda f: f.value, _number),
        Column(pgettext("column", "year to date"), lambda f: f.year_to_date, _NUMBER),
        Column(pgettext("column", "target"), lambda f: f.target, _number),
        Column(pgettext("column", "percent of target"), lambda f: f.percent_of_target, _RATE),
        Column(pgettext("column", "last year"), lambda f: f.last_year, _number),
        Column(pgettext("column", "change"), lambda f: f.change, _number),
        Column(pgettext("column", "status"), lambda f: status[f.status], _AFTER),
        Column(pgettext("column", "provisional"), lambda f: yes if f.provisional else no, _TEXT),
        Column(pgettext("column", "estimated"), lambda f: yes if f.estimated else no, _TEXT),
        Column(pgettext("column", "reported value"), lambda f: f.reported_value, _number),
        Column(pgettext("column", "plan to date"), lambda f: f.plan_to_date, _number),
        Column(pgettext("column", "percent to date"), lambda f: f.percent_to_date, _RATE),
        Column(pgettext("column", "last year to date"), lambda f: f.last_year_to_date, _NUMBER),
        Column(pgettext("column", "rank"), lambda f: f.rank, _NUMBER),
        Column(pgettext("column", "numerator"), lambda f: f.numerator, _NUMBER),
        Column(pgettext("column", "denominator"), lambda f: f.denominator, _NUMBER),
        Column(
            pgettext("column", "source of the denominator"), lambda f: f.denominator_source, _AFTER
        ),
        Column(pgettext("column", "approved"), lambda f: f.approved, _NUMBER),
        Column(pgettext("column", "reported"), lambda f: f.reported, _NUMBER),
        Column(pgettext("column", "expected"), lambda f: f.expected, _NUMBER),
        Column(pgettext("column", "decision"), lambda f: f.decision, _AFTER),
        Column(pgettext("column", "authority"), lambda f: f.authority, _TEXT),
        Column(pgettext("column", "version of the plan"), lambda f: f.version, _NUMBER),
    ]
