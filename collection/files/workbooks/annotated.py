"""The annotated copy: somebody's own file with every problem marked where it stands.

Nothing of the file is lost: its parts are changed in place (``splicing.py``), so order, formats,
pictures, charts and calculated values stay. Three things differ from the original: a first sheet
``Kết quả``, a column ``Kết quả kiểm tra`` beside each table, and the looks of marked cells. A
sheet that already has notes gets no further ones; the column says the same. A copy that is
annotated again loses its old words, but keeps old borders and fills.
"""

import csv
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import PurePath
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook

from commitments.intake.files import delimiter_of, text_of
from commitments.intake.headers import is_result_head
from commitments.intake.tables import matrix, tidy
from commitments.intake.tables.extents import tables_of
from commitments.intake.workbook.cells import Book, Place, Sheet, column_index
from commitments.intake.workbook.xlsx import read_workbook
from commitments.rules import Refused
from reports.workbook.sheet import without_controls

from . import (
    marked_styles,
    results,
)
from .keys import find_form
from .marked_sheet import (
    Marks,
    has_notes,
    mark_sheet,
)
from .marked_styles import (
    Mark,
    MarkedStyles,
)
from .notes import (
    COMMENTS_TYPE,
    DRAWING_TYPE,
    Note,
    comments,
    drawing,
)
from .package import (
    WORKBOOK,
    Package,
)
from .results import (
    RESULTS_SHEET,
    Problem,
)

__all__ = ["RESULTS_SHEET", "Mark", "Problem", "annotate", "annotated_name"]

SUFFIX = "_CHU-THICH"
_DAMAGED = (ValueError, LookupError, StopIteration, BadZipFile, zlib.error, EOFError, RuntimeError)
TICK = "✓"


@dataclass(frozen=True)
class _Table:
    """A sheet as read, where its part lies, and the rows (from 0) that head its tables."""

    sheet: Sheet
    path: str
    heads: list[int]


def annotated_name(name: str) -> str:
    """``BC-XA_2024-02_03646_CHU-THICH.xlsx``, also for a text file."""
    stem = PurePath(name).stem
    return f"{stem if stem.endswith(SUFFIX) else stem + SUFFIX}.xlsx"


def annotate(
    original: bytes,
    *,
    name: str,
    problems: Sequence[Problem],
    accepted: Iterable[Place] = (),
    said: Sequence[str] = (),
) -> bytes:
    """The file with its problems marked and explained, and its accepted rows ticked.

    ``said`` are lines for the first sheet: the receipt, what was not saved. A text file becomes a
    workbook. Raises Refused for what is no sound workbook.
    """
    accepted = list(accepted)
    if PurePath(name).suffix.lower() == ".csv":
        original = _workbook_of(original)
        problems = [problem.on(_TEXT_SHEET) for problem in problems]
        accepted = [Place(_TEXT_SHEET, place.row, place.column) for place in accepted]
    book = read_workbook(name, original)
    try:
        return _annotated(book, original, name, problems, accepted, said)
    except _DAMAGED as error:
        # Readers are more forgiving than the format: what they read may still be no sound file.
        raise Refused.because(
            "not_annotated",
            _("The file is too damaged to mark its cells. Open it in Excel and save it again."),
        ) from error


def _annotated(
    book: Book,
    original: bytes,
    name: str,
    problems: Sequence[Problem],
    accepted: Sequence[Place],
    said: Sequence[str],
) -> bytes:
    package = Package(original)
    if marked_styles.PATH not in package:
        package.put(marked_styles.PATH, marked_styles.PLAIN_STYLES)
        package.declare(path=marked_styles.PATH, content_type=marked_styles.CONTENT_TYPE)
        package.relate(WORKBOOK, "styles", marked_styles.PATH)
    styles = MarkedStyles(package.xml(marked_styles.PATH))
    paths = {part.name: part.path for part in package.sheets()}
    for number, sheet in enumerate(book.sheets, start=1):
        if sheet.name != RESULTS_SHEET:
            table = _Table(sheet, paths[sheet.name], _heads(sheet))
            _mark(package, table, problems, accepted, styles, number)
    count = len({(place.sheet, place.row, place.column) for place in accepted})
    results.put_first(package, styles, name=name, problems=problems, accepted=count, said=said)
    package.put(marked_styles.PATH, styles.done())
    return package.packed()


