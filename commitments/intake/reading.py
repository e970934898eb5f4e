"""What reading a file of counts brings: entries with their cells, and everything that is wrong."""

from dataclasses import dataclass, field

from commitments import querysets
from commitments.actions.reporting.counts import Entry
from commitments.rules import Fault
from districts.months import Month

from .workbook.cells import Place


@dataclass(frozen=True)
class Unread:
    """A cell whose report is known and whose number is none: what stands there, as a text."""

    month: Month
    unit_id: int
    indicator_id: int
    text: str


@dataclass
class Reading:
    """What a file says: entries with the cell of each, what is blank, and every fault.

    ``remarks`` only inform: what was left out of a table, by name and cell.
    """

    file: str
    entries: list[Entry] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    ignored_sheets: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    unread: dict[Place, Unread] = field(default_factory=dict)

    def cells(self) -> dict[tuple[Month, int, str], Place]:
        """The cell of each (month, unit, indicator code)."""
        codes = {pk: indicator.code for pk, indicator in querysets.indicators_by_id().items()}
        return {
            (entry.month, entry.unit_id, codes[entry.indicator_id]): place
            for entry, place in zip(self.entries, self.places, strict=True)
        }
