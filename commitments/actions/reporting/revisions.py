"""Keeping what happened to numbers: one row for each change."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from commitments.models import Revision
from commitments.rows import write_rows
from districts.months import Month
from steering.accounts.models import User


class Change(NamedTuple):
    """What one number was and what it is now, reported and approved; None is blank."""

    unit: int
    indicator: int
    old_value: int | None
    new_value: int | None
    old_approved: int | None
    new_approved: int | None
    source: str = ""


def keep_revisions(changes: Iterable[Change], *, month: Month, by: User | None, why: str) -> None:
    """Write a revision for each change of ``month``, in their order, in one go."""
    length = Revision._meta.get_field("source").max_length
    write_rows(
        Revision,
        Change._fields,
        [(*change[:-1], change.source[:length]) for change in changes],
        same={
            "month": month,
            "at": timezone.now(),
            "by": by and by.pk,
            # A line end counts once, as where the length was checked.
            "why": why.replace("\r\n", "\n"),
        },
    )
