"""Filters by year and month, made from the months that have a period."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Period
from districts.months import Month


class MonthFilter(admin.SimpleListFilter):
    """First the years; below a chosen year also its months. ``2024`` or ``2024-03``."""

    title = _("month")
    parameter_name = "period"

    def lookups(self, request, model_admin) -> Iterable[tuple[str, str]]:
        span = Period.objects.aggregate(first=Min("month"), last=Max("month"))
        if span["first"] is None:
            return []
        first, last = Month(span["first"]), Month(span["last"])
        chosen = request.GET.get(self.parameter_name, "")[:4]
        choices = []
        for year in range(last.year, first.year - 1, -1):
            choices.append((str(year), str(year)))
            if chosen == str(year):
                months = Month.of(year, 12).year_to_date()
                choices += [(str(m), str(m)) for m in reversed(months) if first <= m <= last]
        return choices

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        text = self.value() or ""
        try:
            if len(text) == 4:
                return queryset.filter(
                    month__gte=Month.of(int(text), 1), month__lte=Month.of(int(text), 12)
                )
            return queryset.filter(month=Month.parse(text)) if text else queryset
        except ValueError:
            return queryset.none()
