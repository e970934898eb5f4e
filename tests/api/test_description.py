"""The description of the API: complete, valid, and read without any foreign host."""

import json
import re

import pytest
from django.core.management import call_command
from django.urls import get_resolver


@pytest.fixture
def schema(tmp_path) -> dict:
    file = tmp_path / "schema.json"
    made = ["--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(file)]
    call_command("spectacular", *made)
    return json.loads(file.read_text())


def test_every_resource_is_described(schema):
    api = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/v1/")
    names = {pattern.name for part in api.url_patterns for pattern in getattr(
        part, "url_patterns", [part]
    )} - {"schema", "docs"}  # fmt: skip
    described = {path.split("/")[3] for path in schema["paths"]}
    assert len(names) >= 6
    assert described == {name for name in names if f"/api/v1/{name}/" in schema["paths"]}
    assert {"units", "indicators", "periods", "figures", "tokens"} <= described


def test_every_resource_says_what_else_it_may_answer(schema):
    paths = schema["paths"]
    told = {"$ref": "#/components/schemas/Errors"}
    operations = [(path, verb) for path in paths for verb in paths[path]]
    assert len(operations) > 12
    for path, verb in operations:
        responses = paths[path][verb]["responses"]
        for number in ("400", "401", "403", "404", "429"):
            assert responses[number]["content"]["application/json"]["schema"] == told, (path, verb)


def test_what_an_indicator_may_lack_is_said_to_be_null_at_times(schema):
    indicator = schema["components"]["schemas"]["Indicator"]["properties"]
    assert indicator["numerator"]["nullable"]
    assert indicator["denominator"]["nullable"]


def test_what_a_decision_has_to_have_seen_is_described(schema):
    decision = schema["components"]["schemas"]["Decision"]["properties"]
    assert "last_move" in decision["seen"]["description"]
    (path,) = (path for path in schema["paths"] if path.endswith("/{verb}/"))
    changed = schema["paths"][path]["post"]["responses"]["409"]
    told = changed["content"]["application/json"]["schema"]
    assert told == {"$ref": "#/components/schemas/Changed"}


def test_the_description_is_read_from_local_files_only(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []
    assert "<style" not in page
    assert re.search(r"<script(?![^>]*src=)", page) is None
    script = client.get("/api/v1/docs/?script=")
    assert script.status_code == 200
    assert "SwaggerUIBundle" in script.content.decode()
