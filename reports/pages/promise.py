"""What a unit was assigned for a year and by which decisions, and what its head signed."""

from collections.abc import Iterable
from dataclasses import dataclass

from commitments.models import Commitment, CommitmentEvent, Decision
from reports.engine.figures import Figure

from .scope import Scope, provinces_above


@dataclass(frozen=True)
class Promise:
    """What the head of the unit signed for the year, and by which decisions it was assigned.

    ``commitment`` is the latest version with its ``state``, None while nobody has signed.
    """

    year: int
    commitment: Commitment | None
    decisions: tuple[Decision, ...]

    @property
    def state_words(self) -> str:
        """What became of the commitment: signed, superseded, ended by a reorganisation."""
        return CommitmentEvent.What(self.commitment.state).label

    @property
    def holds(self) -> bool:
        return self.commitment.state in (CommitmentEvent.What.SIGNED, CommitmentEvent.What.RESUMED)


def commitment_of(scope: Scope) -> Commitment | None:
    """The latest version of what the head of the unit signed for the year."""
    signed = Commitment.objects.filter(unit=scope.unit, year=scope.month.year).with_state()
    return signed.order_by("version").last()


def decisions_behind(scope: Scope, figures: Iterable[Figure]) -> tuple[Decision, ...]:
    """The decisions that assigned what ``figures`` are held against, oldest first."""
    # A recast target names several decisions in one text.
    numbers = {
        number for figure in figures if figure.decision for number in figure.decision.split(", ")
    }
    found = Decision.objects.filter(
        unit__in=provinces_above(scope.unit),
        authority=scope.authority,
        year=scope.month.year,
        number__in=numbers,
    )
    return tuple(found.order_by("effective_on", "issued_on", "number"))
