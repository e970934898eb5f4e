"""How steps of reports and marks of completeness are printed."""

from collections.abc import Collection, Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from collection.following.roster import (
    Mark,
    Square,
)
from collection.models import Dispute
from collection.review.trail import (
    APPROVED,
    REPORTED,
)
from commitments.models import Move
from districts.months import Month
from reports.wording.words import (
    moment,
    month_number,
)

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

_MARKS = {
    Mark.ON_TIME: pgettext_lazy("report", "on time"),
    Mark.LATE: pgettext_lazy("report", "late"),
    Mark.RETURNED: pgettext_lazy("report", "returned"),
    Mark.BEGUN: pgettext_lazy("report", "begun, not sent"),
    Mark.MISSING: pgettext_lazy("report", "not sent"),
    Mark.NOT_IN_FORCE: pgettext_lazy("report", "unit not in force"),
}


@register.filter
def month_read(text: str) -> str:
    """A month as a stored answer names it, as people read it: 2024-02 is 02/2024."""
    return month_number(Month.parse(text))


@register.filter
def months_read(texts: Iterable[str]) -> str:
    """Several of them: 01/2024, 02/2024."""
    return ", ".join(map(month_read, texts))


@register.filter
def verb(move: Move) -> str:
    """What a step did, as a word."""
    return step_name(move.verb)


def step_name(step: str) -> str:
    """The word for a step: Verified."""
    return str(_DONE.get(step, step))


def kind_name(kind: str) -> str:
    """What a kind of change in the history is called."""
    numbers = {REPORTED: _("A number was reported"), APPROVED: _("A number became official")}
    return numbers.get(kind) or _("Report: %(step)s") % {
        "step": step_name(kind.removeprefix("step:")).lower()
    }


@register.filter
def mark_name(mark: str) -> str:
    """What a square says, as a word."""
    return str(_MARKS[Mark(mark)])


@register.filter
def mark_class(mark: str) -> str:
    """The CSS class of a square: mark-on-time."""
    return "mark-" + str(mark).replace("_", "-")


@register.simple_tag
def square_of(square: Square, enters: bool, types: Collection[int] = ()) -> SafeString:
    """A square as a link, or as a dot where the unit was not in force.

    Written here and not in a template: a page holds thousands.
    """
    words, shape = said_of(square), mark_class(square.mark)
    if not square.is_in_force:
        return format_html('<span class="square {}" title="{}"></span>', shape, words)
    shown = '<a class="square {}" href="{}" title="{}"></a>'
    return format_html(shown, shape, leads_to(square, enters, types), words)


def said_of(square: Square) -> str:
    """A square in words: Xã Ao Sen, 02/2024: đúng hạn, 14:32 05/03/2024."""
    words = f"{square.unit.full_name}, {month_number(square.month)}: {mark_name(square.mark)}"
    if square.sent_at:
        words += f", {moment(square.sent_at)}"
    return words


def leads_to(square: Square, enters: bool, types: Collection[int] = ()) -> str:
    """Where a square leads: its report, else where it is entered or, for others, the unit.

    Whoever types for the unit (``types`` are those units' ids) is led to where it is entered.
    """
    code, month = square.unit.code, str(square.month)
    if square.has_report and square.unit.pk not in types:
        return reverse("collection:report", args=[month, code])
    if enters:
        return reverse("collection:sheet", args=[month, code])
    return reverse("reports:unit", args=[code]) + f"?month={month}"


@register.filter
def is_answered(dispute: Dispute) -> bool:
    """Whether somebody answered a dispute."""
    return hasattr(dispute, "answer")
