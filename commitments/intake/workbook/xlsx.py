"""Reading an .xlsx file that anybody may have sent: first proven harmless, then read.

What is read is a copy rebuilt from parts measured while unpacking, so nothing a header claims
has to be believed. python-calamine reads the values; it shows error values and formulas that were
never calculated as blank cells, and no number formats, so those are found in the sheet's XML.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from commitments.rules import Refused
from districts.vietnamese import clean

from .cells import (
    KEYS_SHEET,
    Book,
    Merge,
    Percent,
    PercentSign,
    Sheet,
    Unclear,
    Value,
    Why,
    shown,
)
from .kinds import refuse_other_archives, refuse_other_formats
from .old_fonts import refuse_old_fonts
from .rich_texts import marked_texts
from .scanning import Marker, Scan, marker_of_number, path_of, sheets_of
from .styles import Look, read_styles

MAX_ENTRIES = 2_000
MAX_UNPACKED = 150 * 2**20
MAX_RATIO = 150
RATIO_MATTERS_FROM = 2**20
MAX_CELLS = 2_000_000
"""Rows times columns of all sheets together, blank cells between included."""

_CHUNK = 2**16
_NEEDED = frozenset({"xl/workbook.xml", "xl/_rels/workbook.xml.rels"})
_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"


def read_workbook(name: str, data: bytes) -> Book:
    """The visible sheets of an .xlsx file. Raises Refused if it is none, or harmful, or damaged."""
    refuse_other_formats(data)
    try:
        return _read(name, _unpack(data))
    except (CalamineError, expat.ExpatError, KeyError, ValueError, OverflowError) as error:
        raise _damaged() from error


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


# --- unpacking -----------------------------------------------------------------------------------


def part_path(name: str) -> str:
    """The path of a part by its name in the archive: some programs write it with backslashes."""
    return name.replace("\\", "/").lstrip("/")


def _unpack(data: bytes) -> dict[str, bytes]:
    """The parts that are read, each no larger than it declared and all within bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_bombs(entries)
            by_path = {part_path(entry.filename): entry for entry in entries}
            refuse_other_archives(by_path)
            if not by_path.keys() >= _NEEDED:
                _refuse(
                    "not_a_workbook",
                    _("The file is not an Excel workbook. Save it as .xlsx and send it again."),
                )

            def unpacked(paths: Iterable[str]) -> dict[str, bytes]:
                return {
                    path: _unpack_entry(archive, by_path[path]) for path in paths if path in by_path
                }

            parts = unpacked(_NEEDED)
            for path in (_STYLES, _TEXTS):
                # calamine looks for both under these paths alone.
                listed = path_of(parts, kind=PurePath(path).stem) or path
                if listed in by_path:
                    parts[path] = _unpack_entry(archive, by_path[listed])
            return parts | unpacked({sheet.path for sheet in sheets_of(parts) if sheet.is_read})
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise _damaged() from error
    except (expat.ExpatError, KeyError) as error:
        raise _damaged() from error
    except (NotImplementedError, RuntimeError) as error:
        raise Refused.because(
            "not_a_workbook",
            _("The workbook is packed in a way Excel does not use. Save it again in Excel."),
        ) from error


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
    paths = {sheet.name: sheet.path for sheet in sheets_of(parts)}
    styles = read_styles(parts.get(_STYLES, b""))
    texts = marked_texts(parts.get(_TEXTS, b""))
    cells, keys = 0, None
    with CalamineWorkbook.from_filelike(_repacked(parts)) as workbook:
        for sheet in workbook.sheets_metadata:
            visible = sheet.visible == SheetVisibleEnum.Visible
            is_keys = not visible and sheet.name == KEYS_SHEET
            if not is_keys and (not visible or sheet.typ != SheetTypeEnum.WorkSheet):
                book.ignored_sheets.append(sheet.name)
                continue
            scan = Scan(styles, texts)
            scan.read(parts[paths[sheet.name]])
            cells += scan.height * scan.width
            if cells > MAX_CELLS:
                _refuse_wide()
            read = _sheet(workbook, sheet.name, scan)
            if is_keys:
                keys = read
            else:
                refuse_old_fonts(read, scan.in_old_fonts)
                book.sheets.append(read)
    return replace(book, keys=keys)


