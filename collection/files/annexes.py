"""The annex of a decision, handed in like any other file: what it is, and what is to be said of it.

A read. Its numbers are targets; what is asked, wrong or worth a look is told in the same words and
marks as of counts, so page and annotated copy are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from collection.models import Upload
from commitments import querysets
from commitments.actions.targets.decisions import NewTarget, assign_targets
from commitments.intake.annexes import Annex, Columns, read_annex
from commitments.intake.headers import Catalogue
from commitments.intake.imported import located
from commitments.intake.questions import Question
from commitments.intake.statements.asked import Asked
from commitments.intake.tables import matrix
from commitments.intake.tables.extents import tables_of
from commitments.intake.tables.matrix import Head
from commitments.intake.workbook.cells import Book, Place
from commitments.models import Indicator
from commitments.rules import Fault, Refused
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor

from .checking import Doubt, Kind

_ANY_REASON = "-"
"""Stands for the reason that is asked for when the annex is accepted."""


@dataclass
class AnnexCheck:
    """What an annex would assign, with the cell of each target, and everything to be said of it."""

    right: list[NewTarget] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    closed: list[Month] = field(default_factory=list)

    def of(self, *kinds: Kind) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.kind in kinds]

    @property
    def answers(self) -> str:
        """The reasons that were given for sums that are off, each once."""
        given = (doubt.answer for doubt in self.of(Kind.ANSWERED))
        return "; ".join(dict.fromkeys(given))

    def as_dict(self) -> dict[str, Any]:
        """What is kept with the upload for its page."""
        return {
            "right": len(self.right),
            "cells": [str(place) for place in dict.fromkeys(self.places)],
            "kept": 0,
            "units": len({target.unit_id for target in self.right}),
            "closed": [str(month) for month in self.closed],
            "doubts": [asdict(doubt) for doubt in self.doubts],
        }


def may_hold(upload: Upload, indicator: Indicator) -> bool:
    """Whether a column of the file may hold numbers of that indicator."""
    return indicator.is_entered if upload.decision_id is None else not indicator.is_base


def looked_at(upload: Upload, book: Book, actor: Actor, on: date) -> dict[str, Any]:
    """What an annex is as it stands with its corrections and columns, as fields of its upload."""
    book = as_corrected(upload, book)
    heads, columns = _heads(book, upload.decision.year), columns_of(upload)
    undecided = [
        str(head.place)
        for head in heads
        if head.holds_numbers and head.indicator is None and head.place not in columns
    ]
    annex = read_annex(book, upload.decision, columns)
    found: dict[str, Any] = {
        "rows": annex.rows,
        "numbers": len(annex.targets),
        "blank": annex.blank,
        "ignored": book.ignored_sheets,
        "asks_month": False,
        "undecided": undecided,
        "heads": [_head_told(head) for head in heads if head.holds_numbers],
    }
    state = Upload.State.RECOGNISED
    if not undecided:
        found |= checked(annex, upload, actor, on).as_dict()
        state = Upload.State.CHECKED
    return {"form": Upload.Form.MATRIX, "state": state, "found": found}


def as_corrected(upload: Upload, book: Book) -> Book:
    """The file with what was typed over its cells on the page."""
    return book.with_cells({Place.parse(place): text for place, text in upload.corrections.items()})


def columns_of(upload: Upload) -> Columns:
    """What its sender said the columns hold."""
    by_code = {one.code: one for one in querysets.indicators_by_id().values()}
    return {Place.parse(place): by_code.get(code) for place, code in upload.mapping.items()}


def checked(annex: Annex, upload: Upload, actor: Actor, on: date) -> AnnexCheck:
    """Sort the targets of an annex: what can be assigned as it stands, and what not yet."""
    made = AnnexCheck()
    for fault in annex.faults:
        doubt = _doubt(fault, Kind.CONFIRM if isinstance(fault, Question) else Kind.WRONG)
        is_confirmed = doubt.kind == Kind.CONFIRM and doubt.key in upload.confirmations
        made.doubts.append(_doubt(fault, Kind.CONFIRMED) if is_confirmed else doubt)
    for fault in annex.differences:
        question = f"0/{Month.of(upload.decision.year, 12)}/{fault.code} {_place(fault)}"
        answer = upload.explanations.get(question, "")
        kind = Kind.ANSWERED if answer else Kind.QUESTION
        made.doubts.append(_doubt(fault, kind, question=question, answer=answer))
    for fault in annex.remarks:
        made.doubts.append(_doubt(fault, Kind.TOLD))
    wrong = _try(annex, upload, actor, on, made)
    left = [index for index in range(len(annex.targets)) if index not in wrong]
    made.right = [annex.targets[index] for index in left]
    made.places = [annex.places[index] for index in left]
    order = {kind: number for number, kind in enumerate(Kind)}
    made.doubts.sort(key=lambda doubt: order[doubt.kind])
    return made


def _try(annex: Annex, upload: Upload, actor: Actor, on: date, made: AnnexCheck) -> set[int | None]:
    """Assign the targets without keeping them; the indices of those that were refused."""
    if not annex.targets:
        message = _("The file assigns nothing that can be read.")
        made.doubts.append(_doubt(Fault("nothing_read", message), Kind.WRONG))
        return set()
    try:
        outcome = assign_targets(
            decision=upload.decision,
            targets=annex.targets,
            actor=actor,
            on=on,
            reason=_ANY_REASON,
            dry_run=True,
        )
    except Refused as refused:
        faults = [(fault.entry, located(fault, annex.places)) for fault in refused.faults]
        made.doubts += [_doubt(fault, Kind.WRONG) for _index, fault in faults]
        return {index for index, _fault in faults}
    made.closed = outcome.closed
    cells = annex.cells()
    names = Unit.objects.in_bulk({finding.unit_id for finding in outcome.warnings})
    for finding in outcome.warnings:
        place = cells[finding.month, finding.unit_id, finding.indicator]
        made.doubts.append(
            Doubt(
                kind=Kind.TOLD,
                code=finding.rule,
                message=finding.message,
                sheet=place.sheet,
                row=place.row,
                column=place.column,
                read=str(finding.read),
                expected=finding.expected,
                unit=names[finding.unit_id].full_name,
                indicator=finding.indicator,
            )
        )
    return set()


def _doubt(fault: Fault, kind: Kind, **more: str) -> Doubt:
    return Doubt(
        kind=kind,
        code=fault.code,
        message=fault.message,
        sheet=fault.sheet,
        row=fault.row,
        column=fault.column,
        read=fault.read or "",
        expected=fault.expected or "",
        **more,
    )


def _place(fault: Fault) -> Place:
    return Place(fault.sheet, fault.row or 0, fault.column)


def _heads(book: Book, year: int) -> Sequence[Head]:
    """The columns of every table, with what their heads name."""
    catalogue = Catalogue(querysets.indicators_by_id().values())
    found = []
    for sheet in book.sheets:
        for table in tables_of(sheet):
            top = matrix.find_header(table)
            if top is not None:
                found += matrix.read_heads(table, top, catalogue, Asked(year=year))
    return found


def _head_told(head: Head) -> Mapping[str, str]:
    return {
        "place": str(head.place),
        "text": head.text,
        "code": head.indicator.code if head.indicator else "",
        "meant": head.meant.code if head.meant else "",
    }
