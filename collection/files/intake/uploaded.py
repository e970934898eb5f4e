"""A file handed in, read as what it is: a template, a tidy table, or a table of units.

Nothing is written. Corrections made on the page are put over the cells before reading, so a file
is read the same way whether somebody corrected it in Excel or here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from collection.models import Upload
from commitments import querysets
from commitments.intake.counts import read_counts
from commitments.intake.headers import Catalogue
from commitments.intake.reading import Reading
from commitments.intake.statements.around import stated_month, texts_around
from commitments.intake.statements.asked import Asked
from commitments.intake.tables import matrix, tidy
from commitments.intake.tables.extents import tables_of
from commitments.intake.tables.matrix import Head
from commitments.intake.workbook.cells import Book, Place, Sheet
from commitments.models import Indicator
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month

from .templates import (
    TemplateReading,
    is_template,
    read_template,
)

Mapped = Mapping[str, str]
"""What columns hold: place of the head to the code of an indicator, "" to leave it out."""


@dataclass(frozen=True)
class Uploaded:
    """A file as read. ``template`` is there for templates; ``undecided`` are columns of a table
    that hold numbers of nobody knows what; ``asks_month`` says that the file names no month."""

    form: Upload.Form
    reading: Reading
    template: TemplateReading | None = None
    heads: Sequence[Head] = ()
    undecided: Sequence[Head] = ()
    asks_month: bool = False

    @property
    def months(self) -> list[Month]:
        return sorted({entry.month for entry in self.reading.entries})


def read_uploaded(
    book: Book,
    *,
    on: date,
    month: Month | None = None,
    units: Collection[Unit] | None = None,
    corrections: Mapping[str, str] | None = None,
    mapped: Mapped | None = None,
) -> Uploaded:
    """What a file says, with ``corrections`` (place to text) in place of its own cells.

    ``month`` and ``units`` are what is expected, where anything is. Raises Refused for a file of
    another month or unit, or of none that can be told, or without a table.
    """
    texts = {Place.parse(place): text for place, text in (corrections or {}).items()}
    book = book.with_cells(texts)
    if is_template(book):
        read = read_template(book, month=month, units=units)
        return Uploaded(Upload.Form.TEMPLATE, read.reading, template=read)
    tables = [
        table for sheet in book.sheets for table in tables_of(sheet) if _top(table) is not None
    ]
    if not tables:
        raise Refused(read_counts(book, month=month, on=on).faults)
    is_of_units = any(tidy.find_header(table) is None for table in tables)
    if is_of_units and month is None:
        month = stated_month(
            text for table in tables for text in texts_around(book.name, table, _top(table), None)
        )
    by_table = [_heads(table, Asked(month)) for table in tables]
    heads = [head for found in by_table for head in found]
    columns = _columns(mapped or {})
    reading = read_counts(book, month=month, on=on, columns=columns)
    return Uploaded(
        form=Upload.Form.MATRIX if heads else Upload.Form.TIDY,
        reading=reading,
        heads=heads,
        undecided=_undecided(by_table, columns),
        asks_month=any(fault.code == "month_missing" for fault in reading.faults),
    )


def _top(sheet: Sheet) -> int | None:
    header = tidy.find_header(sheet)
    return header[0] if header else matrix.find_header(sheet)


def _heads(sheet: Sheet, asked: Asked) -> list[Head]:
    """The columns of a table of units; a tidy table has none to be asked about."""
    if tidy.find_header(sheet) is not None:
        return []
    catalogue = Catalogue(querysets.indicators_by_id().values())
    return matrix.read_heads(sheet, matrix.find_header(sheet), catalogue, asked)


def _columns(mapped: Mapped) -> dict[Place, Indicator | None]:
    by_code = {one.code: one for one in querysets.indicators_by_id().values()} if mapped else {}
    return {Place.parse(place): by_code.get(code) for place, code in mapped.items()}


def _undecided(
    tables: Sequence[Sequence[Head]], columns: Mapping[Place, Indicator | None]
) -> list[Head]:
    """Columns with numbers of nobody knows what: unnamed, computed, or named twice."""
    return [head for heads in tables for head in _undecided_of(heads, columns)]


def _undecided_of(heads: Sequence[Head], columns: Mapping[Place, Indicator | None]) -> list[Head]:
    chosen = (columns.get(head.place) for head in heads)
    taken = {indicator.pk for indicator in chosen if indicator is not None}
    found = []
    for head in heads:
        if head.place in columns or not head.holds_numbers:
            continue
        key = head.indicator and head.indicator.pk
        if head.indicator is None or not head.indicator.is_entered or key in taken:
            found.append(head)
        else:
            taken.add(key)
    return found
