"""The form in which a plan's way is chosen or typed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.decisions.paths import Path
from commitments.intake.numbers import Unreadable, read_target
from commitments.intake.workbook.cells import Place
from commitments.rules import LONGEST_REASON
from districts.months import Month
from reports.wording import words
from steering.accounts.faults import Refused

from .page import PathPage

STRAIGHT, SHAPE, TYPED = "straight", "shape", "typed"
_NO_CELL = Place(sheet=None, row=0)


class PathForm(forms.Form):
    """A way, and a number for each month where it is typed; blank months lie on the line."""

    way = forms.ChoiceField(
        label=_("Which way the plan takes"),
        choices=[
            (STRAIGHT, _("in a straight line")),
            (SHAPE, _("as last year went")),
            (TYPED, _("as typed, month by month")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed where the plan of closed months changes; it stays visible."),
    )

    def __init__(self, page: PathPage, data: Any = None):
        self.page = page
        super().__init__(data, initial={"way": TYPED if page.path else STRAIGHT})
        now = dict(page.path)
        decimals = page.indicator.decimals
        for row in page.rows:
            text = forms.TextInput({"inputmode": "decimal", "size": 12, "autocomplete": "off"})
            value = now.get(row.month)
            self.fields[f"month_{row.month}"] = forms.CharField(
                label=words.month_number(row.month),
                required=False,
                max_length=30,
                widget=text,
                initial=""
                if value is None
                else words.number(Decimal(value).scaleb(-decimals), decimals),
            )

    @property
    def lines(self) -> list[tuple]:
        """The rows of the page, each with the field of its month."""
        return [(row, self[f"month_{row.month}"]) for row in self.page.rows]

    def clean(self) -> dict[str, Any]:
        """Read the months where they are what counts, and see that last year's shape is known."""
        cleaned = super().clean()
        if cleaned.get("way") == SHAPE and not self.page.by_shape:
            self.add_error(
                "way", _("Last year's results are not known month by month: choose another way.")
            )
        cleaned["path"] = self._path(cleaned)
        return cleaned

    def refuse(self, refusal: Refused) -> None:
        """Show why the action refused, beside the month it is about."""
        for fault in refusal.faults:
            self.add_error(fault.column if fault.column in self.fields else None, fault.message)

    def _path(self, cleaned: dict[str, Any]) -> Path:
        if cleaned.get("way") == SHAPE:
            return self.page.by_shape
        if cleaned.get("way") != TYPED:
            return []
        return [
            (month, value)
            for month in self.page.months
            if (value := self._read(month, cleaned.get(f"month_{month}", ""))) is not None
        ]

    def _read(self, month: Month, text: str) -> int | None:
        try:
            found = read_target(text, self.page.indicator)
        except Unreadable as error:
            self.add_error(f"month_{month}", error.at(_NO_CELL, text).message)
            return None
        return None if found is None else found[1]
