"""A document as a file: Word or PDF, with the number of its pages."""

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from pypdf import PdfReader

from districts.vietnamese import search_key
from steering.accounts.faults import Refused

from .commitment import TIGHTEST, commitment
from .promised import Promised
from .setting import pdf
from .setting.document import Document
from .setting.fit import DoesNotFit
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
    paper = _set(document)
    return _file(document, paper, _pages(paper), ending, name)


def commitment_file(one: Promised, ending: str, name: str) -> File:
    """The commitment on one page, as roomy as it fits."""
    for tight in range(TIGHTEST + 1):
        document = commitment(one, tight=tight)
        paper = _set(document)
        pages = _pages(paper)
        if pages == 1:
            break
    return _file(document, paper, pages, ending, name)


def _file(document: Document, paper: bytes, pages: int, ending: str, name: str) -> File:
    content = paper if ending == "pdf" else word.write(document)
    return File(f"{name}.{ending}", content, pages)


def _set(document: Document) -> bytes:
    """The document as PDF. Raises Refused where it cannot be set as it should look."""
    try:
        return pdf.write(document)
    except DoesNotFit:
        message = _("The table has more columns than a page can hold. Ask for fewer indicators.")
        raise Refused.because("does_not_fit", message) from None
    except pdf.NotSet as error:
        message = _("The document cannot be set: %(reason)s") % {"reason": error}
        raise Refused.because("cannot_be_set", message) from error


def _pages(paper: bytes) -> int:
    return len(PdfReader(io.BytesIO(paper)).pages)


def commitment_files(
    promised: Sequence[Promised], ending: str, *, told: Callable[[int], None] = lambda _done: None
) -> list[File]:
    """One file for each commitment; ``told`` hears how many are done."""
    names = different([file_name("commitment", f"{one.year}", one.unit_code) for one in promised])
    files = []
    for done, (one, name) in enumerate(zip(promised, names, strict=True), start=1):
        files.append(commitment_file(one, ending, name))
        told(done)
    return files


def archived(files: Sequence[File]) -> bytes:
    """The files as one archive, the same bytes for the same files."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.name, (1980, 1, 1, 0, 0, 0)), file.content)
    return made.getvalue()


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
