"""Reading a filled-in template back: from its keys, its stamp or its codes, and what is refused."""

import pytest
from openpyxl.styles import Font

from collection.files.intake.templates import (
    Known,
    is_template,
    read_template,
)
from commitments.actions.reporting.counts import record_counts
from commitments.models import Count
from districts.models import Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.accounts.faults import Refused
from tests import builders
from tests.collection.forms import FEBRUARY, filled, issued, opened
from tests.pages.reported import TODAY

JANUARY = FEBRUARY - 1


@pytest.fixture
def form(communes, catalogue) -> bytes:
    """The template of commune 99001; HI is asked in row 6, HI_HH_NEW in 7, SI_V in 8."""
    return issued(communes[0])


def without_keys(book):
    del book["_khoa"]


def read(file, **expected):
    return read_template(opened(file), **expected)


def numbers(found, catalogue):
    codes = {one.pk: code for code, one in catalogue.items()}
    return {codes[entry.indicator_id]: entry.value for entry in found.reading.entries}


def refused(file, **expected):
    with pytest.raises(Refused) as caught:
        read(file, **expected)
    return caught.value.faults[0]


def test_numbers_and_reasons_are_taken_from_the_open_cells(form, communes, catalogue):
    file = filled(form, {"C6": 120, "C7": "1.486", "H6": "Tách hộ", "G6": "x"})
    found = read(file, month=FEBRUARY, units=[communes[0]])
    assert found.known == Known.KEYS
    assert not found.needs_confirmation
    assert numbers(found, catalogue) == {"HI": 120, "HI_HH_NEW": 1486}
    assert [str(place) for place in found.reading.places] == ["Nhập!C6", "Nhập!C7"]
    assert found.reading.blank == 1
    (reason,) = found.reasons.items()
    assert reason[0] == (FEBRUARY, communes[0].pk, "HI")
    assert (reason[1].text, str(reason[1].place)) == ("Tách hộ", "Nhập!H6")


def test_what_was_read_can_be_recorded(form, communes, catalogue):
    found = read(filled(form, {"C6": 120, "C7": 3, "C8": 0}))
    record_counts(entries=found.reading.entries, actor=COMMAND_LINE, on=TODAY)
    assert set(Count.objects.values_list("unit__code", "indicator__code", "value")) == {
        ("99001", "HI", 120), ("99001", "HI_HH_NEW", 3), ("99001", "SI_V", 0),
    }  # fmt: skip


def test_a_blank_form_says_nothing(form):
    found = read(form)
    assert (found.reading.entries, found.reading.blank, found.reading.faults) == ([], 3, [])


def test_every_unreadable_cell_is_a_fault_at_its_place(form, catalogue):
    found = read(filled(form, {"C6": "nhiều", "C7": 1.5, "C8": -1, "H8": "x" * 301}))
    assert [(fault.code, fault.column, fault.row) for fault in found.reading.faults] == [
        ("not_a_number", "C", 6), ("fraction", "C", 7), ("negative", "C", 8), ("too_long", "H", 8),
    ]  # fmt: skip


def test_changed_locked_cells_are_listed_and_wait_for_confirmation(form, catalogue):
    found = read(filled(form, {"B6": "Tên khác", "D6": 99, "C6": 120}))
    assert found.needs_confirmation
    assert [(str(one.place), one.now) for one in found.changed] == [
        ("Nhập!B6", "Tên khác"), ("Nhập!D6", "99"),
    ]  # fmt: skip
    assert numbers(found, catalogue) == {"HI": 120}


def test_a_row_that_moved_is_found_by_its_code(form, catalogue):
    file = filled(form, {"C6": 120, "C7": 3}, finish=lambda book: book["Nhập"].insert_rows(6))
    found = read(file)
    assert numbers(found, catalogue) == {"HI": 120, "HI_HH_NEW": 3}
    assert [str(place) for place in found.reading.places] == ["Nhập!C7", "Nhập!C8"]
    assert found.needs_confirmation


def test_a_number_merged_over_two_rows_of_a_form_is_a_fault(form, catalogue):
    file = filled(form, {"C6": 5}, finish=lambda book: book["Nhập"].merge_cells("C6:C7"))
    found = read(file)
    assert [(fault.code, fault.column, fault.row) for fault in found.reading.faults] == [
        ("merged_number", "C", 6)
    ]
    assert numbers(found, catalogue) == {}


def test_a_struck_out_number_of_a_form_is_a_fault(form, catalogue):
    def strike(book):
        book["Nhập"]["C6"].font = Font(strike=True)

    found = read(filled(form, {"C6": 5, "C7": 3}, finish=strike))
    assert [(fault.code, fault.row) for fault in found.reading.faults] == [("struck_out", 6)]
    assert numbers(found, catalogue) == {"HI_HH_NEW": 3}


