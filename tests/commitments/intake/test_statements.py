"""Statements as they are worded: what is one, what is none, and no unit's name ever is."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.intake.statements.kinds import kind_of_head, kind_of_title, without_kind
from commitments.intake.statements.measures import measures_in, without_measure
from commitments.intake.statements.periods import (
    Period,
    only_month,
    periods_in,
    without_periods,
)
from districts.gazetteer.register import read_register
from districts.months import Month
from districts.vietnamese import search_key


def months_of(text: str) -> list[tuple]:
    return [(one.first, one.last, one.year) for one in periods_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tháng 11, năm 2025", (11, 11, 2025)),
        ("Biểu báo cáo T11/2025", (11, 11, 2025)),
        ("bao-cao-T11-2025", (11, 11, 2025)),
        ("BC_T11_2025", (11, 11, 2025)),
        ("tháng mười một", (11, 11, None)),
        ("tháng năm năm 2025", (5, 5, 2025)),
        ("thang muoi hai nam 2024", (12, 12, 2024)),
        ("Quý III/2025", (7, 9, 2025)),
        ("Q3-2025", (7, 9, 2025)),
        ("9 tháng đầu năm", (1, 9, None)),
        ("sáu tháng cuối năm 2025", (7, 12, 2025)),
        ("6T/2025", (1, 6, 2025)),
        ("nửa đầu năm 2025", (1, 6, 2025)),
        ("từ ngày 01/01/2025 đến ngày 30/11/2025", (1, 11, 2025)),
        ("tháng 1-11/2025", (1, 11, 2025)),
        ("tính đến ngày 30/11", (11, 11, None)),
        ("đến 31 tháng 12 năm 2025", (12, 12, 2025)),
        ("as of 30 November 2025", (11, 11, 2025)),
        ("first 11 months of 2025", (1, 11, 2025)),
        ("Năm 2025", (1, 12, 2025)),
        ("Tháng … năm 2025", (1, 12, 2025)),
    ],
)
def test_a_time_is_read_in_each_of_its_wordings(text, expected):
    assert months_of(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Sơn La, ngày 05 tháng 3 năm 2024", "ngày ... tháng 12 năm 2025", "BC 05.12.2025",
        "(Kèm theo Công văn số 123/BHXH-TST ngày 05/01/2026)", "Số: 12/2025/NĐ-CP",
        "Theo Quyết định số 148/QĐ-UBND ngày 26/01/2024", "nợ từ 3 tháng trở lên", "2021-2025",
        "Phường Ba Tháng Hai", "Xã Thắng Hải", "Thang Hai", "Phú Quý", "Quỹ 3",
    ],
)  # fmt: skip
def test_the_day_of_a_paper_and_a_name_are_no_time_of_its_numbers(text):
    assert months_of(text) == []


@given(
    st.integers(1, 12),
    st.integers(2000, 2099),
    st.sampled_from(
        [
            "Tháng {m}/{y}", "tháng {m:02} năm {y}", "THÁNG {m}, NĂM {y}", "T{m}/{y}",
            "t{m:02}.{y}", "{m:02}/{y}", "{y}-{m:02}", "Thang {m} nam {y}", "(tháng {m}/{y})",
        ]
    ),
)  # fmt: skip
def test_a_month_comes_back_from_every_form_it_is_written_in(month, year, form):
    text = form.format(m=month, y=year)
    assert only_month(text).month == Month.of(year, month)
    assert without_periods(f"BHYT {text}") == "bhyt"
    assert periods_in(f"Số liệu {text}")[0].fits(Month.of(year, month))


def test_only_a_month_alone_is_the_month_of_a_cell():
    assert only_month("T12") == Period(12, 12, None, "t12")
    for text in ("tháng mười ba", "Quý 1/2024", "Tháng 3 và tháng 4", "khoảng tháng 3/2024"):
        assert only_month(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("Số thu (triệu đồng)", "VND", 10**6), ("ĐVT: tỷ đồng", "VND", 10**9), ("%", "percent", 1),
        ("(Đơn vị tính: 1.000 người)", "person", 1000), ("DVT: TRIEU DONG", "VND", 10**6),
        ("Đơn vị: triệu đồng", "VND", 10**6), ("(ngàn đồng/tháng)", "VND", 1000),
        ("‰", "permille", 1),
        ("Unit: million VND", "VND", 10**6), ("(tr.đ)", "VND", 10**6), ("(tỷ)", "", 10**9),
    ],
)  # fmt: skip
def test_a_measure_is_read_with_its_scale(text, unit, scale):
    assert [(one.unit, one.scale) for one in measures_in(text)] == [(unit, scale)]


@pytest.mark.parametrize(
    "text",
    [
        "Triệu Đông", "UBND XÃ TRIỆU ĐÔNG", "Đơn vị: Xã Phù Yên", "Đơn vị", "Đơn vị:",
        "Số người tham gia BHXH bắt buộc (trong tỉnh)", "Công ty", "Bảo hiểm y tế",
    ],
)  # fmt: skip
def test_other_words_state_no_measure(text):
    assert measures_in(text) == []
    assert without_measure(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cùng kỳ năm trước", "last_year"), ("Thực hiện năm trước", "last_year"),
        ("Kế hoạch", "plan"), ("KH 2025", "plan"), ("Chỉ tiêu giao", "plan"),
        ("Lũy kế từ đầu năm", "cumulative"), ("Tăng/giảm so với cùng kỳ", "change"),
        ("% so KH", "share"), ("Ước TH tháng 12", "estimate"), ("Thực hiện", "actual"),
        ("Kết quả thực hiện kế hoạch năm 2025", "actual"), ("Xếp thứ", "rank"),
        ("Đầu năm", "before"), ("Số đầu kỳ", "before"), ("Số cần đạt", "plan"),
        ("Đã giao", "plan"), ("Giảm", "change"), ("Bình quân năm", "change"), ("Tăng", None),
        ("Tăng mới", None), ("Bảo hiểm", None), ("Chỉ tiêu HI", None), ("hương ước", None),
    ],
)  # fmt: skip
def test_a_head_says_its_kind_by_whole_phrases(text, kind):
    found = kind_of_head(text)
    assert (found and found[0]) == kind
    assert (without_kind(text) == search_key(text)) == (found is None)


@pytest.mark.parametrize(
    "title",
    [
        "BÁO CÁO KẾT QUẢ THỰC HIỆN KẾ HOẠCH THÁNG 12", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "GIAO BAN THÁNG 12",
        "Báo cáo tháng 12 so với cùng kỳ năm trước", "Tình hình thực hiện chỉ tiêu",
        "Kết quả đưa chỉ tiêu BHYT vào hương ước",
    ],
)  # fmt: skip
def test_a_title_that_only_mentions_another_kind_is_of_what_was_counted(title):
    assert kind_of_title(title) is None


@pytest.mark.parametrize("part", ["ngày ", "tháng. ", "(", "ĐVT: ", ", ", " - ", "1/", "kế hoạch "])
def test_a_cell_full_of_anything_is_looked_through_in_no_time(part):
    text, start = part * 8_000, time.perf_counter()
    periods_in(text), measures_in(text), without_measure(text)
    kind_of_head(text), kind_of_title(text), only_month(text)
    assert time.perf_counter() - start < 1


_SOUNDS_LIKE = re.compile(
    r"\b(?:thang|quy|nam|ky|bat|trieu|ty|uoc|tong|dat|dong|giao|muc|kh|t\d)\b|\d"
)


def _names_of_units() -> set[str]:
    names = {name for row in read_register().units.values() for name in (row.name, row.full_name)}
    assert len(names) > 15_000
    return names


def _states_nothing(text: str) -> bool:
    return not (periods_in(text) or measures_in(text) or kind_of_title(text))


def test_no_name_of_a_unit_that_sounds_like_a_statement_is_read_as_one():
    """Names in titles and of sheets, with their accents and without."""
    names = {name for name in _names_of_units() if _SOUNDS_LIKE.search(search_key(name))}
    assert len(names) > 1_000
    for name in names:
        for text in (name, search_key(name), name.upper(), f"UBND {name}"):
            assert _states_nothing(text), text


@pytest.mark.slow
def test_no_name_of_a_unit_is_read_as_a_statement():
    for name in _names_of_units():
        for text in (name, search_key(name), name.upper(), f"UBND {name}"):
            assert _states_nothing(text), text
