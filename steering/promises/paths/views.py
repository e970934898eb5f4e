"""The plan of one target, month by month, and setting its way."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.targets.decisions import require_deciding
from commitments.actions.targets.planning import set_plan_path
from commitments.models import Decision, Target
from districts.models import Unit
from steering.accounts.faults import Refused
from steering.committee.access import NotAllowed, visible
from steering.promises.decisions.register import decisions_for

from .forms import PathForm
from .page import PathPage


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_path(request: HttpRequest, pk: int, indicator: str) -> HttpResponse:
    """Which way does the plan of a unit (``?unit=``, else the one that assigns) take?"""
    today = timezone.localdate()
    decision = get_object_or_404(decisions_for(request.user, today), pk=pk)
    page = PathPage(_target(request, decision, indicator), request.user, today)
    if request.method == "POST":
        require_deciding(request.user, decision.unit, decision.passes_on, today)
    form = PathForm(page, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            set_plan_path(
                target=page.target,
                path=form.cleaned_data["path"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                on=today,
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The plan takes this way now."))
            here = reverse("promises:plan_path", args=[pk, indicator])
            return redirect(f"{here}?unit={page.target.unit.code}")
    status = 422 if form.is_bound else 200
    return render(request, "promises/plan_path.html", {"page": page, "form": form}, status=status)


def _target(request: HttpRequest, decision: Decision, indicator: str) -> Target:
    """The target asked about, of a unit that the reader sees; any other is as if there were none.

    Raises Http404.
    """
    units = visible(Unit.objects.all(), request.user, timezone.localdate())
    found = Target.objects.filter(
        decision=decision, indicator__code=indicator, unit__in=units.values("pk")
    )
    code = request.GET.get("unit")
    found = found.filter(unit__code=code) if code else found
    ordered = found.select_related("indicator", "unit", "decision__unit").prefetch_related("path")
    # The whole before its parts.
    whole = ordered.filter(unit=decision.unit_id).first()
    target = whole or ordered.order_by("unit__code", "pk").first()
    if target is None:
        raise Http404(_("This decision assigns no such target to a unit that you see."))
    return target
