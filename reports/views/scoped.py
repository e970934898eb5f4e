"""Views that are told what the page is about: signed in, read from the address, authorised."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.pages.scope import Scope, scope_of


def scoped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, scope, …)`` for a reader who may see the unit asked for.

    Unit and month are those of the path where it has ``unit_code`` and ``month``, otherwise of
    the query. Today is read here and handed on.
    """

    @require_safe
    @login_required
    @wraps(view)
    def inner(
        request: HttpRequest, unit_code: str | None = None, month: str | None = None, **kwargs
    ) -> HttpResponse:
        scope = scope_of(request, today=timezone.localdate(), code=unit_code, month=month)
        return view(request, scope, **kwargs)

    return inner


def to_unit(scope: Scope) -> HttpResponse:
    """The unit's own page, which says what became of a unit that does not stand on the map."""
    address = reverse("reports:unit", args=[scope.unit.code])
    return redirect(address + scope.query(unit=None))
