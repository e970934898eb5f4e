"""What the pages of a unit and of an indicator show row by row, as tables for a workbook."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.pages.indicator import IndicatorPage
from reports.pages.rows import FigureRow
from reports.pages.unit import UnitPage
from reports.wording.headlines import short_name
from reports.wording.words import (
    measure,
    month_number,
)
from reports.workbook import (
    measures,
    style,
)
from reports.workbook.sheet import Column

from .screen import (
    Table,
    about,
)
from .units import (
    PERCENT,
    REMARK,
    remark,
)


def unit_table(page: UnitPage) -> Table:
    """Every indicator of a unit: its plan, what was signed, what was reached."""
    signed = Column(
        _("Signed"),
        lambda row: measures.written(row.indicator, row.committed),
        lambda row: measures.look(row.indicator),
        least=10,
    )
    columns = [
        Column(_("Indicator"), lambda row: row.indicator.name, style.CELL, least=24),
        Column(_("Unit of measure"), lambda row: measure(row.indicator), style.CELL, least=9),
        *_standing(page, [signed] if page.signed_count else []),
    ]
    return Table(
        title=page.headline,
        about=about(page.scope),
        sheet=_("Indicators"),
        columns=columns,
        items=page.rows,
    )


def indicator_table(page: IndicatorPage) -> Table:
    """One indicator of every unit below in the order of the page, all of them, and of the whole."""
    columns = [
        Column(
            _("Unit"),
            lambda row: page.unit.full_name if row.unit == page.unit else short_name(row.unit),
            style.CELL,
            least=18,
        ),
        *_standing(page),
    ]
    return Table(
        title=page.headline,
        about=about(page.scope, page.indicator),
        sheet=page.indicator.code,
        columns=columns,
        items=page.rows,
        whole=FigureRow(page.figure),
    )


def _standing(page: UnitPage | IndicatorPage, promised: Sequence[Column] = ()) -> list[Column]:
    """What a row of the page says, without its bar: half a sum is held against no plan.

    ``promised`` stands beside the target.
    """
    return [
        Column(_("% of plan to date"), lambda row: measures.share(row.on_scale), PERCENT, least=10),
        Column(
            _("Result"),
            lambda row: measures.reached(row.figure),
            lambda row: measures.result_look(row.figure, row.indicator),
            least=12,
        ),
        Column(
            _("Year's target"),
            lambda row: measures.target(row.figure),
            lambda row: measures.target_look(row.figure, row.indicator),
            least=12,
        ),
        *promised,
        Column(
            _("Over or short"),
            lambda row: None if row.is_partial else measures.missing_or_over(row.figure),
            lambda row: measures.gap_look(row.figure, row.indicator),
            least=11,
        ),
        Column(
            _("On %(month)s") % {"month": month_number(page.scope.month.same_month_last_year)},
            lambda row: None if row.is_partial else measures.change(row.figure),
            lambda row: measures.difference_look(row.indicator),
            least=11,
        ),
        Column(
            _("Status"), lambda row: None if row.is_partial else row.figure.status, style.STATUS
        ),
        Column(_("Note"), lambda row: remark(row.figure), REMARK, least=11),
    ]
