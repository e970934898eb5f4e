"""Back office of days off by the government's decision. Read-only: recorded on their own page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.models import CompleteYear, DecidedDay
from steering.committee.columns import year_column

from .history import History


@admin.register(DecidedDay)
class DecidedDayAdmin(History):
    unit_path = None
    list_display = ["day", "worked", "source", "by"]
    fields = readonly_fields = list_display
    list_filter = ["worked"]
    list_select_related = ["by"]
    date_hierarchy = "day"
    search_fields = ["source"]


@admin.register(CompleteYear)
class CompleteYearAdmin(History):
    unit_path = None
    list_display = ["year_text", "source", "by"]
    fields = readonly_fields = list_display
    list_select_related = ["by"]
    search_fields = ["source"]
    year_text = year_column("year", _("year"))
