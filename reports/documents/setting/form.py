"""The form of administrative documents: Decree 30/2020/ND-CP, annex I, said once for both writers.

Paper, margins and column widths are in ``fit.py``; sizes, the head of the state, rules, zeros of
numbers and days, recipients and the block of the signature here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.wording.words import decree_day

from .document import Align, Column, Head, Line, Signatures
from .fonts import width

BODY = 13
PAGE_NUMBER = 13
FOOTER = 9
NOTE = 11
STATE_SIZE, MOTTO_SIZE = 13, 14
AGENCY_SIZE = 13
AGENCY_WIDTH, STATE_WIDTH = 62.0, 98.0
"""Millimetres of the two columns of the head: the name of the state stays on one line."""
TITLE_RULE = 55.0
CODE = 25.0
"""The side of a QR code."""


def state() -> str:
    return pgettext("document", "SOCIALIST REPUBLIC OF VIET NAM")


def motto() -> str:
    return pgettext("document", "Independence - Freedom - Happiness")


def motto_rule() -> float:
    """As long as the motto."""
    return width(motto(), MOTTO_SIZE, bold=True)


def agency_rule(agency: str) -> float:
    """Between a third and a half of the agency's last line."""
    last = agency.splitlines()[-1] if agency else ""
    return 0.42 * min(width(last, AGENCY_SIZE, bold=True), AGENCY_WIDTH)


def document_number(number: int | str | None, symbol: str) -> str:
    """``Số: 05/BC-BCĐ``: below ten with a zero; room for the number where there is none yet."""
    shown = glued(" " * 6) if number in (None, "") else str(number)
    if shown.isdecimal() and len(shown) == 1:
        shown = f"0{shown}"
    return _("No.: %(number)s/%(symbol)s") % {"number": shown, "symbol": symbol}


def place_and_date(place: str, on: date | None) -> str:
    """Zeros only before days below ten and months 1 and 2; room for a day that is not fixed yet."""
    if on is not None:
        return decree_day(place, on)
    return glued(pgettext("document", "%(place)s,        /        /") % {"place": place})


def day_in_words(on: date) -> str:
    """``ngày 07 tháng 3 năm 2024``; each number stays with its word on one line."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    said = pgettext("document", "%(day)02d/%(month)s/%(year)d")
    return said % {"day": on.day, "month": month, "year": on.year}


def roman(number: int) -> str:
    """I, II, III: parts of a document are counted so."""
    found = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        times, number = divmod(number, value)
        found += letters * times
    return found


def glued(text: str) -> str:
    """A text whose words stay on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def head_widths(room: float) -> tuple[float, float]:
    """The two columns of the head; on its side a page has more room for both."""
    wide = room / (AGENCY_WIDTH + STATE_WIDTH)
    return AGENCY_WIDTH * wide, STATE_WIDTH * wide


def head_lines(head: Head) -> tuple[list[Line], list[Line], list[Line], list[Line]]:
    """What stands in the head: agencies, the state, the number (and what about), place and day."""
    agencies = [
        Line(text, AGENCY_SIZE, bold=bold, align=Align.CENTRE)
        for part, bold in ((head.superior, False), (head.agency, True))
        for text in part.splitlines()
    ]
    agencies[-1] = replace(agencies[-1], rule=agency_rule(head.agency))
    state_lines = [
        Line(state(), STATE_SIZE, bold=True, align=Align.CENTRE),
        Line(motto(), MOTTO_SIZE, bold=True, align=Align.CENTRE, rule=motto_rule()),
    ]
    number = [Line(text, BODY, align=Align.CENTRE) for text in head.number.splitlines()]
    number += [Line(text, 12, align=Align.CENTRE) for text in head.about.splitlines()]
    place = [Line(head.place_and_date, BODY, italic=True, align=Align.CENTRE)]
    return agencies, state_lines, number, place


def groups(columns: Sequence[Column]) -> list[tuple[str, list[int]]]:
    """Labels above the headings, each with the places of its columns; "" where there is none."""
    found = []
    for group, places in groupby(range(len(columns)), key=lambda place: columns[place].group):
        found.append((group, list(places)))
    return found


# --- lines that every document has -----------------------------------------------------------


def title(*lines: str, about: str = "") -> tuple[Line, ...]:
    """The type of the document, what it is about, and the rule below."""
    rest = [Line(text, 13, bold=True, align=Align.CENTRE, keep=True) for text in lines[1:]]
    if about:
        rest.append(Line(about, 13, italic=True, align=Align.CENTRE, keep=True))
    first = Line(lines[0], 14, bold=True, align=Align.CENTRE, before=12, keep=True)
    *before, last = [first, *rest]
    ruled = Line(last.text, last.size, last.bold, last.italic, last.align, rule=TITLE_RULE)
    return (*before, ruled)


def paragraph(text: str, *, italic: bool = False) -> Line:
    """Running text: justified, its first line indented, six points before it."""
    return Line(text, BODY, italic=italic, align=Align.JUSTIFIED, before=6, indent=True)


def unit_line(text: str) -> Line:
    """What a table is measured in, above it on the right."""
    return Line(text, BODY, italic=True, align=Align.RIGHT, before=6, keep=True)


def note(text: str) -> Line:
    return Line(text, NOTE, italic=True, align=Align.JUSTIFIED, before=3)


def recipients(names: tuple[str, ...]) -> tuple[Line, ...]:
    """``Nơi nhận:`` with one recipient a line."""
    if not names:
        return ()
    head = Line(pgettext("document", "Recipients:"), 12, bold=True, italic=True)
    return (head, *(Line(f"- {name}", 11) for name in names))


def signer(posts: tuple[str, ...]) -> tuple[Line, ...]:
    """Authority and post of the signer, in capitals."""
    return tuple(Line(post, BODY, bold=True, align=Align.CENTRE) for post in posts)


def name(text: str) -> tuple[Line, ...]:
    return (Line(text, BODY, bold=True, align=Align.CENTRE),) if text else ()


def closing(
    names: tuple[str, ...], posts: tuple[str, ...], office: tuple[str, ...], signer_name: str
) -> Signatures:
    """Recipients left, the signer right: post, room, the post in the own agency, name."""
    return Signatures(
        left=recipients(names),
        right=signer(posts),
        right_name=(*signer(office), *name(signer_name)),
    )
