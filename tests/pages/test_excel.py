"""The workbook of a page: the same rows in the same order, in the same words, as numbers."""

import re
from datetime import datetime
from html import unescape
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from districts.months import Month
from reports.pages.indicator import indicator_page
from reports.pages.overview import overview
from reports.pages.ranking import ranking, read_asked
from reports.pages.unit import unit_page
from reports.wording.words import status_word
from steering.committee.models import Committee
from tests import builders

from .reported import TODAY, asking, assign, report, sign

DECEMBER = Month.of(2023, 12)
HEAD = 5


@pytest.fixture
def filled(province, communes, catalogue):
    report(catalogue, communes, DECEMBER, HI=[90, 100, 86, 101, 105], POP=[200] * 5)
    targets = dict.fromkeys(communes, 100) | {builders.by_code("901"): 300, province: 500}
    targets[builders.by_code("902")] = 200
    assign(province, catalogue, {(unit, "HI"): value for unit, value in targets.items()}, year=2023)


@pytest.fixture
def fetched(client, officer):
    def fetched(path, *, user=officer):
        client.force_login(user)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12), tick=False):
            return client.get(f"/excel/{path}")

    return fetched


@pytest.fixture
def table(fetched):
    """The rows of the only sheet as dictionaries by heading."""

    def table(path, **reader):
        answer = fetched(path, **reader)
        sheet = load_workbook(BytesIO(answer.content)).active
        head, *rows = sheet.iter_rows(min_row=HEAD, values_only=True)
        return sheet, [dict(zip(head, row, strict=True)) for row in rows]

    return table


def test_rows_order_and_words_of_the_overview(filled, table, officer, english):
    sheet, rows = table("overview/?month=2023-12&lang=en")
    page = overview(asking(officer, "?month=2023-12"))
    assert sheet["A2"].value == page.headline
    assert [row["Unit"] for row in rows] == ["Bến Đá", "Đồi Thông", "The whole province"]
    statuses = [status_word(row.figure.status) for row in (*page.rows, page.own)]
    assert [row["Status"] for row in rows] == statuses
    assert [row["Indicator HI (people)"] for row in rows] == [206, 276, 482]
    assert [row["% of plan"] for row in rows] == [1.03, 0.92, 0.964]
    assert [row["Communes short"] for row in rows] == [0, 2, 2]
    assert rows[0]["12/2023"] == 206


def test_worst_first_is_worst_first_in_the_file_too(filled, table, english):
    _sheet, rows = table("overview/?month=2023-12&sort=worst&lang=en")
    assert [row["Unit"] for row in rows][:2] == ["Đồi Thông", "Bến Đá"]


def test_the_file_says_whose_figures_on_which_map(filled, table, english):
    sheet, _rows = table("overview/?month=2023-12&lang=en")
    for said in ("Tỉnh Suối Trong", "12/2023", "as it was"):
        assert said in sheet["A3"].value


def test_the_file_bears_the_notice_of_the_committee(filled, province, fetched):
    Committee.objects.filter(unit=province).update(notice="Số liệu minh họa.")
    for page in ("overview", "ranking"):
        sheet = load_workbook(BytesIO(fetched(f"{page}/?month=2023-12").content)).active
        assert sheet["A4"].value == "Số liệu minh họa."


def test_months_are_for_the_screen_and_not_for_the_paper(filled, table, english):
    sheet, _rows = table("overview/?month=2023-12&lang=en")
    heads = {cell.value: cell.column_letter for cell in sheet[HEAD]}
    assert sheet.print_area.endswith(f"${heads['Note']}${sheet.max_row}")
    assert "12/2023" in heads


@pytest.mark.parametrize("page", ["overview", "ranking"])
def test_half_a_sum_is_held_against_no_plan(filled, communes, catalogue, table, english, page):
    report(catalogue, communes[:2], DECEMBER - 1, HI=[90, 100])
    _sheet, rows = table(f"{page}/?month=2023-11&lang=en")
    whole = next(row for row in rows if row["Unit"] == "The whole province")
    assert whole["Indicator HI (people)"] == 190
    for heading in ("Status", "% of year's plan", "% of plan to date", "Over or short (people)"):
        assert whole[heading] is None


def test_rows_and_order_of_the_ranking(filled, table, officer, english):
    query = "?month=2023-12&unit=901&by=missing&order=worst"
    _sheet, rows = table(f"ranking/{query}&lang=en")
    page = ranking(asking(officer, query), read_asked({"by": "missing", "order": "worst"}))
    names = [line.unit.name for line in page.lines]
    assert [row["Unit"] for row in rows][: len(names)] == names == ["Đèo Gió", "Ao Sen", "Cầu Tre"]
    assert [row["Rank"] for row in rows][:3] == [3, 2, 1]
    assert [row["Over or short (people)"] for row in rows][:3] == [-14, -10, 0]


