"""Whose turn is it: which moves of reports could somebody make now?

A read, for many reports at once. ``actions.submissions`` asks the same under its locks, and more.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.roles import Permission

from . import rules
from .models import Period, State, Submission
from .querysets import Standing, owned_by, standings

REPORTER, VERIFIER, PROVINCE = "reporter", "verifier", "province"

SEATS = {
    "send": (Permission.REPORT_COUNTS, REPORTER),
    "withdraw": (Permission.REPORT_COUNTS, REPORTER),
    "verify": (Permission.VERIFY_REPORTS, VERIFIER),
    "approve": (Permission.APPROVE_REPORTS, PROVINCE),
    "return": (Permission.VERIFY_REPORTS, VERIFIER),
    "revoke": (Permission.APPROVE_REPORTS, PROVINCE),
}
"""Which permission each verb takes, and at which of three units a seat must reach: the reporting
unit, the one that verifies its reports (the province where none stands between), the province."""

NOT_ONES_OWN = frozenset({"verify", "approve"})
"""Verbs nobody may use on a report they wrote in or handed in themselves."""


def steps(*, reports: Sequence[Submission], actor: Actor, on: date) -> dict[int, tuple[str, ...]]:
    """The verbs that would not be refused for each report, by its id, in the order of ``SEATS``.

    Judged are rights on the day ``on``, state, closed months, and that nobody decides about their
    own report; what the rules still ask is left to the actions.
    """
    found: dict[int, tuple[str, ...]] = {}
    by_month: dict[Month, list[Submission]] = defaultdict(list)
    for report in reports:
        by_month[report.month].append(report)
    for month, same in by_month.items():
        places = standings([report.unit_id for report in same], month)
        found.update(_steps_of_month(month, same, places, actor, on))
    return found


def _steps_of_month(
    month: Month,
    reports: Sequence[Submission],
    places: Mapping[int, Standing],
    actor: Actor,
    on: date,
) -> dict[int, tuple[str, ...]]:
    standing = [report for report in reports if report.unit_id in places]
    reached = _reached(standing, places, actor, on)
    closed = set(
        Period.objects.filter(month=month, closed_at__isnull=False).values_list("unit", flat=True)
    )
    own = own_reports(standing, actor)
    return {
        report.pk: tuple(
            verb
            for verb in SEATS
            if places[report.unit_id].province not in closed
            and is_next_step(verb, report, actor, places[report.unit_id])
            and seat_needed(verb, report, places[report.unit_id]) in reached
            and not (verb in NOT_ONES_OWN and report.pk in own)
        )
        for report in standing
    }


def _reached(
    reports: Sequence[Submission], places: Mapping[int, Standing], actor: Actor, on: date
) -> set[tuple[str, int]]:
    """Every (permission, unit) that a verb could take and that the actor's seats reach."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for report in reports:
        for verb in SEATS:
            permission, unit = seat_needed(verb, report, places[report.unit_id])
            wanted[permission].add(unit)
    return {
        (permission, unit)
        for permission, units in wanted.items()
        for unit in access.visible(
            Unit.objects.filter(pk__in=units), actor, on, permission=permission
        ).values_list("pk", flat=True)
    }


def seat_needed(verb: str, report: Submission, place: Standing) -> tuple[Permission, int]:
    """The permission a move takes and the unit it must be held at."""
    permission, level = SEATS[verb]
    if verb == "return" and report.state == State.APPROVED:
        permission, level = SEATS["revoke"]
    units = {
        REPORTER: report.unit_id,
        VERIFIER: place.verifier or place.province,
        PROVINCE: place.province,
    }
    return permission, units[level]


def is_next_step(verb: str, report: Submission, actor: Actor, place: Standing) -> bool:
    """Whether the state of the report lets ``verb`` be made next, whoever has the right to."""
    if verb == "verify" and place.verifier is None:
        return False
    if verb == "approve":
        verified_first = place.verifier is not None and as_user(actor) is not None
        return report.state in rules.approvable_from(needs_verification=verified_first)
    return rules.next_state(verb, report.state) is not None


def own_reports(reports: Collection[Submission], actor: Actor) -> set[int]:
    """The reports that ``actor`` wrote in or handed in, and that are not approved since."""
    chosen = Submission.objects.filter(pk__in=[report.pk for report in reports])
    return set(chosen.filter(owned_by(as_user(actor))).values_list("pk", flat=True))
