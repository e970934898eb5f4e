"""Loading the demonstration: as real data would be, once, and nothing besides it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from commitments.actions.targets.decisions import record_decision
from commitments.chain.verifying import verify_commitments
from commitments.models import (
    Base,
    Commitment,
    Count,
    Decision,
    Explanation,
    Period,
    Revision,
    State,
    Submission,
    Task,
)
from commitments.totals import verify_totals
from districts.actions import load_gazetteer
from districts.gazetteer.register import Register
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import figures_for
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.committee.access import may
from steering.committee.roles import Permission
from steering.demo import actions
from steering.demo.actions import Loaded, load_demonstration
from steering.demo.people import ACCOUNTS
from steering.demo.series import Key, Series
from steering.demo.targets import decisions

TODAY = date(2026, 1, 31)
DECEMBER, JANUARY = Month.of(2022, 12), Month.of(2023, 1)

pytestmark = pytest.mark.django_db


KEPT = {"POP", "AFF", "HI", "HI_RATE", "HI_AFF", "HI_HH", "HI_HH_NEW", "TOTAL", "COLLECT"}


@pytest.fixture(autouse=True)
def a_few_indicators(monkeypatch, series: Series, register: Register) -> None:
    """Load only some indicators, from the gazetteer and the numbers made once for all tests."""
    thin = replace(series, counts=_kept(series.counts), bases=_kept(series.bases))
    planned = [
        replace(plan, assignments=[a for a in plan.assignments if a.indicator in KEPT])
        for plan in decisions(series)
    ]
    monkeypatch.setattr(actions, "build", lambda places: thin)
    monkeypatch.setattr(actions, "decisions", lambda series: planned)
    monkeypatch.setattr(actions, "read_register", lambda: register)


def _kept(months: Mapping[Month, Mapping[Key, int]]) -> dict[Month, dict[Key, int]]:
    return {
        month: {key: value for key, value in numbers.items() if key[1] in KEPT}
        for month, numbers in months.items()
    }


def load(until: Month) -> Loaded:
    return load_demonstration(actor=COMMAND_LINE, on=TODAY, until=until)


def test_the_first_months_are_loaded_as_real_data_would_be():
    loaded = load(JANUARY)
    assert (loaded.accounts, loaded.months, loaded.commitments) == (6, 2, 12)
    assert loaded.counts == Count.objects.count() == Revision.objects.count()

    reports = Submission.objects.filter(month__in=[DECEMBER, JANUARY])
    assert reports.count() == 2 * 201
    assert set(reports.values_list("state", flat=True)) == {State.APPROVED}
    assert all(period.is_closed for period in Period.objects.all())
    for period in Period.objects.all():
        sent = reports.filter(month=period.month, unit__reports_at="commune")
        days = {moment.date() for moment in sent.values_list("sent_at", flat=True)}
        assert min(days) < period.due_on < max(days) <= period.closes_on

    province = Unit.objects.by_code("14", TODAY)
    figures = {
        figure.indicator.code: figure for figure in figures_for(unit=province, month=DECEMBER)
    }
    assert figures["HI"].value == 1_246_319
    assert figures["TOTAL"].value == 1_213_796
    assert (figures["HI"].approved, figures["HI"].expected) == (200, 200)
    assert verify_totals().wrong == []

    asked = Explanation.objects.filter(submission__month=DECEMBER)
    assert {(row.rule.code, row.submission.unit.tier) for row in asked} == {
        ("TOTAL_BETWEEN_PARTS", "office")
    }
    assert not Explanation.objects.filter(text="").exists()
    expired = Explanation.objects.filter(submission__month=JANUARY, rule__code="HI_HH_CHANGE")
    assert expired.count() > 50


def test_what_is_illustrative_says_so_and_the_seats_hold():
    load(DECEMBER)
    assert not Base.objects.exclude(source__contains="minh họa").exists()
    assert not Decision.objects.exclude(note__contains="minh họa").exists()
    assert not Commitment.objects.exclude(note__contains="minh họa").exists()
    assert not Task.objects.exclude(title__contains="minh họa").exists()
    real = Decision.objects.exclude(number__startswith="minh-hoa")
    assert [(decision.number, decision.issued_on) for decision in real] == [
        ("148/QĐ-UBND", date(2024, 1, 26))
    ]

    passed_on = Decision.objects.filter(passes_on__number="148/QĐ-UBND")
    assert set(passed_on.values_list("unit__tier", flat=True)) == {"district"}
    assert passed_on.count() == 12

    signed = Commitment.objects.all()
    assert all(row.paper.unit == row.unit for row in signed.select_related("paper__unit"))
    assert {(row.year, row.signed_on) for row in signed} == {(2024, date(2024, 3, 7))}
    assert {row.signer_name + row.receiver_name for row in signed} == {""}
    assert all("UBND" in row.signer_post for row in signed)
    assert verify_commitments().wrong == []

    province = Unit.objects.by_code("14", TODAY)
    users = {user.username: user for user in User.objects.all()}
    assert users.keys() == {account.username for account in ACCOUNTS}
    assert may(users["can-bo-tinh"], Permission.APPROVE_REPORTS, province, TODAY)
    assert may(users["lanh-dao"], Permission.SEE_FIGURES, province, TODAY)
    assert not may(users["lanh-dao"], Permission.REPORT_COUNTS, province, TODAY)
    assert not may(users["nguoi-ngoai"], Permission.SEE_FIGURES, province, TODAY)
    commune = Unit.objects.by_code("03703", TODAY)
    assert may(users["can-bo-xa"], Permission.REPORT_COUNTS, commune, TODAY)
    assert may(users["chu-tich"], Permission.REPORT_COUNTS, commune, TODAY)
    assert not may(users["can-bo-xa"], Permission.SEE_FIGURES, province, TODAY)


def test_an_interrupted_run_is_continued_and_a_finished_one_changes_nothing(monkeypatch):
    def fail(**details):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "close_period", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            load(DECEMBER)
    assert Decision.objects.exists()
    assert not Count.objects.exists()

    continued = load(DECEMBER)
    assert (continued.accounts, continued.targets, continued.commitments) == (0, 0, 0)
    assert continued.months == 1
    revisions, users = Revision.objects.count(), User.objects.count()

    assert load(DECEMBER) == Loaded()
    assert (Revision.objects.count(), User.objects.count()) == (revisions, users)


def test_an_older_demonstration_that_was_begun_stays_as_it_is():
    """It assigned to the communes by the province's own decision."""
    load(DECEMBER)
    province = Unit.objects.by_code("14", DECEMBER.last_day)
    decision = Decision.objects.get(number="minh-hoa-2023/QĐ-UBND")
    decision.targets.create(
        unit=Unit.objects.below(province, DECEMBER).at_tier("commune").first(),
        indicator=decision.targets.first().indicator,
        value=1,
        deadline=Month.of(2023, 12),
    )
    with pytest.raises(Refused) as refusal:
        load(JANUARY)
    assert [fault.code for fault in refusal.value.faults] == ["older_demonstration"]
    assert load(DECEMBER) == Loaded()


@pytest.mark.parametrize("until", [DECEMBER - 1, Month.of(2026, 1)])
def test_a_month_outside_the_demonstration_is_refused(until: Month):
    with pytest.raises(Refused) as refusal:
        load(until)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.read) == ("not_in_the_demonstration", str(until))
    assert not Unit.objects.exists()


def test_a_province_with_decisions_of_its_own_is_left_alone(register: Register):
    load_gazetteer(register=register.around(["14"]), actor=COMMAND_LINE)
    record_decision(
        unit=Unit.objects.by_code("14", TODAY),
        authority="ppc",
        number="1/QĐ-UBND",
        year=2023,
        issued_on=date(2023, 1, 1) + timedelta(days=9),
        targets=[],
        actor=COMMAND_LINE,
        on=TODAY,
    )
    with pytest.raises(Refused) as refusal:
        load(DECEMBER)
    assert [fault.code for fault in refusal.value.faults] == ["not_the_demonstration"]
    assert not User.objects.exists()
