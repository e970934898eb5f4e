"""Which units the rows of a file are about, on the map of each row's month."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from commitments.intake.numbers import Unreadable, unclear
from commitments.intake.workbook.cells import Unclear, column_index
from commitments.rules import Fault
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from districts.names import Match, UnitNames, is_total_row

from .matrix import Line, Matrix

_CODES = {
    "no_name": "unit_missing",
    "unknown_code": "unknown_unit",
    "unknown_name": "unknown_unit",
    "not_below": "unknown_unit",
    "ambiguous": "ambiguous_unit",
    "not_in_force": "unit_not_in_force",
    "code_and_name": "code_and_name",
    "old_font": "old_font",
}
_FROM_LOW_TO_HIGH = (Tier.COMMUNE, Tier.DISTRICT, Tier.PROVINCE)


class UnitFinder:
    """Finds units by code or name; every month's map is loaded once, in constant queries."""

    def __init__(self):
        self._names: dict[Month, UnitNames] = {}
        self._offices: dict[Month, dict[int, Unit]] = {}
        self._matches: dict[tuple, Match] = {}

    def find(
        self, month: Month, name: str | None, code: str | None, near: Iterable[Unit | None] = ()
    ) -> Unit:
        """The unit meant; between units of one name the first of ``near`` above one decides.

        Raises Unreadable where it is unknown, ambiguous or not in force in ``month``.
        """
        match = self._match(month, name, code)
        if match.reason == "ambiguous":
            for parent in near:
                if parent is not None:
                    narrowed = self._match(month, name, code, parent)
                    if narrowed.certain:
                        return narrowed.unit
        if not match.certain:
            raise Unreadable(
                _CODES[match.reason],
                "%(problem)s",
                "; ".join(f"{unit.code} {unit.full_name}" for unit in match.candidates) or None,
                problem=match.problem,
            )
        return match.unit

    def _match(
        self, month: Month, name: str | None, code: str | None, parent: Unit | None = None
    ) -> Match:
        key = month, name, code, parent and parent.pk
        if key not in self._matches:
            if month not in self._names:
                self._names[month] = UnitNames(month)
            self._matches[key] = self._names[month].match(name, code, parent=parent)
        return self._matches[key]

    def knows(self, month: Month, text: str) -> bool:
        """Whether a text names a unit, be it one of several or one of another map."""
        match = self._match(month, text, None)
        return match.certain or match.reason in ("ambiguous", "not_in_force")

    def certain(self, month: Month, text: str) -> Unit | None:
        """The unit that a text names beyond doubt, if it is no bare number."""
        return None if text.isdecimal() else self._match(month, text, None).unit

    def named_in(self, titles: Iterable[str], month: Month) -> Unit | None:
        """The unit that title lines are about (``UBND HUYỆN ...``): the lowest, if it is one."""
        named = {
            match.unit for title in titles if (match := self._match(month, title, None)).certain
        }
        for tier in _FROM_LOW_TO_HIGH:
            if at_tier := [unit for unit in named if unit.tier == tier]:
                return at_tier[0] if len(at_tier) == 1 else None
        return None

    def office_of(self, province: Unit, month: Month) -> Unit | None:
        """The unit that reports what ``province`` collects itself."""
        if month not in self._offices:
            rows = (
                Ancestry.objects.in_month(month)
                .filter(descendant__tier=Tier.OFFICE, ancestor__tier=Tier.PROVINCE)
                .select_related("descendant")
            )
            self._offices[month] = {row.ancestor_id: row.descendant for row in rows}
        return self._offices[month].get(province.pk)

    def above(self, units: Collection[Unit], month: Month) -> dict[int, list[int]]:
        """For each unit the ids of all units above it in ``month``, the nearest first."""
        above: dict[int, list[int]] = defaultdict(list)
        rows = Ancestry.objects.above({unit.pk for unit in units}, month)
        for unit, ancestor in rows.values_list("descendant", "ancestor"):
            above[unit].append(ancestor)
        return above

    def common_province(self, units: Collection[Unit], month: Month) -> Unit | None:
        """The one province all of ``units`` belong to; None if there are several or none."""
        rows = Ancestry.objects.in_month(month).filter(
            descendant__in={unit.pk for unit in units}, ancestor__tier=Tier.PROVINCE
        )
        provinces = list(Unit.objects.filter(pk__in=rows.values("ancestor"))[:2])
        return provinces[0] if len(provinces) == 1 else None


@dataclass(frozen=True)
class KnownLine:
    """A row of a matrix and the unit it is about; no unit: it adds up others."""

    line: Line
    unit: Unit | None
    group: Unit | None

    @property
    def is_total(self) -> bool:
        return self.unit is None


def know_lines(
    matrix: Matrix, finder: UnitFinder, month: Month, fault: Callable[[Fault], None]
) -> list[KnownLine]:
    """Say of each row which unit it is about; rows with numbers of nobody known go to ``fault``.

    Remarks, signatures and captions without numbers are left out. A row of a province or district
    groups those that follow, and tells units of one name apart; so do the title lines, and the
    province where all certain rows are.
    """
    title = finder.named_in(matrix.titles, month)
    known, unsure = _first_reading(matrix, finder, month, title)
    if any(error.code == "ambiguous_unit" for _index, _group, error in unsure):
        province = finder.common_province([k.unit for k in known.values() if k.unit], month)
        unsure = [
            (index, group, error)
            for index, group, error in unsure
            if not _settle(matrix, finder, month, province, index, group, known)
        ]
    last = max(known, default=-1)
    for index, _group, error in unsure:
        line = matrix.lines[index]
        if not _is_remark(line, after_the_table=index > last):
            named = matrix.sheet.value(line.row, column_index(line.place.column))
            if isinstance(named, Unclear):
                fault(unclear(named).at(line.place, named))
            else:
                fault(error.at(line.place, line.code or line.label))
    return [known[index] for index in sorted(known)]


_Unsure = tuple[int, Unit | None, Unreadable]


def _first_reading(
    matrix: Matrix, finder: UnitFinder, month: Month, title: Unit | None
) -> tuple[dict[int, KnownLine], list[_Unsure]]:
    known: dict[int, KnownLine] = {}
    unsure: list[_Unsure] = []
    group: Unit | None = None
    for index, line in enumerate(matrix.lines):
        if line.code is None and line.label and is_total_row(line.label):
            known[index] = KnownLine(line, None, group)
            continue
        try:
            unit = finder.find(month, line.label, line.code, (group, title))
        except Unreadable as error:
            unsure.append((index, group, error))
            continue
        if unit.tier in (Tier.PROVINCE, Tier.DISTRICT):
            group = unit
        known[index] = KnownLine(line, unit, group)
    return known, unsure


def _settle(
    matrix: Matrix,
    finder: UnitFinder,
    month: Month,
    province: Unit | None,
    index: int,
    group: Unit | None,
    known: dict[int, KnownLine],
) -> bool:
    """Whether the province of all certain rows tells which of several units a row is about."""
    line = matrix.lines[index]
    try:
        unit = finder.find(month, line.label, line.code, [province])
    except Unreadable:
        return False
    known[index] = KnownLine(line, unit, group)
    return True


def _is_remark(line: Line, *, after_the_table: bool) -> bool:
    """Whether a row that names no unit may be passed over, since it gives no number."""
    if line.numbered:
        return False
    return not line.holds_numbers or (after_the_table and line.only_words)
