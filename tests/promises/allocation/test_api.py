"""Dividing a target by a program: the same table, the same rights, conflicts told cell by cell."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.allocation.cascade import cascade
from commitments.models import Target
from districts.months import Month
from tests import builders
from tests.builders import by_code
from tests.pages.reported import assign, report

NOW = date(2025, 2, 3)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def decision(province, catalogue, communes):
    report(catalogue, communes, Month.of(2024, 12), HI=[90, 80, 70, 60, 50], POP=[100] * 5)
    east, west = by_code("901"), by_code("902")
    targets = {(province, "HI"): 400, (east, "HI"): 250, (west, "HI"): 150}
    return assign(province, catalogue, targets)


@pytest.fixture
def table(decision, chair):
    """The chair of district 901 as a program: ask(verb, body) and the answer."""
    client = Client()
    client.force_login(chair)
    address = f"/api/v1/allocations/{decision.pk}/HI/"

    def ask(way="get", body=None, verb="", unit="?unit=901"):
        send = getattr(client, way)
        return send(f"{address}{verb}{unit}", body, content_type="application/json")

    return ask


def test_a_table_tells_people_results_and_balance(table):
    found = table().json()
    assert (found["target"], found["base"], found["version"], found["open"]) == (
        250, "POP", 1, True,
    )  # fmt: skip
    assert found["balance"]["people"] == -250
    assert [(row["unit"], row["base"], row["last"]) for row in found["rows"]] == [
        ("99001", 100, 90), ("99002", 100, 80), ("99003", 100, 70),
    ]  # fmt: skip


def test_cells_are_saved_and_a_conflict_is_told_without_losing_the_others(table):
    assert table("patch", {"cells": [{"unit": "99001", "text": "95"}]}).status_code == 200
    answer = table(
        "patch", {"cells": [{"unit": "99001", "text": "96"}, {"unit": "99002", "text": "85"}]}
    )
    assert answer.status_code == 409
    first, second = answer.json()["cells"]
    assert (first["value"], first["conflict"]["text"], first["conflict"]["by"]) == (
        95, "95", "chair",
    )  # fmt: skip
    assert (second["value"], second["conflict"]) == (85, None)


def test_a_method_and_the_assignment_ask_what_was_seen(table, decision):
    assert table("patch", {"cells": [{"unit": "99001", "text": "95"}]}).json()["version"] == 2
    assert table("post", {"method": "fill", "version": 1}, "divide/").status_code == 409
    answer = table("post", {"method": "fill", "version": 2}, "divide/").json()
    assert answer["table"]["balance"]["state"] == "exact"
    body = {"version": 3, "number": "5/QĐ-UBND", "issued_on": "2025-02-01"}
    assigned = table("post", body, "assign/")
    assert assigned.status_code == 200, assigned.json()
    assert assigned.json()["assigned_by"] == "5/QĐ-UBND"
    assert Target.objects.filter(decision__passes_on=decision).count() == 3
    assert table("patch", {"cells": []}).status_code == 422
    assert table(verb="", unit="?unit=902").status_code == 403


def test_the_cascade_says_by_how_many_people_every_level_is_off(decision, province, catalogue):
    west = by_code("902")
    assign(province, catalogue, {(by_code("99004"), "HI"): 80, (by_code("99005"), "HI"): 75})
    # Another decision of the same number adds what was left out.
    whole, east_step, west_step = cascade(units=[province, by_code("901"), west], year=2025, on=NOW)
    assert (whole.people, whole.is_off) == (0, False)
    assert (east_step.is_divided, east_step.people) == (False, None)
    assert (west_step.people, west_step.is_off) == (5, True)


def test_rates_are_weighed_in_the_cascade(province, catalogue, communes):
    report(catalogue, communes, Month.of(2024, 12), POP=[100, 300, 100, 100, 100])
    east = by_code("901")
    assign(
        province,
        catalogue,
        {
            (east, "HI_RATE"): 9000, (communes[0], "HI_RATE"): 8000,
            (communes[1], "HI_RATE"): 9000, (communes[2], "HI_RATE"): 9500,
        },
    )  # fmt: skip
    (step,) = cascade(units=[east], year=2025, on=NOW)
    assert (step.balance.divided, step.people) == (8900, -5)


def test_a_table_asks_no_more_with_sixty_communes_more(decision, officer):
    client = Client()
    client.force_login(officer)
    pages = [f"/allocations/{decision.pk}/HI/?unit=901", "/allocations/"]

    def costs() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    few = costs()
    for n in range(60):
        builders.unit(f"991{n:02}", f"Xã số {n}", parent=by_code("901"))
    builders.rebuild_map()
    many = costs()
    assert many == few
    assert max(many) <= 40
