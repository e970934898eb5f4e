"""Whatever is uploaded is opened safely, or refused with one reason that says what to do."""

import datetime
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.intake.files import open_file
from commitments.intake.workbook import xlsx
from commitments.intake.workbook.cells import CellError, NoCachedValue, Percent
from commitments.rules import Refused

from . import made

SHEET = "xl/worksheets/sheet1.xml"


def refusal(path: Path) -> str:
    """The code of the one reason for which a file is refused."""
    with pytest.raises(Refused) as refused:
        open_file(path)
    (fault,) = refused.value.faults
    assert fault.message
    return fault.code


def cells(path: Path) -> list[list]:
    (sheet,) = open_file(path).sheets
    return sheet.rows


# --- what is refused as a whole ------------------------------------------------------------------


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert refusal(tmp_path / "none.xlsx") == "file_missing"
    assert refusal(tmp_path / "none.csv") == "file_missing"


def test_a_folder_is_no_file(tmp_path):
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    assert refusal(folder) == "file_missing"


@pytest.mark.parametrize(
    "name", ["counts.xls", "counts.ods", "counts.xlsm", "counts", "counts.pdf"]
)
def test_only_xlsx_and_csv_are_read(tmp_path, name):
    assert refusal(made.raw(tmp_path / name, b"month,unit\n")) == "unsupported_file"


@pytest.mark.parametrize("name", ["counts.xlsx", "counts.csv"])
def test_a_file_without_a_byte_is_empty(tmp_path, name):
    assert refusal(made.raw(tmp_path / name, b"")) == "empty_file"


def test_a_workbook_without_a_filled_cell_is_empty(tmp_path):
    assert refusal(made.workbook(tmp_path / "counts.xlsx")) == "empty_file"


def test_a_workbook_whose_filled_sheets_are_hidden_is_empty(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", hidden={"mật": [["x"]]})
    assert refusal(path) == "empty_file"


def test_a_workbook_protected_by_a_password_is_told_from_an_old_one(tmp_path):
    protected = made.ole(tmp_path / "a.xlsx", "EncryptionInfo", "EncryptedPackage")
    assert refusal(protected) == "password_protected"
    assert refusal(made.ole(tmp_path / "b.xlsx", "Workbook")) == "old_workbook"
    assert refusal(made.ole(tmp_path / "c.xlsx", "Book")) == "old_workbook"
    assert refusal(made.ole(tmp_path / "d.xlsx", "WordDocument")) == "not_a_workbook"


def test_the_words_of_a_stream_inside_an_old_workbook_do_not_make_it_protected(tmp_path):
    path = made.ole(tmp_path / "a.xlsx", "Workbook")
    path.write_bytes(path.read_bytes() + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(path) == "old_workbook"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"\xef\xbb\xbf \r\n<!DOCTYPE html>",
        b'<?xml version="1.0"?><Workbook/>',
    ],
)
def test_a_web_page_named_xlsx_is_called_one(tmp_path, content):
    assert refusal(made.raw(tmp_path / "counts.xlsx", content)) == "html_named_xlsx"


def test_text_named_xlsx_is_no_workbook(tmp_path):
    path = made.raw(tmp_path / "counts.xlsx", b"month,unit,indicator,value\n")
    assert refusal(path) == "not_a_workbook"


