"""The conference workbook against a bare openpyxl script that writes the same cells: a ratio.

    python benchmarks/workbook.py          (on the demonstration province)

The bare script knows every value and style beforehand, shares one style per look as the workbook
does, and saves. It measures nothing, wraps nothing, links nothing and draws nothing. Both run in
turn in one process, in processor time; the median of the paired ratios is printed.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from copy import copy
from datetime import date
from io import BytesIO
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
django.setup()

from openpyxl import Workbook, load_workbook  # noqa: E402

from districts.models import Unit  # noqa: E402
from districts.months import Month  # noqa: E402
from reports.conference.assembly import assemble_conference  # noqa: E402
from reports.workbook.build import build  # noqa: E402

PROVINCE, MONTH, ROUNDS = "14", Month.of(2023, 12), 7

_PARTS = ("font", "fill", "border", "alignment", "number_format")

Cells = list[tuple[str, list[tuple[int, int, object, int]]]]
"""Per sheet: row, column, value and the number of the look."""


def read(content: bytes) -> tuple[Cells, list[dict]]:
    """The cells of a workbook and its looks, as the bare script is given them."""
    looks: dict[tuple, int] = {}
    parts: list[dict] = []
    sheets: Cells = []
    for sheet in load_workbook(BytesIO(content)):
        cells = []
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.has_style and cell.value is None:
                    continue
                key = tuple(cell._style)
                if key not in looks:
                    looks[key] = len(parts)
                    parts.append({part: copy(getattr(cell, part)) for part in _PARTS})
                cells.append((cell.row, cell.column, cell.value, looks[key]))
        sheets.append((sheet.title, cells))
    return sheets, parts


def bare(sheets: Cells, looks: list[dict]) -> bytes:
    """Write the same cells with the same looks, and nothing else."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    styles: dict[int, object] = {}
    for title, cells in sheets:
        sheet = workbook.create_sheet(title)
        for row, column, value, look in cells:
            cell = sheet.cell(row, column, value)
            if look in styles:
                cell._style = styles[look]
                continue
            for part, made in looks[look].items():
                setattr(cell, part, made)
            styles[look] = cell._style
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    unit = Unit.objects.by_code(PROVINCE, date(2023, 12, 31))
    conference = assemble_conference(unit=unit, month=MONTH)
    sheets, looks = read(build(conference))
    bare(sheets, looks)
    pairs = [
        (timed(lambda: build(conference)), timed(lambda: bare(sheets, looks)))
        for _round in range(ROUNDS)
    ]
    ratios = [mine / other for mine, other in pairs]
    count = sum(len(cells) for _title, cells in sheets)
    print(
        f"workbook: {len(conference.communes)} communes, {count} cells "
        f"{statistics.median(m for m, _b in pairs):.2f} s, "
        f"bare openpyxl {statistics.median(b for _m, b in pairs):.2f} s, "
        f"ratio {statistics.median(ratios):.2f} (aim 1.5)"
    )


if __name__ == "__main__":
    main()
