"""What the heads over one column state beside the name of its indicator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from commitments.intake.headers import Catalogue
from commitments.intake.workbook.cells import Place
from commitments.models import Indicator
from districts.vietnamese import search_key

from .kinds import COUNTED, NumberKind, kind_of_head, without_kind
from .measures import Measure, measure_of, without_measure
from .periods import Period, periods_in, without_periods


@dataclass(frozen=True)
class HeadCell:
    """A text over a column and its cell. ``shared``: it stands over other columns too, and only
    reaches this one because the cell between is blank."""

    text: str
    place: Place
    shared: bool = False


@dataclass(frozen=True)
class Said:
    """What one head states: a measure, times, a kind of number in the words that say it."""

    place: Place
    text: str
    measure: Measure | None = None
    periods: Sequence[Period] = ()
    kind: NumberKind | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it says in so many words that the numbers were counted, not planned."""
        return bool(COUNTED.search(search_key(self.text)))


@dataclass(frozen=True)
class ColumnHead:
    """The heads of a column as understood: its indicator, and what was stated from top to bottom.

    ``text`` is everything over it, as it is quoted.
    """

    indicator: Indicator | None
    said: Sequence[Said] = field(default=())
    text: str = ""


def read_head(cells: Sequence[HeadCell], catalogue: Catalogue) -> ColumnHead:
    """The heads over one column, from top to bottom, read together.

    The indicator is named by the lowest head that names anything, or by it and the one above it;
    a head that only states something (``Kế hoạch``, ``Tháng 12/2025``) names nothing.
    """
    parts = [_Part.of(cell, catalogue) for cell in cells]
    names = [part for part in parts if part.name and not part.cell.shared]
    text = " / ".join(dict.fromkeys(part.cell.text for part in parts if not part.cell.shared))
    indicator = None
    used: Iterable[_Part] = ()
    if names:
        indicator, used = names[-1].indicator, names[-1:]
        if indicator is None and len(names) > 1:
            joined = " ".join(part.rest for part in names[-2:])
            indicator = catalogue.find(joined) or catalogue.find(
                " ".join(part.cell.text for part in names[-2:])
            )
            used = names[-2:]
    if indicator is None:
        whole = [part for part in parts if not part.cell.shared][-2:]
        indicator = catalogue.find(" ".join(part.cell.text for part in whole))
        used = whole if indicator else ()
    taken = {id(part) for part in used if part.indicator is None and indicator is not None}
    return ColumnHead(indicator, [part.said(id(part) in taken) for part in parts], text)


@dataclass(frozen=True)
class _Part:
    """One head, taken apart. ``name``: what is left when everything stated is taken away."""

    cell: HeadCell
    measure: Measure | None
    rest: str
    name: str
    indicator: Indicator | None
    periods: Sequence[Period]
    kind: NumberKind | None

    @classmethod
    def of(cls, cell: HeadCell, catalogue: Catalogue) -> "_Part":
        if (measure := measure_of(cell.text)) is not None:
            return cls(cell, measure, "", "", None, (), None)
        rest, measure = without_measure(cell.text)
        for name in (rest, cell.text):
            if (known := catalogue.named(name)) is not None:
                return cls(cell, measure, name, name, known, (), None)
        periods, kind = periods_in(rest), kind_of_head(rest)
        name = without_periods(rest) if periods else rest
        if measure is None:
            name, measure = without_measure(name)
        known = catalogue.named(name)
        if known is not None:
            return cls(cell, measure, name, name, known, periods, None)
        name = without_kind(name) if kind else name
        return cls(cell, measure, rest, name, catalogue.named(name), periods, kind and kind[0])

    def said(self, is_a_name: bool) -> Said:
        """What it states; the words of an indicator's own name state nothing."""
        return Said(
            self.cell.place,
            self.cell.text,
            self.measure,
            self.periods,
            None if is_a_name else self.kind,
        )


def states(text: str) -> bool:
    """Whether a text states a time or is a unit of measure."""
    return bool(periods_in(text)) or measure_of(text) is not None


def names_a_group(text: object) -> bool:
    """Whether a text only says of when, or of what kind, the numbers of some columns are."""
    if not isinstance(text, str):
        return False
    periods, kind = periods_in(text), kind_of_head(text)
    rest = without_periods(text) if periods else text
    return bool(periods or kind) and not (without_kind(rest) if kind else rest)
