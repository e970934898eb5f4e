"""Back office of the catalogue: indicators, rules, review levels and the sources of bases."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.measures import MEASURES
from commitments.models import Base, Indicator, ReviewLevel, Rule
from districts.months import FOREVER, Month, MonthFormField
from steering.committee.backoffice import Guarded, Journaled
from steering.committee.columns import month_column
from steering.committee.roles import Permission

from .filters import MonthFilter
from .words import GROUPS


class Catalogue(Journaled):
    """Kept by the province's committee, seen by every member."""

    unit_path = None
    keeps = Permission.KEEP_CATALOGUE
    adds = changes = True


class OpenMonthField(MonthFormField):
    """A month that may be left empty; then it is the ``edge`` of time."""

    def __init__(self, *, edge: int, **kwargs: Any):
        self.edge = Month(edge)
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Month:
        return super().to_python(value) or self.edge

    def prepare_value(self, value: Any) -> Any:
        return "" if value == self.edge else super().prepare_value(value)


class SpanForm(forms.ModelForm):
    """Valid in ``[since, until)``; empty is without beginning, without end."""

    since = OpenMonthField(
        edge=0, label=capfirst(_("since")), help_text=_("Empty: from the beginning.")
    )
    until = OpenMonthField(
        edge=FOREVER, label=capfirst(_("until")), help_text=_("Empty: without end.")
    )


class IndicatorForm(SpanForm):
    """With the words for groups and measures, which are codes in the data."""

    group = forms.ChoiceField(label=capfirst(_("group")), choices=GROUPS.items())
    unit_of_measure = forms.ChoiceField(
        label=capfirst(_("unit of measure")), choices=MEASURES.items()
    )


class GroupFilter(admin.SimpleListFilter):
    title = _("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        return GROUPS.items()

    def queryset(self, request, queryset):
        return queryset.filter(group=self.value()) if self.value() in GROUPS else queryset


@admin.register(Indicator)
class IndicatorAdmin(Catalogue):
    """Indicators. What one means never changes: another meaning is another indicator.

    So code, kind, scale and parts are set once; numbers and targets recorded since rest on them.
    """

    MEANING = (
        "code", "kind", "decimals", "entered_at", "frequency", "numerator", "denominator", "parts",
    )  # fmt: skip
    list_display = [
        "code", "name", "kind", "measure", "entered_at", "frequency", "main", "position",
    ]  # fmt: skip
    list_display_links = ["code", "name"]
    list_filter = ["kind", GroupFilter, "entered_at", "frequency", "main"]
    form = IndicatorForm
    search_fields = ["code", "name_vi", "name_en"]
    autocomplete_fields = ["numerator", "denominator", "parts"]
    ordering = ["position", "code"]
    fieldsets = [
        (None, {"fields": ["code", "name_vi", "name_en", "group", "main", "position"]}),
        (
            _("Meaning"),
            {
                "fields": [
                    "kind", "unit_of_measure", "decimals", "direction",
                    "numerator", "denominator", "parts",
                ],
                "description": _("Set once. Another meaning is another indicator."),
            },
        ),
        (_("Entry"), {"fields": ["entered_at", "frequency", "maximum"]}),
        (_("Validity"), {"fields": ["legal_basis", "since", "until"]}),
    ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return () if obj is None else self.MEANING

    @admin.display(description=_("unit of measure"), ordering="unit_of_measure")
    def measure(self, indicator: Indicator) -> str:
        return MEASURES.get(indicator.unit_of_measure, indicator.unit_of_measure)

    @admin.display(description=_("name"), ordering="name_vi")
    def name(self, indicator: Indicator) -> str:
        return indicator.name


@admin.register(Rule)
class RuleAdmin(Catalogue):
    """Validation rules, judged the same for every way in."""

    list_display = ["code", "kind", "severity", "indicator", "other", "percent", "least"]
    list_filter = ["severity", "kind"]
    list_select_related = ["indicator", "other"]
    search_fields = ["code", "indicator__code", "indicator__name_vi", "indicator__name_en"]
    autocomplete_fields = ["indicator", "other", "parts"]


@admin.register(ReviewLevel)
class ReviewLevelAdmin(Catalogue):
    """Which tier verifies reports before the province approves them, and since when."""

    form = SpanForm
    list_display = ["tier", "since_month", "until_month"]
    since_month = month_column("since", _("since"))
    until_month = month_column("until", _("until"))


@admin.register(Base)
class BaseAdmin(Guarded):
    """Where yearly bases come from. Written with the numbers, in the reports that give them."""

    list_display = ["from_month", "unit", "indicator", "source", "dated"]
    list_filter = [MonthFilter, "indicator"]
    list_select_related = ["unit", "indicator"]
    search_fields = ["source", "indicator__code"]
    search_units = ("unit",)
    fields = readonly_fields = ["from_month", "unit", "indicator", "source", "dated"]
    from_month = month_column("month", _("from month"))
