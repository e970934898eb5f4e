"""Reading units, indicators, periods and figures through the API: the same figures and rights."""

import json

import pytest
from django.core.cache import cache
from django.core.management import call_command
from rest_framework.throttling import UserRateThrottle

from commitments.actions.reporting.periods import close_period
from districts.months import Month
from districts.versions import raise_versions
from reports.api import FigureSerializer
from reports.engine.figures import figures_for
from reports.wording.plain import (
    KEYS,
    RATIO_KEYS,
)
from steering.accounts.actors import COMMAND_LINE
from tests import builders
from tests.pages.reported import TODAY, report

MAY = Month.of(2025, 5)


@pytest.fixture
def reported(catalogue, communes):
    report(catalogue, communes, MAY, POP=[100, 200, 300, 400, 500], HI=[90, 180, 270, 360, None])


def test_a_stranger_is_asked_to_sign_in(api, province):
    answer = api().get("/api/v1/units/")
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["code"] == "not_authenticated"
    assert error["message"]


def test_somebody_without_a_seat_sees_no_unit(api, outsider, province):
    assert api(outsider).get("/api/v1/units/").json()["count"] == 0


def test_a_chair_sees_the_own_district_and_its_communes(api, chair):
    found = api(chair).get("/api/v1/units/").json()["results"]
    assert {unit["code"] for unit in found} == {"901", "99001", "99002", "99003"}


def test_units_are_found_by_day_tier_and_name_without_accents(api, officer, reformed):
    client = api(officer)
    query = {"in_force_on": "2025-07-01", "tier": "commune", "search": "sen gio"}
    (unit,) = client.get("/api/v1/units/", query).json()["results"]
    assert (unit["code"], unit["established_on"]) == ("99001", "2025-07-01")
    assert client.get("/api/v1/units/", {**query, "in_force_on": "2025-06-30"}).json()["count"] == 0


def test_lists_come_in_pages(api, officer, province):
    answer = api(officer).get("/api/v1/units/", {"page_size": 2, "page": 2}).json()
    assert len(answer["results"]) == 2
    assert answer["previous"]
    assert answer["count"] == 9


def test_a_page_that_is_not_there_is_quoted(api, officer, province):
    answer = api(officer).get("/api/v1/units/", {"page": "77"})
    assert answer.status_code == 404
    assert "77" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("resource", ["counts", "submissions"])
def test_who_follows_next_reads_every_row_once_though_rows_come_meanwhile(
    api, officer, reported, catalogue, communes, resource
):
    def name(row: dict) -> tuple:
        return row["month"], row["unit"], row.get("indicator")

    client = api(officer)
    whole = client.get(f"/api/v1/{resource}/").json()
    assert whole["count"] == len(whole["results"]) == {"counts": 9, "submissions": 5}[resource]
    assert (whole["next"], whole["previous"]) == (None, None)
    address, seen, counted = f"/api/v1/{resource}/?month=2025-05&page_size=2", [], []
    later = [Month.of(2025, 6), Month.of(2025, 4)]
    while address:
        found = client.get(address).json()
        assert len(found["results"]) <= 2
        seen += map(name, found["results"])
        counted.append(found["count"])
        back, address = found["previous"], found["next"]
        for month in later:
            report(catalogue, communes, month, HI=[90] * 5)
        later = []
    assert seen == list(map(name, whole["results"]))
    # Only the first page counts; the way back shows what was there.
    assert counted == [whole["count"]] + [None] * (len(counted) - 1)
    assert list(map(name, client.get(back).json()["results"])) == seen[-3:-1]
    assert client.get(f"/api/v1/{resource}/?page=1").json()["count"] > whole["count"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("/api/v1/nowhere/", 404, "not_found"), ("/api/v1/units/?code=a%00b", 400, "bad_request")],
)
def test_what_never_reaches_a_resource_is_told_as_the_api_tells(
    api, officer, province, address, status, code
):
    answer = api(officer).get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    (error,) = answer.json()["errors"]
    assert error["code"] == code
    assert error["message"]


def test_the_catalogue_says_what_is_divided_by_what(api, outsider, catalogue):
    found = api(outsider).get("/api/v1/indicators/", {"kind": "ratio"}).json()["results"]
    assert [(i["code"], i["numerator"], i["denominator"]) for i in found] == [
        ("HI_RATE", "HI", "POP")
    ]


