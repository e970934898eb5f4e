"""Questions of a file: what it says contradicts what is asked of it, and only somebody can tell.

A question is an error until it is answered. A reader puts it among its faults, reads on as if the
answer were yes, and nothing is written while it stands. The command line answers every question of
a code with ``--confirm CODE``; the page of a file answers each by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from commitments.rules import Fault

from .workbook.cells import Place


@dataclass(frozen=True)
class Question(Fault):
    """A fault that goes away when somebody confirms that the file is meant as it is read.

    The message says what was read, what it contradicts, and what will be recorded if it is
    confirmed.
    """

    def as_dict(self) -> dict[str, Any]:
        """The seven keys of a fault, and how the question is answered."""
        return {**super().as_dict(), "answer": f"--confirm {self.code}"}

    @property
    def where(self) -> str:
        """The cell, else the sheet; empty where it is about the file as a whole."""
        return str(Place(self.sheet, self.row, self.column)) if self.row else self.sheet or ""

    def __str__(self) -> str:
        return f"{super().__str__()} (--confirm {self.code})"


def question(fault: Fault) -> Question:
    """The same as a question: ``question(place.fault("other_month", ...))``."""
    return Question(**{field.name: getattr(fault, field.name) for field in fields(Fault)})


def settle(
    faults: Sequence[Fault], confirm: Collection[str]
) -> tuple[list[Fault], list[Question], list[str]]:
    """What is still wrong, which questions were answered, and which codes nobody asked about."""
    answered = [one for one in faults if isinstance(one, Question) and one.code in confirm]
    codes = {one.code for one in answered}
    open_ = [one for one in faults if one not in answered]
    return open_, answered, [code for code in dict.fromkeys(confirm) if code not in codes]


def confirmed(answered: Sequence[Question]) -> list[dict[str, Any]]:
    """The answered questions as they are kept with an import: code, cell, text and question."""
    kept = ("code", "sheet", "row", "column", "read", "message")
    return [{key: getattr(one, key) for key in kept} for one in answered]


def told(answered: Sequence[Question]) -> str:
    """The answered questions in one line, each code with its first cell; empty if there are none.

    For the reason that is kept with what was imported.
    """
    first = {one.code: one for one in reversed(answered)}
    said = [f"{code} {one.where}".strip() for code, one in sorted(first.items())]
    return _("confirmed: %(questions)s") % {"questions": ", ".join(said)} if said else ""


def with_told(why: str, answered: Sequence[Question], most: int) -> str:
    """A reason that also says what was confirmed, in at most ``most`` characters."""
    said = told(answered)
    return "; ".join(filter(None, [why[: most - len(said) - 2] if said else why[:most], said]))[
        :most
    ]


def not_asked(codes: Sequence[str]) -> list[Fault]:
    """What is said of answers to questions that the file does not raise; they change nothing."""
    message = _("The file does not ask about “%(read)s”; there was nothing to confirm.")
    return [Fault("nothing_to_confirm", message % {"read": code}, read=code) for code in codes]
