"""Vietnamese text: one spelling of what was typed, and keys to search, match and sort by.

Pure text in, text out. ``clean`` is what may be shown; the three keys are only compared. Sources:
the dictionary order of letters and tones, and the spellings met in real lists of units.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_LOOK_ALIKES = str.maketrans({
    # Vietnamese has one Đ; fonts and converters leave letters behind that only look like it.
    "\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ",
    # Dashes of every length.
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
    "\u2212": "-",
})  # fmt: skip
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))

_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng, in dictionary order; a word without a mark (ngang) precedes them."""

# What TCVN3 (.VnTime) leaves where Unicode would have a Vietnamese letter: S¬n La, Ch¨m, ®iÖn.
_LEGACY_LETTERS = "¡¢£¤¥¦§¨©ª¬®µ¶·¸¹»¼½¾Þ"
_UNICODE_ONLY = re.compile("[\u1ea0-\u1ef9]")
_LEGACY = re.compile(rf"[{_LEGACY_LETTERS}][^\W\d_]|[^\W\d_][{_LEGACY_LETTERS}]")

# What VNI leaves: a plain vowel and a letter Vietnamese does not have (Xaõ Ñoài, ñöôøng).
_VNI_LETTERS = "øûïåäëöüØÛÏÅÄËÖÜ"
_VNI = re.compile(rf"[aeiouyôöAEIOUYÔÖ][{_VNI_LETTERS}]|[Ññ][aeiouyöôAEIOUYÖÔ]|[{_VNI_LETTERS}]ô")


def clean(text: str) -> str:
    """One spelling of what was typed: composed (NFC), one Đ, plain dashes, single spaces."""
    text = unicodedata.normalize("NFC", str(text)).translate(_INVISIBLE).translate(_LOOK_ALIKES)
    return " ".join(text.split())


def is_legacy_encoded(text: str) -> bool:
    """Whether the text was typed in an old font (TCVN3, VNI) and has to become Unicode."""
    text = unicodedata.normalize("NFC", text)
    if _UNICODE_ONLY.search(text):
        return False  # No old font writes these: a mark in such a text is a footnote's.
    return bool(_LEGACY.search(text) or _VNI.search(text))


def search_key(text: str) -> str:
    """Lower case without any accent, ``đ`` as ``d``: to find by typing, never to decide."""
    letters = unicodedata.normalize("NFD", _folded(text))
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("đ", "d")


# --- matching ---------------------------------------------------------------------------------

_OFFICES = re.compile(
    r"(?:ubnd|hđnd|bhxh|bcđ|[uủ][yỷ] ban nhân dân|hội đồng nhân dân|bảo hiểm xã hội|ban chỉ đạo)"
    r"(?: của)? (?=(?:x|p|h|q|tt|tx|tp|tt ?nt|đk)(?:\.|\s|\d)|t\.?p|xã|phường|thị|đặc|huyện|quận"
    r"|thành phố|tỉnh)"
)
"""Whose report it is says which unit it is about: "UBND xã Hua La", "BHXH huyện Mai Sơn"."""

_ABBREVIATIONS = (
    (re.compile(r"tt[. ]*nt(?:\.\s*|\s+)"), "thị trấn nông trường "),
    (re.compile(r"t\.? ?t(?:\.\s*|\s+)"), "thị trấn "),
    (re.compile(r"t\.? ?x(?:\.\s*|\s+)"), "thị xã "),
    (re.compile(r"t\.? ?p(?:\.\s*|\s+)"), "thành phố "),
    (re.compile(r"đk(?:\.\s*|\s+)"), "đặc khu "),
    (re.compile(r"x(?:\.\s*|\s+)"), "xã "),
    (re.compile(r"h(?:\.\s*|\s+)"), "huyện "),
    (re.compile(r"p(?:\.\s*|\s+|(?=\d))"), "phường "),
    (re.compile(r"q(?:\.\s*|\s+|(?=\d))"), "quận "),
)
_STATE_FARM = re.compile(r"\bnt\b\.?")
_SEPARATORS = re.compile(r"[\s\-.,;:/()\[\]_]+")
_ONSET_Y = re.compile(r"(?<=[bcdđghklmnpqrstvx])y|(?<=qu)y")


@lru_cache(maxsize=50_000)  # a country's names are looked up again for every month of a file
def match_key(text: str) -> str:
    """What two spellings of one name share, accents kept: equal keys are the same name.

    Folds case, abbreviations of the kind of unit (H., TX, TP, X., P., TT, TTNT, UBND xã ...),
    where the tone mark stands (Hòa, Hoà), i and y after a consonant (Mĩ, Mỹ) and leading zeros
    of numbers (Phường 01). Each word's tone mark is moved to the word's end.
    """
    text = _OFFICES.sub("", _folded(text), count=1)
    for pattern, words in _ABBREVIATIONS:
        if match := pattern.match(text):
            text = words + text[match.end() :]
            break
    text = _STATE_FARM.sub("nông trường", text)
    return " ".join(_syllable_key(word) for word in _SEPARATORS.split(text) if word)


def _syllable_key(word: str) -> str:
    if word.isdecimal():
        return str(int(word))
    letters, tones = _split_tones(word)
    if letters.count("y") == 1 and letters.endswith("y"):
        # "mỹ" and "mĩ" are one word; "thuý" and "thúi", "ay" and "ai" are not.
        letters = _ONSET_Y.sub("i", letters)
    return unicodedata.normalize("NFC", letters + tones)


def _folded(text: str) -> str:
    return clean(text).translate(_APOSTROPHES).lower()


def _split_tones(word: str) -> tuple[str, str]:
    """The word without its tone marks (ă, â, ê, ô, ơ, ư stay), and the marks."""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in parts if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tones


# --- sorting ----------------------------------------------------------------------------------

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_VARIANTS = {"ă": "a2", "â": "a3", "đ": "d2", "ê": "e2", "ô": "o2", "ơ": "o3", "ư": "u2"}
_CODES = {letter: _VARIANTS.get(letter, letter + "1") for letter in _ALPHABET}
_SORT_WORD = re.compile(r"\d+|[^\W\d_']+(?:'[^\W\d_']+)*'?")


def sort_key(text: str) -> str:
    """A plain string of ``0-9a-z`` whose order is the Vietnamese dictionary's.

    Word by word: letters a ă â b c d đ ..., then the tone ngang, huyền, hỏi, ngã, sắc, nặng;
    numbers by value, before letters. Every letter is a pair of letter and digit, and a word ends
    in ``0`` and its tone, so that each collation of either database puts the keys in the same
    order as ``sorted`` does.
    """
    return "".join(_sort_code(word) for word in _SORT_WORD.findall(_folded(text)))


def _sort_code(word: str) -> str:
    if word.isdecimal():
        number = str(int(word))
        return f"1{len(number):02d}{number}00"
    letters, tones = _split_tones(word)
    codes = [_CODES.get(c) or _CODES.get(search_key(c), "") for c in letters]
    return "".join(codes) + f"0{_TONES.index(tones[-1]) + 1 if tones else 0}"
