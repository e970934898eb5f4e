"""A closed month stays official while a correction waits, and says what changed its plan since."""

from datetime import date, datetime
from io import BytesIO
from itertools import chain

import pytest
import time_machine
from django.utils import translation
from openpyxl import load_workbook

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.querysets import waiting_corrections
from districts.months import Month
from reports.conference.assembly import assemble_conference
from reports.conference.completeness import completeness
from reports.workbook.build import build
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .reported import TODAY, assign, report

DECEMBER = Month.of(2023, 12)


@pytest.fixture
def closed(province, communes, catalogue):
    """December 2023 approved of all five communes, and closed."""
    report(catalogue, communes, DECEMBER - 12, HI=[50] * 5)
    report(catalogue, communes, DECEMBER, HI=[90, 100, 86, 101, 105], POP=[200] * 5)
    first = assign(province, catalogue, {(province, "HI"): 500}, year=2023)
    close_period(unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY)
    return first


@pytest.fixture
def correct(communes, catalogue):
    def correct(number):
        record_counts(
            entries=[Entry(DECEMBER, communes[0].pk, catalogue["HI"].pk, number)],
            actor=COMMAND_LINE,
            on=TODAY,
            after_closing=True,
            why="Bổ sung 3 thẻ",
        )

    return correct


@pytest.fixture
def page(client, officer, english):
    def page(path="/", **asked):
        client.force_login(officer)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12), tick=False):
            return client.get(path, {"month": "2023-12", "lang": "en"} | asked)

    return page


@pytest.mark.parametrize(
    "path", ["/", "/units/99/", "/ranking/", "/indicators/", "/indicators/HI/"]
)
def test_a_waiting_correction_changes_nothing_but_a_note(closed, correct, page, path):
    before = page(path).context["page"].state
    assert (before.approved, before.expected, before.corrections) == (5, 5, 0)
    correct(93)
    after = page(path).context["page"].state
    assert (after.approved, after.sent, after.waiting, after.corrections) == (5, 5, 0, 1)
    assert str(after.sentence).endswith("1 number waits for correction")


def test_the_overview_shows_the_figures_as_they_were_closed(closed, correct, page):
    correct(93)
    shown = page().context["page"]
    assert (shown.own.figure.value, shown.own.figure.provisional) == (482, False)
    assert not shown.has_provisional
    assert not shown.is_partial
    assert b"1 number waits for correction" in page().content


def test_completeness_counts_the_report_as_approved(closed, correct, province):
    correct(93)
    found = {one.unit.code: one for one in completeness(unit=province, months=[DECEMBER])}
    assert (found["901"].approved, found["901"].expected) == (3, 3)


def test_a_reopened_month_waits_for_its_approval(closed, correct, page, province):
    correct(93)
    reopen_period(unit=province, month=DECEMBER, actor=COMMAND_LINE, on=TODAY, why="Sửa số")
    state = page().context["page"].state
    assert (state.approved, state.waiting, state.corrections) == (4, 1, 0)


def test_numbers_that_wait_are_counted_below_each_unit(closed, correct, communes):
    correct(93)
    east, west = (builders.by_code(code) for code in ("901", "902"))
    assert waiting_corrections(east.pk, DECEMBER) == 1
    assert waiting_corrections(west.pk, DECEMBER) == 0
    correct(90)
    assert waiting_corrections(east.pk, DECEMBER) == 0


@pytest.fixture
def amended(closed, province, catalogue):
    return record_decision(
        unit=province,
        authority="ppc",
        number="9/QĐ-UBND",
        year=2023,
        issued_on=date(2024, 1, 20),
        effective_on=date(2023, 12, 1),
        amends=closed,
        targets=[NewTarget(province.pk, catalogue["HI"].pk, 480, DECEMBER)],
        actor=COMMAND_LINE,
        on=TODAY,
        reason="Trung ương giao lại",
    ).decision


SAID = (
    "9/QĐ-UBND, in force from 01/12/2023, changed the plan of months that were closed "
    "(12/2023 to 12/2023): Trung ương giao lại"
)


def test_the_overview_says_what_changed_after_closing(amended, page):
    assert page().context["page"].state.amendments == (SAID,)
    assert SAID in page().content.decode()
    assert SAID not in page(month="2022-12").content.decode()


def test_the_workbook_says_it_in_its_notes(amended, province):
    data = assemble_conference(unit=province, month=DECEMBER, language="en")
    assert data.amendments == (amended,)
    with translation.override("en"):
        book = load_workbook(BytesIO(build(data)))
    written = [cell.value for cell in chain.from_iterable(book["Notes and checks"].rows)]
    assert SAID in written
