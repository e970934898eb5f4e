"""What is divided, among whom, and what stands in the table so far. Time is the decision's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from commitments.allocation.dividing import Figure
from commitments.models import Allocation, Decision, Indicator, Portion, Target
from districts.models import Unit
from districts.months import Month
from steering.accounts.faults import Refused


@dataclass(frozen=True)
class Place:
    """A target that can be divided: what ``decision`` assigned to ``unit`` for ``indicator``.

    ``unit`` is the decision's own, or a district below it that divides what it got.
    """

    decision: Decision
    unit: Unit
    indicator: Indicator

    @property
    def month(self) -> Month:
        """The month whose map says who stands below the unit: that of the decision's effect."""
        return Month.containing(self.decision.effective_on)

    @property
    def passes_on(self) -> bool:
        """Whether the parts are assigned by a decision of the unit's own."""
        return self.unit.pk != self.decision.unit_id

    @cached_property
    def target(self) -> Target:
        """The figure that is divided. Raises Refused where the decision assigned none."""
        chosen = Target.objects.filter(
            decision=self.decision, unit=self.unit, indicator=self.indicator
        )
        if (found := chosen.first()) is None:
            raise Refused.because(
                "nothing_to_divide",
                _("%(number)s assigns no %(indicator)s to %(unit)s: there is nothing to divide.")
                % {
                    "number": self.decision,
                    "indicator": self.indicator.name,
                    "unit": self.unit.full_name,
                },
            )
        return found

    @cached_property
    def figure(self) -> Figure:
        """What is divided, as the methods take it."""
        return figure_of(self.target, self.indicator)

    @cached_property
    def children(self) -> list[Unit]:
        """The districts or communes that get a part, in code order."""
        return list(Unit.objects.children_of(self.unit, self.month))

    def allocation(self) -> Allocation | None:
        """The working table, once somebody has begun it."""
        chosen = Allocation.objects.filter(
            decision=self.decision, unit=self.unit, indicator=self.indicator
        )
        return chosen.select_related("assigned_by").first()

    def assigned(self) -> Mapping[int, Target]:
        """The children that have a target already: by the same decision, or by the unit's own that
        passes it on.
        """
        if self.passes_on:
            by = {"decision__passes_on": self.decision, "decision__unit": self.unit}
        else:
            by = {"decision": self.decision}
        rows = Target.objects.filter(
            unit__in=[child.pk for child in self.children],
            indicator=self.indicator,
            decision__withdrawn_on=None,
            **by,
        )
        return {row.unit_id: row for row in rows.select_related("decision")}


def figure_of(target: Target, indicator: Indicator) -> Figure:
    """A target as something to divide: a rate is at most 100 %."""
    return Figure(target.value, indicator.kind == "ratio", 100 * indicator.scale)


def portions_of(allocation: Allocation | None) -> dict[int, Portion]:
    """Unit to its part, with who wrote it last."""
    if allocation is None:
        return {}
    return {row.unit_id: row for row in allocation.portions.select_related("by")}
