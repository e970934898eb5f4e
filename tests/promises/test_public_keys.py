"""The page of public keys: with what it hands out, anybody verifies an exported chain."""

from datetime import UTC, date, datetime

import pytest

from commitments.actions.targets.decisions import record_decision
from commitments.chain.checking import verified_file
from commitments.chain.exporting import exported
from commitments.chain.keys import key_file, present_key
from steering.accounts.actors import COMMAND_LINE
from tests import builders


@pytest.fixture
def committee(province):
    committee = builders.committee(province)
    record_decision(
        unit=province,
        authority="ppc",
        number="148/QĐ-UBND",
        year=2024,
        issued_on=date(2024, 1, 26),
        targets=[],
        actor=COMMAND_LINE,
        on=date(2024, 1, 26),
    )
    return committee


def test_it_names_the_key_and_since_when_it_signs(committee, client):
    page = client.get("/verify/key/").content.decode()
    assert present_key() in page
    assert f"{committee.links.first().at:%d/%m/%Y}" in page


def test_what_is_downloaded_verifies_an_exported_chain(committee, client, tmp_path):
    downloaded = client.get("/verify/key.pem")
    assert "public-key.pem" in downloaded["Content-Disposition"]
    assert downloaded.content not in key_file().read_bytes()
    assert b"PRIVATE" not in downloaded.content
    (tmp_path / "public-key.pem").write_bytes(downloaded.content)
    (tmp_path / "chain.json").write_bytes(exported(committee, at=datetime(2024, 2, 1, tzinfo=UTC)))
    answer = verified_file(str(tmp_path / "chain.json"), [str(tmp_path / "public-key.pem")])
    assert (answer["ok"], answer["links"]) == (True, 1)


def test_before_anything_is_signed_there_is_none(db, client, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "none.pem"
    assert client.get("/verify/key/").status_code == 200
    assert client.get("/verify/key.pem").status_code == 404
    assert not settings.SIGNING_KEY_FILE.exists()
