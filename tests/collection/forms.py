"""Templates for the tests: issued for a unit, filled in and changed as people do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from collection.files.blank_forms import blank_forms
from collection.files.workbooks.template import write_template
from commitments.intake.workbook.cells import Book
from commitments.intake.workbook.xlsx import read_workbook
from districts.models import Unit
from districts.months import Month

FEBRUARY = Month.of(2024, 2)
ISSUED = datetime(2024, 3, 1, 8, tzinfo=UTC)


def issued(unit: Unit, month: Month = FEBRUARY) -> bytes:
    """The template of a unit as it is downloaded."""
    return write_template(blank_forms(unit, month, issued_at=ISSUED))


def opened(file: bytes, name: str = "BC-XA.xlsx") -> Book:
    """The file as every reader gets it."""
    return read_workbook(name, file)


def filled(
    file: bytes,
    values: Mapping[str, Any],
    *,
    sheet: str | None = None,
    finish: Callable[[Workbook], None] | None = None,
) -> bytes:
    """The file with cells (``C6``) written over, saved anew by another program."""
    book = load_workbook(BytesIO(file))
    page = book[sheet] if sheet else book.worksheets[0]
    for place, value in values.items():
        page[place] = value
    if finish:
        finish(book)
    made = BytesIO()
    book.save(made)
    return made.getvalue()