def test_periods_say_whether_they_are_closed(api, chair, outsider, reported, province):
    close_period(unit=province, month=MAY, actor=COMMAND_LINE, on=TODAY)
    (period,) = api(chair).get("/api/v1/periods/", {"month": "2025-05"}).json()["results"]
    assert period["unit"] == "99"
    assert period["closed_at"]
    assert api(chair).get("/api/v1/periods/", {"closed": "false"}).json()["count"] == 0
    assert api(outsider).get("/api/v1/periods/").json()["count"] == 0


def test_figures_are_those_of_the_engine(api, officer, reported, province):
    query = {"unit": "99", "month": "2025-05", "indicator": ["HI", "HI_RATE"], "children": "true"}
    answer = api(officer).get("/api/v1/figures/", query).json()
    told = {(f["unit"], f["indicator"]): f["value"] for f in answer["figures"]}
    engine = {
        (f.unit.code, f.indicator.code): f.value and float(f.value)
        for f in figures_for(unit=province, month=MAY, children=True)
        if f.indicator.code in ("HI", "HI_RATE")
    }
    assert told == engine
    assert told["99", "HI"] == 900


def test_whoever_has_the_figures_is_told_that_nothing_changed(api, officer, auditor, reported):
    query = {"unit": "99", "month": "2025-05", "children": "true"}
    first = api(officer).get("/api/v1/figures/", query)
    held = {"if-none-match": first["ETag"]}
    assert api(officer).get("/api/v1/figures/", query, headers=held).status_code == 304
    assert api(auditor).get("/api/v1/figures/", query, headers=held).status_code == 200
    raise_versions([builders.by_code("99001").pk])
    again = api(officer).get("/api/v1/figures/", query, headers=held)
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_script_reads_the_same_through_the_api_and_the_command(api, officer, reported, capsys):
    query = {"unit": "99", "month": "2025-05", "children": "true"}
    answer = api(officer).get("/api/v1/figures/", query).json()
    call_command(
        "show_figures", "--unit", "99", "--month", "2025-05", "--children", "--format", "json"
    )
    assert answer == json.loads(capsys.readouterr().out)
    assert {*KEYS, *RATIO_KEYS, "unit", "name", "indicator"} == set(FigureSerializer().fields)


def test_what_was_not_reported_is_null_and_not_zero(api, officer, reported):
    query = {"unit": "99005", "month": "2025-05", "indicator": "HI"}
    (figure,) = api(officer).get("/api/v1/figures/", query).json()["figures"]
    assert figure["value"] is None


def test_another_districts_figures_are_refused_with_the_roles_that_may(api, chair, reported):
    answer = api(chair).get("/api/v1/figures/", {"unit": "902", "month": "2025-05"})
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert error["code"] == "not_allowed"
    assert error["read"] == "902"


@pytest.mark.parametrize(
    ("query", "status", "quoted"),
    [
        ({"unit": "99", "month": "spring"}, 400, "spring"),
        ({"unit": "77"}, 404, "77"),
        ({"unit": "99", "month": "2025-05", "indicator": "NONE"}, 422, "NONE"),
        ({"unit": "99", "month": "2025-05", "authority": "me"}, 400, "me"),
    ],
)
def test_what_cannot_be_read_is_quoted(api, officer, reported, query, status, quoted):
    answer = api(officer).get("/api/v1/figures/", query)
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert quoted in error["message"]


def test_a_filter_that_cannot_be_read_names_its_field(api, officer, province):
    answer = api(officer).get("/api/v1/periods/", {"month": "spring"})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == "month"
    assert "spring" in error["message"]


def test_lists_cost_the_same_queries_whatever_their_length(
    api, officer, province, django_assert_max_num_queries
):
    client = api(officer)
    client.get("/api/v1/units/")
    with django_assert_max_num_queries(5):
        assert client.get("/api/v1/units/").json()["count"] == 9
    with django_assert_max_num_queries(5):
        client.get("/api/v1/units/", {"page_size": 2})


def test_whoever_asks_too_often_is_told_to_wait(api, officer, province, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    cache.clear()
    client = api(officer)
    answers = [client.get("/api/v1/indicators/") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["errors"][0]["code"] == "throttled"
    assert int(answers[-1].headers["Retry-After"]) > 0
