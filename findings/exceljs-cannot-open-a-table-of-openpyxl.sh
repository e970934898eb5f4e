#!/usr/bin/env bash
# ExcelJS 4.4.0 cannot open a workbook with a table that openpyxl 3.1.5 wrote: it finds the table of
# a sheet only by a target that begins with "../tables/", and openpyxl writes the target from the
# root of the package, "/xl/tables/table1.xml". Both forms are allowed by the packaging rules
# (ECMA-376 part 2: a target is a reference, resolved against its source part).
#
# Seen: TypeError, "Cannot read properties of undefined (reading 'name')". The same file with the
# target written from the sheet is opened, and its table has its name.
#
# Needs Python 3 with venv, Node.js and npm. Exits 1 if any of this is different.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5
npm install --silent --no-audit --no-fund exceljs@4.4.0 >/dev/null

python/bin/python - <<'PYTHON'
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.table import Table

book = Workbook()
for row in (("unit", "count"), ("14", 1278316)):
    book.active.append(row)
book.active.add_table(Table(displayName="Counts", ref="A1:B2"))
book.save("root.xlsx")

with ZipFile("root.xlsx") as source, ZipFile("relative.xlsx", "w") as target:
    for part in source.namelist():
        content = source.read(part)
        if part == "xl/worksheets/_rels/sheet1.xml.rels":
            assert b'Target="/xl/tables/table1.xml"' in content
            content = content.replace(b'Target="/xl/', b'Target="../')
        target.writestr(part, content)
PYTHON

cat >open.js <<'JS'
const ExcelJS = require("exceljs");
const book = new ExcelJS.Workbook();
book.xlsx.readFile(process.argv[2]).then(
  () => console.log("opened, table", Object.keys(book.worksheets[0].tables).join()),
  (error) => console.log(`${error.name}: ${error.message}`),
);
JS

root="$(node open.js root.xlsx)"
relative="$(node open.js relative.xlsx)"
printf 'target from the root:  %s\ntarget from the sheet: %s\n' "$root" "$relative"
[ "$root" = "TypeError: Cannot read properties of undefined (reading 'name')" ]
[ "$relative" = "opened, table Counts" ]
