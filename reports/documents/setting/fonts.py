"""The letters of every document: Liberation Serif 2.1.5, of the same widths as Times New Roman.

Shipped in ``fonts/`` under the SIL Open Font License 1.1 and held against its digests before it is
used: another version of the same name lacks ninety-two Vietnamese letters, and nothing would say
so. Widths are measured here, so that no number is cut at the edge of a cell.
"""

import hashlib
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "Liberation Serif"
FOLDER = Path(__file__).parent / "fonts"
MM_OF_POINT = 25.4 / 72

_DIGESTS = {
    "Regular": "29d12439831b7f59194efec85872f24f54eff05738933f9a860220d2abff88ba",
    "Bold": "446a4421f297698427170fd7db20e59169a4188baaaf940e9bea58af6341a723",
    "Italic": "c1830c433ab41379f1139fac388989d37c9f08c81e1bd643efdcc7946db30753",
    "BoldItalic": "36dd6965be8915f6d7efb259757f1f7546a7c6f72c53a20bbe4ae7092f2cd558",
}


class WrongFont(Exception):
    """A file of the family is missing or not the one that was shipped."""


@cache
def folder() -> Path:
    """Where the four files lie, each checked once. Raises WrongFont."""
    for style in _DIGESTS:
        _checked(style)
    return FOLDER


def width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """How wide a text is set on one line, in millimetres."""
    advances, per_em = _advances(("Bold" if bold else "") + ("Italic" if italic else ""))
    return sum(advances(letter) for letter in text) * size / per_em * MM_OF_POINT


def missing_letters(text: str) -> str:
    """The letters of a text that the family does not have, each once; spaces count as letters."""
    known = _font("Regular").getBestCmap()
    return "".join(sorted({letter for letter in text if ord(letter) not in known} - {"\n"}))


def _checked(style: str) -> Path:
    path = FOLDER / f"LiberationSerif-{style}.ttf"
    if not path.is_file():
        raise WrongFont(f"{path.name} is missing from {FOLDER}.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != _DIGESTS[style]:
        raise WrongFont(f"{path.name} is not the file of version 2.1.5 that was shipped.")
    return path


@cache
def _font(style: str) -> TTFont:
    return TTFont(_checked(style), lazy=True)


@cache
def _advances(style: str):
    font = _font(style or "Regular")
    glyphs, metrics = font.getBestCmap(), font["hmtx"]

    @cache
    def advance(letter: str) -> int:
        return metrics[glyphs.get(ord(letter), ".notdef")][0]

    return advance, font["head"].unitsPerEm
