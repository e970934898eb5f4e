"""When what somebody typed would go over what they never saw."""

import pytest

from collection.rules import BLANK, is_conflict, version


def test_a_version_is_what_stands_in_the_cell_and_nothing_else():
    assert version(1486, "1.486") == version(1486, "1,486")
    assert version(None, "") == BLANK
    every = {version(0, "0"), version(None, "1,5"), version(None, "1,6"), version(10, "10"), BLANK}
    assert len(every) == 5


@pytest.mark.parametrize(
    ("seen", "stands", "typed", "lost"),
    [
        ("5", "5", "6", False),
        ("", "7", "6", True),
        ("5", "7", "6", True),
        ("5", "7", "", True),
        ("5", "7", "7", False),
        ("5", "", "6", False),
        ("1,5", "1,5", "6", False),
        ("", "1,5", "6", True),
    ],
)
def test_a_conflict_is_a_number_that_would_be_lost_unseen(seen, stands, typed, lost):
    cells = {"seen": seen, "stands": stands, "typed": typed}
    assert is_conflict(**{name: version(None, text) for name, text in cells.items()}) == lost
