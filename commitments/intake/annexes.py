"""The annex of a decision, read: one row per unit, one column per indicator. Nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commitments import querysets
from commitments.actions.targets.decisions import NewTarget
from commitments.models import Decision, Indicator, Kind, Operator
from commitments.rules import Fault
from districts.models import Reorganisation, Tier, Unit
from districts.months import Month
from districts.vietnamese import search_key

from . import questions
from .headers import Catalogue
from .numbers import Unreadable, read_target
from .questions import Question, question
from .statements.around import Held, Surroundings, foreign_measures, texts_around
from .statements.asked import Asked
from .statements.measures import scale_in_row
from .tables import matrix, strays, sums
from .tables.extents import tables_of
from .tables.units import KnownLine, UnitFinder, know_lines
from .workbook.cells import Book, Place, Sheet

Columns = Mapping[Place, Indicator | None]
"""What somebody said a column holds, by the cell of its head; None leaves it out."""


@dataclass
class Annex:
    """What an annex says: targets with the cell of each, and everything to object to.

    ``differences`` are counts that do not add up to the target above them: they ask for an
    explanation, since some units are managed by the province itself. ``remarks`` only inform.
    """

    targets: list[NewTarget] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    units: set[Unit] = field(default_factory=set)
    rows: int = 0
    blank: int = 0
    differences: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def cells(self) -> dict[tuple[Month, int, str], Place]:
        """The cell of each (deadline, unit, indicator code)."""
        codes = {pk: indicator.code for pk, indicator in querysets.indicators_by_id().items()}
        return {
            (target.deadline, target.unit_id, codes[target.indicator_id]): place
            for target, place in zip(self.targets, self.places, strict=True)
        }


def map_month(issued_on: date, effective_on: date) -> Month:
    """The month whose units an annex names: those in force when it was issued and effective."""
    return Month.of_map(max(issued_on, effective_on), Reorganisation.objects.breaks())


def read_annex(book: Book, decision: Decision, columns: Columns | None = None) -> Annex:
    """What the annex of a recorded decision says; ``columns`` tells what somebody said they hold.

    Nothing is written and nothing of it is refused yet: ``faults`` are what is wrong or asked.
    """
    month = map_month(decision.issued_on, decision.effective_on)
    return AnnexReader(book, month, decision.year, UnitFinder(), decision.unit, columns).read()


def has_table(sheet: Sheet) -> bool:
    """Whether a sheet holds a table of units and targets."""
    return matrix.find_header(sheet) is not None


class AnnexReader:
    """Reads every table of a book as targets of the units in force in ``month``."""

    def __init__(
        self,
        book: Book,
        month: Month,
        year: int,
        finder: UnitFinder,
        province: Unit | None,
        columns: Columns | None = None,
    ):
        self.book, self.month, self.year, self.finder = book, month, year, finder
        self.province, self.columns = province, columns or {}
        self.catalogue = Catalogue(querysets.indicators_by_id().values())
        self.names = strays.naming(finder, self.catalogue, month)
        self.annex = Annex()
        self.found: dict[tuple[int, int], list[tuple[NewTarget, Place]]] = defaultdict(list)
        self.stated: list[tuple[Surroundings, Sequence[Held]]] = []

    def read(self) -> Annex:
        for fault in strays.unread_sheets(self.book, has_table, self.names):
            self._fault(fault)
        for sheet in self.book.with_tables(has_table).sheets:
            for table in tables_of(sheet):
                self._read_table(table)
        self.annex.faults += foreign_measures(self.stated)
        for given in self.found.values():
            if len(given) == 1:
                target, place = given[0]
                self.annex.targets.append(target)
                self.annex.places.append(place)
                continue
            for target, place in given[1:]:
                message = _("This target is given twice, here and in %(first)s. Keep one.")
                details = {"first": str(given[0][1])}
                self._fault(place.fault("duplicate", message % details, target.value))
        return self.annex

    def _fault(self, fault: Fault) -> None:
        self.annex.faults.append(fault)

    def _read_table(self, sheet: Sheet) -> None:
        top = matrix.find_header(sheet)
        if top is None:
            message = _("No row heads a table: put “Đơn vị” over the units and indicators beside.")
            self._fault(Fault("no_header", message, sheet=sheet.name))
            return
        self._look_above(sheet, top)
        before = self._wrong()
        asked = Asked(year=self.year)
        table = matrix.read_matrix(
            sheet, top, self.catalogue, self._is_assigned, self._fault, self.columns, asked
        )
        self.annex.remarks += table.left_out
        around = Surroundings(texts_around(self.book.name, sheet, table.top, table.below), asked)
        self._hold_against(around, [Held(one.indicator, head=one.head) for one in table.columns])
        known_before = self._wrong()
        lines = know_lines(table, self.finder, self.month, self._fault)
        table = strays.without_merged(table, top)
        self.annex.remarks += strays.left_out_of(table, top, lines)
        if table.columns and lines:
            self._read_lines(table, top, around, lines, complete=known_before == self._wrong())
        elif before == self._wrong():
            message = _("The table has no rows, or no column headed by an indicator.")
            self._fault(Fault("no_rows", message, sheet=sheet.name))

    def _look_above(self, sheet: Sheet, top: int) -> None:
        """Numbers above the heads are asked about or named, once for all tables below them."""
        for fault in strays.above_the_heads(sheet, top, self.names):
            is_asked = isinstance(fault, questions.Question)
            kept = self.annex.faults if is_asked else self.annex.remarks
            if fault not in kept:
                kept.append(fault)

    def _is_assigned(self, indicator: Indicator) -> bool:
        """Accepts what may be a target; a base is what others are measured by, and left out."""
        if indicator.is_base:
            message = _("%(indicator)s is a base, not a target, and was left out.")
            details = {"indicator": indicator.code}
            self.annex.remarks.append(
                Fault("base_left_out", message % details, read=indicator.code)
            )
        return not indicator.is_base

    def _hold_against(self, around: Surroundings, held: Sequence[Held]) -> None:
        """Ask about what is stated around a table; once, where tables share a title."""
        self.stated.append((around, held))
        for asked in around.questions(held):
            if asked not in self.annex.faults:
                self._fault(asked)

    def _wrong(self) -> int:
        """How much is wrong so far; what is only asked about may be read on."""
        return sum(not isinstance(fault, Question) for fault in self.annex.faults)

    def _read_lines(
        self,
        table: matrix.Matrix,
        top: int,
        around: Surroundings,
        lines: list[KnownLine],
        *,
        complete: bool,
    ) -> None:
        """Every target of a table; sums are only compared where no row is missing."""
        units = {line.unit for line in lines if line.unit is not None}
        self.annex.units |= units
        self.annex.rows += len(lines)
        above = self.finder.above(units, self.month)
        self.annex.faults += strays.other_units(
            table, top, lines, above, lambda text: self.finder.certain(self.month, text)
        )
        owners = _Owners(units, above, self.province)
        for column in table.columns:
            before = self._wrong()
            own: dict[int, sums.Stated] = {}
            scale = around.scale_of(column.indicator, column.head)
            for line in lines:
                self._read_cell(table, column, scale, line, owners, own)
            is_whole = complete and before == self._wrong()
            if is_whole and column.indicator.kind != Kind.RATIO:
                self._compare(own, above)

    def _read_cell(
        self,
        table: matrix.Matrix,
        column: matrix.Column,
        stated_scale: int,
        line: KnownLine,
        owners: "_Owners",
        own: dict[int, sums.Stated],
    ) -> None:
        """One target, kept in ``own`` by its unit."""
        cell, place = table.cell(line.line, column)
        try:
            scale = scale_in_row(line.line.measure, column.indicator) or stated_scale
            target = read_target(cell, column.indicator, scale)
        except Unreadable as error:
            self._fault(error.at(place, cell))
            return
        owner = owners.of(line)
        if target is None:
            self.annex.blank += 1
        elif table.sheet.is_hidden(line.line.row, column.index):
            message = _("This number is in a hidden row or column. Show it, or delete it.")
            self._fault(place.fault("hidden_cell", message, cell))
        elif owner is None:
            if owners.are_known or not self.annex.faults:
                self._fault(_whose(line, place, cell))
        else:
            if _is_doubtful(target, column.indicator):
                self._fault(question(_zero(place, column.indicator, cell)))
            label = line.line.label or owner.full_name
            stated = sums.Stated(place, label, target[1], owner.pk, None)
            if not line.is_total or owner.pk not in own:
                own[owner.pk] = stated
                self._store(owner, column.indicator, target, place)
            elif own[owner.pk].value != stated.value:
                # A total below the row of its own unit only repeats what that row says.
                self._fault(sums.total_differs(stated, own[owner.pk].value))

    def _store(
        self, unit: Unit, indicator: Indicator, target: tuple[str, int], place: Place
    ) -> None:
        operator, value = target
        self.annex.units.add(unit)
        self.found[unit.pk, indicator.pk].append(
            (
                NewTarget(
                    unit_id=unit.pk,
                    indicator_id=indicator.pk,
                    value=value,
                    deadline=Month.of(self.year, 12),
                    operator=operator,
                ),
                place,
            )
        )

    def _compare(self, own: dict[int, sums.Stated], above: dict[int, list[int]]) -> None:
        """Where the targets of units below do not add up to the target of the unit above."""
        below: dict[int, list[int]] = defaultdict(list)
        for unit, stated in own.items():
            nearest = next((ancestor for ancestor in above[unit] if ancestor in own), None)
            if nearest is not None:
                below[nearest].append(stated.value)
        for unit, values in below.items():
            if sum(values) != own[unit].value:
                self.annex.differences.append(sums.total_differs(own[unit], sum(values)))


class _Owners:
    """Whose target a row states; a total row states that of the unit whose parts are listed."""

    def __init__(self, units: set[Unit], above: dict[int, list[int]], province: Unit | None):
        self.are_known = bool(units)
        listed = [above[unit.pk] for unit in units if unit.tier != Tier.PROVINCE]
        shared = [pk for pk in listed[0] if all(pk in other for other in listed)] if listed else []
        known = Unit.objects.in_bulk(shared)
        self._shared = [known[pk] for pk in shared] or ([province] if province else [])

    def of(self, line: KnownLine) -> Unit | None:
        """The unit; None where a total's cannot be told."""
        if not line.is_total:
            return line.unit
        label = search_key(line.line.label)
        if label.startswith("toan tinh"):
            return next((unit for unit in self._shared if unit.tier == Tier.PROVINCE), None)
        if line.group is not None and not label.startswith("tong"):
            return line.group
        return next(iter(self._shared), None)


def _is_doubtful(target: tuple[str, int], indicator: Indicator) -> bool:
    """Whether nothing at all is asked for: nobody plans that no one is insured at the year's end.

    In a flow 0 is a plan, and so is a rate that may not rise above it.
    """
    operator, value = target
    if indicator.kind == Kind.RATIO and operator == Operator.AT_MOST:
        return False
    return value == 0 and indicator.kind != Kind.FLOW


def _zero(place: Place, indicator: Indicator, cell: Any) -> Fault:
    message = _(
        "The target of %(indicator)s is 0. If none is assigned, leave the cell blank; if 0 is what "
        "the decision says, confirm it."
    )
    return place.fault("zero_target", message % {"indicator": indicator.code}, cell)


def _whose(line: KnownLine, place: Place, cell: Any) -> Fault:
    return place.fault(
        "unit_missing",
        _("It cannot be told whose target “%(label)s” states. Write the unit's name or code.")
        % {"label": line.line.label},
        cell,
    )
