"""Moves of reports: send, withdraw, verify, approve, return, revoke. Only approval is official."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import querysets, rules
from commitments.models import Count, Explanation, Move, Revision, Submission
from commitments.rules import Fault, Refused
from commitments.totals import recompute
from districts.models import Unit
from districts.months import Month
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.roles import Permission

from . import periods

RIGHTS = {
    "send": Permission.REPORT_COUNTS,
    "withdraw": Permission.REPORT_COUNTS,
    "verify": Permission.VERIFY_REPORTS,
    "approve": Permission.APPROVE_REPORTS,
    "return": Permission.VERIFY_REPORTS,
    "revoke": Permission.APPROVE_REPORTS,
}
"""Which permission each verb takes, at the reporting unit."""

NOT_ONES_OWN = frozenset({"verify", "approve"})
"""Verbs nobody may use on a report they reported themselves."""


def send(*, submissions: Sequence[Submission], actor: Actor, on: date) -> list[Submission]:
    """Send drafts or returned reports on for review. Open questions must be answered first."""
    return _move("send", submissions, actor, on)


def withdraw(*, submissions: Sequence[Submission], actor: Actor, on: date) -> list[Submission]:
    """Take reports back that nobody has reviewed yet."""
    return _move("withdraw", submissions, actor, on)


def verify(*, submissions: Sequence[Submission], actor: Actor, on: date) -> list[Submission]:
    """Pass reports on to the province, as the level between (until June 2025 the district)."""
    return _move("verify", submissions, actor, on)


def approve(
    *, submissions: Sequence[Submission], actor: Actor, on: date, at: datetime | None = None
) -> list[Submission]:
    """Approve reports: what they report becomes official, and every total above with it."""
    return _move("approve", submissions, actor, on, at=at)


def return_report(
    *, submissions: Sequence[Submission], actor: Actor, on: date, why: str
) -> list[Submission]:
    """Send reports back for correction, with a reason. What was approved before stands."""
    return _move("return", submissions, actor, on, why=why)


def revoke(
    *, submissions: Sequence[Submission], actor: Actor, on: date, why: str
) -> list[Submission]:
    """Take approvals back, with a reason: the numbers leave the official totals."""
    return _move("revoke", submissions, actor, on, why=why)


@transaction.atomic
def _move(
    verb: str,
    submissions: Sequence[Submission],
    actor: Actor,
    on: date,
    *,
    why: str = "",
    at: datetime | None = None,
) -> list[Submission]:
    """Make one move with all of ``submissions`` or with none; returns them as they now stand."""
    at = at or timezone.now()
    moved = []
    for month in sorted({report.month for report in submissions}):
        ids = [report.pk for report in submissions if report.month == month]
        moved += _move_month(verb, month, ids, actor, on, why.strip(), at)
    return moved


def _move_month(
    verb: str, month: Month, ids: list[int], actor: Actor, on: date, why: str, at: datetime
) -> list[Submission]:
    units = list(Submission.objects.filter(pk__in=ids).values_list("unit", flat=True))
    standing = querysets.standings(units, month)
    locked = periods.lock(provinces={place.province for place in standing.values()}, months=[month])
    reports = list(
        Submission.objects.filter(pk__in=ids)
        .select_for_update(of=("self",))
        .annotate(asked=Exists(Explanation.objects.filter(submission=OuterRef("pk"), text="")))
        .select_related("unit")
        .order_by("pk")
    )
    allowed = set(
        access.visible(
            Unit.objects.filter(pk__in=units), actor, on, permission=RIGHTS[verb]
        ).values_list("pk", flat=True)
    )
    faults = [
        fault
        for report in reports
        for fault in _faults(verb, report, actor, why, report.unit_id in allowed, standing, locked)
    ]
    if faults:
        raise Refused(faults)
    _write(verb, reports, actor, why, at)
    if verb in ("approve", "revoke"):
        indicators = _write_approved(verb, month, units, actor, why)
        if indicators:
            recompute(changed={month: units}, indicators=indicators)
    return reports


def _faults(verb, report, actor, why, allowed, standing, locked) -> list[Fault]:
    """Every reason why ``verb`` may not be used on ``report``."""
    names = {"report": report.unit.full_name, "month": report.month, "verb": verb}
    place = standing[report.unit_id]
    faults = []
    if not allowed:
        faults.append(Fault("not_allowed", str(access.NotAllowed(RIGHTS[verb], report.unit))))
    if locked[place.province, report.month].is_closed:
        message = _("%(month)s is closed. Ask the standing agency to reopen it.")
        faults.append(Fault("period_closed", message % names, read=str(report.month)))
    if rules.next_state(verb, report.state) is None or (
        verb == "approve"
        and report.state
        not in rules.approvable_from(
            needs_verification=place.verifier is not None and as_user(actor) is not None
        )
    ):
        message = _(
            "The report of %(report)s for %(month)s is “%(state)s”; this is not its next step."
        )
        names["state"] = report.get_state_display()
        faults.append(Fault("wrong_state", message % names, read=report.state))
    if verb in NOT_ONES_OWN and as_user(actor) and report.reported_by_id == actor.pk:
        message = _("Nobody approves their own report. Ask someone else to review %(report)s.")
        faults.append(Fault("own_report", message % names))
    if verb in ("send", "approve") and report.asked:
        message = _("%(report)s: a rule asks for an explanation; give it first.")
        faults.append(Fault("explanation_needed", message % names))
    if rules.MOVES[verb].needs_reason and not why:
        faults.append(Fault("reason_needed", _("Give a reason; the reporter will read it.")))
    return faults


def _write(verb: str, reports: Sequence[Submission], actor: Actor, why: str, at: datetime) -> None:
    """Change the states, keep the moves and the journal."""
    user = as_user(actor)
    moves = []
    for report in reports:
        before, report.state = report.state, rules.next_state(verb, report.state)
        if verb == "send":
            report.sent_at = at
        if verb == "approve":
            report.approved_at = at
        moves.append(
            Move(submission=report, verb=verb, before=before, after=report.state, by=user, why=why)
        )
    Submission.objects.bulk_update(reports, ["state", "sent_at", "approved_at"])
    Move.objects.bulk_create(moves)
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
    Revision.objects.bulk_create(
        Revision(
            month=month,
            unit_id=unit,
            indicator_id=indicator,
            old_value=value,
            new_value=value,
            old_approved=approved,
            new_approved=value if verb == "approve" else None,
            by=as_user(actor),
            why=why[:300],
        )
        for unit, indicator, value, approved in rows
    )
    counts.update(approved=F("value") if verb == "approve" else None)
    return {indicator for _unit, indicator, _value, _approved in rows}