def test_a_ranking_that_is_hidden_is_hidden_in_the_file(
    filled, communes, catalogue, table, english
):
    report(catalogue, communes[:2], Month.of(2025, 3), HI=[1, 2])
    _sheet, rows = table("ranking/?month=2025-03&lang=en")
    names = [row["Unit"] for row in rows]
    assert "Đồi Thông" not in names and "Bến Đá" not in names


def test_rows_order_and_words_of_a_unit(filled, province, catalogue, table, officer, english):
    assign(province, catalogue, {(builders.by_code("902"), "HI_RATE"): 95}, year=2023)
    sheet, rows = table("unit/?month=2023-12&unit=902&lang=en")
    page = unit_page(asking(officer, "?month=2023-12&unit=902"))
    assert sheet["A2"].value == page.headline
    assert [row["Indicator"] for row in rows] == [row.indicator.name for row in page.rows]
    assert [row["Status"] for row in rows] == [
        None if row.is_partial else status_word(row.figure.status) for row in page.rows
    ]
    people = next(row for row in rows if row["Indicator"] == "Indicator HI")
    assert (people["Result"], people["Year's target"], people["Over or short"]) == (206, 200, 6)
    assert people["% of plan to date"] == 1.03
    assert people["Unit of measure"] == "people"


def test_what_was_signed_stands_beside_what_is_assigned(
    filled, province, catalogue, table, english
):
    sign(province, builders.by_code("902"), catalogue["HI"], 210, year=2023)
    _sheet, rows = table("unit/?month=2023-12&unit=902&lang=en")
    heads = list(rows[0])
    assert heads.index("Signed") == heads.index("Year's target") + 1
    people = next(row for row in rows if row["Indicator"] == "Indicator HI")
    assert (people["Year's target"], people["Signed"]) == (200, 210)


def test_rows_order_and_words_of_an_indicator(filled, table, officer, english):
    sheet, rows = table("indicator/?month=2023-12&indicator=HI&lang=en")
    page = indicator_page(asking(officer, "?month=2023-12"), "HI")
    assert sheet["A2"].value == page.headline
    names = [row.unit.name for row in page.rows]
    assert [row["Unit"] for row in rows] == [*names, "Tỉnh Suối Trong"]
    assert {row["Unit"]: row["Result"] for row in rows} == {
        "Bến Đá": 206, "Đồi Thông": 276, "Tỉnh Suối Trong": 482
    }  # fmt: skip
    assert [row["Over or short"] for row in rows if row["Unit"] == "Đồi Thông"] == [-24]


def test_a_long_table_is_whole_in_the_file(filled, table, english, monkeypatch):
    monkeypatch.setattr("reports.pages.indicator.is_long", lambda number: True)
    _sheet, rows = table("indicator/?month=2023-12&indicator=HI&lang=en")
    assert len(rows) == 2 + 1


@pytest.mark.parametrize("path", ["units/902/", "indicators/HI/"])
def test_the_page_leads_to_its_file(filled, client, officer, path):
    client.force_login(officer)
    page = client.get(f"/{path}?month=2023-12").content.decode()
    (link,) = re.findall(r'href="(/excel/[^"]+)"', page)
    answer = client.get(unescape(link))
    assert answer.status_code == 200
    assert path.split("/")[1] in answer.headers["Content-Disposition"]


def test_an_indicator_that_is_none_has_no_file(filled, fetched):
    assert fetched("indicator/?month=2023-12&indicator=XX").status_code == 404
    assert fetched("indicator/?month=2023-12").status_code == 404


@pytest.mark.parametrize("page", ["overview/?", "ranking/?", "unit/?", "indicator/?indicator=HI&"])
def test_no_cell_is_a_formula(filled, table, page):
    sheet, _rows = table(f"{page}month=2023-12")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_it_is_a_file_with_a_name(filled, fetched):
    answer = fetched("overview/?month=2023-12")
    assert "spreadsheetml" in answer.headers["Content-Type"]
    assert 'filename="overview_99_2023-12.xlsx"' in answer.headers["Content-Disposition"]


def test_another_page_has_no_file(filled, fetched):
    assert fetched("everything/").status_code == 404


def test_a_unit_that_ended_has_no_file_for_later_months(filled, reformed, fetched):
    assert fetched("overview/?month=2025-09&unit=901").status_code == 404


@pytest.mark.parametrize("page", ["overview", "ranking", "unit"])
@pytest.mark.parametrize(
    ("reader", "unit", "status"),
    [("leader", "99", 200), ("chair", "901", 200), ("chair", "99", 403), ("outsider", "99", 403)],
)
def test_files_have_the_rights_of_their_pages(filled, fetched, request, page, reader, unit, status):
    user = request.getfixturevalue(reader)
    assert fetched(f"{page}/?month=2023-12&unit={unit}", user=user).status_code == status
