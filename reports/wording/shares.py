"""Parts of a whole in percent with one decimal, which add up to 100 as printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from .words import number

Key = TypeVar("Key")


@dataclass(frozen=True)
class Part(Generic[Key]):
    """One unit's part of what is missing; shares in percent with one decimal, adding up to 100."""

    unit: Key
    missing: int | Decimal
    share: Decimal
    together: Decimal

    @property
    def share_text(self) -> str:
        return f"{number(self.share, 1)}%"

    @property
    def together_text(self) -> str:
        return f"{number(self.together, 1)}%"


def parts(missing: Sequence[tuple[Key, int | Decimal]]) -> list[Part[Key]]:
    """Most missing first; who misses nothing is left out, and equal parts keep their order.

    Tenths of a percent go to the largest remainders, so that the printed shares add up to 100.
    """
    short = sorted(
        ((unit, amount) for unit, amount in missing if amount > 0), key=lambda pair: -pair[1]
    )
    whole = sum(amount for _unit, amount in short)
    tenths = _tenths([amount for _unit, amount in short], whole)
    found, together = [], 0
    for (unit, amount), tenth in zip(short, tenths, strict=True):
        together += tenth
        found.append(Part(unit, amount, Decimal(tenth) / 10, Decimal(together) / 10))
    return found


def _tenths(amounts: Sequence[int | Decimal], whole: int | Decimal) -> list[int]:
    """A thousand split in proportion, by largest remainder."""
    split = [divmod(amount * 1000, whole) for amount in amounts]
    tenths = [int(floor) for floor, _rest in split]
    by_rest = sorted(range(len(split)), key=lambda place: -split[place][1])
    for place in by_rest[: 1000 - sum(tenths)] if split else []:
        tenths[place] += 1
    return tenths
