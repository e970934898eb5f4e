"""Forms of decisions: recording one, withdrawing it, mending what is known of it."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.decisions.scans import MOST_BYTES, Scan, read_scan
from commitments.models import Authority, Decision, DocumentKind
from commitments.rules import LONGEST_REASON
from districts.models import Unit
from districts.months import DayFormField
from steering.accounts.faults import Refused

_FIELD_OF = {
    "number_missing": "number", "number_too_long": "number", "already_recorded": "number",
    "kind_differs": "kind", "other_plan": "amends", "nothing_to_pass_on": "passes_on",
    "reason_needed": "reason", "too_early": "withdrawn_on", "month_closed": "withdrawn_on",
    "rested_on": "number", "no_scan": "scan", "scan_too_large": "scan",
}  # fmt: skip
"""The field a refusal is about; others stand above the form."""


class _Day(forms.DateInput):
    """A day, picked in the reader's own calendar; sent and shown to browsers as ISO."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class _Form(forms.Form):
    def refuse(self, refusal: Refused) -> None:
        """Show why the action refused, beside what it is about."""
        for fault in refusal.faults:
            field = _FIELD_OF.get(fault.code, fault.column)
            self.add_error(field if field in self.fields else None, fault.message)


class _WithScan(_Form):
    """A form with a scan: what it is, its content tells."""

    def clean_scan(self) -> Scan | None:
        file = self.cleaned_data["scan"]
        if not file:
            return None
        try:
            return read_scan(file.read(MOST_BYTES + 1))
        except Refused as refusal:
            raise forms.ValidationError(refusal.faults[0].message) from None


def _scan() -> forms.FileField:
    return forms.FileField(
        label=_("Scan"),
        required=False,
        help_text=_("PDF, JPG or PNG, up to 20 MB. Only who sees this decision can open it."),
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


def _reason(**more: object) -> forms.CharField:
    area = forms.Textarea({"rows": 2})
    return forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=area, **more)


class DecisionForm(_WithScan):
    """A document that assigns targets, as it lies on the desk."""

    unit = forms.ModelChoiceField(
        label=_("Unit that assigns"), queryset=Unit.objects.none(), empty_label=None
    )
    number = forms.CharField(
        label=_("Number of the document"),
        max_length=80,
        help_text=_("As printed, e.g. 148/QĐ-UBND."),
    )
    kind = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[("", _("as the number says")), *DocumentKind.choices],
    )
    authority = forms.ChoiceField(label=_("On behalf of"), choices=Authority.choices)
    year = forms.IntegerField(label=_("Year of the targets"), min_value=1990, max_value=2100)
    issued_on = DayFormField(label=_("Issued on"), widget=_Day())
    effective_on = DayFormField(
        label=_("Targets count from"),
        required=False,
        widget=_Day(),
        help_text=_(
            "Left blank: 1 January of the year; of an amendment or a replacement, its day of issue."
        ),
    )
    issuer = forms.CharField(label=_("Issued by, in words"), max_length=200, required=False)
    signer_name = forms.CharField(label=_("Signer"), max_length=120, required=False)
    signer_post = forms.CharField(label=_("Post of the signer"), max_length=200, required=False)
    amends = forms.ModelChoiceField(
        label=_("Amends"), queryset=Decision.objects.none(), required=False, empty_label="–"
    )
    replaces = forms.ModelChoiceField(
        label=_("Replaces"), queryset=Decision.objects.none(), required=False, empty_label="–"
    )
    passes_on = forms.ModelChoiceField(
        label=_("Passes on the targets of"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label="–",
    )
    scan = _scan()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, units: QuerySet, decisions: QuerySet, **more):
        super().__init__(*args, **more)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = _told
        for name in ("amends", "replaces", "passes_on"):
            self.fields[name].queryset = decisions
            self.fields[name].label_from_instance = _decision_told


def _told(unit: Unit) -> str:
    ended = unit.abolished_on
    return f"{unit.full_name} ({_day(unit.established_on)} – {_day(ended)})" if ended else str(unit)


def _decision_told(decision: Decision) -> str:
    return f"{decision.number}, {_day(decision.issued_on)} ({decision.unit}, {decision.year})"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


class WithdrawForm(_Form):
    """From which day a decision counts no longer, and why."""

    withdrawn_on = DayFormField(
        label=_("Withdrawn from"),
        widget=_Day(),
        help_text=_("From this day on its targets do not count; months before keep them."),
    )
    reason = _reason()


class CorrectForm(_WithScan):
    """What was written wrongly about a decision, with the reason for mending it."""

    number = forms.CharField(label=_("Number of the document"), max_length=80)
    kind = forms.ChoiceField(label=_("Type"), choices=DocumentKind.choices)
    issued_on = DayFormField(label=_("Issued on"), widget=_Day())
    issuer = forms.CharField(label=_("Issued by, in words"), max_length=200, required=False)
    signer_name = forms.CharField(label=_("Signer"), max_length=120, required=False)
    signer_post = forms.CharField(label=_("Post of the signer"), max_length=200, required=False)
    scan = _scan()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    reason = _reason(required=False)

    def __init__(self, *args, is_fixed: bool, **more):
        super().__init__(*args, **more)
        if is_fixed:
            # Something rests on the decision: what it is known by stays.
            for name in ("number", "kind", "issued_on"):
                del self.fields[name]
