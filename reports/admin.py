"""Back office of signed judgements. Read-only: they are signed on the indicator's page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin.history import History
from steering.committee.columns import month_column

from .models import Judgement
from .outlook.judging import CRITERIA


@admin.register(Judgement)
class JudgementAdmin(History):
    list_display = [
        "at", "month_text", "unit", "indicator", *(criterion.field for criterion in CRITERIA),
        "outlook", "signer_name",
    ]  # fmt: skip
    fields = readonly_fields = [
        "month_text", "unit", "indicator",
        *(name for criterion in CRITERIA for name in (criterion.field, f"{criterion.field}_note")),
        "outlook", "comment", "signed_on", "signer_name", "signer_post", "by", "at",
    ]  # fmt: skip
    list_filter = ["outlook", "indicator"]
    list_select_related = ["unit", "indicator", "by"]
    date_hierarchy = "at"
    search_fields = ["comment", "signer_name", "indicator__code"]
    search_units = ("unit",)
    month_text = month_column("month", _("month"))
