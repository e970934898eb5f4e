"""Sets a document as PDF/A-2a with tags (UA-1); the same data give the same bytes.

In these standards a missing letter, title, date or alternative text fails; without them the letter
would be dropped unseen. Fonts of the machine are not looked at, and any warning is a failure.
"""

import io
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from . import fit, form
from .document import Code, Document, Head, Line, Signatures, Table
from .fonts import FAMILY, folder, missing_letters

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
STANDARDS = ["a-2a", "ua-1"]
_KEPT_ROWS = 2


class NotSet(Exception):
    """A document could not be set as it should look; says why."""


def write(document: Document) -> bytes:
    """The file. Raises NotSet, or DoesNotFit for a table wider than a page."""
    document = fit.fitted(document.normalised())
    lacking = missing_letters("".join((*document.texts(), *document.footer)))
    if lacking:
        raise NotSet(f"{FAMILY} has no letter for: {' '.join(map(ascii, lacking))}")
    return compiled(json.dumps(as_data(document), ensure_ascii=False))


def compiled(data: str) -> bytes:
    """What typst makes of the data of a document."""
    try:
        made, warnings = _compiler().compile_with_warnings(
            format="pdf", sys_inputs={"data": data}, pdf_standards=STANDARDS
        )
    except typst.TypstError as error:
        raise NotSet(str(error)) from error
    if warnings:
        raise NotSet("; ".join(str(warning) for warning in warnings))
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(TEMPLATE), font_paths=[str(folder())], ignore_system_fonts=True)


def as_data(document: Document) -> dict[str, Any]:
    """What the template is given: texts and lengths, decided here and not there."""
    at = document.dated
    return {
        "title": document.title,
        "author": document.author,
        "language": document.language,
        "family": FAMILY,
        "dated": {
            "year": at.year,
            "month": at.month,
            "day": at.day,
            "hour": at.hour,
            "minute": at.minute,
            "second": at.second,
        },
        "landscape": document.landscape,
        "footer": document.footer,
        "form": {
            "body": form.BODY,
            "page_number": form.PAGE_NUMBER,
            "footer": form.FOOTER,
            "largest_number": fit.LARGEST_NUMBER,
            "padding": fit.PADDING,
            "padding_above": fit.PADDING_ABOVE,
            "code": form.CODE,
            "top": fit.TOP,
            "bottom": fit.BOTTOM,
            "left": fit.LEFT,
            "right": fit.RIGHT_LANDSCAPE if document.landscape else fit.RIGHT,
        },
        "head": document.head and _head(document.head, fit.text_width(document.landscape)),
        "blocks": [_block(block, document.landscape) for block in document.blocks],
    }


def _head(head: Head, room: float) -> dict[str, Any]:
    parts = form.head_lines(head)
    names = ("agencies", "state", "number", "place")
    return {
        "widths": form.head_widths(room),
        **{name: list(map(asdict, lines)) for name, lines in zip(names, parts, strict=True)},
    }


def _block(block: Line | Table | Code | Signatures, landscape: bool) -> dict[str, Any]:
    match block:
        case Line():
            return {"kind": "line", **asdict(block)}
        case Table():
            return {"kind": "table", **_table(block, landscape)}
        case Signatures():
            return {"kind": "signatures", **asdict(block)}
        case Code():
            return {
                "kind": "code",
                "svg": _drawn(block.address),
                "alt": block.alt,
                "lines": list(map(asdict, block.lines)),
            }


def _table(table: Table, landscape: bool) -> dict[str, Any]:
    found = fit.grid(table, landscape=landscape)
    return {
        "size": found.size,
        "widths": found.widths,
        "header": _header(table),
        "numbers": [column.number for column in table.columns] if table.numbered else [],
        "aligns": [str(column.align) for column in table.columns],
        "rows": list(map(asdict, table.rows)),
        "kept": min(_KEPT_ROWS, len(table.rows)),
        "notes": list(map(asdict, table.notes)),
        "signatures": table.signatures and asdict(table.signatures),
    }


def _header(table: Table) -> list[dict[str, Any]]:
    """The cells of the labels in the order a table is filled."""
    if not any(column.group for column in table.columns):
        return [_cell(column.heading) for column in table.columns]
    upper, lower = [], []
    for label, places in form.groups(table.columns):
        headings = [table.columns[place].heading for place in places]
        if label:
            upper.append(_cell(label, colspan=len(places)))
            lower += map(_cell, headings)
        else:
            upper += [_cell(heading, rowspan=2) for heading in headings]
    return upper + lower


def _cell(text: str, *, colspan: int = 1, rowspan: int = 1) -> dict[str, Any]:
    return {"text": text, "colspan": colspan, "rowspan": rowspan}


def _drawn(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", xmldecl=False, border=0)
    return picture.getvalue().decode()
