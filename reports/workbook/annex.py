"""The annex of a decision as a workbook: one row a unit, one column an indicator.

It reads back as what it was written from: names and codes of units, names of indicators with what
they are measured in, rates with their percent sign, and other signs than the usual one in words.
A deadline other than December and a plan path have no place in an annex; a note says so.
"""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from commitments.models import Decision, Indicator, Operator, Target
from districts.models import Unit
from districts.months import Month
from reports.wording import words

from . import style
from .sheet import MARGINS_MM, Column, Sheet
from .style import Look, Styles

_HEAD_ROW = 6
_TEXT = style.CELL
_RATE = style.FIGURE.but(format=style.RATE_2)
_SIGNED = style.CELL.but(align="right")

Row = tuple[Unit, Sequence[Target | None]]
_Item = tuple[int, Row]


def write_annex(
    *, decision: Decision, indicators: Sequence[Indicator], rows: Sequence[Row], notice: str = ""
) -> bytes:
    """The targets of ``rows`` as a file: A4 landscape, one page wide, the heading repeated."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    styles = Styles(workbook)
    name = pgettext("sheet", "Annex")
    sheet = Sheet(workbook.create_sheet(name), styles, contents=name, scope="")
    columns = [
        Column(pgettext("column", "No."), lambda item: item[0], style.CENTRE, least=5),
        Column(_("Code of the unit"), lambda item: item[1][0].code, _TEXT, least=9),
        Column(pgettext("column", "Unit"), lambda item: item[1][0].full_name, _TEXT, least=26),
        *(_column(place, indicator) for place, indicator in enumerate(indicators)),
    ]
    sheet.head(_HEAD_ROW, columns)
    row = _HEAD_ROW
    for number, item in enumerate(rows, 1):
        row += 1
        is_whole = item[0].pk == decision.unit_id
        sheet.row(row, columns, (number, item), dress=style.total if is_whole else None)
    sheet.freeze(_HEAD_ROW + 1, 4)
    sheet.settle()
    wide = sheet.last_column
    sheet.text(1, 1, wide, decision.issuer or decision.unit.full_name, style.SUBTITLE)
    title = _("Annex of %(number)s: targets of %(year)s")
    details = {"number": decision.number, "year": decision.year}
    sheet.text(2, 1, wide, title % details, style.TITLE)
    sheet.text(3, 1, wide, _about(decision), style.SUBTITLE)
    if notice:
        sheet.text(4, 1, wide, notice, style.NOTICE)
    if _loses(decision, rows):
        said = _("Deadlines before December and plan paths are not shown here.")
        sheet.text(row + 2, 1, wide, said, style.NOTE)
    sheet.paper(landscape=True, repeat=(_HEAD_ROW, _HEAD_ROW))
    sheet.finish()
    for side, millimetres in MARGINS_MM.items():
        setattr(sheet.ws.page_margins, side, millimetres / 25.4)
    styles.close()
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _about(decision: Decision) -> str:
    said = _("issued on %(day)s, counts from %(from)s, on behalf of: %(authority)s")
    details = {
        "day": words.day(decision.issued_on),
        "from": words.day(decision.effective_on),
        "authority": decision.get_authority_display(),
    }
    return said % details


def _loses(decision: Decision, rows: Sequence[Row]) -> bool:
    december = Month.of(decision.year, 12)
    return any(
        target is not None and target.deadline != december
        for _unit, targets in rows
        for target in targets
    )


def _column(place: int, indicator: Indicator) -> Column:
    def value(item: _Item) -> int | float | str | None:
        target = item[1][1][place]
        return None if target is None else _written(target, indicator)

    def look(item: _Item) -> Look:
        target = item[1][1][place]
        if target is not None and isinstance(_written(target, indicator), str):
            return _SIGNED
        return _RATE if indicator.decimals else style.FIGURE

    measure = pgettext("unit of measure", "VND") if words.is_money(indicator) else None
    head = f"{indicator.name} ({measure or words.measure(indicator)})"
    return Column(head, value, look, least=11, align="right")


def _written(target: Target, indicator: Indicator) -> int | float | str:
    """A number where the sign is the usual one, else the sign and the number in words."""
    usual = Operator.AT_MOST if indicator.direction == "down" else Operator.AT_LEAST
    if target.operator == usual:
        return target.value / (100 * indicator.scale) if indicator.decimals else target.value
    number = f"{target.unscaled:f}%" if indicator.decimals else str(target.value)
    return f"{words.operator(target.operator)} {number.replace('.', ',')}"
