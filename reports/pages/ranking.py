"""The ranking: who leads and who falls behind, fairly compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commitments.models import Indicator
from districts.models import Unit, UnitKind
from districts.months import Month
from reports.charts import reach
from reports.conference.completeness import (
    Coverage,
    completeness,
)
from reports.engine import ranking as rules
from reports.engine.comparing import (
    gap,
    is_short,
    shared_operator,
)
from reports.engine.figures import Figure
from reports.engine.ranking import (
    Basis,
    Punctuality,
    Score,
)
from reports.engine.rules import ranks as places
from reports.engine.trajectories import Point
from reports.ready.reading import figures_of, trajectories
from reports.wording.headlines import (
    count_of_units,
    short_name,
)
from reports.wording.words import (
    listed,
    month_number,
    number,
)

from .overview import MONTHS_OF_SPARKLINE, main_indicator
from .scope import Scope, latest_month
from .state import DataState, Letterhead, data_state, letterhead

MONTHS_OF_REPORTING = 12
POPULATION = "POP"
_FEWEST_FOR_SIZES = 6
_MOST_NAMED = 3


class Size(StrEnum):
    """Thirds of the units by people, so that like is compared with like."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True)
class Line:
    """One unit of the ranking. ``rank`` is None without a score, ``rose`` where nobody can say."""

    figure: Figure
    points: tuple[Point, ...]
    punctuality: Punctuality | None
    rank: int | None
    rose: int | None

    @property
    def unit(self) -> Unit:
        return self.figure.unit

    @property
    def gap(self):
        return gap(self.figure)

    @property
    def change(self):
        return self.figure.change

    @property
    def is_short(self) -> bool:
        return is_short(self.figure)


@dataclass(frozen=True)
class Asked:
    """How the reader wants it: by what, in which order, among which units."""

    basis: Basis = Basis.PLAN
    worst_first: bool = False
    kind: str = ""
    size: str = ""


@dataclass(frozen=True)
class Ranking:
    """The ranking of a unit's children. ``shown`` is False while reports keep all from a rank."""

    scope: Scope
    asked: Asked
    state: DataState
    letterhead: Letterhead
    lead: Indicator
    indicators: tuple[Indicator, ...]
    own: Line
    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    sizes: tuple[str, ...]
    lowest_first: bool
    shown: bool

    @property
    def is_partial(self) -> bool:
        """Whether reports are still missing from the sum of the whole: no verdict on it yet."""
        return self.own.figure.is_incomplete

    @property
    def last_complete(self) -> Month | None:
        """The last month with every report approved, if it is another one."""
        last = latest_month(self.scope.unit, self.scope.today)
        return last if last != self.scope.month else None

    @property
    def sorted_up(self) -> bool:
        """Whether the column sorted by runs from low to high."""
        return self.asked.worst_first != self.lowest_first

    @property
    def is_due(self) -> bool:
        """Whether the plan to date is the whole plan: the year is over."""
        return self.scope.month.month == 12

    @property
    def headline(self) -> str:
        """Who leads and who closes the ranking, on the chosen basis."""
        if not self.shown:
            return _("Not enough reports for a ranking of %(month)s yet") % {
                "month": month_number(self.scope.month)
            }
        best = [line for line in self.ranked if line.rank == 1]
        last = max((line.rank for line in self.ranked), default=0)
        worst = [line for line in self.ranked if line.rank == last]
        if last < 2:
            return _("No ranking: %(indicator)s") % {"indicator": self.lead.name}
        words = _("%(best)s first, %(worst)s last by %(basis)s")
        if len(self.ranked) < len(self.lines):
            words = _(
                "Of %(ranked)s of %(units)s ranked: %(best)s first, %(worst)s last by %(basis)s"
            )
        return words % {
            "best": _named(best),
            "worst": _named(worst),
            "basis": self.basis_name,
            "ranked": number(len(self.ranked)),
            "units": count_of_units([line.unit for line in self.lines]),
        }

    @property
    def reach(self) -> int:
        """How many points the deviation bars show to each side."""
        percents = [line.figure.percent_to_date for line in (self.own, *self.lines)]
        return reach([float(percent) - 100 for percent in percents if percent is not None])

    @property
    def basis_name(self) -> str:
        return basis_name(self.asked.basis)

    @property
    def choices(self) -> list[tuple[Basis, str, bool]]:
        """Every basis with its name, and whether it is the one shown."""
        return [(basis, basis_name(basis), basis == self.asked.basis) for basis in Basis]

    @property
    def kind_choices(self) -> list[tuple[str, str, bool]]:
        """Kinds of units to choose from, if there are several."""
        if len(self.kinds) < 2:
            return []
        return [(kind, str(UnitKind(kind).label), kind == self.asked.kind) for kind in self.kinds]

    @property
    def size_choices(self) -> list[tuple[str, str, bool]]:
        """Thirds by people to choose from."""
        names = {
            Size.SMALL: pgettext("third of units", "smallest third"),
            Size.MEDIUM: pgettext("third of units", "middle third"),
            Size.LARGE: pgettext("third of units", "largest third"),
        }
        return [(size, names[size], size == self.asked.size) for size in self.sizes]

    @property
    def notes(self) -> tuple[str, ...]:
        """How the ranks were made: printed under every ranking."""
        return (
            _("Equal numbers share a rank and the next is left out (1, 2, 2, 4)."),
            _(
                "Units are ranked when all their reports are approved. Those with reports missing, "
                "without a target or without a comparison have no rank and stand below."
            ),
            _(
                "Provisional figures are ranked and marked, and never counted as a rise or a "
                "fall. In January nobody has risen or fallen: the plan is a new one."
            ),
        )

    @property
    def ranked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.rank is not None)

    @property
    def unranked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.rank is None)


