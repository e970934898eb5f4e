"""Writes a document for Word; the same data give the same bytes (docs/adr/0021)."""

import io
from dataclasses import replace

import segno
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Twips

from reports.documents.setting import fit, form
from reports.documents.setting.document import (
    Align,
    Code,
    Document,
    Head,
    Line,
    Row,
    Signatures,
    Table,
)

from . import base, xml

_EMPTY = Line("", form.BODY)


def write(document: Document) -> bytes:
    """The file. Raises DoesNotFit for a table wider than a page."""
    document = fit.fitted(document.normalised())
    made = base.blank()
    _page(made, document)
    body = made.element.body
    for parsed in parse_xml(f"<w:body {nsdecls('w')}>{_body(document)}</w:body>"):
        body.insert(len(body) - 1, parsed)
    _codes(made, document)
    return base.saved(
        made,
        title=document.title,
        author=document.author,
        language={"vi": "vi-VN", "en": "en-GB"}[document.language],
        dated=document.dated,
    )


# --- the page --------------------------------------------------------------------------------


def _page(made: WordDocument, document: Document) -> None:
    """A4 with the margins of the form, the number of the page from the second on, the footer."""
    section = made.sections[0]
    long, short = Mm(fit.LONG), Mm(fit.SHORT)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width = long if document.landscape else short
    section.page_height = short if document.landscape else long
    right = fit.RIGHT_LANDSCAPE if document.landscape else fit.RIGHT
    section.left_margin = Twips(xml.twips(fit.LEFT))
    section.right_margin = Twips(xml.twips(right))
    section.top_margin = Twips(xml.twips(fit.TOP))
    section.bottom_margin = Twips(xml.twips(fit.BOTTOM))
    section.header_distance = section.footer_distance = Twips(xml.twips(10))
    section.different_first_page_header_footer = True
    _fill(section.header, _page_number())
    _fill(section.first_page_header, xml.text_paragraph("", size=form.PAGE_NUMBER))
    for footer in (section.footer, section.first_page_footer):
        lines = document.footer or ("",)
        _fill(footer, "".join(xml.text_paragraph(text, size=form.FOOTER) for text in lines))
    if document.language == "en":
        for language in made.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-GB")


def _fill(part, content: str) -> None:
    """Put paragraphs into a header or footer instead of the empty one it begins with."""
    part.is_linked_to_previous = False
    element = part._element
    for old in list(element):
        element.remove(old)
    for parsed in parse_xml(f"<w:hdr {nsdecls('w')}>{content}</w:hdr>"):
        element.append(parsed)


