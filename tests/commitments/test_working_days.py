"""The fifth working day: public holidays, swapped Saturdays, and what an officer records."""

from datetime import date, timedelta
from itertools import takewhile

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.reference.working_days import (
    complete_year,
    decide_days,
    reopen_year,
    withdraw_day,
)
from commitments.models import CompleteYear, DecidedDay
from commitments.querysets import due_days_in, unknown_years, working_days
from commitments.rules import Refused
from commitments.working_days import (
    ANNOUNCED,
    DUE_WORKING_DAY,
    KNOWN_YEARS,
    WorkingDays,
    calendar_of,
    due_day_by_weekdays,
)
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed

BY_LAW = WorkingDays()
MONTHS = [Month.of(year, month) for year in (2023, 2024, 2025, 2026) for month in range(1, 13)]

TOO_EARLY = {
    # month: (the fifth weekday, the fifth working day)
    "2023-04": ("2023-05-05", "2023-05-10"),
    "2023-08": ("2023-09-07", "2023-09-11"),
    "2023-12": ("2024-01-05", "2024-01-08"),
    "2024-08": ("2024-09-06", "2024-09-10"),
    "2024-12": ("2025-01-07", "2025-01-08"),
    "2025-03": ("2025-04-07", "2025-04-08"),
    "2025-04": ("2025-05-07", "2025-05-09"),
    "2025-08": ("2025-09-05", "2025-09-09"),
    "2025-12": ("2026-01-07", "2026-01-08"),
    "2026-04": ("2026-05-07", "2026-05-08"),
    "2026-08": ("2026-09-07", "2026-09-09"),
    "2026-12": ("2027-01-07", "2027-01-08"),
}
"""Of 48 due days, those that the weekdays alone would put too early."""

TODAY = date(2026, 11, 30)
HELD = {"actor": COMMAND_LINE, "on": TODAY}


def test_twelve_of_the_forty_eight_due_days_of_2023_to_2026_are_later_than_weekdays_say():
    differ = {
        str(month): (str(due_day_by_weekdays(month)), str(BY_LAW.due_day(month)))
        for month in MONTHS
        if BY_LAW.due_day(month) != due_day_by_weekdays(month)
    }
    assert differ == TOO_EARLY


def test_a_swapped_saturday_is_worked_and_the_day_it_was_swapped_for_is_off():
    # 29 April 2024 was taken off and Saturday 4 May worked: the fifth day stays Tuesday.
    assert not BY_LAW.are_worked(date(2024, 4, 29))
    assert BY_LAW.are_worked(date(2024, 5, 4))
    assert BY_LAW.due_day(Month.of(2024, 4)) == date(2024, 5, 7)


def test_a_saturday_is_worked_for_a_day_off_of_the_year_before():
    # 31 December 2018 was taken off and Saturday 5 January 2019 worked: 2, 3, 4, 5 and 7 January.
    assert calendar_of(2019).worked >= {date(2019, 1, 5)}
    assert BY_LAW.due_day(Month.of(2018, 12)) == date(2019, 1, 7)


def test_the_24th_of_november_is_a_holiday_since_2026():
    assert BY_LAW.are_worked(date(2025, 11, 24))
    assert not BY_LAW.are_worked(date(2026, 11, 24))


def test_the_years_said_to_be_known_are_those_that_the_package_was_told_of():
    swapped = [
        year
        for year in range(2000, 2101)
        if any("thay cho" in name for name in calendar_of(year).off.values())
    ]
    assert (swapped[0], swapped[-1]) == (KNOWN_YEARS[0], KNOWN_YEARS[-1])


def test_what_was_published_and_is_proposed_is_still_lacking_in_the_package():
    """Take a decision out of ``ANNOUNCED`` when the package knows it."""
    assert [BY_LAW.uncounted()] == [list(ANNOUNCED)]
    package = holidays.country_holidays("VN", years=2026)
    assert package.is_working_day(date(2026, 1, 2))
    assert not package.is_working_day(date(2026, 1, 10))


def test_beyond_the_years_of_the_package_only_weekends_count():
    assert BY_LAW.due_day(Month.of(2100, 12)) == due_day_by_weekdays(Month.of(2100, 12))
    assert BY_LAW.due_day(Month.of(2500, 4)) == due_day_by_weekdays(Month.of(2500, 4))


def test_an_english_name_writes_the_day_first_as_these_pages_do():
    assert "04/05/2024" in calendar_of(2024, "en").off[date(2024, 4, 29)]
    assert "04/05/2024" in calendar_of(2024, "vi").off[date(2024, 4, 29)]


months = st.integers(Month.of(1995, 1), Month.of(2110, 12)).map(Month)
decisions = st.dictionaries(st.integers(-3, 12), st.booleans(), max_size=6)


@given(month=months, decided=decisions)
def test_the_due_day_is_worked_and_is_the_fifth_of_its_month(month, decided):
    first = (month + 1).first_day
    days = WorkingDays({first + timedelta(days=n): worked for n, worked in decided.items()})
    due = days.due_day(month)
    assert days.are_worked(due)
    until_due = (first + timedelta(days=n) for n in range((due - first).days + 1))
    assert sum(map(days.are_worked, until_due)) == DUE_WORKING_DAY


@given(month=months)
def test_without_decisions_the_rule_is_the_packages_own(month):
    year = (month + 1).year
    package = holidays.country_holidays("VN", years=range(year - 1, year + 2))
    first = (month + 1).first_day
    span = [first + timedelta(days=n) for n in range((BY_LAW.due_day(month) - first).days + 1)]
    worked = [day for day in span if package.is_working_day(day)]
    assert (len(worked), worked[-1]) == (DUE_WORKING_DAY, BY_LAW.due_day(month))


