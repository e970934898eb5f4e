"""Views that are told what the page is about: signed in, read from the address, authorised."""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.pages.scope import Scope, scope_of

from .kept import kept_page


def scoped(
    view: Callable[..., HttpResponse] | None = None, *, keep: bool = False
) -> Callable[..., HttpResponse]:
    """Call ``view(request, scope, …)`` for a reader who may see the unit asked for.

    Unit and month are those of the path where it has ``unit_code`` and ``month``, otherwise of
    the query. Today is read here and handed on. With ``keep`` the page is made once for each state
    of the data: it must show nothing of its reader but what follows from rights and the frame.
    """
    if view is None:
        return partial(scoped, keep=keep)

    @require_safe
    @login_required
    @wraps(view)
    def inner(
        request: HttpRequest, unit_code: str | None = None, month: str | None = None, **kwargs
    ) -> HttpResponse:
        today = timezone.localdate()
        asked = partial(scope_of, request, today=today, code=unit_code, month=month)
        if not keep:
            return view(request, asked(), **kwargs)
        return kept_page(
            request, today=today, scope_of=asked, view=lambda scope: view(request, scope, **kwargs)
        )

    return inner


def to_unit(scope: Scope) -> HttpResponse:
    """The unit's own page, which says what became of a unit that does not stand on the map."""
    address = reverse("reports:unit", args=[scope.unit.code])
    return redirect(address + scope.query(unit=None))
