"""What is shown is what is read: formats, footnote marks, struck-out words, hidden cells."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from commitments.intake.files import open_file
from commitments.intake.numbers import Unreadable, read_count, read_target
from commitments.intake.workbook.cells import (
    Percent,
    PercentSign,
    Sheet,
    Spans,
    Unclear,
    Value,
    Why,
)
from commitments.intake.workbook.number_formats import Shown, number_format
from commitments.intake.workbook.scanning import MAX_COLUMNS, Scan
from commitments.intake.workbook.styles import read_styles
from commitments.models import Indicator, Operator
from commitments.rules import Refused

from . import made

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RATE = Indicator(code="HI_RATE", kind="ratio", decimals=2, direction="up")


# --- number formats ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", 5, Shown.ITSELF),
        ("#,##0", 5805, Shown.ITSELF),
        ("0.00", 96.1, Shown.ITSELF),
        ('0" người"', 5, Shown.ITSELF),
        (r"#,##0\ [$₫-42A]", 5, Shown.ITSELF),
        ("[Red]0;[Blue]-0", 5, Shown.ITSELF),
        (r"0\.000", 1234, Shown.ITSELF),
        ("0_%", 5, Shown.ITSELF),
        # Percentages: the sign multiplies, unless it is only written.
        ("0%", 0.961, Shown.PERCENT),
        ("0.00%;[Red]-0.00%", 0.961, Shown.PERCENT),
        ('0.00"%"', 0.9, Shown.PERCENT_SIGN),
        (r"0\%", 97, Shown.PERCENT_SIGN),
        ('0" %"', 98, Shown.PERCENT_SIGN),
        ('General"%"', 98, Shown.PERCENT_SIGN),
        ("0%%", 0.5, Shown.OTHERWISE),
        ('0"‰"', 5, Shown.OTHERWISE),
        # Thousands, and digits or words of scale that are only written.
        ("#,##0,", 5_000_000, Shown.OTHERWISE),
        ("0.0,,", 5_000_000, Shown.OTHERWISE),
        ('0"000"', 5, Shown.OTHERWISE),
        ('#,##0" triệu đồng"', 5, Shown.OTHERWISE),
        ("[$tỷ-42A] 0", 5, Shown.OTHERWISE),
        (r"0\,0", 123, Shown.OTHERWISE),
        ('"1"0', 5, Shown.OTHERWISE),
        ("-0", 5, Shown.OTHERWISE),
        ('"đã nộp"', 5, Shown.OTHERWISE),
        # Nothing at all.
        (";;;", 5, Shown.NOTHING),
        (";;", 0, Shown.NOTHING),
        ("0;-0;;@", 0, Shown.NOTHING),
        ("0;-0;;@", 5, Shown.ITSELF),
        ("#,###", 0, Shown.NOTHING),
        ('[=0]"";General', 0, Shown.NOTHING),
        # Zero as a dash is how accountants write it.
        ('_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', 0, Shown.ITSELF),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', 0, Shown.ITSELF),
        # Sections chosen by a condition.
        ("[>=1]0;0%", 5, Shown.ITSELF),
        ("[>=1]0;0%", 0.5, Shown.PERCENT),
        ('[>1000000]0.0,," tr";0', 5, Shown.ITSELF),
        ('[>1000000]0.0,," tr";0', 5_000_000, Shown.OTHERWISE),
    ],
)
def test_a_format_shows_the_number_a_percentage_something_else_or_nothing(code, value, shown):
    assert number_format(code).of_number(value) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("@", Shown.ITSELF), ("General", Shown.ITSELF), (";;", Shown.ITSELF),
        (";;;", Shown.NOTHING), ('@"%"', Shown.OTHERWISE), ('0;0;0;"x"', Shown.OTHERWISE),
    ],
)  # fmt: skip
def test_a_text_is_shown_by_the_section_for_texts(code, shown):
    assert number_format(code).of_text() == shown


_PLACES = st.sampled_from(["0", "#,##0", "0.00", "#,##0.0", "General", "?0"])
_BESIDE = st.sampled_from(["", '" người"', r"\ ", "_-", "* ", "[Red]", "[$-42A]", '" cơ sở"'])
_SIGNS = st.sampled_from(['"%"', r"\%", '" %"', r"\ \%", '"% "'])
_POSITIVE = st.floats(0.5, 10**9)


@given(_BESIDE, _PLACES, _BESIDE, _POSITIVE)
def test_words_colours_and_spaces_beside_a_number_change_nothing(before, places, after, value):
    assert number_format(before + places + after).of_number(value) == Shown.ITSELF


@given(_BESIDE, _PLACES, _SIGNS, _POSITIVE)
def test_a_written_percent_sign_never_multiplies(before, places, sign, value):
    assert number_format(before + places + sign).of_number(value) == Shown.PERCENT_SIGN


@given(_BESIDE, _PLACES, _BESIDE, _POSITIVE)
def test_a_bare_percent_sign_always_multiplies(before, places, after, value):
    assert number_format(f"{before}{places}%{after}").of_number(value) == Shown.PERCENT


@given(_PLACES, st.integers(1, 3), _BESIDE, _POSITIVE)
def test_commas_behind_the_last_place_always_divide(places, commas, after, value):
    if places != "General":
        code = f"{places}{',' * commas}{after}"
        assert number_format(code).of_number(value) == Shown.OTHERWISE


@given(st.text(max_size=40), st.floats(allow_nan=False, allow_infinity=False))
def test_any_code_has_one_meaning(code, value):
    assert number_format(code).of_number(value) in Shown
    assert number_format(code).of_text() in Shown


# --- through a workbook --------------------------------------------------------------------------


@pytest.fixture
def read(tmp_path) -> Callable[..., Sheet]:
    """A sheet whose A1 holds what is given, in the format given, as the reader has it."""

    def read(value: object, code: str = "General", finish=None) -> Sheet:
        def format_it(sheet):
            sheet["A1"].number_format = code
            if finish:
                finish(sheet)

        path = made.workbook(tmp_path / "a.xlsx", [[value, "x"]], finish=format_it)
        return open_file(path).sheets[0]

    return read


def refusal(read: Callable[..., object], *cell: object) -> str:
    with pytest.raises(Unreadable) as refused:
        read(*cell)
    return refused.value.code


def test_a_target_under_a_written_percent_sign_is_that_percentage(read):
    value = read(0.9, '0.00"%"').value(0, 0)
    assert value == PercentSign(0.9)
    assert read_target(value, RATE) == (Operator.AT_LEAST, 90)
    assert read_target(read(0.9, r"0.00\%").value(0, 0), RATE) == (Operator.AT_LEAST, 90)


def test_a_target_under_a_percent_format_is_a_hundred_times_the_number(read):
    value = read(0.009, "0.00%").value(0, 0)
    assert value == Percent(0.009)
    assert read_target(value, RATE) == (Operator.AT_LEAST, 90)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ('0" %"', "percentage"), (r"0\%", "percentage"), (";;;", "not_shown"),
        ("0,", "shown_otherwise"), ('0"00"', "shown_otherwise"),
    ],
)  # fmt: skip
def test_a_count_that_shows_something_else_is_refused(read, code, refused):
    assert refusal(read_count, read(98, code).value(0, 0)) == refused


def test_a_text_that_its_format_hides_is_refused_as_a_count(read):
    assert read("98", ";;;").value(0, 0) == Unclear("98", Why.NOT_SHOWN)


def test_zeros_that_a_sheet_does_not_show_are_not_counted(read):
    def hide_zeros(sheet):
        sheet.sheet_view.showZeros = False

    assert refusal(read_count, read(0, finish=hide_zeros).value(0, 0)) == "not_shown"
    assert read_count(read(5, finish=hide_zeros).value(0, 0)) == 5


def test_the_default_look_counts_for_cells_without_a_style(read):
    styles = read_styles(
        f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="9"/></cellXfs></styleSheet>'.encode()
    )
    scan = Scan(styles)
    scan.read(sheet_xml('<row r="1"><c r="A1"><v>0.5</v></c></row>'))
    assert scan.special == {(0, 0): Percent}


# --- marks inside texts --------------------------------------------------------------------------


def sheet_xml(rows: str, before: str = "", after: str = "") -> bytes:
    return (
        f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    ).encode()


def run(text: str, *marks: str) -> str:
    return f'<r><rPr>{"".join(marks)}</rPr><t xml:space="preserve">{text}</t></r>'


RAISED, LOWERED = '<vertAlign val="superscript"/>', '<vertAlign val="subscript"/>'
STRUCK, NOT_STRUCK = "<strike/>", '<strike val="0"/>'


def inline(tmp_path: Path, content: str) -> Value:
    """The text of A1, written into the cell itself."""
    path = made.workbook(tmp_path / "a.xlsx", [["x"]])
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is>{content}</is></c></row>'
    made.with_part(path, "xl/worksheets/sheet1.xml", lambda xml: sheet_xml(cell))
    return open_file(path).sheets[0].value(0, 0)


def shared(tmp_path: Path, content: str, name: str = "sharedStrings.xml") -> Value:
    """The same text kept in the workbook's list of texts, as Excel does."""
    path = made.workbook(tmp_path / "a.xlsx", [["x"]])
    cell = '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
    made.with_part(path, "xl/worksheets/sheet1.xml", lambda xml: sheet_xml(cell))
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings" Target="' + name.encode() + b'"/></Relationships>'
    )
    made.with_part(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", relation),
    )
    texts = f'<sst xmlns="{MAIN}"><si><t>y</t></si><si>{content}</si></sst>'
    made.with_new_part(path, f"xl/{name}", texts.encode())
    return open_file(path).sheets[0].value(0, 0)


