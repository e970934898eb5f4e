"""What stands in a written document, read back by other programs than those that wrote it."""

import io
import re
import unicodedata

from docx import Document
from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """The words of a PDF with one space between them."""
    pages = PdfReader(io.BytesIO(content)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def pdf_fonts(content: bytes) -> set[str]:
    """The names of every embedded font, without the mark of the subset."""
    fonts = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts.add(font.get_object()["/BaseFont"].partition("+")[2])
    return fonts


def word_text(content: bytes) -> str:
    """The words of a Word document, tables included, with one space between them."""
    body = Document(io.BytesIO(content)).element.body
    return plain(" ".join("".join(t.text or "" for t in p.iter(_T)) for p in body.iter(_P)))


def word_rows(content: bytes) -> list[list[str]]:
    """The rows of its tables as texts, a merged cell once."""
    rows = []
    for table in Document(io.BytesIO(content)).tables:
        for row in table.rows:
            cells = dict.fromkeys(cell._tc for cell in row.cells)
            rows.append([plain("".join(t.text or "" for t in cell.iter(_T))) for cell in cells])
    return rows


def plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", composed).strip()


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _T = f"{_W}p", f"{_W}t"
