"""A change of the map, with everything that hangs on it: units, totals, commitments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from commitments.models import Commitment, CommitmentEvent, Count
from commitments.rules import Fault, Refused
from commitments.totals import rebuild
from districts.actions import apply_units, revert_units
from districts.models import Ancestry, Reorganisation, Unit
from districts.months import Month
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.roles import Permission


@transaction.atomic
def apply_reorganisation(*, reorganisation: Reorganisation, actor: Actor, on: date) -> None:
    """Put a drafted change of the map into force and bring every total with it.

    Refused if a unit that ends has counts from its last day on: they belong to its successors.
    Commitments of units that end are marked as ended by the reorganisation.
    """
    ending = list(reorganisation.ended_units.all())
    _require_right(reorganisation, ending, actor, on)
    _refuse_counts_of(ending, Month.starting_from(reorganisation.effective_on))
    with _totals_following(reorganisation):
        apply_units(reorganisation=reorganisation, actor=actor)
    _mark_commitments(
        Commitment.objects.standing(), CommitmentEvent.What.ENDED, reorganisation, actor
    )


@transaction.atomic
def revert_reorganisation(
    *, reorganisation: Reorganisation, actor: Actor, on: date, why: str
) -> None:
    """Undo an applied change of the map, while no new unit has reported anything."""
    if not why.strip():
        raise Refused.because("reason_needed", _("Say why the reorganisation is reverted."))
    begun = list(reorganisation.proposed_units.all())
    _require_right(reorganisation, list(reorganisation.ended_units.all()), actor, on)
    _refuse_counts_of(begun, Month.starting_from(reorganisation.effective_on))
    with _totals_following(reorganisation):
        revert_units(reorganisation=reorganisation, actor=actor)
    _mark_commitments(
        Commitment.objects.with_state().filter(state=CommitmentEvent.What.ENDED),
        CommitmentEvent.What.RESUMED,
        reorganisation,
        actor,
    )


def _require_right(
    reorganisation: Reorganisation, ending: list[Unit], actor: Actor, on: date
) -> None:
    for unit in ending:
        access.require(actor, Permission.REORGANISE_UNITS, unit, on)
    for placement in reorganisation.proposed_placements.select_related("parent"):
        if placement.parent.established_on is not None:
            access.require(actor, Permission.REORGANISE_UNITS, placement.parent, on)


def _refuse_counts_of(units: list[Unit], since: Month) -> None:
    held = (
        Count.objects.filter(unit__in=units, month__gte=since)
        .values_list("unit__full_name", flat=True)
        .distinct()
        .order_by("unit__full_name")
    )
    faults = [
        Fault(
            "counts_exist",
            _("%(unit)s has counts from %(month)s on; withdraw them before changing the map.")
            % {"unit": name, "month": since},
            read=name,
        )
        for name in held
    ]
    if faults:
        raise Refused(faults)


@contextmanager
def _totals_following(reorganisation: Reorganisation) -> Iterator[None]:
    """Rebuild the totals above units that live on under another parent, old parents and new."""
    since = Month.starting_from(reorganisation.effective_on)
    moved = list(
        reorganisation.proposed_placements.exclude(unit__reports_at="")
        .filter(unit__established_on__isnull=False)
        .values_list("unit", flat=True)
    )
    months = list(
        Count.objects.filter(unit__in=moved, month__gte=since)
        .order_by("month")
        .values_list("month", flat=True)
        .distinct()
    )
    before = _above(moved, since)
    yield
    rebuild(months=months, nodes=before | _above(moved, since))


def _above(units: list[int], month: Month) -> set[int]:
    return set(Ancestry.objects.above(units, month).values_list("ancestor", flat=True))


def _mark_commitments(
    commitments: QuerySet[Commitment], what: str, reorganisation: Reorganisation, actor: Actor
) -> None:
    """Say what the change of the map did to what the ended units had still promised."""
    day = reorganisation.effective_on
    ended = reorganisation.ended_units.all()
    CommitmentEvent.objects.bulk_create(
        CommitmentEvent(
            commitment=commitment, what=what, on=day, by=as_user(actor), why=str(reorganisation)
        )
        for commitment in commitments.filter(unit__in=ended, year__gte=day.year)
    )
