"""Actions chosen in the back office: refusals as sentences, reasons asked for on a page between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from commitments.rules import Refused
from steering.committee.access import NotAllowed
from steering.committee.backoffice import ActionForm


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 3, "autofocus": True})
    )


def sentences(refusal: Refused | NotAllowed | ValidationError) -> list[str]:
    """What to tell whoever was refused, each reason once."""
    match refusal:
        case Refused():
            return list(dict.fromkeys(fault.message for fault in refusal.faults))
        case ValidationError():
            return refusal.messages
    return [str(refusal)]


class RefusableForm(ActionForm):
    """An ActionForm whose action may raise Refused."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except Refused as refusal:
            raise ValidationError(sentences(refusal)) from None


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Turn a refusal inside the block into messages on the next page."""
    try:
        yield
    except (Refused, NotAllowed, ValidationError) as refusal:
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
