"""Reads of decisions: the register, one decision with all it assigns, who may record. No writes.

Whoever sees a unit sees the decisions it made, and those that assigned something to it; of the
targets of a decision only those of units within sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, Count, Q, QuerySet, When

from commitments.actions.targets.withdrawing import rests_on
from commitments.decisions.versions import Versions
from commitments.models import ENDS, Decision, Indicator, Target
from districts.models import Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.accounts.models import User
from steering.committee.access import may, visible
from steering.committee.roles import Permission

_TIERS = (Tier.PROVINCE, Tier.OFFICE, Tier.DISTRICT, Tier.COMMUNE)


def decisions_for(user: Actor, on: date) -> QuerySet[Decision]:
    """The decisions that ``user`` sees, the newest first."""
    units = visible(Unit.objects.all(), user, on).values("pk")
    found = Decision.objects.filter(
        Q(unit__in=units) | Q(pk__in=Target.objects.filter(unit__in=units).values("decision"))
    )
    return found.select_related("unit", "amends", "replaces", "passes_on").order_by(
        "-year", "-effective_on", "-issued_on", "-pk"
    )


def deciding_units(user: Actor, on: date) -> QuerySet[Unit]:
    """Units ``user`` may record a decision for: provinces first, then districts that pass on."""
    assigns = visible(Unit.objects.all(), user, on, permission=Permission.ASSIGN_TARGETS)
    passes = visible(Unit.objects.all(), user, on, permission=Permission.ALLOCATE_TARGETS)
    return Unit.objects.filter(
        Q(tier=Tier.PROVINCE, pk__in=assigns.values("pk"))
        | Q(tier=Tier.DISTRICT, pk__in=passes.values("pk"))
    ).order_by(Case(When(tier=Tier.PROVINCE, then=0), default=1), "code", "-established_on")


def may_keep(user: Actor, decision: Decision, on: date) -> bool:
    """Whether ``user`` may withdraw a decision, mend its facts and add its annex."""
    passes = decision.passes_on_id is not None and decision.unit.tier != Tier.PROVINCE
    needed = Permission.ALLOCATE_TARGETS if passes else Permission.ASSIGN_TARGETS
    return may(user, needed, decision.unit, on)


@dataclass(frozen=True)
class Listed:
    """A decision in the register; ``over_since`` is the day from which it no longer counts."""

    decision: Decision
    over_since: date | None

    @property
    def withdrawn(self) -> bool:
        return self.decision.withdrawn_on is not None


def listed(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """The same with what the register shows of each."""
    return decisions.with_ends().annotate(
        assigned=Count("targets", distinct=True),
        assigned_units=Count("targets__unit", distinct=True),
        amended=Count("amendments", distinct=True),
    )


def as_listed(decision: Decision) -> Listed:
    """A decision of ``listed`` with its end."""
    ends = (getattr(decision, end) for end in ENDS)
    return Listed(decision, min(filter(None, ends), default=None))


@dataclass(frozen=True)
class Row:
    """What one unit is assigned: a target or None under each indicator of the table."""

    unit: Unit
    cells: Sequence[Target | None]
    is_above: bool


@dataclass(frozen=True)
class DecisionPage:
    """One decision: all that is known of it, and its targets as a table."""

    decision: Decision
    reader: User
    today: date

    @cached_property
    def may_keep(self) -> bool:
        return may_keep(self.reader, self.decision, self.today)

    @cached_property
    def over_since(self) -> date | None:
        found = Decision.objects.with_ends().get(pk=self.decision.pk)
        return as_listed(found).over_since

    @property
    def is_over(self) -> bool:
        return self.over_since is not None and self.over_since <= self.today

    @cached_property
    def version(self) -> int:
        """The version of its unit's plan that it makes."""
        decision = self.decision
        return Versions(decision.authority, decision.year, [decision.unit_id]).made_by(decision)

    @cached_property
    def followed(self) -> list[tuple[str, Decision]]:
        """What amends, replaces or passes on this one, in the order of issue."""
        ways = {
            "amends_id": "amends", "replaces_id": "replaces", "passes_on_id": "passes_on",
        }  # fmt: skip
        pk = self.decision.pk
        found = Decision.objects.filter(Q(amends=pk) | Q(replaces=pk) | Q(passes_on=pk))
        seen = decisions_for(self.reader, self.today)
        return [
            (next(way for field, way in ways.items() if getattr(one, field) == pk), one)
            for one in found.filter(pk__in=seen.values("pk")).order_by("issued_on", "pk")
        ]

    @cached_property
    def targets(self) -> list[Target]:
        """Those of units within the reader's sight."""
        units = visible(Unit.objects.all(), self.reader, self.today).values("pk")
        found = self.decision.targets.filter(unit__in=units).select_related("indicator")
        return list(found.order_by("indicator__position", "indicator__code"))

    @cached_property
    def indicators(self) -> list[Indicator]:
        return list({target.indicator_id: target.indicator for target in self.targets}.values())

    @cached_property
    def rows(self) -> list[Row]:
        """The targets unit by unit, from the top."""
        by_unit: dict[int, dict[int, Target]] = {}
        for target in self.targets:
            by_unit.setdefault(target.unit_id, {})[target.indicator_id] = target
        month = Month.containing(self.decision.effective_on)
        units = Unit.objects.called_in(month).filter(pk__in=by_unit)
        ordered = sorted(units, key=lambda unit: (_TIERS.index(unit.tier), unit.code, unit.pk))
        return [
            Row(
                unit,
                [by_unit[unit.pk].get(indicator.pk) for indicator in self.indicators],
                unit.pk == self.decision.unit_id,
            )
            for unit in ordered
        ]

    @cached_property
    def rests(self) -> bool:
        """Whether something is built on it, so that its number stays."""
        return rests_on(self.decision)
