"""Where a number comes from, and everything that was ever said of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.pages.provenance import history as history_of
from reports.pages.provenance import provenance as provenance_of
from reports.pages.scope import Scope
from steering.accounts.paging import Turn

from .scoped import scoped


@scoped(keep=True)
def provenance(request: HttpRequest, scope: Scope, *, indicator_code: str) -> HttpResponse:
    """Behind one figure: as a panel over the page that asked, or as a page of its own."""
    panel = request.headers.get("HX-Request") == "true"
    template = "reports/parts/provenance.html" if panel else "reports/provenance.html"
    page = provenance_of(scope, indicator_code)
    response = render(request, template, {"scope": scope, "page": page, "panel": panel})
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


@scoped(keep=True)
def history(request: HttpRequest, scope: Scope, *, indicator_code: str) -> HttpResponse:
    """Every revision behind one figure, the latest first; read-only."""
    page = history_of(scope, indicator_code, Turn.of(request.GET))
    return render(request, "reports/history.html", {"scope": scope, "page": page})
