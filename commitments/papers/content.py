"""What a commitment says: the content of a paper, in the one spelling that its digest covers.

Everything is text or an integer; values are scaled by the decimals beside them. No names of
persons: who signs is known at signing. Names of units and posts stand as they were called then.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from secrets import choice
from typing import Any

from districts.vietnamese import clean

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs: no I, L, O and U, which paper confuses with others."""
_SIGNS = 16
"""16 signs of 32 are 80 random bits."""
_MEANT = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class PaperUnit:
    code: str
    since: str
    name: str


@dataclass(frozen=True)
class PaperCommittee:
    unit: str
    name: str


@dataclass(frozen=True)
class PaperDecision:
    """A decision that assigned a line: ``issued_on`` as an ISO day."""

    number: str
    issued_on: str
    issuer: str
    kind: str


@dataclass(frozen=True)
class Party:
    """A side of the commitment: the post that signs and the unit it heads."""

    post: str
    unit_name: str


@dataclass(frozen=True)
class PaperLine:
    """One promised figure, scaled; ``deadline`` as ``2024-12``."""

    position: int
    indicator: str
    name_vi: str
    name_en: str
    measure: str
    decimals: int
    operator: str
    last_year: int | None
    assigned: int | None
    committed: int
    deadline: str


@dataclass(frozen=True)
class Content:
    """What is signed: who promises what to whom for which year, resting on which decisions."""

    unit: PaperUnit
    year: int
    version: int
    committee: PaperCommittee
    decisions: tuple[PaperDecision, ...]
    assigning: Party
    receiving: Party
    lines: tuple[PaperLine, ...]

    def as_text(self) -> str:
        """The canonical text: JSON with sorted keys and no spaces."""
        content = asdict(self)
        content["parties"] = {
            "assigning": content.pop("assigning"),
            "receiving": content.pop("receiving"),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Content":
        """The content of a stored paper."""
        data: Mapping[str, Any] = json.loads(text)
        return cls(
            unit=PaperUnit(**data["unit"]),
            year=data["year"],
            version=data["version"],
            committee=PaperCommittee(**data["committee"]),
            decisions=tuple(PaperDecision(**one) for one in data["decisions"]),
            assigning=Party(**data["parties"]["assigning"]),
            receiving=Party(**data["parties"]["receiving"]),
            lines=tuple(PaperLine(**one) for one in data["lines"]),
        )


def content_digest(text: str) -> str:
    """SHA-256 of a paper's canonical text, hexadecimal: printed, encoded, looked for in a PDF."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_code() -> str:
    """The code of a paper: 80 random bits, derived from nothing."""
    return "".join(choice(_LETTERS) for _ in range(_SIGNS))


def shown_code(code: str) -> str:
    """A code in groups of four, as it is printed: ``7K2M-…``."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """The code somebody meant: without spaces and dashes, large, no letter taken for another.

    Blank if it cannot be one.
    """
    code = "".join(sign for sign in clean(typed).upper() if sign.isalnum()).translate(_MEANT)
    return code if len(code) == _SIGNS and set(code) <= set(_LETTERS) else ""