def test_a_truncated_workbook_is_refused_wherever_it_was_cut(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a", "b"]] * 50)
    whole = path.read_bytes()
    for length in (4, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        assert refusal(made.raw(path, whole[:length])) == "truncated"


def test_a_workbook_with_a_damaged_part_is_refused(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a", "b"]])
    made.with_part(path, SHEET, lambda xml: xml[: len(xml) // 2])
    assert refusal(path) == "truncated"


def test_an_archive_without_a_workbook_is_no_workbook(tmp_path):
    path = made.archive(tmp_path / "counts.xlsx", {"word/document.xml": b"<w/>"})
    assert refusal(path) == "not_a_workbook"


def test_a_workbook_that_declares_a_document_type_is_refused(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a"]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    made.with_part(path, SHEET, lambda xml: bomb + xml)
    assert refusal(path) == "truncated"


def test_a_zip_bomb_is_refused_by_what_it_declares(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a"]])
    made.with_part(path, SHEET, lambda xml: xml + b" " * 20_000_000)
    assert path.stat().st_size < 50_000
    assert refusal(path) == "zip_bomb"


def test_a_zip_bomb_of_many_parts_is_refused(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a"]])
    with zipfile.ZipFile(path, "a") as packed:
        for number in range(2_100):
            packed.writestr(f"xl/media/{number}.png", b"")
    assert refusal(path) == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a"]])
    made.with_part(path, SHEET, lambda xml: xml + b" " * 20_000_000)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        size = packed.getinfo(SHEET).file_size
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 4_000)))
    assert refusal(path) == "truncated"


def test_two_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory(tmp_path):
    path = made.workbook(
        tmp_path / "counts.xlsx", [["a"]], finish=lambda sheet: sheet.cell(1_048_576, 16_384, "z")
    )
    assert refusal(path) == "too_large"


# --- values --------------------------------------------------------------------------------------


def test_values_keep_their_types(tmp_path):
    row = [5805, 5805.0, 1.5, True, datetime.date(2024, 2, 1), " Xã\u00a0 Hua  La ", "", None, "x"]
    assert cells(made.workbook(tmp_path / "counts.xlsx", [row])) == [
        [5805, 5805, 1.5, True, datetime.date(2024, 2, 1), "Xã Hua La", None, None, "x"]
    ]


def test_a_number_is_read_with_the_digits_that_excel_shows(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [[0.1 + 0.2, 5804.9999999999991]])
    assert cells(path) == [[0.3, 5805]]


def test_rows_and_columns_are_counted_from_the_first_even_where_they_are_blank(tmp_path):
    path = made.workbook(
        tmp_path / "counts.xlsx", finish=lambda sheet: sheet.cell(3, 2, "here") and None
    )
    (sheet,) = open_file(path).sheets
    assert sheet.value(2, 1) == "here"
    assert sheet.value(0, 0) is None
    assert sheet.value(99, 99) is None


def test_error_values_and_formulas_never_calculated_are_not_blank(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["#DIV/0!", "=1+1", "#N/A", "x"]])
    assert cells(path) == [[CellError("#DIV/0!"), NoCachedValue(), CellError("#N/A"), "x"]]


def test_a_calculated_formula_is_its_value_even_if_that_is_an_empty_text(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["=1+1", '=""', "x"]])
    made.with_part(
        path,
        SHEET,
        lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b'<c r="B1"><f>""</f><v />', b'<c r="B1" t="str"><f>""</f><v />'
        ),
    )
    assert cells(path) == [[2, None, "x"]]


def test_cells_without_a_reference_stand_where_they_follow(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["a", "#REF!"], ["b", "#REF!"]])

    def without_references(xml: bytes) -> bytes:
        for reference in (b' r="A1"', b' r="B1"', b' r="A2"', b' r="B2"', b' r="1"', b' r="2"'):
            xml = xml.replace(reference, b"", 1)
        return xml

    made.with_part(path, SHEET, without_references)
    assert cells(path) == [["a", CellError("#REF!")], ["b", CellError("#REF!")]]


def test_a_number_shown_as_a_percentage_is_known_as_one(tmp_path):
    def as_percent(sheet):
        sheet["A1"].number_format = "0.0%"
        sheet["B1"].number_format = "0%"

    path = made.workbook(tmp_path / "counts.xlsx", [[0.961, 1, 0.961]], finish=as_percent)
    first, second, third = cells(path)[0]
    assert isinstance(first, Percent)
    assert isinstance(second, Percent)
    assert not isinstance(third, Percent)


def test_hidden_and_very_hidden_sheets_are_left_out_and_named(tmp_path):
    path = made.workbook(
        tmp_path / "counts.xlsx", [["a"]], hidden={"ẩn": [["b"]], "very": [["c"]]}, more={"B": []}
    )
    book = open_file(path)
    assert [sheet.name for sheet in book.sheets] == ["Số liệu"]
    assert book.ignored_sheets == ["ẩn", "very"]


# --- text files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_text_files_use_comma_or_semicolon_with_or_without_a_byte_order_mark(
    tmp_path, encoding, separator
):
    content = f'kỳ{separator}đơn vị{separator}giá trị\r\n2024-02{separator}"a{separator}b"\r\n'
    path = made.text(tmp_path / "counts.csv", content, encoding)
    assert cells(path) == [["kỳ", "đơn vị", "giá trị"], ["2024-02", f"a{separator}b"]]


def test_commas_in_a_title_or_in_numbers_do_not_decide_the_separator(tmp_path):
    path = made.text(tmp_path / "a.csv", "BHXH, BHYT;;\nĐơn vị;HI;SI_V\nHua La;1,5;2,5\n")
    assert cells(path)[2] == ["Hua La", "1,5", "2,5"]


@pytest.mark.parametrize(
    "content",
    [
        "BHXH, BHYT, BHTN, của tỉnh\nĐơn vị;HI\nHua La;5\n",
        "Kỳ 1; kỳ 2; kỳ 3; kỳ 4,\nĐơn vị,HI\nHua La,5\n",
        '"BHXH; BHYT; BHTN",\n"Đơn\nvị","HI"\nHua La,5\n',
        "BHXH, BHYT, BHTN\nXã, phường, thị trấn;HI\nHua La;5\n",
    ],
)
def test_the_heads_decide_the_separator_whatever_the_title_says(tmp_path, content):
    *_titles, heads, row = cells(made.text(tmp_path / "a.csv", content))
    assert (heads[1], row) == ("HI", ["Hua La", "5"])


