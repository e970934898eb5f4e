"""Computing stored due days anew, after the rule or the days off have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from collection.following.due_days import (
    Moving,
    kept_by_hand,
    moving,
)
from commitments.models import Period
from districts.models import Unit
from districts.versions import raise_versions
from steering.accounts.actions import write_journal
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission


@dataclass(frozen=True)
class Recomputed:
    """What moved, and what was set by hand and stays: each with the day the rule gives."""

    moved: Sequence[Moving]
    kept: Sequence[tuple[Period, date]]
    years: frozenset[int]
    """The years in which due days lie."""


@transaction.atomic
def recompute_due_days(
    *, actor: Actor, on: date, provinces: Sequence[Unit] | None = None, dry_run: bool = False
) -> Recomputed:
    """Give the periods of ``provinces``, or of all, the due day of the rule; closed ones too.

    Repeatable: a second run moves nothing. Days set by hand stay, and so do reminders.
    """
    held = Period.objects.select_related("unit").order_by("month", "unit_id")
    if provinces is not None:
        held = held.filter(unit__in=provinces)
    periods = list(held if dry_run else held.select_for_update(of=("self",)))
    for province in {period.unit for period in periods} if provinces is None else provinces:
        access.require(actor, Permission.CLOSE_PERIODS, province, on)
    years = frozenset((period.month + 1).year for period in periods)
    recomputed = Recomputed(moving(periods), kept_by_hand(periods), years)
    if not dry_run:
        for one in recomputed.moved:
            _move(one, actor)
        raise_versions(one.period.unit_id for one in recomputed.moved)
    return recomputed


def _move(one: Moving, actor: Actor) -> None:
    period = one.period
    before = {"due_on": str(period.due_on), "closes_on": str(period.closes_on)}
    Period.objects.filter(pk=period.pk).update(due_on=one.due_on, closes_on=one.closes_on)
    write_journal(
        actor=actor,
        action="period.due_recomputed",
        subject=period,
        before=before,
        after={
            "due_on": str(one.due_on),
            "closes_on": str(one.closes_on),
            "on_time": [report.unit.code for report in one.on_time],
            "late": [report.unit.code for report in one.late],
        },
    )
