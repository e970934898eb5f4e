"""Which version of a plan is in force on a day: the first decision makes the first, and so on.

A plan is what one unit assigns for a year on behalf of one authority. Its first decisions make
version 1; each amendment, and each decision that replaces another, makes the next, in the order in
which they take effect. One that is withdrawn keeps its number, and the version before it is in
force again.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from commitments.models import Decision


class Step(NamedTuple):
    """A decision that makes a further version, from when on, and until when."""

    decision: int
    effective_on: date
    withdrawn_on: date | None

    def counts_on(self, day: date) -> bool:
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.effective_on <= day and not withdrawn


class Versions:
    """The versions of the plans of one authority for a year, of all units that assign; one query.

    ``units`` are those asked about, None for every one.
    """

    def __init__(self, authority: str, year: int, units: Collection[int] | None = None):
        found = Decision.objects.filter(
            Q(amends__isnull=False) | Q(replaces__isnull=False), authority=authority, year=year
        )
        if units is not None:
            found = found.filter(unit__in=units)
        self._steps: dict[int, list[Step]] = defaultdict(list)
        rows = found.order_by("effective_on", "issued_on", "pk")
        for unit, *step in rows.values_list("unit", "pk", "effective_on", "withdrawn_on"):
            self._steps[unit].append(Step(*step))

    def on(self, unit: int, day: date) -> int:
        """The version of the plan of ``unit`` that is in force on ``day``."""
        numbered = enumerate(self._steps.get(unit, ()), 2)
        return max((number for number, step in numbered if step.counts_on(day)), default=1)

    def made_by(self, decision: Decision) -> int:
        """The version that ``decision`` makes."""
        steps = (step.decision for step in self._steps.get(decision.unit_id, ()))
        return next((number for number, pk in enumerate(steps, 2) if pk == decision.pk), 1)
