"""How lines of papers, states and balances are printed."""

from decimal import Decimal

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.papers.content import PaperLine
from reports.documents.setting.document import Column, Line, Row, Table
from reports.wording import words
from steering.promises.commitments.paper_page import address_of

register = template.Library()

SMALL = 10
"""Points below which a line is small print."""


@register.filter
def line_name(line: PaperLine) -> str:
    """The indicator of a line in the reader's language."""
    return line.name_en if (get_language() or "vi").startswith("en") else line.name_vi


@register.filter
def line_value(line: PaperLine, part: str) -> str:
    """``≥ 98,5%`` or ``66.400``: a value of a line with its sign; a dash where it is not known."""
    value = getattr(line, part)
    if value is None:
        return "–"
    text = scaled(value, line.decimals)
    if line.measure == "percent":
        text += "%"
    return text if part == "last_year" else f"{words.operator(line.operator)} {text}"


@register.filter
def scaled(value: int | None, decimals: int) -> str:
    """A scaled value as it is read: 9610 with two decimals is ``96,10``; a dash for none."""
    if value is None:
        return "–"
    return words.number(Decimal(value).scaleb(-decimals), decimals)


@register.filter
def until(line: PaperLine) -> str:
    """``đến tháng 6 năm 2025``, where a line is due before December; Vietnamese, as on paper."""
    year, _dash, month = line.deadline.partition("-")
    return f"đến tháng {int(month)} năm {year}" if month not in ("", "12") else ""


@register.simple_tag
def set_line(line: Line) -> SafeString:
    """One paragraph of a document, as it is printed."""
    looks = {
        "bold": line.bold,
        "italic": line.italic,
        "ruled": line.rule,
        "first": line.indent,
        "small": line.size < SMALL,
    }
    names = " ".join([line.align, *(name for name, on in looks.items() if on)])
    return format_html('<p class="{}">{}</p>', names, line.text)


@register.filter
def cells(table: Table, row: Row) -> list[tuple[Column, str]]:
    """The texts of a row, each with its column."""
    return list(zip(table.columns, row.cells, strict=True))


@register.filter
def qr(address: str) -> SafeString:
    """The QR code of an address, drawn here."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return mark_safe(drawn)


@register.filter(name="address_of")
def address_of_commitment(commitment: Commitment) -> str:
    """Where a commitment is read."""
    return address_of(commitment)


@register.filter
def task_filter(state: str) -> str:
    """The name of a filter of the board of tasks."""
    return str(
        {
            "open": _("Open"),
            "overdue": _("Overdue"),
            "done": _("Done"),
            "dropped": _("Dropped"),
            "all": _("All"),
        }[state]
    )
