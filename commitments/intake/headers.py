"""What the heads of columns mean: the words for units, months and notes, and the catalogue."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from commitments.models import Indicator
from districts.vietnamese import clean, match_key, search_key

from .numbers import Unreadable
from .statements.measures import measure_of, without_measure
from .workbook.cells import Value, column_letter

_WORD = re.compile(r"[a-z0-9_]+")
_LEAD = r"(?:ten|ma|so|cac|cap|code|name|of|the)"
_UNIT = (
    r"(?:don vi|dvhc|dia phuong|dia ban|xa|phuong|thi tran|thi xa|thanh pho|huyen"
    r"|quan|tinh|dac khu|units?|communes?|districts?)"
)
# Whole words of heads only: all syllables of Xã Đồn Đạc and of Phường Quán Thánh occur in heads.
_UNIT_HEAD = re.compile(
    rf"(?:{_LEAD} )*{_UNIT}(?: (?:(?:{_LEAD}|va|and) )*(?:{_UNIT}|hanh chinh|code|name))*\Z"
)
_LONGEST_UNIT_HEAD = 80
_MEASURE_HEADS = {"don vi tinh", "dvt", "unit of measure"}
_CODE_HEADS = {"ma", "ma so", "code"}
_NOTE_HEADS = {
    "stt", "tt", "so tt", "so thu tu", "no", "ghi chu", "note", "notes", "ly do", "giai trinh",
    "don vi tinh", "dvt",
}  # fmt: skip
_RESULT_HEADS = ("ket qua kiem tra", "result of the check")


def words(head: Value) -> str:
    """A head as plain lower-case words: ``Mã đơn-vị`` in any spelling is ``ma don vi``."""
    return " ".join(_WORD.findall(search_key(head))) if isinstance(head, str) else ""


def is_unit_head(head: Value) -> bool:
    """Whether a column so headed names units: ``Đơn vị``, ``Tên xã, phường``, ``Mã ĐVHC``."""
    return isinstance(head, str) and _heads_units(head) and not is_measure_head(head)


@lru_cache(maxsize=50_000)  # every text of a file is asked, and names recur
def _heads_units(text: str) -> bool:
    return len(text) <= _LONGEST_UNIT_HEAD and bool(_UNIT_HEAD.match(words(text)))


def is_code_head(head: Value) -> bool:
    """Whether a head of units means their codes rather than their names."""
    return bool({"ma", "code"} & set(words(head).split()))


def is_bare_code_head(head: Value) -> bool:
    """Whether a head only says "code": of what, the head to its right tells."""
    return words(head) in _CODE_HEADS


def is_note_head(head: Value) -> bool:
    """Whether a column so headed holds running numbers or remarks, which are not read."""
    return words(head) in _NOTE_HEADS or is_result_head(head)


def is_result_head(head: Value) -> bool:
    """Whether a column was added by our check; its head may go on with what is wrong there."""
    return words(head).startswith(_RESULT_HEADS)


def is_measure(head: Value) -> bool:
    """Whether a head only says in what is counted: ``(người)``, ``%``, ``ĐVT: triệu đồng``."""
    return isinstance(head, str) and measure_of(head) is not None


def is_measure_head(head: Value) -> bool:
    """Whether a column so headed says of each row in what it is counted: ``Đơn vị tính``."""
    return words(head) in _MEASURE_HEADS


class Catalogue:
    """The indicators by code and by official name in either language."""

    def __init__(self, indicators: Iterable[Indicator]):
        self._exact: dict[str, Indicator] = {}
        plain: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, Indicator] = {}
        self._codes: dict[str, Indicator] = {}
        for indicator in indicators:
            self._codes[indicator.code.casefold()] = indicator
            for name in (indicator.name_vi, indicator.name_en):
                self._exact[match_key(name)] = indicator
                self._named[words(name)] = indicator
                plain[words(name)].add(indicator.code)
        # A name typed without accents counts where it can mean only one indicator.
        self._plain = {key: self._named[key] for key, codes in plain.items() if len(codes) == 1}

    def find(self, text: Value) -> Indicator | None:
        """The indicator of a code or an official name; accents and a unit in brackets optional."""
        if not isinstance(text, str):
            return None
        return self.named(text) or self.named(without_measure(text)[0])

    def named(self, text: str) -> Indicator | None:
        """The indicator whose code or official name a text is, all of it."""
        text = clean(text)
        return (
            self._codes.get(text.casefold())
            or self._exact.get(match_key(text))
            or self._plain.get(words(text))
        )

    def suggestion(self, text: Value) -> Indicator | None:
        """The indicator somebody most likely meant; to be shown, never to be taken."""
        by_words = {**{words(code): found for code, found in self._codes.items()}, **self._named}
        best = process.extractOne(words(text), by_words.keys(), scorer=fuzz.ratio, score_cutoff=75)
        return by_words[best[0]] if best else None


def unknown_indicator(value: Value, catalogue: Catalogue) -> Unreadable:
    """The refusal of a code or name that the catalogue does not have, with what it may mean."""
    meant = catalogue.suggestion(value)
    return Unreadable(
        "unknown_indicator",
        _("There is no indicator “%(read)s”. Write its code or its official name."),
        meant and f"{meant.code} ({meant.name})",
    )


def without_head(column: int) -> Unreadable:
    """The refusal of numbers in a column (counted from 0) with nothing over them."""
    return Unreadable(
        "unknown_indicator",
        _(
            "Numbers stand in column %(column)s under no head. Write the indicator over them, or "
            "delete them; in a text file put numbers with a comma in quotation marks."
        ),
        column=column_letter(column),
    )


def computed_indicator(indicator: Indicator) -> Unreadable:
    """The refusal of a number for what the system computes."""
    return Unreadable(
        "computed_indicator",
        _("%(indicator)s is computed and cannot be entered. Leave it out."),
        indicator=indicator.code,
    )


def duplicate_column(first: int, second: int) -> Unreadable:
    """The refusal of two columns (counted from 0) that mean the same."""
    return Unreadable(
        "duplicate_column",
        _("“%(read)s” stands over two columns, %(first)s and %(second)s. Keep one."),
        first=column_letter(first),
        second=column_letter(second),
    )
