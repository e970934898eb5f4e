"""Bodies no reader was made for: refused as every refusal of the API reads."""

import pytest

from districts.months import Month
from tests.pages.reported import report

MAY = Month.of(2025, 5)
REPORT = f"/api/v1/submissions/{MAY}/99001/"
WITH_A_BODY = [
    ("patch", f"{REPORT}counts/"),
    *(("post", f"{REPORT}{verb}/") for verb in ("send", "verify", "approve", "return")),
    ("post", "/api/v1/tokens/"),
]


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


@pytest.fixture
def client(api, officer, catalogue, communes):
    report(catalogue, communes, MAY, approve=False, HI=[10, 20, 30, 40, 50])
    return api(officer)


@pytest.mark.parametrize(("verb", "address"), WITH_A_BODY)
@pytest.mark.parametrize(
    "body",
    [
        nested("[", "]", 5_000),
        nested('{"a":', "}", 5_000)[:-5_000] + "1" + "}" * 5_000,
        '{"cells": ' + nested("[", "]", 100_000) + "}",
        '{"why": ' + nested("[", "]", 5_000) + "}",
    ],
    ids=["lists", "objects", "cells", "reason"],
)
def test_brackets_a_thousand_deep_are_refused(client, verb, address, body):
    answer = getattr(client, verb)(address, body, content_type="application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
    (error,) = answer.json()["errors"]
    assert error["code"] == "parse_error"
    assert "JSON" in error["message"]


@pytest.mark.parametrize(("verb", "address"), WITH_A_BODY)
@pytest.mark.parametrize("depth", [20, 400, 800, 950])
def test_what_can_just_be_read_is_answered_too(client, verb, address, depth):
    for key in ("cells", "explanations", "why", "seen", "name"):
        body = f'{{"{key}": {nested("[", "]", depth)}}}'
        answer = getattr(client, verb)(address, body, content_type="application/json")
        assert answer.status_code < 500, key
    cell = f'{{"cells": [{{"indicator": {nested("[", "]", depth)}, "raw": "1", "version": 0}}]}}'
    assert getattr(client, verb)(address, cell, content_type="application/json").status_code < 500


@pytest.mark.parametrize("step", ["withdraw", "undo"])
def test_a_step_that_reads_no_body_is_made_whatever_it_holds(client, step):
    body = nested("[", "]", 5_000)
    answer = client.post(f"{REPORT}{step}/", body, content_type="application/json")
    assert answer.status_code < 500
