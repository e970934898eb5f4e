"""Why a reorganisation cannot be applied, or not be reverted. Reads only; decides nothing else.

On SQLite these looks, inside the transaction of the action, are what keeps two units of one code
from being in force on one day; on PostgreSQL exclusion constraints do so as well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from districts.models import PARENT_TIERS, Placement, Reorganisation, Succession, Tier, Unit
from districts.rules import WHOLE
from steering.accounts.faults import Fault


def faults_of_heirs(predecessor: Unit, heirs: Sequence[Any]) -> Iterator[Fault]:
    """Why these ``NewSuccession`` of one unit cannot even be written down."""
    if len({heir.successor for heir in heirs}) < len(heirs):
        yield _fault("heir_twice", _("%(unit)s has one successor twice."), predecessor)
    if sum(heir.main for heir in heirs) > 1:
        yield _fault("two_mains", _("%(unit)s has more than one main successor."), predecessor)
    for heir in heirs:
        whole = heir.share == WHOLE or heir.basis != Succession.Basis.WHOLE
        if not (0 <= heir.share <= WHOLE and whole):
            message = _("%(share)s is not a share of %(unit)s of that basis, in parts per million.")
            yield _fault("share", message, predecessor, share=str(heir.share))
        if heir.successor == predecessor:
            yield _fault("own_heir", _("%(unit)s cannot continue itself."), predecessor)


def faults_of(reorganisation: Reorganisation) -> list[Fault]:
    """Every reason why a draft cannot be applied; empty if it can."""
    if reorganisation.state != Reorganisation.State.DRAFT:
        return [_fault("not_a_draft", _("“%(name)s” is not a draft."), reorganisation)]
    return list(_Draft(reorganisation).faults())


def faults_of_reverting(reorganisation: Reorganisation) -> list[Fault]:
    """Every reason why an applied reorganisation cannot be undone; empty if it can."""
    if reorganisation.state != Reorganisation.State.APPLIED:
        return [_fault("not_applied", _("“%(name)s” is not in force."), reorganisation)]
    return list(_resting_on(reorganisation))


def _fault(code: str, message: str, subject: Any, **details: Any) -> Fault:
    return Fault(code, message % {"unit": subject, "name": subject, **details}, read=str(subject))


class _Draft:
    """A drafted change of the map, loaded once and looked at from every side."""

    def __init__(self, reorganisation: Reorganisation):
        self.day: date = reorganisation.effective_on
        self.ended = {unit.pk: unit for unit in reorganisation.ended_units.all()}
        self.proposed = {unit.pk: unit for unit in reorganisation.proposed_units.all()}
        self.placements = list(reorganisation.proposed_placements.select_related("unit", "parent"))
        self.heirs: dict[Unit, list[Succession]] = defaultdict(list)
        rows = reorganisation.successions.select_related("predecessor", "successor")
        for succession in rows.order_by("id"):
            self.heirs[succession.predecessor].append(succession)

    def faults(self) -> Iterator[Fault]:
        if not (self.ended or self.proposed or self.placements):
            yield Fault(
                "empty", _("The reorganisation changes nothing. Name the units it changes.")
            )
        yield from self._ended_units()
        yield from self._successions()
        yield from self._places()
        yield from self._children_left_behind()
        yield from self._codes()

    def _stands(self, unit: Unit) -> bool:
        """Whether a unit that was there before lives on from the day."""
        return self._may_end(unit) and unit.pk not in self.ended

    def _may_end(self, unit: Unit) -> bool:
        return unit.in_force_on(self.day) and unit.abolished_on is None

    def _ended_units(self) -> Iterator[Fault]:
        for unit in self.ended.values():
            if not self._may_end(unit) or unit.established_on == self.day:
                message = _("%(unit)s cannot end on %(day)s: it is not in force until then.")
                yield _fault("not_in_force", message, unit, day=f"{self.day:%d/%m/%Y}")
            if unit.reports_at and unit not in self.heirs:
                message = _("%(unit)s reports counts and ends: say who continues it.")
                yield _fault("no_successor", message, unit)

    def _successions(self) -> Iterator[Fault]:
        for predecessor, heirs in self.heirs.items():
            if predecessor.pk not in self.ended:
                message = _("%(unit)s has successors but does not end: end it, or leave them out.")
                yield _fault("does_not_end", message, predecessor)
            total = sum(heir.share for heir in heirs)
            if total != WHOLE:
                message = _(
                    "The shares of %(unit)s add up to %(total)s parts per million;"
                    " make them 1000000."
                )
                yield _fault("shares", message, predecessor, total=str(total))
            for heir in heirs:
                yield from self._successor(predecessor, heir.successor)

    def _successor(self, predecessor: Unit, successor: Unit) -> Iterator[Fault]:
        if successor.pk not in self.proposed and not self._stands(successor):
            message = _("%(unit)s cannot continue another unit: it is not in force from that day.")
            yield _fault("successor_not_in_force", message, successor)
        if predecessor.reports_at and predecessor.reports_at != successor.reports_at:
            message = _("%(unit)s cannot continue %(old)s: it does not report the same counts.")
            yield _fault("successor_reports_otherwise", message, successor, old=predecessor)

    def _places(self) -> Iterator[Fault]:
        times = Counter(placement.unit for placement in self.placements)
        for unit, count in times.items():
            if count > 1:
                yield _fault("placed_twice", _("%(unit)s is placed below two units."), unit)
        for unit in self.proposed.values():
            if unit.tier != Tier.PROVINCE and unit not in times:
                yield _fault("no_place", _("Say below which unit %(unit)s stands."), unit)
        since = dict(
            Placement.objects.filter(unit__in=times, until=None, since__isnull=False).values_list(
                "unit", "since"
            )
        )
        for placement in self.placements:
            yield from self._place(placement, since.get(placement.unit_id))

    def _place(self, placement: Placement, since: date | None) -> Iterator[Fault]:
        unit, parent = placement.unit, placement.parent
        if unit.pk not in self.proposed and not (
            self._stands(unit) and (since is None or since < self.day)
        ):
            message = _("%(unit)s cannot move: it is not in force, or moved after that day.")
            yield _fault("cannot_move", message, unit)
        if parent.pk not in self.proposed and not self._stands(parent):
            message = _("%(unit)s cannot stand below %(parent)s, which is not in force then.")
            yield _fault("parent_not_in_force", message, unit, parent=parent)
        if parent.tier not in PARENT_TIERS[unit.tier]:
            message = _("%(unit)s cannot stand below %(parent)s: the tiers do not allow it.")
            yield _fault("parent_tier", message, unit, parent=parent)

    def _children_left_behind(self) -> Iterator[Fault]:
        going = {placement.unit_id for placement in self.placements} | self.ended.keys()
        standing = Placement.objects.filter(
            parent__in=self.ended, since__isnull=False, until=None
        ).select_related("unit", "parent")
        for placement in standing:
            if placement.unit_id not in going:
                message = _("%(parent)s ends but %(unit)s stands below it: end or move it too.")
                yield _fault("left_behind", message, placement.unit, parent=placement.parent)

    def _codes(self) -> Iterator[Fault]:
        codes = Counter((unit.tier, unit.code) for unit in self.proposed.values())
        standing = Unit.objects.filter(
            Q(abolished_on=None) | Q(abolished_on__gt=self.day),
            established_on__isnull=False,
            code__in={code for _tier, code in codes},
        )
        codes.update((unit.tier, unit.code) for unit in standing if unit.pk not in self.ended)
        for unit in self.proposed.values():
            if codes[unit.tier, unit.code] > 1:
                message = _("%(unit)s cannot begin: its code is in force for another unit then.")
                yield _fault("code_in_force", message, unit)


def _resting_on(reorganisation: Reorganisation) -> Iterator[Fault]:
    """What was done since to the units that the reorganisation changed."""
    begun = Unit.objects.filter(proposed_by=reorganisation).values("pk")
    moved = reorganisation.proposed_placements.values("unit")
    ended = reorganisation.ended_units.values("pk")
    day = reorganisation.effective_on
    applied = Reorganisation.objects.filter(state=Reorganisation.State.APPLIED)
    later = _mentioning(begun) | _mentioning(moved) | _mentioning(ended)
    resting = applied.exclude(pk=reorganisation.pk).filter(
        (Q(effective_on__gt=day) & later) | (Q(effective_on=day) & _mentioning(begun))
    )
    for other in resting.order_by("effective_on", "name"):
        yield _fault("later_one", _("“%(name)s” rests on it. Revert that first."), other)
    for unit in Unit.objects.filter(pk__in=begun, abolished_on__isnull=False):
        yield _fault("has_ended", _("%(unit)s began with it and has ended since."), unit)
    placed = Placement.objects.filter(parent__in=begun, since__isnull=False).exclude(
        pk__in=reorganisation.proposed_placements.values("pk")
    )
    for placement in placed.select_related("unit", "parent"):
        message = _("%(unit)s stands below %(parent)s, which began with it. Move it first.")
        yield _fault("stands_below", message, placement.unit, parent=placement.parent)


def _mentioning(units: QuerySet) -> Q:
    """Reorganisations that end, move, continue or build upon some of ``units``.

    One subquery for each way: a join of them all would multiply thousands by thousands.
    """
    ended = Reorganisation.ended_units.through.objects.filter(unit__in=units)
    placed = Reorganisation.proposed_placements.through.objects.filter(
        Q(placement__unit__in=units) | Q(placement__parent__in=units)
    )
    continued = Succession.objects.filter(successor__in=units)
    return (
        Q(pk__in=ended.values("reorganisation"))
        | Q(pk__in=placed.values("reorganisation"))
        | Q(pk__in=continued.values("reorganisation"))
    )