def test_a_blank_line_and_a_line_break_in_quotes_keep_the_count_of_rows(tmp_path):
    path = made.text(tmp_path / "a.csv", 'a,b,c\n\n"d\ne",f,g\n')
    assert cells(path) == [["a", "b", "c"], [], ["d e", "f", "g"]]


def test_text_that_is_not_unicode_is_refused(tmp_path):
    assert refusal(made.text(tmp_path / "a.csv", "kỳ,đơn vị", "utf-16")) == "not_utf8"
    assert refusal(made.raw(tmp_path / "b.csv", "Sơn".encode("cp1258"))) == "not_utf8"


def test_what_is_no_table_is_refused(tmp_path):
    assert refusal(made.text(tmp_path / "a.csv", "a,b,c\0\n")) == "not_a_table"
    assert refusal(made.text(tmp_path / "b.csv", 'a,b,c\n"open,b,c\n')) == "not_a_table"
    workbook = made.workbook(tmp_path / "c.xlsx", [["a"]])
    assert refusal(made.raw(tmp_path / "c.csv", workbook.read_bytes())) == "not_a_table"


@given(st.binary(max_size=400))
def test_any_bytes_are_opened_or_refused(tmp_path_factory, content):
    for name in ("any.csv", "any.xlsx"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(content)
        try:
            open_file(path)
        except Refused as refused:
            assert len(refused.faults) == 1


# --- files that are something else ---------------------------------------------------------------

SPREADSHEET_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
FLAT_ODS = (
    '<?xml version="1.0"?><office:document '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
)
TABS = "Mã\tĐơn vị\tHI\n03682\tXã Hua La\t5\n"


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".xml", ".csv"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SPREADSHEET_2003.encode(), "spreadsheet_2003"),
        (SPREADSHEET_2003.encode("utf-16"), "spreadsheet_2003"),
        (FLAT_ODS.encode(), "opendocument"),
        (b"\xef\xbb\xbf<html><table></table></html>", "html_named_xlsx"),
        (TABS.encode(), "tab_separated"),
        (TABS.encode("utf-16"), "tab_separated"),
    ],
)
def test_a_file_is_named_as_what_it_is_whatever_it_is_called(tmp_path, ending, content, code):
    assert refusal(made.raw(tmp_path / f"counts{ending}", content)) == code


@pytest.mark.parametrize("ending", [".ods", ".xlsx", ".xls"])
def test_an_opendocument_table_is_named_as_one(tmp_path, ending):
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"<office/>",
    }
    assert refusal(made.archive(tmp_path / f"counts{ending}", parts)) == "opendocument"


def test_a_comma_separated_text_with_a_tab_in_a_cell_is_still_one(tmp_path):
    path = made.text(tmp_path / "counts.csv", "Đơn vị,HI\n\tXã Hua La,5\n")
    assert cells(path) == [["Đơn vị", "HI"], ["Xã Hua La", "5"]]


# --- the parts of a workbook ---------------------------------------------------------------------


def repacked(path: Path, rename) -> Path:
    with zipfile.ZipFile(path) as packed:
        parts = {rename(name): packed.read(name) for name in packed.namelist()}
    return made.archive(path, parts)


@pytest.mark.parametrize(
    "rename", [lambda name: name.replace("/", "\\"), lambda name: f"/{name}"], ids=["\\", "/"]
)
def test_names_of_parts_are_read_as_excel_reads_them(tmp_path, rename):
    path = made.workbook(tmp_path / "counts.xlsx", [["Đơn vị", "HI"], ["Xã Hua La", 5]])
    assert cells(repacked(path, rename)) == [["Đơn vị", "HI"], ["Xã Hua La", 5]]


def test_only_parts_that_are_read_are_unpacked(tmp_path, monkeypatch):
    path = made.workbook(
        tmp_path / "counts.xlsx", [["Đơn vị", "HI"]], hidden={"mật": [["x"] * 50] * 50}
    )
    made.with_new_part(path, "xl/media/much.xml", b"<x>" * 1000)
    unpacked = []
    real = xlsx._unpack_entry

    def unpack(archive, entry):
        unpacked.append(entry.filename)
        return real(archive, entry)

    monkeypatch.setattr(xlsx, "_unpack_entry", unpack)
    assert open_file(path).ignored_sheets == ["mật"]
    assert set(unpacked) <= {
        "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
        "xl/worksheets/sheet1.xml",
    }  # fmt: skip


def test_merged_areas_that_overlap_are_refused_before_they_are_filled(tmp_path):
    path = made.workbook(tmp_path / "counts.xlsx", [["Đơn vị", "HI"], ["Xã Hua La", 5]])
    areas = '<mergeCell ref="A1:XFD5"/>' * 20
    made.with_part(
        path,
        SHEET,
        lambda xml: xml.replace(
            b"</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>".encode()
        ),
    )
    assert refusal(path) == "truncated"
