"""What people do while processes are killed. Each act knows what it may have left behind.

An act is planned before it goes, goes in a thread of its own over HTTP, and is judged when
everything has come to rest: it stands wholly or not at all, and what was confirmed stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Thread

from django.db.models import Max

from collection.actions import uploads
from collection.actions.accepting import Choice
from collection.models import DraftCell, Receipt
from commitments.models import Count, Move, Revision, Submission
from districts.models import Unit
from districts.months import Month
from steering.accounts.models import User
from steering.jobs.models import Job

from . import province
from .visiting import Answer, Visitor


class Act:
    """One thing somebody does at the site."""

    name = ""
    served_by = "web"

    def __init__(self) -> None:
        self.answered: list[Answer] = []
        self._thread = Thread(target=self._run, daemon=True)
        self._error: Exception | None = None

    def start(self) -> None:
        self._thread.start()

    @property
    def under_way(self) -> bool:
        return self._thread.is_alive()

    def rest(self, seconds: float) -> None:
        self._thread.join(seconds)

    def judge(self) -> list[str]:
        """What is wrong with what the act left behind, in sentences."""
        found = [
            f"{self.name}: the site answered {answer.status}: {answer.body[:300]!r}"
            for answer in self.answered
            if answer.status not in (200, 201, 302)
        ]
        if self.under_way:
            found.append(f"{self.name}: neither answered nor cut off.")
        if self._error:
            found.append(f"{self.name}: {self._error!r}")
        return found

    def go(self) -> None:
        """Ask the site, request by request, until a line breaks."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self.go()
        except Exception as error:
            self._error = error

    def _keep(self, answer: Answer | None) -> bool:
        """Remember an answer; False where none came or it was no success: then nothing follows."""
        if answer is not None:
            self.answered.append(answer)
        return answer is not None and answer.status in (200, 201, 302)


_NOTHING = {"created": 0, "changed": 0, "unchanged": 0, "reports": []}


class HandIn(Act):
    """A file of whole reports, received and checked; accepted by a job."""

    served_by = "worker"

    def __init__(self, month: Month, units: Sequence[Unit], turn: int, user: User, on: date):
        super().__init__()
        content = province.table_of(month, units, turn)
        self.name = f"file {turn} ({len(units)} communes, {month})"
        self._upload = uploads.receive(name=f"file-{turn:04}.csv", data=content, actor=user, on=on)
        uploads.look(upload=self._upload, actor=user, on=on)
        self._cells = content.count(b"\n") - 1
        self.job = uploads.give_to_worker(
            upload=self._upload,
            kind="accept_upload",
            label=self._upload.name,
            actor=user,
            choice=Choice.EVERYTHING,
            why="",
        )

    @property
    def under_way(self) -> bool:
        return Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING).exists()

    def start(self) -> None:
        """A worker does it."""

    def rest(self, seconds: float) -> None:
        """Whoever waits for jobs waits for this."""

    def judge(self) -> list[str]:
        self._upload.refresh_from_db()
        self.job.refresh_from_db()
        accepted = self._upload.state == self._upload.State.ACCEPTED
        outcome = self._upload.outcome or _NOTHING
        named = Revision.objects.filter(source__startswith=f"{self._upload.name} ")
        written, cells = named.count(), named.values("unit", "indicator").distinct().count()
        sent = [report for report in outcome["reports"] if report["receipt"]]
        found = [f"{self.name}: {fault['message']}" for fault in self._suspicious()]
        if accepted is not (self.job.state == Job.State.DONE):
            found.append(f"{self.name}: job {self.job.state}, file {self._upload.state}.")
        if not written == cells == outcome["created"] + outcome["changed"]:
            found.append(f"{self.name}: {written} changes of {cells} cells, told {outcome}.")
        if accepted and written + outcome["unchanged"] != self._cells:
            found.append(f"{self.name}: of {self._cells} cells it told {outcome}.")
        # A report whose numbers all stood already was sent before: there is nothing to send.
        differing = named.values("unit").distinct().count()
        if accepted and len(sent) != differing:
            found.append(f"{self.name}: {len(sent)} reports were sent of {differing}.")
        return found

    def _suspicious(self) -> list[dict]:
        """Reasons of the failure other than that its worker was killed too often."""
        return [fault for fault in self.job.faults if fault["code"] != "worker_lost"]


