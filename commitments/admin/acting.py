"""Actions chosen in the back office: refusals as sentences, reasons asked for on a page between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from commitments.rules import LONGEST_REASON
from steering.committee.backoffice import REFUSALS, sentences


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
    )


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Turn a refusal inside the block into messages on the next page."""
    try:
        yield
    except REFUSALS as refusal:
        for sentence in sentences(refusal):
            messages.error(request, sentence)


def with_reason(
    page: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet,
    *,
    action: str,
    question: str,
    act: Callable[[str], Any],
) -> HttpResponse | None:
    """Ask for a reason on a page of its own, then call ``act`` with it."""
    form = ReasonForm(request.POST if "why" in request.POST else None)
    if form.is_valid():
        act(form.cleaned_data["why"])
        return None
    context = {
        **page.admin_site.each_context(request),
        "title": question,
        "opts": page.opts,
        "rows": rows,
        "form": form,
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/reason.html", context)
