"""The real gazetteer, read once, and parts of it loaded."""

import pytest

from districts.actions import load_gazetteer
from districts.gazetteer.register import Register, read_register
from districts.models import Unit
from steering.accounts.actors import COMMAND_LINE


@pytest.fixture(scope="session")
def register() -> Register:
    """All rows of the gazetteer's files."""
    return read_register()


@pytest.fixture
def son_la(db, register: Register) -> Unit:
    """The province of Sơn La, loaded with all that is or was below it."""
    load_gazetteer(register=register.around(["14"]), actor=COMMAND_LINE)
    return Unit.objects.get(code="14", tier="province")
