"""What a number format makes of a number: the same, a percentage, something else, or nothing.

What people see is what their file says. ``0.00"%"`` writes a percent sign behind 0.9 and means
0.9 percent, ``0%`` shows 0.9 as 90 percent, ``0,`` shows thousands, and ``;;;`` shows nothing.
Codes are as files store them, whatever the language: section by section, with ``"quoted"`` and
``\\escaped`` words, ``_`` before a letter whose width is left blank and ``*`` before one repeated.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from districts.vietnamese import clean

GENERAL = "General"


class Shown(Enum):
    """What a reader sees of a number beside what is stored."""

    ITSELF = "itself"
    PERCENT = "percent"
    """A hundred times the number, and a percent sign."""
    PERCENT_SIGN = "percent sign"
    """The number itself, and a percent sign."""
    OTHERWISE = "otherwise"
    NOTHING = "nothing"


@dataclass(frozen=True)
class NumberFormat:
    """A format code as its sections. ``is_plain``: every number and every text shows as it is."""

    sections: tuple["_Section", ...]

    @property
    def is_plain(self) -> bool:
        return len(self.sections) == 1 and self.sections[0].is_plain

    def of_number(self, value: float) -> Shown:
        """What ``value`` shows as."""
        numeric = [section for section in self.sections[:3] if not section.is_of_texts]
        if not numeric:
            return Shown.ITSELF
        if any(section.condition for section in numeric):
            chosen = [one for one in numeric if one.condition and one.condition(value)][:1]
            chosen = chosen or [one for one in numeric if one.condition is None]
            # Which of several sections without a condition applies differs between programs.
            kinds = {section.of(value) for section in chosen}
            return kinds.pop() if len(kinds) == 1 else Shown.OTHERWISE
        return self._section_of(value, numeric).of(value)

    @staticmethod
    def _section_of(value: float, numeric: Sequence["_Section"]) -> "_Section":
        if value == 0 and len(numeric) == 3:
            return numeric[2]
        return numeric[1] if value < 0 and len(numeric) > 1 else numeric[0]

    def of_text(self) -> Shown:
        """What a text in such a cell shows as."""
        if len(self.sections) > 3:
            return self.sections[3].of_text()
        last = self.sections[-1]
        return last.of_text() if last.is_of_texts else Shown.ITSELF


@lru_cache(maxsize=1_000)
def number_format(code: str) -> NumberFormat:
    """The format that a code of a workbook's styles means."""
    if not code.strip():
        code = GENERAL
    return NumberFormat(tuple(map(_section, _split(code))))


# --- sections ------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<filled>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)\s*(?P<number>-?\d+(?:\.\d+)?)\Z")
_CONDITIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_SCALES = re.compile(
    r"\b(?:chục|trăm|nghìn|ngàn|triệu|tỷ|tỉ|nghin|ngan|trieu|ty|tr|k|m|thousand|million|billion)\b"
)
_GROUPED = re.compile(r"[0#?]+(?:[.,][0#?]{3})*\Z")


@dataclass(frozen=True)
class _Section:
    """``shape`` holds placeholders and separators in order, ``words`` what is written beside."""

    shape: str = ""
    words: str = ""
    percents: int = 0
    is_general: bool = False
    is_of_texts: bool = False
    begins_with_minus: bool = False
    groups_by_words: bool = False
    repeats_a_sign: bool = False
    condition: Callable[[float], bool] | None = field(default=None, compare=False)

    @property
    def is_plain(self) -> bool:
        return (
            self.condition is None
            and not self.is_of_texts
            and self.of(1) == self.of(0) == self.of(-1) == Shown.ITSELF
        )

    def of(self, value: float) -> Shown:
        if not (self.is_general or self._has_places):
            return self._of_words_alone(value)
        if self._says_more or self._is_scaled or (self.begins_with_minus and value > 0):
            return Shown.OTHERWISE
        if self.percents:
            alone = self.percents == 1 and "%" not in self.words
            return Shown.PERCENT if alone else Shown.OTHERWISE
        if not self.is_general and not re.search(r"[0?]", self.shape) and abs(value) < 0.5:
            return Shown.NOTHING
        return Shown.PERCENT_SIGN if "%" in self.words else Shown.ITSELF

    def of_text(self) -> Shown:
        if not self.is_of_texts:
            return Shown.OTHERWISE if self.words.strip() else Shown.NOTHING
        return Shown.OTHERWISE if self._says_more or "%" in self.words else Shown.ITSELF

    def _of_words_alone(self, value: float) -> Shown:
        """A format without a place for the number: a dash is how accountants write zero."""
        words = self.words.strip()
        if value == 0 and words and not words.strip("-–— "):
            return Shown.ITSELF
        return Shown.OTHERWISE if words or self.percents else Shown.NOTHING

    @property
    def _has_places(self) -> bool:
        return bool(re.search(r"[0#?]", self.shape))

    @property
    def _says_more(self) -> bool:
        """Whether what is written beside the number changes what it says."""
        return (
            self.repeats_a_sign
            or any(character.isdigit() or character in "‰‱" for character in self.words)
            or bool(_SCALES.search(clean(self.words).lower()))
        )

    @property
    def _is_scaled(self) -> bool:
        """Whether commas after the last place divide by a thousand, or points stand elsewhere."""
        if self.groups_by_words:
            return not _GROUPED.match(self.shape)
        whole, _point, decimals = self.shape.partition(".")
        return whole.endswith(",") or decimals.endswith(",")


def _split(code: str) -> list[list[re.Match]]:
    sections: list[list[re.Match]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["plain"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _section(tokens: Sequence[re.Match]) -> _Section:
    shape, words = "", ""
    percents = 0
    condition = None
    general = texts = minus = grouped = repeated = False
    in_exponent = in_divisor = False
    for token in tokens:
        said = token["quoted"] or token["escaped"] or ""
        plain = token["plain"] or ""
        if token["bracket"] is not None:
            condition = _condition(token["bracket"]) or condition
            said = _currency(token["bracket"])
        if token["general"]:
            general = True
        elif token["filled"]:
            repeated = repeated or token["filled"] in "%-123456789"
        elif plain in ("0", "#", "?"):
            shape += "" if in_exponent or in_divisor else plain
        elif plain in (",", "."):
            shape += plain
        elif plain == "%":
            percents += 1
        elif plain == "@":
            texts = True
        elif plain in ("E", "e"):
            in_exponent = True
        elif plain == "/":
            in_divisor = True
        elif not (plain.isdigit() and in_divisor) and not (plain in "+-" and in_exponent):
            said += plain
        if said:
            begins = not general and not re.search(r"[0#?]", shape)
            minus = minus or (begins and "-" in said)
            if said in (".", ",") and not begins:
                shape, grouped = shape + said, True
            else:
                words += said
    return _Section(
        shape=shape,
        words=words,
        percents=percents,
        is_general=general,
        is_of_texts=texts,
        begins_with_minus=minus,
        groups_by_words=grouped,
        repeats_a_sign=repeated,
        condition=condition,
    )


def _condition(bracket: str) -> Callable[[float], bool] | None:
    match = _CONDITION.match(bracket.strip())
    if match is None:
        return None
    compare, number = _CONDITIONS[match["sign"]], float(match["number"])
    return lambda value: compare(value, number)


def _currency(bracket: str) -> str:
    """The words that ``[$triệu-42A]`` writes; colours and languages write none."""
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
