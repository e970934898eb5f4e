"""What a form of one report brings back: cells that were touched, answers, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from .actions.drafts import Typed

SAVE, SEND, DISCARD, WITHDRAW = "save", "send", "discard", "withdraw"


@dataclass(frozen=True)
class SentForm:
    """One form as it was sent. Cells that stand as they were shown are left out, and so
    are answers that were blank and still are."""

    do: str
    cells: tuple[Typed, ...]
    explanations: Mapping[str, str]
    why: str

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "SentForm":
        """``cell-HI`` is a text, ``was-HI`` what stood there, ``version-HI`` the version seen;
        ``explanation-HI_CHANGE`` is an answer, ``was-explanation-HI_CHANGE`` what stood there."""
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
                # Left blank as it was: somebody else may have answered meanwhile.
                and (text.strip() or fields.get(f"was-{name}"))
            },
            why=fields.get("why", ""),
        )
