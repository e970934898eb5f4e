"""What is unusual about a unit's part: above its population it blocks, all else is said only."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from commitments.rules import target_is_below_last

from .rates import weighted_mean
from .shares import Share


@dataclass(frozen=True)
class Caution:
    """``above_population`` blocks; ``above_base``, ``below_last``, ``above_last`` and
    ``far_from_neighbours`` warn. ``read`` is what was found, ``expected`` what it was held against,
    both scaled as the code says: people, targets, or hundredths of a point."""

    code: str
    unit: int
    read: int
    expected: int

    @property
    def blocks(self) -> bool:
        return self.code == "above_population"


def cautions(
    rows: Sequence[Share],
    *,
    direction: str,
    is_rate: bool,
    scale: int,
    population: dict[int, int | None],
    points: int,
) -> list[Caution]:
    """Everything unusual about the decided rows, in their order.

    ``population`` is empty for what is not counted in people; ``points`` is by how many percentage
    points a unit's coverage may differ from that of all of them together.
    """
    together = _together(rows, is_rate)
    found = []
    for row in rows:
        if row.value is None:
            continue
        people = population.get(row.unit)
        if not is_rate and people is not None and row.value > people:
            found.append(Caution("above_population", row.unit, row.value, people))
        elif not is_rate and population and row.base is not None and row.value > row.base:
            found.append(Caution("above_base", row.unit, row.value, row.base))
        if target_is_below_last(target=row.value, last=row.last, direction=direction):
            found.append(Caution("below_last", row.unit, row.value, row.last))
        if direction == "down" and row.last is not None and row.value > row.last:
            found.append(Caution("above_last", row.unit, row.value, row.last))
        own = _coverage(row, is_rate, scale)
        if together is not None and own is not None:
            whole = together if not is_rate else together / scale
            if abs(own - whole) > points:
                found.append(
                    Caution("far_from_neighbours", row.unit, int(own * 100), int(whole * 100))
                )
    return found


def _together(rows: Sequence[Share], is_rate: bool) -> Fraction | None:
    if is_rate:
        return weighted_mean(rows)
    known = [row for row in rows if row.value is not None and row.base]
    base = sum(row.base for row in known)
    return Fraction(100 * sum(row.value for row in known), base) if base else None


def _coverage(row: Share, is_rate: bool, scale: int) -> Fraction | None:
    """A rate in percent; of a count, what share of the people it is."""
    if is_rate:
        return Fraction(row.value, scale)
    return Fraction(100 * row.value, row.base) if row.base else None
