"""Back office of what was promised: decisions, targets and signed commitments. Read-only.

Nothing a decision assigned is overwritten and nothing signed ever changes. A decision comes in on
its page or with its annex, a change of it as a decision of its own that amends it: the pages to add
one lead there.
"""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from commitments.chain.digests import commitment_digest
from commitments.models import Commitment, CommitmentEvent, CommitmentLine, Decision, Target
from steering.committee.backoffice import Guarded, Lines, holds
from steering.committee.columns import month_column, month_words, scaled, year_column
from steering.committee.roles import Permission


class RecordedOnItsPage(Guarded):
    """What comes in on a page of the site: to add one leads whoever may record there."""

    page: str

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if holds(request, Permission.ASSIGN_TARGETS):
            return redirect(self.page)
        return super().add_view(request, form_url, extra_context)


@admin.register(Decision)
class DecisionAdmin(RecordedOnItsPage):
    page = "promises:record_decision"
    list_display = [
        "number", "authority", "year_text", "unit", "issued_on", "effective_on", "amends",
        "assigned",
    ]  # fmt: skip
    fields = readonly_fields = [
        "number", "authority", "issuer", "signer_post", "unit", "year_text", "issued_on",
        "effective_on", "amends", "note", "reason", "assigned",
    ]  # fmt: skip
    list_filter = ["authority", "year"]
    list_select_related = ["unit", "amends"]
    date_hierarchy = "issued_on"
    search_fields = ["number", "issuer", "note"]
    search_units = ("unit",)
    year_text = year_column("year", _("year"))

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).annotate(number_of_targets=Count("targets"))

    @admin.display(description=_("targets"), ordering="number_of_targets")
    def assigned(self, decision: Decision) -> str:
        address = reverse("admin:commitments_target_changelist")
        return format_html(
            '<a href="{}?decision__id__exact={}">{}</a>',
            address,
            decision.pk,
            decision.number_of_targets,
        )


@admin.register(Target)
class TargetAdmin(RecordedOnItsPage):
    page = "promises:decisions"
    list_display = ["unit", "indicator", "operator", "value_text", "deadline_month", "decision"]
    list_filter = [
        "operator",
        ("decision", admin.RelatedOnlyFieldListFilter),
        ("indicator", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["unit", "indicator", "decision"]
    fields = readonly_fields = [*list_display, "path_text"]
    search_fields = ["decision__number", "indicator__code"]
    search_units = ("unit",)
    ordering = ["-decision", "unit__sort_key", "indicator__position"]
    deadline_month = month_column("deadline", _("deadline"))

    @admin.display(description=_("value"), ordering="value")
    def value_text(self, target: Target) -> str:
        return scaled(target.value, target.indicator.decimals)

    @admin.display(description=_("plan path"))
    def path_text(self, target: Target) -> str:
        points = (
            (month_words(point.month), scaled(point.value, target.indicator.decimals))
            for point in target.path.all()
        )
        return format_html_join("; ", "{}: {}", points) or _("a straight line to the target")


class PromiseLines(Lines):
    model = CommitmentLine
    fields = readonly_fields = [
        "position", "indicator", "operator", "last_year_text", "assigned_text", "value_text",
    ]  # fmt: skip

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("indicator")

    @admin.display(description=_("last year's result"))
    def last_year_text(self, line: CommitmentLine) -> str | None:
        return scaled(line.last_year, line.indicator.decimals)

    @admin.display(description=_("assigned"))
    def assigned_text(self, line: CommitmentLine) -> str | None:
        return scaled(line.assigned, line.indicator.decimals)

    @admin.display(description=_("committed"))
    def value_text(self, line: CommitmentLine) -> str | None:
        return scaled(line.value, line.indicator.decimals)


class EventLines(Lines):
    model = CommitmentEvent
    fields = readonly_fields = ["what", "on", "at", "by", "why"]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(Commitment)
class CommitmentAdmin(Guarded):
    list_display = [
        "unit_name", "year_text", "version", "signed_on", "signer_post", "state_words", "intact",
        "committee", "sequence",
    ]  # fmt: skip
    fields = readonly_fields = [
        "committee", "sequence", "unit", "unit_name", "year_text", "version", "signed_on", "place",
        "signer_name", "signer_post", "receiver_name", "receiver_post", "note", "state_words",
        "intact", "digest", "previous_digest",
    ]  # fmt: skip
    list_filter = ["year", ("committee", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["committee"]
    date_hierarchy = "signed_on"
    search_fields = ["unit_name", "signer_name", "signer_post", "digest"]
    search_units = ("unit",)
    inlines = [PromiseLines, EventLines]
    year_text = year_column("year", _("year"))

    def get_queryset(self, request) -> QuerySet:
        signed = super().get_queryset(request)
        return signed.with_state().prefetch_related("lines__indicator")

    @admin.display(description=_("state"))
    def state_words(self, commitment: Commitment) -> str:
        return CommitmentEvent.What(commitment.state).label

    @admin.display(description=_("as it was signed"), boolean=True)
    def intact(self, commitment: Commitment) -> bool:
        """Whether the digest fits the content; ``verify_commitments`` follows the whole chain."""
        lines = [(line.indicator.code, line) for line in commitment.lines.all()]
        return commitment.digest == commitment_digest(commitment, lines)
