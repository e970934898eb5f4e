"""The targets of two days, line by line: what a later version of the plan changed. A read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from commitments.decisions.in_force import Key, latest_in_force
from commitments.decisions.versions import Versions
from commitments.models import Decision, Indicator, Target
from districts.models import Tier, Unit
from districts.months import Month

_TIERS = (Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE, Tier.OFFICE)


@dataclass(frozen=True)
class Line:
    """One indicator of one unit on both days; None where nothing was in force."""

    unit: Unit
    indicator: Indicator
    before: Target | None
    after: Target | None

    @property
    def is_changed(self) -> bool:
        return self._facts(self.before) != self._facts(self.after)

    @property
    def change(self) -> int | Decimal | None:
        """After minus before, unscaled; None unless both are there."""
        if self.before is None or self.after is None:
            return None
        return self.after.unscaled - self.before.unscaled

    @property
    def is_ended(self) -> bool:
        """Whether a target was there before and none is any more."""
        return self.before is not None and self.after is None

    @staticmethod
    def _facts(target: Target | None) -> tuple | None:
        return target and (target.value, target.operator, target.deadline)


@dataclass(frozen=True)
class Comparison:
    """What was in force for ``unit`` and all below it on day ``first``, and on day ``second``."""

    unit: Unit
    year: int
    authority: str
    first: date
    second: date

    @cached_property
    def versions(self) -> tuple[int, int]:
        """The versions of the plan on the two days, of the province where there is one above."""
        found = Versions(self.authority, self.year)
        return found.on(self._planner, self.first), found.on(self._planner, self.second)

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.is_changed]

    @cached_property
    def lines(self) -> list[Line]:
        """Every target of either day, from the top, in the order of the catalogue."""
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        units = self._units
        before, after = (self._targets(day) for day in (self.first, self.second))
        keys = before.keys() | after.keys()
        catalogue = Indicator.objects.in_bulk({indicator for _unit, indicator in keys})
        for target in (*before.values(), *after.values()):
            target.indicator = catalogue[target.indicator_id]

        def place(key: Key) -> tuple:
            unit, indicator = units[key[0]], catalogue[key[1]]
            return _TIERS.index(unit.tier), unit.code, unit.pk, indicator.position, indicator.code

        for key in sorted(keys, key=place):
            yield Line(units[key[0]], catalogue[key[1]], before.get(key), after.get(key))

    def _targets(self, day: date) -> Mapping[Key, Target]:
        return latest_in_force(self._units.keys(), year=self.year, on=day, authority=self.authority)

    @cached_property
    def _units(self) -> dict[int, Unit]:
        """The unit and everybody below it on either day, called as then."""
        found: dict[int, Unit] = {self.unit.pk: self.unit}
        for day in (self.first, self.second):
            below = Unit.objects.below(self.unit, Month.containing(day))
            found |= {unit.pk: unit for unit in below}
        return found

    @cached_property
    def _planner(self) -> int:
        """The province whose plan it is, else the unit itself."""
        month = Month.containing(self.second)
        above = self.unit.ancestries.in_month(month).filter(ancestor__tier=Tier.PROVINCE)
        return above.values_list("ancestor", flat=True).first() or self.unit.pk


def day_before_last_version(unit: Unit, year: int, authority: str, until: date) -> date:
    """The day before the newest amendment or replacement of a year; else its 1 January."""
    steps = Decision.objects.filter(
        unit__in=unit.ancestries.values("ancestor"),
        authority=authority,
        year=year,
        effective_on__lte=until,
        effective_on__gt=date(year, 1, 1),
    ).exclude(amends=None, replaces=None)
    last = steps.order_by("-effective_on").values_list("effective_on", flat=True).first()
    return last - timedelta(days=1) if last else date(year, 1, 1)
