"""What a file handed in would bring: which numbers are right, and what is to be said of others.

A read. The page shows it, the annotated copy marks it, and accepting looks once more before it
writes, so all three say the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from collection.models import (
    DraftAnswer,
    DraftCell,
)
from commitments.actions.reporting.checking import check_counts
from commitments.actions.reporting.counts import Entry
from commitments.actions.reporting.explaining import unanswered
from commitments.intake.questions import Question
from commitments.intake.reading import Unread
from commitments.intake.workbook.cells import Place
from commitments.judging import Rulebook
from commitments.models import Count, Submission
from commitments.rules import Fault, Finding
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission

from .intake.uploaded import Uploaded

Report = tuple[int, Month]
"""A report by its unit and month."""
Answers = Mapping[Report, Mapping[str, str]]
_NOBODYS = {
    "not_allowed", "unit_not_in_force", "wrong_level", "computed_indicator", "indicator_not_valid",
    "future_month", "duplicate",
}  # fmt: skip
"""Faults of a number that no working sheet has a cell for."""


_NAMES_UNITS = {"unknown_unit", "ambiguous_unit", "unit_not_in_force", "code_and_name"}
"""Faults that expect one of some units; what others expect is for scripts and in their message."""


class Kind(StrEnum):
    """How much a doubt weighs: to be confirmed before anything else, wrong, to be explained,
    answered, or only worth a look."""

    CONFIRM = "confirm"
    WRONG = "wrong"
    QUESTION = "question"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    TOLD = "told"


@dataclass(frozen=True)
class Doubt:
    """Something to be said about a file, with its cell where it has one, as plain data."""

    kind: Kind
    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    read: str = ""
    expected: str = ""
    unit: str = ""
    indicator: str = ""
    question: str = ""
    answer: str = ""

    @property
    def said(self) -> str:
        """The message, with the units that may be meant where there are some."""
        if self.expected and self.code in _NAMES_UNITS:
            return _("%(message)s Perhaps: %(units)s.") % {
                "message": self.message,
                "units": self.expected,
            }
        return self.message

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.row or 0, self.column)

    @property
    def key(self) -> str:
        """What tells a question of the file from every other: its code, its cell, the text read."""
        return f"{self.code} {self.place}: {self.read}"

    @property
    def where(self) -> str:
        """The cell, else the sheet; empty where it is about the whole file."""
        return self.cell or self.sheet or ""

    @property
    def cell(self) -> str:
        """The cell as the file's owner calls it; empty where the doubt is about more than one."""
        return str(self.place) if self.row and self.column else ""


@dataclass
class Check:
    """Right numbers with their cells, the wrong ones that a working sheet can keep, all doubts."""

    right: list[Entry] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    kept: list[Unread] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    answers: dict[Report, dict[str, str]] = field(default_factory=dict)
    complete: set[Report] = field(default_factory=set)
    closed: set[Month] = field(default_factory=set)
    replaced: int = 0

    @property
    def open(self) -> list[Doubt]:
        """What keeps the file from being accepted whole."""
        return [doubt for doubt in self.doubts if doubt.kind in (Kind.WRONG, Kind.QUESTION)]

    @property
    def unconfirmed(self) -> list[Doubt]:
        """Questions of the file itself: until they are answered nothing of it is accepted."""
        return [doubt for doubt in self.doubts if doubt.kind == Kind.CONFIRM]

    @property
    def confirmed(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.kind == Kind.CONFIRMED]

    @property
    def reports(self) -> set[Report]:
        return {(one.unit_id, one.month) for one in (*self.right, *self.kept)}

    def as_dict(self) -> dict[str, Any]:
        """What is kept with the upload for its page."""
        return {
            "right": len(self.right),
            "cells": [str(place) for place in dict.fromkeys(self.places)],
            "kept": len(self.kept),
            "reports": len(self.reports),
            "months": [str(month) for month in sorted({month for _unit, month in self.reports})],
            "closed": [str(month) for month in sorted(self.closed)],
            "replaced": self.replaced,
            "doubts": [asdict(doubt) for doubt in self.doubts],
        }


def check(
    read: Uploaded,
    *,
    answers: Answers,
    actor: Actor,
    on: date,
    confirmed: Collection[str] = (),
) -> Check:
    """Sort the numbers of a file into right ones, wrong ones, and those a rule asks about.

    ``answers`` are reasons by report and rule; those written beside the numbers of a template
    count too, and so do those typed or given before to exactly the same question. ``confirmed``
    are the keys of the questions of the file that were answered on its page.
    """
    return _Checker(read, answers, confirmed, actor, on).checked()


