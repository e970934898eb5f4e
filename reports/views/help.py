"""Help: open to everybody, also to whoever cannot sign in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import help_cards


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Cards of the reader's roles first, then the others; words; indicators. ``?q=`` searches."""
    search = " ".join(request.GET.get("q", "").split())
    roles = ()
    if request.user.is_authenticated:
        seats = request.user.memberships.in_force_on(timezone.localdate())
        roles = set(seats.values_list("role", flat=True))
    context = {
        "search": search,
        "cards": help_cards.cards_for(roles, search),
        "terms": help_cards.terms(search),
        "glossary": help_cards.glossary(search),
    }
    return render(request, "reports/help.html", context)


@require_safe
def help_card(request: HttpRequest, key: str) -> HttpResponse:
    """One card alone, for one sheet of paper."""
    card = help_cards.card_called(key)
    if card is None:
        raise Http404(_("There is no help called “%(read)s”.") % {"read": key})
    return render(request, "reports/help_card.html", {"card": card})
