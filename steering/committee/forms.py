"""Forms of the page of people: a seat, a move, an end, and a reason for each."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from districts.months import DayFormField
from steering.accounts.faults import Refused
from steering.accounts.models import User

from .letterheads import FIELDS, LINES
from .models import Letterhead
from .people import units_within_reach
from .roles import Role

_FIELD_OF = {
    "unit_not_in_force": "since",
    "ends_before_it_begins": "until",
    "already_ended": "until",
    "unknown_role": "role",
}
"""The field a refusal is about; others stand above the form."""


_DAY_MISSING = {"required": _("Choose the day.")}


class _Day(forms.DateInput):
    """A day, picked in the reader's own calendar; sent and shown to browsers as ISO."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ReasonedForm(forms.Form):
    """Something the journal will keep, with the reason for it."""

    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("For the journal, e.g. the number of the decision."),
    )

    def refuse(self, refusal: Refused) -> None:
        """Show why the action refused, beside what it is about."""
        for fault in refusal.faults:
            field = _FIELD_OF.get(fault.code)
            if field == "until" and field not in self.fields:
                field = "since"
            self.add_error(field if field in self.fields else None, fault.message)


class SeatForm(ReasonedForm):
    """Where somebody sits, as what, from when on; the units are those within the keeper's reach."""

    field_order = ["unit", "role", "since", "until", "why"]
    unit = forms.ModelChoiceField(
        queryset=None,
        label=_("Unit"),
        empty_label="–",
        error_messages={"required": _("Choose the unit.")},
    )
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose the role.")})
    since = DayFormField(label=_("First day"), widget=_Day, error_messages=_DAY_MISSING)
    until = DayFormField(
        label=_("First day without the seat"),
        widget=_Day,
        required=False,
        help_text=_("Leave it empty while nobody knows."),
    )

    def __init__(self, *args, keeper: User, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_within_reach(keeper, on).order_by("tier", "sort_key")
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.full_name} ({unit.code})"
        # Nothing chosen beforehand: the first role is the one that may do everything.
        self.fields["role"].choices = [
            ("", "–"),
            *((role.value, capfirst(role.label)) for role in Role),
        ]
        self.fields["since"].initial = on


class MoveForm(SeatForm):
    """Another unit or role from a day on, which is the first day without the old seat."""

    until = None


class EndForm(ReasonedForm):
    """When a seat ends."""

    field_order = ["until", "why"]
    until = DayFormField(
        label=_("First day without the seat"), widget=_Day, error_messages=_DAY_MISSING
    )


class LetterheadForm(forms.Form):
    """The texts around the content of a committee's documents; judged by the action alone."""

    def __init__(self, data: QueryDict | None, kept: Letterhead):
        super().__init__(data, initial={field: getattr(kept, field) for field in FIELDS})
        for name in FIELDS:
            column = Letterhead._meta.get_field(name)
            lines = 6 if name == "pledges" else 3
            self.fields[name] = forms.CharField(
                label=capfirst(column.verbose_name),
                required=False,
                widget=forms.Textarea({"rows": lines}) if name in LINES else forms.TextInput(),
                help_text=_HELP.get(name, ""),
            )

    def refuse(self, refusal: Refused) -> None:
        """Show why the action refused, beside the text it is about."""
        for fault in refusal.faults:
            self.add_error(fault.column if fault.column in self.fields else None, fault.message)


_HELP = {
    "agency": _("Above the number of a document, in capitals; a line end parts lines."),
    "symbol": _("After the number: “BCĐ” makes BC-BCĐ of a report."),
    "place": _("Before the day: “Sơn La, ngày 07 tháng 3 năm 2024”."),
    "recipients": _("One on each line, without a hyphen."),
    "posts": _("Above the signature, one on each line: TM. BAN CHỈ ĐẠO, then the post."),
    "office": _("Above the name, where the signer also has a post in an agency."),
    "pledges": _("One paragraph on each line; printed on every commitment."),
}
