"""Whatever is reported, approved, taken back, closed or reorganised, totals are right."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.actions.reference.reorganising import apply_reorganisation, revert_reorganisation
from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period, reopen_period
from commitments.models import CarriedTotal, Count, Submission, Total
from commitments.rules import Refused
from commitments.totals import plain_group_by, verify_totals
from districts.actions import Move, NewSuccession, NewUnit, draft_reorganisation
from districts.models import Reorganisation, Succession, Unit
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from tests import builders

JUNE, JULY = Month.of(2025, 6), Month.of(2025, 7)
TODAY = date(2025, 8, 1)
MONTHS = st.sampled_from([JUNE, JULY])
ONE_OF_FIVE = st.integers(0, 4)

STEPS = st.one_of(
    st.tuples(
        st.just("report"),
        MONTHS,
        ONE_OF_FIVE,
        st.sampled_from(["HI", "SI_V", "HI_HH_NEW"]),
        st.integers(0, 999),
        st.booleans(),
    ),
    st.tuples(
        st.sampled_from(["send", "withdraw", "verify", "approve", "return", "revoke"]),
        MONTHS,
        ONE_OF_FIVE,
    ),
    st.tuples(st.sampled_from(["close", "reopen"]), MONTHS),
    st.tuples(st.sampled_from(["reorganise", "undo"])),
)


class Play:
    """A province at play: each step is tried, and may be refused."""

    def __init__(self, province, communes, catalogue):
        self.province, self.communes, self.catalogue = province, communes, catalogue

    def step(self, name, *arguments):
        try:
            with transaction.atomic():
                getattr(self, name, self.move(name))(*arguments)
        except Refused:
            pass

    def unit(self, month, number) -> Unit:
        in_force = Unit.objects.reporting_in(month).filter(reports_at="commune").order_by("pk")
        return list(in_force)[number % in_force.count()]

    def report(self, month, number, code, value, approve):
        entry = Entry(month, self.unit(month, number).pk, self.catalogue[code].pk, value)
        record_counts(entries=[entry], actor=COMMAND_LINE, on=TODAY, approve=approve)

    def move(self, verb):
        act = getattr(submissions, {"return": "return_report"}.get(verb, verb), None)
        reason = {"why": "x"} if verb in ("return", "revoke") else {}

        def make(month, number):
            reports = Submission.objects.filter(month=month, unit=self.unit(month, number))
            act(submissions=reports, actor=COMMAND_LINE, on=TODAY, **reason)

        return make

    def close(self, month):
        close_period(unit=self.province, month=month, actor=COMMAND_LINE, on=TODAY)

    def reopen(self, month):
        reopen_period(unit=self.province, month=month, actor=COMMAND_LINE, on=TODAY, why="x")

    def reorganise(self):
        one, two = (
            NewUnit(
                code=code,
                tier="commune",
                kind="rural_commune",
                name=code,
                full_name=code,
                parent=self.province,
                reports_at="commune",
            )
            for code in ("99001", "99002")
        )
        divided = [
            NewSuccession(self.communes[1], one, 333_333, Succession.Basis.POPULATION),
            NewSuccession(self.communes[1], two, 666_667, Succession.Basis.POPULATION, main=True),
        ]
        draft = draft_reorganisation(
            name=f"Sắp xếp {Reorganisation.objects.count()}",
            effective_on=builders.REFORM_DAY,
            new_units=[one, two],
            successions=[
                NewSuccession(self.communes[0], one, 1_000_000, main=True),
                *divided,
                NewSuccession(self.communes[2], two, 1_000_000, main=True),
                NewSuccession(self.communes[3], two, 1_000_000, main=True),
            ],
            moves=[Move(self.communes[4], self.province)],
            ended=[*self.communes[:4], *Unit.objects.filter(tier="district")],
            actor=COMMAND_LINE,
        )
        apply_reorganisation(reorganisation=draft, actor=COMMAND_LINE, on=TODAY)

    def undo(self):
        applied = Reorganisation.objects.filter(state="applied").first()
        if applied:
            revert_reorganisation(reorganisation=applied, actor=COMMAND_LINE, on=TODAY, why="x")


def wrong(play) -> list[str]:
    """What does not hold: totals equal the plain GROUP BY; the province is the same on every map;
    states fit counts."""
    found = []
    for month in (JUNE, JULY):
        stored = {
            (node, indicator): tuple(cell)
            for node, indicator, *cell in Total.objects.filter(month=month).values_list(
                "node", "indicator", "approved", "reported", "units_approved", "units_reported"
            )
        }
        if stored != plain_group_by(month):
            found.append(f"totals of {month}: {stored} are {plain_group_by(month)}")
    found += [str(fault) for fault in verify_totals().wrong]
    indicators = [play.catalogue[code] for code in ("HI", "SI_V", "HI_HH_NEW")]
    was = figures_for(unit=play.province, month=JUNE, indicators=indicators)
    now = figures_for(
        unit=play.province,
        month=JUNE,
        indicators=indicators,
        children=True,
        on_map=builders.REFORM_DAY,
    )
    for number, figure in enumerate(was):
        code, today = figure.indicator.code, now[number]
        if (today.value, today.reported_value) != (figure.value, figure.reported_value):
            found.append(f"{code}: {today} on the new map, {figure} on the old")
        parts = [part.value for part in now[3 + number :: 3] if part.value is not None]
        if sum(parts) != (figure.value or 0):
            found.append(f"{code}: {parts} do not add up to {figure.value}")
    waiting = Submission.objects.filter(state="approved").values("unit", "month")
    found += [
        f"{report} is approved with a number that is not"
        for report in waiting
        if Count.objects.filter(**report).exclude(approved__isnull=False).exists()
    ]
    return found


def wrong_after(steps, province, communes, catalogue) -> list[str]:
    """What does not hold when the steps were taken; nothing of them is kept."""
    play = Play(province, communes, catalogue)
    with transaction.atomic():
        for step in steps:
            play.step(*step)
        found = wrong(play)
        transaction.set_rollback(True)
    return found


@settings(max_examples=25)
@given(steps=st.lists(STEPS, max_size=12))
def test_totals_are_right_after_any_sequence_of_steps(steps, province, communes, catalogue):
    assert wrong_after(steps, province, communes, catalogue) == []


@pytest.mark.slow
@settings(max_examples=400)
@given(steps=st.lists(STEPS, max_size=40))
def test_totals_are_right_after_any_long_sequence_of_steps(steps, province, communes, catalogue):
    assert wrong_after(steps, province, communes, catalogue) == []


def test_the_play_reaches_approval_and_reform(province, communes, catalogue):
    play = Play(province, communes, catalogue)
    play.step("report", JUNE, 1, "HI", 100, True)
    play.step("reorganise")
    assert Reorganisation.objects.get().state == "applied"
    assert Total.objects.filter(approved=100).count() == 2
    assert wrong(play) == []


def test_the_play_carries_over_what_is_approved_after_the_reform(province, communes, catalogue):
    play = Play(province, communes, catalogue)
    play.step("reorganise")
    play.step("report", JUNE, 1, "HI", 100, True)
    assert CarriedTotal.objects.filter(approved__gt=0).count() == 3
    assert wrong(play) == []
    CarriedTotal.objects.update(approved=99)
    assert "HI: " in " ".join(wrong(play))


def test_the_play_says_what_is_wrong(province, communes, catalogue):
    play = Play(province, communes, catalogue)
    play.step("report", JUNE, 1, "HI", 100, True)
    Total.objects.filter(node=province).update(approved=99)
    Count.objects.update(approved=None)
    found = " ".join(wrong(play))
    assert f"totals of {JUNE}" in found
    assert "HI: " in found
    assert "is approved with a number that is not" in found
