"""Builds the conference workbook: the order of the sheets, what the file says of itself, its bytes.

The same conference gives the same bytes on one environment: times come from the data.
"""

import re
from datetime import datetime, time
from types import ModuleType

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from reports.conference.contents import Conference
from reports.wording.words import (
    authority_name,
    day,
    map_words,
    month_number,
    occasion,
    peoples_committee,
)

from .archive import packed
from .sheet import MARGINS_MM, Sheet, without_controls
from .sheets import (
    communes,
    completeness,
    cover,
    notes,
    promises,
    ranking,
    summary,
    tidy,
    trajectory,
    units,
)
from .style import TYPEFACE, Styles

SHEETS: tuple[ModuleType, ...] = (
    summary,
    units,
    ranking,
    trajectory,
    communes,
    promises,
    completeness,
    notes,
    tidy,
)
"""What follows the cover, in order; a sheet that would be empty is left out."""

_STATEMENT_ENDS = re.compile(r"[.:;]")
"""A notice stands whole on the page; its foot has room for the first statement."""
_ROOM_IN_MARGIN = 60


def build(conference: Conference) -> bytes:
    """The workbook of ``conference`` as a file, in the conference's language."""
    with translation.override(conference.language):
        workbook = Workbook()
        workbook.remove(workbook.active)
        styles = Styles(workbook)
        _write_sheets(workbook, styles, conference)
        styles.close()
        _describe(workbook, conference)
        return packed(workbook, company=peoples_committee(conference.unit))


def _write_sheets(workbook: Workbook, styles: Styles, conference: Conference) -> None:
    wanted = [module for module in SHEETS if module.wanted(conference)]
    contents = [(str(module.NAME), str(module.ABOUT)) for module in wanted]
    # All sheets exist before the first is written: they link to one another.
    pages = [
        Sheet(
            workbook.create_sheet(str(module.NAME)),
            styles,
            contents=str(cover.NAME),
            scope=_scope(conference),
        )
        for module in (cover, *wanted)
    ]
    cover.write(pages[0], conference, contents)
    for module, page in zip(wanted, pages[1:], strict=True):
        module.write(page, conference)
    for page in pages:
        page.finish()
        _frame(page, conference)
    workbook.active = 0


def _scope(conference: Conference) -> str:
    """The line under every title: whose figures, against whose plan, on which map, up to when."""
    return " · ".join(
        (
            conference.unit.full_name,
            _("plan of %(authority)s")
            % {"authority": authority_name(conference.authority, conference.province)},
            _("map: %(map)s") % {"map": map_words(conference.map_day, conference.month)},
            _("figures up to %(day)s") % {"day": day(conference.data_to)},
        )
    )


def _frame(page: Sheet, conference: Conference) -> None:
    """Margins, and what stands at the top and the foot of every printed page."""
    ws = page.ws
    for side, millimetres in MARGINS_MM.items():
        setattr(ws.page_margins, side, millimetres / 25.4)
    ws.page_margins.header = ws.page_margins.footer = 8 / 25.4
    header, footer = ws.oddHeader, ws.oddFooter
    if page.title != page.contents:
        header.left.text = _in_margin(conference.committee)
        header.right.text = _in_margin(occasion(conference.month))
    stamp = _("up to %(day)s") % {"day": day(conference.data_to)}
    footer.left.text = _in_margin(_STATEMENT_ENDS.split(conference.notice, maxsplit=1)[0])
    footer.center.text = _("Page %(page)s/%(pages)s") % {"page": "&P", "pages": "&N"}
    footer.right.text = f"{stamp} · {conference.version[:12]}"
    for part in (header.left, header.right, footer.left, footer.center, footer.right):
        part.font, part.size = f"{TYPEFACE},Regular", 8


def _in_margin(text: str) -> str:
    """Text for a header or footer, where & is a command and all parts share 255 characters."""
    return without_controls(text)[:_ROOM_IN_MARGIN].replace("&", "&&")


def _describe(workbook: Workbook, conference: Conference) -> None:
    """The file's properties, standard and custom."""
    at = datetime.combine(conference.data_to, time(23, 59, 59))
    about = workbook.properties
    about.title = occasion(conference.month)
    about.subject = f"{conference.unit.full_name}, {month_number(conference.month)}"
    about.creator = about.lastModifiedBy = without_controls(conference.committee)
    about.keywords = "BHXH, BHYT, BHTN"
    about.category = _("Conference workbook")
    about.description = without_controls(conference.notice) or None
    about.language = conference.language
    about.created = about.modified = at
    for name, value in (
        ("DataVersion", conference.version),
        ("Unit", conference.unit.code),
        ("Month", str(conference.month)),
        ("Map", conference.map_day.isoformat() if conference.map_day else "as it was"),
        ("Authority", conference.authority),
        ("Language", conference.language),
        ("Notice", without_controls(conference.notice)),
    ):
        if value:
            workbook.custom_doc_props.append(StringProperty(name=name, value=value))
