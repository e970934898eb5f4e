"""Templates and annotated copies as LibreOffice opens, calculates and saves them."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from collection.files.intake.templates import (
    Known,
    read_template,
)
from collection.files.workbooks.annotated import (
    Problem,
    annotate,
)
from commitments.intake.workbook.cells import Place
from commitments.intake.workbook.xlsx import read_workbook
from commitments.models import Rule
from tests.collection.forms import FEBRUARY, filled, issued
from tests.pages.reported import report

pytestmark = [pytest.mark.office, pytest.mark.usefixtures("english")]


@pytest.fixture
def form(communes, catalogue) -> bytes:
    """The form of commune 99001 after HI 100 and SI_V 7 in January, of 500 people."""
    report(catalogue, communes, FEBRUARY - 1, HI=[100] * 5, SI_V=[7] * 5, POP=[500] * 5)
    hi, si, pop = catalogue["HI"], catalogue["SI_V"], catalogue["POP"]
    Rule.objects.create(code="A", kind="at_most", severity="block", indicator=si, other=hi)
    Rule.objects.create(code="B", kind="at_most", severity="explain", indicator=hi, other=pop)
    Rule.objects.create(
        code="C", kind="change", severity="explain", indicator=hi, percent=10, least=20
    )
    return issued(communes[0])


@pytest.fixture
def saved(office, tmp_path):
    """The file after LibreOffice opened, calculated and saved it."""

    def saved(file: bytes) -> bytes:
        path = tmp_path / "form.xlsx"
        path.write_bytes(file)
        return office(path, "xlsx").read_bytes()

    return saved


def test_formulas_object_to_what_the_rules_object_to(form, saved):
    file = saved(filled(form, {"C6": 600, "C7": "x", "C8": 700, "H6": "reform"}))
    sheet = load_workbook(BytesIO(file), data_only=True)["Nhập"]
    assert [sheet[f"F{row}"].value for row in (6, 8)] == [500, 693]
    assert sheet["G6"].value == "More than Indicator POP (500). Risen by 500.0%."
    assert sheet["G7"].value == "Write a number"
    assert sheet["G8"].value == "More than Indicator HI (600)."


def test_a_number_that_needs_a_reason_asks_for_it(form, saved):
    sheet = load_workbook(BytesIO(saved(filled(form, {"C6": 130}))), data_only=True)["Nhập"]
    assert sheet["G6"].value == "Risen by 30.0%: say why."


def test_keys_and_locked_cells_survive_being_saved_by_another_program(form, saved):
    found = read_template(read_workbook("a.xlsx", saved(filled(form, {"C6": 130}))))
    assert (found.known, found.changed) == (Known.KEYS, [])
    assert [entry.value for entry in found.reading.entries] == [130]


def test_an_annotated_copy_opens_with_its_marks(form, saved):
    file = filled(form, {"C6": 130, "C7": -1})
    copy = annotate(file, name="a.xlsx", problems=[Problem(Place("Nhập", 7, "C"), "negative")])
    book = load_workbook(BytesIO(saved(copy)))
    assert book.sheetnames == ["Kết quả", "Nhập", "_khoa"]
    sheet = book["Nhập"]
    assert sheet["C7"].border.left.style == "medium"
    assert sheet["C7"].comment.text.strip() == "negative"
    assert sheet["I7"].value == "C7: negative"
    assert sheet["C6"].value == 130
