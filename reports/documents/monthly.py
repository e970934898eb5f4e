"""The monthly report table: target, results, change and what is left, with numbered columns."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Indicator
from reports.engine.comparing import last_year, remaining, since_last_month
from reports.engine.figures import Figure
from reports.wording import words
from reports.workbook.sheets.units import remark

from . import texts
from .annex import whole_name
from .months import MonthFigures, Occasion
from .setting import form
from .setting.document import Align, Column, Document, Head, Row, Signatures, Table


def monthly(found: MonthFigures) -> Document:
    """One block for each indicator, the whole before its units; of a commune one line each."""
    occasion = found.occasion
    title = pgettext(
        "document", "Results against the targets for social and health insurance, month %(month)s"
    ) % {"month": _month(occasion)}
    return Document(
        title=f"{title}, {occasion.unit.full_name}",
        author=occasion.letterhead.agency.replace("\n", " "),
        language=occasion.language,
        dated=occasion.at.replace(tzinfo=None),
        landscape=True,
        head=head(occasion, pgettext("document", "RP")),
        blocks=(
            *form.title(pgettext("document", "REPORT"), title, about=against(found)),
            _table(found),
        ),
        footer=footer(found),
    )


def _month(occasion: Occasion) -> str:
    return words.month_number(occasion.month)


def head(occasion: Occasion, kind: str) -> Head:
    """The head of a committee's document; number and day stay open until it is signed."""
    letterhead = occasion.letterhead
    return Head(
        superior=letterhead.superior,
        agency=letterhead.agency,
        number=form.document_number(None, f"{kind}-{letterhead.symbol}"),
        place_and_date=form.place_and_date(letterhead.place, None),
    )


def footer(found: MonthFigures) -> tuple[str, ...]:
    """Cut-off day, version of the data, time of export; what the committee has on every paper."""
    occasion = found.occasion
    said = _("Data up to %(day)s · version %(version)s · exported %(moment)s") % {
        "day": words.day(occasion.data_to),
        "version": found.version[:16],
        "moment": words.moment(occasion.at),
    }
    return tuple(filter(None, (said, occasion.notice)))


def against(found: MonthFigures) -> str:
    """Whose plan it is, and which decisions assigned it."""
    own = (found.of(found.units[0], one).decision for one in found.indicators)
    numbers = dict.fromkeys(number for said in own if said for number in said.split(", "))
    authority = words.authority_name(found.authority, found.province)
    if not numbers:
        return _("(Plan of %(authority)s: no target assigned)") % {"authority": authority}
    versions = (found.of(found.units[0], one).version for one in found.indicators)
    return _("(Plan of %(authority)s, version %(version)s: %(decisions)s)") % {
        "authority": authority,
        "version": max(version for version in versions if version is not None),
        "decisions": words.listed(list(numbers)),
    }


def _table(found: MonthFigures) -> Table:
    rows: list[Row] = []
    for place, indicator in enumerate(found.indicators):
        if not found.children:
            figure = found.of(found.units[0], indicator)
            name = texts.heading(indicator)
            rows.append(_row(found, figure, str(place + 1), name, bold=False))
            continue
        label = f"{form.roman(place + 1)}. {words.heading(indicator)}"
        rows.append(Row((label,), bold=True, spans=True))
        rows += _block(found, indicator)
    subject = pgettext("document", "Unit") if found.children else pgettext("document", "Target")
    return Table(
        columns=(
            Column(pgettext("document", "No."), "A", Align.CENTRE),
            Column(subject, "B", Align.LEFT, grows=True),
            Column(pgettext("document", "Target of the year"), "1"),
            Column(pgettext("document", "Same period last year"), "2"),
            Column(pgettext("document", "Up to last month"), "3"),
            Column(pgettext("document", "Up to this month"), "4"),
            Column(pgettext("document", "% of the plan"), "5=4/1"),
            Column(pgettext("document", "Change on last month"), "6=4-3"),
            Column(pgettext("document", "Change on last year"), "7=4-2"),
            Column(pgettext("document", "Left to do"), "8=1-4"),
            Column(pgettext("document", "Rank"), "9", Align.CENTRE),
            Column(pgettext("document", "Note"), "10", Align.LEFT, grows=True),
        ),
        rows=tuple(rows),
        largest=11,
        signatures=_signatures(found),
    )


def _block(found: MonthFigures, indicator: Indicator) -> list[Row]:
    whole, *children = found.units
    return [
        _row(found, found.of(whole, indicator), "", whole_name(whole), bold=True),
        *(
            _row(found, found.of(unit, indicator), str(place), unit.full_name, bold=False)
            for place, unit in enumerate(children, start=1)
        ),
    ]


def _row(found: MonthFigures, figure: Figure, ordinal: str, name: str, *, bold: bool) -> Row:
    indicator = figure.indicator
    before = found.last_month(figure.unit, indicator)
    decimals = 1 if words.is_money(indicator) else indicator.decimals

    def cell(value) -> str:
        return texts.cell(indicator, value, decimals)

    def change(value) -> str:
        return texts.difference(indicator, value, decimals)

    target = texts.cell(indicator, figure.target, decimals, operator=figure.operator)
    return Row(
        cells=(
            ordinal,
            name,
            target,
            cell(last_year(figure)),
            cell(before and before.achieved),
            cell(figure.achieved),
            texts.percent(figure.percent_of_target),
            change(since_last_month(figure, before)),
            change(figure.change),
            _left(figure, cell),
            "" if figure.rank is None else str(figure.rank),
            note(figure),
        ),
        bold=bold,
    )


def _left(figure: Figure, cell) -> str:
    """What is left of the year's target; a word once it is reached."""
    left = remaining(figure)
    if left is None:
        return ""
    return cell(left) if left else pgettext("document", "done")


def note(figure: Figure) -> str:
    """What must be known of a figure: as the workbook says it, and how many reports are missing."""
    said = [remark(figure)]
    if figure.is_incomplete and figure.expected > 1:
        said.append(
            _("%(approved)s of %(expected)s reports approved")
            % {
                "approved": words.number(figure.approved),
                "expected": words.number(figure.expected),
            }
        )
    return ", ".join(filter(None, said))


def _signatures(found: MonthFigures) -> Signatures:
    """Who drew the table up left, the head of the agency right."""
    letterhead = found.occasion.letterhead
    return Signatures(
        left=form.signer(tuple(letterhead.preparer.splitlines())),
        right=form.signer(tuple(letterhead.posts.splitlines())),
        right_name=(
            *form.signer(tuple(letterhead.office.splitlines())),
            *form.name(letterhead.signer),
        ),
    )
