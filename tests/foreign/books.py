"""Small workbooks for the folder, the same bytes every time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook.archive import dated, packed

Rows = Sequence[Sequence[Any]]

MADE = datetime(2024, 3, 5, 8)
TIDY = ["Kỳ", "Mã đơn vị", "Mã chỉ tiêu", "Giá trị"]
HEADS = ["Đơn vị", "HI", "SI_V"]
SHEET = "Biểu 1"


def book(
    rows: Rows,
    *,
    merged: Sequence[str] = (),
    hidden: Mapping[str, Rows] | None = None,
    more: Mapping[str, Rows] | None = None,
    finish: Callable[[Worksheet], None] | None = None,
) -> bytes:
    """A workbook of one sheet, ``more`` visible and ``hidden`` ones."""
    made = Workbook()
    made.active.title = SHEET
    _fill(made.active, rows)
    for area in merged:
        made.active.merge_cells(area)
    if finish:
        finish(made.active)
    for name, others in (more or {}).items():
        _fill(made.create_sheet(name), others)
    for name, others in (hidden or {}).items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden"
        _fill(sheet, others)
    return saved(made)


def saved(workbook: Workbook) -> bytes:
    """The file of a workbook, with times that do not pass."""
    workbook.properties.created = workbook.properties.modified = MADE
    return packed(workbook, company="")


def tidy(*rows: Sequence[Any]) -> bytes:
    return book([TIDY, *rows])


def with_part(file: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one of its parts changed."""
    with ZipFile(BytesIO(file)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    before = parts[part]
    parts[part] = change(before)
    if parts[part] == before:
        raise ValueError(f"nothing changed in {part}")
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as target:
        for name, content in parts.items():
            target.writestr(dated(name), content)
    return file.getvalue()


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for row in rows:
        sheet.append(list(row))
