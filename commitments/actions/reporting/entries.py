"""Numbers to record, each examined by itself: may it be reported at all, by this actor, today?"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from commitments.models import Indicator
from commitments.rules import Fault, Finding
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import Actor
from steering.committee import access
from steering.committee.roles import Permission


@dataclass(frozen=True)
class Entry:
    """One number to record. ``source`` names file, sheet and cell; a base names its own source."""

    month: Month
    unit_id: int
    indicator_id: int
    value: int
    source: str = ""
    base_source: str = ""
    dated: date | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.unit_id, self.indicator_id


@dataclass
class Batch:
    """The entries of one call and what is wrong with them, gathered to be told all at once."""

    entries: Sequence[Entry]
    faults: list[Fault] = field(default_factory=list)
    faulty_units: set[int] = field(default_factory=set)

    def fault(self, index: int, code: str, message: str, expected: str | None = None) -> None:
        entry = self.entries[index]
        self.faulty_units.add(entry.unit_id)
        self.faults.append(
            Fault(code, message, read=str(entry.value), expected=expected, entry=index)
        )

    def end(self, index: int, unit: Unit) -> None:
        """The unit of an entry does not stand in its month; told once if it was told already."""
        entry = self.entries[index]
        if entry.unit_id not in self.faulty_units:
            message = _("%(unit)s is not in force in %(month)s.")
            names = {"unit": unit.full_name, "month": entry.month.shown}
            self.fault(index, "unit_not_in_force", message % names)

    def block(
        self, indices: Collection[int], findings: Iterable[Finding], code: Callable[[int], str]
    ) -> None:
        """Each blocking finding becomes a fault of its number, or of the report's first entry."""
        places = {
            (self.entries[index].unit_id, code(self.entries[index].indicator_id)): index
            for index in indices
        }
        first = self.first_of(indices)
        for finding in findings:
            if finding.blocks:
                index = places.get((finding.unit_id, finding.indicator), first[finding.unit_id])
                self.fault(index, finding.rule, finding.message, finding.expected)

    def first_of(self, indices: Collection[int]) -> dict[int, int]:
        """Unit to the index of its first entry."""
        return {self.entries[index].unit_id: index for index in sorted(indices, reverse=True)}


def by_month(entries: Sequence[Entry]) -> dict[Month, dict[int, Entry]]:
    """The entries of each month by their index, months in order."""
    found: dict[Month, dict[int, Entry]] = {}
    for index, entry in enumerate(entries):
        found.setdefault(entry.month, {})[index] = entry
    return dict(sorted(found.items()))


def may_report(units: Collection[int], actor: Actor, on: date) -> set[int]:
    """Those of ``units`` that the actor may report for."""
    known = Unit.objects.filter(pk__in=units)
    reached = access.visible(known, actor, on, permission=Permission.REPORT_COUNTS)
    return set(reached.values_list("pk", flat=True))


def examine(
    batch: Batch,
    *,
    units: Mapping[int, Unit],
    indicators: Mapping[int, Indicator],
    allowed: Collection[int],
    on: date,
) -> None:
    """Judge each entry by itself; ``allowed`` are the units that the actor may report for."""
    seen: set[tuple[Month, int, int]] = set()
    for index, entry in enumerate(batch.entries):
        unit, indicator = units[entry.unit_id], indicators[entry.indicator_id]
        names = {"unit": unit.full_name, "indicator": indicator.code, "month": entry.month.shown}
        if (entry.month, *entry.key) in seen:
            message = _("%(indicator)s of %(unit)s for %(month)s is given twice.") % names
            batch.fault(index, "duplicate", message)
        elif found := _fault_of(entry, unit, indicator, names, allowed, on):
            batch.fault(index, *found)
        seen.add((entry.month, *entry.key))


def _fault_of(
    entry: Entry,
    unit: Unit,
    indicator: Indicator,
    names: Mapping[str, object],
    allowed: Collection[int],
    on: date,
) -> tuple[str, str, str | None] | None:
    """Code, message and what was expected, if the entry cannot be recorded."""
    if entry.unit_id not in allowed:
        return "not_allowed", _("You may not report for %(unit)s.") % names, None
    if not indicator.is_entered:
        return (
            "computed_indicator",
            _("%(indicator)s is computed and cannot be entered. Leave the column out.") % names,
            None,
        )
    if not indicator.since <= entry.month < indicator.until:
        return (
            "indicator_not_valid",
            _("%(indicator)s is not valid in %(month)s.") % names,
            None,
        )
    if entry.month > Month.containing(on) and not indicator.is_base:
        return (
            "future_month",
            _("%(month)s has not begun yet. Correct the month.") % names,
            f"<= {Month.containing(on)}",
        )
    if not unit.since <= entry.month < unit.until:
        return "unit_not_in_force", _("%(unit)s is not in force in %(month)s.") % names, None
    if unit.reports_at != indicator.entered_at:
        return (
            "wrong_level",
            _("%(unit)s does not report %(indicator)s; it is entered at another level.") % names,
            indicator.entered_at,
        )
    if entry.value < 0:
        return "negative", _("A count cannot be negative."), ">= 0"
    if entry.value > indicator.maximum:
        return (
            "above_maximum",
            _("%(indicator)s of %(unit)s is above the upper bound. Check the number.") % names,
            f"<= {indicator.maximum}",
        )
    return None