@pytest.mark.parametrize("write", [inline, shared])
@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (run("4") + run("1", RAISED), "4"),
        (run("4") + run("(1)", LOWERED), "4"),
        (run("12", STRUCK) + run(" 15"), "15"),
        (run("4") + run("1", NOT_STRUCK), "41"),
        (run("Xã Hua La") + run("2", RAISED), "Xã Hua La"),
        ("<t>41</t>", "41"),
        (run("41") + '<rPh sb="0" eb="1"><t>9</t></rPh>', "41"),
        (run("41", STRUCK), Unclear("41", Why.STRUCK_OUT)),
        (run("41", RAISED), Unclear("41", Why.RAISED)),
    ],
)
def test_footnote_marks_and_struck_out_words_are_not_read(tmp_path, write, content, seen):
    assert write(tmp_path, content) == seen


def test_texts_are_found_wherever_the_workbook_says_they_are(tmp_path):
    assert shared(tmp_path, run("4") + run("1", RAISED), "texts.xml") == "4"


@pytest.mark.parametrize("value", [41, "41"])
def test_a_cell_struck_out_as_a_whole_is_refused(read, value):
    def strike(sheet):
        sheet["A1"].font = Font(strike=True)

    assert refusal(read_count, read(value, finish=strike).value(0, 0)) == "struck_out"


