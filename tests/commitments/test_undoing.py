"""Undo: within ten seconds, one's own decision, restoring exactly what was official before."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from commitments.actions.reporting import submissions
from commitments.actions.reporting.counts import Entry, record_counts
from commitments.actions.reporting.periods import close_period
from commitments.actions.reporting.undoing import undo
from commitments.models import Base, Count, Move, ReviewLevel, Revision, Submission, Total
from commitments.rules import UNDO_SECONDS, Refused
from commitments.totals import verify_totals
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

JANUARY = Month.of(2024, 1)
TODAY = date(2024, 2, 3)


@pytest.fixture
def sent(catalogue, commune_officer, communes):
    """Commune 99001 reports for January 2024; sent, not yet reviewed."""

    def sent(value=10, indicator="HI", unit=communes[0]) -> Submission:
        entry = Entry(
            JANUARY, unit.pk, catalogue[indicator].pk, value,
            base_source="Niên giám" if indicator == "POP" else "", dated=TODAY,
        )  # fmt: skip
        actor = commune_officer if unit == communes[0] else COMMAND_LINE
        record_counts(entries=[entry], actor=actor, on=TODAY, why="đã kiểm tra")
        return Submission.objects.get(unit=unit, month=JANUARY)

    return sent


def official(province) -> int | None:
    return Total.objects.filter(node=province).values_list("approved", flat=True).first()


def codes(refusal) -> set[str]:
    return {fault.code for fault in refusal.value.faults}


def test_a_first_approval_undone_leaves_nothing_official(sent, officer, province):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    assert official(province) == 10
    undo(submissions=[report], actor=officer, on=TODAY)
    report.refresh_from_db()
    assert (report.state, report.approved_at) == ("submitted", None)
    assert official(province) is None
    assert (Count.objects.get().value, Count.objects.get().approved) == (10, None)
    assert verify_totals().ok


def test_an_approved_correction_undone_restores_the_number_before(sent, officer, province):
    first = sent(10)
    submissions.approve(submissions=[first], actor=officer, on=TODAY)
    before = Submission.objects.get(pk=first.pk).approved_at
    corrected = sent(12)
    submissions.approve(submissions=[corrected], actor=officer, on=TODAY)
    undo(submissions=[corrected], actor=officer, on=TODAY)
    corrected.refresh_from_db()
    assert corrected.state == "submitted"
    assert abs(corrected.approved_at - before) < timedelta(seconds=1)
    assert (Count.objects.get().value, Count.objects.get().approved) == (12, 10)
    assert official(province) == 10
    assert verify_totals().ok


def test_a_base_names_its_former_source_again(sent, officer, catalogue):
    first = sent(100, "POP")
    submissions.approve(submissions=[first], actor=officer, on=TODAY)
    before = Base.objects.values_list("source", "dated").get()
    population = catalogue["POP"].pk
    corrected = Entry(JANUARY, first.unit_id, population, 110, source="dan-so.xlsx B2")
    record_counts(entries=[corrected], actor=COMMAND_LINE, on=TODAY)
    submissions.approve(submissions=[first], actor=officer, on=TODAY)
    assert Base.objects.get().source == "dan-so.xlsx B2"
    undo(submissions=[first], actor=officer, on=TODAY)
    assert Count.objects.get().approved == 100
    assert Base.objects.values_list("source", "dated").get() == before


def test_history_keeps_both_moves_and_every_revision(sent, officer):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    undo(submissions=[report], actor=officer, on=TODAY)
    assert list(Move.objects.values_list("verb", flat=True)) == ["send", "approve", "undo"]
    told = list(Revision.objects.order_by("pk").values_list("old_approved", "new_approved"))
    assert told == [(None, None), (None, 10), (10, None)]


def test_what_was_undone_can_be_decided_again(sent, officer, province):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    undo(submissions=[report], actor=officer, on=TODAY)
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    assert official(province) == 10


def test_a_return_and_a_verification_are_undone_too(sent, officer, chair):
    ReviewLevel.objects.create(tier="district", since=Month(0), until=Month.of(2025, 7))
    report = sent()
    submissions.verify(submissions=[report], actor=chair, on=TODAY)
    undo(submissions=[report], actor=chair, on=TODAY)
    report.refresh_from_db()
    assert report.state == "submitted"
    submissions.return_report(submissions=[report], actor=chair, on=TODAY, why="thiếu")
    undo(submissions=[report], actor=chair, on=TODAY)
    report.refresh_from_db()
    assert report.state == "submitted"


def test_after_ten_seconds_it_is_too_late(sent, officer, province):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    later = timezone.now() + timedelta(seconds=UNDO_SECONDS + 1)
    with pytest.raises(Refused) as refusal:
        undo(submissions=[report], actor=officer, on=TODAY, at=later)
    assert codes(refusal) == {"too_late"}
    assert official(province) == 10


def test_nobody_undoes_what_another_decided(sent, officer, chair):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    with pytest.raises(Refused) as refusal:
        undo(submissions=[report], actor=chair, on=TODAY)
    assert codes(refusal) == {"wrong_state"}


def test_what_somebody_did_since_is_not_overwritten(sent, officer, province):
    report = sent(10)
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    sent(15)
    with pytest.raises(Refused):
        undo(submissions=[report], actor=officer, on=TODAY)
    assert official(province) == 10
    assert Count.objects.get().value == 15


def test_a_sending_is_no_decision_to_undo(sent, commune_officer):
    report = sent()
    with pytest.raises(Refused) as refusal:
        undo(submissions=[report], actor=commune_officer, on=TODAY)
    assert codes(refusal) == {"wrong_state"}


def test_nothing_is_undone_in_a_closed_month(sent, officer, province):
    report = sent()
    submissions.approve(submissions=[report], actor=officer, on=TODAY)
    close_period(unit=province, month=JANUARY, actor=COMMAND_LINE, on=TODAY)
    with pytest.raises(Refused) as refusal:
        undo(submissions=[report], actor=officer, on=TODAY)
    assert codes(refusal) == {"period_closed"}
    assert official(province) == 10


def test_one_report_too_late_keeps_all_of_them(sent, officer, communes, province):
    one, other = sent(), sent(20, unit=communes[1])
    submissions.approve(submissions=[one], actor=officer, on=TODAY)
    with pytest.raises(Refused):
        undo(submissions=[one, other], actor=officer, on=TODAY)
    assert official(province) == 10


def test_undoing_many_takes_no_more_queries_than_undoing_few(
    officer, catalogue, province, communes, django_assert_max_num_queries
):
    for number in range(40):
        builders.unit(f"97{number:03}", f"Bản {number}", parent=builders.by_code("901"))
    builders.rebuild_map()
    units = builders.by_code("901").__class__.objects.filter(reports_at="commune")
    entries = [Entry(JANUARY, unit.pk, catalogue["HI"].pk, 5) for unit in units]
    record_counts(entries=entries, actor=COMMAND_LINE, on=TODAY)
    reports = list(Submission.objects.all())
    submissions.approve(submissions=reports, actor=officer, on=TODAY)
    with django_assert_max_num_queries(26):
        undo(submissions=reports, actor=officer, on=TODAY)
    assert official(province) is None
    assert verify_totals().ok
