"""A document as plain frozen data: what both writers print, and no more.

Every figure is text already, every text normalised (NFC): ``word.py`` and ``pdf.py`` set what
stands here and compute nothing, so that Word and PDF cannot say different things. Lengths are
millimetres, sizes of letters points.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    JUSTIFIED = "justify"


@dataclass(frozen=True)
class Line:
    """One paragraph. ``rule``: length of a solid rule below it; ``indent``: of its first line."""

    text: str
    size: float = 13
    bold: bool = False
    italic: bool = False
    align: Align = Align.LEFT
    before: float = 0
    indent: bool = False
    rule: float = 0
    keep: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a table. ``number`` is what stands under its heading: "5=3+4".

    Columns with the same ``group``, side by side, share that label above their headings. One that
    ``grows`` takes the room that is left over; others are as wide as their widest word.
    """

    heading: str
    number: str
    align: Align = Align.RIGHT
    group: str = ""
    grows: bool = False


@dataclass(frozen=True)
class Row:
    """One row. ``spans``: its first text runs over all columns, as the title of what follows."""

    cells: tuple[str, ...]
    bold: bool = False
    italic: bool = False
    spans: bool = False


@dataclass(frozen=True)
class Signatures:
    """The last block: what stands left (recipients, or whoever drew the table up), and the signer.

    Names are printed below the ``room`` left for a signature, in lines.
    """

    left: tuple[Line, ...]
    right: tuple[Line, ...]
    left_name: tuple[Line, ...] = ()
    right_name: tuple[Line, ...] = ()
    room: int = 4


@dataclass(frozen=True)
class Table:
    """A table with a head that is repeated on every page.

    ``largest``: size of its letters, smaller only where they would be cut. ``notes`` stand below
    it; ``signatures`` close the document, and never stand alone on a page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    numbered: bool = True
    largest: int = 12
    notes: tuple[Line, ...] = ()
    signatures: Signatures | None = None


@dataclass(frozen=True)
class Head:
    """The head of the state: agencies left, the state and its motto right, number and place."""

    superior: str
    agency: str
    number: str
    place_and_date: str
    about: str = ""


@dataclass(frozen=True)
class Code:
    """A QR code with the lines beside it. ``alt`` says what it leads to."""

    address: str
    alt: str
    lines: tuple[Line, ...]


Block = Line | Table | Code | Signatures


@dataclass(frozen=True)
class Document:
    """One document. ``dated`` is its date for machines: the same data give the same bytes.

    ``footer`` stands on every page: cut-off day, version, notices.
    """

    title: str
    author: str
    language: str
    dated: datetime
    blocks: tuple[Block, ...]
    head: Head | None = None
    landscape: bool = False
    footer: tuple[str, ...] = ()

    def normalised(self) -> "Document":
        """The same document with every text composed (NFC)."""
        return _normalised(self)

    def texts(self) -> Iterator[str]:
        """Every text that is printed in the body, in order; for tests and searches."""
        for block in (self.head, *self.blocks):
            yield from _texts(block)


def _normalised(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, tuple):
        return tuple(map(_normalised, value))
    if is_dataclass(value):
        return replace(
            value, **{f.name: _normalised(getattr(value, f.name)) for f in fields(value)}
        )
    return value


def _texts(block: Head | Block | None) -> Iterator[str]:
    match block:
        case Head():
            yield from filter(None, (block.superior, block.agency, block.number, block.about))
            yield block.place_and_date
        case Line():
            yield block.text
        case Table():
            yield from (column.heading for column in block.columns)
            for row in block.rows:
                yield from row.cells
            yield from (note.text for note in block.notes)
            yield from _texts(block.signatures)
        case Code():
            yield from (line.text for line in block.lines)
        case Signatures():
            for side in (block.left, block.left_name, block.right, block.right_name):
                yield from (line.text for line in side)