def test_a_number_raised_as_a_whole_is_refused(read):
    def lift(sheet):
        sheet["A1"].font = Font(vertAlign="superscript")

    assert refusal(read_count, read(1, finish=lift).value(0, 0)) == "raised"


# --- conditional formats -------------------------------------------------------------------------

DXFS = (
    '<dxfs count="4"><dxf><numFmt numFmtId="200" formatCode="0%"/></dxf>'
    '<dxf><numFmt numFmtId="201" formatCode="#,##0"/></dxf><dxf><font><strike/></font></dxf>'
    "<dxf><font><b/></font></dxf></dxfs>"
)


def conditioned(tmp_path: Path, rules: str) -> list[Value]:
    path = made.workbook(tmp_path / "a.xlsx", [[5, 6]])
    rows = '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>6</v></c></row>'
    made.with_part(path, "xl/worksheets/sheet1.xml", lambda xml: sheet_xml(rows, after=rules))
    made.with_part(
        path,
        "xl/styles.xml",
        lambda xml: f'<styleSheet xmlns="{MAIN}">{DXFS}</styleSheet>'.encode(),
    )
    return open_file(path).sheets[0].rows[0]


def rule(dxf: int) -> str:
    return (
        '<conditionalFormatting sqref="A1 D1:E9"><cfRule type="cellIs" operator="greaterThan" '
        f'dxfId="{dxf}" priority="1"><formula>1</formula></cfRule></conditionalFormatting>'
    )


@pytest.mark.parametrize("dxf", [0, 2])
def test_a_conditional_format_that_shows_another_number_makes_it_doubtful(tmp_path, dxf):
    assert conditioned(tmp_path, rule(dxf)) == [Unclear("5", Why.MAY_SHOW_OTHERWISE), 6]


