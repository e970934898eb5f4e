"""How ready figures are written: typed, compact, and the same again when they are read.

A part is a table of JSON, compressed: for each indicator of a unit, or each unit of an indicator,
the facts of its figure in the order of ``_FACTS`` and its points. Counts are numbers, a Decimal is
a text, a Fraction two numbers, null is blank. Another order or kind of columns is another ``FORM``.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from districts.months import Month
from reports.engine.figures import from_reports
from reports.engine.rules import Status
from reports.engine.trajectories import Point

FORM = 1


@dataclass(frozen=True)
class Kind:
    """How one kind of column is written and read; blank stays blank."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _write_number(value: int | Decimal) -> int | str:
    return str(value) if isinstance(value, Decimal) else value


def _read_number(text: int | str) -> int | Decimal:
    return Decimal(text) if isinstance(text, str) else text


_PLAIN = Kind(_same, _same)
_TEXT = Kind(str, _same)
_NUMBER = Kind(_write_number, _read_number)
_DECIMAL = Kind(str, Decimal)
_FRACTION = Kind(lambda value: [value.numerator, value.denominator], lambda two: Fraction(*two))
_MONTH = Kind(int, Month)
_PAIR = Kind(list, tuple)

_FACTS: Mapping[str, Kind] = {
    "value": _NUMBER,
    "exact": _FRACTION,
    "year_to_date": _PLAIN,
    "reported_value": _NUMBER,
    "target": _NUMBER,
    "operator": _TEXT,
    "deadline": _MONTH,
    "decision": _TEXT,
    "plan_to_date": _NUMBER,
    "percent_of_target": _NUMBER,
    "points_to_target": _NUMBER,
    "percent_to_date": _NUMBER,
    "last_year": _NUMBER,
    "last_year_to_date": _PLAIN,
    "last_year_coverage": _PAIR,
    "baseline_coverage": _PAIR,
    "change": _NUMBER,
    "status": Kind(str, Status),
    "approved": _PLAIN,
    "reported": _PLAIN,
    "expected": _PLAIN,
    "provisional": _PLAIN,
    "estimated": _PLAIN,
    "numerator": _PLAIN,
    "denominator": _PLAIN,
    "denominator_source": _TEXT,
    "assigned": _PLAIN,
    "predecessors": _PLAIN,
    "authority": _TEXT,
    "version": _PLAIN,
}
"""Every fact of a figure but whose it is (unit, indicator, month) and its place among others."""

_POINT: Mapping[str, Kind] = {
    "month": _MONTH,
    "value": _NUMBER,
    "plan": _NUMBER,
    "approved": _PLAIN,
    "expected": _PLAIN,
    "provisional": _PLAIN,
    "percent_to_date": _DECIMAL,
    "of_month": _FRACTION,
}

_OWN_REPORTS = True
"""Written for a denominator from reports of the month: its words are those of whoever reads it."""


def write_facts(facts: Mapping[str, Any], month: Month) -> list:
    """The facts of one figure of ``month`` as a row."""
    row = _row(_FACTS, facts)
    if facts["denominator_source"] == from_reports(month):
        row[_SOURCE] = _OWN_REPORTS
    return row


def read_facts(row: list, month: Month) -> dict[str, Any]:
    """What ``write_facts`` wrote, in the language that is active now."""
    facts = {
        name: None if cell is None else kind.read(cell)
        for (name, kind), cell in zip(_FACTS.items(), row, strict=True)
    }
    if facts["denominator_source"] is _OWN_REPORTS:
        facts["denominator_source"] = from_reports(month)
    return facts


_SOURCE = list(_FACTS).index("denominator_source")


def write_points(points: Iterable[Point]) -> list[list]:
    """A trajectory as rows, one for each month."""
    return [_row(_POINT, vars(point)) for point in points]


def read_points(rows: Iterable[list]) -> list[Point]:
    """What ``write_points`` wrote: cell by cell, for a page of rows reads a thousand of them."""
    return [
        Point(
            Month(month),
            Decimal(value) if isinstance(value, str) else value,
            Decimal(plan) if isinstance(plan, str) else plan,
            approved,
            expected,
            provisional,
            None if percent is None else Decimal(percent),
            None if of_month is None else Fraction(*of_month),
        )
        for month, value, plan, approved, expected, provisional, percent, of_month in rows
    ]


def _row(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> list:
    return [
        None if values[name] is None else kind.write(values[name]) for name, kind in kinds.items()
    ]


def pack(rows: Mapping[int, list]) -> bytes:
    """One part: rows by the key of their unit or indicator."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(part: bytes) -> dict[int, list]:
    """The rows of a part by their key; what stands in a row is read when it is asked for."""
    return {int(key): row for key, row in json.loads(zlib.decompress(part)).items()}
