"""A document as a file: Word or PDF, with the number of its pages."""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfReader

from districts.vietnamese import search_key

from .setting import pdf
from .setting.document import Document
from .setting.word import writing as word

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Endings, and what a browser is told."""


@dataclass(frozen=True)
class File:
    """What was written. ``pages`` of a Word file are those of the same document as PDF."""

    name: str
    content: bytes
    pages: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def written(document: Document, ending: str, name: str) -> File:
    """The document as a file of one of the ``TYPES``; ``name`` is without its ending."""
    paper = pdf.write(document)
    pages = len(PdfReader(io.BytesIO(paper)).pages)
    content = paper if ending == "pdf" else word.write(document)
    return File(f"{name}.{ending}", content, pages)


def file_name(*parts: str) -> str:
    """Letters without accents, numbers and hyphens: ``commitment-2024-116-song-ma``."""
    text = "-".join(search_key(part) for part in parts if part)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def different(names: Sequence[str]) -> list[str]:
    """The same names, those that come again numbered: two units may bear one code in a year."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found
