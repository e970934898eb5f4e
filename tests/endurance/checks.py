"""What must hold whenever everything has come to rest, whoever was killed before."""

import hashlib
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, F, Max

from collection.models import DraftCell, Receipt, Upload
from commitments import models, rules
from commitments.totals import verify_totals
from steering.accounts.append_only import missing_triggers
from steering.accounts.models import JournalEntry
from steering.jobs.models import Job

BLANK = (None, None)


class Books:
    """The books of the system, read on from where they were read last and compared."""

    def __init__(self) -> None:
        self._revision = self._move = 0
        self._numbers: dict[tuple[int, int, int], tuple[int | None, int | None]] = {}
        self._states: dict[int, str] = {}
        self._journal = (0, "")

    def wrong(self) -> list[str]:
        """Everything that does not hold, in sentences."""
        return [
            *self._wrong_numbers(),
            *self._wrong_states(),
            *self._wrong_journal(),
            *wrong_approvals(),
            *wrong_receipts(),
            *wrong_entries(),
            *wrong_jobs(),
            *(f"Total {f.message} is {f.read}, not {f.expected}." for f in verify_totals().wrong),
            *(f"{table} lost its triggers." for table in missing_triggers(connection)),
        ]

    def _wrong_numbers(self) -> Iterator[str]:
        """Revisions that do not follow one another, and counts that are not what they end with."""
        fields = ("old_value", "old_approved", "new_value", "new_approved")
        rows = models.Revision.objects.filter(pk__gt=self._revision).order_by("pk")
        for pk, *key, old, old_approved, new, new_approved in rows.values_list(
            "pk", "month", "unit", "indicator", *fields
        ):
            before = self._numbers.get(tuple(key), BLANK)
            if (old, old_approved) != before:
                yield f"Revision {pk} follows {(old, old_approved)}, but {before} stood."
            self._numbers[tuple(key)] = (new, new_approved)
            self._revision = pk
        counts = models.Count.objects.values_list("month", "unit", "indicator", "value", "approved")
        stand = {tuple(row[:3]): row[3:] for row in counts}
        for key in stand.keys() | self._numbers.keys():
            if stand.get(key, BLANK) != self._numbers.get(key, BLANK):
                yield f"Count {key} is {stand.get(key)}, its revisions {self._numbers.get(key)}."

    def _wrong_states(self) -> Iterator[str]:
        """Moves that do not follow one another, and reports that are not where they end."""
        rows = models.Move.objects.filter(pk__gt=self._move).order_by("pk")
        for pk, report, before, after in rows.values_list("pk", "submission", "before", "after"):
            stood = self._states.get(report, models.State.DRAFT)
            if before != stood:
                yield f"Move {pk} leaves {before}, but report {report} was {stood}."
            self._states[report], self._move = after, pk
        for report, state in models.Submission.objects.values_list("pk", "state"):
            if state != (last := self._states.get(report, models.State.DRAFT)):
                yield f"Report {report} is {state}, its moves end with {last}."

    def _wrong_journal(self) -> Iterator[str]:
        """Entries that were there before and have changed."""
        last, digest = self._journal
        if _digest_up_to(last) != digest:
            yield f"The journal up to entry {last} is no longer what it was."
        last = JournalEntry.objects.aggregate(last=Max("pk", default=0))["last"]
        self._journal = (last, _digest_up_to(last))


def _digest_up_to(last: int) -> str:
    digest = hashlib.sha256()
    for row in JournalEntry.objects.filter(pk__lte=last).order_by("pk").values_list():
        digest.update(repr(row).encode())
    return digest.hexdigest() if last else ""


def wrong_approvals() -> Iterator[str]:
    """Approved reports that hold a number which is not approved as it was reported."""
    approved = set(
        models.Submission.objects.filter(state=models.State.APPROVED).values_list("month", "unit")
    )
    others = models.Count.objects.exclude(approved__isnull=False, approved=F("value"))
    for month, unit, indicator in others.values_list("month", "unit", "indicator"):
        if (month, unit) in approved:
            yield f"The report of {unit} for {month} is approved, indicator {indicator} is not."


def wrong_receipts() -> Iterator[str]:
    """Latest receipts that do not say what is counted, and texts left over from sending."""
    latest = Receipt.objects.values("submission").annotate(last=Max("pk")).values("last")
    for receipt in Receipt.objects.filter(pk__in=latest).select_related("submission"):
        report = receipt.submission
        here = {"month": report.month, "unit": report.unit_id}
        counted = models.Count.objects.filter(**here).values_list("indicator__code", "value")
        if dict(counted) != receipt.values:
            yield f"Receipt {receipt.number} does not say what is counted."
        early = DraftCell.objects.filter(**here, at__lte=receipt.at).count()
        if early:
            yield f"Receipt {receipt.number}: {early} texts typed before it are still there."


def wrong_entries() -> Iterator[str]:
    """The journal names each act once: what it says happened, and nothing else, happened."""
    named = JournalEntry.objects.values_list("action").annotate(Count("pk")).order_by()
    entries = dict(named)
    files = [upload.outcome for upload in Upload.objects.filter(state=Upload.State.ACCEPTED)]
    of_files = sum(bool(report["receipt"]) for told in files for report in told["reports"])
    received = Receipt.objects.count()
    expected = {
        "upload.accepted": len(files),
        "counts.recorded": len(files) + received - of_files,
        "report.received": received,
        "job.asked": Job.objects.count(),
    }
    for action, number in expected.items():
        if entries.get(action, 0) != number:
            yield f"The journal has {entries.get(action, 0)} × {action}, there were {number}."
    for verb in rules.UNDOABLE:
        told = JournalEntry.objects.filter(action=f"report.{verb}").values_list("after", flat=True)
        reports = sum(len(after["reports"]) for after in told)
        moved = models.Move.objects.filter(verb=verb).count()
        if reports != moved:
            yield f"The journal tells of {reports} × {verb}, {moved} moves were made."


def wrong_jobs() -> Iterator[str]:
    """Jobs that nobody will finish, and failed ones that do not say why."""
    for job in Job.objects.all():
        if job.unfinished:
            yield f"Job {job.pk} ({job.label}) is still {job.state}."
        elif job.state == Job.State.FAILED and not any(fault["message"] for fault in job.faults):
            yield f"Job {job.pk} ({job.label}) failed without a sentence."


def wrong_database() -> Iterator[str]:
    """What the database itself finds wrong: broken pages, rows that point nowhere."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for check in ("integrity_check", "foreign_key_check"):
                cursor.execute(f"PRAGMA {check}")
                yield from (f"{check}: {row}" for row in cursor.fetchall() if row != ("ok",))
