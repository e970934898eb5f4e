"""Ranking: the same units on three bases side by side, so that no single one decides alone."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from reports.comparing import change, gap, in_order, ranked
from reports.conference import Conference, figures_by
from reports.figures import Figure
from reports.words import heading, measure, month_number

from . import measures, style
from .sheet import CONTENT_ROW, ROW_HEIGHT, Column, Sheet

NAME = pgettext_lazy("sheet", "Ranking")
ABOUT = pgettext_lazy("sheet", "Three bases side by side: percent, people missing, increase")

Placed = tuple[int, Figure]


def wanted(data: Conference) -> bool:
    return any(_has_ranks(data, indicator) for indicator in data.main)


def write(sheet: Sheet, data: Conference) -> None:
    """One block per main indicator with targets: three league tables, then the method."""
    row = sheet.heading(
        _("Ranking of the units, %(month)s") % {"month": month_number(data.month)},
        sheet.scope,
        data.notice,
    )
    blocks = []
    for indicator in data.main:
        if not _has_ranks(data, indicator):
            continue
        last = _block(sheet, row, data, indicator)
        if not blocks:
            last = _method(sheet, last + 1)
        blocks.append((row, last))
        row = last + 1
    sheet.freeze(CONTENT_ROW, 1)
    breaks = sheet.breaks(blocks, landscape=True, repeat=None)
    sheet.paper(landscape=True, breaks=breaks)


def _has_ranks(data: Conference, indicator: Indicator) -> bool:
    return any(f.rank is not None for f in figures_by(data.children, indicator.code))


def _block(sheet: Sheet, row: int, data: Conference, indicator: Indicator) -> int:
    figures = figures_by(data.children, indicator.code)
    bases: list[tuple[list[Column], list[Placed]]] = [
        (
            [
                *_who(),
                Column(
                    _("Percent of the plan"),
                    lambda placed: measures.share(placed[1].percent_of_target),
                    style.FIGURE.but(format=style.RATE, bold=True),
                    least=10,
                ),
                Column(_("Status"), lambda placed: placed[1].status, style.STATUS),
            ],
            _by_rank(figures),
        ),
        (
            [
                *_who(),
                Column(
                    _("Over or missing (%(measure)s)") % {"measure": _points_or(indicator)},
                    lambda placed: measures.missing_or_over(placed[1]),
                    lambda placed: measures.gap_look(placed[1], indicator),
                    least=14,
                ),
            ],
            ranked(figures, gap),
        ),
        (
            [
                *_who(),
                Column(
                    _("Change on last year (%(measure)s)") % {"measure": _points_or(indicator)},
                    lambda placed: measures.change(placed[1]),
                    measures.difference_look(indicator),
                    least=14,
                ),
            ],
            ranked(figures, change),
        ),
    ]
    width = sum(len(columns) for columns, _placed in bases) + len(bases) - 1
    sheet.fill(row, 1, width, style.BLOCK)
    sheet.put(row, 1, heading(indicator), style.BLOCK)
    sheet.height(row, ROW_HEIGHT + 2)
    last, first = row + 1, 1
    for columns, placed in bases:
        sheet.head(row + 1, columns, first=first)
        for offset, item in enumerate(placed, start=row + 2):
            sheet.row(offset, columns, item, first=first)
            last = max(last, offset)
        first += len(columns) + 1
        if first <= width:
            sheet.widen(first - 1, 8)
    return last + 1


def leading(data: Conference) -> list[Placed]:
    """The units as they stand in the leading block: those with a rank, best first."""
    return _by_rank(figures_by(data.children, data.lead.code))


def chart_cells(data: Conference) -> tuple[int, int, int, int]:
    """Where the leading block lists percents: first row, last row, column of names, of percents."""
    first = CONTENT_ROW + 2
    return first, first + len(leading(data)) - 1, 2, 3


def _by_rank(figures: list[Figure]) -> list[Placed]:
    """In the engine's ranks; a unit without one is left out."""
    return in_order((figure.rank, figure) for figure in figures)


def _who() -> list[Column]:
    return [
        Column(_("Rank"), lambda placed: placed[0], style.CENTRE, least=6),
        Column(_("Unit"), lambda placed: _name(placed[1]), style.CELL),
    ]


def _name(figure: Figure) -> str:
    name = figure.unit.full_name
    return f"{name} *" if figure.provisional or figure.estimated else name


def _points_or(indicator: Indicator) -> str:
    return _("points") if measure(indicator) == "%" else measure(indicator)


def _method(sheet: Sheet, row: int) -> int:
    """How the ranks are made, below the leading block; returns the blank row after it."""
    sheet.settle()
    for sentence in (
        _(
            "Percent: the result divided by the target of the year. For a rate it is the ratio of "
            "the two rates; the difference is given in points beside it."
        ),
        _(
            "Units with equal numbers share a rank and the next rank is left out (1, 2, 2, 4). "
            "Units without a target or without a report have no rank."
        ),
        _(
            "A small unit can lead by percent and a large one by people: read the three columns "
            "together. * marks provisional or estimated figures."
        ),
    ):
        sheet.text(row, 1, sheet.last_column, sentence, style.NOTE)
        row += 1
    return row