class _Checker:
    def __init__(
        self, read: Uploaded, answers: Answers, confirmed: Collection[str], actor: Actor, on: date
    ):
        self.read, self.given, self.actor, self.on = read, answers, actor, on
        self.confirmed = confirmed
        self.book = Rulebook()
        self.made = Check()
        self.entries = read.reading.entries
        self.places = read.reading.places
        self.asked: set[tuple[Report, str]] = set()
        held = {entry.unit_id for entry in self.entries}
        held |= {unread.unit_id for unread in read.reading.unread.values()}
        self.units = Unit.objects.in_bulk(held)
        self.typed = {
            (one.unit_id, one.month, one.rule_id, one.read, one.expected): one.text
            for one in DraftAnswer.objects.filter(month__in=read.months, unit__in=held)
        }
        self.mine = set(
            access.visible(
                Unit.objects.filter(pk__in=held), actor, on, permission=Permission.REPORT_COUNTS
            ).values_list("pk", flat=True)
        )

    def checked(self) -> Check:
        for fault in self.read.reading.faults:
            self._add_unread(fault)
        for remark in self.read.reading.remarks:
            self._add(remark, Kind.TOLD, None)
        left = dict(enumerate(self.entries))
        while left and (dropped := self._sort_out(left)):
            for index in dropped:
                del left[index]
        self.made.right = list(left.values())
        self.made.places = [self.places[index] for index in left]
        self._find_complete()
        order = {kind: number for number, kind in enumerate(Kind)}
        self.made.doubts.sort(key=lambda doubt: order[doubt.kind])
        return self.made

    def _sort_out(self, left: Mapping[int, Entry]) -> set[int]:
        """Say what is wrong with the numbers that are left; the indices of those to drop.

        Dropping a number may change what the rules find in the rest, so they are looked at again.
        """
        indices = list(left)
        checked = check_counts(
            entries=list(left.values()), actor=self.actor, on=self.on, rulebook=self.book
        )
        for fault in checked.faults:
            self._add_fault(indices[fault.entry], fault)
        if checked.faults:
            return {indices[fault.entry] for fault in checked.faults}
        self.made.closed = checked.closed
        index_of = {
            (entry.unit_id, entry.month, self.book.code(entry.indicator_id)): index
            for index, entry in left.items()
        }
        dropped = set()
        waiting = self._unanswered(checked.findings)
        for finding in checked.findings:
            key = (finding.unit_id, finding.month), finding.rule
            if key in self.asked:
                continue
            self.asked.add(key)
            index = index_of.get((finding.unit_id, finding.month, finding.indicator))
            self._add_finding(finding, index, is_open=finding in waiting)
            if finding in waiting and index is not None:
                self._keep(self.entries[index])
                dropped.add(index)
        return dropped

    def _unanswered(self, findings: Iterable[Finding]) -> list[Finding]:
        """The questions that have no answer yet, here or from before."""
        open_ = [one for one in findings if one.needs_explanation and not self._answer(one)]
        waiting = []
        for month in {finding.month for finding in open_}:
            mine = [finding for finding in open_ if finding.month == month]
            units = {finding.unit_id for finding in mine}
            reports = {
                report.unit_id: report
                for report in Submission.objects.filter(month=month, unit__in=units)
            }
            waiting += unanswered(reports, mine)
        return waiting

    def _answer(self, finding: Finding) -> str:
        given = self.given.get((finding.unit_id, finding.month), {}).get(finding.rule, "").strip()
        if given:
            return given
        template = self.read.template
        reasons = template.reasons if template else {}
        if beside := reasons.get((finding.month, finding.unit_id, finding.indicator)):
            return beside.text
        same = (finding.read, finding.expected[:60])
        return self.typed.get((finding.unit_id, finding.month, finding.rule_id, *same), "")

    # --- doubts ----------------------------------------------------------------------------------

    def _add_unread(self, fault: Fault) -> None:
        place = Place(fault.sheet, fault.row or 0, fault.column)
        unread = self.read.reading.unread.get(place)
        if isinstance(fault, Question):
            self._add(fault, Kind.CONFIRM, unread)
            if (asked := self.made.doubts[-1]).key in self.confirmed:
                self.made.doubts[-1] = replace(asked, kind=Kind.CONFIRMED)
            return
        self._add(fault, Kind.WRONG, unread)
        if unread is not None and unread.unit_id in self.mine:
            self._keep_unread(unread)

    def _add_fault(self, index: int, fault: Fault) -> None:
        entry, place = self.entries[index], self.places[index]
        at = fault.at(sheet=place.sheet, row=place.row, column=place.column)
        self._add(at, Kind.WRONG, entry)
        if fault.code not in _NOBODYS:
            self._keep(entry)

    def _add_finding(self, finding: Finding, index: int | None, *, is_open: bool) -> None:
        place = None if index is None else self.places[index]
        answer = self._answer(finding)
        kind = Kind.TOLD
        if finding.needs_explanation:
            kind = Kind.QUESTION if is_open else Kind.ANSWERED
        report = (finding.unit_id, finding.month)
        if answer:
            self.made.answers.setdefault(report, {})[finding.rule] = answer
        self.made.doubts.append(
            Doubt(
                kind=kind,
                code=finding.rule,
                message=finding.message,
                sheet=place and place.sheet,
                row=place and place.row,
                column=place and place.column,
                read=str(finding.read),
                expected=finding.expected,
                unit=self.units[finding.unit_id].full_name,
                indicator=finding.indicator,
                question=f"{finding.unit_id}/{finding.month}/{finding.rule}"
                if finding.needs_explanation
                else "",
                answer=answer,
            )
        )

    def _add(self, fault: Fault, kind: Kind, about: Entry | Unread | None) -> None:
        self.made.doubts.append(
            Doubt(
                kind=kind,
                code=fault.code,
                message=fault.message,
                sheet=fault.sheet,
                row=fault.row,
                column=fault.column,
                read=fault.read or "",
                expected=fault.expected or "",
                unit=self.units[about.unit_id].full_name if about else "",
                indicator=self.book.code(about.indicator_id) if about else "",
            )
        )

    # --- what is kept and what is whole ----------------------------------------------------------

    def _keep(self, entry: Entry) -> None:
        self._keep_unread(Unread(entry.month, entry.unit_id, entry.indicator_id, str(entry.value)))

    def _keep_unread(self, unread: Unread) -> None:
        if not self.book.indicators[unread.indicator_id].is_base:
            self.made.kept.append(unread)

    def _find_complete(self) -> None:
        """The reports that will have every number, and nothing typed or asked beside them."""
        made = self.made
        units = {unit for unit, _month in made.reports}
        months = {month for _unit, month in made.reports}
        filled: dict[Report, set[int]] = {report: set() for report in made.reports}
        known = Count.objects.filter(month__in=months, unit__in=units, value__isnull=False)
        for month, unit, indicator in known.values_list("month", "unit", "indicator"):
            filled.get((unit, Month(month)), set()).add(indicator)
        right = {(entry.unit_id, entry.month, entry.indicator_id): entry for entry in made.right}
        for unit, month, indicator in right:
            filled[unit, month].add(indicator)
        typed = set()
        for draft in DraftCell.objects.filter(month__in=months, unit__in=units):
            entry = right.get((draft.unit_id, draft.month, draft.indicator_id))
            if entry is None:
                typed.add((draft.unit_id, draft.month))
            elif draft.value != entry.value:
                made.replaced += 1
        kept = {(one.unit_id, one.month) for one in made.kept}
        asked = {doubt.question for doubt in made.doubts if doubt.kind == Kind.QUESTION}
        waiting = {tuple(question.split("/")[:2]) for question in asked}
        made.complete = {
            (unit, month)
            for unit, month in filled.keys() - typed - kept
            if (str(unit), str(month)) not in waiting
            and self._required(self.units[unit].reports_at, month) <= filled[unit, month]
        }

    def _required(self, tier: str, month: Month) -> set[int]:
        return {
            pk
            for pk, indicator in self.book.indicators.items()
            if indicator.entered_at == tier
            and not indicator.is_base
            and indicator.since <= month < indicator.until
        }


def doubts_of(found: Mapping[str, Any]) -> Sequence[Doubt]:
    """The doubts as they were kept with an upload."""
    return [Doubt(**{**one, "kind": Kind(one["kind"])}) for one in found.get("doubts", [])]
