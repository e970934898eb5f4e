"""The overview: is the unit on plan, who is not, and what must somebody look at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator, Kind
from districts.models import Ancestry, Tier, TilePosition, Unit
from districts.months import Month
from reports import headlines
from reports.comparing import gap, is_short
from reports.figures import Figure, Point, Status, figures_of, trajectories

from .scope import Scope, latest_month
from .state import DataState, data_state

MONTHS_OF_SPARKLINE = 12
CARDS = 4
_CARD_CODES = (
    "HI_RATE",
    "COLLECT",
    "SI_V_NEW",
    "SYNC_RATE",
    "SI_RATE",
    "HI_HH_NEW",
    "SI_V",
    "SI_C",
    "UI",
    "VNEID_RATE",
)
"""What stands beside the leading figure: the first four of these that are known of the unit."""


@dataclass(frozen=True)
class Row:
    """One unit of the league table. ``short`` of ``communes`` below it are behind their plan."""

    figure: Figure
    rate: Figure | None
    points: tuple[Point, ...]
    short: int
    communes: int

    @property
    def unit(self) -> Unit:
        return self.figure.unit

    @property
    def gap(self):
        return gap(self.figure)

    @property
    def is_short(self) -> bool:
        return is_short(self.figure)


@dataclass(frozen=True)
class Card:
    """A headline number. ``planned`` is the same figure against the authority that planned it."""

    figure: Figure
    planned: Figure

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows. Without figures of its month it shows those of ``of_month``.

    ``rows`` are in the order of the table, ``tiles`` rows of the map with None where no unit is.
    """

    scope: Scope
    state: DataState
    of_month: Month
    lead: Indicator
    indicators: tuple[Indicator, ...]
    own: Row
    rows: tuple[Row, ...]
    cards: tuple[Card, ...]
    tiles: tuple[tuple[Row | None, ...], ...]
    worst_first: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was approved for the month: what is shown is older."""
        return self.of_month != self.scope.month

    @property
    def is_partial(self) -> bool:
        """Whether reports are still missing from the sum: no verdict yet."""
        return self.own.figure.approved < self.own.figure.expected

    @property
    def is_due(self) -> bool:
        """Whether the plan to date is the whole plan: the year is over."""
        return self.scope.month.month == 12

    @property
    def below(self) -> list[Figure]:
        return [row.figure for row in self.rows]

    @property
    def has_communes(self) -> bool:
        return any(row.communes for row in self.rows)

    @cached_property
    def rate(self) -> Indicator | None:
        return self.own.rate and self.own.rate.indicator

    @property
    def headline(self) -> str:
        if self.scope.is_future:
            return _("%(month)s is still to come") % {"month": self.scope.month}
        if self.is_empty:
            return _("No figures for %(month)s yet") % {"month": self.scope.month}
        if self.is_partial:
            return _("The figures are provisional: %(approved)s of %(expected)s approved") % {
                "approved": self.own.figure.approved,
                "expected": self.own.figure.expected,
            }
        return headlines.headline(self.own.figure, self.below)

    @property
    def lines(self) -> list[SafeString]:
        return [] if self.is_empty else headlines.standing(self.own.figure, self.below)

    @property
    def finding(self) -> str:
        """The title of the league table."""
        return headlines.counts(self.below)

    @property
    def legend(self) -> list[tuple[Status, int]]:
        """How many units have each status, for those that occur or may."""
        return [
            (status, sum(figure.status == status for figure in self.below))
            for status in (Status.EXCEEDED, Status.MET, Status.BEHIND, Status.AT_RISK)
        ]


def overview(scope: Scope, *, code: str | None = None, worst_first: bool = False) -> Overview:
    """The overview of ``scope`` about one main indicator, by default the first of the catalogue.

    Raises Http404 for an indicator that is none of the main ones.
    """
    state = data_state(scope)
    catalogue = list(indicators_in(scope.month))
    mains = tuple(indicator for indicator in catalogue if indicator.main)
    lead = _lead(mains, code)
    page = _page(scope, state, scope.month, lead, mains, catalogue)
    if page.own.figure.approved == 0:
        last = latest_month(scope.unit, scope.today)
        if last < scope.month:
            page = _page(scope, state, last, lead, mains, catalogue)
    return replace(page, rows=page.rows[::-1], worst_first=True) if worst_first else page


def indicators_in(month: Month) -> QuerySet[Indicator]:
    """The catalogue as it was valid in a month."""
    return Indicator.objects.filter(since__lte=month, until__gt=month)


def _lead(mains: Sequence[Indicator], code: str | None) -> Indicator:
    for indicator in mains:
        if code in (None, indicator.code):
            return indicator
    raise Http404(_("“%(read)s” is no main indicator.") % {"read": code})


def _page(
    scope: Scope,
    state: DataState,
    month: Month,
    lead: Indicator,
    mains: tuple[Indicator, ...],
    catalogue: Sequence[Indicator],
) -> Overview:
    children = list(Unit.objects.children_of(scope.unit, scope.map_month))
    below = _communes(children, scope.map_month)
    own, *rows = _rows(scope, month, lead, _rate_of(lead, catalogue), children, below)
    rows.sort(key=lambda row: (row.figure.rank or len(rows) + 1, row.unit.code))
    return Overview(
        scope=scope,
        state=state,
        of_month=month,
        lead=lead,
        indicators=mains,
        own=own,
        rows=tuple(rows),
        cards=_cards(scope, month, lead, catalogue),
        tiles=_tiles(rows, scope.map_month),
        worst_first=False,
    )


def _rate_of(lead: Indicator, catalogue: Sequence[Indicator]) -> Indicator | None:
    """The rate that tells how much of its base a count covers."""
    rates = [one for one in catalogue if one.kind == Kind.RATIO and one.numerator_id == lead.pk]
    return rates[0] if rates else None


def _communes(children: Sequence[Unit], month: Month) -> dict[int, list[Unit]]:
    """The communes of each child that is a district."""
    found: dict[int, list[Unit]] = {child.pk: [] for child in children}
    links = Ancestry.objects.in_month(month).filter(
        ancestor__in=[child.pk for child in children if child.tier == Tier.DISTRICT],
        depth=1,
        descendant__tier=Tier.COMMUNE,
    )
    for link in links.select_related("descendant"):
        found[link.ancestor_id].append(link.descendant)
    return found


def _rows(
    scope: Scope,
    month: Month,
    lead: Indicator,
    rate: Indicator | None,
    children: Sequence[Unit],
    below: dict[int, list[Unit]],
) -> list[Row]:
    """The unit itself, then its children: all figures of the page's indicator in one reading."""
    communes = [commune for units in below.values() for commune in units]
    shown = [scope.unit, *children]
    wanted = [lead, rate] if rate else [lead]
    figures = {
        (figure.unit.pk, figure.indicator.pk): figure
        for figure in figures_of(
            units=[*shown, *communes], month=month, indicators=wanted, **scope.asked
        )
    }
    lines = trajectories(
        units=shown,
        indicators=[lead],
        months=[Month(number) for number in range(month - MONTHS_OF_SPARKLINE + 1, month + 1)],
        on_map=scope.on_map or scope.map_month.first_day,
        authority=scope.authority,
    )
    below = {scope.unit.pk: communes or list(children), **below}
    return [
        Row(
            figure=figures[unit.pk, lead.pk],
            rate=figures[unit.pk, rate.pk] if rate else None,
            points=tuple(lines[unit.pk, lead.pk]),
            short=sum(is_short(figures[one.pk, lead.pk]) for one in below[unit.pk]),
            communes=len(below[unit.pk]),
        )
        for unit in shown
    ]


