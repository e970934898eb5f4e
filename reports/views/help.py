"""Help: open to everybody, also to whoever cannot sign in."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.wording import help_cards
from steering.committee.people import whom_to_ask


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Cards about the page the reader came from, then those of their roles, then the others;
    words; indicators. ``?q=`` searches. Members see first whom to ask."""
    search = " ".join(request.GET.get("q", "").split())
    roles, contacts = (), ()
    if request.user.is_authenticated:
        today = timezone.localdate()
        seats = request.user.memberships.in_force_on(today)
        roles = set(seats.values_list("role", flat=True))
        contacts = () if search else whom_to_ask(request.user, today)
    cards = help_cards.cards_for(roles, search)
    came_from = "" if search else _came_from(request)
    here = [card for card, own in cards if came_from in card.pages]
    context = {
        "search": search,
        "contacts": contacts,
        "here": here,
        "cards": [(card, own) for card, own in cards if card not in here],
        "terms": help_cards.terms(search),
        "glossary": help_cards.glossary(search),
    }
    return render(request, "reports/help.html", context)


def _came_from(request: HttpRequest) -> str:
    """The name of the page of this site that led here; empty if it is not known."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    try:
        return resolve(before.path).view_name
    except Resolver404:
        return ""


@require_safe
def help_card(request: HttpRequest, key: str) -> HttpResponse:
    """One card alone, for one sheet of paper."""
    card = help_cards.card_called(key)
    if card is None:
        raise Http404(_("There is no help called “%(read)s”.") % {"read": key})
    return render(request, "reports/help_card.html", {"card": card})
