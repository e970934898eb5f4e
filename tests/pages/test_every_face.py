"""One figure on every face: the same number, percent, status and rank wherever it is read."""

import json
from datetime import datetime
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import translation
from openpyxl import load_workbook

from districts.models import Unit
from districts.months import Month
from reports.engine.figures import (
    Status,
    figures_for,
)
from reports.wording.plain import plain
from reports.wording.words import status_name
from tests import builders

from .reported import TODAY, assign, report

NOVEMBER, DECEMBER = Month.of(2025, 11), Month.of(2025, 12)
YEAR_BEFORE = Month.of(2024, 12)


@pytest.fixture
def filled(province, communes, catalogue):
    """Complete months up to November 2025; of December three of the five communes."""
    report(catalogue, communes, YEAR_BEFORE, HI=[80, 80, 80, 80, 80], POP=[200] * 5)
    report(catalogue, communes, NOVEMBER, HI=[90, 100, 86, 101, 105])
    report(catalogue, communes[:3], DECEMBER, HI=[95, 102, 90])
    plans = dict.fromkeys(communes, 100) | {province: 500}
    plans |= {builders.by_code("901"): 300, builders.by_code("902"): 200}
    counts = {(unit, "HI"): value for unit, value in plans.items()}
    rates = {(unit, "HI_RATE"): 5000 for unit in plans}
    assign(province, catalogue, counts | rates)


@pytest.fixture
def fetched(client, officer):
    def fetched(path):
        client.force_login(officer)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12), tick=False):
            return client.get(path)

    return fetched


def engine(month):
    """(unit, indicator) to what the engine says, of the province and its children."""
    province = Unit.objects.by_code("99", month.first_day)
    return {
        (figure.unit.code, figure.indicator.code): figure
        for figure in figures_for(unit=province, month=month, children=True)
    }


def as_said(figure):
    percent = figure.percent_of_target
    return (
        plain(figure.value),
        plain(percent),
        str(figure.status),
    )


@pytest.mark.parametrize("month", [NOVEMBER, DECEMBER], ids=str)
def test_command_api_and_workbook_say_what_the_engine_says(
    filled, fetched, month, capsys, tmp_path
):
    with translation.override("en"):
        names = {str(status): str(status_name(status)) for status in Status}
        said = {key: as_said(figure) for key, figure in engine(month).items()}
        ranks = {key: (figure.rank, figure.ranked) for key, figure in engine(month).items()}
        call_command("show_figures", unit="99", month=month, children=True, format="json")
        command = json.loads(capsys.readouterr().out)["figures"]
        api = fetched(f"/api/v1/figures/?unit=99&month={month}&children=true").json()["figures"]
        assert command == api
        for row in command:
            key = row["unit"], row["indicator"]
            assert (row["value"], row["percent_of_target"], row["status"]) == said[key]
            assert (row["rank"], row["ranked"]) == ranks[key]

        path = tmp_path / "conference.xlsx"
        call_command(
            "write_workbook", "conference", unit="99", month=month, output=path, language="en"
        )
        head, *rows = load_workbook(path)["Data"].iter_rows(min_row=6, values_only=True)
        for row in (dict(zip(head, row, strict=True)) for row in rows):
            key = row["unit code"], row["indicator code"]
            if key in said:
                value, percent, status = said[key]
                assert (row["value"], row["percent of target"]) == (value, percent), key
                assert (row["status"], row["rank"]) == (names[status], ranks[key][0]), key


@pytest.mark.parametrize("path", ["/", "/?view=hall", "/units/99/", "/indicators/HI/", "/ranking/"])
def test_pages_show_the_last_complete_month_and_compare_nothing_of_a_month_half_reported(
    filled, fetched, path, english
):
    figure = engine(DECEMBER)["99", "HI"]
    assert (figure.value, figure.approved, figure.expected) == (287, 3, 5)
    mark = "&" if "?" in path else "?"
    text = fetched(f"{path}{mark}month=2025-12&lang=en").content.decode()
    assert "57.4%" not in text, "287 of 500 is no percent of the plan"
    assert "−213" not in text, "nobody is 213 short"
    if path != "/ranking/":
        assert "482" in text, "the last complete month"
        assert "of 3 communes" in text
        assert "287" in text


def test_the_sheet_of_the_screen_holds_a_month_half_reported_against_nothing(
    filled, fetched, english
):
    answer = fetched("/excel/overview/?month=2025-12&lang=en")
    rows = load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=5, values_only=True)
    whole = next(row for row in rows if 287 in row)
    assert not {0.574, -213, "Behind", "At risk"} & set(whole)


def test_ranks_are_of_those_that_have_one(filled, fetched, english):
    below = engine(DECEMBER)
    assert [below[code, "HI"].rank for code in ("901", "902")] == [1, None]
    assert below["901", "HI"].ranked == 1
    text = fetched("/units/901/?month=2025-12&lang=en").content.decode()
    assert "rank 1 of 1" in text.lower() or "rank" not in text.lower()


def test_a_year_before_that_is_not_whole_is_said_and_not_compared(
    filled, communes, catalogue, fetched, english
):
    report(catalogue, communes[:2], Month.of(2024, 11), HI=[70, 70])
    figure = engine(NOVEMBER)["99", "HI"]
    assert (figure.change, figure.last_year_coverage) == (None, (2, 5))
    text = fetched("/indicators/HI/?month=2025-11&lang=en").content.decode()
    assert "Not compared with 11/2024: 2 of 5 reports are approved." in text


def test_without_a_whole_december_there_is_no_plan_to_date_and_the_page_says_why(
    province, communes, catalogue, fetched, english
):
    report(catalogue, communes[:3], YEAR_BEFORE, HI=[80, 80, 80])
    report(catalogue, communes, NOVEMBER, HI=[90, 100, 86, 101, 105])
    assign(province, catalogue, {(province, "HI"): 500})
    figure = engine(NOVEMBER)["99", "HI"]
    assert (figure.plan_to_date, figure.status) == (None, Status.NO_DATA)
    text = fetched("/indicators/HI/?month=2025-11&lang=en").content.decode()
    assert "No plan to date: of 12/2024, where it would begin, 3 of 5 reports are approved." in text
