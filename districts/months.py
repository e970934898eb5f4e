"""A month as one small value: ordered, with arithmetic, stored as ``year * 12 + month - 1``."""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

FOREVER = 32767
"""The month number that stands for "no end yet"; the largest small integer."""

FIRST_YEAR, LAST_YEAR = 1900, 2699
"""The years whose months have a number that every database stores."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})\Z")
_VIETNAMESE = re.compile(r"(\d{1,2})[/-](\d{4})\Z")


class Month(int):
    """One calendar month: ``Month.of(2023, 12)``. An integer, so it stores and compares fast."""

    __slots__ = ()

    @classmethod
    def of(cls, year: int, month: int) -> "Month":
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            raise ValueError(f"no such month: {year}-{month}")
        return cls(year * 12 + month - 1)

    @classmethod
    def containing(cls, day: date) -> "Month":
        return cls.of(day.year, day.month)

    @classmethod
    def starting_from(cls, day: date) -> "Month":
        """The first whole month from ``day`` on: a change in mid-month counts from the next."""
        month = cls.containing(day)
        return month if day.day == 1 else month + 1

    @classmethod
    def of_map(cls, day: date, breaks: Iterable[date]) -> "Month":
        """The month whose map is in force on ``day``: after a change in mid-month, the next one's.

        ``breaks`` are the days on which the map changed.
        """
        month = cls.containing(day)
        return month + 1 if any(month.first_day < change <= day for change in breaks) else month

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2023-12``, ``12/2023`` or ``12-2023``. Raises ValueError otherwise."""
        text = str(text).strip()
        if match := _ISO.match(text):
            return cls.of(int(match[1]), int(match[2]))
        if match := _VIETNAMESE.match(text):
            return cls.of(int(match[2]), int(match[1]))
        raise ValueError(f"not a month: {text!r}")

    @property
    def year(self) -> int:
        return int(self) // 12

    @property
    def month(self) -> int:
        return int(self) % 12 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def january(self) -> "Month":
        return self - (self.month - 1)

    @property
    def last_december(self) -> "Month":
        return self.january - 1

    @property
    def same_month_last_year(self) -> "Month":
        return self - 12

    def year_to_date(self) -> list["Month"]:
        """January of the year up to and including this month."""
        return [Month(n) for n in range(int(self.january), int(self) + 1)]

    @property
    def shown(self) -> str:
        """12/2023: as people read it; ``str`` is for addresses and files."""
        return f"{self.month:02d}/{self.year}"

    def __add__(self, months: int) -> "Month":
        return Month(int(self) + months)

    def __sub__(self, months):
        """``month - 3`` is a month; ``month - other_month`` is the number of months between."""
        difference = int(self) - int(months)
        return difference if isinstance(months, Month) else Month(difference)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"Month.of({self.year}, {self.month})"


def parse_day(text: str) -> date:
    """Read ``2025-07-01``. Raises ValueError otherwise, and for a day that lies in no Month."""
    day = date.fromisoformat(text.strip())
    Month.containing(day)
    return day


class DayFormField(forms.DateField):
    """A day that lies in a Month; typed years are mostly too short or too long by a digit."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                _("“%(read)s” is not a day from %(first)s to %(last)s. Correct the year."),
                params={"read": value, "first": FIRST_YEAR, "last": LAST_YEAR},
            )
        return day


class MonthFormField(forms.Field):
    """Takes ``2023-12`` or ``12/2023``."""

    widget = forms.TextInput({"maxlength": 7, "size": 8})

    def to_python(self, value: Any) -> Month | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError:
            raise ValidationError(
                _("“%(read)s” is not a month; write it like 2023-12."), params={"read": text}
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return str(Month(value)) if isinstance(value, int) else value


class MonthField(models.SmallIntegerField):
    """A column that holds a Month."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else Month(value)

    def to_python(self, value):
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, str) and not value.isdigit():
            try:
                return Month.parse(value)
            except ValueError as error:
                raise ValidationError(str(error)) from None
        return Month(value)

    def get_prep_value(self, value):
        if isinstance(value, str) and not value.isdigit():
            value = Month.parse(value)
        return super().get_prep_value(value)

    def value_to_string(self, obj):
        return str(int(self.value_from_object(obj)))

    def formfield(self, **kwargs):
        return super(models.IntegerField, self).formfield(
            **{"form_class": MonthFormField, **kwargs}
        )


MONTH_NUMBER = models.ExpressionWrapper(models.F("month"), output_field=models.Field())
"""The column ``month`` as the database gives it: thousands of rows need no value object each."""
