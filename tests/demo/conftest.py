"""The gazetteer and the demonstration as plain numbers, read and worked out once."""

import pytest

from districts.gazetteer.register import Register, read_register
from steering.demo.places import Place
from steering.demo.series import Series, build


@pytest.fixture(scope="session")
def register() -> Register:
    return read_register()


@pytest.fixture(scope="session")
def places(register: Register) -> list[Place]:
    """The 200 communes of Sơn La on the map of February 2025, with their successors."""
    units = register.units
    heirs = {row.predecessor: row.successor for row in register.successions}
    return [
        Place(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            district=units[unit.parent].code,
            heir=units[heirs.get(unit.id, unit.id)].code,
        )
        for unit in units.values()
        if unit.tier == "commune" and units[unit.parent].parent == "p14"
    ]


@pytest.fixture(scope="session")
def series(places: list[Place]) -> Series:
    return build(places)
