"""Who has reported, and reminding whoever has not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collection.actions.reminders import refused_by_mail, remind
from collection.entry.page import own_units
from collection.following.board import board
from collection.following.reminding import (
    Reminding,
    reminding,
)
from collection.following.roster import Mark
from collection.models import Reminder
from districts.months import Month
from reports.pages.scope import Scope, read_month, unit_called
from reports.views.scoped import scoped, to_unit
from steering.accounts.faults import Refused
from steering.accounts.paging import Turn
from steering.committee.access import NotAllowed, may, require
from steering.committee.roles import Permission


@scoped
def completeness(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Which units have reported for the month, and for the year up to it?"""
    if not request.GET.get("month"):
        # Not the latest complete month, as for figures: the one that is being collected.
        return redirect(request.path + scope.query(month=_collected(scope)))
    if not scope.in_force:
        return to_unit(scope)
    enters = may(request.user, Permission.REPORT_COUNTS, scope.unit, scope.today)
    own = own_units(request.user, scope.month, scope.today) if enters else []
    later = scope.next or _next_that_ended(scope)
    found = board(
        unit=scope.unit,
        month=scope.month,
        user=request.user,
        on=scope.today,
        turn=Turn.of(request.GET),
    )
    context = {
        "scope": scope,
        "earlier": scope.previous and request.path + scope.query(month=scope.previous),
        "later": later and request.path + scope.query(month=later),
        "board": found,
        "marks": list(Mark),
        "enters": enters,
        "types": {unit.pk for unit in own},
    }
    return render(request, "collection/completeness.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def reminder(request: HttpRequest) -> HttpResponse:
    """What would be sent to one group, to be edited; then it is sent."""
    today, month = timezone.localdate(), read_month(request.GET.get("month", ""))
    group = unit_called(request.GET.get("group", ""), month)
    require(request.user, Permission.REMIND_REPORTERS, group, today)
    if not group.since <= month < group.until:
        names = {"unit": group.full_name, "month": month.shown}
        raise Http404(_("%(unit)s is not in force in %(month)s.") % names)
    asked = reminding(group=group, month=month, on=today)
    if request.method == "GET":
        return _show(request, asked, asked.text())
    text = request.POST.get("text", "")
    try:
        sent = remind(
            group=group,
            month=month,
            actor=request.user,
            on=today,
            at=timezone.now(),
            text=text,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _show(request, asked, text, faults=refusal.faults)
    _tell(request, sent)
    return redirect(f"{reverse('collection:completeness')}?{urlencode({'month': month})}")


def _show(request: HttpRequest, asked: Reminding, text: str, faults=()) -> HttpResponse:
    now = timezone.now()
    context = {"it": asked, "text": text, "faults": faults, "too_soon": asked.too_soon(now)}
    return render(request, "collection/reminder.html", context, status=422 if faults else 200)


def _tell(request: HttpRequest, sent: Reminder) -> None:
    """What became of a reminder, in a sentence."""
    refused = refused_by_mail(sent)
    number = len(sent.recipients) - len(refused)
    if number:
        said = ngettext(
            "%(group)s is reminded: sent to %(number)s address.",
            "%(group)s is reminded: sent to %(number)s addresses.",
            number,
        )
        messages.success(request, said % {"group": sent.group.full_name, "number": number})
        if refused:
            said = _(
                "The mail server did not take %(addresses)s: correct these addresses, and pass the "
                "text on by hand today."
            )
            messages.error(request, said % {"addresses": ", ".join(refused)})
    elif refused:
        said = _(
            "The reminder of %(group)s did not leave: the mail server did not take it. It counts "
            "as none, so you may try again, or pass the text on by hand. Whoever runs the server "
            "finds the reason there."
        )
        messages.error(request, said % {"group": sent.group.full_name})
    else:
        said = _(
            "The reminder of %(group)s is logged. Nobody there has an e-mail address: pass the "
            "text on by hand."
        )
        messages.warning(request, said % {"group": sent.group.full_name})


def _next_that_ended(scope: Scope) -> Month | None:
    """The month after, once it has ended: it is due although nobody has sent anything for it."""
    following = scope.month + 1
    return following if following < Month.containing(scope.today) else None


def _collected(scope: Scope) -> Month:
    """The month reports come in for: the last that has ended, of those that were opened."""
    current = Month.containing(scope.today)
    return max((month for month in scope.months if month < current), default=current - 1)
