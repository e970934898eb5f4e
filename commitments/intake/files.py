"""Opening an uploaded file: .csv or .xlsx to plain sheets, or one clear reason why not."""

import csv
import io
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath
from typing import NoReturn

from django.utils.translation import gettext as _

from commitments.rules import Refused
from districts.vietnamese import clean

from .headers import is_unit_head
from .workbook.cells import Book, Sheet
from .workbook.kinds import looks_like_a_workbook, refuse_markup, refuse_other_formats, refuse_tabs
from .workbook.old_fonts import refuse_old_fonts
from .workbook.xlsx import MAX_CELLS, read_workbook

MAX_BYTES = 5 * 2**20
_OTHER_WORKBOOKS = frozenset(
    {
        ".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".fods", ".ots", ".et", ".xml", ".htm", ".html",
        ".txt", ".tsv",
    }
)  # fmt: skip
"""Endings under which workbooks come; what is inside decides, and says what to do about it."""
_SEARCHED_ROWS = 40


def open_file(path: str | Path) -> Book:
    """The visible sheets of a file, at least one of them not blank.

    Raises Refused with one fault that says what is wrong with the file as a whole: missing, too
    large, of another kind, damaged, protected, blank.
    """
    path = Path(path)
    return open_data(path.name, _bytes(path))


def open_data(name: str, data: bytes) -> Book:
    """The same for a file at hand: its name and its bytes."""
    refuse_at_sight(name, data)
    if _is_text(name):
        book = Book(
            name,
            [Sheet(None, _csv_rows(data), parted_by_commas=delimiter_of(text_of(data)) == ",")],
        )
        refuse_old_fonts(book.sheets[0])
    else:
        book = read_workbook(name, data)
    blank = [sheet for sheet in book.sheets if sheet.is_empty]
    if len(blank) == len(book.sheets):
        _refuse("empty_file", _("The file has no visible sheet with anything in it."))
    return replace(book, sheets=[sheet for sheet in book.sheets if sheet not in blank])


def refuse_at_sight(name: str, data: bytes) -> None:
    """Refuse what its name, its size or its first bytes give away; nothing is unpacked."""
    if len(data) > MAX_BYTES:
        _refuse_large(name)
    if not data:
        _refuse("empty_file", _("%(name)s is empty.") % {"name": name})
    if _is_text(name):
        refuse_markup(data)
        refuse_tabs(data)
        return
    ending = PurePath(name).suffix.lower()
    if ending != ".xlsx" and not (ending in _OTHER_WORKBOOKS and looks_like_a_workbook(data)):
        _refuse(
            "unsupported_file",
            _("%(name)s is neither .xlsx nor .csv. Save it as one of them and resend it.")
            % {"name": name},
        )
    refuse_other_formats(data)


def _is_text(name: str) -> bool:
    return PurePath(name).suffix.lower() == ".csv"


def _refuse(code: str, message: str) -> NoReturn:
    raise Refused.because(code, message)


def _bytes(path: Path) -> bytes:
    names = {"name": path.name}
    try:
        if not path.is_file():
            _refuse("file_missing", _("There is no file %(name)s. Check its name.") % names)
        if path.stat().st_size > MAX_BYTES:
            _refuse_large(path.name)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Refused.because(
            "file_unreadable", _("%(name)s cannot be read: %(reason)s") % {**names, "reason": error}
        ) from error


def _refuse_large(name: str) -> NoReturn:
    _refuse(
        "too_large",
        _("%(name)s is larger than %(limit)s MB. Send the table alone, or in parts.")
        % {"name": name, "limit": MAX_BYTES // 2**20},
    )


# --- text files ----------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> list[list[str | None]]:
    text = text_of(data)
    rows, cells = [], 0
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True
        )
        for row in reader:
            rows.append([clean(value) or None for value in row])
            cells += len(row)
            if cells > MAX_CELLS:
                _refuse("too_large", _("The file has too many cells. Send it in parts."))
    except csv.Error as error:
        raise Refused.because(
            "not_a_table",
            _("Line %(line)s of the file cannot be read as a table: check its quotation marks.")
            % {"line": reader.line_num},
            row=len(rows) + 1,
        ) from error
    return rows


def text_of(data: bytes) -> str:
    """The content of a text file in UTF-8. Raises Refused if it is none."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        _refuse(
            "not_a_table", _("The file is a workbook with the name of a text file. Name it .xlsx.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None:
        _refuse(
            "not_utf8",
            _("The text is not in Unicode (UTF-8). Save it as “CSV UTF-8” and resend it."),
        )
    if "\0" in text:
        _refuse("not_a_table", _("The file is not a text file. Save the table as .xlsx or .csv."))
    return text


def delimiter_of(text: str) -> str:
    """Semicolon or comma: whichever parts the heads of a table, however titles are punctuated."""
    heads = {delimiter: _row_of_heads(text, delimiter) for delimiter in ";,"}
    first = min(heads, key=lambda delimiter: heads[delimiter])
    return first if heads[first] < _SEARCHED_ROWS else ","


def _row_of_heads(text: str, delimiter: str) -> int:
    """The first row in which a head of units stands beside other cells, else all searched."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for index, row in enumerate(islice(reader, _SEARCHED_ROWS)):
            if len(row) > 1 and any(is_unit_head(value) for value in row):
                return index
    except csv.Error:
        pass  # It will be refused when it is read.
    return _SEARCHED_ROWS
