"""Moves of reports: send, withdraw, verify, approve, return, revoke. Only approval is official."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import judging, querysets, rules
from commitments.models import (
    Base,
    Count,
    Explanation,
    Period,
    Revision,
    Submission,
)
from commitments.rules import Fault, Refused
from commitments.steps import NOT_ONES_OWN, is_next_step, seat_needed
from commitments.totals import recompute
from districts.models import Unit
from districts.months import Month
from districts.versions import Touches, raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission

from . import periods
from .explaining import unanswered
from .moves import Step, keep_moves
from .revisions import Change, keep_revisions


def send(
    *,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    at: datetime | None = None,
    why: str = "",
) -> list[Submission]:
    """Send drafts or returned reports on for review. Open questions must be answered first.

    After the month was closed it takes a reason.
    """
    return _move("send", submissions, actor, on, at=at, why=why)


def withdraw(*, submissions: Sequence[Submission], actor: Actor, on: date) -> list[Submission]:
    """Take reports back that nobody has reviewed yet."""
    return _move("withdraw", submissions, actor, on)


def verify(
    *,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    seen: Mapping[int, int] | None = None,
) -> list[Submission]:
    """Pass reports on to the province, as the level between (until June 2025 the district).

    ``seen``, here and at every decision, is the last step of each report that the actor saw: a
    report that changed since, or that is not among them, is refused. None decides without a look.
    """
    return _move("verify", submissions, actor, on, seen=seen)


def approve(
    *,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    at: datetime | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[Submission]:
    """Approve reports: what they report becomes official, and every total above with it."""
    return _move("approve", submissions, actor, on, at=at, seen=seen)


def return_report(
    *,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    why: str,
    seen: Mapping[int, int] | None = None,
) -> list[Submission]:
    """Send reports back for correction, with a reason. What was approved before stands."""
    return _move("return", submissions, actor, on, why=why, seen=seen)


def revoke(
    *, submissions: Sequence[Submission], actor: Actor, on: date, why: str
) -> list[Submission]:
    """Take approvals back, with a reason: the numbers leave the official totals."""
    return _move("revoke", submissions, actor, on, why=why)


DECISIONS: Mapping[str, Callable[..., list[Submission]]] = {
    "verify": verify,
    "approve": approve,
    "return": return_report,
}
"""What a reviewer may decide about a report that waits, by its verb."""


@transaction.atomic
def _move(
    verb: str,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    *,
    why: str = "",
    at: datetime | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[Submission]:
    """Make one move with all of ``submissions`` or with none; returns them as they now stand."""
    if faults := rules.too_long(why.strip(), rules.LONGEST_REASON, column="why"):
        raise Refused(faults)
    at = at or timezone.now()
    by_month: dict[Month, dict[int, int]] = defaultdict(dict)
    for report in sorted(submissions, key=attrgetter("month")):
        by_month[report.month][report.pk] = report.unit_id
    periods.lock_months({month: set(mine.values()) for month, mine in by_month.items()})
    moved = []
    for month, mine in by_month.items():
        moved += _move_month(verb, month, mine, actor, on, why.strip(), at, seen)
    return moved


def _move_month(
    verb: str,
    month: Month,
    chosen: Mapping[int, int],
    actor: Actor,
    on: date,
    why: str,
    at: datetime,
    seen: Mapping[int, int] | None,
) -> list[Submission]:
    """``chosen`` are the reports with their units."""
    units = list(chosen.values())
    locked = periods.lock(provinces=querysets.provinces_of(units, month), months=[month])
    # Only under the lock is it certain where a unit stands: the map may have changed meanwhile.
    standing = querysets.standings(units, month)
    reports = list(_locked(chosen, as_user(actor)))
    faults = _faults_of_rights(verb, reports, standing, actor, on)
    if seen is not None and not faults:
        faults += _faults_of_unseen(reports, seen)
    for report in reports:
        if report.unit_id in standing:
            faults += _faults(verb, report, actor, why, standing[report.unit_id], locked)
        else:
            message = _("%(unit)s is not in force in %(month)s.")
            names = {"unit": report.unit.full_name, "month": month.shown}
            faults.append(Fault("unit_not_in_force", message % names, read=str(month)))
    if verb == "approve" and not faults:
        # Only now: numbers are told to nobody who may not decide about the report.
        faults = _faults_of_rules(month, reports, standing)
    if faults:
        raise Refused(faults)
    _write(verb, reports, actor, why, at)
    raise_versions(units, Touches.COUNTS)
    if verb in ("approve", "revoke"):
        indicators = _write_approved(verb, month, units, actor, why)
        if indicators:
            recompute(changed={month: units}, indicators=indicators)
    return reports


def _locked(ids: Collection[int], user: User | None) -> QuerySet[Submission]:
    """The reports, held; each knows whether a rule still asks and whether it is ``user``'s own."""
    return (
        Submission.objects.filter(pk__in=ids)
        .select_for_update(of=("self",))
        .annotate(
            asked=Exists(Explanation.objects.filter(submission=OuterRef("pk"), text="")),
            own=querysets.owned_by(user),
        )
        .select_related("unit")
        .order_by("pk")
    )


