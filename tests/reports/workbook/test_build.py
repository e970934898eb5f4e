"""The file as a whole: its bytes, what it says of itself, how it prints, where its links lead."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from reports.workbook import metrics, style
from reports.workbook.build import build
from reports.workbook.sheet import Sheet
from reports.workbook.style import Styles
from tests.reports.workbook import synthetic
from tests.reports.workbook.conftest import reopened

NAMES = [
    "Cover",
    "Summary",
    "Units",
    "Ranking",
    "Trajectory",
    "Communes",
    "Targets and commitments",
    "Completeness",
    "Notes and checks",
    "Data",
]


@pytest.fixture(scope="module")
def whole():
    """The province with all its communes."""
    return synthetic.conference(language="en")


def cells(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield sheet, cell


def test_the_same_conference_gives_the_same_bytes(data, content):
    assert build(data) == content


def test_every_part_of_the_file_carries_one_fixed_date(content):
    with ZipFile(BytesIO(content)) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_sheets_stand_in_order_and_the_cover_is_in_front(book):
    assert book.sheetnames == NAMES
    assert book.active.title == "Cover"
    for sheet in book:
        assert sheet.sheet_view.selection[-1].activeCell == "A1" or sheet.freeze_panes
        assert sheet.sheet_state == "visible"


def test_sheets_that_would_be_empty_are_left_out(data):
    lonely = replace(
        data, children=(), groups=(), trajectories=(), promises=None, reporting=(), explained=()
    )
    assert reopened(lonely).sheetnames == ["Cover", "Summary", "Notes and checks", "Data"]


def test_every_value_is_a_literal(book):
    assert {cell.data_type for _sheet, cell in cells(book)} <= {"s", "n", "d"}


def test_the_properties_say_what_the_file_is(data, book):
    about = book.properties
    assert about.title == "Conference on the results of 2023"
    assert about.creator == data.committee
    assert about.created == about.modified == datetime(2023, 12, 31, 23, 59, 59)
    custom = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert custom == {
        "DataVersion": data.version,
        "Unit": "14",
        "Month": "2023-12",
        "Map": "as it was",
        "Authority": "ppc",
        "Language": "en",
        "Notice": synthetic.NOTICE,
    }


def test_the_company_is_named(content):
    with ZipFile(BytesIO(content)) as file:
        assert "<Company>" in file.read("docProps/app.xml").decode()


def test_one_typeface_everywhere(book, content):
    assert {cell.font.name for _sheet, cell in cells(book)} == {style.TYPEFACE}
    with ZipFile(BytesIO(content)) as file:
        styles = file.read("xl/styles.xml").decode() + file.read("xl/theme/theme1.xml").decode()
    assert "Calibri" not in styles
    assert "Cambria" not in styles


def test_every_sheet_prints_on_a4_one_page_wide_with_page_numbers(book):
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_area
        assert "&P/&N" in sheet.oddFooter.center.text


def test_long_tables_repeat_their_heading_and_keep_it_in_sight(book):
    for name in ("Units", "Ranking", "Communes", "Completeness", "Data"):
        assert book[name].print_title_rows
        assert book[name].freeze_panes


def test_the_rows_of_data_are_not_printed(book):
    area = book["Data"].print_area.rpartition("!")[2].replace("$", "")
    head = int(book["Data"].print_title_rows.rpartition(":")[2].replace("$", ""))
    assert area == f"A2:M{head}"
    assert book["Data"].max_row > head


@pytest.mark.parametrize("units", [13, 40, 75])
def test_the_title_of_a_block_is_printed_on_a_page_with_its_first_rows(whole, units):
    communes = [commune for group in whole.groups for commune in group.communes]
    data = replace(whole, children=tuple(communes[:units]), groups=(), promises=None)
    book = reopened(data)
    for sheet in (book["Units"], book["Ranking"]):
        titles = [
            row
            for row in range(7, sheet.max_row + 1)
            if sheet.cell(row, 1).fill.start_color.rgb == f"00{style.NAVY}"
        ]
        assert len(titles) == len(data.main)
        together = {row for title in titles for row in (title, title + 1, title + 2)}
        ends = {one.id for one in sheet.row_breaks.brk}
        assert ends
        assert not together & ends


def test_no_page_of_a_long_table_is_left_to_the_program_to_break():
    book = Workbook()
    sheet = Sheet(book.active, Styles(book), contents="", scope="")
    for row in range(1, 200):
        sheet.put(row, 1, row, style.FIGURE)
        sheet.height(row, 15)
    ends = sheet.breaks([(7, 90), (91, 199)], landscape=True, repeat=(6, 6))
    room = sheet.page_points(landscape=True)
    pages = list(zip([1, *ends], [*ends, 199], strict=True))
    assert len(pages) > 4
    assert all(
        sheet.points(before + 1, last) + sheet.points(6, 6) <= room for before, last in pages
    )


def test_the_title_of_a_card_is_never_cut(data):
    summary = reopened(data)["Summary"]
    row = next(row for row in range(7, 12) if data.lead.name_en in str(summary.cell(row, 1).value))
    merged = {area.min_col: area for area in summary.merged_cells.ranges if area.min_row == row}
    for column in (1, 2, 4, 6, 8):
        cell, last = summary.cell(row, column), column
        if column in merged:
            last = merged[column].max_col
        width = sum(
            summary.column_dimensions[get_column_letter(c)].width for c in range(column, last + 1)
        )
        room = metrics.column_pixels(width) - metrics.INDENT_PIXELS
        needed = metrics.lines(cell.value, room, cell.font.sz, False)
        assert needed * metrics.line_height(cell.font.sz) <= summary.row_dimensions[row].height


def test_drawings_carry_the_prefix_that_some_readers_look_for(content):
    with ZipFile(BytesIO(content)) as file:
        drawings = [name for name in file.namelist() if name.startswith("xl/drawings/drawing")]
        assert len(drawings) == 2
        for name in drawings:
            assert file.read(name).startswith(b"<xdr:wsDr ")


def test_parts_of_a_sheet_are_named_from_the_sheet(content):
    with ZipFile(BytesIO(content)) as file:
        relations = [name for name in file.namelist() if name.startswith("xl/worksheets/_rels/")]
        assert len(relations) == 3
        for name in relations:
            assert b'Target="../' in file.read(name)
            assert b'Target="/' not in file.read(name)


def test_the_notice_stands_on_every_sheet_and_in_every_footer(book):
    for sheet in book:
        said = [cell.value for row in sheet.iter_rows(max_row=12) for cell in row if cell.value]
        assert synthetic.NOTICE in said
        assert synthetic.NOTICE in sheet.oddFooter.left.text


def test_without_a_notice_the_footer_is_silent(data):
    book = reopened(replace(data, notice=""))
    assert {sheet.oddFooter.left.text for sheet in book} == {""}


def test_a_footer_has_room_for_a_long_notice(data):
    book = reopened(replace(data, notice="Số minh họa & suy ra " * 20))
    for sheet in book:
        footer = sheet.oddFooter
        whole = "".join(f"&L{part}" for part in (footer.left, footer.center, footer.right))
        assert len(whole) <= 255
        assert footer.left.text.replace("&&", "").count("&") == 0


def test_the_cover_leads_to_every_sheet_and_every_sheet_back(book):
    targets = [
        cell.hyperlink.location.split("!")[0].strip("'")
        for row in book["Cover"].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert targets == NAMES[1:]
    for name in NAMES[1:]:
        assert book[name]["A1"].hyperlink.location == "'Cover'!A1"


def test_every_link_leads_to_a_cell_that_is_there(book):
    links = [cell.hyperlink for _sheet, cell in cells(book) if cell.hyperlink]
    for link in links:
        name, _, place = link.location.rpartition("!")
        assert book[name.strip("'")][place].value is not None


def test_no_number_is_wider_than_its_column(book):
    merged = {
        (sheet.title, place)
        for sheet in book
        for area in sheet.merged_cells.ranges
        for place in area.cells
    }
    for sheet, cell in cells(book):
        if cell.data_type != "n" or (sheet.title, (cell.row, cell.column)) in merged:
            continue
        look = style.Look(format=cell.number_format)
        needed = metrics.pixels(style.shown(cell.value, look), cell.font.sz, cell.font.b)
        width = sheet.column_dimensions[get_column_letter(cell.column)].width
        assert needed <= metrics.column_pixels(width) + 0.01, (sheet.title, cell.coordinate)


def test_text_that_looks_like_a_formula_stays_text(data):
    unit = data.groups[0].communes[0].unit
    for name in ("=1+1", "+84", "-2", "@SUM(A1)"):
        unit.full_name = name
        sheet = reopened(data)["Communes"]
        cell = sheet["B10"]
        assert (cell.value, cell.data_type) == (name, "s")
        assert cell.quotePrefix


def test_control_characters_are_dropped(data):
    data = replace(data, committee="Ban\x00 Chỉ\x1f đạo")
    assert reopened(data)["Cover"]["A2"].value == "BAN CHỈ ĐẠO"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_names_of_indicators_follow_the_language(data, language):
    book = reopened(replace(data, language=language))
    name = {"vi": data.lead.name_vi, "en": data.lead.name_en}[language]
    assert name in str([cell.value for cell in book.worksheets[1]["A"]])


def test_units_keep_their_names_in_english(book, data):
    named = [cell.value for cell in book["Units"]["B"]]
    assert data.children[0].unit.full_name in named


def test_a_conference_within_the_year_shows_the_plan_to_date(data):
    spring = replace(data, month=type(data.month).of(2023, 5), data_to=date(2023, 5, 31))
    sheet = reopened(spring)["Units"]
    headings = [cell.value for cell in sheet[6]]
    assert "Plan to date" in headings
    assert "Percent of the plan to date" in headings
