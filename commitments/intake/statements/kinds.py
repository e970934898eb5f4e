"""What kind of number a head says it is over: counted, or last year's, planned, summed up.

Whole phrases at word boundaries: ``Kế hoạch`` is a plan, ``Thực hiện kế hoạch`` is none. A text
that is an indicator's name is read as that name before anything is looked for here.
"""

import re
from enum import StrEnum

from districts.vietnamese import search_key

from . import LONGEST_STATEMENT


class NumberKind(StrEnum):
    """A kind of number; ``ACTUAL`` is what was counted in the time that is
    stated, ``ADDED`` what comes on top of a target assigned before."""

    ACTUAL = "actual"
    LAST_YEAR = "last_year"
    BEFORE = "before"
    PLAN = "plan"
    ADDED = "added"
    CUMULATIVE = "cumulative"
    CHANGE = "change"
    SHARE = "share"
    ESTIMATE = "estimate"
    RANK = "rank"


_PLAN = (
    r"ke hoach|kh|chi tieu (?:duoc )?giao|chi tieu (?:ke hoach|kh)|chi tieu nam|muc tieu|du toan"
    r"|chi tieu thuc hien|giao thuc hien|dinh muc|so giao|giao (?:dau |bo sung )?nam|plan(?:ned)?"
    r"|targets?|(?:\A|(?<=so )|(?<=chi tieu ))(?:da|duoc|can|phai) (?:giao|dat)\Z"
)
_ADDED = (
    r"(?:\A|(?<=so )|(?<=chi tieu )|(?<=ke hoach )|(?<=kh ))(?:duoc )?(?:giao )?"
    r"(?:(?:tang )?bo sung|(?:dieu chinh|giao) (?:tang|giam|them))(?: them)?"
)
_LAST_YEAR = (
    r"cung ky(?: (?:nam )?(?:truoc|ngoai))?|nam (?:lien )?(?:truoc|ngoai)|nam lien ke truoc"
    r"|(?:same (?:month|period) )?(?:of )?(?:last|previous|the year before) year"
)
_BEFORE = (
    r"(?:thang|ky|quy|tuan)(?: bao cao)? (?:lien )?(?:truoc|lien ke)|previous (?:month|period)"
    r"|\A(?:so |so du |so lieu )?dau (?:nam|ky|thang)\Z"
)
_CUMULATIVE = (
    r"luy ke|luy tien|cong don|tu dau (?:nam|quy|nhiem ky)|year to date|ytd|cumulative|accumulated"
)
_CHANGE = (
    r"tang ?(?:\(\+\))?[ ,/;+-]*(?:hoac |va )?giam(?: ?\(-\))?|(?:muc |so |ty le |% )*(?:tang|giam)"
    r" (?:so|truong)|tang \(\+\)|giam \(-\)|so (?:sanh|voi)|ss voi|\+ ?/ ?-|chenh lech"
    r"|bien dong (?:tang|giam|so)|\Abien dong\Z|\A(?:so )?giam\Z|\A(?:so )?binh quan\b.*"
    r"|con (?:lai|thieu)|thieu so|vuot so|change|difference|compared (?:with|to)"
)
_SHARE = (
    r"ty le|ti le|ty trong|phan tram|% ?(?:kh|so|dat|hoan|thuc|ke|th|tang|giam|bao)|dat %"
    r"|(?:dat|hoan thanh) ty le|hoan thanh|\Adat\Z|share|percentage|rate"
)
_ESTIMATE = (
    r"uoc (?:so )?(?:thuc hien|th|dat|tinh|ca nam|thang)|uth|so uoc|\Auoc\Z|du kien|du bao"
    r"|estimated?|forecast"
)
_RANK = r"xep (?:hang|thu)|rank(?:ing)?"
_ACTUAL = (
    r"(?:ket qua |so |da |tinh hinh )*(?:thuc hien|th|kq th)(?: (?:trong|cua))?"
    r"|ket qua|kq|trong (?:thang|ky)|(?:thang|ky) (?:nay|bao cao)|phat sinh(?: trong (?:thang|ky))?"
    r"|so lieu|thuc te|dat duoc|hien co|tong so|tong cong|tong|trong do|so luong|actual|reported"
)
_FULFILLED = r"(?:thuc hien|th|hoan thanh|giao) (?:cac |ve )*(?:ke hoach|kh|chi tieu|muc tieu)\b.*"
_FORMS = (
    (NumberKind.RANK, _RANK),
    (NumberKind.ADDED, _ADDED),
    (NumberKind.CHANGE, _CHANGE),
    (NumberKind.SHARE, _SHARE),
    (NumberKind.ESTIMATE, _ESTIMATE),
    (NumberKind.LAST_YEAR, _LAST_YEAR),
    (NumberKind.BEFORE, _BEFORE),
    (NumberKind.CUMULATIVE, _CUMULATIVE),
    (NumberKind.PLAN, _PLAN),
)
_KINDS = [(kind, re.compile(rf"(?<![\w%])(?:{form})(?!\w)")) for kind, form in _FORMS]
_ACTUALS = re.compile(rf"(?<!\w)(?:{_ACTUAL})(?!\w)")
COUNTED = re.compile(r"(?<!\w)(?:thuc hien|th|ket qua|kq|thuc te|luy ke|actual)(?!\w)")
_FULFILLING = re.compile(rf"(?<!\w)(?:ket qua |tinh hinh )?{_FULFILLED}")
_HEADLINE = re.compile(
    r"\A\W*(?:(?:phu luc|bieu|bang|mau|so lieu|tong hop|bao cao)(?: so)?[\s:.-]*"
    r"(?:\d{1,2}[a-z]?|[ivx]{1,4})?[\s:.-]+)*"
)
_ANYWHERE = {NumberKind.CUMULATIVE, NumberKind.ESTIMATE}


def kind_of_head(text: str) -> tuple[NumberKind, str] | None:
    """The kind of number that a head or the head of a group says, and the words that say it."""
    key = _FULFILLING.sub(" thuc hien ", search_key(text[:LONGEST_STATEMENT]))
    for kind, form in _KINDS:
        if found := form.search(key):
            return kind, found[0].strip()
    if found := _ACTUALS.search(key):
        return NumberKind.ACTUAL, found[0].strip()
    return None


def kind_of_title(text: str) -> tuple[NumberKind, str] | None:
    """The kind that a title says all its table is of.

    A title begins with it: ``KẾ HOẠCH NĂM 2026``. What was summed up or estimated is said anywhere;
    what is only compared with (``so với cùng kỳ``) is not what stands in the table.
    """
    key = search_key(text[:LONGEST_STATEMENT])
    key = re.split(r"\bso (?:voi|sanh)\b|\bva\b", _FULFILLING.sub(" thuc hien ", key))[0]
    start = _HEADLINE.match(key).end()
    for kind, form in _KINDS:
        if kind in (NumberKind.CHANGE, NumberKind.SHARE, NumberKind.RANK):
            continue
        found = form.search(key) if kind in _ANYWHERE else form.match(key, start)
        if found:
            return kind, found[0].strip()
    return None


def without_kind(key: str) -> str:
    """What is left of a head, without case and accents, when the words of its kind are gone."""
    key = _FULFILLING.sub(" ", search_key(key))
    for _kind, form in _KINDS:
        key = form.sub(" ", key)
    return " ".join(_ACTUALS.sub(" ", key).split()).strip(" .,;:()/-")
