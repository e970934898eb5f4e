"""Jobs of kinds that only tests know."""

import pytest

from steering.accounts.models import User
from steering.jobs.actions import enqueue
from steering.jobs.models import Job
from tests import builders

from .kinds import KINDS


@pytest.fixture(autouse=True)
def kinds(settings) -> None:
    settings.JOB_KINDS = {**settings.JOB_KINDS, **KINDS}


@pytest.fixture
def lan(db) -> User:
    return builders.user("lan")


@pytest.fixture
def asked(lan):
    """Ask for work as Lan, or as somebody else."""

    def asked(kind: str = "greet", *, actor=lan, **arguments) -> Job:
        return enqueue(kind=kind, label=f"To {kind}", arguments=arguments, actor=actor)

    return asked


@pytest.fixture
def delivered(monkeypatch) -> list[int]:
    """The numbers of jobs that were handed to the broker."""
    sent = []
    monkeypatch.setattr(
        "steering.jobs.delivery.current_app.send_task", lambda name, args: sent.append(args[0])
    )
    return sent
