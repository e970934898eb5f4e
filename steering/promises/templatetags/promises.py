"""How lines of papers, states and balances are printed."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.models import Commitment
from commitments.papers.content import PaperDecision, PaperLine
from reports.wording import words
from steering.promises.commitments.paper_page import address_of

register = template.Library()


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
def decision_words(decision: PaperDecision) -> str:
    """``Quyết định số 148/QĐ-UBND ngày 26/01/2024 của …``, as a paper rests on it: Vietnamese."""
    kinds = {"decision": "Quyết định", "plan": "Kế hoạch", "resolution": "Nghị quyết"}
    day = date.fromisoformat(decision.issued_on)
    said = f"{kinds.get(decision.kind, 'Văn bản')} số {decision.number} ngày {day:%d/%m/%Y}"
    return f"{said} của {decision.issuer}" if decision.issuer else said


@register.filter
def until(line: PaperLine) -> str:
    """``đến tháng 6 năm 2025``, where a line is due before December; Vietnamese, as on paper."""
    year, _dash, month = line.deadline.partition("-")
    return f"đến tháng {int(month)} năm {year}" if month not in ("", "12") else ""


@register.filter
def agency(unit_name: str) -> str:
    """``UBND huyện Sông Mã``: the agency that heads a paper, in Vietnamese."""
    return f"UBND {unit_name[:1].lower()}{unit_name[1:]}"


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
