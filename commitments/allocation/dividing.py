"""One way to ask for any method, of counts and of rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from . import counts, rates
from .balance import Balance, balance_of_counts, balance_of_rates
from .rates import Divided
from .shares import Share

FILL = "fill"
"""No method of its own: what is left over is given to whoever is not locked."""


@dataclass(frozen=True)
class Figure:
    """What is divided: the assigned value, scaled, and whether it is a rate, of which ``most`` is
    the whole (100 %, scaled)."""

    target: int
    is_rate: bool = False
    most: int = 0

    def divide(self, method: str, rows: Sequence[Share]) -> Divided:
        """New values for the unlocked rows by ``method`` or ``FILL``. Raises CannotDivide."""
        if self.is_rate:
            if method == FILL:
                return rates.fill(self.target, rows, most=self.most)
            return rates.divide(method, self.target, rows, most=self.most)
        if method == FILL:
            return Divided(counts.fill(self.target, rows), exact=True)
        return Divided(counts.divide(method, self.target, rows), exact=True)

    def balance(self, rows: Sequence[Share]) -> Balance:
        """What stands in the rows, held against the target."""
        if self.is_rate:
            return balance_of_rates(self.target, rows, most=self.most)
        return balance_of_counts(self.target, rows)


@dataclass(frozen=True)
class Known:
    """What is known of the units beside what they get: base, last result and last target of each,
    and the population of what is counted in people."""

    shares: Mapping[int, Share] = field(default_factory=dict)
    population: Mapping[int, int | None] = field(default_factory=dict)

    def with_values(self, values: Mapping[int, tuple[int | None, bool]]) -> list[Share]:
        """A row for each of ``values`` (unit to value and whether it is locked), in their order."""
        return [
            replace(self.shares.get(unit, Share(unit)), value=value, locked=locked)
            for unit, (value, locked) in values.items()
        ]
