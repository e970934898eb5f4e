"""Why something was refused: what was read, where, what is wrong, what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

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


def too_long(text: str, most: int, *, column: str) -> list[Fault]:
    """What is wrong with a text of more characters than fit: it is refused, never cut.

    ``column`` names its field. A line end counts once, as browsers count it.
    """
    read = len(text.replace("\r\n", "\n"))
    if read <= most:
        return []
    message = _("The text has %(read)d characters; at most %(most)d fit. Shorten it.")
    return [
        Fault(
            "too_long",
            message % {"read": read, "most": most},
            column=column,
            read=str(read),
            expected=f"<= {most}",
        )
    ]


class Refused(Exception):
    """The action was refused as a whole; nothing was written. ``faults`` lists every reason."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))

    @classmethod
    def because(cls, code: str, message: str, **details: Any) -> "Refused":
        return cls([Fault(code, message, **details)])
