"""Who acts: a signed-in user, or the command line of the machine's administrator."""

from dataclasses import dataclass
from typing import TypeAlias

from .models import User


@dataclass(frozen=True)
class CommandLine:
    """The administrator at the server's command line, who may do everything and is named so."""

    username: str = "command-line"

    def __str__(self) -> str:
        return "command line"


COMMAND_LINE = CommandLine()
Actor: TypeAlias = User | CommandLine


def as_user(actor: Actor) -> User | None:
    """The user row to store for an actor; None for the command line."""
    return actor if isinstance(actor, User) else None
