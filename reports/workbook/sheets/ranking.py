"""Ranking: the same units on three bases side by side, so that no single one decides alone."""

from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from commitments.models import Indicator
from reports.conference.contents import (
    Conference,
    figures_by,
)
from reports.engine.comparing import (
    gap,
    in_order,
    ranked,
    shared_operator,
)
from reports.engine.figures import Figure
from reports.engine.ranking import (
    Basis,
    lowest_first,
)
from reports.wording.words import (
    heading,
    is_rate,
    month_number,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    CONTENT_ROW,
    ROW_HEIGHT,
    Column,
    Sheet,
)

NAME = pgettext_lazy("sheet", "Ranking")
ABOUT = pgettext_lazy("sheet", "Three bases side by side: percent, people short, increase")

Placed = tuple[int, Figure]
_SPACER_PIXELS = 8


def wanted(data: Conference) -> bool:
    return any(_has_ranks(data, indicator) for indicator in data.main)


def write(sheet: Sheet, data: Conference) -> None:
    """One block per main indicator with targets: three league tables under one heading row."""
    top = sheet.heading(
        _("Ranking of the units, %(month)s") % {"month": month_number(data.month)},
        sheet.scope,
        data.notice,
    )
    first = 1
    for columns in _leagues(data.lead):
        sheet.head(top, columns, first=first)
        first += len(columns) + 1
        sheet.widen(first - 1, _SPACER_PIXELS)
    blocks, row = [], top + 1
    for indicator in data.main:
        if not _has_ranks(data, indicator):
            continue
        last = _block(sheet, row, data, indicator)
        if not blocks:
            last = _method(sheet, last + 1)
        blocks.append((row, last))
        row = last + 1
    sheet.freeze(top + 1, 1)
    breaks = sheet.breaks(blocks, landscape=True, repeat=(top, top))
    sheet.paper(landscape=True, repeat=(top, top), breaks=breaks)


def _has_ranks(data: Conference, indicator: Indicator) -> bool:
    return any(f.rank is not None for f in figures_by(data.children, indicator.code))


def _block(sheet: Sheet, row: int, data: Conference, indicator: Indicator) -> int:
    """Three orders of the same units side by side; returns the last row."""
    figures = figures_by(data.children, indicator.code)
    operator = shared_operator(figures)
    by_gap, by_change = (
        ranked(figures, score, lowest_first=lowest_first(basis, indicator, operator))
        for basis, score in ((Basis.MISSING, gap), (Basis.INCREASE, attrgetter("change")))
    )
    orders = (_by_rank(figures), by_gap, by_change)
    leagues = _leagues(indicator)
    title = heading(indicator)
    if is_rate(indicator):
        title += "; " + _("differences in points")
    first, last = 1, row
    for columns, placed in zip(leagues, orders, strict=True):
        for offset, item in enumerate(placed, start=row + 1):
            sheet.row(offset, columns, item, first=first)
            last = max(last, offset)
        first += len(columns) + 1
    sheet.fill(row, 1, first - 2, style.BLOCK)
    sheet.put(row, 1, title, style.BLOCK)
    sheet.height(row, ROW_HEIGHT + 2.5)
    return last


def _leagues(indicator: Indicator) -> tuple[list[Column], ...]:
    """The columns of the three tables: by percent, by people over or missing, by change."""
    return (
        [
            *_who(),
            Column(
                _("Percent of the plan"),
                lambda placed: measures.share(placed[1].percent_of_target),
                style.FIGURE.but(format=style.RATE, bold=True),
                least=11,
            ),
            Column(_("Status"), lambda placed: placed[1].status, style.STATUS),
        ],
        [
            *_who(),
            Column(
                _("Over or short"),
                lambda placed: measures.missing_or_over(placed[1]),
                lambda placed: measures.gap_look(placed[1], indicator),
                least=14,
            ),
        ],
        [
            *_who(),
            Column(
                _("Change on last year"),
                lambda placed: measures.change(placed[1]),
                measures.difference_look(indicator),
                least=14,
            ),
        ],
    )


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
