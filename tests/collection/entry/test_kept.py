"""What stands still on a sheet is kept, and never longer than it is so."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date

import pytest

from collection.entry import still
from collection.entry.coverage import coverage_of
from collection.entry.sheets import sheet_of
from collection.entry.still import still_of
from commitments.actions.reporting import submissions
from commitments.actions.reporting.periods import close_period
from commitments.models import Submission
from steering.accounts.actors import COMMAND_LINE
from tests.pages.reported import assign

from ..conftest import FEBRUARY, TODAY

FULL = {"HI": "1486", "HI_HH_NEW": "12", "SI_V": "64"}


@pytest.fixture
def read(monkeypatch) -> list[int]:
    """The units whose sheet was read anew."""
    units, original = [], still._read

    def counting(unit, month):
        units.append(unit.pk)
        return original(unit, month)

    monkeypatch.setattr(still, "_read", counting)
    return units


def test_typing_reads_it_once(keeping, type_in, counted, read, commune, communes):
    counted(communes[1], {"HI": 5})  # the month is open
    read.clear()
    for text in ("1", "12", "120"):
        type_in({"HI": text})
    assert read == [commune.pk]


def acts(counted, send, type_in, communes, province) -> dict[str, Callable[[], object]]:
    """What somebody does meanwhile that the sheet of the first commune stands on, or may."""
    first, second = communes[:2]

    def send_all():
        type_in(FULL)
        send()

    def approve():
        send_all()
        submissions.approve(
            submissions=Submission.objects.filter(unit=first, month=FEBRUARY),
            actor=COMMAND_LINE,
            on=TODAY,
        )

    return {
        "last month is corrected": lambda: counted(first, {"HI": 77}, month=FEBRUARY - 1),
        "a month a year ago comes in": lambda: counted(first, {"SI_V": 5}, month=FEBRUARY - 12),
        "a base is given": lambda: counted(first, {"POP": 999}, month=FEBRUARY),
        "it is sent": send_all,
        "it is approved": approve,
        "somebody else reports": lambda: counted(second, {"HI": 3}),
        "the month is closed": lambda: close_period(
            unit=province, month=FEBRUARY, actor=COMMAND_LINE, on=date(2024, 3, 25)
        ),
    }


ACTS = tuple(acts(None, None, None, [None, None], None))


@pytest.mark.parametrize("act", ACTS)
def test_after_every_action_it_says_what_a_new_one_would(
    keeping, act, counted, send, type_in, communes, province
):
    commune = communes[0]
    counted(commune, {"HI": 100, "POP": 500}, month=FEBRUARY - 1)
    still_of(commune, FEBRUARY)
    acts(counted, send, type_in, communes, province)[act]()
    kept, fresh = still_of(commune, FEBRUARY), still._read(commune, FEBRUARY)
    names = [one.name for one in fields(fresh) if one.name != "book"]
    assert [getattr(kept, name) for name in names] == [getattr(fresh, name) for name in names]
    assert (kept.book.judges, kept.book.sums) == (fresh.book.judges, fresh.book.sums)


def test_a_target_assigned_meanwhile_is_the_one_that_coverage_is_held_against(
    keeping, catalogue, commune, counted, type_in, province
):
    counted(commune, {"POP": 2000}, month=FEBRUARY - 1)
    type_in({"HI": "1486"})
    assert coverage_of(sheet_of(commune, FEBRUARY, TODAY)).target is None
    assign(province, catalogue, {(commune, "HI_RATE"): 9000}, year=2024)
    assert coverage_of(sheet_of(commune, FEBRUARY, TODAY)).target == 90
