"""Units of measure that a text states, with their scale: ``(triệu đồng)``, ``ĐVT: 1.000 người``.

A text in brackets, after ``Đơn vị tính`` or by itself is a measure only if all of it is one. Triệu
Đông is a commune, (triệu đồng) a measure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from commitments.intake.numbers import Unreadable
from commitments.measures import MEASURES
from commitments.models import Indicator
from districts.vietnamese import clean, search_key

from . import LONGEST_STATEMENT

PERCENT, PER_MILLE, MONEY, ANY = "percent", "permille", "VND", ""
_SCALES = {
    "trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "1.000": 1_000, "1000": 1_000, "1,000": 1_000,
    "thousand": 1_000, "chục nghìn": 10_000, "trăm nghìn": 100_000, "triệu": 1_000_000,
    "tr": 1_000_000, "tr.": 1_000_000, "1.000.000": 1_000_000, "1000000": 1_000_000,
    "1,000,000": 1_000_000, "million": 1_000_000, "trăm triệu": 100_000_000,
    "tỷ": 1_000_000_000, "tỉ": 1_000_000_000, "billion": 1_000_000_000,
    "1.000.000.000": 1_000_000_000, "nghìn tỷ": 10**12, "ngàn tỷ": 10**12, "nghìn tỉ": 10**12,
}  # fmt: skip
_UNITS = {
    "person": "người|nguời|lao động|đối tượng|nhân khẩu|trường hợp|persons?|people|hssv|học sinh"
    "|lượt người",
    "VND": "đồng|đ|vnđ|vnd|đồng việt nam|việt nam đồng|dong|đvn",
    "percent": "%|phần trăm|tỷ lệ %|% dân số|điểm %|điểm phần trăm|percent|per cent|%%",
    "permille": "‰|phần nghìn|phần ngàn|per mille",
    "visit": "lượt|lượt khám|lượt người|lượt kcb|visits?",
    "file": "hồ sơ|files?",
    "card": "thẻ|sổ|thẻ bhyt|sổ bhxh|sổ, thẻ|thẻ, sổ|cards?",
    "unit": "đơn vị|doanh nghiệp|đơn vị, doanh nghiệp|units?",
    "facility": "cơ sở|cơ sở kcb|cơ sở y tế|facilities|facility",
    "village": "thôn|bản|thôn, bản|thôn bản|villages?",
    "household": "hộ|hộ gia đình|households?",
}  # fmt: skip
_SHORT = {"trđ": ("VND", 10**6), "tr.đ": ("VND", 10**6), "trđồng": ("VND", 10**6),
          "tr.đồng": ("VND", 10**6), "tr.đg": ("VND", 10**6), "trd": ("VND", 10**6),
          "tr.d": ("VND", 10**6), "nđ": ("VND", 10**3), "tỷđ": ("VND", 10**9)}  # fmt: skip
_STATED = r"(?:đơn vị(?: tính)?|đvt|đ\.v\.t|dvt|don vi tinh|unit(?: of measure)?|measure)"


@dataclass(frozen=True)
class Measure:
    """A unit of measure as stated: what is counted ("" where only a scale is said), how many of
    it are one, and the words read."""

    unit: str
    scale: int
    text: str

    def measures(self, indicator: Indicator) -> bool:
        """Whether numbers of the indicator can be given in it."""
        own = indicator.unit_of_measure
        if not own:
            return True
        if self.unit in (ANY, own):
            return own != PERCENT or self.scale == 1
        if "lượt người" in self.text.lower() and own == "visit":
            return True
        named = search_key(self.text.split()[-1]) if self.text.split() else ""
        is_named = bool(named) and f" {named} " in f" {search_key(indicator.name_vi)} "
        return own not in (PERCENT, MONEY) and self.unit not in (PERCENT, PER_MILLE) and is_named


def _spellings() -> dict[str, tuple[str, int]]:
    """Every way to write a measure, with accents and without, to its unit and scale."""
    units = {name: unit for unit, names in _UNITS.items() for name in names.split("|")}
    found = {name: (unit, 1) for name, unit in units.items()}
    for said, scale in _SCALES.items():
        found[said] = (ANY, scale)
        for name, unit in units.items():
            if unit not in (PERCENT, PER_MILLE):
                found[f"{said} {name}"] = found[f"{said}{name}"] = (unit, scale)
    found |= _SHORT
    plain = {search_key(said): meaning for said, meaning in found.items()}
    return {**plain, **found}


_KNOWN = _spellings()
_WEAK = {"d", "dong", "tr", "ty", "ti", "tram", "ban", "thon", "ho", "so", "the", "don vi", "1000",
         "1.000", "1,000", "nghin", "ngan", "trieu", "co so", "unit", "units"}  # fmt: skip
"""Spellings that say a measure only where brackets or ``ĐVT`` ask for one."""
_AFTER_WORD = re.compile(rf"(?i)(?<!\w){_STATED}\s*(?:\(|\[)?\s*[:.=]\s*(?P<said>[^)\]]+)")
_MARKS = r"[\s()\[\]*\-–\d]*(?:(?:ghi chú|lưu ý|ghi chu|luu y|notes?)\W+)?"
_MENTIONED = re.compile(
    r"(?i)(?<![\d.,\w])(?:(?:nghìn|ngàn|triệu|tỷ|tỉ) (?:đồng|vnđ|người)|(?:nghin|ngan|trieu|ty|ti)"
    r" (?:dong|vnd|nguoi)|trđ|tr\.đ|(?:thousand|million|billion)s? (?:of )?(?:vnd|dong|people)"
    r"|vnd (?:thousand|million|billion))(?!\w)"
)
_AFTER_NUMBER = re.compile(r"[\d.,)]\s*\Z")
_BRACKETS = re.compile(r"[(\[](?P<said>[^()\[\]]*)[)\]]")
_TAIL = re.compile(
    rf"(?i)(?P<name>.*?\S)\s*(?:[,;/-]\s*{_STATED}\s*[:.]?|[,;/:]| -)\s*"
    r"(?P<said>(?:(?! -)[^,;/:()\[\]])+)\Z"
)


@lru_cache(maxsize=10_000)  # every row of a tidy table is asked, and its texts recur
def measure_of(text: str) -> Measure | None:
    """The measure that a text is, all of it."""
    if len(text) > LONGEST_STATEMENT:
        return None
    said = clean(text).lower().strip(" :.()[]-")
    said = re.sub(r"\s*/\s*(?:tháng|năm|thang|nam)\Z", "", said)
    said = re.sub(rf"\A{_STATED}\s*[:.=]?\s+|\A{_STATED}[:.=]\s*", "", said).strip(" :()[]")
    if said == "đơn vị" and not re.search(r"[(\[]|tính|đvt", clean(text).lower()):
        return None  # what heads a column of units, or names one
    known = _KNOWN.get(said) or _KNOWN.get(said.rstrip("."))
    return Measure(*known, clean(text)) if known else None


def opens_with_measure(text: str) -> bool:
    """Whether all of a text says in what is counted, by the words for that: ``ĐVT: người``."""
    return bool(re.match(rf"(?i){_MARKS}{_STATED}\b", text)) and bool(measures_in(text))


def unit_mentioned_in_scale(text: str) -> str | None:
    """The unit, people or money, of which a text mentions thousands or millions without a number
    before them: ``số tiền tính bằng tỷ đồng``, but not ``thu 200 tỷ đồng``; None if it does not."""
    text = clean(text[:LONGEST_STATEMENT])
    for match in _MENTIONED.finditer(text):
        if not _AFTER_NUMBER.search(text[: match.start()]):
            is_people = search_key(match[0]).endswith(("nguoi", "people"))
            return "person" if is_people else MONEY
    return None


def scale_in_row(text: str | None, indicator: Indicator) -> int | None:
    """The scale that a row states in a column of measures; None if it states none for that.

    Raises Unreadable where it states a measure in which the indicator is not counted.
    """
    measure = measure_of(text) if text else None
    if measure is None:
        return None
    if not measure.measures(indicator):
        raise Unreadable(
            "other_measure",
            _("The row is measured in “%(measure)s”, but %(indicator)s is counted in %(own)s."),
            measure=measure.text,
            indicator=indicator.code,
            own=MEASURES.get(indicator.unit_of_measure, indicator.unit_of_measure),
        )
    return measure.scale


def measures_in(text: str) -> list[Measure]:
    """The measures a text states beside other words: in brackets, or after ``Đơn vị tính``.

    A text that is a measure and nothing else states it too, if it can be nothing else.
    """
    text = clean(text[:LONGEST_STATEMENT])
    found = [
        measure
        for match in _AFTER_WORD.finditer(text)
        for part in re.split(r"[,;]| và |/", match["said"])
        if (measure := measure_of(part)) is not None
    ]
    if found:
        return found
    found = [
        measure
        for match in _BRACKETS.finditer(text)
        if (measure := measure_of(match["said"])) is not None
    ]
    if not found and search_key(text) not in _WEAK and (alone := measure_of(text)) is not None:
        return [alone]
    return found


@lru_cache(maxsize=10_000)
def without_measure(text: str) -> tuple[str, Measure | None]:
    """A head without the measure at its end, and that measure."""
    text = clean(text)
    if len(text) > LONGEST_STATEMENT:
        return text, None
    for match in _BRACKETS.finditer(text):
        if not text[match.end() :].strip(" :%") and (found := measure_of(match["said"])):
            return text[: match.start()].rstrip(" ,;:-"), found
    if (match := _TAIL.match(text)) and (found := measure_of(match["said"])):
        return match["name"].rstrip(" ,;:-"), found
    return text, None


def fitting(measures: Iterable[Measure], indicator: Indicator) -> Sequence[Measure]:
    """Those in which the indicator can be given."""
    return [measure for measure in measures if measure.measures(indicator)]
