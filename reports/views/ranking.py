"""The ranking."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.pages.ranking import ranking as ranking_of
from reports.pages.ranking import read_asked
from reports.pages.scope import Scope

from .scoped import scoped, to_unit


@scoped(keep=True)
def ranking(
    request: HttpRequest, scope: Scope, *, indicator_code: str | None = None
) -> HttpResponse:
    """Who leads and who falls behind, fairly compared."""
    if not scope.in_force:
        return to_unit(scope)
    code = indicator_code or request.GET.get("indicator") or None
    page = ranking_of(scope, read_asked(request.GET), code=code)
    return render(request, "reports/ranking.html", {"scope": scope, "page": page})
