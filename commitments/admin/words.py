"""Words for codes of the catalogue that are data and not choices of a model."""

from django.utils.translation import gettext_lazy as _

GROUPS = {
    "base": _("yearly bases"),
    "health": _("health insurance"),
    "health_group": _("groups of the insured"),
    "social": _("social insurance"),
    "overall": _("all schemes"),
    "finance": _("collection"),
    "benefits": _("benefits"),
    "care": _("examination and treatment"),
    "project06": _("Project 06"),
    "social_support": _("donated cards"),
    "steering": _("steering"),
}

VERBS = {
    "send": _("Send"),
    "withdraw": _("Withdraw"),
    "verify": _("Verify"),
    "approve": _("Approve"),
    "return": _("Return"),
    "correct": _("Correct"),
    "revoke": _("Take the approval back"),
    "undo": _("Undo"),
}
