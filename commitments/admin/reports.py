"""Back office of reports: the list, and each report's numbers with its next steps as one form."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Outcome
from commitments.models import Period, Submission
from commitments.querysets import Standing, standings
from commitments.steps import steps
from districts.models import Unit
from districts.months import Month, MonthFormField
from steering.accounts.models import User
from steering.committee import access
from steering.committee.backoffice import Guarded, holds, today
from steering.committee.columns import month_column
from steering.committee.filters import BelowInMonthFilter
from steering.committee.roles import Permission

from .acting import refusals_told, with_reason
from .filters import MonthFilter
from .report_form import ReportForm
from .words import VERBS

MOVES: Mapping[str, Callable] = {
    "withdraw": submissions.withdraw,
    "verify": submissions.verify,
    "approve": submissions.approve,
    "return": submissions.return_report,
    "revoke": submissions.revoke,
}
BUTTONS = {"save": _("Save as a draft"), "send": _("Save and send")} | {
    verb: VERBS[verb] for verb in MOVES
}


class ChoiceForm(forms.Form):
    """Whose report for which month."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=capfirst(_("unit")),
        widget=AutocompleteSelect(Submission._meta.get_field("unit"), admin.site),
    )
    month = MonthFormField(label=capfirst(_("month")))

    def __init__(self, *args, reportable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = reportable

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unit, month = cleaned.get("unit"), cleaned.get("month")
        if unit and month and not unit.since <= month < unit.until:
            self.add_error(
                "unit",
                _("%(unit)s is not in force in %(month)s.")
                % {"unit": unit.full_name, "month": month.shown},
            )
        return cleaned


@admin.register(Submission)
class SubmissionAdmin(Guarded):
    """Reports. Everything is written by actions, which judge rights, rules and states."""

    keeps = Permission.REPORT_COUNTS
    adds = True
    list_display = [
        "month_text", "unit", "state_chip", "version", "reported_by", "sent_at", "approved_at",
    ]  # fmt: skip
    list_display_links = ["month_text", "unit"]
    list_filter = ["state", MonthFilter, BelowInMonthFilter]
    search_fields = ["reported_by__username", "reported_by__name"]
    search_units = ("unit",)
    actions = ["verify", "approve", "return_report"]
    month_text = month_column("month", _("month"))

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, report: Submission) -> str:
        return format_html(
            '<span class="state state-{}">{}</span>', report.state, report.get_state_display()
        )

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("unit", "reported_by")

    # The list's actions.

    def has_verify_permission(self, request) -> bool:
        return holds(request, Permission.VERIFY_REPORTS)

    def has_approve_permission(self, request) -> bool:
        return holds(request, Permission.APPROVE_REPORTS)

    @admin.action(description=_("Verify the chosen reports"), permissions=["verify"])
    def verify(self, request, queryset):
        self._move_all("verify", request, queryset)

    @admin.action(description=_("Approve the chosen reports"), permissions=["approve"])
    def approve(self, request, queryset):
        self._move_all("approve", request, queryset)

    @admin.action(description=_("Return the chosen reports …"), permissions=["verify"])
    def return_report(self, request, queryset):
        return with_reason(
            self,
            request,
            queryset,
            action="return_report",
            question=_("Why are these reports returned?"),
            act=lambda why: self._move_all("return", request, queryset, why=why),
        )

    def _move_all(self, verb: str, request: HttpRequest, queryset, **reason: str) -> None:
        with refusals_told(request):
            moved = MOVES[verb](
                submissions=list(queryset), actor=request.user, on=today(), **reason
            )
            messages.success(
                request,
                _("%(button)s: %(number)s reports.")
                % {"button": BUTTONS[verb], "number": len(moved)},
            )

    # One report.

    def add_view(self, request, form_url="", extra_context=None) -> HttpResponse:
        """Choose unit and month; then the report's form, which makes the report when it saves."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        reportable = access.visible(
            Unit.objects.exclude(reports_at=""),
            request.user,
            today(),
            permission=Permission.REPORT_COUNTS,
        )
        data = request.GET if "unit" in request.GET else None
        form = ChoiceForm(data, reportable=reportable, initial=self._first_choice(reportable))
        if not form.is_valid():
            return self._page(
                request,
                "choose.html",
                {"title": _("Which report?"), "form": form, "media": form.media},
            )
        chosen = form.cleaned_data
        known = Submission.objects.filter(unit=chosen["unit"], month=chosen["month"]).first()
        if known:
            return HttpResponseRedirect(self._address(known))
        return self._report_page(request, Submission(unit=chosen["unit"], month=chosen["month"]))

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        report = self.get_object(request, unquote(object_id))
        if report is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._report_page(request, report)

    def _first_choice(self, reportable) -> dict[str, Any]:
        units = list(reportable[:2])
        return {
            "month": Month.containing(today()) - 1,
            "unit": units[0] if len(units) == 1 else None,
        }

    def _report_page(self, request: HttpRequest, report: Submission) -> HttpResponse:
        standing = standings([report.unit_id], report.month)[report.unit_id]
        closed = _is_closed(report, standing)
        buttons = [] if closed else _next_steps(report, request.user)
        writable = "save" in buttons
        known = BUTTONS if report.pk else ("save", "send")
        verb = next((verb for verb in known if f"_{verb}" in request.POST), None)
        form = ReportForm(
            request.POST if verb else None,
            unit=report.unit,
            month=report.month,
            writable=writable,
        )
        if verb and form.is_valid() and self._do(verb, request, report, form):
            return HttpResponseRedirect(self._address(report))
        context = {
            "title": _("Report of %(unit)s for %(month)s")
            % {"unit": report.unit.full_name, "month": report.month.shown},
            "form": form,
            "media": self.media + form.media,
            "report": report,
            "closed": closed,
            "original": report if report.pk else None,
            "buttons": [(f"_{name}", BUTTONS[name]) for name in buttons],
            "explanations": report.explanations.select_related("rule") if report.pk else [],
            "moves": report.moves.select_related("by") if report.pk else [],
            "revisions": self._revisions(report),
            "writable": writable,
        }
        return self._page(request, "report.html", context)

    def _do(self, verb: str, request: HttpRequest, report: Submission, form: ReportForm) -> bool:
        """Do what the button says; whether the page is done with. Refusals become sentences."""
        if verb in ("save", "send"):
            outcome = form.record(actor=request.user, on=today(), send=verb == "send")
            if outcome is None:
                return False
            if report.pk is None:
                report.pk = Submission.objects.get(unit=report.unit, month=report.month).pk
            _tell(request, outcome)
            return True
        if form.numbers_changed:
            form.add_error(
                None, _("Numbers were changed here. Save them first, or reload the page.")
            )
            return False
        reason = {"why": form.cleaned_data["why"]} if verb in ("return", "revoke") else {}
        self._move_all(verb, request, [report], **reason)
        return True

    def _address(self, report: Submission) -> str:
        return reverse("admin:commitments_submission_change", args=[report.pk])

    def _revisions(self, report: Submission) -> str:
        query = urlencode({"unit__id__exact": report.unit_id, "month": str(report.month)})
        return f"{reverse('admin:commitments_revision_changelist')}?{query}"

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request,
            f"admin/commitments/submission/{template}",
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )


def _is_closed(report: Submission, standing: Standing) -> bool:
    closed = Period.objects.filter(unit=standing.province, closed_at__isnull=False)
    return closed.filter(month=report.month).exists()


def _next_steps(report: Submission, user: User) -> list[str]:
    """The buttons that would not be refused, as far as state and rights tell."""
    reports = access.may(user, Permission.REPORT_COUNTS, report.unit, today())
    allowed = steps(reports=[report], actor=user, on=today()).get(report.pk, ())
    return [*(["save", "send"] if reports else []), *(verb for verb in MOVES if verb in allowed)]


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    """What was saved, what the rules found, and whether anything still has to be explained."""
    messages.success(
        request,
        _("Saved: %(created)s new, %(changed)s changed, %(unchanged)s as before.")
        % {
            "created": outcome.created,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
        },
    )
    for finding in outcome.warnings:
        messages.warning(request, finding.message)
