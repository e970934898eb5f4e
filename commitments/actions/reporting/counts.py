"""The one service that writes counts, for every way in: form, file, command, demonstration.

What is reported changes ``value``; only approval changes ``approved`` and with it the official
totals. A blank is never written, so nothing is ever erased by leaving it out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import judging, rules
from commitments.judging import Rulebook
from commitments.models import Base, Count, Period
from commitments.querysets import Standing
from commitments.rows import write_rows
from commitments.rules import Finding, Refused
from commitments.totals import recompute
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, CommandLine, as_user
from steering.accounts.statistics import renew_statistics_after

from .entries import Batch, Entry, by_month, examine, may_report
from .explaining import Answers, Explained, write_explanations
from .moving import Course, lock_reports, move_reports
from .reading import Key, Numbers, Reading, read_month
from .revisions import Change, keep_revisions

__all__ = ["Entry", "Outcome", "record_counts", "record_report"]

BLANK = (None, None)


@dataclass
class Outcome:
    """What recording did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.unchanged


@dataclass(frozen=True)
class _Call:
    """What holds for every month of one call."""

    batch: Batch
    units: Mapping[int, Unit]
    rulebook: Rulebook
    actor: Actor
    on: date
    answers: Answers
    course: Course
    after_closing: bool
    reading: Reading | None = None


