"""Documents of a month from the pages: the same numbers as everywhere, refusals in words."""

import json
from datetime import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import translation
from openpyxl import load_workbook

from reports.engine.figures import figures_for
from tests import builders
from tests.reports.documents import reading

from .reported import TODAY, assign, report
from .test_every_face import DECEMBER, NOVEMBER, YEAR_BEFORE


@pytest.fixture
def filled(province, communes, catalogue):
    report(catalogue, communes, YEAR_BEFORE, HI=[80, 80, 80, 80, 80], POP=[2000] * 5)
    report(catalogue, communes, NOVEMBER, HI=[1090, 1100, 1086, 1101, 1105])
    plans = dict.fromkeys(communes, 1100) | {province: 5500}
    plans |= {builders.by_code("901"): 3300, builders.by_code("902"): 2200}
    assign(province, catalogue, {(unit, "HI"): value for unit, value in plans.items()})
    type(catalogue["HI"]).objects.exclude(code="HI").update(main=False)


@pytest.fixture
def fetched(client, officer):
    def fetched(path):
        client.force_login(officer)
        with time_machine.travel(datetime(TODAY.year, TODAY.month, TODAY.day, 12), tick=False):
            return client.get(path)

    return fetched


def test_word_pdf_command_and_workbook_say_the_same_numbers(filled, fetched, capsys, tmp_path):
    asked = f"month={NOVEMBER}&unit=99"
    word = reading.word_rows(fetched(f"/documents/monthly.docx?{asked}").content)
    paper = reading.pdf_text(fetched(f"/documents/monthly.pdf?{asked}").content)
    call_command("show_figures", unit="99", month=NOVEMBER, children=True, format="json")
    shown = json.loads(capsys.readouterr().out)["figures"]
    path = tmp_path / "conference.xlsx"
    call_command(
        "write_workbook", "conference", unit="99", month=NOVEMBER, output=path, language="en"
    )
    head, *rows = load_workbook(path)["Data"].iter_rows(min_row=6, values_only=True)
    sheet = {
        row["unit code"]: row
        for row in (dict(zip(head, row, strict=True)) for row in rows)
        if row["indicator code"] == "HI"
    }
    figures = [figure for figure in shown if figure["indicator"] == "HI"]
    assert len(figures) == 3
    for figure in figures:
        name = "TOÀN TỈNH" if figure["unit"] == "99" else figure["name"]
        row = next(row for row in word if row[1:2] == [name])
        target, value = f"{figure['target']:,}", f"{figure['value']:,}"
        assert row[2] == target.replace(",", ".")
        assert row[5] == value.replace(",", ".")
        assert row[6] == f"{figure['percent_of_target']:.1f}".replace(".", ",")
        assert row[10] == str(figure["rank"] or "")
        assert " ".join(filter(None, row[1:7])) in paper
        booked = sheet[figure["unit"]]
        assert (booked["value"], booked["percent of target"]) == (
            figure["value"],
            figure["percent_of_target"],
        )


def test_the_rank_is_that_of_the_ranking_page(filled, fetched):
    province = figures_for(unit=builders.by_code("99"), month=NOVEMBER, children=True)
    ranks = {f.unit.full_name: f.rank for f in province if f.indicator.code == "HI"}
    rows = reading.word_rows(fetched(f"/documents/ranking.docx?month={NOVEMBER}&unit=99").content)
    for name in (builders.by_code("901").full_name, builders.by_code("902").full_name):
        row = next(row for row in rows if row[1:2] == [name])
        assert row[3] == str(ranks[name])


def test_a_file_is_named_after_what_it_is(filled, fetched):
    answer = fetched(f"/documents/ranking.pdf?month={NOVEMBER}&unit=99")
    assert answer["Content-Type"] == "application/pdf"
    assert f"ranking-99-{NOVEMBER}.pdf" in answer["Content-Disposition"]


def test_nothing_late_is_said_in_words(province, communes, catalogue, fetched):
    answer = fetched("/documents/late.pdf?month=2026-12&unit=99")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["monthly.odt", "unknown.pdf", "ranking.pdf", f"monthly.pdf?month={DECEMBER}&unit=98"]
)
def test_what_does_not_exist_is_not_found(province, catalogue, fetched, path):
    assert fetched(f"/documents/{path}").status_code == 404


@pytest.mark.parametrize(
    ("page", "document"),
    [("/ranking/", "ranking"), ("/units/99/", "monthly"), ("/completeness/", "late")],
)
def test_pages_offer_their_document(filled, fetched, page, document):
    with translation.override("vi"):
        text = fetched(f"{page}?month={NOVEMBER}&unit=99").content.decode()
    for ending in ("docx", "pdf"):
        assert f"/documents/{document}.{ending}?month={NOVEMBER}&amp;unit=99" in text
