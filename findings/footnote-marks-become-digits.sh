#!/usr/bin/env bash
# A footnote mark becomes a digit: a cell of a workbook with the rich text "4", followed by a raised
# "1" (vertAlign superscript, as footnotes are written), is read as the text "41" by python-calamine
# 0.9.1 and by openpyxl 3.1.5, and pandas 3.1.1 makes the number 41 of it, with both engines and
# without a warning. Of the two only openpyxl can tell, if asked with rich_text=True: it then gives
# two runs, the second with vertAlign "superscript".
#
# Tables of counts with footnotes are common in official reports, so a count grows tenfold unseen.
#
# Needs Python 3.11 or newer with venv. Exits 1 if any of this is different.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 python-calamine==0.9.1 pandas==3.1.1

python/bin/python - <<'PYTHON'
import pandas
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from python_calamine import CalamineWorkbook

book = Workbook()
raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
for row in (("unit", "count"), ("14", CellRichText("4", raised)), ("22", 250)):
    book.active.append(row)
book.save("counts.xlsx")

calamine = CalamineWorkbook.from_path("counts.xlsx").get_sheet_by_index(0).to_python()[1][1]
plain = load_workbook("counts.xlsx").active["B2"].value
rich = load_workbook("counts.xlsx", rich_text=True).active["B2"].value
frames = {
    engine: pandas.read_excel("counts.xlsx", engine=engine)["count"].astype(int).tolist()
    for engine in ("calamine", "openpyxl")
}
print("calamine:", repr(calamine))
print("openpyxl:", repr(plain))
print("openpyxl, rich_text=True:", [getattr(run, "text", run) for run in rich])
print("pandas:", frames)
assert calamine == plain == "41"
assert [getattr(run, "text", run) for run in rich] == ["4", "1"]
assert rich[1].font.vertAlign == "superscript"
assert frames == {"calamine": [41, 250], "openpyxl": [41, 250]}
PYTHON
