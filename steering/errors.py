"""What is said when something is missing, not allowed, or our mistake: in the frame of the site."""

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from steering.accounts.programs.rest import plain_refusal
from steering.committee.access import NotAllowed


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: something in the address or the form cannot be read; the exception says what."""
    return _page(request, exception, "400.html", {"said": _sentence(exception)}, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: with the roles that may, where the exception knows them."""
    reason = exception.args[0] if exception.args else None
    refusal = reason if isinstance(reason, NotAllowed) else None
    context = {"refusal": refusal, "said": "" if refusal else _sentence(exception)}
    return _page(request, exception, "403.html", context, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: with what was looked for, where the exception says it."""
    return _page(request, exception, "404.html", {"said": _sentence(exception)}, 404)


def form_not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, mostly one that was open for too long."""
    return render(request, "403_csrf.html", status=403)


def locked_out(
    request: HttpRequest, answer: HttpResponse | None, credentials: dict | None
) -> HttpResponse:
    """429: too many wrong passwords. Says how long the wait is, and a client may read it too."""
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _page(
    request: HttpRequest, exception: Exception, template: str, context: dict, status: int
) -> HttpResponse:
    """In the frame of the site; at an address of the API, as the API tells every refusal."""
    if request.path.startswith(settings.SPECTACULAR_SETTINGS["SCHEMA_PATH_PREFIX"]):
        return JsonResponse(plain_refusal(exception, status), status=status)
    return render(request, template, context, status=status)


def _sentence(exception: Exception) -> str:
    """What somebody wrote into an exception for the reader; empty if nobody did.

    Their subclasses are Django's own and hold data, or words for developers.
    """
    if type(exception) not in (BadRequest, PermissionDenied, Http404) or not exception.args:
        return ""
    return str(exception.args[0])
