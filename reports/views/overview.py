"""The overview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.pages.overview import overview as overview_of
from reports.pages.scope import Scope

from .scoped import scoped, to_unit

SHOWN_AT_FIRST = 5
"""How many items of the attention list stand on the page before somebody asks for all."""


@scoped(keep=True)
def overview(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Is the unit on plan, who is not, and what must somebody look at."""
    if not scope.in_force:
        return to_unit(scope)
    hall = request.GET.get("view") == "hall"
    page = overview_of(
        scope,
        code=request.GET.get("indicator") or None,
        worst_first=request.GET.get("sort") == "worst",
        all_rows=hall or request.GET.get("rows") == "all",
    )
    items = page.attention
    if request.GET.get("attention") != "all":
        items = items[:SHOWN_AT_FIRST]
    return render(
        request,
        "reports/overview.html",
        {
            "scope": scope,
            "page": page,
            "hall": hall,
            "items": items,
            "more": len(page.attention) - len(items),
        },
    )
