"""Notes on cells, as Excel keeps them: the words in one part, their frames in another."""

from collections.abc import Sequence
from dataclasses import dataclass

from commitments.intake.workbook.cells import column_letter

from .splicing import text

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass(frozen=True)
class Note:
    """A note on a cell; row and column count from 0."""

    row: int
    column: int
    words: str


def comments(notes: Sequence[Note], author: str) -> str:
    """The part with the words of the notes of one sheet."""
    said = "".join(
        f'<comment ref="{column_letter(note.column)}{note.row + 1}" authorId="0"><text><r><t '
        f'xml:space="preserve">{text(note.words)}</t></r></text></comment>'
        for note in notes
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<authors><author>{text(author)}</author></authors><commentList>{said}</commentList>"
        "</comments>"
    )


def drawing(notes: Sequence[Note]) -> str:
    """The part with the frames of the notes, hidden until somebody points at the cell."""
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + index}" type="#_x0000_t202" '
        'style="position:absolute;width:220pt;height:70pt;visibility:hidden" fillcolor="#FFFFE1">'
        '<v:fill color2="#FFFFE1"/><v:path o:connecttype="none"/><v:textbox/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{note.row}</x:Row><x:Column>{note.column}</x:Column>"
        "</x:ClientData></v:shape>"
        for index, note in enumerate(notes)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
        '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" '
        'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
        'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
        f"{shapes}</xml>"
    )
