"""Reading an .xlsx file that anybody may have sent: first proven harmless, then read.

What is read is a copy rebuilt from parts measured while unpacking, so nothing a header claims
has to be believed. python-calamine reads the values; it shows error values and formulas that were
never calculated as blank cells, and no number formats, so those are found in the sheet's XML.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from typing import NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from commitments.rules import Refused
from districts.vietnamese import clean

from .cells import KEYS_SHEET, Book, Percent, Sheet, Value
from .old_fonts import refuse_old_fonts
from .scanning import Scan, sheet_paths, special_styles

MAX_ENTRIES = 2_000
MAX_UNPACKED = 150 * 2**20
MAX_RATIO = 150
RATIO_MATTERS_FROM = 2**20
MAX_CELLS = 2_000_000
"""Rows times columns of all sheets together, blank cells between included."""


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 2**16


def read_workbook(name: str, data: bytes) -> Book:
    """The visible sheets of an .xlsx file. Raises Refused if it is none, or harmful, or damaged."""
    refuse_other_formats(data)
    parts = _unpack(data)
    if "xl/workbook.xml" not in parts:
        _refuse(
            "not_a_workbook",
            _("The file is not an Excel workbook. Save it as .xlsx and send it again."),
        )
    try:
        return _read(name, parts)
    except (CalamineError, expat.ExpatError, KeyError, ValueError, OverflowError) as error:
        raise _damaged() from error


def looks_like_a_workbook(data: bytes) -> bool:
    """Whether a file begins as one of the forms in which tables come, readable or not."""
    return data.startswith((_OLE, b"PK\x03\x04")) or _is_markup(data)


def _refuse(code: str, message: str) -> NoReturn:
    raise Refused.because(code, message)


def _damaged() -> Refused:
    return Refused.because(
        "truncated",
        _("The workbook is damaged or incomplete. Open it in Excel, save it again and resend it."),
    )


def _bomb() -> Refused:
    return Refused.because(
        "zip_bomb",
        _("The workbook would unpack to far too much data and was not opened."),
    )


# --- before unpacking ----------------------------------------------------------------------------


def _directory_entry(name: str) -> bytes:
    """How an OLE compound file lists a stream: 64 bytes of UTF-16 and the length."""
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<H", len(text) + 2)


def _refuse_compound_file(data: bytes) -> NoReturn:
    """An OLE compound file: an encrypted workbook, one in the old format, or something else."""
    if _directory_entry("Workbook") in data or _directory_entry("Book") in data:
        _refuse(
            "old_workbook",
            _("The workbook is in the old .xls format. Save it as .xlsx and resend it."),
        )
    if "EncryptedPackage".encode("utf-16-le") in data:
        _refuse(
            "password_protected",
            _("The workbook is protected by a password. Save it without one and resend it."),
        )
    _refuse(
        "not_a_workbook",
        _("The file is not an Excel workbook, or protected. Save it as .xlsx without a password."),
    )


def _is_markup(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def refuse_other_formats(data: bytes) -> None:
    """Refuse what is no zip archive, told by its first bytes, and say what to do about it."""
    if data.startswith(_OLE):
        _refuse_compound_file(data)
    if data.startswith(b"PK\x03\x04"):
        return
    if _is_markup(data):
        _refuse(
            "html_named_xlsx",
            _(
                "The file is a web page with the name of a workbook. "
                "Open it in Excel, save it as .xlsx and resend it."
            ),
        )
    _refuse(
        "not_a_workbook",
        _("The file is not an Excel workbook, whatever its name says. Save it as .xlsx."),
    )


def _unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts of the archive, each no larger than it declared and all within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_bombs(entries)
            _refuse_other_archives({entry.filename for entry in entries})
            return {
                entry.filename: _unpack_entry(archive, entry)
                for entry in entries
                if entry.filename.endswith((".xml", ".rels"))
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise _damaged() from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refused.because(
            "not_a_workbook",
            _("The workbook is packed in a way Excel does not use. Save it again in Excel."),
        ) from error


def _refuse_other_archives(names: set[str]) -> None:
    """Tell what is a zip archive, but no plain workbook, by the names of its parts."""
    if {"content.xml", "mimetype"} <= names:
        _refuse(
            "opendocument",
            _("The file is an OpenDocument table (.ods). Save it as .xlsx and resend it."),
        )
    if any(name.endswith("vbaProject.bin") for name in names):
        _refuse(
            "macros",
            _("The workbook holds macros. Save it as .xlsx, without macros, and resend it."),
        )
    if "xl/workbook.bin" in names:
        _refuse(
            "binary_workbook",
            _("The workbook is in the binary .xlsb format. Save it as .xlsx and resend it."),
        )


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    for entry in entries:
        if entry.flag_bits & 1:
            _refuse(
                "password_protected",
                _("The workbook is protected by a password. Save it without one and resend it."),
            )
        packed = max(entry.compress_size, 1)
        if entry.file_size > max(RATIO_MATTERS_FROM, packed * MAX_RATIO):
            raise _bomb()


def _unpack_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack in small steps: memory stays bounded by the declared size, which was checked."""
    unpacked = io.BytesIO()
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            unpacked.write(chunk)
    return unpacked.getvalue()


# --- the sheets ----------------------------------------------------------------------------------


def _read(name: str, parts: dict[str, bytes]) -> Book:
    book = Book(name, [])
    paths = dict(sheet_paths(parts))
    percent_styles, old_styles = special_styles(parts.get("xl/styles.xml", b""))
    cells, keys = 0, None
    with CalamineWorkbook.from_filelike(_repacked(parts)) as workbook:
        for sheet in workbook.sheets_metadata:
            visible = sheet.visible == SheetVisibleEnum.Visible
            is_keys = not visible and sheet.name == KEYS_SHEET
            if not is_keys and (not visible or sheet.typ != SheetTypeEnum.WorkSheet):
                book.ignored_sheets.append(sheet.name)
                continue
            scan = Scan(percent_styles, old_styles)
            scan.read(parts[paths[sheet.name]])
            cells += scan.height * scan.width
            if cells > MAX_CELLS:
                _refuse(
                    "too_large",
                    _(
                        "The workbook covers too many rows and columns. "
                        "Keep the table only, and delete what lies far below or beside it."
                    ),
                )
            read = _sheet(workbook, sheet.name, scan)
            if is_keys:
                keys = read
            else:
                refuse_old_fonts(read, scan.in_old_fonts)
                book.sheets.append(read)
    return replace(book, keys=keys)


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    packed.seek(0)
    return packed


def _sheet(workbook: CalamineWorkbook, name: str, scan: Scan) -> Sheet:
    read = workbook.get_sheet_by_name(name)
    rows = [[_value(value) for value in row] for row in read.to_python(skip_empty_area=False)]
    for (row, column), value in scan.special.items():
        rows.extend([] for _missing in range(row + 1 - len(rows)))
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        known = rows[row][column]
        if value is Percent:
            if isinstance(known, int | float) and not isinstance(known, bool):
                rows[row][column] = Percent(known)
        else:
            rows[row][column] = value
    return Sheet(
        name,
        rows,
        tuple(read.merged_cell_ranges or ()),
        frozenset(scan.hidden_rows),
        frozenset(scan.hidden_columns),
    )


def _value(value: object) -> Value:
    """One cell of calamine's as ours. Numbers keep the 15 digits that Excel shows."""
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, float):
        value = float(f"{value:.15g}")
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value