def _mark(
    package: Package,
    table: _Table,
    problems: Sequence[Problem],
    accepted: Sequence[Place],
    styles: MarkedStyles,
    number: int,
) -> None:
    """Mark one sheet, and hang notes on its cells if it has none of its own."""
    here = [one for one in problems if one.place.sheet == table.sheet.name and one.place.row]
    rows = {place.row - 1 for place in accepted if place.sheet == table.sheet.name}
    xml = package.xml(table.path)
    key = ""
    notes = [
        Note(one.place.row - 1, column_index(one.place.column), one.text)
        for one in here
        if one.place.column
    ]
    if notes and not has_notes(xml):
        merged = _merged(notes)
        key = _hang(package, table.path, merged, number)
    package.put(table.path, mark_sheet(xml, _marks(table, here, rows), styles, notes=key))


def _marks(table: _Table, problems: Sequence[Problem], accepted: set[int]) -> Marks:
    column, emptied = _column_of_words(table)
    marks = Marks(column, emptied=emptied)
    texts: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        row = problem.place.row - 1
        texts[row].append(problem)
        if problem.place.column:
            cell = row, column_index(problem.place.column)
            if marks.cells.get(cell) != Mark.ERROR:
                marks.cells[cell] = problem.mark
    for row in accepted - texts.keys():
        marks.words[row] = Mark.ACCEPTED, TICK
    for row, found in texts.items():
        worst = Mark.ERROR if any(one.mark == Mark.ERROR for one in found) else Mark.WARNING
        marks.words[row] = worst, " · ".join(one.said for one in found)
    if marks.words and table.heads:
        for head in {min(*table.heads, *marks.words), *table.heads}:
            mark, said = marks.words.get(head, (None, ""))
            title = _("Result of the check")
            marks.words[head] = mark, f"{title} · {said}" if said not in ("", TICK) else title
    return marks


def _column_of_words(table: _Table) -> tuple[int, frozenset[int]]:
    """Where the words go: the column of an earlier copy, whose rows are emptied, or a new one."""
    rows = table.sheet.rows
    for row in rows[: max(table.heads, default=-1) + 1]:
        for column, value in enumerate(row):
            if is_result_head(value):
                old = {at for at in range(len(rows)) if table.sheet.value(at, column) is not None}
                return column, frozenset(old)
    last = (column for row in rows for column, value in enumerate(row) if value is not None)
    return max(last, default=-1) + 1, frozenset()


def _heads(sheet: Sheet) -> list[int]:
    """The rows that head the tables of a sheet, each once."""
    if (form := find_form(sheet)) is not None:
        return [form]
    found = set()
    for table in tables_of(sheet):
        header = tidy.find_header(table)
        found.add(header[0] if header else matrix.find_header(table))
    return sorted(found - {None})


def _merged(notes: Sequence[Note]) -> list[Note]:
    """One note a cell, in the order of the sheet."""
    by_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
    for note in notes:
        by_cell[note.row, note.column].append(note.words)
    return [Note(*cell, "\n".join(texts)) for cell, texts in sorted(by_cell.items())]


def _hang(package: Package, path: str, notes: Sequence[Note], number: int) -> str:
    """Add the parts that hold notes; returns the key by which the sheet draws them."""
    said, drawn = f"xl/commentsKQ{number}.xml", f"xl/drawings/vmlDrawingKQ{number}.vml"
    package.put(said, comments(notes, _("Result of the check")))
    package.put(drawn, drawing(notes))
    package.declare(path=said, content_type=COMMENTS_TYPE)
    package.declare(ending="vml", content_type=DRAWING_TYPE)
    package.relate(path, "comments", said)
    return package.relate(path, "vmlDrawing", drawn)


# --- text files ----------------------------------------------------------------------------------

_TEXT_SHEET = "CSV"


def _workbook_of(data: bytes) -> bytes:
    """A text file as a workbook of one sheet, every cell as the text it was."""
    content = text_of(data)
    book = Workbook()
    book.active.title = _TEXT_SHEET
    rows = csv.reader(StringIO(content, newline=""), delimiter=delimiter_of(content))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(number, column)
            cell.value = without_controls(value)
            cell.data_type = "s"
    made = BytesIO()
    book.save(made)
    return made.getvalue()
