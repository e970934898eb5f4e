"""What is typed into a report and not sent: kept cell by cell, never over somebody else's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collection import rules
from collection.entry.cells import Cells, cells_of
from collection.entry.lines import Question, Sheet
from collection.entry.sheets import sheet_of
from collection.entry.still import still_of
from collection.models import DraftAnswer, DraftCell
from collection.querysets import answers_of, drafts_of, last_reported
from commitments.models import Indicator, Submission
from commitments.rows import write_rows
from commitments.rules import LONGEST_ANSWER, Fault, Refused, too_long
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import User

from .working import allow, hold, lock


@dataclass(frozen=True)
class Typed:
    """A cell as somebody left it; ``version`` is the one they saw when they began to type."""

    indicator: str
    text: str
    version: str
    copied: bool = False


@dataclass(frozen=True)
class Conflict:
    """What stands in a cell that somebody else changed meanwhile. ``by`` is None if nobody says."""

    text: str
    by: User | None
    at: datetime | None
    version: str


@dataclass(frozen=True)
class Saved:
    """A cell after saving, or, with ``conflict``, as it was typed and not saved."""

    indicator: str
    text: str
    value: int | None
    version: str
    error: Fault | None
    copied: bool
    conflict: Conflict | None = None


def save_cells(
    *, unit: Unit, month: Month, cells: Sequence[Typed], actor: Actor, on: date, at: datetime
) -> list[Saved]:
    """Keep what was typed, as typed, even where it is no number; one answer for each cell.

    A cell in which something else stands than was seen is a conflict (``rules.is_conflict``): it
    stays as it is and the others are saved. An empty text takes back what was typed; over a
    reported number it is kept as an error, for a number that was reported cannot be blanked. The
    first cell begins the report. A closed month takes drafts too: sending them asks for the reason.

    Raises Refused: not the actor's to report, not in force, not begun, not entered here, or a cell
    given twice.
    """
    allow(unit=unit, month=month, actor=actor, on=on)
    still = still_of(unit, month)
    with transaction.atomic():
        lock(unit, month, still.province and still.province.pk)
        held = cells_of(unit, month)
        return _save(unit, month, cells, held, still.indicators, actor, at)


def save_sheet(
    *,
    unit: Unit,
    month: Month,
    cells: Sequence[Typed],
    explanations: Mapping[str, str],
    actor: Actor,
    on: date,
    at: datetime,
) -> tuple[Sheet, list[Saved]]:
    """Save cells and answers together, or neither; returns the sheet as it then stands.

    As ``save_cells`` and ``save_explanations``. What stands still is read before the month is
    locked, and the rest of the answer after, so that nobody else who types waits for either.
    """
    allow(unit=unit, month=month, actor=actor, on=on)
    still = still_of(unit, month)
    with transaction.atomic():
        period = lock(unit, month, still.province and still.province.pk)
        held = cells_of(unit, month)
        saved = _save(unit, month, cells, held, still.indicators, actor, at)
        if explanations:
            _refuse_long(explanations)
            sheet = sheet_of(unit, month, on, still=still, cells=held, period=period)
            _explain(sheet, explanations, actor)
    return sheet_of(unit, month, on, still=still, cells=held, period=period), saved


@transaction.atomic
def keep_texts(
    *, unit: Unit, month: Month, texts: Mapping[str, str], actor: Actor, on: date, at: datetime
) -> list[Saved]:
    """Type ``texts``, by code, over whatever stands: what comes from a file saw no version."""
    hold(unit=unit, month=month, actor=actor, on=on)
    held, indicators = cells_of(unit, month), still_of(unit, month).indicators
    versions = {one.code: held.version(one.pk) for one in indicators}
    cells = [Typed(code, text, versions.get(code, "")) for code, text in texts.items()]
    return _save(unit, month, cells, held, indicators, actor, at)


def _save(
    unit: Unit,
    month: Month,
    cells: Sequence[Typed],
    held: Cells,
    entered: Iterable[Indicator],
    actor: Actor,
    at: datetime,
) -> list[Saved]:
    """Keep cells over those that are ``held``, which stand as saved afterwards."""
    known = {indicator.code: indicator for indicator in entered}
    _refuse_unknown(unit, month, cells, known)
    user = as_user(actor)
    saved: dict[int, DraftCell] = {}
    conflicts: dict[int, Indicator] = {}
    for cell in cells:
        indicator = known[cell.indicator]
        text = cell.text.strip()[: rules.TEXT_LENGTH]
        value, _error = rules.read_text(text, indicator)
        typed, stands = rules.version(value, text), held.version(indicator.pk)
        if typed == stands:
            continue
        if rules.is_conflict(seen=cell.version, stands=stands, typed=typed):
            conflicts[indicator.pk] = indicator
            continue
        draft = held.drafts.get(indicator.pk)
        draft = draft or DraftCell(month=month, unit=unit, indicator=indicator)
        draft.text, draft.value, draft.copied = text, value, cell.copied
        draft.at, draft.by_id = at, user and user.pk
        saved[indicator.pk] = draft
    if saved:
        if not held.drafts and not held.counts:
            _begin(unit, month, actor)
        _write(saved, month, unit, user, at)
        held.drafts.update(saved)
    others = _others(unit, month, conflicts, held)
    return [_answer(cell, known[cell.indicator], held, others) for cell in cells]


def _refuse_unknown(
    unit: Unit, month: Month, cells: Sequence[Typed], known: Mapping[str, Indicator]
) -> None:
    """Refuse cells that this unit does not enter for the month, or that are given twice."""
    faults, seen = [], set()
    for cell in cells:
        names = {"indicator": cell.indicator, "unit": unit.full_name, "month": month.shown}
        if cell.indicator not in known:
            message = _("%(unit)s does not enter %(indicator)s for %(month)s.") % names
            faults.append(Fault("not_entered_here", message, column=cell.indicator))
        elif cell.indicator in seen:
            message = _("%(indicator)s of %(unit)s for %(month)s is given twice.") % names
            faults.append(Fault("duplicate", message, column=cell.indicator, read=cell.text))
        seen.add(cell.indicator)
    if faults:
        raise Refused(faults)


def _begin(unit: Unit, month: Month, actor: Actor) -> None:
    """The first cell of a report begins it, and the journal says so."""
    report, begun = Submission.objects.get_or_create(unit=unit, month=month)
    if begun:
        write_journal(actor=actor, action="report.begun", subject=report)


def _write(
    saved: Mapping[int, DraftCell], month: Month, unit: Unit, user: User | None, at: datetime
) -> None:
    write_rows(
        DraftCell,
        ["indicator", "text", "value", "copied"],
        [(pk, cell.text, cell.value, cell.copied) for pk, cell in saved.items()],
        same={"month": month, "unit": unit.pk, "at": at, "by": user and user.pk},
        unique=["month", "unit", "indicator"],
    )


def _others(
    unit: Unit, month: Month, conflicts: Mapping[int, Indicator], held: Cells
) -> dict[int, Conflict]:
    """What stands in the cells that were not saved, by whom and since when."""
    if not conflicts:
        return {}
    authors, drafts = last_reported(unit, month, conflicts), held.drafts
    people = User.objects.in_bulk({drafts[pk].by_id for pk in conflicts if pk in drafts} - {None})
    found = {}
    for pk, indicator in conflicts.items():
        draft, revision = drafts.get(pk), authors.get(pk)
        found[pk] = Conflict(
            text=held.standing(indicator)[0],
            by=people.get(draft.by_id) if draft else revision and revision.by,
            at=draft.at if draft else revision and revision.at,
            version=held.version(pk),
        )
    return found


def _answer(
    cell: Typed, indicator: Indicator, held: Cells, others: Mapping[int, Conflict]
) -> Saved:
    if conflict := others.get(indicator.pk):
        value, error = rules.read_text(cell.text.strip()[: rules.TEXT_LENGTH], indicator)
        return Saved(cell.indicator, cell.text, value, cell.version, error, cell.copied, conflict)
    draft = held.drafts.get(indicator.pk)
    text, value, error = held.standing(indicator)
    copied = draft is not None and draft.copied
    return Saved(cell.indicator, text, value, held.version(indicator.pk), error, copied)


@transaction.atomic
def save_explanations(
    *, unit: Unit, month: Month, explanations: Mapping[str, str], actor: Actor, on: date
) -> list[str]:
    """Keep answers to rules, by code of the rule; returns the codes of those that were asked.

    It becomes the report's answer when the report is sent, if the rule then finds the same: until
    then whoever reviews reads what was sent. What no rule asks is left alone.
    Raises Refused where a text is longer than fits.
    """
    hold(unit=unit, month=month, actor=actor, on=on)
    _refuse_long(explanations)
    return _explain(sheet_of(unit, month, on), explanations, actor)


def _refuse_long(explanations: Mapping[str, str]) -> None:
    faults = [
        fault
        for rule, text in explanations.items()
        for fault in too_long(text.strip(), LONGEST_ANSWER, column=rule)
    ]
    if faults:
        raise Refused(faults)


def _explain(sheet: Sheet, explanations: Mapping[str, str], actor: Actor) -> list[str]:
    questions = {
        asked.finding.rule: asked
        for asked in sheet.questions
        if asked.finding.needs_explanation and asked.finding.rule in explanations
    }
    changed = {
        rule: asked
        for rule, asked in questions.items()
        if asked.explanation != explanations[rule].strip()
    }
    if changed:
        _write_explanations(sheet.unit, sheet.month, changed, explanations, actor)
    return sorted(questions)


def _write_explanations(
    unit: Unit,
    month: Month,
    changed: Mapping[str, Question],
    explanations: Mapping[str, str],
    actor: Actor,
) -> None:
    """Upsert the answers; one that is replaced stays readable in the journal."""
    given = answers_of(unit, month).filter(rule__code__in=changed).exclude(text="")
    before = dict(given.values_list("rule__code", "text"))
    DraftAnswer.objects.bulk_create(
        [
            DraftAnswer(
                month=month,
                unit=unit,
                rule_id=asked.finding.rule_id,
                read=asked.finding.read,
                expected=asked.finding.about[-1],
                text=explanations[rule].strip(),
                by=as_user(actor),
            )
            for rule, asked in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["month", "unit", "rule"],
        update_fields=["read", "expected", "text", "by"],
    )
    if before:
        report = Submission.objects.get_or_create(unit=unit, month=month)[0]
        after = {rule: explanations[rule].strip() for rule in before}
        write_journal(
            actor=actor, action="explanations.changed", subject=report, before=before, after=after
        )


@transaction.atomic
def clear_drafts(*, unit: Unit, month: Month, actor: Actor, on: date) -> int:
    """Discard what was typed and not sent; returns how many cells. What is reported stands."""
    hold(unit=unit, month=month, actor=actor, on=on)
    dropped = {
        draft.indicator.code: draft.text
        for draft in drafts_of(unit, month)
        .select_related("indicator")
        .select_for_update(of=("self",))
    }
    answers = answers_of(unit, month).select_related("rule")
    cells, dropped = len(dropped), dropped | {row.rule.code: row.text for row in answers}
    if dropped:
        report = Submission.objects.get_or_create(unit=unit, month=month)[0]
        write_journal(actor=actor, action="report.drafts_discarded", subject=report, before=dropped)
        drafts_of(unit, month).delete()
        answers_of(unit, month).delete()
    return cells
