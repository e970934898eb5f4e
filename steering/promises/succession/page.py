"""The page on which the targets of successors are decided, one indicator at a time.

What was typed for the other indicators travels in the form, so nothing is stored until the decision
is recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from commitments.actions.targets.succeeding import Edited, decided, off_by
from commitments.intake.numbers import Unreadable, read_target
from commitments.intake.workbook.cells import Place
from commitments.models import Indicator, Kind
from commitments.rules import Fault
from commitments.succession.proposals import Line, Proposals

TEXT_LENGTH = 30


@dataclass(frozen=True)
class Typed:
    """What stands in the cells of a form: ``edited`` where it is not what was proposed."""

    edited: Edited
    texts: Mapping[tuple[int, int], str]
    faults: Mapping[tuple[int, int], Fault]


def field_name(line: Line) -> str:
    """The name of the cell of a line in the form."""
    return f"value-{line.unit.pk}-{line.indicator.pk}"


def read_typed(proposals: Proposals, fields: Mapping[str, str]) -> Typed:
    """The cells of a form; whoever has none keeps what is proposed. A blank leaves a target out."""
    edited: dict[tuple[int, int], int | None] = {}
    texts, faults = {}, {}
    for line in proposals.open:
        text = fields.get(field_name(line))
        if text is None:
            continue
        key = line.unit.pk, line.indicator.pk
        try:
            read = read_target(text[:TEXT_LENGTH], line.indicator)
        except Unreadable as unreadable:
            fault = unreadable.at(Place(sheet=None, row=0), text)
            message = f"{line.unit.name}, {line.indicator.name}: {fault.message}"
            column = line.indicator.code
            faults[key] = replace(fault, row=None, column=column, message=message)
            texts[key] = text[:TEXT_LENGTH]
            continue
        value = read[1] if read else None
        if value != line.value:
            edited[key] = value
            texts[key] = text[:TEXT_LENGTH]
    return Typed(edited, texts, faults)


@dataclass(frozen=True)
class Row:
    """One successor: what is proposed, what stands in its cell."""

    line: Line
    value: int | None
    text: str | None
    fault: Fault | None

    @property
    def name(self) -> str:
        return field_name(self.line)

    @property
    def difference(self) -> int | None:
        """Decided less proposed; None where they are the same, or one of them is not known."""
        if self.line.value is None or self.value is None or self.value == self.line.value:
            return None
        return self.value - self.line.value


@dataclass(frozen=True)
class Choice:
    """An indicator to look at, and by how much what is decided of it is off."""

    indicator: Indicator
    off: int
    is_faulty: bool


class SuccessionPage:
    """What the template shows of one indicator, with the cells of the others beside it."""

    def __init__(self, proposals: Proposals, typed: Typed, code: str):
        self.proposals, self.typed = proposals, typed
        known = {indicator.code: indicator for indicator in proposals.indicators}
        first = next(iter(known.values()), None)
        self.indicator = known.get(code, first)

    @property
    def rows(self) -> list[Row]:
        if self.indicator is None:
            return []
        return [self._row(line) for line in self.proposals.of(self.indicator)]

    def _row(self, line: Line) -> Row:
        key = line.unit.pk, line.indicator.pk
        if line.given:
            return Row(line, line.given.value, None, None)
        value = decided(line, self.typed.edited)
        return Row(line, value, self.typed.texts.get(key), self.typed.faults.get(key))

    @cached_property
    def off(self) -> dict[str, int]:
        return off_by(self.proposals, self.typed.edited)

    @property
    def choices(self) -> list[Choice]:
        faulty = {fault.column for fault in self.typed.faults.values()}
        return [
            Choice(one, self.off.get(one.code, 0), one.code in faulty)
            for one in self.proposals.indicators
        ]

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """Cells of the other indicators that are not as proposed."""
        for line in self.proposals.open:
            key = line.unit.pk, line.indicator.pk
            if line.indicator != self.indicator and key in self.typed.texts:
                yield field_name(line), self.typed.texts[key]

    @property
    def to_assign(self) -> int:
        """How many targets the decision would assign."""
        values = (decided(line, self.typed.edited) for line in self.proposals.open)
        return sum(value is not None for value in values)

    # --- sums ------------------------------------------------------------------------------------

    @property
    def is_rate(self) -> bool:
        return self.indicator is not None and self.indicator.kind == Kind.RATIO

    @property
    def proposed_sum(self) -> int | None:
        return None if self.is_rate else sum(row.line.value or 0 for row in self.rows)

    @property
    def decided_sum(self) -> int | None:
        return None if self.is_rate else sum(row.value or 0 for row in self.rows)

    @property
    def difference(self) -> int:
        """Of the decided values to what was assigned before; in the last digit of rates."""
        return self.off.get(self.indicator.code, 0) if self.indicator else 0

    @property
    def own(self) -> int | None:
        """What the province itself is assigned (scaled)."""
        if self.indicator is None:
            return None
        return self.proposals.own.get(self.indicator.pk)

    @property
    def to_own(self) -> int | None:
        """By how many people the decided sum is off the province's own target."""
        if self.is_rate or self.own is None:
            return None
        return self.decided_sum - self.own

    @property
    def summary(self) -> str:
        """Who is continued by whom, in a sentence."""
        ended = [
            pk
            for pk, heirs in self.proposals.continued.heirs.items()
            if any(heir != pk for heir, _share in heirs)
        ]
        return _("%(ended)s units ended; %(successors)s are assigned anew.") % {
            "ended": len(ended),
            "successors": len(self.proposals.continued.successors),
        }
