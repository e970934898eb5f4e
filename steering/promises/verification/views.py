"""What the code on a paper shows, to anybody: no account, no names of persons, no way inward."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from commitments.models import Paper, PaperState
from commitments.papers.content import Content, read_code, shown_code


class VerifyThrottle(SimpleRateThrottle):
    """So many codes a minute from one address."""

    scope = "verify"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def get_rate(self) -> str:
        return settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope]


def paper_of(typed: str) -> Paper | None:
    """The paper of a code; unknown, malformed and withdrawn codes ask the same and find nothing."""
    papers = Paper.objects.with_state().select_related("unit")
    paper = papers.filter(code=read_code(typed)).first()
    return None if paper is None or paper.state == PaperState.WITHDRAWN else paper


@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """The state and the content of the paper with this code."""
    if typed := request.GET.get("code"):
        return _private(redirect("promises:verify", read_code(typed) or "0"))
    throttle = VerifyThrottle()
    if not throttle.allow_request(request, verify):
        response = render(request, "promises/verify.html", {"too_many": True}, status=429)
        response.headers["Retry-After"] = str(int(throttle.wait() or 60))
        return _private(response)
    paper = paper_of(code) if code else None
    if paper is None:
        return _private(
            render(request, "promises/verify.html", {"asked": code}, status=404 if code else 200)
        )
    signed = getattr(paper, "commitment", None)
    context = {
        "paper": paper,
        "content": Content.from_text(paper.content),
        "state": PaperState(paper.state),
        "code": shown_code(paper.code),
        "way": signed and signed.get_way_display(),
        "signed_on": signed and signed.signed_on,
        "events": list(signed.events.all()) if signed else [],
        "note": _NOTES.get(paper.state, ""),
    }
    return _private(render(request, "promises/verify.html", context))


_NOTES = {
    PaperState.PREPARED: _("Nobody has signed this paper yet; it promises nothing."),
    PaperState.REPLACED: _("Another paper took the place of this one before it was signed."),
}


def _private(response: HttpResponse) -> HttpResponse:
    """Not to be indexed, kept or named to whatever is opened next."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
