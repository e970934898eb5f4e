"""Back office of what happened: revisions, moves, closings, explanations. Read-only.

The tables of revisions, moves and closings are append-only in the database itself.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.models import CommitmentEvent, Explanation, Move, PeriodEvent, Revision
from steering.committee.backoffice import Guarded
from steering.committee.columns import month_column
from steering.committee.roles import Permission

from .filters import MonthFilter
from .words import VERBS


class History(Guarded):
    """Rows that were written once and stay."""

    sees = Permission.SEE_HISTORY


@admin.register(Revision)
class RevisionAdmin(History):
    list_display = [
        "at", "month_text", "unit", "indicator", "old_value", "new_value", "old_approved",
        "new_approved", "by", "why", "source",
    ]  # fmt: skip
    fields = readonly_fields = list_display
    list_filter = [MonthFilter, "indicator"]
    list_select_related = ["unit", "indicator", "by"]
    date_hierarchy = "at"
    search_fields = ["indicator__code", "by__username", "by__name", "why", "source"]
    search_units = ("unit",)
    month_text = month_column("month", _("month"))


class VerbFilter(admin.SimpleListFilter):
    title = _("move")
    parameter_name = "move"

    def lookups(self, request, model_admin):
        return VERBS.items()

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() in VERBS else queryset


@admin.register(Move)
class MoveAdmin(History):
    unit_path = "submission__unit"
    list_display = ["at", "report", "verb_text", "before", "after", "by", "why"]
    fields = readonly_fields = list_display
    list_filter = [VerbFilter, "after"]
    list_select_related = ["submission__unit", "by"]
    date_hierarchy = "at"
    search_fields = ["by__username", "by__name", "why"]
    search_units = ("submission__unit",)

    @admin.display(description=_("move"), ordering="verb")
    def verb_text(self, move: Move) -> str:
        return VERBS.get(move.verb, move.verb)

    @admin.display(description=_("report"), ordering="submission")
    def report(self, move: Move) -> str:
        return str(move.submission)


@admin.register(PeriodEvent)
class PeriodEventAdmin(History):
    unit_path = "period__unit"
    list_display = ["at", "period", "what", "by", "why"]
    fields = readonly_fields = list_display
    list_filter = ["what"]
    list_select_related = ["period__unit", "by"]
    date_hierarchy = "at"
    search_fields = ["by__username", "by__name", "why"]
    search_units = ("period__unit",)


@admin.register(Explanation)
class ExplanationAdmin(History):
    unit_path = "submission__unit"
    list_display = ["submission", "rule", "finding", "text"]
    fields = readonly_fields = list_display
    list_filter = ["rule"]
    list_select_related = ["submission__unit", "rule"]
    search_fields = ["finding", "text"]
    search_units = ("submission__unit",)


@admin.register(CommitmentEvent)
class CommitmentEventAdmin(History):
    unit_path = "commitment__unit"
    list_display = ["at", "commitment", "what", "on", "by", "why"]
    fields = readonly_fields = list_display
    list_filter = ["what"]
    list_select_related = ["commitment", "by"]
    date_hierarchy = "on"
    search_fields = ["by__username", "by__name", "why"]
    search_units = ("commitment__unit",)
