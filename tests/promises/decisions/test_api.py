"""Decisions and targets for programs: the same rights, the same words as everywhere."""

import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from rest_framework.test import APIClient

from commitments.models import Decision, Target
from tests import builders

pytestmark = pytest.mark.usefixtures("catalogue")
TODAY = date(2024, 3, 1)


@pytest.fixture
def api():
    def api(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    with time_machine.travel(TODAY):
        yield api


def body(**changes) -> dict:
    return {
        "unit": "99",
        "number": "148 /QÐ–UBND",
        "authority": "ppc",
        "year": 2024,
        "issued_on": "2024-01-26",
        "targets": [
            {"unit": "99", "indicator": "HI", "value": "100"},
            {"unit": "901", "indicator": "HI", "value": "60", "operator": "more_than"},
            {"unit": "901", "indicator": "HI_RATE", "value": "96.15"},
        ],
        **changes,
    }


def test_a_decision_is_recorded_and_read(api, officer, capsys):
    client = api(officer)
    made = client.post("/api/v1/decisions/", body(), format="json")
    assert (made.status_code, made.data["number"], made.data["version"]) == (201, "148/QĐ-UBND", 1)
    assert Target.objects.get(indicator__code="HI_RATE").value == 9615
    again = client.get(f"/api/v1/decisions/{made.data['id']}/").data
    assert again == made.data
    assert [one["value"] for one in again["targets"]] == ["100", "60", "96.15"]
    listed = client.get("/api/v1/decisions/?year=2024&authority=ppc&withdrawn=false").data
    assert [one["number"] for one in listed["results"]] == ["148/QĐ-UBND"]
    assert client.get("/api/v1/decisions/?withdrawn=true").data["count"] == 0


def test_targets_are_those_of_the_command(api, officer, capsys):
    client = api(officer)
    client.post("/api/v1/decisions/", body(), format="json")
    answer = client.get("/api/v1/targets/?unit=99&year=2024&children=true")
    call_command("show_targets", "--unit=99", "--year=2024", "--children", "--format=json")
    assert answer.data == json.loads(capsys.readouterr().out)
    assert len(answer.data["targets"]) == 3


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"number": "1/KH-UBND", "kind": "decision"}, 422, "kind_differs"),
        ({"amends": 987654}, 422, "unknown_decision"),
        ({"unit": "77"}, 422, "unknown_unit"),
        ({"targets": [{"unit": "99", "indicator": "HI", "value": "1.5"}]}, 422, "fraction"),
        ({"targets": [{"unit": "99", "indicator": "X", "value": "1"}]}, 422, "unknown_indicator"),
        ({"year": "x"}, 400, "invalid"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(api, officer, change, status, code):
    answer = api(officer).post("/api/v1/decisions/", body(**change), format="json")
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (status, code)
    assert not Decision.objects.exists()


def test_rights_are_those_of_the_pages(api, officer, chair, leader, outsider):
    made = api(officer).post("/api/v1/decisions/", body(), format="json").data
    assert api(leader).post("/api/v1/decisions/", body(), format="json").status_code == 403
    own = api(chair).get(f"/api/v1/decisions/{made['id']}/").data
    assert {one["unit"] for one in own["targets"]} == {"901"}
    passed = body(unit="901", number="12/QĐ-UBND", passes_on=made["id"], targets=[])
    assert api(chair).post("/api/v1/decisions/", passed, format="json").status_code == 201
    assert api(chair).get("/api/v1/targets/?unit=99&year=2024").status_code == 403
    assert api(chair).get("/api/v1/targets/?year=2024").data["unit"] == "901"
    assert api(outsider).get("/api/v1/decisions/").data["count"] == 0
    assert api(outsider).get(f"/api/v1/decisions/{made['id']}/").status_code == 404
    assert builders.by_code("901").decisions.count() == 1
