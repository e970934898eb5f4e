"""The template workbook: what is asked, what is locked, what it says, the same bytes twice."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from collection.files.blank_forms import (
    Sum,
    blank_forms,
)
from collection.files.workbooks.keys import read_keys
from collection.files.workbooks.template import (
    file_name,
    write_template,
)
from commitments.models import Rule
from districts.months import Month
from tests import builders
from tests.collection.forms import FEBRUARY, ISSUED, issued, opened
from tests.pages.reported import report


@pytest.fixture
def rules(catalogue):
    """HI may not exceed POP, SI_V may not exceed HI, and HI may not jump."""
    Rule.objects.create(
        code="HI_POP", kind="at_most", severity="explain",
        indicator=catalogue["HI"], other=catalogue["POP"],
    )  # fmt: skip
    Rule.objects.create(
        code="SI_HI", kind="at_most", severity="block",
        indicator=catalogue["SI_V"], other=catalogue["HI"],
    )  # fmt: skip
    Rule.objects.create(
        code="HI_CHANGE", kind="change", severity="explain",
        indicator=catalogue["HI"], percent=10, least=20,
    )  # fmt: skip
    groups = Rule.objects.create(
        code="GROUPS", kind="parts_at_most", severity="explain", indicator=catalogue["HI"]
    )
    groups.parts.set([catalogue["SI_V"]])


@pytest.fixture
def reported(communes, catalogue, rules):
    report(catalogue, communes, FEBRUARY - 12, HI=[80] * 5)
    report(catalogue, communes, FEBRUARY - 1, HI=[100] * 5, SI_V=[7] * 5, POP=[500] * 5)


@pytest.fixture
def sheet(reported, communes):
    return load_workbook(BytesIO(issued(communes[0])))["Nhập"]


def rows(sheet):
    return {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}


def test_a_commune_is_asked_what_it_reports_monthly(sheet):
    codes = [sheet.cell(row, 1).value for row in range(6, 10)]
    assert codes == ["HI", "HI_HH_NEW", "SI_V", "Σ"]


def test_a_month_and_a_year_before_stand_beside_each_number(sheet):
    assert [sheet[f"{column}6"].value for column in "CDE"] == [None, 100, 80]
    assert [sheet[f"{column}8"].value for column in "CDE"] == [None, 7, None]


def test_only_this_months_numbers_and_reasons_are_open(sheet):
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_cells = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "CH" for row in (6, 7, 8)}
    assert all(sheet[f"C{row}"].font.size == 14 for row in (6, 7, 8))


def test_bases_are_shown_and_locked(sheet):
    row = rows(sheet)["POP"]
    assert sheet.cell(row, 3).value == 500
    assert sheet.cell(row, 3).protection.locked


def test_every_open_number_is_validated_and_explained(sheet, catalogue):
    found = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    for row in (6, 7, 8):
        rule = found[f"C{row}"]
        assert (rule.type, rule.formula1, rule.errorStyle) == ("whole", "0", "stop")
        assert rule.formula2 == str(catalogue["HI"].maximum)
        assert 0 < len(rule.prompt) <= 255
    assert found["H6:H9"].type == "list"


def test_rules_of_the_catalogue_are_formulas_where_the_sheet_can_know(sheet):
    checked = sheet["G6"].value
    pop = rows(sheet)["POP"]
    assert f"$C6>$C{pop}" in checked
    assert "*100>$D6*10" in checked
    assert "SUM($C8)" in checked
    assert "$C8>$C6" in sheet["G8"].value


def test_a_rule_about_something_else_is_left_to_the_server(reported, communes, catalogue):
    Rule.objects.create(
        code="HI_TOTAL", kind="at_most", severity="block",
        indicator=catalogue["HI_HH_NEW"], other=catalogue["TOTAL"],
    )  # fmt: skip
    sheet = load_workbook(BytesIO(issued(communes[0])))["Nhập"]
    assert catalogue["TOTAL"].name not in sheet["G7"].value


def test_formulas_carry_their_values(sheet, reported, communes):
    for found in opened(issued(communes[0])).sheets:
        assert all(
            value is None or isinstance(value, str | int) for row in found.rows for value in row
        )


def test_the_same_form_gives_the_same_bytes(reported, communes):
    data = blank_forms(communes[0], FEBRUARY, issued_at=ISSUED)
    assert write_template(data) == write_template(data)
    assert file_name(data) == "BC-XA_2024-02_99001.xlsx"


def test_hidden_keys_name_unit_and_establishment_and_every_row(reported, communes):
    book = opened(issued(communes[0]))
    assert "_khoa" not in book.ignored_sheets
    keys, checksum = read_keys(book.keys.rows)
    assert keys.is_genuine(checksum)
    assert keys.month == FEBRUARY
    (sheet,) = keys.sheets
    assert (sheet.unit, sheet.established_on) == ("99001", communes[0].established_on)
    entered = {line.row: line.indicator for line in sheet.lines if line.indicator}
    assert entered == {6: "HI", 7: "HI_HH_NEW", 8: "SI_V"}


def test_keys_are_issued_with_this_sites_secret(reported, communes, settings):
    keys, checksum = read_keys(opened(issued(communes[0])).keys.rows)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert keys.is_genuine(checksum)
    settings.SECRET_KEY_FALLBACKS = []
    assert not keys.is_genuine(checksum)


def test_a_district_gets_one_workbook_with_a_sheet_for_each_commune(reported):
    book = load_workbook(BytesIO(issued(builders.by_code("901"))))
    contents, *forms = book.sheetnames
    assert forms == ["99001 Ao Sen", "99002 Cầu Tre", "99003 Đèo Gió", "_khoa"]
    links = [book[contents].cell(row, 2).hyperlink.location for row in (6, 7, 8)]
    assert links == [f"'{name}'!C6" for name in forms[:-1]]
    assert book["_khoa"].sheet_state == "veryHidden"


def test_after_the_reform_the_province_gets_all_communes_and_what_it_collects(reformed, catalogue):
    july = Month.of(2025, 7)
    data = blank_forms(builders.by_code("99", july.first_day), july, issued_at=ISSUED)
    assert [form.unit.code for form in data.forms] == ["99", "99001", "99004", "99005"]
    assert [line.code for line in data.forms[0].lines] == ["TOTAL"]


def test_forms_of_a_province_take_as_many_queries_as_of_one_commune(
    reported, communes, django_assert_num_queries
):
    for unit in (communes[0], builders.by_code("99")):
        with django_assert_num_queries(10 if unit.tier == "commune" else 9):
            blank_forms(unit, FEBRUARY, issued_at=ISSUED)


def test_a_group_is_added_up_below_its_last_part(reported, communes):
    data = blank_forms(communes[0], FEBRUARY, issued_at=ISSUED)
    (total,) = [line for line in data.forms[0].lines if isinstance(line, Sum)]
    assert total.parts == ("SI_V",)
