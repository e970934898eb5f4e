"""Promises that are chained, and the chain as exported while nobody had touched it."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.chain import keys
from commitments.chain.exporting import exported
from districts.months import Month
from steering.accounts.actors import COMMAND_LINE
from tests import builders

from .promises import SIGNED, sign


@pytest.fixture
def promised(province, catalogue):
    """A decision with two targets, one of them with a path, and two districts that signed.

    One of them signed twice.
    """
    committee = builders.committee(province)
    first, second = builders.by_code("901"), builders.by_code("902")
    outcome = record_decision(
        unit=province,
        authority="ppc",
        number="148/QĐ-UBND",
        year=2024,
        issued_on=date(2024, 1, 26),
        targets=[
            NewTarget(first.pk, catalogue["HI"].pk, 100, Month.of(2024, 12)),
            NewTarget(
                second.pk,
                catalogue["HI"].pk,
                200,
                Month.of(2024, 12),
                path=[(Month.of(2024, 6), 150)],
            ),
        ],
        actor=COMMAND_LINE,
        on=SIGNED,
    )
    sign(committee, catalogue["HI"], (first, 100), (second, 200))
    sign(committee, catalogue["HI"], (first, 110))
    return SimpleNamespace(
        committee=committee, decision=outcome.decision, indicator=catalogue["HI"], unit=second
    )


@pytest.fixture
def clean(promised, tmp_path) -> Path:
    path = tmp_path / "chain.json"
    path.write_bytes(exported(promised.committee, at=datetime(2024, 4, 1, tzinfo=UTC)))
    return path


@pytest.fixture
def public_key(promised, tmp_path) -> Path:
    """As downloaded from the page of keys."""
    path = tmp_path / "public-key.pem"
    path.write_bytes(keys.as_pem(keys.signing_key().public_key()))
    return path


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    """No key yet, and a place for one."""
    settings.SIGNING_KEY_FILE = tmp_path / "of-this-test" / "signing-key.pem"
    return settings.SIGNING_KEY_FILE
