"""Dividing a target: the table of one, and how far every target of a decision was passed on."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.actions.targets.allocating import FILL as FILL_METHOD
from commitments.actions.targets.allocating import Outcome, apply_method, save_portions
from commitments.actions.targets.assigning import assign_allocation
from commitments.allocation.places import Place
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, require_somewhere
from steering.committee.roles import Permission

from .asking import place_asked
from .forms import APPLY, ASSIGN, FILL, SentTable
from .ground import measures_of
from .lines import lines_of
from .overview import overview_asked
from .table import Table, table_of
from .wording import applied_words


@require_safe
@login_required
def allocations(request: HttpRequest) -> HttpResponse:
    """Who has divided what of a decision, and by how many people it is off, on every level."""
    today = timezone.localdate()
    require_somewhere(request.user, Permission.SEE_FIGURES, today)
    page = overview_asked(request.GET, request.user, today)
    return render(request, "promises/allocations.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def allocation(request: HttpRequest, decision_id: int, indicator_code: str) -> HttpResponse:
    """The table that divides one target, wholly usable without scripts."""
    today = timezone.localdate()
    place = place_asked(decision_id, indicator_code, request.GET.get("unit"), request.user, today)
    if request.method == "POST":
        return _post(request, place, today)
    return _show(request, table_of(place, request.user, today))


def address_of(place: Place) -> str:
    """The page of a target that is divided."""
    address = reverse("promises:allocation", args=[place.decision.pk, place.indicator.code])
    return f"{address}?unit={place.unit.code}" if place.passes_on else address


def _post(request: HttpRequest, place: Place, today: date) -> HttpResponse:
    """Save what was typed, then do what was asked for; what is kept back keeps its text."""
    form = SentTable.read(request.POST)
    asked = {"place": place, "actor": request.user, "on": today}
    outcome = None
    try:
        outcome = save_portions(**asked, cells=form.cells)
        if any(cell.error or cell.conflict for cell in outcome.saved):
            return _again(request, place, today, form, outcome)
        _then(request, form, outcome, asked)
    except NotAllowed:
        raise
    except Refused as refused:
        return _again(request, place, today, form, outcome, refused)
    return redirect(address_of(place))


def _then(request: HttpRequest, form: SentTable, outcome: Outcome, asked: dict) -> None:
    """What was asked for beside saving. Others' changes since the page was made stop it."""
    # What this form saved itself was seen; what stood before it was seen if the page was of then.
    seen = outcome.version if outcome.before == form.version else form.version
    place = asked["place"]
    if form.do in (APPLY, FILL):
        method = FILL_METHOD if form.do == FILL else form.method
        known = measures_of(place).known
        applied = apply_method(**asked, method=method, known=known, seen=seen)
        messages.success(request, applied_words(applied, place))
    elif form.do == ASSIGN:
        done = assign_allocation(
            **asked,
            known=measures_of(place).known,
            seen=seen,
            at=timezone.now(),
            number=form.number,
            issued_on=form.day,
            reason=form.reason,
        )
        message = _("Assigned by %(number)s.") % {"number": done.assigned_by}
        messages.success(request, message)
    else:
        messages.success(request, _("Saved."))


def _again(
    request: HttpRequest,
    place: Place,
    today: date,
    form: SentTable,
    outcome: Outcome | None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The table once more with what was kept back, whose numbers stand there, and what is wrong."""
    typed = {cell.unit: cell.text for cell in form.cells if cell.text is not None}
    back = (
        {cell.unit: cell for cell in outcome.saved if cell.error or cell.conflict}
        if outcome
        else {}
    )
    own = typed if outcome is None else {code: typed.get(code, "") for code in back}
    table = table_of(Place(place.decision, place.unit, place.indicator), request.user, today, own)
    faults = list(refused.faults) if refused else []
    meanwhile = any(fault.code == "changed_meanwhile" for fault in faults)
    conflict = meanwhile or any(cell.conflict for cell in back.values())
    more = {"faults": faults, "kept_back": back, "form": form}
    return _show(request, table, status=409 if conflict else 422, **more)


def _show(request: HttpRequest, table: Table, status: int = 200, **more) -> HttpResponse:
    context = {"table": table, "rows": lines_of(table, more.get("kept_back", {})), **more}
    return render(request, "promises/allocation.html", context, status=status)
