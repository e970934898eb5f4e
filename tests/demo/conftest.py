"""The demonstration as plain numbers, built once from the gazetteer's files."""

import csv
from pathlib import Path

import pytest

import districts
from steering.demo.places import Place
from steering.demo.series import Series, build

GAZETTEER = Path(districts.__file__).parent / "gazetteer"


def _rows(name: str) -> list[dict[str, str]]:
    with (GAZETTEER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def places() -> list[Place]:
    """The 200 communes of Sơn La on the map of February 2025, with their successors."""
    units = {row["id"]: row for row in _rows("units.csv")}
    heirs = {row["predecessor"]: row["successor"] for row in _rows("successions.csv")}
    below = {key for key, unit in units.items() if unit["parent"] == "p14"}
    return [
        Place(
            code=unit["code"],
            name=unit["name"],
            kind=unit["kind"],
            district=units[unit["parent"]]["code"],
            heir=units[heirs.get(key, key)]["code"],
        )
        for key, unit in units.items()
        if unit["parent"] in below and unit["tier"] == "commune"
    ]


@pytest.fixture(scope="session")
def series(places: list[Place]) -> Series:
    return build(places)