def test_a_row_whose_code_and_name_are_gone_is_a_fault(form):
    found = read(filled(form, {"A6": "?", "B6": "?", "C6": 5}))
    assert [fault.code for fault in found.reading.faults] == ["row_lost"]


def test_two_rows_swapped_keep_their_numbers(form, catalogue):
    file = filled(form, {"A6": "SI_V", "A8": "HI", "C6": 1, "C8": 2})
    assert numbers(read(file), catalogue) == {"SI_V": 1, "HI": 2}


def test_without_keys_the_stamp_says_what_the_file_is(form, communes, catalogue):
    found = read(filled(form, {"C6": 120}, finish=without_keys))
    assert found.known == Known.STAMP
    assert found.needs_confirmation
    assert (found.month, [unit.code for unit in found.units]) == (FEBRUARY, ["99001"])
    assert numbers(found, catalogue) == {"HI": 120}


def _drop_stamp(book):
    without_keys(book)
    for row in book["Nhập"]:
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("BC-X"):
                cell.value = None


def test_without_stamp_the_codes_tell_the_rows_and_the_reader_the_rest(form, communes, catalogue):
    file = filled(form, {"C6": 120}, finish=_drop_stamp)
    found = read(file, month=FEBRUARY, units=[communes[0]])
    assert found.known == Known.CODES
    assert numbers(found, catalogue) == {"HI": 120}
    assert refused(file).code == "template_unknown"


def test_a_stamp_with_a_wrong_mark_is_none(form):
    def forge(book):
        without_keys(book)
        for row in book["Nhập"]:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("BC-X"):
                    cell.value = cell.value.replace("99001", "99002")

    assert refused(filled(form, {}, finish=forge)).code == "template_unknown"


def test_keys_that_were_tampered_with_are_not_believed(form, catalogue):
    def tamper(book):
        for row in book["_khoa"]:
            for cell in row:
                if cell.value == "99001":
                    cell.value = "99002"

    found = read(filled(form, {"C6": 5}, finish=tamper))
    assert found.keys_changed
    assert (found.known, [unit.code for unit in found.units]) == (Known.STAMP, ["99001"])


def test_another_month_or_unit_is_refused_with_the_names_of_both(form, communes):
    month = refused(form, month=JANUARY)
    assert (month.code, month.read, month.expected) == ("other_month", "2024-02", "2024-01")
    assert "2024-02" in month.message
    assert "2024-01" in month.message
    unit = refused(form, units=[communes[1]])
    assert unit.code == "other_unit"
    assert "Ao Sen" in unit.message
    assert "Cầu Tre" in unit.message


def test_a_unit_that_was_established_anew_under_the_same_code_is_another(form, communes):
    Unit.objects.filter(pk=communes[0].pk).update(established_on="2024-01-15")
    assert refused(form).code == "unit_not_in_force"


def test_an_older_version_is_read_by_its_own_columns(communes, catalogue, monkeypatch):
    monkeypatch.setattr("collection.files.workbooks.template.VERSION", "2023.2")
    monkeypatch.setattr("collection.files.workbooks.template.INPUT_COLUMN", "E")
    found = read(filled(issued(communes[0]), {"E6": 120}))
    assert (found.is_older, found.version) == (True, "2023.2")
    assert numbers(found, catalogue) == {"HI": 120}


def test_a_district_hands_in_all_its_communes_at_once(communes, catalogue):
    form = issued(builders.by_code("901"))
    file = filled(filled(form, {"C6": 1}, sheet="99001 Ao Sen"), {"C6": 3}, sheet="99003 Đèo Gió")
    found = read(file, month=FEBRUARY, units=communes[:3])
    assert [(entry.unit_id, entry.value) for entry in found.reading.entries] == [
        (communes[0].pk, 1), (communes[2].pk, 3),
    ]  # fmt: skip
    assert refused(file, units=communes[:2]).code == "other_unit"


def test_a_hidden_row_is_not_taken(form):
    def hide(book):
        book["Nhập"].row_dimensions[6].hidden = True

    found = read(filled(form, {"C6": 5}, finish=hide))
    assert [fault.code for fault in found.reading.faults] == ["hidden_cell"]
    assert found.reading.entries == []


def test_only_templates_are_templates(form, communes, catalogue):
    assert is_template(opened(form))
    assert is_template(opened(filled(form, {}, finish=without_keys)))
    assert not is_template(opened(filled(form, {"A5": "x"}, finish=without_keys)))


def test_a_month_after_the_file_was_issued_is_its_own(communes, catalogue):
    found = read(filled(issued(communes[0], Month.of(2024, 5)), {"C6": 1}))
    assert found.reading.entries[0].month == Month.of(2024, 5)
