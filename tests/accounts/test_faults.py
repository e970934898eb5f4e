"""A text that does not fit is refused whole, with how long it is and how long it may be."""

import pytest

from steering.accounts.faults import Fault, too_long


@pytest.mark.parametrize("text", ["", "đ" * 10, "dòng một\r\n2"])
def test_what_fits_is_not_refused(text):
    assert too_long(text, 10, column="why") == []


def test_a_longer_text_is_told_with_the_limit_and_what_was_sent():
    message = "Văn bản có 11 ký tự; tối đa 10 ký tự. Hãy rút ngắn."
    told = Fault("too_long", message, column="why", read="11", expected="<= 10")
    assert too_long("đ" * 11, 10, column="why") == [told]