def _cards(
    scope: Scope, month: Month, lead: Indicator, catalogue: Sequence[Indicator]
) -> tuple[Card, ...]:
    """Four headline figures, each against the plan of whoever planned it."""
    by_code = {indicator.code: indicator for indicator in catalogue}
    wanted = [by_code[code] for code in _CARD_CODES if code in by_code and code != lead.code]
    mine = _by_code(scope, month, wanted, scope.authority)
    other = Authority.VSS if scope.authority == Authority.PPC else Authority.PPC
    theirs = _by_code(scope, month, wanted, other)
    known = [code for code in mine if mine[code].achieved is not None]
    chosen = (known + [code for code in mine if code not in known])[:CARDS]
    chosen.sort(key=list(mine).index)
    return tuple(
        Card(mine[code], theirs[code] if mine[code].target is None else mine[code])
        for code in chosen
    )


def _by_code(
    scope: Scope, month: Month, indicators: Sequence[Indicator], authority: str
) -> dict[str, Figure]:
    """The unit's own figures in the order of ``indicators``."""
    found = figures_of(
        units=[scope.unit],
        month=month,
        indicators=indicators,
        on_map=scope.on_map,
        authority=authority,
    )
    figures = {figure.indicator.code: figure for figure in found}
    return {indicator.code: figures[indicator.code] for indicator in indicators}


def _tiles(rows: Sequence[Row], month: Month) -> tuple[tuple[Row | None, ...], ...]:
    """The tile map: rows on the places their units have on the map of the month."""
    by_unit = {row.unit.pk: row for row in rows}
    positions = TilePosition.objects.filter(unit__in=by_unit, since__lte=month.first_day)
    place = {
        unit: (row, column)
        for unit, row, column in positions.order_by("since").values_list("unit", "row", "column")
    }
    if not place:
        return ()
    at = {where: by_unit[unit] for unit, where in place.items()}
    first, last = min(row for row, _column in at), max(row for row, _column in at)
    left, right = min(c for _row, c in at), max(c for _row, c in at)
    return tuple(
        tuple(at.get((row, column)) for column in range(left, right + 1))
        for row in range(first, last + 1)
    )
