"""What a page shows, as a workbook."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from reports.pages.indicator import indicator_page
from reports.pages.overview import overview
from reports.pages.ranking import ranking, read_asked
from reports.pages.scope import Scope
from reports.pages.unit import unit_page
from reports.workbook.sheets.plan_rows import (
    indicator_table,
    unit_table,
)
from reports.workbook.sheets.screen import (
    Table,
    build,
    overview_table,
    ranking_table,
)
from steering.committee.templatetags.backoffice import notices_for

from .scoped import scoped

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@scoped(keep=True)
def excel(request: HttpRequest, scope: Scope, *, page: str) -> HttpResponse:
    """The table of a page that the same query string shows."""
    if page not in _TABLES or not scope.in_force:
        raise Http404(_("There is no such table for this unit and month."))
    table = _TABLES[page](request, scope)
    shown = f"{page}_{scope.unit.code}" + (f"_{table.sheet}" if page == "indicator" else "")
    name = f"{shown}_{scope.month}.xlsx"
    return HttpResponse(
        build(table, notice=" ".join(notices_for(request.user))),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _overview(request: HttpRequest, scope: Scope) -> Table:
    asked = request.GET
    worst_first = asked.get("sort") == "worst"
    code = asked.get("indicator") or None
    return overview_table(overview(scope, code=code, worst_first=worst_first))


def _ranking(request: HttpRequest, scope: Scope) -> Table:
    asked = request.GET
    return ranking_table(ranking(scope, read_asked(asked), code=asked.get("indicator") or None))


def _unit(request: HttpRequest, scope: Scope) -> Table:
    return unit_table(unit_page(scope))


def _indicator(request: HttpRequest, scope: Scope) -> Table:
    return indicator_table(indicator_page(scope, request.GET.get("indicator", ""), all_rows=True))


_TABLES = {
    "overview": _overview,
    "ranking": _ranking,
    "unit": _unit,
    "indicator": _indicator,
}
