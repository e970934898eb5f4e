"""Reporting months: their dates, closing and reopening."""

from datetime import date

import pytest

from commitments.actions.reporting.periods import close_period, lock, open_period, reopen_period
from commitments.models import Period
from commitments.rules import Refused
from commitments.working_days import WorkingDays
from districts.months import Month
from steering.accounts.models import JournalEntry
from steering.committee.access import NotAllowed

JANUARY = Month.of(2024, 1)
TODAY = date(2024, 2, 3)


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (Month.of(2024, 1), date(2024, 2, 7)),
        (Month.of(2024, 2), date(2024, 3, 7)),
        (Month.of(2024, 5), date(2024, 6, 7)),
        (Month.of(2023, 12), date(2024, 1, 8)),
    ],
)
def test_a_month_is_due_on_the_fifth_working_day_of_the_next(month, due):
    assert WorkingDays().due_day(month) == due


def test_locking_makes_a_period_once_with_its_default_dates(province):
    lock(provinces=[province.pk], months=[JANUARY])
    lock(provinces=[province.pk], months=[JANUARY])
    period = Period.objects.get()
    assert (period.data_from, period.data_to) == (date(2024, 1, 1), date(2024, 1, 31))
    assert (period.due_on, period.closes_on) == (date(2024, 2, 7), date(2024, 2, 21))


def test_the_officer_sets_other_dates(province, officer):
    open_period(
        unit=province,
        month=JANUARY,
        due_on=date(2024, 2, 16),
        closes_on=date(2024, 2, 29),
        actor=officer,
        on=TODAY,
    )
    assert Period.objects.get().due_on == date(2024, 2, 16)
    assert JournalEntry.objects.get().actor == officer


def test_a_due_day_inside_the_month_is_refused(province, officer):
    with pytest.raises(Refused) as refusal:
        open_period(
            unit=province,
            month=JANUARY,
            due_on=date(2024, 1, 31),
            closes_on=date(2024, 2, 29),
            actor=officer,
            on=TODAY,
        )
    assert [fault.code for fault in refusal.value.faults] == ["bad_dates"]


def test_closing_and_reopening_stay_visible(province, officer):
    close_period(unit=province, month=JANUARY, actor=officer, on=TODAY)
    assert Period.objects.get().is_closed
    reopen_period(unit=province, month=JANUARY, actor=officer, on=TODAY, why="one commune missing")
    assert not Period.objects.get().is_closed
    assert list(Period.objects.get().events.values_list("what", "by__username", "why")) == [
        ("closed", "officer", ""),
        ("reopened", "officer", "one commune missing"),
    ]


def set_dates(unit, officer):
    open_period(
        unit=unit,
        month=JANUARY,
        due_on=date(2024, 2, 16),
        closes_on=date(2024, 2, 29),
        actor=officer,
        on=TODAY,
    )


def test_only_a_province_has_months_to_open_and_close(communes, officer):
    for act in (
        lambda: set_dates(communes[0], officer),
        lambda: close_period(unit=communes[0], month=JANUARY, actor=officer, on=TODAY),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert [fault.code for fault in refusal.value.faults] == ["not_a_province"]
    assert not Period.objects.exists()


def test_the_dates_of_a_closed_month_stay_as_they_are(province, officer):
    close_period(unit=province, month=JANUARY, actor=officer, on=TODAY)
    with pytest.raises(Refused) as refusal:
        set_dates(province, officer)
    assert [fault.code for fault in refusal.value.faults] == ["period_closed"]
    assert Period.objects.get().due_on == date(2024, 2, 7)


@pytest.mark.parametrize(
    ("steps", "code"),
    [(["close", "close"], "period_closed"), (["reopen"], "period_open")],
)
def test_a_month_is_closed_once_and_reopened_only_when_closed(province, officer, steps, code):
    act = {
        "close": lambda: close_period(unit=province, month=JANUARY, actor=officer, on=TODAY),
        "reopen": lambda: reopen_period(
            unit=province, month=JANUARY, actor=officer, on=TODAY, why="?"
        ),
    }
    for step in steps[:-1]:
        act[step]()
    with pytest.raises(Refused) as refusal:
        act[steps[-1]]()
    assert [fault.code for fault in refusal.value.faults] == [code]


def test_reopening_takes_a_reason(province, officer):
    close_period(unit=province, month=JANUARY, actor=officer, on=TODAY)
    with pytest.raises(Refused) as refusal:
        reopen_period(unit=province, month=JANUARY, actor=officer, on=TODAY, why=" ")
    assert [fault.code for fault in refusal.value.faults] == ["reason_needed"]


def test_a_reason_longer_than_fits_is_refused_and_not_cut(province, officer):
    month = {"unit": province, "month": JANUARY, "actor": officer, "on": TODAY}
    for act in (close_period, reopen_period):
        with pytest.raises(Refused) as refusal:
            act(**month, why="x" * 301)
        assert [(one.code, one.column) for one in refusal.value.faults] == [("too_long", "why")]
        act(**month, why="x" * 300)
    assert [event.what for event in Period.objects.get().events.all()] == ["closed", "reopened"]


@pytest.mark.parametrize("who", ["leader", "chair", "commune_officer", "auditor", "outsider"])
def test_only_the_standing_officer_closes(province, who, request):
    with pytest.raises(NotAllowed):
        close_period(unit=province, month=JANUARY, actor=request.getfixturevalue(who), on=TODAY)
    assert not Period.objects.exists()
