"""How much room text takes: widths of Arial, so that columns and rows fit before anyone opens them.

Excel stores no "auto fit": what is written here is what the reader sees.
"""

import math
import unicodedata
from functools import lru_cache

PIXELS_PER_POINT = 96 / 72
DIGIT_PIXELS = 7
"""Width of a digit of Arial 10: the unit in which column widths are given."""
PADDING_PIXELS = 9
"""What a spreadsheet keeps free on both sides of a cell, with a little air."""
INDENT_PIXELS = 9
"""One step of indentation."""
BOLD = 1.08
SAFETY = 1.02
"""Fonts differ a little between systems; text must fit on all of them."""

_ADVANCES = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[]\\ft·",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "cksvxyzJ",
    556: "0123456789abdeghnopquL#$_?–đ",
    584: "+<=>~−±≥≤",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUwĐ",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
    1000: "—…→↑↓↩",
}
"""Advance widths of the typeface in thousandths of the font size."""
_ADVANCE = {character: width for width, all_of_it in _ADVANCES.items() for character in all_of_it}
_UNKNOWN = 850
_HORNED = 60
"""Extra width of ơ and ư over o and u."""


def _advance(character: str) -> int:
    if (width := _ADVANCE.get(character)) is not None:
        return width
    base, *marks = unicodedata.normalize("NFD", character)
    return _ADVANCE.get(base, _UNKNOWN) + (_HORNED if "\u031b" in marks else 0)


@lru_cache(maxsize=20_000)
def pixels(text: str, size: float = 10, bold: bool = False) -> float:
    """Width of one line of text in pixels at 96 dots per inch."""
    width = sum(map(_advance, text)) * size * PIXELS_PER_POINT / 1000
    return width * (BOLD if bold else 1) * SAFETY


def column_width(content_pixels: float) -> float:
    """The column width, in digits, that holds content of so many pixels."""
    return math.ceil((content_pixels + PADDING_PIXELS) / DIGIT_PIXELS * 4) / 4


def column_pixels(width: float) -> float:
    """Room for content in a column of ``width`` digits."""
    return width * DIGIT_PIXELS - PADDING_PIXELS


def lines(text: str, room: float, size: float = 10, bold: bool = False) -> int:
    """How many lines ``text`` takes when wrapped at spaces into ``room`` pixels."""
    count = 0
    space = pixels(" ", size, bold)
    for paragraph in text.split("\n"):
        count += 1
        used = 0.0
        for word in paragraph.split(" "):
            width = pixels(word, size, bold)
            if used and used + space + width > room:
                count += 1
                used = 0.0
            if width > room:
                count += math.ceil(width / room) - 1
            used += width + (space if used else 0)
    return count


def line_height(size: float = 10) -> float:
    """Height of a line in points: Vietnamese letters carry two marks one above the other."""
    return size * 1.32
