"""What every page of the back office shares: rights by seat, search without accents, the journal.

``access`` alone decides. ``is_staff`` is only the door: behind it everybody sees the rows below
their seats, a superuser without a seat sees nothing, and Django's own permissions are never asked.
Pages of accounts and districts are registered from this app on and not in theirs, because seats,
and with them rights, are known only from here up.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Unit
from districts.months import DayFormField
from districts.versions import raise_common
from districts.vietnamese import search_key
from steering.accounts.actions import write_journal
from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry, User
from steering.accounts.paging import Turn, page_of

from . import access, journal
from .roles import Permission


def today() -> date:
    """The day rights are judged on: this module is the edge that reads the clock."""
    return timezone.localdate()


def holds(request: HttpRequest, permission: Permission, *, tier: str | None = None) -> bool:
    """Whether the user may do this at some unit (of ``tier``). Asked once a request."""
    if not hasattr(request, "_held"):
        request._held = {}
    if (permission, tier) not in request._held:
        units = Unit.objects.all() if tier is None else Unit.objects.at_tier(tier)
        reached = access.visible(units, request.user, today(), permission=permission)
        request._held[permission, tier] = reached.exists()
    return request._held[permission, tier]


# --- search --------------------------------------------------------------------------------------


def _forms_of_letters() -> Mapping[str, str]:
    forms = defaultdict(str)
    for number in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        letter = search_key(chr(number))
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            forms[letter] += chr(number)
    return dict(forms)


_FORMS = _forms_of_letters()


def accentless(text: str) -> str:
    """A regular expression, for both databases, that finds ``text`` with or without its accents.

    ``moc chau`` finds Mộc Châu, and so does ``MỘC CHÂU``.
    """
    return "".join(
        f"[{_FORMS[letter]}]" if letter in _FORMS else re.escape(letter)
        for letter in search_key(text)
    )


# --- pages ---------------------------------------------------------------------------------------


class Guarded(admin.ModelAdmin):
    """Rows below the user's seats, read-only unless a subclass says that rows are added or changed.

    ``unit_path`` leads from a row to its unit; None for what belongs to no unit: every member sees
    it, and only a province's committee keeps it. ``search_units`` are paths to units, searched by
    code and by name; ``search_fields`` are searched as text. Both without accents.
    """

    unit_path: str | None = "unit"
    sees: Permission = Permission.SEE_FIGURES
    keeps: Permission | None = None
    adds = changes = deletes = False
    search_units: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {
        models.DateField: {"form_class": DayFormField, "widget": admin.widgets.AdminDateWidget}
    }
    empty_value_display = "–"

    # Rights.

    def within(self, request: HttpRequest, queryset: QuerySet, permission: Permission) -> QuerySet:
        """The rows of ``queryset`` for which the user holds ``permission`` today."""
        if self.unit_path is None:
            return queryset if self._holds(request, permission) else queryset.none()
        return access.visible(
            queryset, request.user, today(), unit_field=self.unit_path, permission=permission
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.within(request, super().get_queryset(request), self.sees)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._allows(request, self.sees, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self._allows(request, self.keeps)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.changes and self._allows(request, self.keeps, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.deletes and self._allows(request, self.keeps, obj)

    def _allows(
        self, request: HttpRequest, permission: Permission, obj: models.Model | None = None
    ) -> bool:
        if obj is None:
            return self._holds(request, permission)
        rows = self.model._default_manager.filter(pk=obj.pk)
        return self.within(request, rows, permission).exists()

    def _holds(self, request: HttpRequest, permission: Permission) -> bool:
        kept_by_provinces = self.unit_path is None and permission == self.keeps
        return holds(request, permission, tier="province" if kept_by_provinces else None)

    def get_actions(self, request: HttpRequest) -> dict:
        """Without Django's bulk deletion, which would leave nothing in the journal."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_model(self, request, obj):
        before = forms.model_to_dict(obj)
        write_journal(
            actor=request.user,
            action=f"{self.opts.model_name}.deleted",
            subject=obj,
            before=_recorded(before, before),
        )
        raise_common()
        super().delete_model(request, obj)

    # Search.

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [*self.search_fields, *self.search_units]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = " ".join(search_term.split())
        if not term:
            return queryset, False
        found = Q()
        for path in self.search_units:
            found |= Q(**{f"{path}__in": Unit.objects.matching(term)})
        for field in self.search_fields:
            found |= Q(**{f"{field}__regex": accentless(term)})
        return queryset.filter(found), False

    # The journal is the only history: Django's own log of the admin stays empty.

    def log_addition(self, request, obj, message):
        """Nothing: the action wrote the journal."""

    def log_change(self, request, obj, message):
        """Nothing: the action wrote the journal."""

    def log_deletions(self, request, queryset):
        """Nothing: the action wrote the journal."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """What the journal says about one row."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_permission(request, row) and holds(request, Permission.SEE_HISTORY)):
            raise PermissionDenied
        entries = JournalEntry.objects.filter(
            subject_type=self.opts.label_lower, subject_id=str(row.pk)
        )
        shown = page_of(entries, Turn.of(request.GET), by=["-at", "-pk"], size=100)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal: %(subject)s") % {"subject": row},
            "entries": shown,
            "lines": [
                (
                    entry,
                    journal.actor_words(entry),
                    journal.action_words(entry),
                    list(journal.changes(entry)),
                )
                for entry in shown
            ],
            "opts": self.opts,
            "object": row,
            "module_name": self.opts.verbose_name_plural,
        }
        return TemplateResponse(request, "admin/journal_of_row.html", context)


