"""Summary: the findings in numbers, in sentences and in one chart; then every headline figure."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from openpyxl.chart import Reference

from reports.conference.contents import Conference
from reports.engine.figures import Figure
from reports.wording.sentences import (
    finding,
    sentences,
)
from reports.wording.verdicts import known_of
from reports.wording.words import (
    BILLION,
    amount,
    authority_name,
    heading,
    is_money,
    is_rate,
    month_number,
    needs_two_decimals,
    number,
    percent,
    signed,
)
from reports.workbook import (
    charts,
    measures,
    style,
)
from reports.workbook.sheet import (
    Column,
    Sheet,
)

from . import ranking

NAME = pgettext_lazy("sheet", "Summary")
ABOUT = pgettext_lazy("sheet", "The findings in numbers, sentences and one chart")

_WIDTHS = (58, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 40)
_CARDS = ((1, 1), (2, 3), (4, 5), (6, 7), (8, 8))
"""Where five cards stand: the first and the last in one wide column, the others across two."""
_PREFERRED = ("HI", "HI_RATE", "SI_V_NEW", "COLLECT", "SYNC_RATE")
_NOT_HEADLINES = ("base", "health_group")
_LOWEST_CHART, _HIGHEST_CHART = 190, 340
"""The chart takes what the sentences leave of the first page, in points."""


def wanted(data: Conference) -> bool:
    return bool(data.own.figures)


def write(sheet: Sheet, data: Conference) -> None:
    sheet.widths(_WIDTHS)
    row = sheet.heading(
        _("Summary, %(month)s") % {"month": month_number(data.month)}, sheet.scope, data.notice
    )
    sheet.text(row, 1, len(_WIDTHS), finding(data), _FINDING)
    sheet.height(row + 1, 6)
    row = _cards(sheet, row + 2, data)
    sheet.height(row, 6)
    for sentence in sentences(data):
        row += 1
        sheet.text(row, 1, len(_WIDTHS), f"•  {sentence}", style.PLAIN)
    if ranking.leading(data):
        row += 1
        sheet.last_column = len(_WIDTHS)
        left = sheet.page_points(landscape=True) - sheet.points(2, row - 1)
        _chart(sheet, row, data, points=max(_LOWEST_CHART, min(_HIGHEST_CHART, left - 12)))
    _headlines(sheet, row + 1, data)
    sheet.paper(landscape=True, breaks=[row])


_FINDING = style.Look(size=13, bold=True, colour=style.NAVY)


# --- cards ---------------------------------------------------------------------------------------


def _chosen(data: Conference) -> list[Figure]:
    """The figures on the cards: what conferences open with, then the main indicators."""
    codes = [*_PREFERRED, *(indicator.code for indicator in data.main)]
    known = [
        data.own.figures[code]
        for code in dict.fromkeys(codes)
        if code in data.own.figures and data.own.figures[code].achieved is not None
    ]
    return known[: len(_CARDS)]


def _cards(sheet: Sheet, row: int, data: Conference) -> int:
    """Name, number, plan, change and status of five figures; the first stands on navy."""
    for position, (place, figure) in enumerate(zip(_CARDS, _chosen(data), strict=False)):
        planned = data.elsewhere.get(figure.indicator.code, figure)
        looks = _HERO if position == 0 else _QUIET
        lines = [
            (heading(figure.indicator), looks[0], 27),
            (measures.reached(figure), looks[1], 30),
            (_against_plan(data, figure, planned), looks[2], 15),
            (_since_last_year(data, figure), looks[2], 15),
            (planned.status, looks[3], 17),
        ]
        for offset, (value, look, height) in enumerate(lines):
            if offset == 1:
                look = look.but(format=_card_format(figure))
            _across(sheet, row + offset, place, value, look)
            if isinstance(value, str) and look.wrap:
                height = max(height, _wrapped_height(sheet, place, value, look))
            sheet.height(row + offset, height)
    return row + 5


def _wrapped_height(sheet: Sheet, place: tuple[int, int], text: str, look: style.Look) -> float:
    """As high as a text wraps in its card."""
    room = sum(sheet.width(column) for column in range(place[0], place[1] + 1))
    return sheet.wrapped_height(text, room - _CARD_EDGE, look)


_CARD_EDGE = 1.5
"""What the rule between two cards takes of their width, in digits."""
_GAP = ("thick", style.WHITE)
_HERO = tuple(
    look.but(fill=style.NAVY, indent=1)
    for look in (
        style.Look(size=9, colour=style.PALE_ON_NAVY, wrap=True),
        style.Look(size=20, bold=True, colour=style.WHITE),
        style.Look(size=9, colour=style.PALE_ON_NAVY, wrap=True),
        style.STATUS.but(below=None),
    )
)
_QUIET = tuple(
    look.but(fill=style.PAPER, indent=1, left=_GAP)
    for look in (
        style.Look(size=9, colour=style.SECONDARY, wrap=True),
        style.Look(size=17, bold=True, colour=style.NAVY),
        style.Look(size=9, colour=style.SECONDARY, wrap=True),
        style.STATUS.but(below=None),
    )
)


def _card_format(figure: Figure) -> str:
    return style.RATE if is_rate(figure.indicator) else measures.look(figure.indicator).format


def _across(
    sheet: Sheet, row: int, place: tuple[int, int], value: object, look: style.Look
) -> None:
    first, last = place
    sheet.put(row, first, value, look)
    made = sheet.ws.cell(row, first)._style
    for column in range(first + 1, last + 1):
        sheet.ws.cell(row, column)._style = made
    sheet.merge(row, first, last)


def _against_plan(data: Conference, figure: Figure, planned: Figure) -> str:
    if figure.is_incomplete:
        return known_of(figure)
    if is_rate(figure.indicator) and planned.target is None and figure.denominator:
        return f"{number(figure.numerator)} / {number(figure.denominator)}"
    if planned.percent_of_target is None:
        return _("no target assigned")
    reached = percent(planned.percent_of_target)
    if planned is not figure:
        whose = authority_name(data.other_authority, data.province)
        return _("%(percent)s of the plan, %(authority)s") % {
            "percent": reached,
            "authority": whose,
        }
    return _("%(percent)s of the plan, %(target)s") % {
        "percent": reached,
        "target": amount(figure.indicator, planned.target),
    }


def _since_last_year(data: Conference, figure: Figure) -> str:
    if figure.is_incomplete:
        return _("compared once every report is approved")
    difference, indicator = figure.change, figure.indicator
    if difference is None:
        return _("no figure of the year before")
    if is_rate(indicator):
        said = signed(difference, 2) + " " + _("points")
    elif is_money(indicator):
        said = signed(Decimal(difference) / BILLION, 1)
    else:
        said = signed(difference)
    return _("%(change)s on %(month)s") % {
        "change": said,
        "month": month_number(data.month.same_month_last_year),
    }


# --- chart ---------------------------------------------------------------------------------------


def _chart(sheet: Sheet, row: int, data: Conference, *, points: float) -> None:
    """Percent of the plan per unit, best first; the numbers stand on the sheet of ranks."""
    placed = ranking.leading(data)
    first, last, names, percents = ranking.chart_cells(data)
    source = sheet.ws.parent[str(ranking.NAME)]
    values = [measures.share(figure.percent_of_target) for _rank, figure in placed]
    lowest, highest = _scale(values)
    sheet.height(row, points)
    chart = charts.bars(
        title=_("%(indicator)s: percent of the plan by unit; bars begin at the plan, 100%%")
        % {"indicator": data.lead.name},
        names=Reference(source, min_col=names, min_row=first, max_row=last),
        percents=Reference(source, min_col=percents, min_row=first, max_row=last),
        statuses=[figure.status for _rank, figure in placed],
        lowest=lowest,
        highest=highest,
        number_format=_label_format(placed),
        width=sum(_WIDTHS) * 7 * 2.54 / 96 * 0.99,
        height=points * 2.54 / 72 * 0.97,
    )
    sheet.ws.add_chart(chart, f"A{row}")


def _label_format(placed: Sequence[ranking.Placed]) -> str:
    """One format for all labels: exact enough for every one of them."""
    percents = (figure.percent_of_target for _rank, figure in placed)
    return style.RATE_2 if any(map(needs_two_decimals, percents)) else style.RATE


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Round ends of the axis around the plan and all values."""
    step = 0.02 if max(abs(value - 1) for value in values) < 0.12 else 0.1
    below = min(0, *(value - 1 for value in values), -step / 2)
    above = max(0, *(value - 1 for value in values), step / 2)
    return (
        max(0.0, round(1 + (below // step) * step, 4)),
        round(1 - (-above // step) * step, 4),
    )


# --- every headline figure -----------------------------------------------------------------------


def _headlines(sheet: Sheet, top: int, data: Conference) -> None:
    columns = _columns(data)
    sheet.fill(top, 1, len(columns), style.BLOCK)
    sheet.put(top, 1, _("All headline figures, with what they are divided by"), style.BLOCK)
    sheet.height(top, 18.5)
    sheet.head(top + 1, columns)
    row = top + 1
    group = None
    for figure in _shown(data):
        row += 1
        new_group = group is not None and figure.indicator.group != group
        sheet.row(row, columns, figure, dress=_group_begins if new_group else None)
        group = figure.indicator.group


def _shown(data: Conference) -> list[Figure]:
    """Figures with a result, but for those that others are divided by: they stand beside them."""
    figures = data.own.figures.values()
    divisors = {figure.indicator.denominator_id for figure in figures}
    return [
        figure
        for figure in figures
        if figure.achieved is not None
        and figure.indicator.group not in _NOT_HEADLINES
        and figure.indicator.pk not in divisors
    ]


def _group_begins(look: style.Look) -> style.Look:
    return look.but(above=("thin", style.TERTIARY))


def _columns(data: Conference) -> list[Column]:
    def planned(figure: Figure) -> Figure:
        return data.elsewhere.get(figure.indicator.code, figure)

    return [
        Column(
            _("Indicator"),
            lambda f: heading(f.indicator),
            style.CELL.but(wrap=True, size=9.5),
        ),
        Column(_("Result"), measures.reached, lambda f: measures.look(f.indicator, _BOLD)),
        Column(
            _("Target"),
            lambda f: measures.target(planned(f)),
            lambda f: measures.target_look(planned(f), f.indicator),
        ),
        Column(
            _("Percent of the plan"),
            lambda f: measures.share(planned(f).percent_of_target),
            _PERCENT,
        ),
        Column(
            _("Change on last year (points for rates)"),
            measures.change,
            lambda f: measures.difference_look(f.indicator),
        ),
        Column(
            _("Divided by"),
            lambda f: measures.divisor(data, f),
            lambda f: measures.divisor_look(data, f),
        ),
        Column(_("Status"), lambda f: planned(f).status, style.STATUS),
        Column(
            _("Source of the denominator; whose plan, if another's"),
            lambda f: _sources(data, f, planned(f)),
            style.NOTE.but(size=8, wrap=True, below=style.HAIRLINE, indent=1),
        ),
    ]


_BOLD = style.FIGURE.but(bold=True)
_PERCENT = style.FIGURE.but(format=style.RATE)


def _sources(data: Conference, figure: Figure, planned: Figure) -> str | None:
    said = [known_of(figure)] if figure.is_incomplete else []
    if figure.denominator_source:
        said.append(figure.denominator_source)
    if planned is not figure:
        whose = authority_name(data.other_authority, data.province)
        said.append(_("plan: %(authority)s") % {"authority": whose})
    return "; ".join(said) or None
