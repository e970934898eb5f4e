"""What the page of one report shows: every number as it stands, and what is wrong with it.

A read, in a number of queries that does not grow with the cells. The page, the programming
interface and sending look at the same sheet, so they cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from collection.models import DraftAnswer
from collection.querysets import answers_of, period_of, report_in
from commitments import judging
from commitments import rules as reporting
from commitments.judging import Rulebook
from commitments.models import Explanation, Indicator, Move, Period, State, Submission
from districts.models import Unit
from districts.months import Month

from .cells import Cells, cells_of
from .lines import Line, Question, Sheet, Sum
from .still import Still, still_of


def sheet_of(
    unit: Unit,
    month: Month,
    on: date,
    *,
    still: Still | None = None,
    cells: Cells | None = None,
    period: Period | None = None,
) -> Sheet:
    """The report of ``unit`` for ``month`` as it stands, looked at on a day.

    What the caller has read already (``still``, ``cells``, ``period``) is not read again.
    """
    still = still or still_of(unit, month)
    cells = cells or cells_of(unit, month)
    period = period or period_of(still.province and still.province.pk, month)
    submission = report_in(unit, month)
    lines = [_line(indicator, still, cells) for indicator in still.indicators]
    questions = _questions(unit, month, still, cells, lines, submission)
    return Sheet(
        unit=unit,
        month=month,
        on=on,
        period=period,
        submission=submission,
        returned=_returned(submission),
        lines=tuple(_with_questions(lines, questions)),
        sums=tuple(_sums(lines, still.book)),
        questions=tuple(questions),
        bases=still.bases,
        before=still.before,
    )


def _returned(submission: Submission | None) -> Move | None:
    """By whom and why the report was sent back, while it lies with the reporter."""
    if submission is None or submission.state != State.RETURNED:
        return None
    return submission.moves.filter(verb="return").select_related("by").last()


def _line(indicator: Indicator, still: Still, cells: Cells) -> Line:
    text, value, error = cells.standing(indicator)
    before = tuple(earlier.numbers.get(indicator.pk) for earlier in still.before)
    return Line(
        indicator=indicator,
        text=text,
        value=value,
        reported=cells.reported(indicator.pk),
        approved=cells.approved(indicator.pk),
        draft=cells.drafts.get(indicator.pk),
        error=error,
        before=before,
        usual=_usual(indicator, before[-1], still.book),
    )


def _usual(indicator: Indicator, last: int | None, book: Rulebook) -> tuple[int, int] | None:
    """The numbers that no rule of change asks about; None where none speaks of it."""
    if last is None:
        return None
    ranges = [
        reporting.usual_range(judge, last)
        for judge in book.judges
        if judge.kind == "change" and judge.indicator == indicator.code
    ]
    if not ranges:
        return None
    return max(least for least, _most in ranges), min(most for _least, most in ranges)


# --- what the rules say --------------------------------------------------------------------------


def _questions(
    unit: Unit,
    month: Month,
    still: Still,
    cells: Cells,
    lines: Sequence[Line],
    submission: Submission | None,
) -> list[Question]:
    """What the rules find in the report as it would stand, with the answers that still fit."""
    findings = judging.findings(
        month=month,
        standing=still.standing,
        changes={(unit.pk, line.indicator.pk): line.value for line in lines if line.is_new},
        reported={(unit.pk, pk): value for pk, (value, _approved) in cells.counts.items()},
        beside=still.beside,
        rulebook=still.book,
    )
    sent, typed = _answers(unit, month, submission) if findings else ({}, {})
    # While a text is no number, the rules see what was reported before: that says nothing.
    unread = {line.indicator.code for line in lines if line.value is None}
    return [
        Question(finding, typed.get(about, sent.get(about, "")), is_draft=about in typed)
        for finding in findings
        if finding.indicator not in unread
        for about in [finding.about]
    ]


def _answers(
    unit: Unit, month: Month, submission: Submission | None
) -> tuple[dict[tuple, str], dict[tuple, str]]:
    """What was answered by what it answers: in what was sent, and in what is typed."""
    sent, typed = Explanation.objects.none(), DraftAnswer.objects.none()
    if submission and submission.is_explained:
        sent = Explanation.objects.filter(submission=submission)
    if submission is None or submission.is_answered:
        typed = answers_of(unit, month)
    return {_about(row): row.text for row in sent}, {_about(row): row.text for row in typed}


def _about(answer: Explanation | DraftAnswer) -> tuple[int, int, str]:
    """What an answer answers: a rule, the number it read, and what it expected."""
    return answer.rule_id, answer.read, answer.expected


def _with_questions(lines: Iterable[Line], questions: Sequence[Question]) -> Iterable[Line]:
    for line in lines:
        mine = tuple(asked for asked in questions if asked.finding.indicator == line.indicator.code)
        yield replace(line, questions=mine) if mine else line


def _sums(lines: Sequence[Line], book: Rulebook) -> Iterable[Sum]:
    """Sum indicators whose parts are all here, and groups that a rule holds against a whole."""
    by_code = {line.indicator.code: line for line in lines}
    indicators = {indicator.code: indicator for indicator in book.indicators.values()}
    for code, parts in book.sums.items():
        if by_code.keys() >= set(parts):
            yield _sum(code, indicators[code].name, parts, by_code)
    for judge in book.judges:
        parts = tuple(part for part in judge.parts if part in by_code)
        if judge.kind == "parts_at_most" and parts and judge.indicator in by_code:
            whole = by_code[judge.indicator]
            yield _sum(judge.code, whole.indicator.name, parts, by_code, whole)


def _sum(
    code: str,
    name: str,
    parts: Sequence[str],
    by_code: Mapping[str, Line],
    whole: Line | None = None,
) -> Sum:
    mine = [by_code[part] for part in parts]
    return Sum(
        code=code,
        name=name,
        parts=tuple(parts),
        value=_added(line.value for line in mine),
        last=_added((line.last for line in mine), only_whole=True),
        last_year=_added((line.last_year for line in mine), only_whole=True),
        complete=all(line.value is not None for line in mine),
        whole=whole and whole.indicator,
        whole_value=whole and whole.value,
    )


def _added(numbers: Iterable[int | None], *, only_whole: bool = False) -> int | None:
    """The sum of the numbers that are there; None of none, or where one lacks and must not."""
    numbers = list(numbers)
    known = [number for number in numbers if number is not None]
    if not known or (only_whole and len(known) < len(numbers)):
        return None
    return sum(known)
