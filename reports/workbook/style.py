"""Every font, fill, rule and number format of the workbook. One typeface, one restrained palette.

A ``Look`` is how a cell looks; ``Styles`` turns each look into one style of one workbook, which
all cells of that look share (building style objects per cell takes nearly three times as long).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Self

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.writer.theme import theme_xml

from reports.engine.rules import Status
from reports.wording.words import needs_two_decimals

TYPEFACE = "Arial"

NAVY = "12324F"
INK = "14202E"
SECONDARY = "43525F"
TERTIARY = "5F6D79"
LINE = "DFE4E8"
LINE_STRONG = "C8D0D6"
PAPER = "F4F5F2"
BAND = "E9EEF3"
WHITE = "FFFFFF"
LINK = "0A4F8C"
GOLD = "F0C04A"
AMBER_TINT, AMBER_TEXT = "FDF0CF", "6B4A00"
RED_TEXT = "8E2412"
PALE_ON_NAVY = "C8D8E4"

STATUS_COLOURS: dict[Status, tuple[str, str, str]] = {
    Status.EXCEEDED: ("0B5FA5", "E2EEF8", "0A4B84"),
    Status.MET: ("1B8A6B", "DFF2EB", "0E5C46"),
    Status.BEHIND: ("E5A100", "FDF0CF", "6B4A00"),
    Status.AT_RISK: ("C2361F", "FBE3DD", "8E2412"),
    Status.NO_TARGET: ("9AA5AE", "FFFFFF", "5F6D79"),
    Status.NO_DATA: ("9AA5AE", "FFFFFF", "5F6D79"),
    Status.INCOMPLETE: ("9AA5AE", "FFFFFF", "5F6D79"),
    Status.NOT_APPLICABLE: ("9AA5AE", "FFFFFF", "5F6D79"),
}
"""Per status: solid (charts), tint (fill) and text on the tint; the text has 6.8:1 or better."""

COUNT = "#,##0"
SIGNED = r"+#,##0;\−#,##0;0"
RATE = "0.0%"
RATE_2 = "0.00%"
POINTS = r"+0.00;\−0.00;0.00"
MONEY = "#,##0.0"
SIGNED_MONEY = r"+#,##0.0;\−#,##0.0;0.0"
DATE = "dd/mm/yyyy"
MONTH = "mm/yyyy"
TEXT = "@"


@dataclass(frozen=True)
class Look:
    """How a cell looks. Rules are ``(thickness, colour)``; ``open`` on a protected sheet."""

    size: float = 10
    bold: bool = False
    italic: bool = False
    colour: str = INK
    fill: str | None = None
    hatched: bool = False
    align: str = "left"
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    format: str = "General"
    above: tuple[str, str] | None = None
    below: tuple[str, str] | None = None
    left: tuple[str, str] | None = None
    quoted: bool = False
    open: bool = False

    def but(self, **changes) -> Self:
        return replace(self, **changes)


HAIRLINE = ("hair", LINE_STRONG)
RULE = ("thin", NAVY)
HEAVY = ("medium", NAVY)

PLAIN = Look()
NOTE = Look(size=9, colour=SECONDARY)
LINK_TEXT = Look(size=9, colour=LINK)
TITLE = Look(size=15, bold=True, colour=NAVY)
SUBTITLE = Look(size=9.5, colour=SECONDARY)
NOTICE = Look(size=9, bold=True, colour=AMBER_TEXT)
SECTION = Look(size=11, bold=True, colour=NAVY, below=RULE)

HEAD = Look(
    size=9,
    bold=True,
    colour=NAVY,
    fill=BAND,
    align="right",
    wrap=True,
    above=HEAVY,
    below=RULE,
)
HEAD_LEFT = HEAD.but(align="left")
HEAD_CENTRE = HEAD.but(align="center")
HEAD_GROUP = HEAD.but(align="center", below=HAIRLINE, left=("thin", WHITE))

CELL = Look(below=HAIRLINE)
FIGURE = CELL.but(align="right", format=COUNT)
AFTER_FIGURE = CELL.but(indent=1)
CENTRE = CELL.but(align="center")
STATUS = CELL.but(bold=True, size=9, indent=1)

TOTAL = Look(bold=True, fill=PAPER, above=RULE, below=RULE)
BLOCK = Look(size=10.5, bold=True, colour=WHITE, fill=NAVY)


@cache
def total(look: Look) -> Look:
    """The same look in a total row: bold on paper between two rules."""
    return look.but(bold=True, fill=PAPER, above=RULE, below=RULE)


@cache
def subtotal(look: Look) -> Look:
    """The same look in a subtotal row: bold on a light band."""
    return look.but(bold=True, fill=BAND, below=("thin", LINE_STRONG))


def exact_enough(value: object, look: Look) -> Look:
    """One more decimal where a rate would read as a threshold of the status it is not."""
    if look.format == RATE and needs_two_decimals(Decimal(str(value)) * 100):
        return look.but(format=RATE_2)
    return look


def shown(value: object, look: Look) -> str:
    """The text a reader sees, as far as its width goes."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return "00/00/0000"
    return _SAMPLES.get(look.format.rpartition('"')[2], str)(value) + "≥ " * ('"' in look.format)


