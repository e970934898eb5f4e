"""Forms of the pages of figures; the actions judge what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.actions import LONGEST_NOTE, record_judgement
from reports.models import Judgement, Outlook
from reports.outlook.judging import CRITERIA
from reports.pages.scope import Scope
from steering.accounts.faults import Refused

_LAST = ("outlook", "comment")
"""What is asked after the criteria."""


@dataclass(frozen=True)
class Asked:
    """One criterion as the form asks for it."""

    title: str
    question: str
    grade: forms.BoundField
    note: forms.BoundField


class JudgementForm(forms.Form):
    """Four grades with a note each, an outlook and a comment. What is missing, the action says."""

    outlook = forms.ChoiceField(
        label=_("All things considered"),
        choices=Outlook.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("What the judgement rests on, in a sentence or two."),
        widget=forms.Textarea({"rows": 3, "aria-required": "true"}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for criterion in CRITERIA:
            self.fields[criterion.field] = forms.ChoiceField(
                label=criterion.title,
                choices=criterion.words.items(),
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{criterion.field}_note"] = forms.CharField(
                label=_("Note, if there is something to say"),
                max_length=LONGEST_NOTE,
                required=False,
            )
        # A summary of faults lists them as they stand on the page.
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    @property
    def criteria(self) -> Iterator[Asked]:
        for criterion in CRITERIA:
            yield Asked(
                criterion.title,
                criterion.question,
                self[criterion.field],
                self[f"{criterion.field}_note"],
            )

    def sign(self, scope: Scope, indicator) -> Judgement | None:
        """Record the judgement as the reader's; None, with the faults beside their fields, if
        it was refused."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return record_judgement(
                unit=scope.unit,
                indicator=indicator,
                month=scope.month,
                grades={criterion.field: said[criterion.field] for criterion in CRITERIA},
                notes={criterion.field: said[f"{criterion.field}_note"] for criterion in CRITERIA},
                outlook=said["outlook"],
                comment=said["comment"],
                actor=scope.user,
                on=scope.today,
            )
        except Refused as refusal:
            for fault in refusal.faults:
                self.add_error(fault.column, fault.message)
            return None
