"""The description of the API: complete, valid, and read without any foreign host."""

import re

import pytest
from django.core.management import call_command
from django.urls import get_resolver


@pytest.fixture
def schema(tmp_path) -> str:
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    return file.read_text()


def test_every_resource_is_described(schema):
    api = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/v1/")
    names = {pattern.name for part in api.url_patterns for pattern in getattr(
        part, "url_patterns", [part]
    )} - {"schema", "docs"}  # fmt: skip
    described = set(re.findall(r"^  /api/v1/(\w+)/", schema, re.MULTILINE))
    assert len(names) >= 6
    assert described == {name for name in names if f"/api/v1/{name}/" in schema}
    assert {"units", "indicators", "periods", "figures", "tokens"} <= described


def test_a_refusal_is_described_too(schema):
    assert "Errors:" in schema


def test_what_a_decision_has_to_have_seen_is_described(schema):
    decision = schema[schema.index("\n    Decision:") :]
    assert "last_move" in decision[: decision.index("\n    Error")]
    (path,) = re.findall(r"/{verb}/:\n(.*?)(?=^  /|^components)", schema, re.MULTILINE | re.DOTALL)
    assert re.search(r"'409':.*?schemas/Changed", path, re.DOTALL)


def test_the_description_is_read_from_local_files_only(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []
    assert "<style" not in page
    assert re.search(r"<script(?![^>]*src=)", page) is None
    script = client.get("/api/v1/docs/?script=")
    assert script.status_code == 200
    assert "SwaggerUIBundle" in script.content.decode()
