"""Marks on one sheet of somebody's workbook: cells bordered, a column of words beside the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commitments.intake.workbook.cells import column_index, column_letter

from .marked_styles import (
    Mark,
    MarkedStyles,
)
from .splicing import (
    Edits,
    Element,
    children,
    elements,
    text,
    with_attributes,
)

WIDTH = 60
_BELOW_LEGACY_DRAWING = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
}  # fmt: skip
"""What may only stand below the reference to the notes of a sheet."""


@dataclass
class Marks:
    """What to write on a sheet: per cell (row, column from 0) and per row beside the table.

    ``column`` is where the words go; what stood there in ``column`` of other rows is emptied.
    """

    column: int
    cells: dict[tuple[int, int], Mark] = field(default_factory=dict)
    words: dict[int, tuple[Mark | None, str]] = field(default_factory=dict)
    emptied: frozenset[int] = frozenset()


def mark_sheet(xml: bytes, marks: Marks, styles: MarkedStyles, *, notes: str = "") -> bytes:
    """The sheet with its marks; ``notes`` is the key of the part that draws notes, if any."""
    found = elements(xml)
    edits = Edits(xml)
    root = next(one for one in found if one.depth == 0)
    data = next(one for one in found if one.name == "sheetData")
    _mark_rows(xml, found, data, edits, marks, styles)
    _widen(found, data, edits, marks.column)
    for view in found:
        if view.name == "sheetView" and "tabSelected" in view.attributes:
            edits.set(view, tabSelected=None)
    if notes:
        below = [one for one in children(found, root) if one.name in _BELOW_LEGACY_DRAWING]
        at = below[0].start if below else root.last
        edits.insert(
            at,
            f'<{root.prefix}legacyDrawing xmlns:kq="http://schemas.openxmlformats.org/'
            f'officeDocument/2006/relationships" kq:id="{notes}"/>',
        )
    return edits.done()


def has_notes(xml: bytes) -> bool:
    return bool(elements(xml, "legacyDrawing"))


def _mark_rows(
    xml: bytes,
    found: list[Element],
    data: Element,
    edits: Edits,
    marks: Marks,
    styles: MarkedStyles,
) -> None:
    wanted: dict[int, dict[int, Mark | None]] = {}
    for (row, column), mark in marks.cells.items():
        wanted.setdefault(row, {})[column] = mark
    for row in {*marks.words, *marks.emptied}:
        wanted.setdefault(row, {})[marks.column] = None
    rows = _rows(found, data)
    for number, columns in sorted(wanted.items()):
        if (row := rows.get(number)) is not None:
            _mark_row(xml, number, row, edits, marks, styles, columns)
            continue
        cells = "".join(
            _cell(data.prefix, number, column, marks, styles) for column in sorted(columns)
        )
        said = f'<{data.prefix}row r="{number + 1}">{cells}</{data.prefix}row>'
        later = [row for other, row in rows.items() if other > number]
        if later:
            edits.insert(min(row.element.start for row in later), said)
        else:
            edits.add_to(data, said)


@dataclass
class _Row:
    element: Element
    cells: dict[int, Element] = field(default_factory=dict)


def _rows(found: list[Element], data: Element) -> dict[int, _Row]:
    """Every row by its number from 0, with its cells by column; either may be left unsaid."""
    rows: dict[int, _Row] = {}
    number = column = -1
    for element in found:
        if not data.start < element.start < data.end:
            continue
        if element.name == "row":
            said = element.attributes.get("r")
            number, column = number + 1 if said is None else int(said) - 1, -1
            rows[number] = _Row(element)
        elif element.name == "c" and number in rows:
            said = element.attributes.get("r", "").rstrip("0123456789")
            column = column_index(said) if said else column + 1
            rows[number].cells[column] = element
    return rows


def _mark_row(
    xml: bytes,
    number: int,
    row: _Row,
    edits: Edits,
    marks: Marks,
    styles: MarkedStyles,
    columns: Mapping[int, Mark | None],
) -> None:
    if "spans" in row.element.attributes and not row.element.is_empty:
        edits.set(row.element, spans=None)
    prefix, missing = row.element.prefix, []
    for column in sorted(columns):
        cell = row.cells.get(column)
        if cell is None:
            missing.append(column)
        elif column == marks.column:
            edits.replace(cell.start, cell.end, _cell(prefix, number, column, marks, styles))
        else:
            before = cell.attributes.get("s", "0")
            edits.set(cell, s=styles.marked(before, columns[column]))
    if not missing:
        return
    if row.element.is_empty:
        tag = with_attributes(xml[row.element.start : row.element.end].decode(), spans=None)
        cells = "".join(_cell(prefix, number, column, marks, styles) for column in missing)
        said = f"{tag[:-2].rstrip()}>{cells}</{prefix}row>"
        edits.replace(row.element.start, row.element.end, said)
        return
    for column in missing:
        later = [cell.start for other, cell in row.cells.items() if other > column]
        at = min(later) if later else row.element.last
        edits.insert(at, _cell(prefix, number, column, marks, styles))


def _cell(prefix: str, row: int, column: int, marks: Marks, styles: MarkedStyles) -> str:
    """A cell that was not there: a blank one that is wrong, or the words beside a row."""
    place = f"{column_letter(column)}{row + 1}"
    if column != marks.column:
        style = styles.marked("0", marks.cells[row, column])
        return f'<{prefix}c r="{place}" s="{style}"/>'
    if row not in marks.words:
        return ""
    mark, words = marks.words[row]
    return text_cell(prefix, place, styles.words(mark), words)


def text_cell(prefix: str, place: str, style: str, words: str) -> str:
    """A cell that holds a text."""
    return (
        f'<{prefix}c r="{place}" s="{style}" t="inlineStr"><{prefix}is>'
        f'<{prefix}t xml:space="preserve">{text(words)}</{prefix}t></{prefix}is></{prefix}c>'
    )


def _widen(found: list[Element], data: Element, edits: Edits, column: int) -> None:
    """Make the column of words wide, unless the sheet already says how wide it is."""
    columns = [one for one in found if one.name == "col"]
    if any(int(one.attributes.get("max", 0)) > column for one in columns):
        return
    prefix = data.prefix
    said = f'<{prefix}col min="{column + 1}" max="{column + 1}" width="{WIDTH}" customWidth="1"/>'
    groups = [one for one in found if one.name == "cols"]
    if groups:
        edits.add_to(groups[0], said)
    else:
        edits.insert(data.start, f"<{prefix}cols>{said}</{prefix}cols>")
