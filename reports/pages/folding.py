"""A long table shows both its ends; the rest of it is one click away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

BEST, FURTHEST_BEHIND = 8, 16
"""How many rows stand at both ends of a long table before somebody asks for all."""


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    """Rows that follow one another, and whether they wait until somebody asks for all."""

    rows: tuple[Row, ...]
    is_folded: bool = False


def is_long(rows: int) -> bool:
    """Whether leaving out the rows in between spares more than one."""
    return rows > BEST + FURTHEST_BEHIND + 1


def stretches(
    ranked: Sequence[Row], unranked: Sequence[Row], *, worst_first: bool = False
) -> list[Stretch[Row]]:
    """The rows of a table in its order: of the ranked both ends stand, of the others the first.

    Ranked rows come best first, or ``worst_first``; those without a rank stand below them.
    """
    first, last = (FURTHEST_BEHIND, BEST) if worst_first else (BEST, FURTHEST_BEHIND)
    parts = (
        [
            Stretch(tuple(ranked[:first])),
            Stretch(tuple(ranked[first:-last]), is_folded=True),
            Stretch(tuple(ranked[-last:])),
        ]
        if is_long(len(ranked))
        else [Stretch(tuple(ranked))]
    )
    few = len(unranked) <= BEST + 1 or not is_long(len(ranked) + len(unranked))
    parts += (
        [Stretch(tuple(unranked))]
        if few
        else [Stretch(tuple(unranked[:BEST])), Stretch(tuple(unranked[BEST:]), is_folded=True)]
    )
    return [part for part in parts if part.rows]
