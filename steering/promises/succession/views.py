"""Which changes of the map ask for new targets, and deciding them."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.actions.targets.succeeding import accept_proposals
from commitments.models import Authority
from commitments.succession.continued import days_of_change
from commitments.succession.proposals import SplitBy, proposals_for
from districts.models import Tier, Unit
from districts.months import Month
from reports.pages.scope import read_day, unit_called
from steering.accounts.faults import Fault, Refused
from steering.committee import access
from steering.committee.access import NotAllowed
from steering.committee.roles import Permission

from .page import SuccessionPage, read_typed


@require_safe
@login_required
def successions(request: HttpRequest) -> HttpResponse:
    """The changes of the map in the reader's provinces, newest first."""
    today = timezone.localdate()
    access.require_somewhere(request.user, Permission.ASSIGN_TARGETS, today, tier=Tier.PROVINCE)
    provinces = access.visible(
        Unit.objects.at_tier(Tier.PROVINCE).in_force_on(today),
        request.user,
        today,
        permission=Permission.ASSIGN_TARGETS,
    )
    changes = [(province, days_of_change(province)) for province in provinces]
    return render(request, "promises/successions.html", {"changes": changes})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def succession(request: HttpRequest, unit: str, day: str) -> HttpResponse:
    """The proposed targets of one change; a form that shows another indicator stores nothing."""
    today, changed = timezone.localdate(), read_day(day)
    province = unit_called(unit, Month.starting_from(changed))
    access.require(request.user, Permission.ASSIGN_TARGETS, province, today)
    if province.tier != Tier.PROVINCE:
        raise Http404(_("Only a province assigns targets anew after a change of the map."))
    asked = {
        "authority": _one_of(Authority, request.GET.get("authority")),
        "split_by": _one_of(SplitBy, request.GET.get("split")),
    }
    proposals = proposals_for(province=province, day=changed, **asked)
    typed = read_typed(proposals, request.POST)
    refusal = None
    if "accept" in request.POST:
        try:
            if typed.faults:
                raise Refused(typed.faults.values())
            outcome = accept_proposals(
                province=province,
                day=changed,
                edited=typed.edited,
                actor=request.user,
                on=today,
                **asked,
                **_decision(request.POST),
            )
        except NotAllowed:
            raise
        except Refused as refused:
            refusal = refused
        else:
            said = _("%(number)s is recorded with %(targets)s targets.")
            details = {"number": outcome.decision.number, "targets": outcome.created}
            messages.success(request, said % details)
            return redirect("promises:decision", outcome.decision.pk)
    code = request.POST.get("show") or request.POST.get("shown") or request.GET.get("indicator", "")
    context = {
        "page": SuccessionPage(proposals, typed, code),
        "province": province,
        "day": changed,
        "asked": asked,
        "authorities": Authority.choices,
        "splits": SplitBy.choices,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "promises/succession.html", context, status=422 if refusal else 200)


def _one_of(choices: type, text: str | None) -> str:
    """A word of the address; the first of the choices where it says none. Raises BadRequest."""
    if not text:
        return choices.values[0]
    if text not in choices.values:
        message = _("“%(read)s” cannot be read; write one of: %(known)s.")
        raise BadRequest(message % {"read": text, "known": ", ".join(choices.values)})
    return text


def _decision(fields: Mapping[str, str]) -> dict:
    """What the form says of the decision. Refuses a day that is none."""
    text = fields.get("issued_on", "").strip()
    if not text:
        message = _("The day of issue is missing.")
        raise Refused([Fault("day_missing", message, column="issued_on")])
    try:
        issued_on = date.fromisoformat(text)
    except ValueError:
        message = _("“%(read)s” is not a day; write it like 2027-01-31.") % {"read": text}
        raise Refused([Fault("bad_day", message, column="issued_on", read=text)]) from None
    words = ("number", "issuer", "signer_post", "note", "reason")
    return {"issued_on": issued_on} | {word: fields.get(word, "").strip() for word in words}
