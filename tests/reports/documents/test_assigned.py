"""What an annex says of a decision: order, sums, rates held against their columns, differences."""

from decimal import Decimal

import pytest
from django.utils import translation

from districts.months import Month
from reports.documents.annex import annex
from reports.documents.assigned import Assigned
from reports.documents.setting.document import Table
from tests.builders import by_code


@pytest.fixture
def decided(assign, put, province, communes):
    """Two districts with their communes; the whole is 5 people more than its districts."""
    put(Month.of(2024, 1), POP=[200, 200, 200, 200, 200])
    north, south = by_code("901"), by_code("902")
    counts = {(province, "HI"): 905, (south, "HI"): 350, (north, "HI"): 550}
    below = {(unit, "HI"): 180 for unit in communes}
    rates = {(province, "HI_RATE"): 9050, (north, "HI_RATE"): 9167, (south, "HI_RATE"): 8000}
    return assign(counts | below | rates)


def table_of(decision) -> Table:
    with translation.override("vi"):
        made = annex(Assigned(decision), language="vi")
    (table,) = (block for block in made.blocks if isinstance(block, Table))
    return table


def test_the_whole_stands_first_and_units_in_the_order_of_the_decision(decided):
    rows = table_of(decided).rows
    assert [row.cells[0] for row in rows] == ["", "1", "1.1", "1.2", "2", "2.1", "2.2", "2.3"]
    assert rows[0].cells[1] == "TOÀN TỈNH"
    assert rows[1].cells[1] == by_code("902").full_name
    assert rows[0].bold
    assert not rows[2].bold


def test_bases_stand_before_what_is_divided_by_them(decided):
    found = Assigned(decided)
    assert [one.code for one in found.indicators] == ["POP", "HI", "HI_RATE"]
    assert table_of(decided).rows[0].cells[2:4] == ("1.000", "905")


def test_a_rate_that_its_columns_do_not_make_is_no_formula_and_is_said(decided):
    table = table_of(decided)
    assert [column.number for column in table.columns] == ["A", "B", "1", "2", "3", "4"]
    said = " ".join(note.text for note in table.notes)
    assert "87,50" in said
    assert "80,00" in said


def test_a_rate_that_they_do_make_is_a_formula(assign, put, province):
    put(Month.of(2024, 1), POP=[200, 200, 200, 200, 200])
    made = assign({(province, "HI"): 905, (province, "HI_RATE"): 9050})
    assert table_of(made).columns[4].number == "3=2/1"


def test_what_does_not_add_up_is_said_with_the_difference(decided):
    found = {one.unit.code: one for one in Assigned(decided).differences()}
    assert found["99"].own - found["99"].together == 5
    assert found["902"].together == 360
    said = [note.text for note in table_of(decided).notes]
    assert any("−5" in text for text in said)


def test_without_a_target_of_the_whole_its_row_is_the_sum(assign, province):
    made = assign({(by_code("901"), "HI"): 550, (by_code("902"), "HI"): 350})
    row = table_of(made).rows[0]
    assert (row.cells[1], row.cells[2]) == ("CỘNG", "900")


def test_of_what_is_passed_on_the_whole_is_what_the_unit_was_assigned(decided, assign, communes):
    south = by_code("902")
    values = {(unit, "HI"): 170 for unit in communes[3:]}
    made = assign(values, number="9/QĐ", by=south)
    type(made).objects.filter(pk=made.pk).update(passes_on=decided)
    made.refresh_from_db()
    found = Assigned(made)
    (difference,) = found.differences()
    assert (difference.own, difference.together) == (350, 340)
    assert table_of(made).rows[0].cells[2] == "350"


def test_what_nobody_was_assigned_is_no_part_of_the_sum(assign, communes):
    made = assign({(communes[0], "HI"): 5, (communes[0], "SI_V"): 7, (communes[1], "HI"): 6})
    assert set(table_of(made).rows[0].cells[2:4]) == {"7", "11"}


def test_a_target_before_is_the_latest_that_counted(assign, province):
    first = assign({(province, "HI"): 900}, number="1/QĐ")
    found = Assigned(first)
    (target,) = found.targets_of(province)
    assert found.before(target) is None
    assert found.value(province, target.indicator) == 900


def test_rates_keep_the_decimals_they_need(assign, province):
    made = assign({(province, "HI_RATE"): 9625, (by_code("901"), "HI_RATE"): 9600})
    assert [row.cells[2] for row in table_of(made).rows] == ["96,25", "96,00"]
    found = Assigned(made)
    assert found.value(province, found.indicators[0]) == Decimal("96.25")
