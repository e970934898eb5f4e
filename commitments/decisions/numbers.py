"""Numbers of documents: one spelling to compare, one to print, and the type that they tell.

Decree 30/2020/ND-CP writes ``148/QĐ-UBND``: the number, a slash, the abbreviation of the type, a
hyphen, that of the agency; no space around slash and hyphen. An official letter has no type of its
own: ``1234/UBND-VX``. Files and keyboards bring other letters for Đ, long dashes and spaces.
"""

import re

from commitments.models import DocumentKind
from districts.vietnamese import clean, search_key

_LABEL = re.compile(r"^(?:số|so|no\.?)\s*:?\s*(?=\d)", re.IGNORECASE)
_JOINTS = re.compile(r"\s*([/\-])\s*")
_ZEROS = re.compile(r"^0+(?=\d)")
_ACCENTED = {"QD": "QĐ", "HDND": "HĐND", "BCD": "BCĐ"}
_KINDS = {
    "QD": DocumentKind.DECISION,
    "KH": DocumentKind.PLAN,
    "NQ": DocumentKind.RESOLUTION,
    "CV": DocumentKind.OFFICIAL_LETTER,
}
_AGENCIES = frozenset({"UBND", "HDND", "BHXH", "BCD", "TTG", "VPCP", "STC", "SYT", "BTC"})
"""Who writes official letters: after the number comes the agency, and no type."""


def tidy_number(text: str) -> str:
    """A number as it is printed: ``148 /QÐ–UBND`` is ``148/QĐ-UBND``.

    Zeros before the number stay as they were written; small letters become capitals where there are
    none, since ``QĐ-TTg`` has both.
    """
    number = _JOINTS.sub(r"\1", _LABEL.sub("", clean(text)))
    if not any(letter.isupper() for letter in number):
        number = number.upper()
    return re.sub(r"[^\W\d_]+", lambda word: _ACCENTED.get(word[0], word[0]), number)


def number_key(text: str) -> str:
    """What two spellings of one number have in common: ``05 /qd-ubnd`` and ``5/QĐ-UBND``."""
    return _ZEROS.sub("", search_key(tidy_number(text)).replace(" ", "").upper())


def kind_told(number: str) -> DocumentKind | None:
    """The type of document that a number names; None where it names none that assigns targets."""
    words = re.findall(r"[A-Z]+", number_key(number))
    if not words:
        return None
    told = next((_KINDS[word] for word in words if word in _KINDS), None)
    if told is None and words[0] in _AGENCIES:
        return DocumentKind.OFFICIAL_LETTER
    return told