def _named(lines: Sequence[Line]) -> str:
    """Who shares a place by name, or how many where they are too many to be named."""
    units = [line.unit for line in lines]
    if len(units) > _MOST_NAMED:
        return count_of_units(units)
    return listed([short_name(unit) for unit in units])


def basis_name(basis: Basis) -> str:
    """What units are compared by, in words."""
    return {
        Basis.PLAN: pgettext("ranking", "percent of the plan"),
        Basis.MISSING: pgettext("ranking", "people over or short"),
        Basis.INCREASE: pgettext("ranking", "increase over 12 months"),
        Basis.ON_TIME: pgettext("ranking", "reports on time"),
    }[basis]


def read_asked(query: Mapping[str, str]) -> Asked:
    """The order and the filters of an address; what is unknown falls back to the default."""
    by = query.get("by", "")
    return Asked(
        basis=Basis(by) if by in list(Basis) else Basis.PLAN,
        worst_first=query.get("order") == "worst",
        kind=kind if (kind := query.get("kind", "")) in UnitKind.values else "",
        size=size if (size := query.get("size", "")) in list(Size) else "",
    )


def ranking(scope: Scope, asked: Asked, *, code: str | None = None) -> Ranking:
    """The children of the scope's unit ranked about one main indicator.

    Raises Http404 for an indicator that is none of the main ones.
    """
    catalogue = scope.ground.valid_in(scope.month)
    mains = tuple(indicator for indicator in catalogue if indicator.main)
    lead = main_indicator(mains, code)
    population = next((one for one in catalogue if one.code == POPULATION), None)
    children = list(Unit.objects.children_of(scope.unit, scope.map_month))
    now = _figures(scope, scope.month, [scope.unit, *children], lead, population)
    sizes = _sizes(children, now, population)
    among = [unit for unit in children if _wanted(unit, asked, sizes)]
    on_time, before_that = _punctuality(scope)
    figures = {unit.pk: now[unit.pk, lead.pk] for unit in [scope.unit, *children]}
    last = _last_month(scope, among, lead, asked)
    scores = _scores(asked.basis, among, figures, on_time)
    lowest_first = rules.lowest_first(asked.basis, lead, shared_operator(figures.values()))
    ranks = places(scores, lowest_first=lowest_first)
    earlier = _scores(asked.basis, among, last or figures, before_that) if last is not None else {}
    rose = rules.movements(earlier, scores, lowest_first=lowest_first)
    points = _points(scope, [scope.unit, *among], lead)

    def line(unit: Unit) -> Line:
        figure = figures[unit.pk]
        return Line(
            figure=figure,
            points=points[unit.pk],
            punctuality=on_time.get(unit.pk),
            rank=ranks.get(unit.pk),
            rose=None if _is_open(figure, (last or {}).get(unit.pk)) else rose.get(unit.pk),
        )

    own = figures[scope.unit.pk]
    return Ranking(
        scope=scope,
        asked=asked,
        state=data_state(scope),
        letterhead=letterhead(scope),
        lead=lead,
        indicators=mains,
        own=Line(own, points[scope.unit.pk], _together(on_time), None, None),
        lines=_in_order([line(unit) for unit in among], asked.worst_first),
        kinds=tuple(dict.fromkeys(unit.kind for unit in children)),
        sizes=tuple(Size) if sizes else (),
        lowest_first=lowest_first,
        shown=bool(children) and bool(ranks or not own.is_incomplete),
    )


