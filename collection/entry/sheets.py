"""What the page of one report shows: every number as it stands, and what is wrong with it.

A read, in a number of queries that does not grow with the cells. The page, the programming
interface and sending look at the same sheet, so they cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from collection import rules
from collection.models import (
    DraftAnswer,
    DraftCell,
)
from collection.querysets import (
    answers_of,
    drafts_of,
    period_of,
)
from commitments import judging, querysets
from commitments import rules as reporting
from commitments.bases import Bases
from commitments.judging import Rulebook
from commitments.models import Base, Count, Explanation, Indicator, Move, State, Submission
from commitments.rules import Fault
from districts.models import Unit
from districts.months import Month
from reports.engine.quantities import Quantities
from reports.wording import words

from .lines import (
    Earlier,
    Line,
    LockedBase,
    Question,
    Sheet,
    Sum,
)


def sheet_of(unit: Unit, month: Month, on: date) -> Sheet:
    """The report of ``unit`` for ``month`` as it stands, looked at on a day."""
    book = Rulebook()
    indicators = _entered(unit, month, book)
    standing = querysets.standings([unit.pk], month)
    submission = Submission.objects.filter(unit=unit, month=month).first()
    before = _earlier(unit, month, indicators)
    lines = _lines(unit, month, indicators, before, book)
    questions = _questions(unit, month, standing, lines, submission, book)
    return Sheet(
        unit=unit,
        month=month,
        on=on,
        period=period_of(standing[unit.pk].province if standing else None, month),
        submission=submission,
        returned=_returned(submission),
        lines=tuple(_with_questions(lines, questions)),
        sums=tuple(_sums(lines, book)),
        questions=tuple(questions),
        bases=tuple(_bases(unit, month, book)),
        before=before,
    )


def _entered(unit: Unit, month: Month, book: Rulebook) -> list[Indicator]:
    """What the unit reports each month, in catalogue order but each group in one piece."""
    chosen = [
        indicator
        for indicator in book.indicators.values()
        if rules.is_asked(indicator, unit.reports_at, month)
    ]
    order = [*dict.fromkeys(indicator.group for indicator in chosen)]
    return sorted(chosen, key=lambda indicator: order.index(indicator.group))


def _returned(submission: Submission | None) -> Move | None:
    """By whom and why the report was sent back, while it lies with the reporter."""
    if submission is None or submission.state != State.RETURNED:
        return None
    return submission.moves.filter(verb="return").select_related("by").last()


def _earlier(unit: Unit, month: Month, indicators: Sequence[Indicator]) -> tuple[Earlier, ...]:
    """The twelve months before, oldest first, on the unit's own map: one read for all."""
    months = [Month(at) for at in range(month.same_month_last_year, month)]
    quantities = Quantities(
        nodes=[unit], map_month=month, indicators=indicators, months=months, flow_months=months
    )
    inherits = bool(quantities.origins(unit.pk))

    def read(at: Month) -> Earlier:
        cells = {held.pk: quantities.cell(at, unit.pk, held.pk).reported for held in indicators}
        numbers = {pk: number for pk, number in cells.items() if number is not None}
        return Earlier(at, numbers, inherits and not quantities.on_own_map(at))

    return tuple(map(read, months))


def _lines(
    unit: Unit,
    month: Month,
    indicators: Sequence[Indicator],
    before: Sequence[Earlier],
    book: Rulebook,
) -> list[Line]:
    counts = {
        indicator: (value, approved)
        for indicator, value, approved in Count.objects.filter(unit=unit, month=month).values_list(
            "indicator", "value", "approved"
        )
    }
    drafts = {draft.indicator_id: draft for draft in drafts_of(unit, month).select_related("by")}
    lines = []
    for indicator in indicators:
        reported, approved = counts.get(indicator.pk, (None, None))
        draft = drafts.get(indicator.pk)
        text, value, error = standing_text(indicator, draft, reported)
        lines.append(
            Line(
                indicator=indicator,
                text=text,
                value=value,
                reported=reported,
                approved=approved,
                draft=draft,
                error=error,
                before=tuple(earlier.numbers.get(indicator.pk) for earlier in before),
                usual=_usual(indicator, before[-1].numbers.get(indicator.pk), book),
            )
        )
    return lines


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


def standing_text(
    indicator: Indicator, draft: DraftCell | None, reported: int | None
) -> tuple[str, int | None, Fault | None]:
    """What a cell shows, the number it holds, and what is wrong with it."""
    if draft is None:
        return ("" if reported is None else words.number(reported)), reported, None
    if draft.value is not None:
        return words.number(draft.value), draft.value, None
    if draft.text == "":
        return "", None, None if reported is None else rules.blanked(indicator)
    return draft.text, None, rules.read_text(draft.text, indicator)[1]


# --- what the rules say --------------------------------------------------------------------------


def _questions(
    unit: Unit,
    month: Month,
    standing: Mapping,
    lines: Sequence[Line],
    submission: Submission | None,
    book: Rulebook,
) -> list[Question]:
    """What the rules find in the report as it would stand, with the answers that still fit."""
    findings = judging.findings(
        month=month,
        standing=standing,
        changes={(unit.pk, line.indicator.pk): line.value for line in lines if line.is_new},
        rulebook=book,
    )
    sent = {_about(row): row.text for row in Explanation.objects.filter(submission=submission)}
    typed = {_about(row): row.text for row in answers_of(unit, month)}
    # While a text is no number, the rules see what was reported before: that says nothing.
    unread = {line.indicator.code for line in lines if line.value is None}
    return [
        Question(finding, typed.get(about, sent.get(about, "")), is_draft=about in typed)
        for finding in findings
        if finding.indicator not in unread
        for about in [finding.about]
    ]


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


def _bases(unit: Unit, month: Month, book: Rulebook) -> Iterable[LockedBase]:
    """The bases in force, in catalogue order, each with its sources."""
    if unit.reports_at != "commune":
        return
    bases = Bases([unit.pk], until=month)
    sources: dict[tuple[int, Month], list[Base]] = {}
    for row in Base.objects.filter(unit__in=bases.units, month__lte=month).order_by("unit"):
        sources.setdefault((row.indicator_id, row.month), []).append(row)
    for pk, indicator in book.indicators.items():
        base = bases.at(unit.pk, pk, month, "value") if indicator.is_base else None
        if base is None:
            continue
        rows = sources.get((pk, base.given), [])
        yield LockedBase(
            indicator=indicator,
            number=base.number,
            given=base.given,
            source="; ".join(dict.fromkeys(row.source for row in rows)),
            dated=max((row.dated for row in rows), default=None),
            estimated=base.estimated,
        )