@transaction.atomic
def record_counts(
    *,
    entries: Sequence[Entry],
    actor: Actor,
    on: date,
    at: datetime | None = None,
    why: str = "",
    explanation: str = "",
    explanations: Mapping[tuple[int, Month], Mapping[str, str]] | None = None,
    approve: bool = False,
    send: bool = True,
    after_closing: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Record numbers of any units and months, all or nothing.

    Without open questions the reports are sent (``send``) and, with ``approve``, approved. A rule
    that asks gets its own answer from ``explanations`` (unit and month to the texts by code of the
    rule) or else ``explanation``; without one the report stays a draft, and ``approve`` is refused.
    ``at`` is the moment of sending (now if None). Raises Refused with every fault found; nothing is
    written then, nor with ``dry_run``.

    A closed month is refused. With ``after_closing`` it takes a correction that says ``why``: the
    numbers reported change, what was approved stands, and nobody approves it until the month is
    reopened.
    """
    if approve and not isinstance(actor, CommandLine):
        raise Refused.because(
            "own_report",
            _("Nobody approves their own report. Send it and let someone else approve it."),
        )
    _refuse_long_texts(why, explanation, explanations or {})
    call = _Call(
        batch=Batch(entries),
        units=Unit.objects.in_bulk({entry.unit_id for entry in entries}),
        rulebook=Rulebook(),
        actor=actor,
        on=on,
        answers=Answers(explanation, explanations or {}),
        course=Course(
            send=send or approve,
            approve=approve,
            by=as_user(actor),
            at=at or timezone.now(),
            why=why,
        ),
        after_closing=after_closing and not approve,
    )
    outcome = _record(call, may_report(call.units, actor, on))
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def record_report(
    *,
    unit: Unit,
    entries: Sequence[Entry],
    reading: Reading,
    rulebook: Rulebook,
    actor: Actor,
    on: date,
    at: datetime,
    why: str,
    explanations: Mapping[str, str],
) -> Outcome:
    """Record one report in the caller's transaction, from what they read under its lock.

    They have asked whether the actor may report for the unit. As ``record_counts`` with
    ``after_closing``; ``explanations`` are by code of the rule.
    """
    answers = {(unit.pk, entries[0].month): explanations}
    _refuse_long_texts(why, "", answers)
    call = _Call(
        batch=Batch(entries),
        units={unit.pk: unit},
        rulebook=rulebook,
        actor=actor,
        on=on,
        answers=Answers(to_rules=answers),
        course=Course(send=True, approve=False, by=as_user(actor), at=at, why=why),
        after_closing=True,
        reading=reading,
    )
    return _record(call, {unit.pk})


def _record(call: _Call, allowed: Collection[int]) -> Outcome:
    """Everything of a call; ``allowed`` are the units that its actor may report for."""
    indicators = call.rulebook.indicators
    examine(call.batch, units=call.units, indicators=indicators, allowed=allowed, on=call.on)
    outcome = Outcome()
    for month, places in by_month(call.batch.entries).items():
        _record_month(call, month, places, outcome)
    if call.batch.faults:
        raise Refused(call.batch.faults)
    renew_statistics_after(outcome.created + outcome.changed)
    return outcome


def _refuse_long_texts(
    why: str, explanation: str, explanations: Mapping[tuple[int, Month], Mapping[str, str]]
) -> None:
    faults = rules.too_long(why, rules.LONGEST_REASON, column="why")
    faults += rules.too_long(explanation, rules.LONGEST_ANSWER, column="explanation")
    for texts in explanations.values():
        for rule, text in texts.items():
            faults += rules.too_long(text, rules.LONGEST_ANSWER, column=rule)
    if faults:
        raise Refused(faults)


def _record_month(call: _Call, month: Month, places: Mapping[int, Entry], outcome: Outcome) -> None:
    """One month of a call: locked, judged, written, sent, added up. ``places`` by index."""
    units = {entry.unit_id for entry in places.values()}
    reading = call.reading or read_month(units, month)
    locked, standing, held = reading.periods, reading.standing, reading.numbers
    _refuse_closed_or_ended(call, month, places, standing, locked)
    changed = _compare(places, held, outcome)
    changed_units = {unit for unit, _indicator in changed}
    told = {unit: call.answers.told(unit, month) for unit in units}
    judged = changed_units | {unit for unit in _pending(held) if told[unit] or call.course.approve}
    # Nothing is said about a unit the actor may not report for: its numbers are not theirs.
    judged -= call.batch.faulty_units
    findings = judging.findings(
        month=month,
        standing={unit: standing[unit] for unit in judged},
        changes={key: entry.value for key, entry in changed.items() if key[0] in judged},
        reported={key: value for key, (value, _approved) in held.items() if key[0] in judged},
        beside=reading.beside,
        rulebook=call.rulebook,
    )
    call.batch.block(places, findings, call.rulebook.code)
    outcome.warnings += [finding for finding in findings if not finding.blocks]
    if call.batch.faults:
        return
    reports = lock_reports(units, month, by=call.course.by, found=reading.reports)
    explained = write_explanations(reports, judged=judged, findings=findings, answers=call.answers)
    if explained.asked and call.course.approve:
        _refuse_unexplained(call, places, explained.asked)
        return
    moved = move_reports(
        reports, changed=changed_units, asked=explained.asked, told=told, course=call.course
    )
    written = _write_counts(call, month, changed, held)
    _write_bases(call, month, changed, held)
    if moved or written:
        _write_journal(call, locked, outcome)
    if explained.changed:
        _write_journal_of_answers(call, locked, standing, explained)
    if moved or written or explained.changed:
        raise_versions(units, Touches.COUNTS)
    if written:
        recompute(
            changed={month: {unit for unit, _indicator in written}},
            indicators={indicator for _unit, indicator in written},
        )


def _compare(places: Mapping[int, Entry], held: Numbers, outcome: Outcome) -> dict[Key, Entry]:
    """The entries that say something new."""
    changed = {}
    for entry in places.values():
        old, _approved = held.get(entry.key, BLANK)
        if old is None:
            outcome.created += 1
        elif old != entry.value:
            outcome.changed += 1
        else:
            outcome.unchanged += 1
            continue
        changed[entry.key] = entry
    return changed


def _pending(held: Numbers) -> set[int]:
    """Units of which a number stands as reported and not as approved: it is still to be judged."""
    return {unit for (unit, _indicator), (value, approved) in held.items() if value != approved}


# --- refusals ------------------------------------------------------------------------------------


def _refuse_closed_or_ended(
    call: _Call,
    month: Month,
    places: Mapping[int, Entry],
    standing: Mapping[int, Standing],
    locked: Mapping[tuple[int, Month], Period],
) -> None:
    for index, entry in places.items():
        place = standing.get(entry.unit_id)
        if place is None:
            call.batch.end(index, call.units[entry.unit_id])
        elif locked[place.province, month].is_closed:
            verb = "correct" if call.after_closing else "record"
            if fault := rules.closed_fault(verb, month, call.course.why):
                call.batch.fault(index, fault.code, fault.message)


def _refuse_unexplained(call: _Call, places: Mapping[int, Entry], asked: Collection[int]) -> None:
    first = call.batch.first_of(places)
    for unit in sorted(asked):
        message = _("A rule asks for an explanation; give one before approving.")
        call.batch.fault(first[unit], "explanation_needed", message)


# --- writes --------------------------------------------------------------------------------------


def _write_counts(
    call: _Call, month: Month, changed: Mapping[Key, Entry], held: Numbers
) -> set[Key]:
    """Upsert what changed, approve what stands in the approved reports, keep every revision."""
    new = {key: (entry.value, held.get(key, BLANK)[1]) for key, entry in changed.items()}
    if call.course.approve:
        for key in held.keys() | changed.keys():
            value = new.get(key, held.get(key))[0]
            if value is not None and held.get(key) != (value, value):
                new[key] = (value, value)
    write_rows(
        Count,
        ["unit", "indicator", "value", "approved"],
        [(*key, *numbers) for key, numbers in new.items()],
        same={"month": month},
        unique=["month", "unit", "indicator"],
    )
    changes = [
        Change(
            *key,
            old_value=held.get(key, BLANK)[0],
            new_value=value,
            old_approved=held.get(key, BLANK)[1],
            new_approved=approved,
            source=changed[key].source if key in changed else "",
        )
        for key, (value, approved) in new.items()
    ]
    keep_revisions(changes, month=month, by=call.course.by, why=call.course.why)
    return set(new)


def _write_bases(call: _Call, month: Month, changed: Mapping[Key, Entry], held: Numbers) -> None:
    """Keep source and date of each yearly base beside its number.

    While an approved number stands, a correction names its source only when it is approved.
    """
    Base.objects.bulk_create(
        [
            Base(
                month=month,
                unit_id=entry.unit_id,
                indicator_id=entry.indicator_id,
                source=(_source(entry) or call.course.why or str(call.actor))[:300],
                dated=entry.dated or call.on,
            )
            for key, entry in changed.items()
            if call.rulebook.indicators[entry.indicator_id].is_base
            and (call.course.approve or held.get(key, BLANK)[1] is None)
        ],
        update_conflicts=True,
        unique_fields=["month", "unit", "indicator"],
        update_fields=["source", "dated"],
    )


def _source(entry: Entry) -> str:
    """Where a number comes from: for a base its own source, then file, sheet and cell."""
    return " · ".join(filter(None, (entry.base_source, entry.source)))


def _write_journal(
    call: _Call, locked: Mapping[tuple[int, Month], Period], outcome: Outcome
) -> None:
    for period in locked.values():
        write_journal(
            actor=call.actor,
            action="counts.recorded",
            subject=period,
            after={"created": outcome.created, "changed": outcome.changed},
            why=call.course.why,
        )


def _write_journal_of_answers(
    call: _Call,
    locked: Mapping[tuple[int, Month], Period],
    standing: Mapping[int, Standing],
    explained: Explained,
) -> None:
    """Who answered what: an answer replaced, or gone with its question, stays readable here."""
    for (province, _month), period in locked.items():
        texts = {
            f"{call.units[unit].code} {rule}": pair
            for (unit, rule), pair in explained.changed.items()
            if standing[unit].province == province
        }
        if texts:
            write_journal(
                actor=call.actor,
                action="explanations.changed",
                subject=period,
                before={key: before for key, (before, _after) in texts.items()},
                after={key: after for key, (_before, after) in texts.items()},
                why=call.course.why,
            )
