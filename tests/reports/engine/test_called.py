"""Every face calls a unit as it was called in the month, or on the map, that is shown."""

import io
from datetime import date

import openpyxl
import pytest
import time_machine

from commitments.actions.reference.naming import change_name_or_kind
from districts.months import Month
from reports.conference.assembly import assemble_conference
from reports.engine.asking import find_unit
from reports.engine.figures import figures_for
from reports.wording.plain import as_dict
from reports.workbook.build import build
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.pages.reported import TODAY, assign, report

pytestmark = pytest.mark.django_db

DECEMBER, APRIL, MAY = Month.of(2024, 12), Month.of(2025, 4), Month.of(2025, 5)
BEFORE, AFTER = "Xã Ao Sen", "Phường Ao Sen"


@pytest.fixture
def renamed(catalogue, communes):
    """Ao Sen, a ward from 1 May 2025; everybody reports in both months."""
    targets = {(unit, "HI"): 100 for unit in communes}
    assign(builders.by_code("99"), catalogue, targets)
    for month in (DECEMBER, APRIL, MAY):
        report(catalogue, communes, month, HI=[90, 80, 70, 60, 50], POP=[100] * 5)
    change_name_or_kind(
        unit=communes[0],
        name="Ao Sen",
        kind="ward",
        since=date(2025, 5, 1),
        legal_basis="Nghị quyết 1/NQ-UBTVQH15",
        actor=COMMAND_LINE,
        on=TODAY,
    )
    return communes[0]


@pytest.mark.parametrize(
    ("month", "on_map", "name"),
    [(APRIL, None, BEFORE), (MAY, None, AFTER), (APRIL, date(2025, 5, 31), AFTER)],
)
def test_figures_name_the_unit_as_on_the_map_that_is_shown(renamed, catalogue, month, on_map, name):
    figures = figures_for(
        unit=find_unit("901", on_map or month.last_day),
        month=month,
        indicators=[catalogue["HI"]],
        children=True,
        on_map=on_map,
    )
    told = {one["unit"]: one["name"] for one in map(as_dict, figures)}
    assert told["99001"] == name
    assert {figure.reported_value for figure in figures if figure.unit == renamed} == {90}
    [own] = figures_for(
        unit=find_unit("99001", on_map or month.last_day),
        month=month,
        indicators=[catalogue["HI"]],
        on_map=on_map,
    )
    assert as_dict(own)["name"] == name


@pytest.mark.parametrize(
    ("query", "name", "other"),
    [
        ("?month=2025-04", BEFORE, AFTER),
        ("?month=2025-05", AFTER, BEFORE),
        ("?month=2025-04&map=2025-05-31", AFTER, BEFORE),
        ("", AFTER, BEFORE),
    ],
)
def test_pages_call_the_unit_as_in_the_month(renamed, officer, client, query, name, other):
    client.force_login(officer)
    with time_machine.travel(date(2025, 6, 20), tick=False):
        page = client.get(f"/units/99001/{query}").content.decode()
        assert f"<title>{name}," in page
        for address in ("/units/901/", "/", "/ranking/", "/indicators/HI/"):
            unit = "&unit=901" if query else "?unit=901"
            above = client.get(f"{address}{query}{unit}").content.decode()
            assert name in above and other not in above, address


def test_the_reader_without_a_code_reads_the_name_of_the_month(renamed, commune_officer, client):
    client.force_login(commune_officer)
    with time_machine.travel(date(2025, 6, 20), tick=False):
        for query, name in [("?month=2025-04", BEFORE), ("?month=2025-05", AFTER)]:
            answer = client.get(f"/api/v1/figures/{query}&indicator=HI").json()
            assert {one["name"] for one in answer["figures"]} == {name}


def test_the_unit_s_page_tells_how_it_was_called_and_by_what_it_changed(
    renamed, officer, client, english
):
    client.force_login(officer)
    with time_machine.travel(date(2025, 6, 20), tick=False):
        page = client.get("/units/99001/?month=2025-05", headers={"accept-language": "en"})
    told = " ".join(page.content.decode().split())
    assert "Nghị quyết 1/NQ-UBTVQH15" in told
    assert BEFORE in told and "01/05/2025" in told


def test_the_workbook_prints_the_name_of_its_month(renamed, province):
    for month, name in [(APRIL, BEFORE), (MAY, AFTER)]:
        conference = assemble_conference(
            unit=builders.by_code("901", month.last_day), month=month, authority="ppc",
            on_map=None, language="vi",
        )  # fmt: skip
        book = openpyxl.load_workbook(io.BytesIO(build(conference)))
        words = {cell.value for sheet in book for row in sheet for cell in row}
        assert words & {BEFORE, AFTER} == {name}


def test_units_of_the_api_are_called_as_on_the_day_asked(renamed, officer, client):
    client.force_login(officer)
    for day, name in [("2025-04-30", BEFORE), ("2025-05-01", AFTER)]:
        answer = client.get(f"/api/v1/units/?in_force_on={day}&code=99001").json()
        assert [one["full_name"] for one in answer["results"]] == [name]


def test_the_working_sheet_and_the_review_call_the_unit_as_in_the_month(renamed, officer, client):
    client.force_login(officer)
    with time_machine.travel(date(2025, 6, 20), tick=False):
        for month, name, other in [("2025-04", BEFORE, AFTER), ("2025-05", AFTER, BEFORE)]:
            for address in (
                f"/entry/{month}/99001/",
                f"/review/?month={month}&show=approved",
                f"/review/{month}/99001/",
                f"/completeness/?month={month}&unit=901",
            ):
                answer = client.get(address)
                page = answer.content.decode()
                assert answer.status_code == 200, address
                assert name in page and other not in page, address
