"""Completeness: who reported and was approved, twelve months by unit."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from reports.conference.completeness import Coverage
from reports.conference.contents import (
    Conference,
    Reporting,
)
from reports.engine.rules import Status
from reports.wording.words import month_number
from reports.workbook import style
from reports.workbook.sheet import (
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Completeness")
ABOUT = pgettext_lazy("sheet", "Who reported, twelve months by unit")


def wanted(data: Conference) -> bool:
    return any(cell.expected for unit in data.reporting for cell in unit.months)


def write(sheet: Sheet, data: Conference) -> None:
    """A symbol with sent of expected per unit and month, and the sums in numbers."""
    top = sheet.heading(
        _("Completeness of reporting, %(first)s to %(last)s")
        % {"first": month_number(data.months[0]), "last": month_number(data.months[-1])},
        sheet.scope,
        data.notice,
    )
    sheet.put(top, 1, _legend(), style.NOTE)
    top += 1
    columns = [
        Column(_("No."), lambda item: item[0], style.CENTRE),
        Column(_("Unit"), lambda item: item[1].unit.full_name, style.CELL),
    ]
    for position, month in enumerate(data.months):
        columns.append(
            Column(
                month_number(month),
                lambda item, at=position: said(item[1].months[at]),
                lambda item, at=position: _look(item[1].months[at]),
                least=9,
                align="center",
            )
        )
    columns += [
        Column(_("Sent"), lambda item: _sum(item[1], "sent"), least=9),
        Column(_("On time"), lambda item: _sum(item[1], "on_time"), least=9),
        Column(_("Approved"), lambda item: _sum(item[1], "approved"), least=9),
        Column(_("Expected"), lambda item: _sum(item[1], "expected"), least=9),
        Column(
            _("Share on time"),
            lambda item: _share(item[1]),
            style.FIGURE.but(format=style.RATE, bold=True),
            least=9,
        ),
    ]
    sheet.head(top, columns)
    row = top
    if len(data.reporting) > 1:
        row += 1
        sheet.row(row, columns, (None, _together(data)), dress=style.total)
    for position, unit in enumerate(data.reporting, start=1):
        row += 1
        sheet.row(row, columns, (position, unit))
    sheet.freeze(top + 1, 3)
    sheet.paper(landscape=True, repeat=(top, top))


def said(coverage: Coverage) -> str:
    """■ all on time, ▲ some late, □ some missing; then sent of expected. · while not in force."""
    if not coverage.expected:
        return "·"
    return f"{_symbol(coverage)} {coverage.sent}/{coverage.expected}"


def _symbol(coverage: Coverage) -> str:
    if coverage.missing:
        return "□"
    return "▲" if coverage.late else "■"


_STATUS = {"■": Status.MET, "▲": Status.BEHIND, "□": Status.AT_RISK}


def _look(coverage: Coverage) -> style.Look:
    base = style.CENTRE.but(size=9)
    if not coverage.expected:
        return base.but(colour=style.TERTIARY)
    _, tint, text = style.STATUS_COLOURS[_STATUS[_symbol(coverage)]]
    return base.but(fill=tint, colour=text)


def _legend() -> str:
    return "   ".join(
        (
            _("■ all sent on time"),
            _("▲ some late"),
            _("□ some missing"),
            _("· not in force in that month"),
            _("Numbers: reports sent / reports expected."),
        )
    )


def _together(data: Conference) -> Reporting:
    """All units as one row."""
    months = tuple(
        Coverage(
            unit=data.unit,
            month=month,
            expected=sum(cell.expected or 0 for cell in cells),
            sent=sum(cell.sent for cell in cells),
            on_time=sum(cell.on_time for cell in cells),
            approved=sum(cell.approved for cell in cells),
        )
        for month, cells in zip(
            data.months, zip(*(unit.months for unit in data.reporting), strict=True), strict=True
        )
    )
    return Reporting(data.unit, months)


def _sum(unit: Reporting, part: str) -> int:
    return sum(getattr(coverage, part) or 0 for coverage in unit.months)


def _share(unit: Reporting) -> float | None:
    expected = _sum(unit, "expected")
    return round(_sum(unit, "on_time") / expected, 4) if expected else None