_SAMPLES: dict[str, Callable[[object], str]] = {
    COUNT: "{:,}".format,
    SIGNED: "{:+,}".format,
    RATE: "{:.1%}".format,
    RATE_2: "{:.2%}".format,
    POINTS: "{:+.2f}".format,
    MONEY: "{:,.1f}".format,
    SIGNED_MONEY: "{:+,.1f}".format,
}


@cache
def of_status(status: Status, look: Look = STATUS) -> Look:
    """The look of a status word: tint and text of its colour, whatever row it stands in."""
    _, tint, text = STATUS_COLOURS[status]
    plain = tint == WHITE
    return look.but(colour=text, fill=look.fill if plain else tint, bold=not plain)


def differential(status: Status) -> DifferentialStyle:
    """The same colours for a conditional format, which follows the word when a reader edits it."""
    _, tint, text = STATUS_COLOURS[status]
    return DifferentialStyle(
        font=Font(bold=True, color=text), fill=PatternFill(bgColor=tint, fill_type="solid")
    )


class Styles:
    """The looks of one workbook, each made once and shared by its cells."""

    def __init__(self, workbook: Workbook):
        _speak_one_typeface(workbook)
        self._maker = workbook.create_sheet("looks")
        self._made: dict[Look, StyleArray] = {}
        # Looks are mostly the same objects: finding them by identity spares hashing each cell's.
        self._known: dict[int, tuple[Look, StyleArray]] = {}

    def __getitem__(self, look: Look) -> StyleArray:
        known = self._known.get(id(look))
        if known is not None:
            return known[1]
        made = self._made.get(look)
        if made is None:
            made = self._made[look] = self._make(look)
        self._known[id(look)] = (look, made)
        return made

    def close(self) -> None:
        """Take the scratch sheet away; no new look may be asked for afterwards."""
        self._maker.parent.remove(self._maker)

    def _make(self, look: Look) -> StyleArray:
        cell = self._maker.cell(1, len(self._made) + 1)
        cell.font = Font(
            name=TYPEFACE, size=look.size, bold=look.bold, italic=look.italic, color=look.colour
        )
        if look.hatched:
            cell.fill = PatternFill("lightUp", fgColor=LINE_STRONG, bgColor=look.fill or WHITE)
        elif look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        cell.border = Border(top=_side(look.above), bottom=_side(look.below), left=_side(look.left))
        cell.alignment = Alignment(
            horizontal=look.align,
            vertical=look.vertical,
            wrap_text=look.wrap or None,
            indent=look.indent,
        )
        cell.number_format = look.format
        if look.open:
            cell.protection = Protection(locked=False)
        style = cell._style
        style.quotePrefix = int(look.quoted)
        return style


def _side(rule: tuple[str, str] | None) -> Side:
    return Side(style=rule[0], color=rule[1]) if rule else Side()


def _speak_one_typeface(workbook: Workbook) -> None:
    """Make the default cell, the normal style and the theme (charts) use the one typeface."""
    plain = Font(name=TYPEFACE, size=10, color=INK)
    workbook._fonts = IndexedList([plain])
    workbook._named_styles["Normal"].font = plain
    workbook.loaded_theme = theme_xml.replace("Calibri", TYPEFACE).replace("Cambria", TYPEFACE)
