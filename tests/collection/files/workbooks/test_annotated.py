"""The annotated copy: problems marked where they stand, nothing of the file lost, read again."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from collection.files.intake.templates import read_template
from collection.files.workbooks.annotated import (
    Mark,
    Problem,
    annotate,
    annotated_name,
)
from commitments.intake.counts import read_counts
from commitments.intake.files import open_file
from commitments.intake.workbook.cells import Place
from commitments.intake.workbook.xlsx import read_workbook
from steering.accounts.faults import Refused
from tests.collection.forms import FEBRUARY, filled, issued
from tests.pages.reported import TODAY

pytestmark = pytest.mark.usefixtures("english")
HEADS = ["Đơn vị", "HI", "SI_V"]


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def foreign() -> bytes:
    """A matrix with a chart, a print title and an autofilter, as somebody else made it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Biểu 1"
    for row in (["Báo cáo"], HEADS, ["Xã Ao Sen", 5, -1], ["Xã Cầu Tre", None, 2]):
        sheet.append(row)
    sheet["D1"] = "=B3+C3"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=4))
    sheet.add_chart(chart, "H2")
    sheet.print_title_rows = "2:2"
    sheet["B3"].number_format = "#,##0"
    book.defined_names["tong"] = DefinedName("tong", attr_text="'Biểu 1'!$B$3")
    return saved(book)


def at(column: str, row: int, sheet: str = "Biểu 1") -> Place:
    return Place(sheet, row, column)


def annotated(file: bytes, *problems: Problem, name: str = "a.xlsx", **more):
    made = annotate(file, name=name, problems=problems, **more)
    return made, load_workbook(BytesIO(made))


def test_a_wrong_cell_gets_border_fill_note_and_words_beside_it(foreign):
    _file, book = annotated(foreign, Problem(at("C", 3), "negative"), accepted=[at("B", 3)])
    cell = book["Biểu 1"]["C3"]
    assert cell.border.left.style == "medium"
    assert cell.fill.fgColor.rgb == "FFFBE3DD"
    assert cell.comment.text == "negative"
    assert book["Biểu 1"]["E3"].value == "C3: negative"
    assert book["Biểu 1"]["E2"].value == "Result of the check"


def test_a_warning_is_amber_and_an_accepted_row_is_ticked(foreign):
    _file, book = annotated(
        foreign, Problem(at("B", 3), "a leap", Mark.WARNING), accepted=[at("C", 4)]
    )
    sheet = book["Biểu 1"]
    assert sheet["B3"].fill.fgColor.rgb == "FFFDF0CF"
    assert sheet["B3"].number_format == "#,##0"
    assert sheet["E4"].value == "✓"
    assert sheet["C4"].fill.fill_type is None


def test_an_error_outweighs_a_warning_on_the_same_cell(foreign):
    problems = [Problem(at("C", 3), "a leap", Mark.WARNING), Problem(at("C", 3), "negative")]
    _file, book = annotated(foreign, *problems)
    assert book["Biểu 1"]["C3"].fill.fgColor.rgb == "FFFBE3DD"
    assert book["Biểu 1"]["E3"].value == "C3: a leap · C3: negative"
    assert book["Biểu 1"]["C3"].comment.text == "a leap\nnegative"


def test_a_blank_cell_can_be_marked(foreign):
    _file, book = annotated(foreign, Problem(at("B", 4), "missing"), Problem(at("B", 40), "x"))
    assert book["Biểu 1"]["B4"].border.top.style == "medium"
    assert book["Biểu 1"]["E40"].value == "B40: x"


def test_the_first_sheet_counts_says_what_was_not_saved_and_links(foreign):
    problems = [Problem(at("C", 3), "negative"), Problem(at("B", 3), "a leap", Mark.WARNING)]
    whole = Problem(Place(None, 1), "of the whole file")
    _file, book = annotated(
        foreign, *problems, whole, accepted=[at("C", 4)], said=["Not saved: 2 cells."]
    )
    sheet = book.worksheets[0]
    assert sheet.title == "Kết quả"
    assert book.active is sheet
    lines = [sheet.cell(row, 1).value for row in range(1, 7)]
    assert lines[1:5] == [
        "1 number is right.", "2 places are wrong.", "1 number asks for a reason.",
        "Not saved: 2 cells.",
    ]  # fmt: skip
    assert [sheet.cell(row, 1).value for row in (9, 10, 11)] == [
        "Biểu 1!C3", "Biểu 1!B3", "the whole file",
    ]  # fmt: skip
    assert sheet["A9"].hyperlink.location == "'Biểu 1'!C3"
    assert sheet["A11"].hyperlink is None


def test_every_other_part_stays_as_it_was(foreign):
    made, book = annotated(foreign, Problem(at("C", 3), "negative"))
    before, after = zipfile.ZipFile(BytesIO(foreign)), zipfile.ZipFile(BytesIO(made))
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    assert len(book["Biểu 1"]._charts) == 1


def test_names_that_count_sheets_still_mean_the_same(foreign):
    _file, book = annotated(foreign, Problem(at("C", 3), "negative"))
    assert book["Biểu 1"].print_title_rows == "$2:$2"
    assert book.worksheets[0].print_title_rows is None
    assert book.defined_names["tong"].attr_text == "'Biểu 1'!$B$3"


