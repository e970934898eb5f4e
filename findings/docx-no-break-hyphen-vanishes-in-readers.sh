#!/usr/bin/env bash
# A no-break hyphen vanishes: "148/QĐ-UBND" written for Word with the hyphen that keeps it on one
# line (w:noBreakHyphen, which Word itself writes for Ctrl+Shift+_) is read as "148/QĐUBND" by
# docx2python 3.7.1 and by officeparser 8.1.1, without a warning. python-docx 1.2.0 reads the hyphen.
#
# Numbers of documents are keys: without their hyphen they are found nowhere, or are another's.
#
# Needs Python 3.11 or newer with venv, and Node.js 20 or newer with npm. Exits 1 if any of this is
# different.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0 docx2python==3.7.1
npm install --silent --no-audit --no-fund officeparser@8.1.1 >/dev/null

python/bin/python - <<'PYTHON'
from docx import Document
from docx.oxml import OxmlElement
from docx2python import docx2python

document = Document()
run = document.add_paragraph().add_run("148/QĐ")
run._r.append(OxmlElement("w:noBreakHyphen"))
run.add_text("UBND")
document.save("number.docx")

by_docx = Document("number.docx").paragraphs[0].text
with docx2python("number.docx") as read:
    by_docx2python = read.text.strip()
print("python-docx:", by_docx)
print("docx2python:", by_docx2python)
assert by_docx == "148/QĐ-UBND"
assert by_docx2python == "148/QĐUBND"
PYTHON

cat > read.mjs <<'NODE'
import * as officeparser from "officeparser";

const read = officeparser.parseOffice ?? officeparser.default.parseOffice;
const found = await read("number.docx");
const text = (await found.to("text")).value.trim();
console.log("officeparser:", text);
if (text !== "148/QĐUBND") process.exit(1);
NODE
node read.mjs
