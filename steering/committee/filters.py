"""Filters of the back office in the words of the domain. Each costs the same at any size."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from districts.models import Ancestry, Tier, Unit

from . import access
from .backoffice import today


class InForceFilter(admin.SimpleListFilter):
    """Rows in force today, ended, or yet to come; ``since`` and ``until`` name the columns."""

    title = _("in force")
    parameter_name = "in_force"
    since, until = "since", "until"

    def lookups(self, request, model_admin):
        return [("now", _("today")), ("ended", _("ended")), ("coming", _("not yet"))]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        day = today()
        begun = Q(**{f"{self.since}__lte": day})
        ended = Q(**{f"{self.until}__lte": day})
        match self.value():
            case "now":
                return queryset.filter(begun & ~ended)
            case "ended":
                return queryset.filter(ended)
            case "coming":
                return queryset.exclude(begun)
        return queryset


class UnitInForceFilter(InForceFilter):
    since, until = "established_on", "abolished_on"


class BelowFilter(admin.SimpleListFilter):
    """Rows of the units below a province or district the user sees, at any time."""

    title = _("below")
    parameter_name = "below"
    unit_path = "pk"

    def lookups(self, request, model_admin) -> Iterable[tuple[int, str]]:
        upper = Unit.objects.filter(tier__in=[Tier.PROVINCE, Tier.DISTRICT])
        chosen = access.visible(upper, request.user, today()).order_by("-tier", "sort_key")
        return [(unit.pk, str(unit)) for unit in chosen]

    def queryset(self, request, queryset: QuerySet) -> QuerySet:
        if not (self.value() or "").isdigit():
            return queryset
        below = Ancestry.objects.filter(ancestor=self.value(), descendant=OuterRef(self.unit_path))
        return queryset.filter(Exists(self.in_time(below)))

    def in_time(self, below: QuerySet) -> QuerySet:
        """Which of the placements below the chosen unit count; by default all there ever were."""
        return below


class BelowInMonthFilter(BelowFilter):
    """The same for rows of a month: whoever stood below the unit in that month."""

    unit_path = "unit"

    def in_time(self, below: QuerySet) -> QuerySet:
        return below.filter(since__lte=OuterRef("month"), until__gt=OuterRef("month"))