@pytest.mark.parametrize("dxf", [1, 3, 9])
def test_a_conditional_format_that_only_colours_or_groups_changes_nothing(tmp_path, dxf):
    assert conditioned(tmp_path, rule(dxf)) == [5, 6]


def test_a_bar_without_its_number_hides_it(tmp_path):
    rules = (
        '<conditionalFormatting sqref="B1"><cfRule type="dataBar" priority="1">'
        '<dataBar showValue="0"/></cfRule></conditionalFormatting>'
    )
    assert conditioned(tmp_path, rules) == [5, Unclear("6", Why.MAY_SHOW_OTHERWISE)]


def test_conditional_formats_of_later_excel_versions_are_seen(tmp_path):
    rules = (
        '<extLst><ext xmlns:x14="x14" xmlns:xm="xm"><x14:conditionalFormattings>'
        '<x14:conditionalFormatting><x14:cfRule type="cellIs"><x14:dxf>'
        '<x14:numFmt formatCode="0,"/></x14:dxf></x14:cfRule><xm:sqref>A1:A2</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
    )
    assert conditioned(tmp_path, rules) == [Unclear("5", Why.MAY_SHOW_OTHERWISE), 6]


# --- hidden rows and columns ---------------------------------------------------------------------


def scanned(rows: str = "", before: str = "") -> Scan:
    scan = Scan(read_styles(b""))
    scan.read(sheet_xml(rows, before))
    return scan


@pytest.mark.parametrize("said", ['hidden="1"', 'ht="0"', 'ht="0" customHeight="1"', 'ht="0.2"'])
def test_a_row_of_no_height_is_hidden(said):
    rows = f'<row r="1" {said}/><row r="2" ht="15"/><row r="3"/>'
    assert scanned(rows).hidden_rows == {0}


def test_rows_left_at_a_default_height_of_nothing_are_hidden():
    rows = '<row r="1"/><row r="2" ht="15"/>'
    assert scanned(rows, '<sheetFormatPr defaultRowHeight="0"/>').hidden_rows == {0}
    assert not scanned(rows, '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>').hidden_rows


@pytest.mark.parametrize("said", ['hidden="1"', 'width="0"', 'width="0" customWidth="1"'])
def test_a_column_of_no_width_is_hidden(said):
    columns = f'<cols><col min="2" max="3" {said}/><col min="4" max="4" width="9"/></cols>'
    assert scanned(before=columns).hidden_columns == Spans(((1, 2),))


def test_columns_left_at_a_default_width_of_nothing_are_hidden():
    before = (
        '<sheetFormatPr defaultColWidth="0"/><cols><col min="1" max="2" width="9"/>'
        '<col min="4" max="4" width="9"/></cols>'
    )
    assert scanned(before=before).hidden_columns == Spans(((2, 2), (4, MAX_COLUMNS - 1)))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=12), st.integers(0, 80))
def test_spans_hold_exactly_what_their_ranges_hold(ranges, end):
    ranges = [(first, first + length) for first, length in ranges]
    spans = Spans.of(ranges)
    inside = {index for first, last in ranges for index in range(first, last + 1)}
    assert {index for index in range(80) if index in spans} == inside
    gaps = {index for first, last in spans.gaps(100) for index in range(first, last + 1)}
    assert gaps == set(range(100)) - inside


def test_thousands_of_ranges_over_all_columns_are_kept_as_one():
    one = '<col min="1" max="16384" hidden="1"/>'
    scan = scanned(before=f"<cols>{one * 5_000}</cols>")
    assert scan.hidden_columns == Spans(((0, MAX_COLUMNS - 1),))


def test_more_ranges_than_a_sheet_has_columns_are_refused(tmp_path):
    one = '<col min="1" max="16384" hidden="1"/>'
    path = made.workbook(tmp_path / "a.xlsx", [[5]])
    made.with_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: sheet_xml("", before=f"<cols>{one * (MAX_COLUMNS + 1)}</cols>"),
    )
    with pytest.raises(Refused) as refused:
        open_file(path)
    assert [fault.code for fault in refused.value.faults] in (["truncated"], ["zip_bomb"])