def test_calculated_values_are_not_destroyed(foreign):
    with zipfile.ZipFile(BytesIO(foreign)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</f><v></v>", b"</f><v>4</v>").replace(
        b"</f><v />", b"</f><v>4</v>"
    )
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    made, _book = annotated(file.getvalue(), Problem(at("C", 3), "negative"))
    assert read_workbook("a.xlsx", made).sheets[1].value(0, 3) == 4


def test_a_sheet_with_notes_of_its_own_keeps_them():
    book = Workbook()
    book.active.title = "Biểu 1"
    for row in (HEADS, ["Xã Ao Sen", 5, -1]):
        book.active.append(row)
    book.active["A2"].comment = Comment("mine", "me")
    _file, made = annotated(saved(book), Problem(at("C", 2), "negative"))
    assert made["Biểu 1"]["A2"].comment.text == "mine"
    assert made["Biểu 1"]["C2"].comment is None
    assert made["Biểu 1"]["D2"].value == "C2: negative"


def test_the_copy_of_a_template_is_read_like_the_original(communes, catalogue):
    file = filled(issued(communes[0]), {"C6": 120, "C7": -3})
    made, _book = annotated(file, Problem(Place("Nhập", 7, "C"), "HI: 12 is negative"))
    found = read_template(read_workbook("a.xlsx", made))
    assert not found.needs_confirmation
    assert [entry.value for entry in found.reading.entries] == [120]
    assert [fault.code for fault in found.reading.faults] == ["negative"]


def test_the_copy_of_a_matrix_is_read_like_the_original(foreign, communes, catalogue, tmp_path):
    made, _book = annotated(foreign, Problem(at("C", 3), "HI: -1 of 1.486"))
    for file in (foreign, made):
        path = tmp_path / "a.xlsx"
        path.write_bytes(file)
        reading = read_counts(open_file(path), month=FEBRUARY, on=TODAY)
        assert [entry.value for entry in reading.entries] == [5, 2]
        assert [(fault.code, fault.column, fault.row) for fault in reading.faults] == [
            ("negative", "C", 3)
        ]


def test_the_copy_of_several_tables_is_read_like_the_original(communes, catalogue, tmp_path):
    book = Workbook()
    book.active.title = "Biểu 1"
    rows = [
        ["Đơn vị", "HI", None, "Đơn vị", "SI_V"], ["Xã Ao Sen", 5, None, "Xã Cầu Tre", -1], [],
        ["Đơn vị", "SI_V"], ["Xã Ao Sen", 7],
    ]  # fmt: skip
    for row in rows:
        book.active.append(row)
    problems = [Problem(at("E", 1), "column 5"), Problem(at("E", 2), "SI_V: -1 of 1.486")]
    problems += [Problem(at("B", 5), "SI_V: 7 of 12")]
    made, copy = annotated(saved(book), *problems)
    assert [copy["Biểu 1"].cell(row, 6).value for row in range(1, 6)] == [
        "Result of the check · E1: column 5", "E2: SI_V: -1 of 1.486", None, "Result of the check",
        "B5: SI_V: 7 of 12",
    ]  # fmt: skip
    again, _copy = annotated(made, *problems)
    for file in (saved(book), made, again):
        path = tmp_path / "a.xlsx"
        path.write_bytes(file)
        reading = read_counts(open_file(path), month=FEBRUARY, on=TODAY)
        assert [entry.value for entry in reading.entries] == [5, 7]
        assert [(fault.code, fault.column, fault.row) for fault in reading.faults] == [
            ("negative", "E", 2)
        ]


def test_a_file_whose_parts_are_named_with_backslashes_can_be_annotated(foreign):
    with zipfile.ZipFile(BytesIO(foreign)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("/", "\\"), content)
    _file, book = annotated(made.getvalue(), Problem(at("C", 3), "negative"))
    assert book["Biểu 1"]["E3"].value == "C3: negative"


def test_annotating_a_copy_again_leaves_only_the_new_words(foreign):
    first, _book = annotated(foreign, Problem(at("C", 3), "negative"), accepted=[at("C", 4)])
    _file, book = annotated(first, Problem(at("B", 4), "missing"))
    assert book.sheetnames == ["Kết quả", "Biểu 1"]
    sheet = book["Biểu 1"]
    assert [sheet[f"E{row}"].value for row in (2, 3, 4)] == [
        "Result of the check", None, "B4: missing",
    ]  # fmt: skip
    assert sheet["F4"].value is None


def test_a_text_file_gets_a_workbook(communes, catalogue):
    data = b"month,unit,indicator,value\n2024-02,99001,HI,-5\n=1+1,,,\n"
    made, book = annotated(data, Problem(Place(None, 2, "D"), "negative"), name="số liệu.csv")
    assert book["CSV"]["D2"].value == "-5"
    assert book["CSV"]["E2"].value == "D2: negative"
    assert book["CSV"]["A3"].data_type == "s"
    assert made.startswith(b"PK")


def test_what_is_no_workbook_is_refused():
    with pytest.raises(Refused):
        annotate(b"<html>", name="a.xlsx", problems=[])


def test_the_same_problems_give_the_same_bytes(foreign):
    problems = [Problem(at("C", 3), "negative")]
    made = [annotate(foreign, name="a.xlsx", problems=problems) for _time in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.xlsx", "a_CHU-THICH.xlsx"), ("a_CHU-THICH.xlsx", "a_CHU-THICH.xlsx"),
     ("số.csv", "số_CHU-THICH.xlsx")],
)  # fmt: skip
def test_the_copy_has_a_name_of_its_own(name, expected):
    assert annotated_name(name) == expected
