"""Signing a judgement of a target's prospects."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.forms import JudgementForm
from reports.pages.indicator import indicator_page
from reports.pages.scope import scope_of
from steering.committee.access import NotAllowed, require
from steering.committee.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def judge(request: HttpRequest, indicator_code: str) -> HttpResponse:
    """A form beside what the figures say; signing leads back to the indicator."""
    scope = scope_of(request, today=timezone.localdate())
    try:
        require(request.user, Permission.JUDGE_PROSPECTS, scope.unit, scope.today)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal) from None
    page = indicator_page(scope, indicator_code)
    if not page.has_prospects:
        raise Http404(_("There is no target to judge here."))
    form = JudgementForm(request.POST or None)
    if request.method == "POST" and form.sign(scope, page.indicator):
        messages.success(request, _("Your judgement is signed and kept."))
        here = reverse("reports:indicator", args=[indicator_code])
        return redirect(f"{here}{scope.query()}#judgement")
    return render(request, "reports/judgement.html", {"scope": scope, "page": page, "form": form})
