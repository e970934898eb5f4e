"""Sending a report of twenty through the API against its SQL: a ratio of CPU time.

    python benchmarks/sending.py          (on the demonstration province)

The floor is what the same request asks of the database with nothing kept, played back through a
bare cursor: every row that the report is judged by, added up and confirmed from. Each round is
taken back, so that the report stands as it stood. Against the statements that are still asked when
what stands still is kept, the second ratio.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

from bare import timed  # noqa: F401  (Django is set up there)
from bare.aims import tell
from bare.replayed import Statement, recorded, seconds_of
from django.db import transaction
from django.test import Client

from collection.models import DraftCell
from districts.months import Month
from steering.accounts.models import User
from steering.kept.store import forget

REPORTER, MONTH, UNIT = "can-bo-xa", Month.of(2025, 12), "03703"
ADDRESS = f"/api/v1/submissions/{MONTH}/{UNIT}/"
ROUNDS = 15


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def type_all(client: Client) -> None:
    """A number above last month's in every cell, and a reason wherever a rule asks."""
    cells = client.get(f"{ADDRESS}counts/").json()["cells"]
    typed = [
        {
            "indicator": cell["indicator"],
            "text": str((cell["last"] or 5) + 1),
            "version": cell["version"],
        }
        for cell in cells
    ]
    saved = _change(client, {"cells": typed})
    asked = [finding["rule"] for finding in saved["findings"] if finding["open"]]
    if asked:
        answers = [{"rule": rule, "text": "as counted"} for rule in asked]
        _change(client, {"cells": [], "explanations": answers})


def _change(client: Client, body: dict) -> dict:
    answer = client.patch(f"{ADDRESS}counts/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(client: Client) -> tuple[float, list[Statement]]:
    """Send what is typed: the CPU time it took, and what it asked of the database."""
    with recorded() as statements:
        began = process_time()
        answer = client.post(f"{ADDRESS}send/", {}, content_type="application/json")
        took = process_time() - began
    assert answer.status_code == 201, answer.content
    return took, [one for one in statements if not one[0].startswith(("SAVEPOINT", "RELEASE"))]


def ratios() -> Iterator[tuple[float, float]]:
    """Of each round, the ratio to all that the answer is made of, and to what was asked for it."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=REPORTER))
    with taken_back():
        type_all(client)
        forget()
        reads = [one for one in send(client)[1] if one[0].startswith("SELECT")]
    for _round in range(ROUNDS):
        with taken_back():
            type_all(client)
            took, asked = send(client)
        writes = [one for one in asked if not one[0].startswith("SELECT")]
        yield took / _played(reads + writes), took / _played(asked)


def _played(statements: list[Statement]) -> float:
    with taken_back():
        return seconds_of(statements)


def measure() -> list[tuple[str, float]]:
    """How many times its SQL does sending a report of twenty take? By name."""
    typed = DraftCell.objects.filter(month=MONTH, unit__code=UNIT)
    assert not typed.exists(), "Somebody types into this report: choose another database."
    whole, asked = zip(*ratios(), strict=True)
    return [("send_20", statistics.median(whole)), ("send_20_kept", statistics.median(asked))]


if __name__ == "__main__":
    tell(measure())
