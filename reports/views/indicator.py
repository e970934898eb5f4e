"""The page of an indicator, and the list of all indicators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.pages.indicator import indicator_page
from reports.pages.indicators import index_page
from reports.pages.scope import Scope

from .scoped import scoped


@scoped(keep=True)
def indicator(request: HttpRequest, scope: Scope, *, indicator_code: str) -> HttpResponse:
    """Will the target be met, and where is the gap."""
    page = indicator_page(scope, indicator_code, all_rows=request.GET.get("rows") == "all")
    return render(request, "reports/indicator.html", {"scope": scope, "page": page})


@scoped(keep=True)
def indicators(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every indicator of the unit, with value, part of the plan and status."""
    page = index_page(scope)
    return render(request, "reports/indicators.html", {"scope": scope, "page": page})
