"""Reading a filled-in template back: only the open cells are taken, and nothing in it is trusted.

What a file is comes from its hidden keys; where they are gone, from the stamp people see, and
where that is gone too, from the codes in column A together with what the reader was told.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from collection.files.workbooks.keys import (
    INPUT_COLUMN,
    LOCKED_COLUMNS,
    REASON_COLUMN,
    KeyLine,
    Keys,
    KeySheet,
    Stamp,
    find_form,
    read_keys,
    read_stamp,
)
from collection.rules import is_asked
from commitments import querysets
from commitments.actions.reporting.counts import Entry
from commitments.intake.imported import in_file_order
from commitments.intake.numbers import Unreadable, read_count
from commitments.intake.reading import Reading, Unread
from commitments.intake.tables.strays import mark_merged
from commitments.intake.workbook.cells import Book, Place, Sheet, Value, shown
from commitments.rules import Refused
from districts.models import Unit
from districts.months import Month

MAX_REASON = 300


class Known(StrEnum):
    """By what a template was recognised, from the best to the weakest."""

    KEYS = "keys"
    STAMP = "stamp"
    CODES = "codes"


@dataclass(frozen=True)
class Changed:
    """A locked cell that does not say what it said when the file was issued."""

    place: Place
    was: str
    now: str


@dataclass(frozen=True)
class Reason:
    """What was written beside a number to explain it."""

    place: Place
    text: str


@dataclass
class TemplateReading:
    """A template as read: the numbers, reasons by (month, unit, indicator), and its own state.

    ``keys_changed``: the hidden keys were tampered with and not believed. ``needs_confirmation``:
    the numbers may be taken, once somebody has seen what was changed.
    """

    reading: Reading
    known: Known
    month: Month
    units: list[Unit] = field(default_factory=list)
    version: str = ""
    is_older: bool = False
    keys_changed: bool = False
    changed: list[Changed] = field(default_factory=list)
    reasons: dict[tuple[Month, int, str], Reason] = field(default_factory=dict)

    @property
    def needs_confirmation(self) -> bool:
        return bool(self.changed) or self.known != Known.KEYS


def is_template(book: Book) -> bool:
    """Whether a file is a template, or what is left of one."""
    return book.keys is not None or any(find_form(sheet) is not None for sheet in book.sheets)


def read_template(
    book: Book, *, month: Month | None = None, units: Collection[Unit] | None = None
) -> TemplateReading:
    """The numbers and reasons of a filled-in template.

    ``month`` and ``units`` are what is expected, where anything is; they also say what a file is
    about that no longer says so itself. Raises Refused if it is of another month or unit, or if
    nothing tells what it is.
    """
    keys, tampered = _keys(book)
    found = list(_of_keys(book, keys) if keys else _of_remains(book, month, units))
    if not found:
        raise Refused.because(
            "template_unknown",
            _("No sheet of the template was found. Download it again and copy your numbers over."),
        )
    if keys:
        of_month, version, known = keys.month, keys.version, Known.KEYS
    else:
        stamps = [stamp for _sheet, _lines, stamp in found if isinstance(stamp, Stamp)]
        known = Known.STAMP if len(stamps) == len(found) else Known.CODES
        of_month = stamps[0].month if stamps else month
        version = stamps[0].version if stamps else ""
    _refuse_other_month(of_month, month)
    reader = _Reader(
        TemplateReading(
            Reading(book.name, ignored_sheets=_ignored(book, [sheet for sheet, *_rest in found])),
            known,
            of_month,
            version=version,
            is_older=bool(keys and keys.is_older),
            keys_changed=tampered,
        ),
        keys,
    )
    about = _units(found, of_month, units)
    for (sheet, lines, _about), unit in zip(found, about, strict=True):
        reader.read(sheet, lines, unit)
    return reader.finished(book.sheets)


# --- what the file is ----------------------------------------------------------------------------

_Found = tuple[Sheet, Sequence[KeyLine], KeySheet | Stamp | Unit]


def _keys(book: Book) -> tuple[Keys | None, bool]:
    """The keys if they can be believed, and whether there are some that cannot."""
    if book.keys is None:
        return None, False
    try:
        keys, checksum = read_keys(book.keys.rows)
    except ValueError:
        return None, True
    return (keys, False) if keys.is_genuine(checksum) else (None, True)


def _of_keys(book: Book, keys: Keys) -> Iterator[_Found]:
    """The sheets the keys know by name, or the only sheet there is under another name."""
    by_title = {sheet.name: sheet for sheet in book.sheets}
    forms = [sheet for sheet in book.sheets if find_form(sheet) is not None]
    for known in keys.sheets:
        sheet = by_title.get(known.title)
        if sheet is None and len(keys.sheets) == len(forms) == 1:
            sheet = forms[0]
        if sheet is not None:
            yield sheet, known.lines, known


def _of_remains(
    book: Book, month: Month | None, units: Collection[Unit] | None
) -> Iterator[_Found]:
    """The sheets that look like a form, by their stamp or by what was expected."""
    for sheet in book.sheets:
        head = find_form(sheet)
        if head is None:
            continue
        stamp = next((found for row in sheet.rows for found in map(read_stamp, row) if found), None)
        told = next(iter(units)) if units and len(units) == 1 and month is not None else None
        if stamp is None and told is None:
            raise Refused.because(
                "template_unknown",
                _(
                    "Neither the hidden keys nor the stamp at the foot of the form are there. Say "
                    "of which unit and month it is, or download the template again."
                ),
                sheet=sheet.name,
            )
        lines = [
            KeyLine(row + 1, code, ())
            for row in range(head + 1, len(sheet.rows))
            if isinstance(code := sheet.value(row, 0), str)
        ]
        yield sheet, lines, stamp or told


def _ignored(book: Book, read: Sequence[Sheet]) -> list[str]:
    return book.ignored_sheets + [sheet.name for sheet in book.sheets if sheet not in read]


def _refuse_other_month(said: Month | None, expected: Month | None) -> None:
    if expected is not None and said != expected:
        raise Refused.because(
            "other_month",
            _("The file is of %(read)s, but %(month)s is expected here.")
            % {"read": said, "month": expected},
            read=str(said),
            expected=str(expected),
        )


def _units(found: Sequence[_Found], month: Month, expected: Collection[Unit] | None) -> list[Unit]:
    """The unit of each sheet, in force that month and one of those expected; else Refused."""
    codes = {about.unit for _sheet, _lines, about in found if not isinstance(about, Unit)}
    in_force = list(Unit.objects.reporting_in(month).filter(code__in=codes))
    units = []
    for sheet, _lines, about in found:
        unit = about if isinstance(about, Unit) else _unit(about, in_force)
        if unit is None:
            message = _("No unit %(read)s reports in %(month)s. Download the template again.")
            details = {"read": about.unit, "month": month.shown}
            raise Refused.because(
                "unit_not_in_force", message % details, sheet=sheet.name, read=about.unit
            )
        units.append(unit)
    if expected is not None and (others := [unit for unit in units if unit not in expected]):
        names = ", ".join(map(str, list(expected)[:3]))
        raise Refused.because(
            "other_unit",
            _("The file is of %(read)s, but %(unit)s is expected here.")
            % {"read": others[0], "unit": names},
            read=others[0].code,
            expected=names,
        )
    return units


def _unit(about: KeySheet | Stamp, in_force: Iterable[Unit]) -> Unit | None:
    """The unit meant. A stamp gives the code alone; a commune is found before an office."""
    chosen = [unit for unit in in_force if unit.code == about.unit]
    if isinstance(about, KeySheet):
        chosen = [
            unit
            for unit in chosen
            if (unit.tier, unit.established_on) == (about.tier, about.established_on)
        ]
    return chosen[0] if chosen else None


# --- numbers and reasons -------------------------------------------------------------------------


class _Reader:
    """Takes the open cells of each sheet, and notes which locked ones were changed."""

    def __init__(self, made: TemplateReading, keys: Keys | None):
        self.made = made
        self.input = _index(keys.input_column if keys else INPUT_COLUMN)
        self.reason = _index(keys.reason_column if keys else REASON_COLUMN)
        self.indicators = {one.code: one for one in querysets.indicators_by_id().values()}

    def read(self, sheet: Sheet, lines: Sequence[KeyLine], unit: Unit) -> None:
        self.made.units.append(unit)
        by_code = _rows_by_code(sheet)
        rows = {row for found in by_code.values() for row in found}
        sheet = mark_merged(sheet, 0, rows, {self.input})
        seen: dict[str, Place] = {}
        for line in lines:
            self._compare(sheet, line)
            if line.indicator:
                self._take(sheet, line, unit, by_code, seen)

    def finished(self, sheets: Sequence[Sheet]) -> TemplateReading:
        self.made.reading.faults = in_file_order(self.made.reading.faults, sheets)
        return self.made

    def _compare(self, sheet: Sheet, line: KeyLine) -> None:
        for column, was in zip(LOCKED_COLUMNS, line.locked, strict=False):
            now = sheet.value(line.row - 1, _index(column))
            if _index(column) == self.input and (line.indicator or was is None):
                continue
            if now != was:
                place = Place(sheet.name, line.row, column)
                self.made.changed.append(Changed(place, shown(was), shown(now)))

    def _take(
        self,
        sheet: Sheet,
        line: KeyLine,
        unit: Unit,
        by_code: dict[str, list[int]],
        seen: dict[str, Place],
    ) -> None:
        row = _row_of(sheet, line, by_code)
        if row is None:
            self._fault(
                Place(sheet.name, line.row, "A"),
                "row_lost",
                _("The row of %(indicator)s is not where it was. Write its code into column A.")
                % {"indicator": line.indicator},
            )
            return
        cell, place = sheet.value(row, self.input), Place.of(sheet, row, self.input)
        indicator = self.indicators.get(line.indicator)
        if indicator is None or not is_asked(indicator, unit.reports_at, self.made.month):
            # A form without keys also lists bases and sums, which nobody enters.
            if cell is not None and line.locked:
                message = _("%(indicator)s is no longer reported here. Leave it out.")
                self._fault(
                    place, "unknown_indicator", message % {"indicator": line.indicator}, cell
                )
            return
        if line.indicator in seen:
            message = _("This number is given twice, here and in %(first)s. Keep one.")
            self._fault(place, "duplicate", message % {"first": seen[line.indicator]}, cell)
            return
        seen[line.indicator] = place
        self.made.reading.rows += 1
        self._take_reason(sheet, row, unit, line.indicator)
        try:
            value = read_count(cell)
        except Unreadable as error:
            self.made.reading.faults.append(error.at(place, cell))
            self.made.reading.unread[place] = Unread(
                self.made.month, unit.pk, indicator.pk, shown(cell)
            )
            return
        if value is None:
            self.made.reading.blank += 1
            return
        if sheet.is_hidden(row, self.input):
            message = _("This number is in a hidden row or column. Show it, or delete it.")
            self._fault(place, "hidden_cell", message, cell)
            return
        self.made.reading.entries.append(
            Entry(
                month=self.made.month,
                unit_id=unit.pk,
                indicator_id=indicator.pk,
                value=value,
                source=f"{self.made.reading.file[-100:]} {place}",
            )
        )
        self.made.reading.places.append(place)

    def _take_reason(self, sheet: Sheet, row: int, unit: Unit, code: str) -> None:
        said, place = sheet.value(row, self.reason), Place.of(sheet, row, self.reason)
        if said is None:
            return
        text = shown(said) if not isinstance(said, str) else said
        if len(text) > MAX_REASON:
            message = _("The reason has %(length)s characters. Say it in at most %(limit)s.")
            details = {"length": len(text), "limit": MAX_REASON}
            self._fault(place, "too_long", message % details, said)
            return
        self.made.reasons[self.made.month, unit.pk, code] = Reason(place, text)

    def _fault(self, place: Place, code: str, message: str, read: Value = None) -> None:
        self.made.reading.faults.append(place.fault(code, message, read))


def _rows_by_code(sheet: Sheet) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in range(len(sheet.rows)):
        if isinstance(code := sheet.value(row, 0), str):
            found.setdefault(code, []).append(row)
    return found


def _row_of(sheet: Sheet, line: KeyLine, by_code: dict[str, list[int]]) -> int | None:
    """The row (from 0) of a line: where it was, else where its code went; None if it is unsure.

    Rows move when somebody lifts the protection and inserts or sorts; the code tells them apart. A
    row whose code was overwritten still counts where its name stands.
    """
    row = line.row - 1
    if sheet.value(row, 0) == line.indicator:
        return row
    elsewhere = by_code.get(line.indicator, [])
    if len(elsewhere) == 1:
        return elsewhere[0]
    named = len(line.locked) > 1 and sheet.value(row, 1) == line.locked[1]
    return row if named and not elsewhere else None


def _index(column: str) -> int:
    return ord(column) - ord("A")