def _in_order(lines: Sequence[Line], worst_first: bool) -> tuple[Line, ...]:
    """Best or worst first, units that share a rank in code order; without a rank last."""
    ranked = sorted(
        (line for line in lines if line.rank is not None),
        key=lambda line: (-line.rank if worst_first else line.rank, line.unit.code),
    )
    return (*ranked, *(line for line in lines if line.rank is None))


def _scores(
    basis: Basis,
    units: Sequence[Unit],
    figures: Mapping[int, Figure],
    on_time: Mapping[int, Punctuality],
) -> dict[int, Score]:
    return {unit.pk: rules.score(basis, figures[unit.pk], on_time.get(unit.pk)) for unit in units}


def _is_open(now: Figure, before: Figure | None) -> bool:
    """Whether one of both is provisional: it moves with reports that come in, not with work."""
    return now.provisional or (before is not None and before.provisional)


# --- reading -------------------------------------------------------------------------------------


def _figures(
    scope: Scope,
    month: Month,
    units: Sequence[Unit],
    lead: Indicator,
    population: Indicator | None = None,
) -> dict[tuple[int, int], Figure]:
    """(unit, indicator) to its figure, on the map that is shown."""
    found = figures_of(
        units=units,
        month=month,
        indicators={lead, population} - {None},
        **scope.asked_over_time,
    )
    return {(figure.unit.pk, figure.indicator.pk): figure for figure in found}


def _last_month(
    scope: Scope, units: Sequence[Unit], lead: Indicator, asked: Asked
) -> dict[int, Figure] | None:
    """Last month's figures of the units; None where ranks must not be compared with them.

    In January the plan is a new one: nobody rose or fell against the old. Punctuality needs none.
    """
    if asked.basis == Basis.ON_TIME:
        return {}
    if scope.month.month == 1 and asked.basis in (Basis.PLAN, Basis.MISSING):
        return None
    found = _figures(scope, scope.month - 1, units, lead)
    return {unit: figure for (unit, _indicator), figure in found.items()}


def _points(scope: Scope, units: Sequence[Unit], lead: Indicator) -> dict[int, tuple[Point, ...]]:
    first = scope.month - MONTHS_OF_SPARKLINE + 1
    lines = trajectories(
        units=units,
        indicators=[lead],
        months=[Month(number) for number in range(first, scope.month + 1)],
        **scope.asked_over_time,
    )
    return {unit.pk: tuple(lines[unit.pk, lead.pk]) for unit in units}


def _punctuality(scope: Scope) -> tuple[dict[int, Punctuality], dict[int, Punctuality]]:
    """Reports on time in the twelve months to this one, and in the twelve to last month.

    Of the units as they were: what ended cannot have been punctual for its successor.
    """
    months = [Month(number) for number in range(scope.month - MONTHS_OF_REPORTING, scope.month + 1)]
    now, before = {}, {}
    rows = completeness(unit=scope.unit, months=months)
    for unit, coverage in groupby(rows, key=attrgetter("unit")):
        known = list(coverage)
        now[unit.pk], before[unit.pk] = _counted(known[1:]), _counted(known[:-1])
    return now, before


def _counted(months: Sequence[Coverage]) -> Punctuality:
    return Punctuality(
        on_time=sum(month.on_time for month in months),
        due=sum(month.expected or 0 for month in months),
    )


def _together(each: Mapping[int, Punctuality]) -> Punctuality:
    return Punctuality(
        on_time=sum(one.on_time for one in each.values()), due=sum(one.due for one in each.values())
    )


# --- among which units ---------------------------------------------------------------------------


def _sizes(
    children: Sequence[Unit],
    figures: Mapping[tuple[int, int], Figure],
    population: Indicator | None,
) -> dict[int, Size]:
    """Each unit's third by people; empty where there are few units or people are not known."""
    if population is None or len(children) < _FEWEST_FOR_SIZES:
        return {}
    people = {unit.pk: figures[unit.pk, population.pk].value for unit in children}
    if None in people.values():
        return {}
    order = sorted(people, key=people.__getitem__)
    thirds = list(Size)
    return {unit: thirds[place * len(thirds) // len(order)] for place, unit in enumerate(order)}


def _wanted(unit: Unit, asked: Asked, sizes: Mapping[int, Size]) -> bool:
    if asked.kind and unit.kind != asked.kind:
        return False
    return not (asked.size and sizes) or sizes[unit.pk] == asked.size
