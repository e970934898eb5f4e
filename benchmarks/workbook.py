"""The conference workbook, figures included, against a bare openpyxl script that writes its cells.

    python benchmarks/workbook.py          (on the demonstration province)

December 2023 has 204 communes. Ours gathers figures (they are ready, as after somebody looked at
them), promises and reports and writes every sheet. The bare script knows every value and style
beforehand, shares one style per look as the workbook does, and saves: it asks no database, measures
nothing, wraps nothing, links nothing and draws nothing. Both run in turn in one process, in
processor time; the median of the paired ratios is told. What each needs of memory at most is
measured in a process of its own, with all of the program loaded in both.
"""

import pickle
import statistics
import subprocess
import sys
import time
from copy import copy
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bare import peak_memory, timed
from bare.aims import tell
from openpyxl import Workbook, load_workbook

from commitments.models import Authority
from districts.models import Unit
from districts.months import Month
from reports.conference.assembly import assemble_conference
from reports.ready.making import make_ready
from reports.workbook.build import build

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


def province() -> Unit:
    return Unit.objects.by_code(PROVINCE, date(2023, 12, 31))


def ours() -> bytes:
    """The workbook as somebody who asks for it gets it."""
    return build(assemble_conference(unit=province(), month=MONTH))


def most_memory(what: str, cells: Path) -> int:
    """KiB that a process of its own needs at most; see the end of this module."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(cells)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def measure() -> list[tuple[str, float]]:
    """The ratios of time, with the figures and of the sheets alone, and of memory, by name."""
    for authority in Authority.values:
        asked = {"month": MONTH, "map_month": MONTH, "authority": authority}
        assert make_ready(province=province(), **asked)
    conference = assemble_conference(unit=province(), month=MONTH)
    sheets, looks = read(ours())
    bare(sheets, looks)
    whole, alone = [], []
    for _round in range(ROUNDS):
        least = timed(lambda: bare(sheets, looks), time.process_time)
        whole.append(timed(ours, time.process_time) / least)
        alone.append(timed(lambda: build(conference), time.process_time) / least)
    with TemporaryDirectory() as folder:
        cells = Path(folder) / "cells"
        cells.write_bytes(pickle.dumps((sheets, looks)))
        memory = most_memory("ours", cells) / most_memory("bare", cells)
    return [
        ("workbook_200", statistics.median(whole)),
        ("workbook_200_sheets_alone", statistics.median(alone)),
        ("workbook_200_memory", memory),
    ]


if __name__ == "__main__":
    if len(sys.argv) == 1:
        tell(measure())
    else:
        given = pickle.loads(Path(sys.argv[2]).read_bytes())
        ours() if sys.argv[1] == "ours" else bare(*given)
        print(peak_memory())
