"""Lines of the gazetteer's files, read cell by cell; what cannot be used says where it stands."""

import csv
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from districts.vietnamese import clean

FOLDER = Path(__file__).parent


class RegisterError(ValueError):
    """A row of the gazetteer's files cannot be used."""

    def __init__(self, file: str, row: int | None, column: str | None, read: str, message: str):
        self.file, self.row, self.column, self.read, self.message = file, row, column, read, message
        place = ", ".join(str(part) for part in (file, row, column) if part is not None)
        super().__init__(f"{place}: “{read}”: {message}")


class Row:
    """One line of a file; every reading of a cell says what is wrong with it and where."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str]):
        self.file, self.line, self.cells = file, line, cells

    def error(self, column: str, message: str) -> RegisterError:
        return RegisterError(self.file, self.line, column, self.cells[column], message)

    def text(self, column: str) -> str:
        value = self.cells[column]
        if not value or clean(value) != value:
            raise self.error(column, _("a clean text is expected"))
        return value

    def optional(self, column: str) -> str | None:
        return self.text(column) if self.cells[column] else None

    def choice(self, column: str, allowed: Collection[str]) -> str:
        value = self.cells[column]
        if value not in allowed:
            expected = ", ".join(sorted(allowed))
            raise self.error(
                column, _("one of these is expected: %(values)s") % {"values": expected}
            )
        return value

    def day(self, column: str) -> date | None:
        value = self.cells[column]
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.error(column, _("a date like 2025-07-01 is expected")) from None

    def required_day(self, column: str) -> date:
        day = self.day(column)
        if day is None:
            raise self.error(column, _("a date like 2025-07-01 is expected"))
        return day

    def number(self, column: str, scale: int) -> Decimal | None:
        """A decimal number times ``scale``, or None for an empty cell."""
        value = self.cells[column]
        try:
            number = Decimal(value) * scale if value else None
        except InvalidOperation:
            raise self.error(column, _("a number is expected")) from None
        if number is not None and not (number.is_finite() and number >= 0):
            raise self.error(column, _("a number is expected"))
        return number

    def hectares(self, column: str) -> int | None:
        """An area in square kilometres as whole hectares."""
        area = self.number(column, 100)
        return None if area is None else int(area.quantize(Decimal(1), ROUND_HALF_UP))

    def whole_number(self, column: str, scale: int = 1) -> int | None:
        number = self.number(column, scale)
        if number is not None and number != int(number):
            raise self.error(column, _("the number has too many decimals"))
        return None if number is None else int(number)


def rows_of(path: Path, columns: str) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != columns.split():
            read = ",".join(reader.fieldnames or [])
            raise RegisterError(path.name, 1, None, read, _("other columns are expected"))
        for cells in reader:
            if None in cells or None in cells.values():
                read = ",".join(str(cell) for cell in cells.values())
                raise RegisterError(
                    path.name,
                    reader.line_num,
                    None,
                    read,
                    _("the row has too many or too few cells"),
                )
            yield Row(path.name, reader.line_num, cells)
