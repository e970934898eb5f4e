"""A reform on 16 July: a code means one unit to every face, the one of the month's first day."""

import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from commitments.actions.reporting.counts import Entry, record_counts
from commitments.intake.targets import import_targets
from commitments.models import Target
from districts.models import WHOLE, Reorganisation, Unit
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.commitments.intake import made

MIDDLE = date(2025, 7, 16)
JULY, AUGUST = Month.of(2025, 7), Month.of(2025, 8)
TODAY = date(2025, 9, 20)


@pytest.fixture
def divided_month(province, communes, catalogue):
    """From 16 July a new 99001 continues 99001 and 99003 under the province; 901 ends."""
    reform = Reorganisation.objects.create(
        name="Giữa tháng", effective_on=MIDDLE, state=Reorganisation.State.APPLIED
    )
    old, ending = [communes[0], communes[2]], builders.by_code("901")
    for unit in [*old, ending]:
        builders.end_unit(unit, MIDDLE)
    builders.move_unit(communes[1], province, MIDDLE)
    new = builders.unit("99001", "Sen Gió", parent=province, since=MIDDLE)
    for unit in old:
        builders.succession(reform, unit, {new: WHOLE})
    builders.rebuild_map()
    hi = catalogue["HI"].pk
    july = zip(communes, (777, 20, 300, 40, 50), strict=True)
    august = zip([new, *communes[1:2], *communes[3:]], (1100, 21, 41, 51), strict=True)
    for month, numbers in ((JULY, july), (AUGUST, august)):
        record_counts(
            entries=[Entry(month, unit.pk, hi, number) for unit, number in numbers],
            actor=COMMAND_LINE,
            on=TODAY,
            approve=True,
        )
    return new


@pytest.fixture
def shown(officer, capsys):
    """What show_figures, REST and the page say of HI of a code: its value, None for no unit."""

    def by_command(code, month, day):
        arguments = ["--unit", code, "--month", str(month), "--indicator", "HI"]
        arguments += ["--map", day] if day else []
        try:
            call_command("show_figures", *arguments, "--format", "json")
        except SystemExit:
            assert json.loads(capsys.readouterr().out)["errors"][0]["code"] == "unknown_unit"
            return None
        return json.loads(capsys.readouterr().out)["figures"][0]["value"]

    def shown(code, month, day=None):
        client = Client()
        client.force_login(officer)
        asked = {"unit": code, "month": str(month)} | ({"map": day} if day else {})
        with time_machine.travel(TODAY, tick=False):
            answer = client.get("/api/v1/figures/", asked | {"indicator": "HI"})
            page = client.get(f"/units/{code}/", asked)
            told = by_command(code, month, day)
        assert page.status_code == 200
        page = page.context["page"]
        on_page = None
        if page.scope.in_force:
            rows = [row.figure for row in page.rows if row.figure.indicator.code == "HI"]
            on_page = rows[0].value
        if answer.status_code == 422:
            assert answer.json()["errors"][0]["code"] == "unknown_unit"
            by_rest = None
        else:
            by_rest = answer.json()["figures"][0]["value"]
        assert told == by_rest == on_page
        return told

    return shown


@pytest.mark.parametrize(
    ("code", "july", "on_map", "august"),
    [
        ("99", 1187, 1187, 1213),
        ("901", 1097, None, None),
        ("902", 90, 90, 92),
        ("99001", 777, 1077, 1100),
        ("99002", 20, 20, 21),
        ("99003", 300, None, None),
        ("99005", 50, 50, 51),
    ],
)
def test_every_face_means_the_unit_of_the_first_day(
    divided_month, shown, code, july, on_map, august
):
    assert shown(code, JULY) == july
    assert shown(code, JULY, "2025-07-15") == july
    assert shown(code, JULY, "2025-07-16") == on_map
    assert shown(code, JULY, "2025-08-01") == on_map
    assert shown(code, AUGUST) == august


@pytest.mark.parametrize(("day", "name"), [(None, "Xã Ao Sen"), ("2025-07-16", "Xã Sen Gió")])
def test_the_workbook_means_it_too(divided_month, tmp_path, day, name):
    path = tmp_path / "book.xlsx"
    arguments = ["--unit", "99001", "--month", "2025-07", "--output", str(path)]
    call_command("write_workbook", "conference", *arguments, *(["--map", day] if day else []))
    cover = load_workbook(path).worksheets[0]
    written = " ".join(str(cell.value) for row in cover for cell in row if cell.value)
    assert name.casefold() in written.casefold()


def test_a_map_is_that_of_the_day(divided_month):
    breaks = [MIDDLE]
    assert Month.of_map(date(2025, 7, 15), breaks) == JULY
    assert Month.of_map(date(2025, 7, 16), breaks) == AUGUST
    assert Month.of_map(date(2025, 8, 1), breaks) == AUGUST
    assert Month.of_map(date(2025, 8, 1), [date(2025, 8, 1)]) == AUGUST
    assert Unit.objects.by_code("99001", MIDDLE) == divided_month


@pytest.mark.parametrize(("issued", "name"), [(date(2025, 7, 15), "Ao Sen"), (MIDDLE, "Sen Gió")])
def test_a_decision_assigns_to_the_units_in_force_on_its_day(divided_month, tmp_path, issued, name):
    path = made.workbook(tmp_path / "annex.xlsx", [["Đơn vị", "HI"], ["99001", 500]])
    import_targets(
        path=path,
        number="1/QĐ-UBND",
        issued_on=issued,
        effective_on=issued,
        authority="ppc",
        year=2025,
        actor=COMMAND_LINE,
        on=TODAY,
    )
    assert Target.objects.get().unit.name == name
