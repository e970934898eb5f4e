"""The table of a page as a workbook of one sheet: the same rows, order, words and numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from commitments.models import Indicator
from reports.engine.figures import Figure
from reports.pages.overview import Overview, Row
from reports.pages.ranking import Line, Ranking
from reports.pages.rows import FigureRow
from reports.pages.scope import Scope
from reports.wording.headlines import short_name
from reports.wording.words import (
    day,
    heading,
    map_words,
    measure,
    month_number,
    plan_words,
    subject,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import (
    MARGINS_MM,
    Column,
    Sheet,
)
from reports.workbook.style import Styles

from .units import (
    PERCENT,
    REMARK,
    remark,
)

_HEAD_ROW = 5
_SHORT = style.FIGURE.but(align="center")


@dataclass(frozen=True)
class Table:
    """What a page shows as a table: its title, what it is about, columns, items, the whole.

    ``whole`` is what the items are parts of, if they are. ``printed`` is how many of the columns go
    on paper, if not all.
    """

    title: str
    about: str
    sheet: str
    columns: Sequence[Column]
    items: Sequence[Row | Line | FigureRow]
    whole: Row | Line | FigureRow | None = None
    notes: Sequence[str] = ()
    printed: int | None = None


def overview_table(page: Overview) -> Table:
    """The league table of the overview."""
    lead = page.lead
    columns = [
        Column(_("Rank"), lambda row: row.figure.rank, style.CENTRE, least=6),
        Column(_("Unit"), _name(page.scope), style.CELL),
        *_standing(lead, due=page.is_due, unjudged=_unjudged(page)),
    ]
    if page.rate:
        columns.append(
            Column(
                page.rate.name,
                lambda row: measures.reached(row.rate),
                measures.look(page.rate),
                least=10,
            )
        )
    if page.has_communes:
        columns += [
            Column(_("Communes short"), lambda row: row.short, least=9),
            Column(_("Communes"), lambda row: row.communes, least=9),
        ]
    columns.append(Column(_("Note"), _of(remark), REMARK, least=11))
    printed = len(columns)
    columns += _months(page.own)
    return Table(
        title=page.headline,
        about=about(page.scope, lead),
        sheet=_("Overview"),
        columns=columns,
        items=page.rows,
        whole=page.own,
        printed=printed,
    )


def ranking_table(page: Ranking) -> Table:
    """The ranking in the order and with the filters of the page; only who may be shown."""
    lead = page.lead
    columns = [
        Column(_("Rank"), lambda line: line.rank, style.CENTRE, least=6),
        Column(_("Places risen"), lambda line: line.rose, _SHORT.but(format=style.SIGNED), least=7),
        Column(_("Unit"), _name(page.scope), style.CELL),
        *_standing(lead, due=page.is_due, unjudged=_unjudged(page)),
        Column(
            _("Change on last year"),
            _verdict(measures.change, _unjudged(page)),
            measures.difference_look(lead),
            least=11,
        ),
        Column(
            _("Reports on time"),
            lambda line: line.punctuality and line.punctuality.on_time,
            least=10,
        ),
        Column(_("Reports due"), lambda line: line.punctuality and line.punctuality.due, least=9),
        Column(_("Note"), _of(remark), REMARK, least=11),
    ]
    return Table(
        title=page.headline,
        about=about(page.scope, lead),
        sheet=_("Ranking"),
        columns=columns,
        items=page.lines if page.shown else (),
        whole=page.own,
        notes=page.notes,
    )


def build(table: Table, *, notice: str = "") -> bytes:
    """The table as a file: A4 landscape, one page wide, the heading repeated.

    ``notice`` is what must be said beside its figures, such as that they are illustrative.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    styles = Styles(workbook)
    sheet = Sheet(
        workbook.create_sheet(table.sheet), styles, contents=table.sheet, scope=table.about
    )
    sheet.head(_HEAD_ROW, table.columns)
    row = _HEAD_ROW
    for item in table.items:
        row += 1
        sheet.row(row, table.columns, item)
    if table.whole is not None:
        row += 1
        sheet.row(row, table.columns, table.whole, dress=style.total)
    sheet.freeze(_HEAD_ROW + 1, 3)
    sheet.printed = table.printed
    sheet.settle()
    wide = sheet.printed or sheet.last_column
    sheet.text(2, 1, wide, table.title, style.TITLE)
    sheet.text(3, 1, wide, table.about, style.SUBTITLE)
    if notice:
        sheet.text(4, 1, wide, notice, style.NOTICE)
    for note in table.notes:
        row += 1
        sheet.text(row, 1, sheet.last_column, note, style.NOTE)
    sheet.paper(landscape=True, repeat=(_HEAD_ROW, _HEAD_ROW))
    sheet.finish()
    for side, millimetres in MARGINS_MM.items():
        setattr(sheet.ws.page_margins, side, millimetres / 25.4)
    styles.close()
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _unjudged(page: Overview | Ranking) -> Row | Line | None:
    """The whole, while reports are missing from it: half a sum is held against no plan."""
    return page.own if page.is_partial else None


def _verdict(
    read: Callable[[Figure], object], unjudged: Row | Line | None
) -> Callable[[Row | Line], object]:
    return lambda item: None if item is unjudged else read(item.figure)


def _standing(lead: Indicator, *, due: bool, unjudged: Row | Line | None) -> list[Column]:
    """Status, result, percent of the plan and distance, as on the page."""
    columns = [
        Column(_("Status"), _verdict(lambda figure: figure.status, unjudged), style.STATUS),
        Column(heading(lead), _of(measures.reached), measures.look(lead), least=12),
        Column(
            _("% of plan") if due else _("% of year's plan"),
            _verdict(lambda figure: measures.share(figure.percent_of_target), unjudged),
            PERCENT,
            least=10,
        ),
    ]
    if not due:
        columns.append(
            Column(
                _("% of plan to date"),
                _verdict(lambda figure: measures.share(figure.percent_to_date), unjudged),
                PERCENT,
                least=10,
            )
        )
    points = _("points") if measure(lead) == "%" else measure(lead)
    columns.append(
        Column(
            _("Over or short (%(measure)s)") % {"measure": points},
            _verdict(measures.missing_or_over, unjudged),
            lambda item: measures.gap_look(item.figure, lead),
            least=12,
        )
    )
    return columns


def _months(own: Row) -> list[Column]:
    """The year behind the sparkline, month by month."""
    lead = own.figure.indicator
    return [
        Column(
            month_number(point.month),
            lambda row, place=place: measures.written(lead, row.points[place].value),
            measures.look(lead),
            least=9,
        )
        for place, point in enumerate(own.points)
    ]


def _name(scope: Scope) -> Callable[[Row | Line], str]:
    def name(item: Row | Line) -> str:
        return subject(item.unit) if item.unit == scope.unit else short_name(item.unit)

    return name


def _of(read: Callable[[Figure], object]) -> Callable[[Row | Line], object]:
    return lambda item: read(item.figure)


def about(scope: Scope, lead: Indicator | None = None) -> str:
    """Whose figures, of which month, against whose plan, on which map, read when."""
    parts = (
        scope.unit.full_name,
        month_number(scope.month),
        heading(lead) if lead else None,
        plan_words(scope.authority, scope.planner, scope.plan_version),
        _("map: %(map)s") % {"map": map_words(scope.on_map, scope.month)},
        _("read on %(day)s") % {"day": day(scope.today)},
    )
    return " · ".join(filter(None, parts))
