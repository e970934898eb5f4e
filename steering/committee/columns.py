"""Columns of the back office for values that Django would print as bare integers or wrongly."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from districts.models import BEFORE_RECORDS
from districts.months import FOREVER, Month


def month_words(month: int | None) -> str | None:
    """2023-12; None where a span has no beginning or no end."""
    return str(Month(month)) if month and month < FOREVER else None


def day_words(day: date | None) -> Any:
    """The day as people write it; in words where it stands for "before the records begin"."""
    if day is None:
        return None
    return _("before the records") if day == BEFORE_RECORDS else date_format(day, "d/m/Y")


def scaled(value: int | None, decimals: int) -> str | None:
    """A target as people write it: 9610 with two decimals is 96,10."""
    if value is None:
        return None
    return number_format(Decimal(value).scaleb(-decimals), decimals, force_grouping=True)


def month_column(field: str, label: Any) -> Callable:
    return _column(field, label, month_words)


def year_column(field: str, label: Any) -> Callable:
    """A year, which takes no thousands separator."""
    return _column(field, label, str)


def day_column(field: str, label: Any) -> Callable:
    return _column(field, label, day_words)


def _column(field: str, label: Any, words: Callable[[Any], Any]) -> Callable:
    @admin.display(description=label, ordering=field)
    def column(self: admin.ModelAdmin, row: models.Model) -> Any:
        return words(getattr(row, field))

    return column
