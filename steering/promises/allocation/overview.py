"""How far the targets of a decision were passed on: every indicator on every level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.allocation.balance import State
from commitments.allocation.cascade import Step, cascade
from commitments.models import Decision, Indicator
from districts.models import Tier, Unit
from districts.months import Month
from reports.wording import words
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission

from .wording import balance_words, shown


@dataclass(frozen=True)
class Line:
    """One indicator of one unit that divides: what it has, what its units come to."""

    unit: Unit
    step: Step
    decision: Decision

    @property
    def indicator(self) -> Indicator:
        return self.step.indicator

    @property
    def own(self) -> str:
        return shown(self.indicator, self.step.target.value) if self.step.target else "–"

    @property
    def sum_of_children(self) -> str:
        balance = self.step.balance
        if balance is None or balance.divided is None:
            return "–"
        whole = balance.divided
        return shown(
            self.indicator,
            int((2 * whole.numerator + whole.denominator) // (2 * whole.denominator)),
        )

    @property
    def difference(self) -> str:
        people = self.step.people
        return "–" if people is None else words.signed(people)

    @property
    def passed_on(self) -> str:
        """``11/12``: how many of the units below have a target."""
        return f"{len(self.step.targets)}/{len(self.step.children)}"

    @property
    def state(self) -> str:
        """``none`` where nobody below has a target, else that of the balance."""
        if not self.step.is_divided:
            return "none"
        return self.step.balance.state if self.step.balance else "none"

    @property
    def words(self) -> str:
        if not self.step.is_divided:
            return _("Not divided yet")
        if self.step.balance is None:
            return _("Nothing was assigned to the unit itself")
        balance = self.step.balance
        if balance.state == State.LEFT and not balance.people and balance.decided < balance.units:
            return _("%(number)s units have no target") % {
                "number": words.number(balance.units - balance.decided)
            }
        return balance_words(balance, self.indicator)

    @property
    def url(self) -> str:
        """The table that divides it; empty where this decision assigned nothing to the unit."""
        target = self.step.target
        if target is None or target.decision_id != self.decision.pk:
            return ""
        address = reverse("promises:allocation", args=[self.decision.pk, self.indicator.code])
        own = self.unit.pk == self.decision.unit_id
        return address if own else f"{address}?unit={self.unit.code}"


@dataclass(frozen=True)
class Overview:
    """The cascade of one decision for one reader. ``decision`` None: there is none in sight."""

    decision: Decision | None
    decisions: Sequence[Decision]
    lines: Sequence[Line]

    @cached_property
    def levels(self) -> list[tuple[Unit, list[Line]]]:
        """The lines of each unit that divides, the highest first."""
        found: dict[int, tuple[Unit, list[Line]]] = {}
        for line in self.lines:
            found.setdefault(line.unit.pk, (line.unit, []))[1].append(line)
        return list(found.values())

    @property
    def off(self) -> int:
        """How many targets do not come to what they were divided from, or were not divided."""
        return sum(1 for line in self.lines if line.state != State.EXACT)


def overview_asked(asked: Mapping[str, str], reader: User, today: date) -> Overview:
    """The overview of ``?decision=``, without it of the newest in sight. Raises Http404."""
    decisions = list(decisions_in_sight(reader, today)[:50])
    chosen = asked.get("decision", "")
    if chosen:
        decision = next((one for one in decisions if str(one.pk) == chosen), None)
        if decision is None:
            raise Http404(_("There is no decision “%(read)s” to divide.") % {"read": chosen[:20]})
    else:
        decision = decisions[0] if decisions else None
    if decision is None:
        return Overview(None, decisions, [])
    return Overview(decision, decisions, lines_of(decision, reader, today))


def decisions_in_sight(reader: User, today: date) -> QuerySet[Decision]:
    """Decisions of provinces that assigned something to units the reader sees, the newest first."""
    targets = access.visible(
        Decision.objects.filter(passes_on=None),
        reader,
        today,
        unit_field="targets__unit",
        permission=Permission.SEE_FIGURES,
    )
    ids = targets.order_by().values("pk").distinct()
    return (
        Decision.objects.filter(pk__in=ids)
        .select_related("unit")
        .order_by("-year", "-effective_on", "-issued_on", "-pk")
    )


def lines_of(decision: Decision, reader: User, today: date) -> list[Line]:
    """Every unit in the reader's sight that divides something of a decision, level by level."""
    month = Month.containing(decision.effective_on)
    divides = (
        Unit.objects.below(decision.unit, month)
        .administrative()
        .exclude(tier=Tier.COMMUNE)
        .order_by("code")
    )
    units = list(access.visible(divides, reader, today).distinct())
    tiers = list(Tier)
    units.sort(key=lambda unit: tiers.index(unit.tier))
    steps = cascade(
        units=units, year=decision.year, on=decision.effective_on, authority=decision.authority
    )
    named = {unit.pk: unit for unit in units}
    return [Line(named[step.unit], step, decision) for step in steps]
