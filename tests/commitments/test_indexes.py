"""Every number that is written goes into each index of its table: which indexes there are."""

import pytest
from django.db import connection

from commitments.models import Count, Revision


def indexed(model) -> set[tuple[str, ...]]:
    """The columns of every index of a table, in their order."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {
        tuple(one["columns"]) for one in found.values() if one["index"] or one["primary_key"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Count, {("month", "unit_id", "indicator_id"), ("unit_id",)}),
        (Revision, {("id",), ("unit_id", "indicator_id", "month"), ("by_id",)}),
    ],
)
def test_a_number_is_written_into_no_index_that_tells_nothing(db, model, expected):
    """None of an indicator alone, and none that another one begins with."""
    assert indexed(model) == expected


@pytest.mark.parametrize("model", [Count, Revision])
def test_numbers_of_a_unit_are_found_by_an_index(model, communes):
    """Whether anything refers to a unit that is to go, above all."""
    rows = model.objects.filter(unit=communes[0]).order_by()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "index" in rows.explain().lower()
