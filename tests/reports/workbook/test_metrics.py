"""Room for text: what is computed must hold what is shown."""

import pytest

from reports.workbook import metrics


@pytest.mark.parametrize("plain, marked", [("a", "ậ"), ("E", "Ể"), ("d", "đ"), ("y", "ỹ")])
def test_a_letter_with_marks_is_as_wide_as_without(plain, marked):
    assert metrics.pixels(marked) == metrics.pixels(plain)


def test_horned_letters_are_wider_and_bold_text_too():
    assert metrics.pixels("ư") > metrics.pixels("u")
    assert metrics.pixels("Sơn La", 10, True) > metrics.pixels("Sơn La")
    assert metrics.pixels("Sơn La", 20) == pytest.approx(2 * metrics.pixels("Sơn La"))


def test_a_column_holds_the_text_it_was_made_for():
    text = "Tỷ lệ tham gia BHXH so với lực lượng lao động trong độ tuổi"
    width = metrics.column_width(metrics.pixels(text))
    assert metrics.column_pixels(width) >= metrics.pixels(text)
    assert metrics.column_pixels(width - 1) < metrics.pixels(text)


def test_text_wraps_at_spaces_and_at_line_ends():
    room = metrics.pixels("một hai")
    assert metrics.lines("một hai", room) == 1
    assert metrics.lines("một hai ba", room) == 2
    assert metrics.lines("một\nhai", room) == 2
    assert metrics.lines("", room) == 1


def test_a_word_wider_than_its_room_takes_more_lines():
    assert metrics.lines("m" * 30, metrics.pixels("m" * 10)) >= 3
