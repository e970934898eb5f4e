"""Everything a conference is told, as plain frozen data: what the workbook prints and no more.

``assembly.assemble_conference`` gathers it once from the engine and the promises; the workbook
computes nothing and asks nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from commitments.models import Authority, Decision, Indicator, Kind
from districts.models import Unit
from districts.months import Month
from reports.engine.figures import Figure
from reports.engine.trajectories import Point

from .completeness import Coverage


@dataclass(frozen=True)
class UnitFigures:
    """What one unit reached: its figures by indicator code, in catalogue order."""

    unit: Unit
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Group:
    """Communes under their district; since July 2025 without one."""

    district: UnitFigures | None
    communes: tuple[UnitFigures, ...]


@dataclass(frozen=True)
class Trajectory:
    """An indicator of the conference's own unit through the months before it."""

    indicator: Indicator
    points: tuple[Point, ...]

    @property
    def begins(self) -> Month | None:
        """The first month with a result; None without any."""
        return next((point.month for point in self.points if point.value is not None), None)

    def since(self, month: Month) -> "Trajectory":
        """The same from ``month`` on."""
        return replace(self, points=tuple(p for p in self.points if p.month >= month))

    @property
    def changes(self) -> list[int | Decimal | None]:
        """Each month's change on the month before; blank for the first and beside incomplete."""
        values = [point.value if point.is_complete else None for point in self.points]
        return [None] + [
            None if before is None or after is None else after - before
            for before, after in pairwise(values)
        ]

    @property
    def percents(self) -> list[Decimal | None]:
        """Each month's percent of the plan to date."""
        return [point.percent_to_date for point in self.points]


@dataclass(frozen=True)
class Promise:
    """What one unit was assigned for a year, and what became of its commitment.

    ``targets`` are figures of that year's January: they carry target, operator and decision.
    ``agrees`` says whether every committed value is at least what is assigned; None if unsigned.
    """

    unit: Unit
    targets: Mapping[str, Figure]
    signed_on: date | None = None
    version: int | None = None
    signer_post: str = ""
    ended: bool = False
    agrees: bool | None = None


@dataclass(frozen=True)
class Instrument:
    """A decision that assigned targets of a year: number, day, whether it amends another."""

    number: str
    issued_on: date
    effective_on: date
    amends: str
    issuer: str
    note: str


@dataclass(frozen=True)
class PassedOn:
    """One target held against those of the units directly below: ``people`` is theirs minus it,
    of a rate by how many people their weighted mean is off. ``without`` of ``units`` have none."""

    unit: Unit
    indicator: Indicator
    people: int
    without: int
    units: int

    @property
    def is_exact(self) -> bool:
        return not self.people and not self.without


@dataclass(frozen=True)
class Promises:
    """The targets of one year and who has signed for them. ``own`` is the conference's unit.

    ``signing``: whether commitments are shown. They are signed on targets of the province, by the
    units of their own day; on another map, or for another authority, they have no place.
    """

    year: int
    instruments: tuple[Instrument, ...]
    indicators: tuple[Indicator, ...]
    own: Promise
    units: tuple[Promise, ...]
    signing: bool
    passed_on: tuple[PassedOn, ...] = ()
    """Every target on every level that was passed on to at least one unit below."""

    @property
    def signed(self) -> int:
        """How many units have signed."""
        return sum(promise.signed_on is not None for promise in self.units)


@dataclass(frozen=True)
class Reporting:
    """How completely one unit reported, month by month."""

    unit: Unit
    months: tuple[Coverage, ...]


@dataclass(frozen=True)
class Explained:
    """A rule that did not hold and the explanation given; of how many reports."""

    unit: Unit
    finding: str
    text: str
    reports: int = 1


@dataclass(frozen=True)
class Check:
    """A sum that must re-add: the parts, and the whole they should make."""

    scope: str
    indicator: Indicator
    parts: int
    whole: int

    @property
    def difference(self) -> int:
        return self.parts - self.whole


@dataclass(frozen=True)
class Conference:
    """One conference: whose, about which month, measured against whose plan, on which map.

    ``dated`` is the day the papers bear, ``notice`` what must be printed on every page (such as
    that figures are illustrative), ``version`` a digest over every figure in it. ``elsewhere``
    holds the unit's figures whose plan only the other authority assigned.
    """

    unit: Unit
    province: Unit
    month: Month
    authority: str
    map_day: date | None
    language: str
    committee: str
    dated: date
    data_to: date
    notice: str
    main: tuple[Indicator, ...]
    own: UnitFigures
    elsewhere: Mapping[str, Figure]
    children: tuple[UnitFigures, ...]
    groups: tuple[Group, ...]
    trajectories: tuple[Trajectory, ...]
    promises: Promises | None
    months: tuple[Month, ...]
    reporting: tuple[Reporting, ...]
    explained: tuple[Explained, ...]
    version: str
    amendments: tuple[Decision, ...] = ()
    """Of the year, those that changed the plan of months after they were closed."""

    @property
    def other_authority(self) -> str:
        return Authority.VSS if self.authority == Authority.PPC else Authority.PPC

    @property
    def lead(self) -> Indicator:
        """The indicator the conference is opened with: the first of the main ones."""
        return self.main[0]

    def denominator_of(self, figure: Figure) -> Indicator | None:
        """What a rate is divided by; None for what is no rate."""
        below = figure.indicator.denominator_id
        known = (other.indicator for other in self.own.figures.values())
        return next((indicator for indicator in known if indicator.pk == below), None)

    @property
    def communes(self) -> tuple[UnitFigures, ...]:
        return tuple(commune for group in self.groups for commune in group.communes)

    @property
    def whole_year(self) -> bool:
        return self.month.month == 12


def figures_by(rows: Iterable[UnitFigures], code: str) -> list[Figure]:
    """The figures of one indicator, for the units that have it."""
    return [row.figures[code] for row in rows if code in row.figures]


def checks(conference: Conference) -> list[Check]:
    """Every sum that must re-add: units to the whole, communes to the units above them."""
    found = []
    for code, figure in conference.own.figures.items():
        if figure.indicator.kind == Kind.RATIO or figure.achieved is None:
            continue
        parts = _achieved(conference.children, code)
        if parts:
            found.append(Check("units", figure.indicator, sum(parts), figure.achieved))
    for indicator in conference.main:
        found += _commune_checks(conference, indicator)
    return found


def _commune_checks(conference: Conference, indicator: Indicator) -> list[Check]:
    """Communes against their districts, all districts in one check."""
    if indicator.kind == Kind.RATIO:
        return []
    groups = [group for group in conference.groups if group.district]
    whole = sum(_achieved([group.district for group in groups], indicator.code))
    parts = sum(sum(_achieved(group.communes, indicator.code)) for group in groups)
    return [Check("communes", indicator, parts, whole)] if whole else []


def _achieved(rows: Iterable[UnitFigures], code: str) -> list[int]:
    return [f.achieved for f in figures_by(rows, code) if f.achieved is not None]
