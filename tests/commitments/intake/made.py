"""Small files for the readers, written by code: workbooks, text files, and files gone wrong."""

import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Rows = Iterable[Sequence[Any]]


def workbook(
    path: Path,
    rows: Rows = (),
    *,
    title: str = "Số liệu",
    hidden: dict[str, Rows] | None = None,
    more: dict[str, Rows] | None = None,
    finish: Callable[[Worksheet], None] | None = None,
) -> Path:
    """A workbook with one visible sheet, ``more`` visible ones and ``hidden`` ones."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    fill(sheet, rows)
    if finish is not None:
        finish(sheet)
    for name, other_rows in (more or {}).items():
        fill(book.create_sheet(name), other_rows)
    for name, hidden_rows in (hidden or {}).items():
        extra = book.create_sheet(name)
        extra.sheet_state = "veryHidden" if name.startswith("very") else "hidden"
        fill(extra, hidden_rows)
    book.save(path)
    return path


def fill(sheet: Worksheet, rows: Rows) -> None:
    for row in rows:
        sheet.append(list(row))


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def raw(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def ole(path: Path, *streams: str) -> Path:
    """An OLE compound file as far as its directory: what .xls and encrypted .xlsx begin with."""
    entries = b""
    for stream in ("Root Entry", *streams):
        name = stream.encode("utf-16-le")
        entries += (name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2)).ljust(128, b"\0")
    return raw(path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries)


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def with_part(source: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one of its parts changed."""
    with zipfile.ZipFile(source) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts[part] = change(parts[part])
    return archive(source, parts)


def with_new_part(source: Path, part: str, content: bytes) -> Path:
    """The same workbook with one part more."""
    with zipfile.ZipFile(source) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return archive(source, {**parts, part: content})
