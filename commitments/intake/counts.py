"""Counts from a file: read to entries with every fault, then recorded all or nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from commitments import querysets
from commitments.actions.reporting.counts import Entry, Outcome, record_counts
from commitments.models import Indicator
from commitments.rules import LONGEST_REASON, Fault, Refused
from districts.models import EntryTier, Tier, Unit
from districts.months import Month
from steering.accounts.actors import Actor, CommandLine

from . import questions
from .files import open_file
from .headers import Catalogue, computed_indicator
from .imported import Imported, as_warning, in_file_order, located, warnings
from .numbers import Unreadable, read_count
from .reading import Reading, Unread
from .statements.around import (
    Held,
    Surroundings,
    foreign_measures,
    held_in,
    stated_month,
    texts_around,
)
from .statements.asked import Asked
from .statements.measures import scale_in_row
from .tables import matrix, strays, sums, tidy
from .tables.extents import tables_of
from .tables.units import KnownLine, UnitFinder, know_lines
from .workbook.cells import Book, Place, Sheet, Value, column_index, is_filled, shown

_Key = tuple[Month, int, int]


def import_counts(
    *,
    path: str | Path,
    month: Month | None,
    actor: Actor,
    on: date,
    dry_run: bool = False,
    approve: bool = False,
    explanation: str = "",
    confirm: Collection[str] = (),
) -> Imported:
    """Record the counts of a file, all or nothing.

    ``month`` is needed for a matrix; a tidy table may name its own. ``confirm`` answers the
    questions of the file by their codes, which is kept with every number. Raises Refused with
    every fault of the file and of its numbers, in the order of the file; nothing is written then.
    """
    book = open_file(path)
    if book.keys is not None:
        message = _(
            "The file is a template that was downloaded here. Hand it in on the page of the "
            "template, not as a table."
        )
        raise Refused.because("is_template", message)
    reading = read_counts(book, month=month, on=on)
    faults, answered, needless = questions.settle(reading.faults, confirm)
    why = _("Administrative import") if isinstance(actor, CommandLine) else _("Import")
    why = questions.with_told(f"{why}: {reading.file}", answered, LONGEST_REASON)
    outcome = Outcome()
    try:
        outcome = record_counts(
            entries=reading.entries,
            actor=actor,
            on=on,
            why=why,
            explanation=explanation,
            approve=approve,
            # With faults in the file, what could be read is still examined, and not kept.
            dry_run=dry_run or bool(faults),
        )
    except Refused as refused:
        faults += [located(fault, reading.places) for fault in refused.faults]
    if faults:
        raise Refused(in_file_order(faults, book.sheets))
    return Imported(
        rows=reading.rows,
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        blank=reading.blank,
        warnings=[
            *map(as_warning, [*reading.remarks, *questions.not_asked(needless)]),
            *warnings(outcome.warnings, reading.cells()),
        ],
        ignored_sheets=reading.ignored_sheets,
        confirmed=questions.confirmed(answered),
    )


# --- reading -------------------------------------------------------------------------------------


Columns = Mapping[Place, Indicator | None]
"""What somebody decided that the column under a head of a matrix holds; None: leave it out."""


def read_counts(
    book: Book, *, month: Month | None, on: date, columns: Columns | None = None
) -> Reading:
    """Every count of an opened file, tidy or matrix, sheet by sheet, and every fault in it.

    Sheets without a table are left out and named, unless no sheet has one. ``on`` dates the bases
    of a file that does not say of which day they are; no count may be of a month after it.
    """
    reader = _Reader(book.with_tables(has_table), month, on, columns or {})
    for fault in strays.unread_sheets(book, has_table, reader.names):
        reader.fault(fault)
    for sheet in reader.book.sheets:
        for table in tables_of(sheet):
            reader.read(table)
    return reader.finished(book.sheets)


def has_table(sheet: Sheet) -> bool:
    """Whether a sheet holds a table of either form."""
    return tidy.find_header(sheet) is not None or matrix.find_header(sheet) is not None


class _Reader:
    def __init__(self, book: Book, month: Month | None, on: date, columns: Columns):
        self.book, self.month, self.on, self.columns = book, month, on, columns
        self.catalogue = Catalogue(querysets.indicators_by_id().values())
        self.finder = UnitFinder()
        about = month or Month.containing(on)
        self.names = strays.naming(self.finder, self.catalogue, about)
        self.reading = Reading(book.name, ignored_sheets=book.ignored_sheets)
        self.found: dict[_Key, list[tuple[Entry, Place]]] = defaultdict(list)
        self.stated: list[tuple[Surroundings, Sequence[Held]]] = []

    def read(self, sheet: Sheet) -> None:
        """One table of a sheet, whichever of the two forms it has."""
        rows, faults = self.reading.rows, len(self.reading.faults)
        if (header := tidy.find_header(sheet)) is not None:
            self._look_above(sheet, header[0])
            self._read_tidy(sheet, *header)
        elif (top := matrix.find_header(sheet)) is not None:
            self._look_above(sheet, top)
            self._read_matrix(sheet, top)
        else:
            self._fault_of_sheet(
                sheet,
                "no_header",
                _(
                    "No row heads a table. Head the columns month, unit, indicator, value, or put "
                    "“Đơn vị” over the units and an indicator over each column of numbers."
                ),
            )
        if rows == self.reading.rows and faults == len(self.reading.faults):
            self._fault_of_sheet(sheet, "no_rows", _("The table has a header and no rows."))

    def _fault_of_sheet(
        self, sheet: Sheet, code: str, message: str, read: str | None = None
    ) -> None:
        self.fault(Fault(code, message, sheet=sheet.name, read=read))

    def fault(self, fault: Fault) -> None:
        self.reading.faults.append(fault)

    def _look_above(self, sheet: Sheet, top: int) -> None:
        """Numbers above the heads are asked about or named, once for all tables below them."""
        for fault in strays.above_the_heads(sheet, top, self.names):
            kept = (
                self.reading.faults
                if isinstance(fault, questions.Question)
                else self.reading.remarks
            )
            if fault not in kept:
                kept.append(fault)

    def finished(self, sheets: Sequence[Sheet]) -> Reading:
        """The reading, without the cells that were given more than once or that nobody sees."""
        by_name = {sheet.name: sheet for sheet in self.book.sheets}
        for given in self.found.values():
            given = [one for one in given if not self._is_hidden(by_name, *one)]
            if not given:
                continue
            if len(given) == 1:
                entry, place = given[0]
                self.reading.entries.append(entry)
                self.reading.places.append(place)
                continue
            first = given[0][1]
            for entry, place in given[1:]:
                message = _("This number is given twice, here and in %(first)s. Keep one.")
                self.fault(place.fault("duplicate", message % {"first": str(first)}, entry.value))
        self.reading.faults += foreign_measures(self.stated)
        self.reading.faults = in_file_order(self.reading.faults, sheets)
        self.reading.remarks = in_file_order(self.reading.remarks, sheets)
        return self.reading

    def _is_hidden(self, sheets: Mapping[str | None, Sheet], entry: Entry, place: Place) -> bool:
        """Whether a number stands in a hidden row or column, which is a fault of its own."""
        hidden = sheets[place.sheet].is_hidden(place.row - 1, column_index(place.column))
        if hidden:
            message = _("This number is in a hidden row or column. Show it, or delete it.")
            self.fault(place.fault("hidden_cell", message, entry.value))
        return hidden

    def _store(
        self,
        month: Month,
        unit: Unit,
        indicator: Indicator,
        value: int | None,
        place: Place,
        source: str = "",
        dated: date | None = None,
    ) -> None:
        if value is None:
            self.reading.blank += 1
            return
        entry = Entry(
            month=month,
            unit_id=unit.pk,
            indicator_id=indicator.pk,
            value=value,
            source=f"{self.book.name[-100:]} {place}",
        )
        if indicator.is_base:
            entry = replace(entry, base_source=source, dated=dated or self.on)
        self.found[month, unit.pk, indicator.pk].append((entry, place))

    def _keep_unread(
        self, month: Month, unit: Unit, indicator: Indicator, place: Place, cell: Value
    ) -> None:
        self.reading.unread[place] = Unread(month, unit.pk, indicator.pk, shown(cell))

    # --- tidy tables -----------------------------------------------------------------------------

    def _read_tidy(self, sheet: Sheet, header: int, columns: dict[str, list[int]]) -> None:
        taken = {column for found in columns.values() for column in found}
        filled = {row for row, cells in enumerate(sheet.rows) if any(map(is_filled, cells))}
        sheet = strays.mark_merged(sheet, header + 1, filled, taken)
        beyond = strays.beyond_the_heads(sheet, header)
        self.reading.faults += strays.parted_numbers(sheet, header, columns["value"][0])
        faults, remarks = strays.numbers_beside(sheet, header, taken, self.names)
        self.reading.faults += [*beyond.values(), *faults]
        self.reading.remarks += remarks
        texts = texts_around(self.book.name, sheet, header, None)
        around = Surroundings(texts, Asked(self.month))
        rows = list(
            tidy.read_tidy(
                sheet, header, columns, self.catalogue, self.month, self.fault, around.scale_of
            )
        )
        self._hold_against(around, held_in((row.indicator, row.month) for row in rows))
        for row in rows:
            self.reading.rows += 1
            if row.place.row - 1 in beyond:
                continue
            if (other := tidy.other_number(sheet, taken, row)) is not None:
                self.fault(other)
                if not isinstance(other, questions.Question):
                    continue
            if self._is_ahead(row.month, row.indicator):
                self.fault(row.month_place.fault(*_future_month(row.month)))
                continue
            is_code = isinstance(row.unit, int) or row.unit.isdecimal()
            name, code = (row.name, str(row.unit)) if is_code else (row.unit, None)
            try:
                unit = self.finder.find(row.month, name, code)
                unit = self._reporting(unit, row.indicator, row.month)
            except Unreadable as error:
                self.fault(error.at(row.unit_place, row.unit))
                continue
            if row.unread is not None:
                self._keep_unread(row.month, unit, row.indicator, row.place, row.unread)
                continue
            self._store(row.month, unit, row.indicator, row.value, row.place, row.source, row.dated)

    def _is_ahead(self, month: Month, indicator: Indicator) -> bool:
        """Whether a count cannot exist yet; a base may be set for the year to come."""
        return month > Month.containing(self.on) and not indicator.is_base

    def _reporting(self, unit: Unit, indicator: Indicator, month: Month) -> Unit:
        """The unit whose report holds ``indicator`` when ``unit`` is named; Unreadable if none."""
        if unit.reports_at == indicator.entered_at:
            return unit
        if self._may_report(unit, indicator) and (office := self.finder.office_of(unit, month)):
            return office
        names = {"unit": unit.full_name, "indicator": indicator.code}
        if indicator.entered_at == EntryTier.PROVINCE:
            raise Unreadable(
                "wrong_level",
                _("%(indicator)s is collected by the province itself, not by %(unit)s."),
                _("the code of the province"),
                **names,
            )
        raise Unreadable(
            "computed_total",
            _(
                "%(indicator)s of %(unit)s is added up from its communes and cannot be entered. "
                "Give the number of each commune."
            ),
            _("the code of a commune"),
            **names,
        )

    # --- matrices --------------------------------------------------------------------------------

    def _read_matrix(self, sheet: Sheet, top: int) -> None:
        faults = len(self.reading.faults)
        asked = Asked(self.month)
        table = matrix.read_matrix(
            sheet, top, self.catalogue, _is_entered, self.fault, self.columns, asked
        )
        self.reading.remarks += table.left_out
        self.reading.faults += strays.parted_in_all_rows(table)
        around = Surroundings(texts_around(self.book.name, sheet, table.top, table.below), asked)
        month = self._month_of(sheet, around)
        if month is None:
            return
        self._hold_against(around, [Held(one.indicator, head=one.head) for one in table.columns])
        if not table.columns:
            if faults == len(self.reading.faults):
                message = _("No column is headed by an indicator. Write its code or official name.")
                self._fault_of_sheet(sheet, "no_indicator", message)
            return
        if any(self._is_ahead(month, column.indicator) for column in table.columns):
            self._fault_of_sheet(sheet, *_future_month(month))
            return
        known_before = len(self.reading.faults)
        lines = know_lines(table, self.finder, month, self.fault)
        complete = known_before == len(self.reading.faults)
        above = self.finder.above([line.unit for line in lines if line.unit], month)
        table = strays.without_merged(table, top)
        self.reading.remarks += strays.left_out_of(table, top, lines)
        self.reading.faults += strays.other_units(
            table, top, lines, above, lambda text: self.finder.certain(month, text)
        )
        rows: set[int] = set()
        for column in table.columns:
            rows |= self._read_column(table, around, column, lines, month, above, complete=complete)
        self.reading.rows += len(rows)

    def _month_of(self, sheet: Sheet, around: Surroundings) -> Month | None:
        """The month asked for; None after a fault."""
        if self.month is None:
            message = _("A table without a column of months needs --month.")
            stated = stated_month(around.texts)
            read = None if stated is None else str(stated)
            self._fault_of_sheet(sheet, "month_missing", message, read)
        return self.month

    def _hold_against(self, around: Surroundings, held: Sequence[Held]) -> None:
        """Ask about what is stated around a table; once, where tables share a title."""
        self.stated.append((around, held))
        for asked in around.questions(held):
            if asked not in self.reading.faults:
                self.fault(asked)

    def _read_column(
        self,
        table: matrix.Matrix,
        around: Surroundings,
        column: matrix.Column,
        lines: list[KnownLine],
        month: Month,
        above: dict[int, list[int]],
        *,
        complete: bool,
    ) -> set[int]:
        """Store the numbers of one indicator; returns the rows stored.

        Sums are only checked where no row and no number is missing.
        """
        indicator, rows = column.indicator, set()
        stated_scale = around.scale_of(indicator, column.head)
        parts: list[sums.Part] = []
        stated: list[sums.Stated] = []
        for line in lines:
            cell, place = table.cell(line.line, column)
            try:
                scale = scale_in_row(line.line.measure, indicator) or stated_scale
                value = read_count(cell, scale)
                adds_up = line.is_total or _adds_up(line.unit, indicator)
                if value is None and (adds_up or not self._may_report(line.unit, indicator)):
                    continue
                unit = None if adds_up else self._reporting(line.unit, indicator, month)
            except Unreadable as error:
                self.fault(error.at(place, cell))
                complete = False
                if line.unit and line.unit.reports_at == indicator.entered_at:
                    self._keep_unread(month, line.unit, indicator, place, cell)
                continue
            group = line.group and line.group.pk
            if unit is not None:
                self._store(month, unit, indicator, value, place)
                parts.append(sums.Part(line.unit.pk, group, value))
                rows.add(line.line.row)
            else:
                label, own = line.line.label or line.unit.full_name, line.unit and line.unit.pk
                stated.append(sums.Stated(place, label, value, own, group))
        if complete:
            for sum_, true in sums.wrong_sums(stated, parts, above):
                self.fault(_wrong_sum(sum_, true, indicator))
        return rows

    @staticmethod
    def _may_report(unit: Unit, indicator: Indicator) -> bool:
        return unit.reports_at == indicator.entered_at or (
            indicator.entered_at == EntryTier.PROVINCE and unit.tier == Tier.PROVINCE
        )


def _future_month(month: Month) -> tuple[str, str, str]:
    """Code, sentence and what was read, of counts of a month that has not begun."""
    message = _("%(month)s has not begun yet. Correct the month.")
    return "future_month", message % {"month": month.shown}, str(month)


def _is_entered(indicator: Indicator) -> bool:
    """Accepts the columns of a file of counts; Unreadable for what is computed."""
    if not indicator.is_entered:
        raise computed_indicator(indicator)
    return True


def _adds_up(unit: Unit, indicator: Indicator) -> bool:
    """Whether the number of ``unit`` in a table can only be the sum of its communes'."""
    return (
        indicator.entered_at == EntryTier.COMMUNE
        and unit.reports_at == ""
        and unit.tier in (Tier.PROVINCE, Tier.DISTRICT)
    )


def _wrong_sum(stated: sums.Stated, true: int | None, indicator: Indicator) -> Fault:
    if true is not None:
        return sums.total_differs(stated, true)
    if indicator.entered_at == EntryTier.PROVINCE:
        return stated.place.fault(
            "wrong_level",
            _("%(indicator)s is the province's own. Give it in a row headed by its code or name.")
            % {"indicator": indicator.code},
            stated.value,
            _("the code of the province"),
        )
    return sums.computed_total(stated)
