"""What a template carries hidden, so that a filled-in copy tells what it is and what was changed.

A very hidden sheet lists, row by row, which indicator stands where and what every locked cell
said; a checksum over all of it shows whether anybody touched the list. The file's version is on
it, and the columns to read: an older version is read by its own list.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from commitments.intake.headers import words
from commitments.intake.workbook.cells import Sheet, Value
from districts.months import Month
from districts.vietnamese import clean

TEMPLATE = "BC-XA"
VERSION = "2024.1"
INPUT_COLUMN, REASON_COLUMN = "C", "H"
LOCKED_COLUMNS = ("A", "B", "C", "D", "E")
"""Literal cells a line may lock; an input line leaves C open."""

_SEARCHED_ROWS = 12
_CODE_HEADS = {"ma", "code"}
_INDICATOR_HEADS = {"chi tieu", "indicator"}
_SALT = "collection.workbooks.keys"  # Templates in circulation carry stamps made with it.
_STAMP = re.compile(
    r"BC-X[AÃ] (?P<version>\d{4}\.\d+) · (?P<month>\d{4}-\d{2}) · (?P<unit>\d{2,5}) · "
    r"(?P<mark>[0-9A-F]{4})\b"
)


@dataclass(frozen=True)
class KeyLine:
    """One row of a sheet: the indicator entered there, if any, and what its locked cells say."""

    row: int
    indicator: str
    locked: tuple[Value, ...]


@dataclass(frozen=True)
class KeySheet:
    """One sheet of a template and the unit it is about; a code alone names nobody for ever."""

    title: str
    unit: str
    tier: str
    established_on: date
    lines: tuple[KeyLine, ...]


@dataclass(frozen=True)
class Keys:
    """Everything a template says about itself."""

    version: str
    month: Month
    issued_at: str
    input_column: str
    reason_column: str
    sheets: tuple[KeySheet, ...]

    @property
    def is_older(self) -> bool:
        return _number(self.version) < _number(VERSION)

    def checksum(self) -> str:
        return _hmac(self._said())

    def is_genuine(self, checksum: Value) -> bool:
        """Whether nobody changed the keys since the file was issued."""
        said = self._said()
        return any(
            constant_time_compare(_hmac(said, secret), str(checksum))
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        )

    def rows(self) -> Iterator[list[Value]]:
        """The hidden sheet: what the file is, its checksum, then each sheet and its lines."""
        first, *others = self._rows()
        yield [*first, self.checksum()]
        yield from others

    def _said(self) -> str:
        return json.dumps(list(self._rows()), ensure_ascii=False, default=str)

    def _rows(self) -> Iterator[list[Value]]:
        yield [
            TEMPLATE, self.version, str(self.month), self.issued_at, self.input_column,
            self.reason_column,
        ]  # fmt: skip
        for sheet in self.sheets:
            yield ["#", sheet.title, sheet.unit, sheet.tier, sheet.established_on.isoformat()]
            for line in sheet.lines:
                yield [str(line.row), line.indicator or "-", *line.locked]


def read_keys(rows: Sequence[Sequence[Value]]) -> tuple[Keys, Value]:
    """The keys on a hidden sheet and the checksum they came with. Raises ValueError if unreadable.

    Excel may have cut blank cells off the end of a row.
    """
    try:
        template, version, month, issued_at, input_column, reason_column, checksum = rows[0][:7]
        if template != TEMPLATE:
            raise ValueError(template)
        sheets: list[tuple[tuple, list[KeyLine]]] = []
        for row in rows[1:]:
            if all(value is None for value in row):
                continue
            if row[0] == "#":
                title, unit, tier, day = (str(value) for value in row[1:5])
                sheets.append(((title, unit, tier, date.fromisoformat(day)), []))
                continue
            locked = [*row[2 : 2 + len(LOCKED_COLUMNS)], *[None] * len(LOCKED_COLUMNS)]
            code = "" if row[1] == "-" else str(row[1])
            line = KeyLine(int(row[0]), code, tuple(locked[: len(LOCKED_COLUMNS)]))
            sheets[-1][1].append(line)
        keys = Keys(
            version=str(version),
            month=Month.parse(str(month)),
            issued_at=str(issued_at),
            input_column=str(input_column),
            reason_column=str(reason_column),
            sheets=tuple(KeySheet(*about, tuple(lines)) for about, lines in sheets),
        )
        _number(keys.version)
    except (IndexError, TypeError, AttributeError) as error:
        raise ValueError("no keys of a template") from error
    if not keys.sheets:
        raise ValueError("keys of no sheet")
    return keys, checksum


def find_form(sheet: Sheet) -> int | None:
    """The row (from 0) that heads a form: a code in A, an indicator in B."""
    for row in range(min(_SEARCHED_ROWS, len(sheet.rows))):
        if (
            words(sheet.value(row, 0)) in _CODE_HEADS
            and words(sheet.value(row, 1)) in _INDICATOR_HEADS
        ):
            return row
    return None


# --- the stamp that people see -------------------------------------------------------------------


@dataclass(frozen=True)
class Stamp:
    """What the last line of a sheet says when the hidden keys are gone."""

    version: str
    month: Month
    unit: str


def stamp(month: Month, unit: str) -> str:
    """``BC-XÃ 2024.1 · 2024-02 · 03646 · 7A4C``: to be read out on the telephone."""
    return f"BC-XÃ {VERSION} · {month} · {unit} · {_mark(VERSION, month, unit)}"


def read_stamp(text: Value) -> Stamp | None:
    """The stamp in a cell, if there is one and its mark is right."""
    found = _STAMP.search(clean(text)) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        month = Month.parse(found["month"])
    except ValueError:
        return None
    if found["mark"] != _mark(found["version"], month, found["unit"]):
        return None
    return Stamp(found["version"], month, found["unit"])


def _mark(version: str, month: Month, unit: str) -> str:
    return _hmac(f"{version} {month} {unit}")[:4].upper()


def _hmac(said: str, secret: str | None = None) -> str:
    return salted_hmac(_SALT, said, secret=secret, algorithm="sha256").hexdigest()


def _number(version: str) -> tuple[int, int]:
    year, _dot, part = version.partition(".")
    return int(year), int(part)
