"""Back office of changes of name or kind: recorded with their resolution, or confirmed from drafts.

Drafts come with the gazetteer, from a source that nobody has confirmed. An officer of the province
confirms one with its resolution and the day it takes effect, or rejects it with a reason.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.actions.reference.naming import (
    change_name_or_kind,
    confirm_renaming,
    dismiss_renaming,
    undo_renaming,
)
from districts.models import Renaming, Unit
from steering.committee import access
from steering.committee.backoffice import Acted, ActionForm, today
from steering.committee.roles import Permission

from .acting import refusals_told, with_reason


class ChangeForm(ActionForm):
    """A change the officer knows the resolution of."""

    class Meta:
        model = Renaming
        fields = ["unit", "name", "kind", "since", "legal_basis", "resolved_on"]
        widgets = {
            "unit": AutocompleteSelect(Renaming._meta.get_field("unit"), admin.site),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" not in self.fields:  # shown as text where nothing may be changed
            return
        self.fields["unit"].queryset = access.visible(
            Unit.objects.administrative(),
            self.actor,
            today(),
            permission=Permission.REORGANISE_UNITS,
        )
        for name in ("since", "legal_basis"):
            self.fields[name].required = True
        self.fields["name"].help_text = _("Without the word for its kind: Lộc Ninh.")

    def act(self) -> Renaming:
        return change_name_or_kind(**self.cleaned_data, actor=self.actor, on=today())


_Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ResolutionForm(forms.Form):
    """What an officer gives to confirm drafts of one resolution."""

    legal_basis = forms.CharField(
        label=capfirst(_("resolution")),
        max_length=300,
        help_text=_("Its number and who passed it, as in the gazette."),
    )
    resolved_on = forms.DateField(label=capfirst(_("date of the resolution")), widget=_Day)
    since = forms.DateField(
        label=capfirst(_("takes effect on")),
        widget=_Day,
        help_text=_("A day inside a month counts from the next."),
    )


@admin.register(Renaming)
class RenamingAdmin(Acted):
    """Changes of name or kind of the units the reader may see; their province's officer decides."""

    form = ChangeForm
    keeps = Permission.REORGANISE_UNITS
    adds = True
    list_display = ["unit", "full_name", "since", "legal_basis", "resolved_on", "state", "source"]
    list_filter = ["state", "resolved_on"]
    list_select_related = ["unit"]
    search_fields = ["legal_basis", "was_full_name", "full_name"]
    search_units = ("unit",)
    ordering = ["state", "resolved_on", "unit__sort_key"]
    actions = ["confirm", "dismiss", "undo"]
    told = [
        "unit", "was_full_name", "was_kind", "full_name", "kind", "since", "legal_basis",
        "resolved_on", "source", "state",
    ]  # fmt: skip

    def get_fields(self, request, obj=None):
        return [*ChangeForm.Meta.fields, "why"] if obj is None else self.told

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else self.told

    def has_decide_permission(self, request) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=_("Confirm the chosen drafts …"), permissions=["decide"])
    def confirm(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        known = queryset.order_by("pk").values("legal_basis", "resolved_on").first()
        form = ResolutionForm(
            request.POST if "resolved_on" in request.POST else None,
            initial=known,
        )
        if not form.is_valid():
            return self._resolution_asked(request, queryset, form)

        def act(draft: Renaming) -> None:
            confirm_renaming(renaming=draft, **form.cleaned_data, actor=request.user, on=today())

        return self._each(request, queryset, act, _("“%(change)s” is in force."))

    @admin.action(description=_("Reject the chosen drafts …"), permissions=["decide"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        def act(why: str) -> None:
            def one(draft: Renaming) -> None:
                dismiss_renaming(renaming=draft, why=why, actor=request.user, on=today())

            self._each(request, queryset, one, _("“%(change)s” is rejected."))

        return with_reason(
            self, request, queryset, action="dismiss", question=_("Why reject?"), act=act
        )

    @admin.action(description=_("Undo the chosen changes …"), permissions=["decide"])
    def undo(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        def act(why: str) -> None:
            def one(change: Renaming) -> None:
                undo_renaming(renaming=change, why=why, actor=request.user, on=today())

            self._each(request, queryset, one, _("“%(change)s” is undone."))

        return with_reason(self, request, queryset, action="undo", question=_("Why undo?"), act=act)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        act: Callable[[Renaming], Any],
        said: str,
    ) -> None:
        for renaming in queryset.select_related("unit"):
            with refusals_told(request):
                act(renaming)
                messages.success(request, said % {"change": renaming})

    def _resolution_asked(
        self, request: HttpRequest, rows: QuerySet, form: ResolutionForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("By which resolution?"),
            "opts": self.opts,
            "rows": rows,
            "form": form,
            "action": "confirm",
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/reason.html", context)
