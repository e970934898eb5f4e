"""A change of the map, with everything that hangs on it: units, totals, commitments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, Manager, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from commitments.chain.links import link_events
from commitments.models import (
    Commitment,
    CommitmentEvent,
    Count,
    Period,
    State,
    Submission,
)
from commitments.rules import Fault, Refused
from commitments.totals import rebuild
from districts.actions import apply_units, draft_reorganisation, revert_units
from districts.models import Ancestry, Lineage, Placement, Reorganisation, Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor, as_user
from steering.committee import access
from steering.committee.roles import Permission

from ..reporting import periods


@transaction.atomic
def draft_change(*, actor: Actor, on: date, **change: Any) -> Reorganisation:
    """Draft a change of the map (``districts.actions.draft_reorganisation``), if one may make it.

    Raises CannotReorganise if it could not be applied, NotAllowed if it touches a unit that is not
    the actor's to change.
    """
    reorganisation = draft_reorganisation(**change, actor=actor)
    _Change(reorganisation).require_right(actor, on)
    return reorganisation


@transaction.atomic
def apply_reorganisation(*, reorganisation: Reorganisation, actor: Actor, on: date) -> None:
    """Put a drafted change of the map into force and bring every total with it.

    Refused if a unit that ends has counts from its last day on that were sent or approved: they
    belong to its successors. Refused if a closed month would change. Commitments of units that end
    are marked as ended by the reorganisation.
    """
    change = _Change(reorganisation)
    change.require_right(actor, on)
    with change.months_held():
        _refuse_counts_of(change.ended, change.since)
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
    change = _Change(reorganisation)
    change.require_right(actor, on)
    with change.months_held():
        _refuse_counts_of(change.begun, change.since)
        revert_units(reorganisation=reorganisation, actor=actor)
    _mark_commitments(
        Commitment.objects.with_state().filter(state=CommitmentEvent.What.ENDED),
        CommitmentEvent.What.RESUMED,
        reorganisation,
        actor,
    )


class _Change:
    """The units a reorganisation touches, and the months whose totals change with them."""

    def __init__(self, reorganisation: Reorganisation):
        placements = reorganisation.proposed_placements.values_list("unit", "parent")
        successions = reorganisation.successions.values_list("predecessor", "successor")
        self.since = Month.starting_from(reorganisation.effective_on)
        self.ended = _ids(reorganisation.ended_units)
        self.begun = _ids(reorganisation.proposed_units)
        self.moved = {unit for unit, _parent in placements} - self.begun
        left = Placement.objects.filter(unit__in=self.moved, since__isnull=False).filter(
            Q(until=None) | Q(until=reorganisation.effective_on)
        )
        self.parents = {parent for _unit, parent in placements} - self.begun
        self.parents |= set(left.values_list("parent", flat=True))
        self.heirs = {unit for pair in successions for unit in pair} - self.begun

    def require_right(self, actor: Actor, on: date) -> None:
        """Raise NotAllowed unless every standing unit concerned is the actor's to change."""
        units = Unit.objects.filter(pk__in=self.ended | self.moved | self.parents | self.heirs)
        mine = access.visible(units, actor, on, permission=Permission.REORGANISE_UNITS)
        for unit in units.exclude(pk__in=mine.values("pk"))[:1]:
            raise access.NotAllowed(Permission.REORGANISE_UNITS, unit)

    @contextmanager
    def months_held(self) -> Iterator[None]:
        """Lock the months concerned, refuse closed ones, and rebuild the totals afterwards."""
        provinces = self._provinces()
        standing = Period.objects.filter(unit__in=provinces, month__gte=self.since)
        months = {self.since, *standing.values_list("month", flat=True)}
        periods.lock_earlier(provinces=self._provinces_of_origins() | provinces, before=self.since)
        locked = periods.lock(provinces=provinces, months=months)
        before, counted = self._above(), self._months_with_counts()
        _refuse_closed(
            sorted({period.month for period in locked.values() if period.is_closed} & counted)
        )
        yield
        # Who stands below the units may have changed: counts of both maps are added up anew.
        rebuild(months=sorted(counted | self._months_with_counts()), nodes=before | self._above())

    def _provinces(self) -> set[int]:
        """Provinces above what ends, begins or moves, just before the change and after it."""
        rows = Ancestry.objects.filter(
            ancestor__tier=Tier.PROVINCE,
            descendant__in=self.ended | self.begun | self.moved | self.parents,
            since__lte=self.since,
            until__gte=self.since,
        )
        return set(rows.values_list("ancestor", flat=True))

    def _provinces_of_origins(self) -> set[int]:
        """Provinces in which units stood whose counts are carried over by what is touched."""
        touched = self._reporting() | self.heirs
        origins = Lineage.objects.filter(heir__in=touched).values("origin")
        rows = Ancestry.objects.filter(ancestor__tier=Tier.PROVINCE, descendant__in=origins)
        return set(rows.values_list("ancestor", flat=True))

    def _reporting(self) -> set[int]:
        """The reporting units at or below what ends, begins or moves, on the map as it now is."""
        rows = Ancestry.objects.filter(
            ancestor__in=self.ended | self.begun | self.moved, until__gte=self.since
        ).exclude(descendant__reports_at="")
        return set(rows.values_list("descendant", flat=True))

    def _months_with_counts(self) -> set[Month]:
        counts = Count.objects.filter(unit__in=self._reporting(), month__gte=self.since)
        return set(counts.order_by().values_list("month", flat=True).distinct())

    def _above(self) -> set[int]:
        """Every unit at or above these and above who continues them, whose sums may change."""
        rows = Ancestry.objects.filter(
            descendant__in=self._reporting() | self.heirs, until__gte=self.since
        )
        return set(rows.values_list("ancestor", flat=True))


def _ids(units: Manager[Unit]) -> set[int]:
    return set(units.values_list("pk", flat=True))


def _refuse_closed(months: list[Month]) -> None:
    faults = [
        Fault(
            "period_closed",
            _("%(month)s is closed and its totals would change. Reopen it first.")
            % {"month": month.shown},
            read=str(month),
        )
        for month in months
    ]
    if faults:
        raise Refused(faults)


def _refuse_counts_of(units: set[int], since: Month) -> None:
    """Refuse what was sent or approved; a number in a draft nobody has seen keeps nothing back."""
    sent = Submission.objects.filter(unit=OuterRef("unit"), month=OuterRef("month"))
    held = (
        Count.objects.filter(unit__in=units, month__gte=since, value__isnull=False)
        .filter(
            Q(approved__isnull=False)
            | Exists(sent.exclude(state__in=[State.DRAFT, State.RETURNED]))
        )
        .values_list("unit__full_name", flat=True)
        .distinct()
        .order_by("unit__full_name")
    )
    faults = [
        Fault(
            "counts_exist",
            _("%(unit)s has counts from %(month)s on; withdraw them before changing the map.")
            % {"unit": name, "month": since.shown},
            read=name,
        )
        for name in held
    ]
    if faults:
        raise Refused(faults)


def _mark_commitments(
    commitments: QuerySet[Commitment], what: str, reorganisation: Reorganisation, actor: Actor
) -> None:
    """Say what the change of the map did to what the ended units had still promised."""
    day = reorganisation.effective_on
    ended = reorganisation.ended_units.all()
    concerned = commitments.filter(unit__in=ended, year__gte=day.year)
    events = CommitmentEvent.objects.bulk_create(
        CommitmentEvent(
            commitment=commitment, what=what, on=day, by=as_user(actor), why=str(reorganisation)
        )
        for commitment in concerned.select_related("committee")
    )
    link_events(events)
