"""What the form of a table sends: cells as they were left, and what to do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.actions.targets.allocating import BLANK, Typed
from districts.months import parse_day
from steering.accounts.faults import Refused

SAVE, FILL, APPLY, ASSIGN = "save", "fill", "apply", "assign"


@dataclass(frozen=True)
class SentTable:
    """The form of the page without scripts: every cell with what it was when the page was made."""

    do: str
    method: str
    version: int
    cells: Sequence[Typed]
    number: str
    issued_on: str
    reason: str

    @classmethod
    def read(cls, sent: QueryDict) -> "SentTable":
        """Only cells that somebody changed: the others may have been changed by somebody else."""
        cells = []
        for name in sent:
            if not name.startswith("cell-"):
                continue
            code = name.removeprefix("cell-")
            text, was = sent[name], sent.get(f"was-{code}", "")
            locked, was_locked = f"lock-{code}" in sent, sent.get(f"was-lock-{code}") == "1"
            typed = text if text.strip() != was.strip() else None
            changed_lock = locked if locked != was_locked else None
            if typed is not None or changed_lock is not None:
                seen = sent.get(f"seen-{code}", BLANK)
                cells.append(Typed(code, typed, seen, changed_lock))
        version = sent.get("version", "")
        return cls(
            do=sent.get("do", SAVE),
            method=sent.get("method", ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            cells=cells,
            number=sent.get("number", ""),
            issued_on=sent.get("issued_on", ""),
            reason=sent.get("reason", ""),
        )

    @property
    def day(self) -> date | None:
        """The day of issue; None where it is left out. Raises Refused for what is no day."""
        return read_issue_day(self.issued_on)


def read_issue_day(text: str) -> date | None:
    """A day as a form or the API writes it. Raises Refused."""
    if not text.strip():
        return None
    try:
        return parse_day(text.strip())
    except ValueError:
        message = _("“%(read)s” is not a day. Write it like 2025-01-26.") % {"read": text[:40]}
        raise Refused.because("not_a_day", message, column="issued_on", read=text[:40]) from None
