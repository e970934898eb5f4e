"""Saving one cell through the API against its SQL: ratios of CPU time, and the queries it takes.

    python benchmarks/autosave.py          (on the demonstration province)

The floor is what the same request asks of the database with nothing kept, played back through a
bare cursor: every row that the answer is made of. Against the statements that it still asks when
what stands still is kept, the second ratio; fewer statements make that one dearer.
"""

import statistics
from collections.abc import Iterator
from time import process_time

from bare import timed  # noqa: F401  (Django is set up there)
from bare.aims import tell
from bare.replayed import Statement, recorded, seconds_of
from django.test import Client

from collection.models import DraftCell
from districts.months import Month
from steering.accounts.models import User
from steering.kept.store import forget

REPORTER, MONTH, UNIT = "can-bo-xa", Month.of(2025, 12), "03703"
ADDRESS = f"/api/v1/submissions/{MONTH}/{UNIT}/counts/"
ROUNDS = 40


class Typist:
    """Somebody who types one number after the other into one cell."""

    def __init__(self):
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(User.objects.get(username=REPORTER))
        cell = self.client.get(ADDRESS).json()["cells"][0]
        self.code, self.version, self.number = cell["indicator"], cell["version"], cell["last"]

    def save(self) -> tuple[float, list[Statement]]:
        """Save the next number: the CPU time it took, and what it asked of the database."""
        self.number += 1
        cell = {"indicator": self.code, "text": str(self.number), "version": self.version}
        with recorded() as statements:
            began = process_time()
            answer = self.client.patch(ADDRESS, {"cells": [cell]}, content_type="application/json")
            took = process_time() - began
        assert answer.status_code == 200, answer.content
        self.version = answer.json()["cells"][0]["version"]
        return took, [one for one in statements if one[0].startswith(("SELECT", "INSERT"))]


def ratios() -> Iterator[tuple[float, float]]:
    """Of each round, the ratio to all that the answer is made of, and to what was asked for it."""
    typist = Typist()
    forget()
    reads = [one for one in typist.save()[1] if one[0].startswith("SELECT")]
    for _round in range(ROUNDS):
        took, asked = typist.save()
        writes = [one for one in asked if not one[0].startswith("SELECT")]
        yield took / seconds_of(reads + writes), took / seconds_of(asked)


def measure() -> list[tuple[str, float]]:
    """How many times its SQL does saving a cell take? By name."""
    typed = DraftCell.objects.filter(month=MONTH, unit__code=UNIT)
    assert not typed.exists(), "Somebody types into this report: choose another database."
    try:
        whole, asked = zip(*ratios(), strict=True)
    finally:
        typed.delete()
    return [("autosave", statistics.median(whole)), ("autosave_kept", statistics.median(asked))]


if __name__ == "__main__":
    tell(measure())
