"""Notes: definitions, denominators, provisional figures, contradictions, and sums that re-add."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator, Kind
from reports.conference.contents import (
    Check,
    Conference,
    Explained,
    checks,
)
from reports.engine.figures import Figure
from reports.wording.words import (
    amendment,
    amount,
    heading,
    measure,
    month_number,
    number,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    CONTENT_ROW,
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Notes and checks")
ABOUT = pgettext_lazy(
    "sheet", "Definitions, denominators, provisional figures, contradictions, checks"
)

_WIDTHS = (44, 14, 14, 12, 32)
_LAST = len(_WIDTHS)
_TEXT = style.Look(size=9, vertical="top")
_TERM = _TEXT.but(bold=True)


def wanted(data: Conference) -> bool:
    return True


def write(sheet: Sheet, data: Conference) -> None:
    sheet.widths(_WIDTHS)
    row = sheet.heading(
        _("Notes and checks, %(month)s") % {"month": month_number(data.month)},
        sheet.scope,
        data.notice,
    )
    row = _checks(sheet, row, checks(data))
    row = _contradictions(sheet, row, data)
    row = _provisional(sheet, row, data)
    row = _denominators(sheet, row, data)
    row = _methods(sheet, row)
    _definitions(sheet, row, [figure.indicator for figure in data.own.figures.values()])
    sheet.freeze(CONTENT_ROW, 1)
    sheet.paper(landscape=False)


def _section(sheet: Sheet, row: int, title: str) -> int:
    sheet.fill(row, 1, _LAST, style.SECTION)
    sheet.put(row, 1, title, style.SECTION)
    sheet.height(row, 22)
    return row + 1


def _paragraph(sheet: Sheet, row: int, text: str, look: style.Look = _TEXT) -> int:
    sheet.text(row, 1, _LAST, text, look)
    return row + 1


def _term(sheet: Sheet, row: int, term: str, text: str) -> int:
    """A term on the left, what it means on the right."""
    sheet.text(row, 1, 1, term, _TERM.but(below=style.HAIRLINE))
    sheet.text(row, 2, _LAST, text, _TEXT.but(below=style.HAIRLINE))
    return row + 1


# --- checks --------------------------------------------------------------------------------------


def _checks(sheet: Sheet, row: int, found: Sequence[Check]) -> int:
    row = _section(sheet, row, _("1. Sums that must re-add"))
    if not found:
        return _paragraph(sheet, row, _("There are no units below to add up.")) + 1
    columns = [
        Column(
            _("Indicator"),
            lambda check: heading(check.indicator),
            style.CELL.but(size=9, wrap=True),
        ),
        Column(
            _("Sum of the parts"),
            lambda check: measures.written(check.indicator, check.parts),
            lambda check: measures.look(check.indicator),
        ),
        Column(
            _("The level above"),
            lambda check: measures.written(check.indicator, check.whole),
            lambda check: measures.look(check.indicator),
        ),
        Column(
            _("Difference"),
            lambda check: measures.difference(check.indicator, check.difference),
            lambda check: measures.difference_look(check.indicator),
        ),
        Column(_("Verdict"), _verdict, _verdict_look, align="left"),
    ]
    sheet.head(row, columns)
    for check in found:
        row += 1
        sheet.row(row, columns, check)
    return row + 2


def _verdict(check: Check) -> str:
    what = {
        "units": _("sum of the units = the level above"),
        "communes": _("sum of the communes = sum of the districts"),
    }[check.scope]
    return f"OK: {what}" if check.difference == 0 else _("DIFFERENCE: %(what)s") % {"what": what}


def _verdict_look(check: Check) -> style.Look:
    status = style.Status.MET if check.difference == 0 else style.Status.AT_RISK
    return style.of_status(status, style.STATUS)


# --- contradictions ------------------------------------------------------------------------------


def _contradictions(sheet: Sheet, row: int, data: Conference) -> int:
    row = _section(sheet, row, _("2. Contradictions, kept as published, and their explanation"))
    said = [_explained(item) for item in data.explained] + _targets_below(data)
    said += [(_("Plan changed after closing"), amendment(one)) for one in data.amendments]
    if not said:
        said = [(_("None"), _("No rule asked for an explanation in this month."))]
    for term, text in said:
        row = _term(sheet, row, term, text)
    return row + 1


def _explained(item: Explained) -> tuple[str, str]:
    text = item.finding
    if item.text:
        text += "\n" + _("Explanation: %(text)s") % {"text": item.text}
    term = item.unit.full_name
    if item.reports > 1:
        term += " · " + _("%(count)s reports") % {"count": number(item.reports)}
    return term, text


def _targets_below(data: Conference) -> list[tuple[str, str]]:
    """Targets of the coming year that ask for less than was reached: to be known, not corrected."""
    if data.promises is None:
        return []
    below = []
    for code, planned in data.promises.own.targets.items():
        reached = data.own.figures.get(code)
        if reached is None or planned.target is None or reached.value is None:
            continue
        if reached.indicator.direction == "up" and planned.target < reached.value:
            below.append(
                (
                    reached.indicator.name,
                    _("The target of %(year)d, %(target)s, is below the result, %(result)s.")
                    % {
                        "year": data.promises.year,
                        "target": amount(reached.indicator, planned.target),
                        "result": amount(reached.indicator, reached.value),
                    },
                )
            )
    return below


# --- provisional figures, denominators -----------------------------------------------------------


def _provisional(sheet: Sheet, row: int, data: Conference) -> int:
    row = _section(sheet, row, _("3. Provisional and estimated figures"))
    gathered: dict[str, list[str]] = {}
    for unit in {row.unit.pk: row for row in (*data.children, *data.communes)}.values():
        figure = unit.figures.get(data.lead.code)
        if figure is not None and (figure.provisional or figure.estimated):
            gathered.setdefault(_why(figure), []).append(unit.unit.full_name)
    for why, names in gathered.items():
        row = _term(sheet, row, why, ", ".join(names))
    if not gathered:
        row = _paragraph(sheet, row, _("None: every report of the month is approved."))
    return row + 1


def _why(figure: Figure) -> str:
    said = _("%(approved)s of %(expected)s reports approved") % {
        "approved": number(figure.approved),
        "expected": number(figure.expected),
    }
    if not figure.estimated:
        return said
    return _("estimated: a unit was divided and its shares are not known") + "; " + said


def _denominators(sheet: Sheet, row: int, data: Conference) -> int:
    row = _section(sheet, row, _("4. What rates are divided by"))
    for figure in data.own.figures.values():
        if figure.denominator is None:
            continue
        text = f"{number(figure.numerator)} / {number(figure.denominator)}"
        if figure.denominator_source:
            text += "\n" + _("Source: %(source)s") % {"source": figure.denominator_source}
        row = _term(sheet, row, figure.indicator.name, text)
    return row + 1


# --- methods, definitions ------------------------------------------------------------------------


def _methods(sheet: Sheet, row: int) -> int:
    row = _section(sheet, row, _("5. How the figures are made"))
    for term, text in (
        (
            _("Result"),
            _("Approved reports only: a stock at the month's end, a flow since January."),
        ),
        (
            _("Plan to date"),
            _(
                "A straight line from last December's result to the target at its deadline, "
                "unless the decision gives a path. The status is judged against it, from "
                "unrounded numbers."
            ),
        ),
        (
            _("Rates"),
            _(
                "Numerator divided by denominator of the same units; never added, never averaged. "
                "The percent of a plan for a rate is the ratio of the two rates."
            ),
        ),
        (
            _("Rounding"),
            _("Half up, on decimals. Divided units are shared out so that nobody is lost."),
        ),
        (_("Blank"), _("A blank is a number nobody reported; it is never read as zero.")),
    ):
        row = _term(sheet, row, term, text)
    return row + 1


def _definitions(sheet: Sheet, row: int, indicators: Sequence[Indicator]) -> int:
    row = _section(sheet, row, _("6. Definitions"))
    kinds = {
        Kind.STOCK: _("counted at the month's end"),
        Kind.FLOW: _("counted in the month, added over the year"),
        Kind.SUM: _("sum of others"),
        Kind.RATIO: _("ratio"),
    }
    for indicator in indicators:
        text = f"{indicator.code} · {measure(indicator)} · {kinds[indicator.kind]}"
        if indicator.legal_basis:
            text += "\n" + _("Basis: %(basis)s") % {"basis": indicator.legal_basis}
        row = _term(sheet, row, indicator.name, text)
    return row
