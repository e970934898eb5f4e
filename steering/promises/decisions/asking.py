"""What targets are asked of: whose, of which year, on which day, on behalf of whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from commitments.decisions.in_force import TargetInForce, targets_in_force
from districts.models import Unit
from districts.months import Month
from reports.wording.plain import plain


@dataclass(frozen=True)
class Asked:
    """The targets of ``unit``, and with ``children`` of those directly below it, on day ``on``."""

    unit: Unit
    year: int
    on: date
    authority: str
    children: bool = False

    @property
    def found(self) -> list[TargetInForce]:
        units = [self.unit]
        if self.children:
            units += Unit.objects.children_of(self.unit, Month.containing(self.on))
        return targets_in_force(units, year=self.year, on=self.on, authority=self.authority)


def day_of(unit: Unit, year: int, today: date) -> date:
    """The day that stands for a year: its 31 December, today while it runs, and for a unit that
    ended before then its last day."""
    day = today if today.year == year else date(year, 12, 31)
    ended = unit.abolished_on
    return ended - timedelta(days=1) if ended is not None and ended <= day else day


def as_dict(one: TargetInForce) -> dict[str, Any]:
    """A target as scripts read it: the same keys on the command line and in the API."""
    target = one.target
    return {
        "unit": one.unit.code,
        "indicator": target.indicator.code,
        "operator": target.operator,
        "value": plain(target.unscaled),
        "decision": target.decision.number,
        "effective_on": target.decision.effective_on.isoformat(),
        "deadline": str(target.deadline),
        "sum_of_children": plain(one.unscaled(one.children)),
        "difference": plain(one.unscaled(one.difference)),
        "authority": target.decision.authority,
        "version": one.version,
    }
