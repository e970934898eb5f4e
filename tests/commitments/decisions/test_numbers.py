"""Numbers of documents, as people and files write them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.decisions.numbers import kind_told, number_key, tidy_number
from commitments.models import DocumentKind

SPELLINGS = [
    "148/QĐ-UBND",
    "148 /QĐ-UBND",
    "148/Q\u00d0-UBND",
    "148/Q\u0189–UBND",
    "148 / QĐ \u2011 UBND",
    "148/qđ-ubnd",
    "148/QD-UBND",
    "Số: 148/QĐ-UBND",
    "0148/QĐ—UBND",
    unicodedata.normalize("NFD", "148/QĐ-UBND"),
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_the_same_number(text):
    assert number_key(text) == number_key("148/QĐ-UBND")


@pytest.mark.parametrize("text", [text for text in SPELLINGS if not text.startswith("0")])
def test_every_spelling_is_printed_alike(text):
    assert tidy_number(text) == "148/QĐ-UBND"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("05/QĐ-UBND", "05/QĐ-UBND"),
        ("546/QĐ-TTg", "546/QĐ-TTg"),
        ("01/2023/QĐ - UBND", "01/2023/QĐ-UBND"),
        ("12/nq-hđnd", "12/NQ-HĐND"),
        ("05/BC-BCD", "05/BC-BCĐ"),
    ],
)
def test_what_is_written_well_stays(text, printed):
    assert tidy_number(text) == printed


@pytest.mark.parametrize("other", ["149/QĐ-UBND", "148/KH-UBND", "148/QĐ-BHXH", "1480/QĐ-UBND"])
def test_another_number_stays_another(other):
    assert number_key(other) != number_key("148/QĐ-UBND")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("148/Q\u00d0-UBND", DocumentKind.DECISION),
        ("01/2023/QĐ-UBND", DocumentKind.DECISION),
        ("22/KH-UBND", DocumentKind.PLAN),
        ("12/NQ-HĐND", DocumentKind.RESOLUTION),
        ("77/CV-BCĐ", DocumentKind.OFFICIAL_LETTER),
        ("1234/UBND-VX", DocumentKind.OFFICIAL_LETTER),
        ("148", None),
        ("148/XYZ", None),
    ],
)
def test_the_abbreviation_tells_the_type(number, kind):
    assert kind_told(number) == kind


_PIECES = st.sampled_from(
    [*"0123456789/- –—\u2011\u00d0\u0110đĐqQuUbBnNdDkKhHgG\u00a0", "Số: ", "QĐ", "UBND"]
)
_TEXTS = st.lists(_PIECES, max_size=14).map("".join)


@given(_TEXTS)
def test_tidying_twice_changes_nothing_more(text):
    assert tidy_number(tidy_number(text)) == tidy_number(text)


@given(_TEXTS)
def test_tidying_does_not_make_it_another_number(text):
    assert number_key(tidy_number(text)) == number_key(text)


@given(
    st.integers(1, 99_999), st.sampled_from(["QĐ", "KH", "NQ"]), st.sampled_from(["UBND", "BHXH"]),
    st.sampled_from(["", " ", "\u00a0"]), st.sampled_from("-–—\u2011\u2212"),
    st.sampled_from(["NFC", "NFD"]), st.booleans(),
)  # fmt: skip
def test_no_spelling_hides_a_number(number, kind, agency, gap, dash, form, small):
    written = f"{number}{gap}/{gap}{kind}{gap}{dash}{gap}{agency}"
    written = unicodedata.normalize(form, written.lower() if small else written)
    assert tidy_number(written) == f"{number}/{kind}-{agency}"
