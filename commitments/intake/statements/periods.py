"""Times that a text states: a month, a quarter, a year, the months since January, a last day.

Read in Vietnamese, with accents or without, and in English: ``Tháng 11, năm 2025``, ``T11/2025``,
``tháng mười một``, ``Quý III/2025``, ``9 tháng đầu năm``, ``đến ngày 30/11``, ``Nov 2025``. The day
a paper was signed and the papers it refers to are no times of its numbers.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from districts.months import Month
from districts.vietnamese import clean, search_key

from . import LONGEST_STATEMENT

_WORDS = {
    "muoi mot": 11, "muoi hai": 12, "muoi": 10, "mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4,
    "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class Period:
    """A time as stated, from its first month to its last; the year may be left unsaid.

    ``whole_year``: a year without a month, which most often only says what a paper is about.
    ``up_to``: only its end is stated (``đến ngày 30/11``). ``text`` are the words that state it, in
    lower case without accents.
    """

    first: int
    last: int
    year: int | None
    text: str
    whole_year: bool = False
    first_year: int | None = None
    up_to: bool = False

    @property
    def is_one_month(self) -> bool:
        return self.first == self.last and self.first_year in (None, self.year)

    @property
    def month(self) -> Month | None:
        """The one month that is stated, if its year is too."""
        return Month.of(self.year, self.last) if self.is_one_month and self.year else None

    def fits(self, month: Month) -> bool:
        """Whether ``month`` is the last one stated, or in the year that is all that is stated."""
        if self.whole_year:
            return self.year == month.year
        return self.last == month.month and self.year in (None, month.year)

    def fits_year(self, year: int) -> bool:
        """Whether it ends with the year ``year``."""
        return self.last == 12 and self.year in (None, year)


def periods_in(text: str) -> list[Period]:
    """Every time that a text states about its numbers; the surest forms come first."""
    return _read(text)[0]


def months_in(texts: Iterable[str]) -> list[Month]:
    """The single months, with their years, that texts state."""
    return [one.month for text in texts for one in periods_in(text) if one.month is not None]


@lru_cache(maxsize=10_000)  # a column of months says few things often
def only_month(text: str) -> Period | None:
    """The month of a text that says nothing else: ``Tháng 12/2024``, ``T12``."""
    found, rest = _read(text)
    alone = len(found) == 1 and found[0].is_one_month and not rest.strip(_MARKS)
    return found[0] if alone else None


def without_periods(text: str) -> str:
    """What is left of a text, as ``search_key`` writes it, when its times are taken away."""
    rest = re.sub(r"[(\[]\W*[)\]]", " ", _read(text)[1])
    return " ".join(rest.split()).strip(" .,;:/_-")


_MARKS = " .,;:()/_-–"


def _read(text: str) -> tuple[list[Period], str]:
    """The times, and what is left of the text when they are blanked."""
    left = _key(text[:LONGEST_STATEMENT])
    for pattern in (_DOCUMENTS, _PROGRAMMES):
        left = pattern.sub(_blank, left)
    found = []
    for pattern, meaning in _FORMS:
        for match in pattern.finditer(left):
            if (period := meaning(match)) is not None:
                found.append(period)
        left = pattern.sub(_blank, left)
    return found, left


_SPELT = {
    "thang": {"tháng"}, "quy": {"quý", "qúy"}, "nam": {"năm"}, "tu": {"từ", "tư"}, "ba": {"ba"},
    "den": {"đến"}, "ngay": {"ngày"}, "dau": {"đầu"},
}  # fmt: skip
"""Words of times that other words are spelt like without their accents: Thắng Hải, Phú Quy."""


_MAYBE_A_NAME = re.compile(
    rf"\bthang (?>{'|'.join(_WORDS)})\b(?![\s,;:./()-]*(?:nam )?(?:19|20)\d\d)"
)
"""Thang Hai, written without accents and a year, may be the commune Thắng Hải."""


def _key(text: str) -> str:
    """A text without accents, where no word of another sound reads like one of a time."""
    words = clean(text.replace("_", " ")).lower().split(" ")
    if all(word.isascii() for word in words):
        return _MAYBE_A_NAME.sub(_blank, " ".join(words))
    return " ".join(map(_sounding, words))


def _sounding(word: str) -> str:
    plain = search_key(word)
    letters = re.fullmatch(r"(\W*)([a-z]*)(.*)", plain)
    spelt = _SPELT.get(letters[2])
    start = len(letters[1])
    if spelt is None or word[start : start + len(letters[2])] in spelt:
        return plain
    return "-" * len(plain)


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


# --- pieces --------------------------------------------------------------------------------------


def _month(name: str = "month") -> str:
    return rf"(?P<{name}>0?[1-9]|1[0-2])(?!\d)"


def _year(name: str = "year") -> str:
    return rf"(?P<{name}>(?:19|20)\d\d)(?!\d)"


def _of_year(name: str = "year") -> str:
    """A year that may follow a month or a span, with whatever stands between them."""
    return rf"(?:[\s,;:./()-]*(?:cua )?(?:nam )?{_year(name)})?"


_WORD = rf"(?P<word>{'|'.join(_WORDS)})\b"
_COUNT = r"\b(?P<count>\d{1,2}|ba|sau|chin|muoi mot|muoi hai|muoi)"
_NAME = rf"(?P<name>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _ENGLISH)})"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"


def _day(month: str = "month", year: str = "year") -> str:
    """A day in figures, or in words, of which the month matters."""
    return rf"{_DAY} ?[/.-] ?{_month(month)}(?: ?[/.-] ?{_year(year)})?(?![/\d])"


_UP_TO = (
    r"\b(?:tinh )?(?:den|het|toi|tai|thoi diem|as of|up to|until)"
    r"(?: (?:het|cuoi|ngay|thoi diem|the))*[ :]*"
)
_DOCUMENTS = re.compile(
    r"\b(?:kem theo|can cu|ban hanh|trich|theo (?:quyet dinh|cong van|nghi quyet|thong tu|nghi dinh"
    r"|ke hoach|thong bao|bao cao|to trinh))\b[^)]*|\b\d+/(?:\d{4}/)?[a-z][\w./-]*"
)
_PROGRAMMES = re.compile(r"(?:19|20)\d\d ?- ?(?:19|20)\d\d(?!\d)")

# --- meanings ------------------------------------------------------------------------------------


def _one_month(match: re.Match) -> Period:
    said = match.groupdict()
    if word := said.get("word"):
        number = _WORDS[word]
    elif name := said.get("name"):
        number = next(n for n, full in enumerate(_ENGLISH, 1) if full.startswith(name[:3]))
    else:
        number = int(said["month"])
    return Period(number, number, _said_year(match), _text(match))


def _end(match: re.Match) -> Period:
    return replace(_one_month(match), up_to=True)


def _span(match: re.Match) -> Period:
    year = _said_year(match)
    first, last = int(match["month1"]), int(match["month"])
    return Period(first, last, year, _text(match), first_year=_said_year(match, "year1") or year)


def _some_months(match: re.Match) -> Period | None:
    said = match["count"]
    count = int(said) if said.isdigit() else _WORDS[said]
    if not 1 <= count <= 12:
        return None
    first, last = (13 - count, 12) if re.search(r"cuoi|last", match[0]) else (1, count)
    return Period(first, last, _said_year(match), _text(match))


def _half(match: re.Match) -> Period:
    first, last = (7, 12) if re.search(r"cuoi|second", match[0]) else (1, 6)
    return Period(first, last, _said_year(match), _text(match))


def _quarter(match: re.Match) -> Period:
    number = _ROMAN.get(match["quarter"]) or int(match["quarter"])
    return Period(number * 3 - 2, number * 3, _said_year(match), _text(match))


def _whole_year(match: re.Match) -> Period:
    return Period(1, 12, _said_year(match), _text(match), whole_year=True)


def _nothing(match: re.Match) -> None:
    """What looks like a time and is none: the day a paper was signed."""


def _said_year(match: re.Match, name: str = "year") -> int | None:
    said = match.groupdict().get(name)
    if not said:
        return None
    return int(said) if len(said) == 4 else 2000 + int(said)


def _text(match: re.Match) -> str:
    return match[0].strip(_MARKS)


_FORMS: tuple[tuple[re.Pattern, Callable[[re.Match], Period | None]], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        # From one day or month to another.
        (
            rf"(?<![\d/])(?:\btu )?(?:ngay )?{_day('month1', 'year1')} ?(?:den|toi|-)"
            rf"(?: (?:het|ngay))* ?{_day()}",
            _span,
        ),
        (
            rf"\b(?:tu )?(?:dau )?thang {_month('month1')}{_of_year('year1')} ?(?:den|toi|-)"
            rf"(?: (?:het|cuoi))* ?(?:thang )?{_month()}{_of_year()}",
            _span,
        ),
        # Up to a day or a month, or at it.
        (rf"{_UP_TO}{_day()}", _end),
        (rf"{_UP_TO}{_DAY} thang {_month()}{_of_year()}", _end),
        (rf"{_UP_TO}(?:thang )?{_month()} ?[/.-] ?{_year()}", _end),
        (rf"{_UP_TO}thang (?:{_month()}|{_WORD}){_of_year()}", _end),
        (rf"{_UP_TO}{_DAY} {_NAME}(?:,? {_year()})?", _end),
        (rf"{_UP_TO}{_NAME} {_DAY}(?:,? {_year()})?", _end),
        # The day of a paper.
        (rf"\bngay\W*(?:{_DAY})?\W*thang\W*(?:{_month()})?\W*nam\W*(?:{_year()})?", _nothing),
        (rf"\bngay {_day()}", _nothing),
        (rf"(?<![\d/]){_DAY}[/.-](?:0?[1-9]|1[0-2])[/.-]{_year()}", _nothing),
        (rf"(?<![\d/]){_year()}-(?:0[1-9]|1[0-2])-{_DAY}(?!\d)", _nothing),
        # Several months.
        (rf"{_COUNT} thang (?:dau|cuoi)(?: cua)? nam{_of_year()}", _some_months),
        (rf"{_COUNT} thang[\s,/.-]*(?:nam )?{_year()}", _some_months),
        (
            rf"(?:\A\W*|\(|\b(?:thuc hien|th|luy ke|bao cao|ket qua|uoc|bc)\W+){_COUNT} thang\b"
            r"(?!\W*\d)",
            _some_months,
        ),
        (rf"\b(?P<count>\d{{1,2}})t{_of_year()}(?![a-z\d])", _some_months),
        (rf"\b(?:first|last) {_COUNT} months(?: of)?{_of_year()}", _some_months),
        (rf"\bnua (?:dau|cuoi) nam{_of_year()}", _half),
        (rf"\b(?:first|second) half(?: of)?{_of_year()}", _half),
        (rf"\b(?:quy|q)[ .-]?(?P<quarter>iv|i{{1,3}}|[1-4])(?![a-z\d]){_of_year()}", _quarter),
        # A year in two figures, only behind a word for the time: Kỳ: 11/25.
        (
            rf"\b(?:ky(?: bao cao| so lieu)?|thang|t)[\s.:-]*{_month()} ?/ ?(?P<year>[23]\d)"
            r"(?![\d%]|[.,/-]\d)",
            _one_month,
        ),
        # One month. Ba Tháng Hai and 30 Tháng 4 are names of wards and streets.
        (rf"\bthang[\s.:-]*{_month()}{_of_year()}", _one_month),
        (rf"(?<!ba )\bthang (?!nam\W*(?:19|20)){_WORD}{_of_year()}", _one_month),
        (rf"\bt[ .]?{_month()}(?![a-z%]){_of_year()}", _one_month),
        (rf"(?<![\d/.-]){_month()} ?[/.-] ?{_year()}(?![/.-]\d)", _one_month),
        (rf"(?<![\d/.-]){_year()}[-./]{_month()}(?![/.-]?\d)", _one_month),
        (rf"\b{_NAME}[\s.,/-]*{_year()}", _one_month),
        # A year.
        (rf"\b(?:nam|year)\s*{_year()}", _whole_year),
        (rf"(?<![\d.,/]){_year()}(?![.,/]\d)", _whole_year),
    )
)
