"""Back office of changes of the map: drafted, applied with all totals, reverted with a reason.

It is registered here because applying one brings the totals and the commitments with it.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.actions.reference.reorganising import (
    apply_reorganisation,
    draft_change,
    revert_reorganisation,
)
from districts.actions import NewSuccession, NewUnit
from districts.models import (
    WHOLE,
    EntryTier,
    Placement,
    Reorganisation,
    Succession,
    Tier,
    Unit,
    UnitKind,
)
from steering.committee import access
from steering.committee.backoffice import Acted, ActionForm, Lines, today
from steering.committee.roles import Permission

from .acting import refusals_told, with_reason

COMMUNE_KINDS = [UnitKind.RURAL_COMMUNE, UnitKind.WARD, UnitKind.TOWNSHIP, UnitKind.SPECIAL_ZONE]


class MergerForm(ActionForm):
    """Communes that end, and the one commune, new or standing, that continues them whole.

    Divisions come with their shares from the gazetteer.
    """

    why = None
    ended = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=capfirst(_("units that end")),
        widget=AutocompleteSelectMultiple(
            Reorganisation._meta.get_field("ended_units"), admin.site
        ),
    )
    successor = forms.ModelChoiceField(
        Unit.objects.none(),
        label=capfirst(_("a standing unit continues them")),
        required=False,
        widget=AutocompleteSelect(Succession._meta.get_field("successor"), admin.site),
        help_text=_("Or leave this empty and describe the unit that begins:"),
    )
    code = forms.RegexField(r"^\d{5}$", label=capfirst(_("code")), required=False)
    kind = forms.ChoiceField(
        label=capfirst(_("kind")),
        required=False,
        choices=[("", "–"), *((kind.value, kind.label) for kind in COMMUNE_KINDS)],
    )
    unit_name = forms.CharField(label=capfirst(_("its name")), max_length=100, required=False)
    full_name = forms.CharField(label=capfirst(_("its full name")), max_length=120, required=False)
    parent = forms.ModelChoiceField(
        Unit.objects.none(),
        label=capfirst(_("under")),
        required=False,
        widget=AutocompleteSelect(Placement._meta.get_field("parent"), admin.site),
    )

    class Meta:
        model = Reorganisation
        fields = ["name", "legal_basis", "effective_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mine = access.visible(
            Unit.objects.all(), self.actor, today(), permission=Permission.REORGANISE_UNITS
        )
        for name in ("ended", "successor", "parent"):
            self.fields[name].queryset = mine

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("successor"):
            for name in ("code", "kind", "unit_name", "full_name", "parent"):
                if not self.cleaned_data.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return super().clean()

    def act(self) -> Reorganisation:
        given = self.cleaned_data
        new = None if given["successor"] else self._new_unit()
        return draft_change(
            name=given["name"],
            legal_basis=given["legal_basis"],
            effective_on=given["effective_on"],
            ended=given["ended"],
            new_units=[new] if new else [],
            successions=[
                NewSuccession(unit, new or given["successor"], WHOLE, main=True)
                for unit in given["ended"]
            ],
            actor=self.actor,
            on=today(),
        )

    def _new_unit(self) -> NewUnit:
        given = self.cleaned_data
        return NewUnit(
            code=given["code"],
            tier=Tier.COMMUNE,
            kind=given["kind"],
            name=given["unit_name"],
            full_name=given["full_name"],
            parent=given["parent"],
            reports_at=EntryTier.COMMUNE,
        )


class SuccessionLines(Lines):
    model = Succession
    fields = readonly_fields = ["predecessor", "successor", "share", "main", "basis", "note"]

    def get_queryset(self, request):
        lines = super().get_queryset(request).select_related("predecessor", "successor")
        return lines.order_by("predecessor__sort_key", "-share")


class PlacementLines(Lines):
    """Units that begin or move, with the unit they then stand under."""

    model = Reorganisation.proposed_placements.through
    verbose_name_plural = _("placements that begin")
    fields = readonly_fields = ["unit", "parent", "since_day"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("placement__unit", "placement__parent")

    @admin.display(description=_("unit"))
    def unit(self, line) -> Unit:
        return line.placement.unit

    @admin.display(description=_("under"))
    def parent(self, line) -> Unit:
        return line.placement.parent

    @admin.display(description=_("since"))
    def since_day(self, line):
        return line.placement.since


@admin.register(Reorganisation)
class ReorganisationAdmin(Acted):
    """Changes of the map are public: every member sees them. Provinces make them."""

    unit_path = None
    form = MergerForm
    keeps = Permission.REORGANISE_UNITS
    adds = True
    list_display = ["name", "effective_on", "state", "legal_basis"]
    list_filter = ["state"]
    date_hierarchy = "effective_on"
    search_fields = ["name", "legal_basis"]
    actions = ["apply", "revert"]
    inlines = [SuccessionLines, PlacementLines]

    def get_fieldsets(self, request, obj=None):
        if obj is not None:
            return [(None, {"fields": ["name", "legal_basis", "effective_on", "state"]})]
        return [
            (None, {"fields": ["name", "legal_basis", "effective_on", "ended", "successor"]}),
            (
                _("The unit that begins"),
                {"fields": ["code", "kind", "unit_name", "full_name", "parent"]},
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["name", "legal_basis", "effective_on", "state"]

    def get_inlines(self, request, obj):
        return [] if obj is None else self.inlines

    def has_apply_permission(self, request) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=_("Put the chosen drafts into force"), permissions=["apply"])
    def apply(self, request, queryset):
        for draft in queryset:
            with refusals_told(request):
                apply_reorganisation(reorganisation=draft, actor=request.user, on=today())
                messages.success(request, _("“%(name)s” is in force.") % {"name": draft.name})

    @admin.action(description=_("Revert the chosen changes …"), permissions=["apply"])
    def revert(self, request, queryset):
        def act(why: str) -> None:
            for applied in queryset:
                with refusals_told(request):
                    revert_reorganisation(
                        reorganisation=applied, actor=request.user, on=today(), why=why
                    )
                    messages.success(request, _("“%(name)s” is undone.") % {"name": applied.name})

        return with_reason(
            self, request, queryset, action="revert", question=_("Why revert?"), act=act
        )