class Lines(admin.TabularInline):
    """Rows below a unit, to read. The rights are those of the page they stand on."""

    extra = 0
    can_delete = False
    empty_value_display = "–"
    show_change_link = False

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission


class Journaled(Guarded):
    """Rows kept by hand, one at a time: each change goes into the journal in its transaction."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.changed_data:
            columns = {field.name for field in self.opts.get_fields()} - {"password"}
            fields = [name for name in form.changed_data if name in columns]
            write_journal(
                actor=request.user,
                action=f"{self.opts.model_name}.{'changed' if change else 'added'}",
                subject=form.instance,
                before=_recorded(form.initial, fields) if change else None,
                after=_recorded(form.cleaned_data, fields),
            )
            raise_common()


def _recorded(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Form values as JSON; a row by its words."""
    return {field: _plain(values.get(field)) for field in fields}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | QuerySet):
        return sorted(str(member) for member in value)
    return value if type(value) is int else str(value)


REFUSALS = (Refused, access.NotAllowed, ValidationError)
"""What an action raises when it refuses."""


def sentences(refusal: Refused | access.NotAllowed | ValidationError) -> list[str]:
    """What to tell whoever was refused, each reason once."""
    match refusal:
        case Refused():
            return list(dict.fromkeys(fault.message for fault in refusal.faults))
        case ValidationError():
            return refusal.messages
    return [str(refusal)]


class ActionForm(forms.ModelForm):
    """A form that is saved by an action, which also judges it; ``act`` calls the action.

    The action is tried and undone while the form is cleaned, so that a refusal stands in the form
    beside the input. Saving then does it for good.
    """

    actor: User
    why = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )

    def act(self) -> models.Model:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                with transaction.atomic():
                    self.act()
                    transaction.set_rollback(True)
            except REFUSALS as refusal:
                raise ValidationError(sentences(refusal)) from None
        return cleaned

    def _post_clean(self):
        """Nothing: the action judges, and the row stays as it is stored until the action writes."""


class Acted(Guarded):
    """Rows written by actions. ``form`` is an ActionForm."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def save_form(self, request, form, change):
        return form.act()

    def save_model(self, request, obj, form, change):
        """Nothing: the action wrote it."""

    def save_related(self, request, form, formsets, change):
        """Nothing: the action wrote it."""
