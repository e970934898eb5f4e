"""What happens around every page: security headers, the chosen language, sessions that end."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from .accounts.signing_in.language import remember_language
from .committee.access import NotAllowed
from .errors import not_allowed

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from elsewhere, nothing inline: no foreign host learns who reads what here."""

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Adds the headers Django's own SecurityMiddleware does not know."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A developer's page about an error is styled inline; nobody else ever sees it.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class ChosenLanguage:
    """``?lang=en`` shows this page in English and remembers it in the language cookie.

    Stands before LocaleMiddleware, which reads that cookie.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        if chosen not in dict(settings.LANGUAGES):
            return self.get_response(request)
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
        response = self.get_response(request)
        remember_language(response, chosen)
        return response


class IdleTimeOut:
    """A session lasts ``SESSION_COOKIE_AGE`` from the last page on, not from signing in.

    Written down at most once in five minutes: a page need not cost a write.
    """

    EVERY = 300

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session, now = request.session, int(time.time())
        if (
            session.accessed
            and SESSION_KEY in session
            and now - session.get("seen", 0) > self.EVERY
        ):
            session["seen"] = now
        return response


class PlainText:
    """No text of a form or an address holds a NUL: PostgreSQL could not keep it."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        for sent in (request.GET, request.POST):
            if any("\0" in value for values in sent.lists() for value in values[1]):
                raise BadRequest(_("The form holds a character that is no text. Type it again."))


class SignInAgain:
    """A fragment that would have been the sign-in page makes the whole page load again."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.htmx and response.headers.get("Location", "").startswith(
            resolve_url(settings.LOGIN_URL)
        ):
            return HttpResponseClientRefresh()
        return response


class RefusedRights:
    """A view may let NotAllowed pass: it becomes the page that says who may."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return not_allowed(request, PermissionDenied(exception))
        return None
