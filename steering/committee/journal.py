"""The journal in words: what was done, to what kind of thing, and what changed by it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from steering.accounts.models import JournalEntry

ACTIONS = {
    "account.created": _("opened an account"),
    "user.password_set": _("set a password"),
    "token.made": _("made a token for a script"),
    "token.ended": _("ended tokens of scripts"),
    "second_factor.set_up": _("set up a second factor"),
    "second_factor.codes_renewed": _("made new backup codes"),
    "second_factor.switched_off": _("switched a second factor off"),
    "found_committee": _("founded a committee"),
    "seat_member": _("seated a member"),
    "unseat_member": _("ended a seat"),
    "gazetteer.loaded": _("loaded the gazetteer"),
    "gazetteer.corrected": _("corrected a unit by the gazetteer"),
    "committee.renamed": _("corrected a name"),
    "unit.renamed": _("corrected a name"),
    "alias.confirmed": _("confirmed a spelling"),
    "renaming.drafted": _("wrote down a change of name or kind to be confirmed"),
    "renaming.applied": _("put a change of name or kind into force"),
    "renaming.rejected": _("rejected a change of name or kind"),
    "renaming.reverted": _("undid a change of name or kind"),
    "reorganisation.drafted": _("drafted a reorganisation"),
    "reorganisation.applied": _("applied a reorganisation"),
    "reorganisation.reverted": _("reverted a reorganisation"),
    "catalogue.loaded": _("loaded the catalogue"),
    "decision.recorded": _("recorded a decision"),
    "allocation.begun": _("began to divide a target"),
    "allocation.saved": _("changed parts of a divided target"),
    "allocation.divided": _("divided a target by a method"),
    "allocation.assigned": _("assigned the parts of a divided target"),
    "commitment.signed": _("recorded a signed commitment"),
    "counts.recorded": _("recorded counts"),
    "explanations.changed": _("changed explanations"),
    "bases.sourced": _("named the sources of corrected bases"),
    "period.opened": _("set the dates of a month"),
    "period.closed": _("closed a month"),
    "period.reopened": _("reopened a month"),
    "period.due_recomputed": _("computed a due day anew"),
    "day.decided": _("recorded a day off or worked by decision"),
    "day.withdrawn": _("withdrew a day off or worked by decision"),
    "year.completed": _("recorded a year's days off as complete"),
    "year.reopened": _("withdrew that a year's days off are complete"),
    "report.begun": _("began a report"),
    "report.drafts_discarded": _("discarded what was typed"),
    "report.received": _("handed in a report"),
    "report.send": _("sent reports"),
    "report.withdraw": _("withdrew reports"),
    "report.verify": _("verified reports"),
    "report.approve": _("approved reports"),
    "report.return": _("returned reports"),
    "report.revoke": _("took approvals back"),
    "report.undo": _("undid a decision about reports"),
    "reminder.sent": _("reminded of missing reports"),
    "reminder.not_mailed": _("a reminder did not leave: the mail server did not take it"),
    "reminder.partly_mailed": _("a reminder did not reach everybody: see the addresses refused"),
    "figure.disputed": _("disputed a figure"),
    "dispute.answered": _("answered a dispute"),
    "totals.repaired": _("put wrong totals right"),
    "totals.verified": _("compared totals with counts"),
    "job.asked": _("asked for background work"),
    "job.asked_again": _("asked for background work again"),
    "job.requeued": _("found a stopped worker; queued its work again"),
    "job.given_up": _("gave up work whose worker stopped again and again"),
    "judgement.recorded": _("signed a judgement"),
}
KEPT = {"added": _("added"), "changed": _("changed"), "deleted": _("deleted")}
"""How the back office ends the actions on rows that are kept by hand: ``indicator.changed``."""


def action_words(entry: JournalEntry) -> Any:
    """What was done; the code itself where nobody gave it words."""
    ending = entry.action.rpartition(".")[2]
    return ACTIONS.get(entry.action) or KEPT.get(ending) or entry.action


def actor_words(entry: JournalEntry) -> Any:
    """Who did it, by the name they had then."""
    return entry.actor_name if entry.actor_id else _("command line")


def kind_words(entry: JournalEntry) -> Any:
    """What kind of thing it was done to."""
    return _model(entry)._meta.verbose_name


def changes(entry: JournalEntry) -> Iterator[tuple[Any, Any, Any]]:
    """(label, before, after) of everything the entry keeps."""
    before, after = entry.before or {}, entry.after or {}
    for name in dict.fromkeys([*before, *after]):
        yield _label(_model(entry), name), before.get(name), after.get(name)


def _model(entry: JournalEntry) -> type[models.Model]:
    return apps.get_model(entry.subject_type)


def _label(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name).verbose_name
    except (FieldDoesNotExist, AttributeError):
        return name
