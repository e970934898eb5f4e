"""The targets of two days, line by line."""

from datetime import date

import pytest

from commitments.actions.targets.decisions import NewTarget, record_decision
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from steering.promises.decisions.comparing import Comparison
from tests import builders

TODAY = date(2024, 12, 1)


@pytest.fixture
def amended(province, catalogue):
    def decide(number, issued_on, values, **more):
        return record_decision(
            unit=province,
            authority="ppc",
            number=number,
            year=2024,
            issued_on=issued_on,
            targets=[
                NewTarget(builders.by_code(unit).pk, catalogue[code].pk, value, Month.of(2024, 12))
                for (unit, code), value in values.items()
            ],
            actor=COMMAND_LINE,
            on=TODAY,
            **more,
        ).decision

    first = decide(
        "148/QĐ-UBND",
        date(2024, 1, 26),
        {("99", "HI"): 100, ("901", "HI"): 60, ("902", "HI"): 40, ("99", "HI_RATE"): 9610},
    )
    changed = {("99", "HI"): 110, ("901", "HI"): 70, ("99", "SI_V"): 5, ("99", "HI_RATE"): 9550}
    return decide("900/QĐ-UBND", date(2024, 7, 10), changed, amends=first)


def compared(unit, first=date(2024, 7, 9), second=date(2024, 7, 10)):
    return Comparison(unit, 2024, "ppc", first, second)


def test_what_changed_is_told_line_by_line(amended, province):
    found = compared(province)
    told = [(line.unit.code, line.indicator.code, str(line.change)) for line in found.changed]
    assert told == [
        ("99", "HI", "10"), ("99", "HI_RATE", "-0.60"), ("99", "SI_V", "None"), ("901", "HI", "10"),
    ]  # fmt: skip
    assert found.versions == (1, 2)
    assert len(found.lines) == 5


def test_nothing_differs_within_a_version(amended, province):
    assert compared(province, date(2024, 8, 1), date(2024, 9, 1)).changed == []


def test_the_page_asks_for_the_last_change_by_itself(client, officer, amended):
    client.force_login(officer)
    page = client.get("/decisions/compare/?year=2024")
    assert page.context["compared"].first == date(2024, 7, 9)
    assert len(page.context["page"].object_list) == 4
    assert len(client.get("/decisions/compare/?year=2024&all=1").context["page"].object_list) == 5
    for wrong in ("year=x", "year=2024&from=x"):
        assert client.get(f"/decisions/compare/?{wrong}").status_code == 400


def test_a_district_sees_its_own_lines(client, chair, amended):
    client.force_login(chair)
    page = client.get("/decisions/compare/?year=2024&unit=901")
    assert [line.unit.code for line in page.context["page"]] == ["901"]
    assert page.context["compared"].versions == (1, 2)
    assert client.get("/decisions/compare/?year=2024&unit=99").status_code == 403
