"""What a form of one report brings back: cells that were touched, answers, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from .actions.drafts import Typed

SAVE, SEND, DISCARD, WITHDRAW = "save", "send", "discard", "withdraw"


@dataclass(frozen=True)
class SentForm:
    """One form as it was sent. Cells that stand as they were shown are left out."""

    do: str
    cells: tuple[Typed, ...]
    explanations: Mapping[str, str]
    why: str

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "SentForm":
        """``cell-HI`` is a text, ``was-HI`` what stood there, ``version-HI`` the version seen."""
        cells = []
        for name, text in fields.items():
            kind, _dash, code = name.partition("-")
            if kind == "cell" and text.strip() != fields.get(f"was-{code}", "").strip():
                cells.append(Typed(code, text, fields.get(f"version-{code}", "")))
        return cls(
            do=fields.get("do", SAVE),
            cells=tuple(cells),
            explanations={
                name.removeprefix("explanation-"): text
                for name, text in fields.items()
                if name.startswith("explanation-")
            },
            why=fields.get("why", ""),
        )