def _refuse_wide() -> NoReturn:
    _refuse(
        "too_large",
        _(
            "The workbook covers too many rows and columns. "
            "Keep the table only, and delete what lies far below or beside it."
        ),
    )


_START = b"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="xl/workbook.xml" Type=\
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
"""Tells calamine to begin at the part that is scanned, whatever the file says."""


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in {**parts, "_rels/.rels": _START}.items():
            archive.writestr(path, content)
    packed.seek(0)
    return packed


def _sheet(workbook: CalamineWorkbook, name: str, scan: Scan) -> Sheet:
    read = workbook.get_sheet_by_name(name)
    rows = [[_value(value) for value in row] for row in read.to_python(skip_empty_area=False)]
    for (row, column), marker in scan.special.items():
        rows.extend([] for _missing in range(row + 1 - len(rows)))
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = _as_seen(rows[row][column], marker)
    _put_conditions_over(rows, scan.conditional)
    return Sheet(
        name,
        rows,
        _within(read.merged_cell_ranges or (), rows),
        frozenset(scan.hidden_rows),
        scan.hidden_columns,
    )


def _as_seen(value: Value, marker: Marker) -> Value:
    """A value as its reader sees it, where the scan found it to be special."""
    if isinstance(marker, str):
        # Also Why, which is a text itself.
        return _unclear(value, marker) if isinstance(marker, Why) else marker
    if isinstance(marker, type):
        return marker(value) if _is_number(value) else value
    return marker


def _unclear(value: Value, why: Why) -> Value:
    """The value that is not what is seen; a date is refused as one, raised words are words."""
    if isinstance(value, str):
        matters = why != Why.RAISED or any(map(str.isdigit, value))
    else:
        matters = _is_number(value)
    return Unclear(shown(value), why) if matters else value


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _put_conditions_over(
    rows: list[list[Value]], conditions: Iterable[tuple[Merge, Look | None]]
) -> None:
    """Mark the numbers that a conditional format may show in another way, or hide.

    Whether its condition holds is not computed.
    """
    seen = 0
    for ((top, left), (bottom, right)), look in dict.fromkeys(conditions):
        for cells in rows[top : bottom + 1]:
            seen += max(min(right + 1, len(cells)) - left, 0) + 1
            if seen > MAX_CELLS:
                _refuse_wide()
            for column in range(left, min(right + 1, len(cells))):
                value = cells[column]
                if _is_number(value) and _changes(look, value):
                    cells[column] = Unclear(shown(value), Why.MAY_SHOW_OTHERWISE)


def _changes(look: Look | None, value: int | float) -> bool:
    if look is None:
        return True
    if look.format is None and not look.is_struck and not look.is_raised:
        return False
    now = type(value) if isinstance(value, Percent | PercentSign) else None
    return (look.is_struck or look.is_raised) or marker_of_number(look, value) != now


def _within(merged: Iterable[Merge], rows: list[list[Value]]) -> tuple[Merge, ...]:
    """The merged areas as far as the sheet goes. Raises ValueError if they overlap."""
    height, width = len(rows), max(map(len, rows), default=0)
    kept, cells = [], 0
    for (top, left), (bottom, right) in merged:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        cells += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if top <= bottom and left <= right:
            kept.append(((top, left), (bottom, right)))
    if cells > height * width:
        raise ValueError("merged areas overlap")
    return tuple(kept)


def _value(value: object) -> Value:
    """One cell of calamine's as ours. Numbers keep the 15 digits that Excel shows."""
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, float):
        value = float(f"{value:.15g}")
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value
