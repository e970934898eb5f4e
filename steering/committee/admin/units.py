"""Back office of units through time: what was in force when, under whom, and who succeeded whom."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from districts.actions.naming import confirm_alias, rename_unit
from districts.models import Alias, Placement, Renaming, Succession, TilePosition, Unit
from steering.accounts.models import User
from steering.committee import access
from steering.committee.backoffice import Acted, ActionForm, Guarded, Journaled, Lines, today
from steering.committee.columns import day_column
from steering.committee.filters import BelowFilter, InForceFilter, UnitInForceFilter
from steering.committee.roles import Permission


def _kept_by(user: User) -> QuerySet[Unit]:
    """The units whose spellings and places on the tile map ``user`` keeps today."""
    return access.visible(Unit.objects.all(), user, today(), permission=Permission.REORGANISE_UNITS)


class PlacementLines(Lines):
    model = Placement
    fk_name = "unit"
    fields = readonly_fields = ["parent", "since_day", "until"]
    since_day = day_column("since", _("since"))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent").order_by("since")


class SuccessionLines(Lines):
    """Base of the two ways to read a succession."""

    model = Succession

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("predecessor", "successor", "reorganisation")
            .order_by("predecessor__sort_key", "-share")
        )


class SuccessorLines(SuccessionLines):
    fk_name = "predecessor"
    verbose_name_plural = _("successors")
    fields = readonly_fields = ["successor", "share", "main", "basis", "reorganisation", "note"]


class PredecessorLines(SuccessionLines):
    fk_name = "successor"
    verbose_name_plural = _("predecessors")
    fields = readonly_fields = ["predecessor", "share", "main", "basis", "reorganisation", "note"]


class RenamingLines(Lines):
    """How the unit was called, and what waits to be confirmed."""

    model = Renaming
    fields = readonly_fields = ["was_full_name", "full_name", "since", "legal_basis", "state"]


class NamingForm(ActionForm):
    """Only how a unit is written may be corrected; a new name or kind is a change with its day."""

    class Meta:
        model = Unit
        fields = ["name", "full_name"]

    def act(self) -> Unit:
        access.require(self.actor, Permission.REORGANISE_UNITS, self.instance, today())
        return rename_unit(unit=self.instance, **self.cleaned_data, actor=self.actor)


@admin.register(Unit)
class UnitAdmin(Acted):
    """Units come from the gazetteer and from reorganisations, and are never deleted."""

    unit_path = "pk"
    form = NamingForm
    keeps = Permission.REORGANISE_UNITS
    changes = True
    list_display = ["code", "full_name", "tier", "parent", "since_day", "abolished_on"]
    list_display_links = ["code", "full_name"]
    list_filter = [UnitInForceFilter, "tier", "kind", "reports_at", BelowFilter]
    search_fields = ["code"]
    search_units = ("pk",)
    ordering = ["sort_key", "-established_on"]
    inlines = [RenamingLines, PlacementLines, PredecessorLines, SuccessorLines]
    readonly_fields = [
        "code", "tier", "kind", "reports_at", "since_day", "abolished_on", "area_ha", "spellings",
        "tiles",
    ]  # fmt: skip
    since_day = day_column("established_on", _("established on"))

    def get_queryset(self, request) -> QuerySet:
        last = Placement.objects.filter(unit=OuterRef("pk")).order_by("-since")
        return (
            super()
            .get_queryset(request)
            .annotate(parent_name=Subquery(last.values("parent__full_name")[:1]))
        )

    def get_fields(self, request, obj=None):
        reason = ["why"] if self.has_change_permission(request, obj) else []
        return ["name", "full_name", *reason, *self.readonly_fields]

    @admin.display(description=_("under"), ordering="parent_name")
    def parent(self, unit: Unit) -> str | None:
        return unit.parent_name

    @admin.display(description=_("confirmed spellings"))
    def spellings(self, unit: Unit) -> str:
        return format_html_join("; ", "{}", ([alias.name] for alias in unit.aliases.all())) or None

    @admin.display(description=_("places on the tile map"))
    def tiles(self, unit: Unit) -> str:
        return (
            format_html_join(
                "; ",
                _("row {}, column {} from {}"),
                ([tile.row, tile.column, f"{tile.since:%d/%m/%Y}"] for tile in unit.tiles.all()),
            )
            or None
        )


class ConfirmingForm(ActionForm):
    why = None

    class Meta:
        model = Alias
        fields = ["unit", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:  # shown as text where nothing may be changed
            self.fields["unit"].queryset = _kept_by(self.actor)

    def act(self) -> Alias:
        unit = self.cleaned_data["unit"]
        access.require(self.actor, Permission.REORGANISE_UNITS, unit, today())
        return confirm_alias(**self.cleaned_data, actor=self.actor, on=today())


@admin.register(Alias)
class AliasAdmin(Acted):
    """Other spellings, confirmed once and found from then on. One that was wrong is deleted."""

    form = ConfirmingForm
    keeps = Permission.REORGANISE_UNITS
    adds = deletes = True
    list_display = ["name", "unit", "confirmed_by", "confirmed_on"]
    fields = ["unit", "name"]
    list_filter = ["unit__tier"]
    list_select_related = ["unit"]
    search_fields = ["name", "confirmed_by"]
    search_units = ("unit",)
    autocomplete_fields = ["unit"]


@admin.register(Placement)
class PlacementAdmin(Guarded):
    """Who was whose child, and when. Changed by reorganisations only."""

    list_display = ["unit", "parent", "since_day", "until"]
    fields = readonly_fields = list_display
    list_filter = [InForceFilter, "unit__tier"]
    list_select_related = ["unit", "parent"]
    search_units = ("unit", "parent")
    ordering = ["unit__sort_key", "-since"]
    since_day = day_column("since", _("since"))


@admin.register(Succession)
class SuccessionAdmin(Guarded):
    """Who continued whom, with what share. Changed by reorganisations only."""

    unit_path = "predecessor"
    list_display = ["predecessor", "successor", "share", "main", "basis", "reorganisation"]
    fields = readonly_fields = [*list_display, "note"]
    list_filter = ["basis", "main", "reorganisation"]
    list_select_related = ["predecessor", "successor", "reorganisation"]
    search_fields = ["note"]
    search_units = ("predecessor", "successor")
    ordering = ["predecessor__sort_key", "-share"]


@admin.register(TilePosition)
class TilePositionAdmin(Journaled):
    """Where a unit stands on the tile map of its parent."""

    keeps = Permission.REORGANISE_UNITS
    adds = changes = deletes = True
    list_display = ["unit", "parent", "since", "row", "column"]
    list_filter = ["unit__tier"]
    list_select_related = ["unit", "parent"]
    search_units = ("unit",)
    autocomplete_fields = ["unit", "parent"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["queryset"] = _kept_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        access.require(request.user, Permission.REORGANISE_UNITS, obj.unit, today())
        super().save_model(request, obj, form, change)
