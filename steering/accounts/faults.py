"""Why something was refused: what was read, where, what is wrong, what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FAULT_KEYS = ("code", "sheet", "row", "column", "read", "message", "expected")


@dataclass(frozen=True)
class Fault:
    """One reason for a refusal. Keys that do not apply are None.

    ``entry`` is the index of the entry at fault, for readers that know its place in a file.
    """

    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    read: str | None = None
    expected: str | None = None
    entry: int | None = field(default=None, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The seven keys that commands print."""
        fields = asdict(self)
        return {key: fields[key] for key in FAULT_KEYS}

    def at(self, *, sheet: str | None, row: int | None, column: str | None) -> "Fault":
        """The same fault at a place in a file."""
        return replace(self, sheet=sheet, row=row, column=column)

    def __str__(self) -> str:
        place = [str(part) for part in (self.sheet, self.row, self.column) if part is not None]
        return f"{' '.join(place)}: {self.message}" if place else self.message


class Refused(Exception):
    """The action was refused as a whole; nothing was written. ``faults`` lists every reason."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))

    @classmethod
    def because(cls, code: str, message: str, **details: Any) -> "Refused":
        return cls([Fault(code, message, **details)])