def _page_number() -> str:
    look = xml.run_look(form.PAGE_NUMBER)
    field = "".join(
        f"<w:r>{look}{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>2</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return f'<w:p><w:pPr><w:jc w:val="center"/>{look}</w:pPr>{field}</w:p>'


# --- the body --------------------------------------------------------------------------------


def _body(document: Document) -> str:
    room = fit.text_width(document.landscape)
    parts = [_head(document.head, room)] if document.head else []
    for place, block in enumerate(document.blocks):
        before = document.blocks[place - 1] if place else document.head
        if not isinstance(block, Line) and not isinstance(before, Line):
            parts.append(xml.gap(6))
        match block:
            case Line():
                parts.append(xml.paragraph(block, width=room))
            case Table():
                parts += [xml.gap(4), _table(block, document.landscape)]
            case Code():
                parts += [xml.gap(12), _code(block, room)]
            case Signatures():
                parts += [xml.gap(12), _signatures(block, room)]
    if not isinstance(document.blocks[-1], Line):
        parts.append(xml.gap(1))
    return "".join(parts)


def _head(head: Head, room: float) -> str:
    """Agencies left, the state right; the number and the day on one line below."""
    left, right = form.head_widths(room)
    agencies, state, number, place = form.head_lines(head)
    rows = [
        xml.row(
            [
                xml.cell(_lines(lines, wide), xml.twips(wide), align="top")
                for lines, wide in ((first, left), (second, right))
            ]
        )
        for first, second in ((agencies, state), (number, place))
    ]
    return xml.table(rows, [xml.twips(left), xml.twips(right)], ruled=False)


def _lines(lines, width: float, *, keep: bool = False) -> str:
    return "".join(xml.paragraph(line, keep=keep, width=width) for line in lines or (_EMPTY,))


def _signatures(block: Signatures, room: float) -> str:
    widths = [xml.twips(room / 2)] * 2
    return xml.table([_signing_row(block, widths, [])], widths, ruled=False)


def _signing_row(block: Signatures, widths: list[int], borders: list[str]) -> str:
    """Two cells: recipients or a signer left, the signer right, room between post and name."""
    sides = []
    for lines, names in ((block.left, block.left_name), (block.right, block.right_name)):
        both = [*lines]
        if names:
            both += [_EMPTY] * block.room + [*names]
        sides.append(_lines(both, 0))
    return xml.row(
        [
            xml.cell(side, width, borders=borders, align="top")
            for side, width in zip(sides, widths, strict=True)
        ]
    )


def _code(block: Code, room: float) -> str:
    """The cell of the picture stays empty here: ``_codes`` puts it in."""
    left = xml.twips(form.CODE + 3)
    right = xml.twips(room) - left
    cells = [
        xml.cell(xml.text_paragraph("", size=9), left),
        xml.cell(_lines(block.lines, 0), right),
    ]
    return xml.table([xml.row(cells)], [left, right], ruled=False)


def _codes(made: WordDocument, document: Document) -> None:
    """Put the picture of each code into the first cell of its table."""
    blocks = [block for block in document.blocks if isinstance(block, Code)]
    if not blocks:
        return
    places = [*([Head] if document.head else []), *map(type, document.blocks)]
    tables = [kind for kind in places if kind is not Line]
    codes = [table for table, kind in zip(made.tables, tables, strict=True) if kind is Code]
    for block, table in zip(blocks, codes, strict=True):
        picture = io.BytesIO()
        segno.make(block.address, error="m", micro=False).save(
            picture, kind="png", scale=8, border=0
        )
        picture.seek(0)
        run = table.rows[0].cells[0].paragraphs[0].add_run()
        shape = run.add_picture(picture, width=Mm(form.CODE))
        shape._inline.docPr.set("descr", block.alt)
        shape._inline.docPr.set("name", "QR")
        # Where they are missing LibreOffice puts 3 mm beside the picture.
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")


# --- tables ----------------------------------------------------------------------------------


def _table(table: Table, landscape: bool) -> str:
    found = fit.grid(table, landscape=landscape)
    widths = [xml.twips(width) for width in found.widths]
    last = len(table.rows) - 2 if table.signatures and not table.notes else len(table.rows)
    rows = _header(table, widths, found.size)
    rows += [
        _row(table, one, widths, found.size, keep=place >= last)
        for place, one in enumerate(table.rows)
    ]
    rows += _tail(table, widths)
    return xml.table(rows, widths, ruled=True)


def _header(table: Table, widths: list[int], size: int) -> list[str]:
    """One row of labels, or two where columns are grouped, and the row of numbers.

    Never two rows of which every column is merged: readers repeat those differently.
    """
    grouped = any(column.group for column in table.columns)
    rows = []
    if grouped:
        upper = []
        for label, places in form.groups(table.columns):
            width = sum(widths[place] for place in places)
            if label:
                content = _label(label, size)
                upper.append(xml.cell(content, width, span=len(places)))
            else:
                upper += [
                    xml.cell(
                        _label(table.columns[place].heading, size), widths[place], merge="restart"
                    )
                    for place in places
                ]
        rows.append(xml.row(upper, head=True))
    lower = [
        xml.cell(_label("" if merged else column.heading, size), width, merge=merged)
        for column, width, merged in (
            (column, width, "continue" if grouped and not column.group else "")
            for column, width in zip(table.columns, widths, strict=True)
        )
    ]
    rows.append(xml.row(lower, head=True))
    if table.numbered:
        small = min(size, fit.LARGEST_NUMBER)
        numbers = [
            xml.cell(
                xml.text_paragraph(column.number, size=small, italic=True, align=Align.CENTRE),
                width,
            )
            for column, width in zip(table.columns, widths, strict=True)
        ]
        rows.append(xml.row(numbers, head=True))
    return rows


def _label(text: str, size: int) -> str:
    return xml.text_paragraph(text, size=size, bold=True, align=Align.CENTRE)


def _row(table: Table, one: Row, widths: list[int], size: int, *, keep: bool) -> str:
    if one.spans:
        content = xml.text_paragraph(
            one.cells[0], size=size, bold=one.bold, italic=one.italic, keep=True
        )
        return xml.row([xml.cell(content, sum(widths), span=len(widths))])
    return xml.row(
        [
            xml.cell(
                xml.text_paragraph(
                    text,
                    size=size,
                    bold=one.bold,
                    italic=one.italic,
                    align=column.align,
                    keep=keep,
                ),
                width,
            )
            for text, column, width in zip(one.cells, table.columns, widths, strict=True)
        ]
    )


def _tail(table: Table, widths: list[int]) -> list[str]:
    """Notes and the block of the signature as rows without rules, so that they are kept with it."""
    whole, count = sum(widths), len(widths)
    bare = ["left", "bottom", "right"]
    rows = []
    for place, line in enumerate(table.notes):
        last = place == len(table.notes) - 1 and table.signatures is not None
        content = xml.paragraph(line, keep=last)
        sides = bare if place == 0 else [*bare, "top"]
        rows.append(xml.row([xml.cell(content, whole, span=count, borders=sides)]))
    if table.signatures:
        sides = bare if not table.notes else [*bare, "top"]
        left = fit.middle(widths)
        parts = [sum(widths[:left]), sum(widths[left:])]
        made = []
        for lines, names, width, span in (
            (table.signatures.left, table.signatures.left_name, parts[0], left),
            (table.signatures.right, table.signatures.right_name, parts[1], count - left),
        ):
            both = [replace(_EMPTY, size=8), *lines]
            if names:
                both += [_EMPTY] * table.signatures.room + [*names]
            made.append(xml.cell(_lines(both, 0), width, span=span, borders=sides, align="top"))
        rows.append(xml.row(made))
    return rows
