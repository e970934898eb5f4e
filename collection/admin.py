"""Back office of what surrounds the counts: receipts, files, reminders, disputes. Read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from commitments.admin.history import History
from steering.committee.columns import month_column

from .models import Answer, Dispute, Receipt, Reminder, Upload

# A token belongs to its owner alone: it is made and ended through the API.
admin.site.unregister(AuthToken)


@admin.register(Receipt)
class ReceiptAdmin(History):
    unit_path = "submission__unit"
    list_display = ["number", "submission", "at", "by", "digest"]
    fields = readonly_fields = ["number", "submission", "at", "by", "values", "digest"]
    list_select_related = ["submission__unit", "by"]
    date_hierarchy = "at"
    search_fields = ["number", "digest", "by__username", "by__name"]
    search_units = ("submission__unit",)


@admin.register(Upload)
class UploadAdmin(History):
    list_display = ["at", "name", "month_text", "unit", "form", "state", "by"]
    fields = readonly_fields = [
        "name", "digest", "size", "at", "by", "month_text", "unit", "form", "state", "mapping",
        "corrections", "explanations", "confirmations", "confirmed", "found", "job", "outcome",
        "accepted_at",
    ]  # fmt: skip
    list_filter = ["state", "form"]
    list_select_related = ["unit", "by"]
    date_hierarchy = "at"
    search_fields = ["name", "digest", "by__username", "by__name"]
    search_units = ("unit",)
    month_text = month_column("month", _("month"))


@admin.register(Reminder)
class ReminderAdmin(History):
    unit_path = "group"
    list_display = ["at", "month_text", "group", "by"]
    fields = readonly_fields = ["month_text", "group", "units", "recipients", "text", "at", "by"]
    list_select_related = ["group", "by"]
    date_hierarchy = "at"
    search_fields = ["text", "by__username", "by__name"]
    search_units = ("group",)
    month_text = month_column("month", _("month"))


@admin.register(Dispute)
class DisputeAdmin(History):
    list_display = ["at", "month_text", "unit", "indicator", "figure", "by"]
    fields = readonly_fields = [
        "month_text", "unit", "indicator", "figure", "note", "at", "by",
    ]  # fmt: skip
    list_filter = ["indicator"]
    list_select_related = ["unit", "indicator", "by"]
    date_hierarchy = "at"
    search_fields = ["note", "by__username", "by__name"]
    search_units = ("unit",)
    month_text = month_column("month", _("month"))


@admin.register(Answer)
class AnswerAdmin(History):
    unit_path = "dispute__unit"
    list_display = ["at", "dispute", "verdict", "by"]
    fields = readonly_fields = ["dispute", "verdict", "text", "at", "by"]
    list_filter = ["verdict"]
    list_select_related = ["dispute__unit", "by"]
    date_hierarchy = "at"
    search_fields = ["text", "by__username", "by__name"]
    search_units = ("dispute__unit",)
