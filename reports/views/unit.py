"""The page of a unit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.pages.scope import Scope
from reports.pages.unit import unit_page

from .scoped import scoped


@scoped(keep=True)
def unit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Where a unit stands on everything it signed, and who below it drags."""
    page = unit_page(scope, code=request.GET.get("indicator") or None)
    return render(request, "reports/unit.html", {"scope": scope, "page": page})
