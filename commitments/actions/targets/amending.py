"""Amendments that reach back into closed months: what was published changes, with a reason."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from commitments.models import Decision, Period, Target
from commitments.rules import LONGEST_REASON, Fault, too_long
from districts.months import Month

Key = tuple[int, int]
"""A unit and an indicator."""


def closed_months_changed(
    decision: Decision, new: Sequence[Key], *, last_deadline: Month
) -> list[Month]:
    """Closed months of the province whose targets the ``new`` ones of a decision replace.

    First targets replace none: they count from January whenever they are recorded.
    """
    earlier = Target.objects.filter(
        decision__authority=decision.authority,
        decision__year=decision.year,
        unit__in={unit for unit, _indicator in new},
    ).exclude(decision=decision)
    replaced = set(new) & set(earlier.values_list("unit", "indicator"))
    if not new or not (replaced or decision.amends_id):
        return []
    closed = Period.objects.filter(
        unit=decision.unit_id,
        closed_at__isnull=False,
        month__gte=Month.containing(decision.effective_on),
        month__lte=last_deadline,
    )
    return list(closed.order_by("month").values_list("month", flat=True))


def faults_of_reason(decision: Decision, closed: Sequence[Month], reason: str) -> list[Fault]:
    """What is wrong with the reason given, if closed months change."""
    if closed and not reason.strip():
        message = _(
            "%(number)s changes the targets of closed months, %(first)s to %(last)s. Say why what "
            "was published changes, or let it take effect after %(last)s."
        )
        details = {"number": decision, "first": closed[0].shown, "last": closed[-1].shown}
        return [Fault("reason_needed", message % details)]
    return too_long(reason, LONGEST_REASON, column="reason")
