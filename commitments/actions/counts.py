"""The one service that writes counts, for every way in: form, file, command, demonstration.

What is reported changes ``value``; only approval changes ``approved`` and with it the official
totals. A blank is never written, so nothing is ever erased by leaving it out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import querysets, rules
from commitments.bases import Bases
from commitments.models import (
    Base,
    Count,
    Explanation,
    Move,
    Revision,
    State,
    Submission,
    Total,
)
from commitments.rules import Fault, Finding, Refused
from commitments.totals import recompute
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, CommandLine, as_user
from steering.committee import access
from steering.committee.roles import Permission

from . import periods


@dataclass(frozen=True)
class Entry:
    """One number to record. ``source`` names file, sheet and cell; a base names its own source."""

    month: Month
    unit_id: int
    indicator_id: int
    value: int
    source: str = ""
    base_source: str = ""
    dated: date | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.unit_id, self.indicator_id


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


@transaction.atomic
def record_counts(
    *,
    entries: Sequence[Entry],
    actor: Actor,
    on: date,
    at: datetime | None = None,
    why: str = "",
    explanation: str = "",
    approve: bool = False,
    send: bool = True,
    dry_run: bool = False,
) -> Outcome:
    """Record numbers of any units and months, all or nothing.

    Without open questions the reports are sent (``send``) and, with ``approve``, approved. A rule
    that asks for an explanation gets ``explanation``; without one the report stays a draft, and
    ``approve`` is refused. ``at`` is the moment of sending (now if None). Raises Refused with
    every fault found; nothing is written then, nor with ``dry_run``.
    """
    if approve and not isinstance(actor, CommandLine):
        raise Refused.because(
            "own_report",
            _("Nobody approves their own report. Send it and let someone else approve it."),
        )
    batch = _Batch(entries, actor, on)
    batch.examine()
    outcome = Outcome()
    for month in batch.months:
        _Recording(
            batch, month, at or timezone.now(), why, explanation, approve, send or approve
        ).run(outcome)
    if batch.faults:
        raise Refused(batch.faults)
    if dry_run:
        transaction.set_rollback(True)
    return outcome


class _Batch:
    """All entries of one call, with what is needed to examine them."""

    def __init__(self, entries: Sequence[Entry], actor: Actor, on: date):
        self.entries = entries
        self.actor = actor
        self.on = on
        self.faults: list[Fault] = []
        self.faulty_units: set[int] = set()
        self.indicators = querysets.indicators_by_id()
        self.units = Unit.objects.in_bulk({entry.unit_id for entry in entries})
        self.judges = querysets.judges()
        self.sums = querysets.sums()
        self.by_month: dict[Month, list[tuple[int, Entry]]] = defaultdict(list)
        for index, entry in enumerate(entries):
            self.by_month[entry.month].append((index, entry))
        self.months = sorted(self.by_month)

    def examine(self) -> None:
        """Judge each entry by itself, and the actor's right to report for each unit."""
        allowed = set(
            access.visible(
                Unit.objects.filter(pk__in=self.units),
                self.actor,
                self.on,
                permission=Permission.REPORT_COUNTS,
            ).values_list("pk", flat=True)
        )
        seen: set[tuple[Month, int, int]] = set()
        for index, entry in enumerate(self.entries):
            fault = self._fault_of(entry, seen, allowed)
            seen.add((entry.month, *entry.key))
            if fault is not None:
                code, message, expected = fault
                self.fault(index, code, message, expected)

    def fault(self, index: int, code: str, message: str, expected: str | None = None) -> None:
        read = str(self.entries[index].value)
        self.faulty_units.add(self.entries[index].unit_id)
        self.faults.append(Fault(code, message, read=read, expected=expected, entry=index))

    def _fault_of(
        self, entry: Entry, seen: set, allowed: set[int]
    ) -> tuple[str, str, str | None] | None:
        unit, indicator = self.units[entry.unit_id], self.indicators[entry.indicator_id]
        names = {"unit": unit.full_name, "indicator": indicator.code, "month": entry.month}
        if (entry.month, *entry.key) in seen:
            return (
                "duplicate",
                _("%(indicator)s of %(unit)s for %(month)s is given twice.") % names,
                None,
            )
        if entry.unit_id not in allowed:
            return "not_allowed", _("You may not report for %(unit)s.") % names, None
        if not indicator.is_entered:
            return (
                "computed_indicator",
                _("%(indicator)s is computed and cannot be entered. Leave the column out.") % names,
                None,
            )
        if not indicator.since <= entry.month < indicator.until:
            return (
                "indicator_not_valid",
                _("%(indicator)s is not valid in %(month)s.") % names,
                None,
            )
        if entry.month > Month.containing(self.on) and not indicator.is_base:
            return (
                "future_month",
                _("%(month)s has not begun yet. Correct the month.") % names,
                f"<= {Month.containing(self.on)}",
            )
        if not unit.since <= entry.month < unit.until:
            return "unit_not_in_force", _("%(unit)s is not in force in %(month)s.") % names, None
        if unit.reports_at != indicator.entered_at:
            return (
                "wrong_level",
                _("%(unit)s does not report %(indicator)s; it is entered at another level.")
                % names,
                indicator.entered_at,
            )
        if entry.value < 0:
            return "negative", _("A count cannot be negative."), ">= 0"
        if entry.value > indicator.maximum:
            return (
                "above_maximum",
                _("%(indicator)s of %(unit)s is above the upper bound. Check the number.") % names,
                f"<= {indicator.maximum}",
            )
        return None


