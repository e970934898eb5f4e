"""Whatever a kill could break is seen: each check, and each act's judgement, broken on purpose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F

from collection.actions import uploads
from collection.actions.drafts import Typed, save_cells
from collection.actions.sending import send_report
from collection.models import DraftCell, Receipt, Upload
from collection.rules import BLANK
from commitments.actions.reporting.counts import record_counts
from commitments.actions.reporting.submissions import approve
from commitments.intake.counts import read_counts
from commitments.models import Count, Move, Revision, Submission, Total
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.append_only import released
from steering.accounts.models import JournalEntry
from steering.jobs.actions import enqueue, run
from steering.jobs.models import Job

from . import province as towns
from .acts import HandIn, TypeIn
from .checks import Books

FEBRUARY, TODAY = Month.of(2024, 2), date(2024, 3, 2)
NOW = datetime(2024, 3, 2, 7, 0, tzinfo=UTC)


@pytest.fixture
def type_in(communes, catalogue, commune_officer):
    """Type numbers over the empty sheet of commune 99001."""

    def type_in(numbers: dict[str, str]) -> None:
        cells = [Typed(code, text, BLANK) for code, text in numbers.items()]
        here = {"unit": communes[0], "month": FEBRUARY, "actor": commune_officer, "on": TODAY}
        save_cells(cells=cells, at=NOW, **here)

    return type_in


@pytest.fixture
def send(communes, commune_officer):
    """Send what is typed."""
    here = {"unit": communes[0], "month": FEBRUARY}
    return lambda: send_report(actor=commune_officer, on=TODAY, at=NOW, **here)


@pytest.fixture
def books(type_in, send) -> Books:
    """A report that was typed, sent and approved, and books that were read once."""
    type_in({"HI": "100", "HI_HH_NEW": "2", "SI_V": "7"})
    send()
    approve(submissions=Submission.objects.all(), actor=COMMAND_LINE, on=TODAY)
    books = Books()
    assert books.wrong() == []
    assert books.wrong() == [], "Reading on is reading the same."
    return books


def change_a_count() -> None:
    Count.objects.filter(indicator__code="HI").update(value=F("value") + 1, approved=101)


def write_a_change_twice() -> None:
    doubled = Revision.objects.order_by("pk").first()
    doubled.pk = None
    doubled.save(force_insert=True)


def change_a_state() -> None:
    Submission.objects.update(state="verified")


def move_from_another_state() -> None:
    last = Move.objects.last()
    Move.objects.create(
        submission=last.submission, verb="approve", before="verified", after="approved"
    )


def approve_in_part() -> None:
    Count.objects.filter(indicator__code="HI").update(approved=None)


def leave_a_text() -> None:
    count = Count.objects.first()
    here = {"month": count.month, "unit": count.unit, "indicator": count.indicator}
    DraftCell.objects.create(text="5", value=5, at=NOW - timedelta(minutes=1), **here)


def change_a_total() -> None:
    Total.objects.filter(node__code="901", indicator__code="HI").update(reported=99)


def change_a_receipt() -> None:
    with released():
        Receipt.objects.update(values={"HI": 100})


def change_the_journal() -> None:
    with released():
        JournalEntry.objects.filter(action="report.begun").update(why="x")


def write_an_entry_twice() -> None:
    doubled = JournalEntry.objects.filter(action="report.received").get()
    doubled.pk = None
    doubled.save(force_insert=True)


def lose_an_entry() -> None:
    report = Submission.objects.get()
    Move.objects.create(submission=report, verb="return", before="approved", after="returned")
    Submission.objects.update(state="returned")


def leave_a_job() -> None:
    enqueue(kind="verify_totals", label="x", arguments={}, actor=COMMAND_LINE)


def fail_without_a_word() -> None:
    leave_a_job()
    Job.objects.update(state="failed", finished_at=NOW)


BROKEN = {
    change_a_count: "its revisions",
    write_a_change_twice: "follows",
    change_a_state: "its moves end with",
    move_from_another_state: "leaves verified",
    approve_in_part: "is approved, indicator",
    leave_a_text: "1 texts typed before it",
    change_a_total: "Total 2024-02 unit",
    change_a_receipt: "does not say what is counted",
    change_the_journal: "no longer what it was",
    write_an_entry_twice: "2 × report.received, there were 1",
    lose_an_entry: "The journal tells of 0 × return, 1 moves were made",
    leave_a_job: "is still queued",
    fail_without_a_word: "failed without a sentence",
}


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_what_is_broken_is_seen(books, damage):
    damage()
    assert any(BROKEN[damage] in sentence for sentence in books.wrong())


def test_a_table_without_its_triggers_is_seen(books):
    with released(["accounts_journalentry"]):
        assert "accounts_journalentry lost its triggers." in books.wrong()


class TestTyping:
    @pytest.fixture
    def act(self, communes, catalogue) -> TypeIn:
        return TypeIn(None, communes[0], FEBRUARY, 1, send=True)

    @pytest.fixture
    def numbers(self, act, communes) -> dict[str, str]:
        return towns.typed_by_hand(communes[0], FEBRUARY, 1)

    def test_nothing_all_of_it_and_a_receipt_are_whole(self, act, numbers, type_in, send):
        assert act.judge() == []
        type_in(numbers)
        assert act.judge() == []
        send()
        assert act.judge() == []

    def test_some_cells_are_seen(self, act, numbers, type_in):
        type_in(dict(list(numbers.items())[:2]))
        assert "stands in part" in act.judge()[0]

    def test_cells_that_were_confirmed_and_are_gone_are_seen(self, act):
        act._saved = True
        assert "is gone" in act.judge()[0]


class TestFiles:
    @pytest.fixture
    def act(self, communes, catalogue, officer) -> HandIn:
        return HandIn(FEBRUARY, communes, 1, officer, TODAY)

    def test_a_file_that_was_accepted_is_whole_however_often_its_job_runs(self, act):
        for _again in range(2):
            Job.objects.update(state="queued", finished_at=None)
            run(act.job.pk)
            assert act.judge() == []
        assert Count.objects.count() == 15
        assert Books().wrong() == []

    def test_a_file_that_is_counted_and_not_accepted_is_seen(self, act, officer):
        reading = read_counts(uploads.open_upload(Upload.objects.get()), month=None, on=TODAY)
        record_counts(entries=reading.entries[:3], actor=officer, on=TODAY)
        Job.objects.update(state="failed", finished_at=NOW)
        assert "3 changes of 3 cells" in act.judge()[-1]

    def test_a_file_that_repeats_a_report_is_whole_and_sends_the_others(
        self, communes, catalogue, officer
    ):
        for chosen, turn, sent in ((communes[:2], 1, 2), (communes[1:], 1 + towns.LITTLE, 3)):
            act = HandIn(FEBRUARY, chosen, turn, officer, TODAY)
            run(act.job.pk)
            assert act.judge() == []
            reports = Upload.objects.get(pk=act.job.arguments["upload"]).outcome["reports"]
            assert sum(bool(report["receipt"]) for report in reports) == sent

    def test_a_cell_of_an_accepted_file_that_is_nowhere_is_seen(self, act):
        run(act.job.pk)
        upload = Upload.objects.get()
        outcome = {**upload.outcome, "unchanged": 1}
        Upload.objects.update(outcome=outcome)
        assert "of 15 cells" in act.judge()[-1]