@dataclass(frozen=True)
class _Left:
    """What stands of one report: what is typed, what is counted, how often it was received."""

    drafts: dict[str, str]
    counts: dict[str, int]
    receipts: int

    @classmethod
    def of(cls, unit: Unit, month: Month) -> "_Left":
        here = {"unit": unit, "month": month}
        return cls(
            dict(DraftCell.objects.filter(**here).values_list("indicator__code", "text")),
            dict(Count.objects.filter(**here).values_list("indicator__code", "value")),
            Receipt.objects.filter(submission__unit=unit, submission__month=month).count(),
        )


class TypeIn(Act):
    """A whole report typed and, most often, sent."""

    def __init__(self, visitor: Visitor, unit: Unit, month: Month, turn: int, *, send: bool):
        super().__init__()
        self.name = f"{'typing and sending' if send else 'typing'} {unit.code} {month}"
        self._visitor, self._unit, self._month, self._send = visitor, unit, month, send
        self._path = f"submissions/{month}/{unit.code}/"
        self._typed = province.typed_by_hand(unit, month, turn)
        self._before = _Left.of(unit, month)
        self._saved = self._received = False

    def go(self) -> None:
        if not self._keep(sheet := self._visitor.call("GET", f"{self._path}counts/")):
            return
        cells = [
            {"indicator": cell["indicator"], "version": cell["version"], "text": text}
            for cell in sheet.told["cells"]
            if (text := self._typed.get(cell["indicator"]))
        ]
        saved = self._visitor.call("PATCH", f"{self._path}counts/", {"cells": cells})
        if not self._keep(saved):
            return
        self._saved = True
        asked = {row["rule"] for row in saved.told["findings"] if row["open"]}
        if asked and not self._answer_rules(sorted(asked)):
            return
        if self._send:
            self._received = self._keep(self._visitor.call("POST", f"{self._path}send/", {}))

    def _answer_rules(self, rules: Sequence[str]) -> bool:
        answers = [{"rule": rule, "text": "Rà soát danh sách"} for rule in rules]
        told = {"cells": [], "explanations": answers}
        return self._keep(self._visitor.call("PATCH", f"{self._path}counts/", told))

    def judge(self) -> list[str]:
        found = super().judge()
        numbers = {code: int(text) for code, text in self._typed.items()}
        before, after = self._before, _Left.of(self._unit, self._month)
        typed = after.drafts == self._typed
        untouched = after == before
        kept = typed and (after.counts, after.receipts) == (before.counts, before.receipts)
        received = after == _Left({}, numbers, before.receipts + 1)
        if not (untouched or kept or received):
            found.append(f"{self.name}: it stands in part: {after} after {before}.")
        if self._saved and not (kept or received):
            found.append(f"{self.name}: what was saved is gone.")
        if self._received and not received:
            found.append(f"{self.name}: what was received is gone.")
        return found


class PassClean(Act):
    """Every report of a month that nothing is unusual about, passed at once."""

    def __init__(self, visitor: Visitor, month: Month):
        super().__init__()
        self.name = f"passing what is clean of {month}"
        self._visitor, self._month = visitor, month

    def go(self) -> None:
        self._keep(self._visitor.post("/review/pass/", {"month": str(self._month)}))


class DecideAll(Act):
    """Every waiting report of a month, verified or approved at once in the back office."""

    def __init__(self, visitor: Visitor, month: Month, verb: str, state: str):
        super().__init__()
        waiting = Submission.objects.filter(month=month, state=state).order_by("pk")
        self._chosen = list(waiting.values_list("pk", flat=True))
        self._verb, self._visitor = verb, visitor
        self._moves_before = Move.objects.aggregate(last=Max("pk", default=0))["last"]
        self.name = f"{verb} × {len(self._chosen)} of {month}"

    def go(self) -> None:
        fields = {"action": self._verb, "_selected_action": self._chosen, "index": 0}
        self._keep(self._visitor.post("/admin/commitments/submission/", fields))

    def judge(self) -> list[str]:
        made = Move.objects.filter(
            submission__in=self._chosen, verb=self._verb, pk__gt=self._moves_before
        ).count()
        whole = made in (0, len(self._chosen))
        return super().judge() + ([] if whole else [f"{self.name}: {made} were moved."])


class ReturnOne(Act):
    """One report of a month sent back."""

    def __init__(self, visitor: Visitor, month: Month, state: str):
        super().__init__()
        self._visitor = visitor
        report = Submission.objects.filter(month=month, state=state).select_related("unit").first()
        self._path = report and f"submissions/{month}/{report.unit.code}/"
        self.name = f"returning one of {month}"

    def go(self) -> None:
        if self._path and self._keep(whole := self._visitor.call("GET", self._path)):
            told = {"why": "Thiếu chữ ký", "seen": whole.told["last_move"]}
            self._keep(self._visitor.call("POST", f"{self._path}return/", told))
