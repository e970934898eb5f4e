"""How steps of reports are printed."""

from django import template
from django.utils.translation import pgettext_lazy

from commitments.models import Move

register = template.Library()

_DONE = {
    "send": pgettext_lazy("step of a report", "Sent"),
    "withdraw": pgettext_lazy("step of a report", "Withdrawn"),
    "verify": pgettext_lazy("step of a report", "Verified"),
    "approve": pgettext_lazy("step of a report", "Approved"),
    "return": pgettext_lazy("step of a report", "Returned"),
    "correct": pgettext_lazy("step of a report", "Corrected"),
    "revoke": pgettext_lazy("step of a report", "Approval taken back"),
    "undo": pgettext_lazy("step of a report", "Undone"),
}


@register.filter
def verb(move: Move) -> str:
    """What a step did, as a word."""
    return str(_DONE.get(move.verb, move.verb))
