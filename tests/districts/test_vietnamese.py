"""Text as people type it: one spelling, and keys that search, match and sort."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from districts import gazetteer
from districts.models import Unit
from districts.vietnamese import clean, is_legacy_encoded, match_key, search_key, sort_key

GAZETTEER = Path(gazetteer.__file__).parent / "units.csv"

IN_ORDER = [
    "10",
    "A Lù",
    "An Châu",
    "An Phú",
    "Ăn Bua",
    "Ân Phú",
    "Ba",
    "Ba Vì",
    "Bà Rịa - Vũng Tàu",
    "Bả",
    "Bã",
    "Bá Thước",
    "Bạ",
    "Bac",
    "Băng",
    "Chiềng An",
    "Chiềng Ân",
    "Chiềng On",
    "Chiềng Ơn",
    "Dân",
    "Đà Nẵng",
    "Em",
    "Ê",
    "Hòa",
    "Lê",
    "Mường Sai",
    "Mường Sại",
    "O",
    "Ô",
    "Ơ",
    "Phường 2",
    "Phường 10",
    "Phường An",
    "Tô Hiệu",
    "U",
    "Ư",
    "Y Tý",
    "Ý Yên",
]


def test_clean_composes_decomposed_letters():
    decomposed = unicodedata.normalize("NFD", "Quỳnh Nhai")
    assert decomposed != "Quỳnh Nhai"
    assert clean(decomposed) == "Quỳnh Nhai"


def test_clean_drops_invisible_characters_and_collapses_spaces():
    assert clean("\ufeffXã\u00a0Hua\u200b La \n\t ") == "Xã Hua La"


def test_clean_makes_every_dash_plain_and_every_đ_the_vietnamese_one():
    assert clean("148/QÐ-UBND") == "148/QĐ-UBND"
    assert clean("Ɖắk Lắk – ð") == "Đắk Lắk - đ"


def test_search_key_strips_accents_but_keeps_words():
    assert search_key("  Đắk R’Lấp ") == "dak r'lap"
    assert search_key("Mường Sại") == search_key("MUONG SAI") == "muong sai"


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("Xã Liên Hoà", "Xã Liên Hòa"),
        ("xã THUỶ TIÊN", "Xã Thủy Tiên"),
        ("Phường Mĩ Đình", "Phường Mỹ Đình"),
        ("X. Quí Hoà", "Xã Quý Hòa"),
        (unicodedata.normalize("NFD", "Huyện Quỳnh Nhai"), "Huyện Quỳnh Nhai"),
        ("H. Mai Sơn", "Huyện Mai Sơn"),
        ("H.Mai Sơn", "Huyện Mai Sơn"),
        ("TX Mộc Châu", "Thị xã Mộc Châu"),
        ("Tx. Mộc Châu", "Thị xã Mộc Châu"),
        ("TP Sơn La", "Thành phố Sơn La"),
        ("T.P Sơn La", "Thành phố Sơn La"),
        ("TP.Sơn La", "Thành phố Sơn La"),
        ("X.Hua La", "Xã Hua La"),
        ("P. Tô Hiệu", "Phường Tô Hiệu"),
        ("P.1", "Phường 1"),
        ("P1", "Phường 01"),
        ("Q.10", "Quận 10"),
        ("TT Hát Lót", "Thị trấn Hát Lót"),
        ("TT. Hát Lót", "Thị trấn Hát Lót"),
        ("TTNT Mộc Châu", "Thị trấn Nông trường Mộc Châu"),
        ("TT NT Mộc Châu", "Thị trấn Nông Trường Mộc Châu"),
        ("Thị trấn NT Mộc Châu", "Thị trấn Nông trường Mộc Châu"),
        ("ĐK Côn Đảo", "Đặc khu Côn Đảo"),
        ("UBND xã Chiềng Sơ", "Xã Chiềng Sơ"),
        ("UBND X. Chiềng Sơ", "Xã Chiềng Sơ"),
        ("Uỷ ban nhân dân phường Tô Hiệu", "Phường Tô Hiệu"),
        ("BHXH huyện Mai Sơn", "Huyện Mai Sơn"),
        ("BHXH TP Sơn La", "Thành phố Sơn La"),
        ("Bà Rịa-Vũng Tàu", "Bà Rịa – Vũng Tàu"),
        ("Huyện Ia H’Drai", "huyện Ia H'Drai"),
        ("xã mường é", "Xã Mường É"),
    ],
)
def test_match_key_is_the_same_for_two_spellings_of_one_name(typed, official):
    assert match_key(typed) == match_key(official)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mường Sai", "Mường Sại"),
        ("Chiềng An", "Chiềng Ân"),
        ("Chiềng On", "Chiềng Ơn"),
        ("Mường Bang", "Mường Bằng"),
        ("Chiềng Đông", "Chiềng Dong"),
        ("Chiềng Hắc", "Chiềng Hặc"),
        ("TT Hát Lót", "Xã Hát Lót"),
        ("Tây Sơn", "Tai Sơn"),
        ("Thúy", "Thúi"),
        ("BHXH cơ sở Mai Sơn", "Mai Sơn"),
        ("Phường 1", "Phường 10"),
    ],
)
def test_match_key_keeps_different_names_apart(one, other):
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize("name", ["H'Leo", "Hua La", "Pa Ủ", "Tham", "Thanh Xuân", "Quý Hòa"])
def test_match_key_takes_no_beginning_of_a_name_for_an_abbreviation(name):
    assert len(match_key(name).split()) == len(name.split())


def test_match_key_of_an_official_name_is_stable_over_the_whole_gazetteer():
    with GAZETTEER.open(encoding="utf-8") as file:
        names = [row["full_name"] for row in csv.DictReader(file)]
    assert len(names) == 14_018
    for name in names:
        assert match_key(unicodedata.normalize("NFD", name.upper())) == match_key(name)


def test_old_fonts_are_recognised_and_unicode_is_not_mistaken_for_them():
    assert is_legacy_encoded("S¬n La")
    assert is_legacy_encoded("Tæng sè ng­êi tham gia ®ãng")
    assert not is_legacy_encoded("Sơn La, 98,3% – 20°C; «Đề án 06» Đắk R’Lấp")


def test_sort_key_puts_names_in_dictionary_order():
    backwards = IN_ORDER[::-1]
    assert sorted(backwards, key=sort_key) == IN_ORDER
    assert len({sort_key(name) for name in IN_ORDER}) == len(IN_ORDER)


def test_sort_key_orders_tones_within_a_word_before_the_next_word():
    tones = ["Ma Z", "Mà Y", "Mả X", "Mã V", "Má U", "Mạ A"]
    backwards = tones[::-1]
    assert sorted(backwards, key=sort_key) == tones


@given(st.text(max_size=30))
def test_sort_key_is_plain_digits_and_small_letters_for_any_text(text):
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.text(alphabet="aàăâbđêéhioôơuưyỳHÒƠ -'1", max_size=20))
def test_keys_do_not_change_when_text_is_decomposed(text):
    decomposed = unicodedata.normalize("NFD", text)
    for key in (clean, search_key, match_key, sort_key):
        assert key(decomposed) == key(text)


@pytest.mark.django_db
def test_the_database_sorts_the_stored_key_as_python_does():
    Unit.objects.bulk_create(
        Unit(
            code=f"{number:05d}",
            tier="commune",
            kind="rural_commune",
            name=name,
            full_name=name,
            sort_key=sort_key(name),
            search_key=search_key(name),
        )
        for number, name in enumerate(reversed(IN_ORDER))
    )
    assert list(Unit.objects.order_by("sort_key").values_list("name", flat=True)) == IN_ORDER
