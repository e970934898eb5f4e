"""The first sheet of an annotated copy: how many, what was not saved, and a link to each cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.intake.workbook.cells import Place

from .marked_sheet import text_cell
from .marked_styles import (
    Mark,
    MarkedStyles,
)
from .package import (
    RELATIONS,
    WORKBOOK,
    Package,
)
from .splicing import (
    Edits,
    elements,
)

RESULTS_SHEET = "Kết quả"
_PATH = "xl/worksheets/sheetKQ.xml"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PAPER = '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Problem:
    """Something wrong, or to be explained, at a place of a file. A place may be a whole sheet."""

    place: Place
    text: str
    mark: Mark = Mark.ERROR

    def on(self, sheet: str) -> Self:
        """The same on a sheet of that name, where the file had none."""
        return replace(self, place=Place(sheet, self.place.row, self.place.column))

    @property
    def said(self) -> str:
        """The words beside the row: which cell, and what about it."""
        cell = f"{self.place.column}{self.place.row}: " if self.place.column else ""
        return cell + self.text


def put_first(
    package: Package,
    styles: MarkedStyles,
    *,
    name: str,
    problems: Sequence[Problem],
    accepted: int,
    said: Sequence[str],
) -> None:
    """Put the sheet before all others, or in place of the one of an earlier copy."""
    xml = _sheet(styles, _lines(name, problems, accepted, said), problems)
    known = {part.name: part.path for part in package.sheets()}
    if RESULTS_SHEET in known:
        package.put(known[RESULTS_SHEET], xml)
        return
    package.put(_PATH, xml)
    package.declare(path=_PATH, content_type=_CONTENT_TYPE)
    _list_first(package, package.relate(WORKBOOK, "worksheet", _PATH))


def _lines(
    name: str, problems: Sequence[Problem], accepted: int, said: Sequence[str]
) -> list[tuple[Mark | None, str]]:
    """What stands above the list: of which file, how many, and whatever else is to be said."""
    wrong = sum(problem.mark == Mark.ERROR for problem in problems)
    asked = len(problems) - wrong
    counts = [
        (
            Mark.ACCEPTED,
            ngettext("%(n)s number is right.", "%(n)s numbers are right.", accepted)
            % {"n": accepted},
        ),
        (
            Mark.ERROR,
            ngettext("%(n)s place is wrong.", "%(n)s places are wrong.", wrong) % {"n": wrong},
        ),
        (
            Mark.WARNING,
            ngettext("%(n)s number asks for a reason.", "%(n)s numbers ask for a reason.", asked)
            % {"n": asked},
        ),
    ]
    return [
        (None, _("Result of the check: %(file)s") % {"file": name}),
        *counts,
        *((None, line) for line in said),
        (None, _("Correct the marked cells in this file and hand it in again as it is.")),
    ]


def _sheet(
    styles: MarkedStyles, lines: Sequence[tuple[Mark | None, str]], problems: Sequence[Problem]
) -> str:
    rows = [_row(row, [(mark, line)], styles) for row, (mark, line) in enumerate(lines, start=1)]
    head = len(lines) + 2
    headings = (_("Place"), _("What is wrong"))
    rows.append(_row(head, [(None, heading) for heading in headings], styles))
    links = []
    for row, problem in enumerate(problems, start=head + 1):
        place = problem.place
        rows.append(
            _row(row, [(problem.mark, _place(place)), (problem.mark, problem.text)], styles)
        )
        if place.sheet is not None:
            quoted = place.sheet.replace("'", "''")
            target = quoteattr(f"'{quoted}'!{place.column or 'A'}{place.row or 1}")
            links.append(f'<hyperlink ref="A{row}" location={target}/>')
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/>'
        '</sheetPr><sheetViews><sheetView tabSelected="1" showGridLines="0" '
        'workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="32" customWidth="1"/>'
        '<col min="2" max="2" width="90" customWidth="1"/></cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{_merges(len(lines))}{linked}{_PAPER}</worksheet>"
    )


def _merges(count: int) -> str:
    """The lines above the list run across both columns."""
    cells = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, count + 1))
    return f'<mergeCells count="{count}">{cells}</mergeCells>'


def _row(row: int, cells: Sequence[tuple[Mark | None, str]], styles: MarkedStyles) -> str:
    written = "".join(
        text_cell("", f"{letter}{row}", styles.words(mark), words)
        for letter, (mark, words) in zip("AB", cells, strict=False)
    )
    return f'<row r="{row}">{written}</row>'


def _place(place: Place) -> str:
    if place.sheet is None:
        return _("the whole file")
    return str(place) if place.row else place.sheet


def _list_first(package: Package, key: str) -> None:
    """Name the sheet before all others; what counts sheets by their place is moved along."""
    xml = package.xml(WORKBOOK)
    found = elements(xml, "sheets", "sheet", "definedName", "workbookView")
    edits = Edits(xml)
    numbers = [int(one.attributes["sheetId"]) for one in found if one.name == "sheet"]
    group = next(one for one in found if one.name == "sheets")
    edits.insert(
        group.inside,
        f'<{group.prefix}sheet xmlns:kq="{RELATIONS}" name="{RESULTS_SHEET}" '
        f'sheetId="{max(numbers) + 1}" kq:id="{key}"/>',
    )
    for one in found:
        if one.name == "definedName" and "localSheetId" in one.attributes:
            edits.set(one, localSheetId=str(int(one.attributes["localSheetId"]) + 1))
        elif one.name == "workbookView":
            edits.set(one, activeTab="0", firstSheet=None)
    package.put(WORKBOOK, edits.done())
