"""What is typed to give or change a task."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.models import Task
from districts.months import DayFormField
from steering.accounts.models import User

from .board import decisions_seen, units_to_task

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TaskForm(forms.Form):
    """One task, for one unit or several."""

    title = forms.CharField(label=_("what is to be done"), max_length=300)
    units = forms.ModelMultipleChoiceField(
        label=_("units"),
        queryset=None,
        help_text=_("Each of them gets the task; hold Ctrl to choose several."),
    )
    due_on = DayFormField(label=_("to be done by"), widget=_DAY)
    responsible = forms.CharField(
        label=_("who does it"),
        max_length=200,
        required=False,
        help_text=_("Without a name the head in office answers for it."),
    )
    source_kind = forms.ChoiceField(label=_("comes from"), choices=Task.Source.choices)
    decision = forms.ModelChoiceField(label=_("decision"), queryset=None, required=False)
    source = forms.CharField(label=_("source in words"), max_length=300, required=False)

    def __init__(self, user: User, today: date, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_to_task(user, today)
        self.fields["units"].label_from_instance = lambda unit: f"{unit.full_name} ({unit.code})"
        self.fields["decision"].queryset = decisions_seen(user, today)

    def clean(self):
        given = super().clean()
        if given.get("source_kind") == Task.Source.DECISION and not given.get("decision"):
            self.add_error("decision", _("Choose the decision it comes from."))
        return given


class ChangeForm(forms.Form):
    """Another text, day or person, with a reason."""

    title = forms.CharField(label=_("what is to be done"), max_length=300)
    due_on = DayFormField(label=_("to be done by"), widget=_DAY)
    responsible = forms.CharField(label=_("who does it"), max_length=200, required=False)
    why = forms.CharField(label=_("why"), max_length=300)
