"""Disputes about figures: the list, a new one, an answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collection.actions.disputes import answer_dispute, dispute_figure
from collection.models import Answer
from collection.review.disputes import (
    WAITING_FIRST,
    Disputed,
    disputes_for,
)
from commitments.models import Indicator
from districts.models import Unit
from reports.pages.scope import scope_of
from steering.accounts.faults import Refused
from steering.accounts.paging import Turn, page_of
from steering.committee.access import NotAllowed, may, require, require_somewhere, visible
from steering.committee.roles import Permission

PER_PAGE = 30


@require_safe
@login_required
def disputes(request: HttpRequest) -> HttpResponse:
    """What is disputed, and what was answered; with a figure in the address, about it alone."""
    today, about = timezone.localdate(), _about(request)
    if about is None:
        require_somewhere(request.user, Permission.SEE_HISTORY, today)
    found = disputes_for(request.user, today, about)
    page = page_of(found, Turn.of(request.GET), by=WAITING_FIRST, size=PER_PAGE)
    waiting = [row for row in page if not hasattr(row, "answer") and row.by_id != request.user.pk]
    answered_by_me = visible(
        Unit.objects.filter(pk__in={row.unit_id for row in waiting}),
        request.user,
        today,
        permission=Permission.ANSWER_DISPUTES,
    )
    reached = set(answered_by_me.values_list("pk", flat=True))
    may_answer = {row.pk for row in waiting if row.unit_id in reached}
    may_dispute = about and may(request.user, Permission.DISPUTE_FIGURES, about.unit, today)
    context = {"page": page, "about": about, "may_answer": may_answer, "may_dispute": may_dispute}
    return render(request, "collection/disputes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dispute(request: HttpRequest) -> HttpResponse:
    """Say what is wrong with the figure of the address."""
    today, about = timezone.localdate(), _about(request)
    if about is None:
        raise Http404(_("Choose a figure first, and dispute it from its source."))
    require(request.user, Permission.DISPUTE_FIGURES, about.unit, today)
    note, refusal = request.POST.get("note", ""), None
    if request.method == "POST":
        try:
            dispute_figure(
                unit=about.unit,
                indicator=about.indicator,
                month=about.month,
                figure=about.figure,
                note=note,
                actor=request.user,
                on=today,
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Your note is with the standing agency."))
            return redirect(address_of(about))
    context = {"about": about, "note": note, "refusal": refusal}
    return render(request, "collection/dispute.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one dispute."""
    today = timezone.localdate()
    found = get_object_or_404(disputes_for(request.user, today), pk=pk)
    require(request.user, Permission.ANSWER_DISPUTES, found.unit, today)
    about, refusal = Disputed(found.unit, found.indicator, found.month), None
    if request.method == "POST":
        try:
            answer_dispute(
                dispute=found,
                verdict=request.POST.get("verdict", ""),
                text=request.POST.get("text", ""),
                actor=request.user,
                on=today,
                at=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The answer is given."))
            return redirect("collection:disputes")
    context = {
        "dispute": found,
        "about": about,
        "refusal": refusal,
        "verdicts": Answer.Verdict.choices,
        "typed": request.POST,
    }
    return render(request, "collection/answer.html", context)


def address_of(about: Disputed) -> str:
    """The page of the disputes about one figure."""
    query = {"unit": about.unit.code, "indicator": about.indicator.code, "month": about.month}
    return f"{reverse('collection:disputes')}?{urlencode(query)}"


def _about(request: HttpRequest) -> Disputed | None:
    """The figure of the address; None where it names no indicator. Refuses what is out of reach."""
    code = request.GET.get("indicator")
    if not code:
        return None
    scope = scope_of(request, today=timezone.localdate())
    indicator = Indicator.objects.filter(code=code).first()
    if indicator is None:
        raise Http404(_("“%(read)s” is no indicator of the catalogue.") % {"read": code})
    return Disputed(scope.unit, indicator, scope.month)
