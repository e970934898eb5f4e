"""Paragraphs, cells and tables as WordprocessingML, in the strict order of elements Word wants."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from reports.documents.setting.document import Align, Line
from reports.documents.setting.fit import PADDING, PADDING_ABOVE

_JUSTIFICATION = {
    Align.LEFT: "left",
    Align.CENTRE: "center",
    Align.RIGHT: "right",
    Align.JUSTIFIED: "both",
}
_SIDES = ("top", "left", "bottom", "right")
FIRST_LINE = 720
"""1.27 cm in twips."""


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def paragraph(line: Line, *, keep: bool = False, width: float = 0) -> str:
    """A line of a document; its rule is a paragraph of its own, as long as it says."""
    made = text_paragraph(
        line.text,
        size=line.size,
        bold=line.bold,
        italic=line.italic,
        align=line.align,
        before=line.before,
        indent=line.indent,
        keep=keep or line.keep or bool(line.rule),
    )
    return made + rule(line.rule, width, keep=keep or line.keep) if line.rule else made


def text_paragraph(
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: Align = Align.LEFT,
    before: float = 0,
    indent: bool = False,
    keep: bool = False,
) -> str:
    look = run_look(size, bold=bold, italic=italic)
    spacing = f'<w:spacing w:before="{round(before * 20)}"/>' if before else ""
    first = f'<w:ind w:firstLine="{FIRST_LINE}"/>' if indent else ""
    kept = "<w:keepNext/>" if keep else ""
    run = f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return (
        f"<w:p><w:pPr>{kept}{spacing}{first}"
        f'<w:jc w:val="{_JUSTIFICATION[align]}"/>{look}</w:pPr>{run}</w:p>'
    )


def run_look(size: float, *, bold: bool = False, italic: bool = False) -> str:
    marks = ("<w:b/><w:bCs/>" if bold else "") + ("<w:i/><w:iCs/>" if italic else "")
    half = round(size * 2)
    return f'<w:rPr>{marks}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'


def rule(length: float, width: float, *, keep: bool = False) -> str:
    """A solid rule in the middle of ``width``: the upper border of a paragraph 3 points high."""
    side = max(0, twips((width - length) / 2))
    kept = "<w:keepNext/>" if keep else ""
    return (
        f"<w:p><w:pPr>{kept}"
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:pBdr>'
        '<w:spacing w:before="40" w:line="60" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}"/>'
        '<w:rPr><w:sz w:val="4"/><w:szCs w:val="4"/></w:rPr></w:pPr></w:p>'
    )


def gap(points: float) -> str:
    """An empty paragraph of a height; two tables without one between them become one in Word."""
    return (
        f'<w:p><w:pPr><w:spacing w:line="{round(points * 20)}" w:lineRule="exact"/>'
        '<w:rPr><w:sz w:val="4"/><w:szCs w:val="4"/></w:rPr></w:pPr></w:p>'
    )


def cell(
    content: str,
    width: int,
    *,
    span: int = 1,
    merge: str = "",
    borders: Iterable[str] | None = None,
    align: str = "center",
) -> str:
    """``merge``: "restart" or "continue" downwards; ``borders``: the sides without a rule."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    without = set(borders or ())
    nil = "".join(f'<w:{side} w:val="nil"/>' for side in _SIDES if side in without)
    edges = f"<w:tcBorders>{nil}</w:tcBorders>" if nil else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merged}{edges}'
        f'<w:vAlign w:val="{align}"/></w:tcPr>{content}</w:tc>'
    )


def row(cells: Sequence[str], *, head: bool = False) -> str:
    """A row that is never parted between two pages; one of the head is repeated on each."""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Iterable[str], widths: Sequence[int], *, ruled: bool, padding: float = 0) -> str:
    """A table of fixed columns, ruled or without a rule."""
    line = 'w:val="single" w:sz="4" w:space="0" w:color="auto"' if ruled else 'w:val="nil"'
    edges = "".join(f"<w:{side} {line}/>" for side in (*_SIDES, "insideH", "insideV"))
    margin = twips(PADDING if ruled else padding)
    above = round(PADDING_ABOVE * 20) if ruled else 0
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{margin}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:top w:w="{above}" w:type="dxa"/>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:bottom w:w="{above}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
