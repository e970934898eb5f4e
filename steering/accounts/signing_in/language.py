"""The language somebody chose, kept in the cookie that Django's LocaleMiddleware reads."""

from django.conf import settings
from django.http import HttpResponse


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep ``language`` in the reader's browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS_ONLY,
    )