def _faults_of_rights(
    verb: str,
    reports: Sequence[Submission],
    standing: Mapping[int, querysets.Standing],
    actor: Actor,
    on: date,
) -> list[Fault]:
    """Reports that the actor has no seat to decide about, asked once for each permission."""
    needed: dict[Permission, dict[int, list[Submission]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        if report.unit_id in standing:
            permission, unit = seat_needed(verb, report, standing[report.unit_id])
            needed[permission][unit].append(report)
    faults = []
    for permission, by_unit in needed.items():
        chosen = Unit.objects.filter(pk__in=by_unit)
        reached = set(
            access.visible(chosen, actor, on, permission=permission).values_list("pk", flat=True)
        )
        faults += [
            fault
            for unit, mine in by_unit.items()
            if unit not in reached
            for report in mine
            for fault in access.NotAllowed(permission, report.unit).faults
        ]
    return faults


def _faults_of_unseen(reports: Sequence[Submission], seen: Mapping[int, int]) -> list[Fault]:
    """Reports that the actor did not look at, or that went a step further since."""
    unseen = _("Say which step of the report of %(report)s you saw last; nobody decides unseen.")
    changed = _("%(report)s was changed after you opened it. Look at it again, then decide.")
    last = querysets.last_moves(reports)
    faults = []
    for report in reports:
        names = {"report": report.unit.full_name}
        read, stands = seen.get(report.pk), last.get(report.pk, 0)
        if read is None:
            faults.append(Fault("unseen", unseen % names, column="seen"))
        elif read != stands:
            fault = Fault(
                "changed_meanwhile",
                changed % names,
                column="seen",
                read=str(read),
                expected=str(stands),
            )
            faults.append(fault)
    return faults


def _faults(
    verb: str,
    report: Submission,
    actor: Actor,
    why: str,
    place: querysets.Standing,
    locked: Mapping[tuple[int, Month], Period],
) -> list[Fault]:
    """Every reason in the report itself why ``verb`` may not be used on it."""
    names = {"report": report.unit.full_name, "month": report.month.shown}
    faults = []
    if locked[place.province, report.month].is_closed:
        fault = rules.closed_fault(verb, report.month, why)
        faults += [fault] if fault else []
    if not is_next_step(verb, report, actor, place):
        message = _(
            "The report of %(report)s for %(month)s is “%(state)s”; this is not its next step."
        )
        names["state"] = report.get_state_display()
        faults.append(Fault("wrong_state", message % names, read=report.state))
    if verb in NOT_ONES_OWN and report.own:
        message = _("Nobody approves their own report. Ask someone else to review %(report)s.")
        faults.append(Fault("own_report", message % names))
    if verb in ("send", "approve") and report.asked:
        message = _("%(report)s: a rule asks for an explanation; give it first.")
        faults.append(Fault("explanation_needed", message % names))
    if rules.MOVES[verb].needs_reason and not why:
        faults.append(Fault("reason_needed", _("Give a reason; the reporter will read it.")))
    return faults


def _faults_of_rules(
    month: Month, reports: Sequence[Submission], standing: Mapping[int, querysets.Standing]
) -> list[Fault]:
    """What stops the reports as they would become official, judged against what is known now.

    When a report was sent, a rule may have had nothing to hold it against: the communes had not
    reported yet, or last month or a base was corrected since.
    """
    by_unit = {report.unit_id: report for report in reports}
    findings = judging.findings(month=month, standing={unit: standing[unit] for unit in by_unit})
    stops = [(finding.rule, finding) for finding in findings if finding.blocks]
    stops += [("explanation_needed", finding) for finding in unanswered(by_unit, findings)]
    return [
        Fault(
            code,
            f"{by_unit[finding.unit_id].unit.full_name}: {finding.message}",
            read=str(finding.read),
            expected=finding.expected,
        )
        for code, finding in stops
    ]


def _write(verb: str, reports: Sequence[Submission], actor: Actor, why: str, at: datetime) -> None:
    """Change the states, keep the moves and the journal."""
    steps = []
    for report in reports:
        before, report.state = report.state, rules.next_state(verb, report.state)
        if verb == "send":
            # Whether a report came on time is judged by its first sending.
            report.sent_at = report.sent_at or at
        if verb == "approve":
            report.approved_at = at
        steps.append(Step(report, verb, before, report.state, why))
    keep_moves(steps, by=as_user(actor))
    for report in reports[:1] if len(reports) > 1 else reports:
        write_journal(
            actor=actor,
            action=f"report.{verb}",
            subject=report,
            after={"reports": [[str(r.month), r.unit.code] for r in reports]},
            why=why,
        )


def _write_approved(
    verb: str, month: Month, units: Sequence[int], actor: Actor, why: str
) -> set[int]:
    """Make the reported numbers official, or take them back; returns the indicators touched."""
    counts = Count.objects.filter(month=month, unit__in=units, value__isnull=False)
    if verb == "approve":
        counts = counts.exclude(approved__isnull=False, approved=F("value"))
    else:
        counts = counts.filter(approved__isnull=False)
    rows = list(counts.values_list("unit", "indicator", "value", "approved"))
    if not rows:
        return set()
    changes = [
        Change(unit, indicator, value, value, approved, value if verb == "approve" else None)
        for unit, indicator, value, approved in rows
    ]
    keep_revisions(changes, month=month, by=as_user(actor), why=why)
    if verb == "approve":
        _name_sources(month, rows, actor)
    counts.update(approved=F("value") if verb == "approve" else None)
    return {indicator for _unit, indicator, _value, _approved in rows}


def _name_sources(
    month: Month, rows: Sequence[tuple[int, int, int, int | None]], actor: Actor
) -> None:
    """A corrected base that is approved now names the source it was corrected from."""
    corrected = {(unit, indicator) for unit, indicator, _value, old in rows if old is not None}
    if not corrected:
        return
    units = {unit for unit, _indicator in corrected}
    bases = [
        base
        for base in Base.objects.filter(month=month, unit__in=units)
        if (base.unit_id, base.indicator_id) in corrected
    ]
    written = Revision.objects.filter(
        month=month, unit__in=units, indicator__in={base.indicator_id for base in bases}
    ).exclude(source="")
    latest = {(row.unit_id, row.indicator_id): row for row in written.order_by("pk")}
    renamed, before = [], {}
    for base in bases:
        if row := latest.get((base.unit_id, base.indicator_id)):
            before[str(base.pk)] = {"source": base.source, "dated": base.dated.isoformat()}
            base.source, base.dated = row.source, timezone.localdate(row.at)
            renamed.append(base)
    if renamed:
        Base.objects.bulk_update(renamed, ["source", "dated"])
        write_journal(actor=actor, action="bases.sourced", subject=renamed[0], before=before)
