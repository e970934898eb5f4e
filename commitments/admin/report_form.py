"""The numbers of one report as one form: what the unit must enter, with last month's beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from commitments.actions.reporting.counts import Entry, Outcome, record_counts
from commitments.bases import BaseInForce, Bases
from commitments.intake.numbers import Unreadable, read_count
from commitments.intake.workbook.cells import Place
from commitments.measures import MEASURES
from commitments.models import Count, Indicator
from commitments.rules import LONGEST_ANSWER, LONGEST_REASON
from districts.models import Unit
from districts.months import DayFormField, Month
from steering.accounts.faults import Fault, Refused
from steering.accounts.models import User

NO_CELL = Place(sheet=None, row=0)
"""What is typed into a form stands in no cell of a file."""


@dataclass(frozen=True)
class Line:
    """One indicator of a report: the number reported, the one approved, last month's, the base."""

    indicator: Indicator
    value: int | None
    approved: int | None
    last: int | None
    base: BaseInForce | None

    @property
    def measure(self) -> str:
        return MEASURES.get(self.indicator.unit_of_measure, self.indicator.unit_of_measure)

    @property
    def field(self) -> str:
        return f"count_{self.indicator.pk}"


def lines_of(unit: Unit, month: Month) -> list[Line]:
    """Everything ``unit`` must enter for ``month``, in the order of the catalogue."""
    held = {
        (found, indicator): (value, approved)
        for found, indicator, value, approved in Count.objects.filter(
            unit=unit, month__in=[month, month - 1]
        ).values_list("month", "indicator", "value", "approved")
    }
    bases = Bases([unit.pk], until=month)
    return [
        Line(
            indicator,
            *held.get((month, indicator.pk), (None, None)),
            last=held.get((month - 1, indicator.pk), (None, None))[0],
            base=bases.at(unit.pk, indicator.pk, month, "value") if indicator.is_base else None,
        )
        for indicator in Indicator.objects.filter(
            entered_at=unit.reports_at, since__lte=month, until__gt=month
        )
    ]


def _written(number: int | None) -> str:
    return "–" if number is None else number_format(number, force_grouping=True)


class CountField(forms.CharField):
    """A whole number as people type it: 1486, 1.486 or 1 486. Blank is not zero."""

    widget = forms.TextInput({"class": "count", "inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        try:
            return read_count(super().to_python(value) or None)
        except Unreadable as unreadable:
            raise ValidationError(unreadable.at(NO_CELL, value).message) from None

    def prepare_value(self, value: Any) -> Any:
        return number_format(value, force_grouping=True) if isinstance(value, int) else value


class ReportForm(forms.Form):
    """The counts of one report; ``record`` saves them through the one service for counts."""

    base_source = forms.CharField(
        label=_("Source of the bases"),
        required=False,
        max_length=300,
        help_text=_("Which document gives the population, the labour force, the pupils."),
    )
    dated = DayFormField(label=_("Date of the source"), required=False, widget=AdminDateWidget)
    explanation = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Answers what the rules ask about these numbers."),
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Needed to return a report or to take an approval back; kept with a correction."
        ),
    )

    def __init__(self, data: Any = None, *, unit: Unit, month: Month, writable: bool):
        self.unit, self.month, self.writable = unit, month, writable
        self.lines = lines_of(unit, month)
        super().__init__(data, initial={line.field: line.value for line in self.lines})
        for line in self.lines:
            self.fields[line.field] = CountField(
                label=line.indicator.name,
                required=False,
                disabled=not writable,
                show_hidden_initial=writable,
            )
        if not any(line.indicator.is_base for line in self.lines):
            del self.fields["base_source"], self.fields["dated"]

    def rows(self) -> Iterator[tuple[Line, forms.BoundField]]:
        return ((line, self[line.field]) for line in self.lines)

    def answers(self) -> list[forms.BoundField]:
        """The fields that go with the numbers; who may not write only gives reasons."""
        names = ("base_source", "dated", "explanation", "why") if self.writable else ("why",)
        return [self[name] for name in names if name in self.fields]

    @property
    def numbers_changed(self) -> bool:
        return any(self._is_changed(line) for line in self.lines)

    def _shown(self, line: Line) -> int | None:
        """The number that stood in the page when it was made."""
        name = self[line.field].html_initial_name
        if not self.writable or name not in self.data:
            return line.value
        try:
            return read_count(self.data[name] or None)
        except Unreadable:
            return line.value

    def _is_changed(self, line: Line) -> bool:
        """Whether the user typed another number than the page showed."""
        return self.cleaned_data.get(line.field) != self._shown(line)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.lines:
            if line.field in self.errors or not self._is_changed(line):
                continue
            given, stored = cleaned[line.field], {"number": _written(line.value)}
            if line.value not in (self._shown(line), given):
                self.add_error(
                    line.field,
                    _("%(number)s was reported meanwhile. Reload the page and look again.")
                    % stored,
                )
            elif given is None:
                self.add_error(
                    line.field,
                    _("%(number)s was reported; a blank does not erase it. Write 0 if it is none.")
                    % stored,
                )
            elif self._gives_base(line, cleaned):
                for name in ("base_source", "dated"):
                    if not cleaned.get(name):
                        self.add_error(name, _("A new base needs its source and its date."))
        return cleaned

    def _gives_base(self, line: Line, cleaned: dict[str, Any]) -> bool:
        given = cleaned.get(line.field)
        return line.indicator.is_base and given is not None and given != line.value

    def entries(self) -> list[Entry]:
        """The numbers the user changed; the stored ones if the report is only to be sent on.

        A base is among them only where a new one is given.
        """
        changed = [line for line in self.lines if self._is_changed(line)]
        told = [(line, self.cleaned_data[line.field]) for line in changed]
        told = told or [(line, line.value) for line in self.lines if not line.indicator.is_base]
        return [
            Entry(
                month=self.month,
                unit_id=self.unit.pk,
                indicator_id=line.indicator.pk,
                value=value,
                base_source=self.cleaned_data.get("base_source", ""),
                dated=self.cleaned_data.get("dated"),
            )
            for line, value in told
            if value is not None
            and (not line.indicator.is_base or self._gives_base(line, self.cleaned_data))
        ]

    def record(self, *, actor: User, on: date, send: bool) -> Outcome | None:
        """Save, and send if asked to. None if refused; the reasons then stand in the form."""
        entries = self.entries()
        if not entries:
            self.add_error(None, _("There is no number yet. Write at least one."))
            return None
        try:
            return record_counts(
                entries=entries,
                actor=actor,
                on=on,
                why=self.cleaned_data["why"],
                explanation=self.cleaned_data["explanation"],
                send=send,
            )
        except Refused as refusal:
            for fault in refusal.faults:
                self._show(fault, entries)
            return None

    def _show(self, fault: Fault, entries: list[Entry]) -> None:
        field = None if fault.entry is None else f"count_{entries[fault.entry].indicator_id}"
        if fault.message not in self.errors.get(field or "__all__", ()):
            self.add_error(field, fault.message)
