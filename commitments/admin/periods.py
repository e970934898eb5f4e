"""Back office of reporting months: opened with their dates, closed, reopened with a reason."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from commitments.actions.reporting.periods import close_period, open_period, reopen_period
from commitments.models import Period, PeriodEvent
from commitments.querysets import without_approval
from steering.committee.backoffice import Acted, ActionForm, Lines, today
from steering.committee.columns import month_column
from steering.committee.roles import Permission

from .acting import refusals_told, with_reason
from .filters import MonthFilter


class PeriodForm(ActionForm):
    why = None

    class Meta:
        model = Period
        fields = ["unit", "month", "due_on", "closes_on"]

    def act(self) -> Period:
        given = (
            {"unit": self.instance.unit, "month": self.instance.month} if self.instance.pk else {}
        )
        return open_period(**given, **self.cleaned_data, actor=self.actor, on=today())


class ClosedFilter(admin.SimpleListFilter):
    title = _("closed")
    parameter_name = "closed"

    def lookups(self, request, model_admin):
        return [("yes", _("closed")), ("no", _("open"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(closed_at__isnull=self.value() == "no")
        return queryset


def _missing(periods: Iterable[Period]) -> list[str]:
    """``01/2024: Xã Ao Sen, Xã Cầu Tre`` for each month that could be closed too early."""
    found = []
    for period in periods:
        if period.is_closed or today() <= period.month.last_day:
            continue
        if units := without_approval(period.unit, period.month):
            names = ", ".join(unit.full_name for unit in units)
            found.append(f"{period.month.shown}: {names}")
    return found


class EventLines(Lines):
    model = PeriodEvent
    fields = readonly_fields = ["at", "what", "by", "why"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


@admin.register(Period)
class PeriodAdmin(Acted):
    form = PeriodForm
    keeps = Permission.CLOSE_PERIODS
    adds = changes = True
    list_display = [
        "month_text", "unit", "data_from", "data_to", "due_on", "closes_on", "closed", "closed_at",
    ]  # fmt: skip
    list_filter = [MonthFilter, ClosedFilter]
    list_select_related = ["unit"]
    search_units = ("unit",)
    autocomplete_fields = ["unit"]
    inlines = [EventLines]
    actions = ["close", "reopen"]
    month_text = month_column("month", _("month"))

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["unit", "month", "due_on", "closes_on"]
        return [
            "unit", "month_text", "data_from", "data_to", "due_on", "due_by_hand", "closes_on",
            "closed_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return ["unit", "month_text", "data_from", "data_to", "due_by_hand", "closed_at"]

    def get_inlines(self, request, obj):
        return [] if obj is None else self.inlines

    @admin.display(description=_("closed"), boolean=True, ordering="closed_at")
    def closed(self, period: Period) -> bool:
        return period.is_closed

    @admin.action(description=_("Close the chosen months"), permissions=["change"])
    def close(self, request, queryset):
        def act(why: str = "") -> None:
            for period in queryset:
                with refusals_told(request):
                    close_period(
                        unit=period.unit,
                        month=period.month,
                        actor=request.user,
                        on=today(),
                        why=why,
                    )
                    said = _("%(month)s is closed.") % {"month": period.month.shown}
                    messages.success(request, said)

        if not (missing := _missing(queryset)):
            return act()
        question = _("Why close although reports are missing? %(missing)s")
        question %= {"missing": "; ".join(missing)}
        return with_reason(self, request, queryset, action="close", question=question, act=act)

    @admin.action(description=_("Reopen the chosen months …"), permissions=["change"])
    def reopen(self, request, queryset):
        def act(why: str) -> None:
            for period in queryset:
                with refusals_told(request):
                    reopen_period(
                        unit=period.unit,
                        month=period.month,
                        actor=request.user,
                        on=today(),
                        why=why,
                    )
                    messages.success(
                        request, _("%(month)s is open.") % {"month": period.month.shown}
                    )

        return with_reason(
            self, request, queryset, action="reopen", question=_("Why reopen?"), act=act
        )
