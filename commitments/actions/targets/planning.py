"""Setting the way that a plan takes to its target, month by month."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commitments.chain.links import link_decision
from commitments.decisions.paths import Path, capped, months_bent, months_between, start_of
from commitments.models import Decision, PathPoint, Period, Target
from commitments.rules import LONGEST_REASON, Fault, Refused, too_long
from districts.models import Ancestry
from districts.months import Month
from districts.versions import raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor

from .decisions import require_deciding


@transaction.atomic
def set_plan_path(
    *, target: Target, path: Path, actor: Actor, on: date, reason: str = ""
) -> list[Month]:
    """Give a target its path in place of the one it had; an empty one is a straight line.

    Points are scaled as the target is, for months between the start of its line and its deadline;
    none asks for more than the target. A path that changes what closed months were held against
    needs a ``reason``, which stays visible with the decision. Returns the closed months changed.
    Raises Refused with every fault.
    """
    decision = Decision.objects.select_for_update().get(pk=target.decision_id)
    require_deciding(actor, decision.unit, decision.passes_on, on)
    target = Target.objects.select_related("indicator").get(pk=target.pk)
    before, path = sorted(target.path_points), sorted(path)
    if before == path:
        return []
    start = start_of(decision.year, decision.effective_on)
    bent = months_bent(before, path, start=start, deadline=target.deadline)
    closed = closed_months_of(decision, bent)
    faults = _faults(decision, target, path, months_between(start, target.deadline))
    faults += _faults_of_reason(closed, reason)
    if faults:
        raise Refused(faults)
    target.path.all().delete()
    PathPoint.objects.bulk_create(
        PathPoint(target=target, month=month, value=value) for month, value in path
    )
    if closed:
        _keep_reason(decision, closed[-1], reason.strip())
    link_decision(decision)
    write_journal(
        actor=actor,
        action="target.path_set",
        subject=target,
        before={"path": _told(before)},
        after={"path": _told(path), "closed_months": [str(month) for month in closed]},
        why=reason.strip(),
    )
    raise_versions([decision.unit_id, target.unit_id])
    return closed


def closed_months_of(decision: Decision, months: Sequence[Month]) -> list[Month]:
    """Those of ``months`` that the province of the decision has closed."""
    above = Ancestry.objects.filter(descendant=decision.unit_id).values("ancestor")
    found = Period.objects.filter(unit__in=above, closed_at__isnull=False, month__in=months)
    return sorted(set(found.values_list("month", flat=True)))


def _keep_reason(decision: Decision, last: Month, reason: str) -> None:
    """The decision says until when closed months changed and why, earlier reasons included."""
    together = "; ".join(filter(None, (decision.reason, reason)))
    decision.reason = together if len(together) <= LONGEST_REASON else reason
    decision.changed_until = max(filter(None, (decision.changed_until, last)))
    decision.save(update_fields=["changed_until", "reason"])


def _faults(
    decision: Decision, target: Target, path: Path, possible: Sequence[Month]
) -> list[Fault]:
    if decision.withdrawn_on:
        message = _("%(number)s is withdrawn: its targets have no plan any more.")
        return [Fault("withdrawn", message % {"number": decision})]
    faults = []
    months = [month for month, _value in path]
    for number, (month, value) in enumerate(path):
        details = {"month": month.shown, "target": target.unscaled}
        before = path[number - 1][1] if number else 0
        if month not in possible or months.count(month) > 1:
            code = "not_a_month_of_the_plan"
            message = _("%(month)s is no month of this plan, or is given twice.")
        elif value < 0 or capped(value, target.value, target.operator) != value:
            code = "beyond_target"
            message = _("%(month)s asks for more than the whole target, %(target)s.")
        elif target.indicator.kind == "flow" and value < before:
            code = "falls"
            message = _(
                "%(month)s is below the month before: what is added up over a year never falls."
            )
        else:
            continue
        fault = Fault(code, message % details, read=str(value), column=f"month_{month}")
        faults.append(fault)
    return faults


def _faults_of_reason(closed: Sequence[Month], reason: str) -> list[Fault]:
    if closed and not reason.strip():
        message = _(
            "This changes the plan of closed months, %(first)s to %(last)s. Say why, or change "
            "later months only."
        )
        details = {"first": closed[0].shown, "last": closed[-1].shown}
        return [Fault("reason_needed", message % details, column="reason")]
    return too_long(reason, LONGEST_REASON, column="reason")


def _told(path: Path) -> dict[str, int]:
    return {str(month): value for month, value in path}
