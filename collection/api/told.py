"""A report as plain data: the working sheet, what was saved, and a receipt."""

from collections.abc import Collection, Sequence
from typing import Any

from collection.actions.drafts import Saved
from collection.entry.lines import (
    Line,
    Question,
    Sheet,
    Sum,
)
from collection.models import Receipt
from commitments.models import Move, Submission
from steering.accounts.programs.rest import fault_told


def sheet_told(sheet: Sheet, only: Collection[str] | None = None) -> dict[str, Any]:
    """The working sheet; with ``only`` just the cells of these indicators, and all the rest."""
    return {
        "cells": [
            _line(line) for line in sheet.lines if only is None or line.indicator.code in only
        ],
        "findings": [_question(question) for question in sheet.questions],
        "sums": [_sum(added) for added in sheet.sums],
        "filled": sheet.filled,
        "all": sheet.all,
        "saved_at": sheet.saved_at,
    }


def saved_told(sheet: Sheet, saved: Sequence[Saved]) -> dict[str, Any]:
    """The working sheet after saving: the cells that were sent, each with its conflict if any."""
    answers = {cell.indicator: cell for cell in saved}
    told = sheet_told(sheet, answers.keys())
    for cell in told["cells"]:
        answer = answers[cell["indicator"]]
        if answer.conflict is not None:
            other = answer.conflict
            cell["conflict"] = {
                "text": other.text,
                "by": None if other.by is None else str(other.by),
                "at": other.at,
                "version": other.version,
            }
    return told


def _line(line: Line) -> dict[str, Any]:
    return {
        "indicator": line.indicator.code,
        "text": line.text,
        "value": line.value,
        "version": line.version,
        "last": line.last,
        "last_year": line.last_year,
        "error": line.error and fault_told(line.error),
        "copied": line.copied,
        "conflict": None,
    }


def _question(question: Question) -> dict[str, Any]:
    finding = question.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "indicator": finding.indicator,
        "message": finding.message,
        "explanation": question.explanation,
        "open": question.is_open,
    }


def _sum(added: Sum) -> dict[str, Any]:
    return {
        "indicator": added.code,
        "parts": added.parts,
        "value": added.value,
        "complete": added.complete,
        "last": added.last,
    }


def receipt_told(receipt: Receipt) -> dict[str, Any]:
    """What somebody holds in hand after sending."""
    return {
        "number": receipt.number,
        "digest": receipt.digest,
        "at": receipt.at,
        "values": receipt.values,
    }


def submission_told(submission: Submission, last_move: int) -> dict[str, Any]:
    """A report without its numbers; ``last_move`` is what a decision about it will have seen."""
    return {
        "unit": submission.unit.code,
        "name": submission.unit.full_name,
        "month": str(submission.month),
        "state": submission.state,
        "version": submission.version,
        "last_move": last_move,
        "sent_at": submission.sent_at,
        "approved_at": submission.approved_at,
    }


def move_told(move: Move) -> dict[str, Any]:
    """One step of a report, with its comment."""
    return {
        "id": move.pk,
        "verb": move.verb,
        "before": move.before,
        "after": move.after,
        "at": move.at,
        "by": None if move.by is None else str(move.by),
        "why": move.why,
    }
