#!/usr/bin/env bash
# The same program writes the same workbook with openpyxl 3.1.5 before and after python-docx 1.2.0 is
# installed beside it: sheet, styles, workbook and relations are other bytes, though every cell reads
# back equal. python-docx brings lxml, openpyxl takes it as soon as it can be imported, and its
# writer closes empty elements as "<a/>" where the standard library writes "<a />". With
# OPENPYXL_LXML=False in the environment the parts are those of before.
#
# Whoever compares workbooks by digest, as editions and audits of official figures do, sees a change
# of every file on the day documents are added, with no change of a number.
#
# Needs Python 3.11 or newer with venv. Exits 1 if any of this is different.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5

cat > write.py <<'PYTHON'
import hashlib
import json
import sys
import zipfile
from datetime import datetime

from openpyxl import Workbook

book = Workbook()
for row in (("unit", "count"), ("14", 1278316), ("22", None)):
    book.active.append(row)
book.properties.created = book.properties.modified = datetime(2024, 1, 1)
book.save(sys.argv[1])
with zipfile.ZipFile(sys.argv[1]) as parts:
    digests = {name: hashlib.sha256(parts.read(name)).hexdigest() for name in parts.namelist()}
json.dump(digests, open(sys.argv[1] + ".json", "w"))
PYTHON

python/bin/python write.py before.xlsx
python/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0
python/bin/python write.py after.xlsx
OPENPYXL_LXML=False python/bin/python write.py told.xlsx

python/bin/python - <<'PYTHON'
import json
import sys

from openpyxl import load_workbook

before, after, told = (json.load(open(f"{name}.xlsx.json")) for name in ("before", "after", "told"))
# modified is written at the moment of saving
clock = {"docProps/core.xml"}
changed = sorted(name for name in before if before[name] != after[name] and name not in clock)
same = sorted(name for name in before if before[name] == after[name])
rows = [list(load_workbook(f"{name}.xlsx").active.values) for name in ("before", "after")]
print("changed:", *changed)
print("same:", *same)
print("told to leave lxml alone, changed:", [n for n in before if before[n] != told[n]])
print("cells equal:", rows[0] == rows[1])
as_seen = (
    {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"} <= set(changed)
    and all(before[name] == told[name] for name in before if name not in clock)
    and rows[0] == rows[1]
)
sys.exit(not as_seen)
PYTHON
echo "As seen."
