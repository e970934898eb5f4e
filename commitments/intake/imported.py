"""What an import did, and where in the file each fault and each warning stands."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from commitments.rules import Fault, Finding
from districts.models import Unit
from districts.months import Month

from .workbook.cells import Place, Sheet


@dataclass
class Imported:
    """What an import did, as its command answers."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    blank: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)
    ignored_sheets: list[str] = field(default_factory=list)
    confirmed: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The answer of a command; ``confirmed`` is there where questions were answered."""
        answer = asdict(self)
        return answer if self.confirmed else {k: v for k, v in answer.items() if k != "confirmed"}


def as_warning(fault: Fault, severity: str = "inform") -> dict[str, Any]:
    """Something to know about the file itself, in the shape of a warning about a number."""
    return {**fault.as_dict(), "severity": severity, "unit": None, "month": None}


def located(fault: Fault, places: Sequence[Place]) -> Fault:
    """The fault at the cell its entry was read from; ``places`` are those of all entries."""
    if fault.entry is None:
        return fault
    place = places[fault.entry]
    return fault.at(sheet=place.sheet, row=place.row, column=place.column)


def in_file_order(faults: Sequence[Fault], sheets: Sequence[Sheet]) -> list[Fault]:
    """Faults sheet by sheet and row by row; those of the file as a whole come last."""
    order = {sheet.name: index for index, sheet in enumerate(sheets)}

    def place(fault: Fault) -> tuple[int, int, int, str]:
        column = fault.column or ""
        is_of_the_file = fault.row is None and fault.sheet is None
        sheet = len(order) if is_of_the_file else order.get(fault.sheet, len(order))
        return sheet, fault.row or 0, len(column), column

    return sorted(faults, key=place)


def warnings(
    findings: Sequence[Finding], places: Mapping[tuple[Month, int, str], Place]
) -> list[dict[str, Any]]:
    """Findings with the seven keys of a fault, and unit, month and severity besides.

    ``places`` tells the cell of (month, unit id, indicator code).
    """
    units = Unit.objects.filter(pk__in={finding.unit_id for finding in findings})
    codes = dict(units.values_list("pk", "code")) if findings else {}
    found = []
    for finding in findings:
        fault = Fault(
            finding.rule, finding.message, read=str(finding.read), expected=finding.expected
        )
        if place := places.get((finding.month, finding.unit_id, finding.indicator)):
            fault = fault.at(sheet=place.sheet, row=place.row, column=place.column)
        found.append(
            {
                **fault.as_dict(),
                "severity": finding.severity,
                "unit": codes[finding.unit_id],
                "month": str(finding.month),
            }
        )
    return found
