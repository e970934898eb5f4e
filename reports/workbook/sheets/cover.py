"""Cover: who holds the conference on what, where to find what, and what the signs mean."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from reports.conference.contents import Conference
from reports.engine.rules import (
    BEHIND_FROM,
    EXCEEDED_FROM,
    Status,
    half_up,
)
from reports.wording.words import (
    authority_name,
    day,
    decree_day,
    map_words,
    month_number,
    number,
    occasion,
    peoples_committee,
    percent,
    status_word,
)
from reports.workbook import style
from reports.workbook.sheet import Sheet

NAME = pgettext_lazy("sheet", "Cover")
ABOUT = pgettext_lazy("sheet", "Contents, state of the data, meaning of the signs")

_COLUMNS = 24
_COLUMN_WIDTH = 4
_LEFT, _RIGHT = (1, 10), (11, 24)
_LEFT_RULE, _RIGHT_RULE = (4, 7), (15, 20)
_LABEL, _VALUE = (1, 8), (9, 24)
_SIGN, _MEANING = (1, 5), (6, 24)

_CENTRED = style.Look(align="center")
_KEY = style.Look(size=9, colour=style.SECONDARY, below=style.HAIRLINE)
_SAID = style.Look(below=style.HAIRLINE)
_SIGNS = style.STATUS.but(size=10)
_BAND = style.Look(fill=style.NAVY, colour=style.WHITE, align="center")
_GOLD = style.Look(fill=style.GOLD)


def wanted(data: Conference) -> bool:
    return True


def write(sheet: Sheet, data: Conference, contents: Sequence[tuple[str, str]]) -> None:
    """``contents``: the name of each sheet and what it answers, in order."""
    sheet.widths([_COLUMN_WIDTH] * _COLUMNS)
    row = _state_header(sheet, data)
    row = _title(sheet, row + 1, data)
    row = _stamp(sheet, row + 1, data)
    row = _contents(sheet, row + 1, contents)
    _legend(sheet, row + 1)
    sheet.paper(landscape=False, one_page=True, from_row=1)


def _state_header(sheet: Sheet, data: Conference) -> int:
    """Decree 30: the agency left, the state and its motto right, place and date in italics."""
    bold = _CENTRED.but(bold=True)
    sheet.text(1, *_LEFT, peoples_committee(data.unit).upper(), _CENTRED)
    sheet.text(1, *_RIGHT, _("SOCIALIST REPUBLIC OF VIET NAM"), bold)
    sheet.text(2, *_LEFT, data.committee.upper(), bold)
    sheet.text(2, *_RIGHT, _("Independence - Freedom - Happiness"), bold.but(size=11))
    rule = style.Look(above=("thin", style.INK))
    sheet.fill(3, *_LEFT_RULE, rule)
    sheet.fill(3, *_RIGHT_RULE, rule)
    sheet.height(3, 8)
    sheet.text(4, *_RIGHT, decree_day(data.unit.name, data.dated), _CENTRED.but(italic=True))
    return 4


def _title(sheet: Sheet, row: int, data: Conference) -> int:
    sheet.height(row, 22)
    lines = [
        (data.unit.full_name, _BAND.but(size=11, colour=style.PALE_ON_NAVY, vertical="bottom"), 30),
        (occasion(data.month), _BAND.but(size=21, bold=True), 40),
        (
            _(
                "Targets, commitments and results of developing participants in social and "
                "health insurance"
            ),
            _BAND.but(size=11, vertical="top"),
            30,
        ),
    ]
    for text, look, height in lines:
        row += 1
        sheet.text(row, 1, _COLUMNS, text, look)
        sheet.put(row, 1, text, look.but(wrap=True))
        sheet.height(row, height)
    row += 1
    sheet.fill(row, 1, _COLUMNS, _GOLD)
    sheet.ws.row_dimensions[row].height = 3
    if data.notice:
        row += 1
        notice = style.NOTICE.but(align="center", fill=style.AMBER_TINT, size=10)
        sheet.text(row, 1, _COLUMNS, data.notice, notice)
        sheet.height(row, 22)
    return row


def _whose(data: Conference) -> str:
    """Whose plan, and the version of it where anything was assigned."""
    whose = authority_name(data.authority, data.province)
    version = max((one.version or 0 for one in data.own.figures.values()), default=0)
    if not version:
        return whose
    return _("%(authority)s, version %(version)s") % {"authority": whose, "version": version}


def _stamp(sheet: Sheet, row: int, data: Conference) -> int:
    sheet.height(row, 14)
    lead = data.own.figures.get(data.lead.code)
    facts = [
        (_("Month of the data"), month_number(data.month)),
        (_("Figures up to"), day(data.data_to)),
        (_("Measured against the plan of"), _whose(data)),
        (_("Map of units"), map_words(data.map_day, data.month)),
    ]
    if lead:
        facts.append(
            (
                _("Reports approved"),
                _("%(approved)s of %(expected)s")
                % {"approved": number(lead.approved), "expected": number(lead.expected)},
            )
        )
    facts.append((_("Version of the data"), data.version[:16]))
    for key, said in facts:
        row += 1
        sheet.text(row, *_LABEL, key, _KEY)
        sheet.text(row, *_VALUE, said, _SAID)
        sheet.height(row, 17)
    return row


def _contents(sheet: Sheet, row: int, contents: Sequence[tuple[str, str]]) -> int:
    row = _section(sheet, row, _("Contents"))
    for position, (name, about) in enumerate(contents, start=1):
        row += 1
        sheet.text(row, *_LABEL, f"{position}. {name}", _SAID.but(colour=style.LINK, bold=True))
        sheet.link(row, _LABEL[0], name)
        sheet.text(row, *_VALUE, about, _KEY)
        sheet.height(row, 17)
    return row


def _legend(sheet: Sheet, row: int) -> None:
    row = _section(sheet, row, _("What the signs mean"))
    for status, meaning in _meanings():
        row += 1
        sheet.text(row, *_SIGN, status_word(status), style.of_status(status, _SIGNS))
        sheet.text(row, *_MEANING, meaning, _KEY.but(indent=1))
        sheet.height(row, 17)
    row += 1
    sheet.text(
        row,
        1,
        _COLUMNS,
        _("Thousands and decimals are separated the way the reader's own computer does it."),
        style.NOTE.but(italic=True),
    )


def _meanings() -> list[tuple[Status, str]]:
    exceeded, behind = _threshold(EXCEEDED_FROM), _threshold(BEHIND_FROM)
    met = _threshold(Fraction(1))
    return [
        (
            Status.EXCEEDED,
            _("%(percent)s of the plan to date or more") % {"percent": exceeded},
        ),
        (
            Status.MET,
            _("from %(from)s to below %(to)s") % {"from": met, "to": exceeded},
        ),
        (
            Status.BEHIND,
            _("from %(from)s to below %(to)s") % {"from": behind, "to": met},
        ),
        (Status.AT_RISK, _("below %(percent)s") % {"percent": behind}),
        (Status.NO_TARGET, _("the unit was assigned no target")),
        (Status.NO_DATA, _("not reported or not yet approved; a blank is not a zero")),
        (Status.INCOMPLETE, _("not all reports approved: nothing is compared yet")),
        (Status.NOT_APPLICABLE, _("nobody to count, or nothing expected: 0 of 0 is no rate")),
    ]


def _threshold(share: Fraction) -> str:
    return percent(half_up(share * 100, 2))


def _section(sheet: Sheet, row: int, title: str) -> int:
    sheet.height(row, 10)
    row += 1
    sheet.fill(row, 1, _COLUMNS, style.SECTION)
    sheet.put(row, 1, title, style.SECTION)
    sheet.height(row, 20)
    return row
