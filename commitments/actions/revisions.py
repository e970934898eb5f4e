"""Keeping what happened to numbers: one row for each change, written by the thousand.

A province's month is four thousand of them, and a model object for each would take several times
as long as the database does; so rows go there as they are.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from commitments.models import Revision
from districts.months import Month
from steering.accounts.models import User

_FIELDS = (
    "month", "unit", "indicator", "old_value", "new_value", "old_approved", "new_approved", "at",
    "by", "why", "source",
)  # fmt: skip


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
    fields = [Revision._meta.get_field(name) for name in _FIELDS]
    lengths = {name: Revision._meta.get_field(name).max_length for name in ("why", "source")}
    at = Revision._meta.get_field("at").get_db_prep_value(timezone.now(), connection)
    author, reason = by and by.pk, why[: lengths["why"]]
    rows = [
        (int(month), *change[:-1], at, author, reason, change.source[: lengths["source"]])
        for change in changes
    ]
    if not rows:
        return
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quoted(Revision._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