class _Recording:
    """One month of a batch: locked, judged, written, sent, added up."""

    def __init__(
        self,
        batch: _Batch,
        month: Month,
        at: datetime,
        why: str,
        explanation: str,
        approve: bool,
        send: bool,
    ):
        self.batch, self.month, self.at = batch, month, at
        self.why, self.explanation = why, explanation.strip()
        self.approve, self.send = approve, send
        self.user = as_user(batch.actor)
        self.entries = batch.by_month[month]
        self.unit_ids = {entry.unit_id for _index, entry in self.entries}

    def run(self, outcome: Outcome) -> None:
        provinces = querysets.provinces_of(self.unit_ids, self.month)
        self.periods = periods.lock(provinces=provinces, months=[self.month])
        # Only under the lock is it certain where a unit stands: the map may have changed meanwhile.
        self.standing = querysets.standings(self.unit_ids, self.month)
        self._refuse_closed_or_ended()
        self._load()
        changed = self._compare(outcome)
        findings = self._judge(changed)
        outcome.warnings += [finding for finding in findings if not finding.blocks]
        if self.batch.faults:
            return
        moved = self._write_submissions(changed, findings)
        written = self._write_counts(changed)
        self._write_bases(changed)
        if moved or written:
            self._write_journal(outcome)
        if written:
            recompute(
                changed={self.month: {unit for unit, _indicator in written}},
                indicators={indicator for _unit, indicator in written},
            )

    def _refuse_closed_or_ended(self) -> None:
        for index, entry in self.entries:
            standing = self.standing.get(entry.unit_id)
            if standing is None:
                if entry.unit_id not in self.batch.faulty_units:
                    unit = self.batch.units[entry.unit_id]
                    message = _("%(unit)s is not in force in %(month)s.")
                    names = {"unit": unit.full_name, "month": self.month}
                    self.batch.fault(index, "unit_not_in_force", message % names)
            elif self.periods[standing.province, self.month].is_closed:
                self.batch.fault(
                    index,
                    "period_closed",
                    _("%(month)s is closed. Ask the standing agency to reopen it.")
                    % {"month": self.month},
                )

    def _load(self) -> None:
        """What the reports hold so far, by (unit, indicator): (value, approved)."""
        self.held: dict[tuple[int, int], tuple[int | None, int | None]] = {
            (unit, indicator): (value, approved)
            for unit, indicator, value, approved in Count.objects.filter(
                month=self.month, unit__in=self.unit_ids
            ).values_list("unit", "indicator", "value", "approved")
        }

    def _compare(self, outcome: Outcome) -> dict[tuple[int, int], Entry]:
        """The entries that say something new."""
        changed = {}
        for _index, entry in self.entries:
            old = self.held.get(entry.key, (None, None))[0]
            if old is None:
                outcome.created += 1
            elif old != entry.value:
                outcome.changed += 1
            else:
                outcome.unchanged += 1
                continue
            changed[entry.key] = entry
        return changed

    # --- rules -------------------------------------------------------------------------------

    def _judge(self, changed: Mapping[tuple[int, int], Entry]) -> list[Finding]:
        """What the rules find in the reports as they would stand; blocking ones become faults."""
        # Nothing is said about a unit the actor may not report for: its numbers are not theirs.
        units = {unit for unit, _indicator in changed} - self.batch.faulty_units
        if not units:
            return []
        place = {entry.key: index for index, entry in reversed(self.entries)}
        place.update({(entry.unit_id, None): index for index, entry in reversed(self.entries)})
        by_code = {indicator.code: pk for pk, indicator in self.batch.indicators.items()}
        findings = []
        for report in self._reports(units, changed):
            for finding in rules.judge(report, self.batch.judges):
                findings.append(finding)
                if finding.blocks:
                    unit = finding.unit_id
                    index = place.get((unit, by_code[finding.indicator]), place[unit, None])
                    self.batch.fault(index, finding.rule, finding.message, finding.expected)
        return findings

    def _reports(
        self, units: set[int], changed: Mapping[tuple[int, int], Entry]
    ) -> Iterable[rules.Report]:
        indicators = self.batch.indicators
        codes = {pk: indicator.code for pk, indicator in indicators.items()}
        names = {indicator.code: indicator.name for indicator in indicators.values()}
        values: dict[int, dict[str, int]] = defaultdict(dict)
        for (unit, indicator), (value, _approved) in self.held.items():
            if value is not None:
                values[unit][codes[indicator]] = value
        for (unit, indicator), entry in changed.items():
            values[unit][codes[indicator]] = entry.value
        last: dict[int, dict[str, int]] = defaultdict(dict)
        for unit, indicator, value in Count.objects.filter(
            month=self.month - 1, unit__in=units, value__isnull=False
        ).values_list("unit", "indicator", "value"):
            last[unit][codes[indicator]] = value
        known = self._known(units, codes)
        for unit in sorted(units):
            mine = values[unit]
            for code, parts in self.batch.sums.items():
                if all(part in mine for part in parts):
                    mine[code] = sum(mine[part] for part in parts)
            yield rules.Report(self.month, unit, mine, known[unit], last[unit], names)

    def _known(self, units: set[int], codes: Mapping[int, str]) -> dict[int, dict[str, int]]:
        """Yearly bases of each unit; for a province's office what the whole province reported."""
        known: dict[int, dict[str, int]] = defaultdict(dict)
        bases = Bases(units, until=self.month)
        for unit in units:
            for indicator in bases.indicators:
                if (base := bases.at(unit, indicator, self.month, "value")) is not None:
                    known[unit][codes[indicator]] = base.number
        for unit in units:
            if self.batch.units[unit].tier == "office":
                known[unit].update(self._province_so_far(self.standing[unit].province, codes))
        return known

    def _province_so_far(self, province: int, codes: Mapping[int, str]) -> dict[str, int]:
        """What the communes of a province reported, with sums and the bases in force."""
        so_far = {
            codes[indicator]: reported
            for indicator, reported in Total.objects.filter(
                month=self.month, node=province, reported__isnull=False
            ).values_list("indicator", "reported")
        }
        for code, parts in self.batch.sums.items():
            if all(part in so_far for part in parts):
                so_far[code] = sum(so_far[part] for part in parts)
        leaves = list(
            Unit.objects.below(Unit(pk=province), self.month)
            .filter(reports_at="commune")
            .values_list("pk", flat=True)
        )
        bases = Bases(leaves, until=self.month)
        for indicator in bases.indicators:
            numbers = [
                base.number
                for leaf in leaves
                if (base := bases.at(leaf, indicator, self.month, "value")) is not None
            ]
            if numbers:
                so_far[codes[indicator]] = sum(numbers)
        return so_far

    # --- writes ------------------------------------------------------------------------------

    def _write_counts(self, changed: Mapping[tuple[int, int], Entry]) -> set[tuple[int, int]]:
        """Upsert what changed, approve what stands in the approved reports, keep every revision."""
        new: dict[tuple[int, int], tuple[int | None, int | None]] = {}
        for key, entry in changed.items():
            new[key] = (entry.value, self.held.get(key, (None, None))[1])
        if self.approve:
            for key in self.held.keys() | changed.keys():
                value = new.get(key, self.held.get(key))[0]
                if value is not None and self.held.get(key) != (value, value):
                    new[key] = (value, value)
        _upsert(self.month, new)
        Revision.objects.bulk_create(
            Revision(
                month=self.month,
                unit_id=unit,
                indicator_id=indicator,
                old_value=self.held.get((unit, indicator), (None, None))[0],
                new_value=value,
                old_approved=self.held.get((unit, indicator), (None, None))[1],
                new_approved=approved,
                by=self.user,
                why=self.why[:300],
                source=changed[unit, indicator].source[:200]
                if (unit, indicator) in changed
                else "",
            )
            for (unit, indicator), (value, approved) in new.items()
        )
        return set(new)

    def _write_bases(self, changed: Mapping[tuple[int, int], Entry]) -> None:
        """Keep source and date of each yearly base beside its number.

        While an approved number stands, a correction names its source only when it is approved.
        """
        Base.objects.bulk_create(
            [
                Base(
                    month=self.month,
                    unit_id=entry.unit_id,
                    indicator_id=entry.indicator_id,
                    source=(_source(entry) or self.why or str(self.batch.actor))[:300],
                    dated=entry.dated or self.batch.on,
                )
                for key, entry in changed.items()
                if self.batch.indicators[entry.indicator_id].is_base
                and (self.approve or self.held.get(key, (None, None))[1] is None)
            ],
            update_conflicts=True,
            unique_fields=["month", "unit", "indicator"],
            update_fields=["source", "dated"],
        )

    def _write_submissions(
        self, changed: Mapping[tuple[int, int], Entry], findings: Sequence[Finding]
    ) -> bool:
        """Move each report as far as it goes: corrected, sent, approved; says if any moved."""
        found: dict[int, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.needs_explanation:
                found[finding.unit_id].append(finding)
        reports = self._reports_to_move()
        changed_units = {unit for unit, _indicator in changed}
        asked = self._write_explanations(reports, changed_units, found)
        moves = []
        for unit, report in sorted(reports.items()):
            moves += self._moves_of(report, unit in changed_units, unit in asked)
        if self.batch.faults:
            return False
        Submission.objects.bulk_update(
            {report.pk: report for report, *_rest in moves}.values(),
            ["state", "version", "reported_by", "sent_at", "approved_at"],
        )
        Move.objects.bulk_create(
            Move(
                submission=report,
                verb=verb,
                before=before,
                after=after,
                by=self.user,
                why=" ".join(filter(None, (self.why, self.explanation))),
            )
            for report, verb, before, after in moves
        )
        return bool(moves)

    def _reports_to_move(self) -> dict[int, Submission]:
        """The reports of the batch's units, made if they are new, locked."""
        chosen = Submission.objects.filter(month=self.month, unit__in=self.unit_ids)
        reports = {report.unit_id: report for report in chosen.select_for_update()}
        new = [
            Submission(unit_id=unit, month=self.month, reported_by=self.user)
            for unit in sorted(self.unit_ids - reports.keys())
        ]
        reports.update((report.unit_id, report) for report in Submission.objects.bulk_create(new))
        return reports

    def _write_explanations(
        self,
        reports: Mapping[int, Submission],
        judged: set[int],
        found: Mapping[int, Sequence[Finding]],
    ) -> set[int]:
        """Keep what the rules ask of each report, with the answers; returns units still asked.

        An answer given before stays as long as the rule finds the same.
        """
        chosen = Explanation.objects.filter(submission__in=reports.values())
        before = {
            (row.submission_id, row.rule_id): row for row in chosen.select_related("submission")
        }
        after = {}
        for unit, findings in found.items():
            for finding in findings:
                key = reports[unit].pk, finding.rule_id
                old = before.get(key)
                same = old and (old.read, old.expected) == (finding.read, finding.expected)
                after[key] = Explanation(
                    submission=reports[unit],
                    rule_id=finding.rule_id,
                    finding=finding.message[:300],
                    read=finding.read,
                    expected=finding.expected[:60],
                    text=self.explanation or (old.text if same else ""),
                )
        gone = [
            row.pk
            for key, row in before.items()
            if key not in after and row.submission.unit_id in judged
        ]
        if gone:
            Explanation.objects.filter(pk__in=gone).delete()
        Explanation.objects.bulk_create(
            after.values(),
            update_conflicts=True,
            unique_fields=["submission", "rule"],
            update_fields=["finding", "read", "expected", "text"],
        )
        if self.explanation:
            chosen.filter(text="").update(text=self.explanation)
            return set()
        return set(chosen.filter(text="").values_list("submission__unit", flat=True))

    def _moves_of(
        self, report: Submission, changed: bool, asked: bool
    ) -> list[tuple[Submission, str, str, str]]:
        verbs = []
        if changed and report.state not in (State.DRAFT, State.RETURNED):
            verbs.append("correct")
        if changed:
            report.version += report.state == State.APPROVED
            report.reported_by = self.user
        if asked and self.approve:
            index = next(i for i, entry in self.entries if entry.unit_id == report.unit_id)
            self.batch.fault(
                index,
                "explanation_needed",
                _("A rule asks for an explanation; give one before approving."),
            )
            return []
        # A repeat that says nothing new does not send a returned report again.
        waiting = bool(verbs) or report.state in (State.DRAFT, State.RETURNED)
        if waiting and self.send and not asked and (changed or self.explanation or self.approve):
            verbs.append("send")
            # Whether a report came on time is judged by its first sending.
            report.sent_at = report.sent_at or self.at
        if self.approve and (verbs or report.state != State.APPROVED):
            verbs.append("approve")
            report.approved_at = self.at
        moves = []
        for verb in verbs:
            before, report.state = report.state, rules.next_state(verb, report.state)
            moves.append((report, verb, before, report.state))
        return moves

    def _write_journal(self, outcome: Outcome) -> None:
        for period in self.periods.values():
            write_journal(
                actor=self.batch.actor,
                action="counts.recorded",
                subject=period,
                after={"created": outcome.created, "changed": outcome.changed},
                why=self.why,
            )


def _source(entry: Entry | None) -> str:
    """Where a number comes from: for a base its own source, then file, sheet and cell."""
    return " · ".join(filter(None, (entry.base_source, entry.source))) if entry else ""


def _upsert(month: Month, numbers: Mapping[tuple[int, int], tuple[int | None, int | None]]) -> None:
    Count.objects.bulk_create(
        [
            Count(month=month, unit_id=unit, indicator_id=indicator, value=value, approved=approved)
            for (unit, indicator), (value, approved) in numbers.items()
        ],
        update_conflicts=True,
        unique_fields=["month", "unit", "indicator"],
        update_fields=["value", "approved"],
    )
