"""Whether what was divided comes to what was assigned: left over, exact, or more."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from . import rates
from .shares import Share


class State(StrEnum):
    LEFT = "left"
    EXACT = "exact"
    OVER = "over"


@dataclass(frozen=True)
class Balance:
    """A target held against the values below it.

    ``divided`` is their sum, of a rate their weighted mean, exact; None where nothing is decided
    or nothing can be weighed. ``difference`` is divided minus target, scaled as they are;
    ``people`` the same in people, for a rate the people by which the mean is off. ``decided`` of
    ``units`` have a value; ``unweighed`` have one that no mean can hold, for their base is unknown.
    """

    target: int
    divided: Fraction | None
    difference: Fraction
    people: int
    state: State
    decided: int
    units: int
    unweighed: int = 0

    @property
    def is_exact(self) -> bool:
        return self.state == State.EXACT

    @property
    def share(self) -> int:
        """How much of the target is divided, in whole percent, 100 at most."""
        if self.divided is None:
            return 0
        return 100 if not self.target else min(100, int(100 * self.divided / self.target))


def balance_of_counts(target: int, rows: Sequence[Share]) -> Balance:
    """The sum of the decided rows against ``target``."""
    decided = [row.value for row in rows if row.value is not None]
    difference = sum(decided) - target
    return Balance(
        target=target,
        divided=Fraction(sum(decided)) if decided else None,
        difference=Fraction(difference),
        people=difference,
        state=_state(difference, len(decided) == len(rows)),
        decided=len(decided),
        units=len(rows),
    )


def balance_of_rates(target: int, rows: Sequence[Share], *, most: int) -> Balance:
    """The weighted mean of the decided rows against ``target``: exact if it is published alike.

    ``most`` is 100 %, scaled. A rate may be exact only when every weighed row is decided.
    """
    decided = [row for row in rows if row.value is not None]
    mean = rates.weighted_mean(rows)
    difference = Fraction(0) if mean is None else mean - target
    off = 0 if mean is None else rates.rounded(mean) - target
    weight = sum(row.base for row in decided if row.base)
    people = difference * weight / most
    complete = len(decided) == len(rows) and mean is not None
    return Balance(
        target=target,
        divided=mean,
        difference=difference,
        people=rates.rounded(abs(people)) * (1 if people >= 0 else -1),
        state=_state(off, complete),
        decided=len(decided),
        units=len(rows),
        unweighed=sum(1 for row in decided if not row.base),
    )


def _state(difference: int, complete: bool) -> State:
    """A blank row is not yet decided: until it is, even what adds up is not divided."""
    if difference > 0:
        return State.OVER
    return State.EXACT if complete and not difference else State.LEFT
