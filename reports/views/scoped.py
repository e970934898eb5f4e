"""Views that are told what the page is about: signed in, read from the address, authorised."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.pages.scope import Scope, scope_of


def scoped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, scope, …)`` for a reader who may see the unit asked for.

    The unit is the one of the address's query, or ``code`` of its path where the path has
    ``unit_code``. Today is read here and handed on.
    """

    @require_safe
    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args, unit_code: str | None = None, **kwargs) -> HttpResponse:
        scope: Scope = scope_of(request, today=timezone.localdate(), code=unit_code)
        return view(request, scope, *args, **kwargs)

    return inner
