#!/usr/bin/env bash
# Letters vanish from a PDF and nothing fails: with typst 0.15.0, a family that is not there and
# fallback switched off gives a page without a single letter, and a letter that the family lacks is
# left out of what is seen and is NUL in the text. compile() returns the file, no error is raised;
# compile_with_warnings() warns of the unknown family, but of the missing letter it says nothing.
# Only pdf_standards=["a-2a"] makes the missing letter fail; the unknown family passes even there.
#
# Vietnamese stacks marks that many fonts lack, so a name prints as another name, unseen.
#
# Needs Python 3.11 or newer with venv. Exits 1 if any of this is different.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check typst==0.15.0 pypdf==7.1.1

python/bin/python - <<'PYTHON'
import io

import typst
from pypdf import PdfReader


def source(family: str, text: str) -> bytes:
    head = '#set document(title: "t", date: datetime(year: 2024, month: 1, day: 26))\n'
    return f'{head}#set text(font: "{family}", fallback: false, lang: "vi")\n{text}'.encode()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def compiled(family: str, text: str, **asked):
    pdf, warnings = typst.compile_with_warnings(
        source(family, text), format="pdf", ignore_system_fonts=True, **asked
    )
    return text_of(pdf), [warning.message for warning in warnings]


# Libertinus Serif comes with typst; it has no Ethiopic letter.
unknown = compiled("No Such Family", "Xã Mường É")
lacking = compiled("Libertinus Serif", "Xã \u1200 É")
archived = compiled("No Such Family", "Xã Mường É", pdf_standards=["a-2a"])
print("unknown family:", unknown)
print("missing letter:", lacking)
print("unknown family, PDF/A-2a:", archived)
assert unknown[0].strip() == archived[0].strip() == ""
assert "unknown font family" in unknown[1][0]
assert lacking[1] == []
assert "\u1200" not in lacking[0] and "É" in lacking[0]
try:
    compiled("Libertinus Serif", "Xã \u1200 É", pdf_standards=["a-2a"])
except typst.TypstError as error:
    print("missing letter, PDF/A-2a:", error)
else:
    raise SystemExit("PDF/A let the missing letter pass")
PYTHON
