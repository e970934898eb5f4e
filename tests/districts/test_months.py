"""A month as a small value: read, ordered, counted with, stored."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from districts.models import Ancestry
from districts.months import FOREVER, Month, MonthField, MonthFormField
from tests import builders

months = st.builds(Month.of, st.integers(1900, 2699), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2023-12", " 2023-12 ", "12/2023", "12-2023"])
def test_a_month_is_read_in_the_ways_people_write_it(text):
    assert Month.parse(text) == Month.of(2023, 12)


@pytest.mark.parametrize("text", ["2024-13", "2024", "13/2024", "0/2024", "2024-00", "", "x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)


def test_a_month_knows_its_days_its_january_and_its_neighbours():
    month = Month.of(2024, 2)
    assert (month.first_day, month.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month.january == Month.of(2024, 1)
    assert month.last_december == Month.of(2023, 12)
    assert month.same_month_last_year == Month.of(2023, 2)
    assert month.year_to_date() == [Month.of(2024, 1), Month.of(2024, 2)]


def test_a_change_inside_a_month_counts_from_the_next():
    assert Month.starting_from(date(2025, 7, 1)) == Month.of(2025, 7)
    assert Month.starting_from(date(2025, 12, 2)) == Month.of(2026, 1)


@given(months)
def test_a_month_survives_being_written_and_read(month):
    assert Month.parse(str(month)) == month
    assert Month.containing(month.first_day) == Month.containing(month.last_day) == month


@given(months, st.integers(-500, 500))
def test_arithmetic_goes_there_and_back(month, steps):
    later = month + steps
    assert isinstance(later, Month)
    assert later - steps == month
    assert later - month == steps
    assert (later > month) == (steps > 0)


def test_the_form_field_takes_both_ways_and_says_what_it_read(english):
    field = MonthFormField()
    assert field.clean("12/2023") == Month.of(2023, 12)
    with pytest.raises(ValidationError, match="2024-13"):
        field.clean("2024-13")


@pytest.mark.django_db
def test_the_column_gives_months_back():
    unit = builders.unit("99001", "Ao Sen")
    Ancestry.objects.create(ancestor=unit, descendant=unit, depth=0, since="2023-12")
    row = Ancestry.objects.get(since=Month.of(2023, 12))
    assert isinstance(row.since, Month)
    assert row.until == FOREVER
    assert MonthField().to_python("12/2023") == Month.of(2023, 12)
