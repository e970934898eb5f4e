"""Rows written as they are: nothing is lost, doubled or let past the constraints of a table."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from commitments.models import Count, Move, Period, Submission
from commitments.rows import write_rows
from districts.months import Month

JANUARY = Month.of(2024, 1)
KEY = ["month", "unit", "indicator"]


def held() -> dict[tuple[int, int], tuple[int | None, int | None]]:
    rows = Count.objects.filter(month=JANUARY)
    return {(row.unit_id, row.indicator_id): (row.value, row.approved) for row in rows}


def test_a_row_that_stands_takes_the_new_values_and_the_others_are_added(communes, catalogue):
    hi, (first, second) = catalogue["HI"].pk, (communes[0].pk, communes[1].pk)
    Count.objects.create(month=JANUARY, unit=communes[0], indicator=catalogue["HI"], value=1)
    write_rows(
        Count,
        ["unit", "indicator", "value", "approved"],
        [(first, hi, 2, None), (second, hi, 0, 0)],
        same={"month": JANUARY},
        unique=KEY,
    )
    assert held() == {(first, hi): (2, None), (second, hi): (0, 0)}


def test_fields_that_are_not_written_stay_as_they_are(communes, catalogue):
    hi, unit = catalogue["HI"].pk, communes[0].pk
    Count.objects.create(month=JANUARY, unit_id=unit, indicator_id=hi, value=1, approved=1)
    write_rows(Count, [*KEY, "value"], [(JANUARY, unit, hi, 2)], unique=KEY)
    assert held() == {(unit, hi): (2, 1)}


def test_without_a_key_a_row_that_stands_is_an_error(communes, catalogue):
    row = (JANUARY, communes[0].pk, catalogue["HI"].pk, 1, None)
    write_rows(Count, [*KEY, "value", "approved"], [row])
    with pytest.raises(IntegrityError):
        write_rows(Count, [*KEY, "value", "approved"], [row])


def test_the_constraints_of_the_table_hold(communes, catalogue):
    with pytest.raises(IntegrityError, match="count_value_not_negative"):
        write_rows(Count, [*KEY, "value"], [(JANUARY, communes[0].pk, catalogue["HI"].pk, -1)])


def test_more_rows_than_a_statement_takes_are_all_written(communes):
    months = [JANUARY + n for n in range(1_500)]
    rows = [(month, communes[0].pk, "draft", 1) for month in months]
    write_rows(Submission, ["month", "unit", "state", "version"], rows)
    stored = Submission.objects.order_by("month").values_list("month", flat=True)
    assert list(stored) == months


def test_days_and_moments_read_as_they_were_given(communes, province):
    at = datetime(2024, 2, 1, 8, 30, 15, 123456, tzinfo=UTC)
    begin, end, due = date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 7)
    fields = ["month", "data_from", "data_to", "due_on", "closes_on", "closed_at"]
    write_rows(Period, fields, [(JANUARY, begin, end, due, due, at)], same={"unit": province.pk})
    period = Period.objects.get()
    assert (period.data_from, period.data_to, period.due_on) == (begin, end, due)
    assert period.closed_at == at


def test_nothing_is_asked_for_no_rows(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        write_rows(Move, ["verb"], [])