@given(month=months)
def test_working_days_after_a_day_leave_none_out(month):
    end = (month + 1).last_day
    found = set(takewhile(lambda day: day <= end, BY_LAW.after(month.last_day)))
    each = {(month + 1).first_day + timedelta(days=n) for n in range(end.day)}
    assert found == {day for day in each if BY_LAW.are_worked(day)}


# --- what an officer records ---------------------------------------------------------------------


def swap(actor=COMMAND_LINE, **changes):
    given = {
        "days": {date(2026, 1, 2): False, date(2026, 1, 10): True},
        "source": "12729/VPCP-KGVX, 25/12/2025",
        "actor": actor,
        "on": TODAY,
    }
    return decide_days(**given | changes)


def test_a_recorded_decision_outweighs_the_package_and_moves_the_due_day(officer, province):
    december = Month.of(2025, 12)
    assert working_days().due_day(december) == date(2026, 1, 8)
    swap(officer)
    assert working_days().due_day(december) == date(2026, 1, 9)
    assert due_days_in([province.pk], [december]).of(province.pk, december) == date(2026, 1, 9)
    assert working_days().uncounted() == []
    entries = JournalEntry.objects.order_by("pk").values_list("actor", "action", "after")
    source = "12729/VPCP-KGVX, 25/12/2025"
    assert list(entries) == [
        (officer.pk, "day.decided", {"worked": False, "source": source}),
        (officer.pk, "day.decided", {"worked": True, "source": source}),
    ]


def test_a_day_worked_in_exchange_counts_though_it_is_a_saturday(province):
    # 10 January 2026 would be the eighth working day; take off enough for it to be the fifth.
    off = {date(2026, 1, day): False for day in (2, 5, 6)}
    swap(days=off | {date(2026, 1, 10): True})
    assert working_days().due_day(Month.of(2025, 12)) == date(2026, 1, 12)
    assert working_days().are_worked(date(2026, 1, 10))


def test_a_decision_is_withdrawn_with_a_reason_that_the_journal_keeps(officer, province):
    swap(officer)
    day = {"day": date(2026, 1, 2), "actor": officer, "on": TODAY}
    with pytest.raises(Refused) as refusal:
        withdraw_day(**day, why=" ")
    assert [fault.code for fault in refusal.value.faults] == ["reason_needed"]
    withdraw_day(**day, why="Gõ nhầm ngày")
    assert list(DecidedDay.objects.values_list("day", flat=True)) == [date(2026, 1, 10)]
    entry = JournalEntry.objects.latest("pk")
    assert (entry.action, entry.why, entry.subject) == (
        "day.withdrawn",
        "Gõ nhầm ngày",
        "02/01/2026",
    )
    assert entry.before == {"worked": False, "source": "12729/VPCP-KGVX, 25/12/2025"}
    with pytest.raises(Refused) as refusal:
        withdraw_day(**day, why="?")
    assert [fault.code for fault in refusal.value.faults] == ["day_not_decided"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"days": {}}, ["day_needed"]),
        ({"source": "  "}, ["source_needed"]),
        ({"source": "x" * 201}, ["too_long"]),
        ({"days": {date(2026, 1, 1): False}}, ["day_known"]),
        ({"days": {date(2026, 1, 3): False}}, ["day_known"]),
        ({"days": {date(2026, 8, 22): True}}, ["day_known"]),
        ({"days": {date(2026, 1, 5): True}}, ["day_known"]),
        ({"days": {date(26, 1, 2): False}}, ["bad_year"]),
        ({"days": {date(2026, 1, 2): False, date(2026, 1, 5): True}}, ["day_known"]),
        ({"days": {}, "source": ""}, ["source_needed", "day_needed"]),
    ],
)
def test_a_decision_that_says_nothing_new_or_too_little_is_refused_whole(province, changes, codes):
    with pytest.raises(Refused) as refusal:
        swap(**changes)
    assert [fault.code for fault in refusal.value.faults] == codes
    assert not DecidedDay.objects.exists()


def test_what_is_recorded_of_a_day_is_withdrawn_before_it_is_recorded_otherwise(province):
    swap()
    for worked in (True, False):
        with pytest.raises(Refused) as refusal:
            swap(days={date(2026, 1, 2): worked})
        assert [fault.code for fault in refusal.value.faults] == ["day_decided"]


@pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
def test_only_whoever_closes_months_of_a_province_records_days(province, who, request):
    actor = request.getfixturevalue(who)
    held = {"actor": actor, "on": TODAY}
    for act in (
        lambda: swap(actor),
        lambda: withdraw_day(day=date(2026, 1, 2), why="?", **held),
        lambda: complete_year(year=2027, source="1/TB-BNV", **held),
        lambda: reopen_year(year=2027, why="?", **held),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not DecidedDay.objects.exists()
    assert not CompleteYear.objects.exists()


def test_a_year_is_unknown_until_somebody_says_that_all_of_it_is_recorded(province):
    assert unknown_years([2009, 2010, 2026, 2027, 2027, 2028]) == [2009, 2027, 2028]
    swap(days={date(2027, 2, 11): False}, source="1/TB-BNV")
    assert unknown_years([2027]) == [2027]
    complete_year(year=2027, source="1/TB-BNV, 20/12/2026", **HELD)
    assert unknown_years([2026, 2027, 2028]) == [2028]
    with pytest.raises(Refused) as refusal:
        complete_year(year=2027, source="1/TB-BNV", **HELD)
    assert [fault.code for fault in refusal.value.faults] == ["year_complete"]
    reopen_year(year=2027, why="Thiếu ngày hoán đổi", **HELD)
    assert unknown_years([2027]) == [2027]
    actions = list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["day.decided", "year.completed", "year.reopened"]
