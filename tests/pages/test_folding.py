"""A long table shows both its ends: which rows stand, and which wait until somebody asks."""

from reports.pages.folding import BEST, FURTHEST_BEHIND, Stretch, stretches

ENDS = BEST + FURTHEST_BEHIND


def shown(parts: list[Stretch]) -> list[int]:
    return [row for part in parts if not part.is_folded for row in part.rows]


def every_row(parts: list[Stretch]) -> list[int]:
    return [row for part in parts for row in part.rows]


def test_a_table_that_is_not_long_stands_whole():
    assert stretches(range(ENDS + 1), ()) == [Stretch(tuple(range(ENDS + 1)))]


def test_of_a_long_table_the_best_and_those_furthest_behind_stand():
    parts = stretches(range(75), ())
    assert shown(parts) == [*range(BEST), *range(75 - FURTHEST_BEHIND, 75)]
    assert every_row(parts) == list(range(75))


def test_turned_around_the_same_rows_stand():
    parts = stretches(range(74, -1, -1), (), worst_first=True)
    assert sorted(shown(parts)) == [*range(BEST), *range(75 - FURTHEST_BEHIND, 75)]
    assert shown(parts)[0] == 74


def test_units_without_a_rank_do_not_hide_those_furthest_behind():
    parts = stretches(range(54), range(54, 75))
    assert shown(parts) == [
        *range(BEST),
        *range(54 - FURTHEST_BEHIND, 54),
        *range(54, 54 + BEST),
    ]
    assert every_row(parts) == list(range(75))


def test_a_district_with_few_reports_folds_nothing():
    assert [part.is_folded for part in stretches(range(3), range(3, 20))] == [False, False]


def test_a_table_without_rows_has_no_stretch():
    assert stretches((), ()) == []
