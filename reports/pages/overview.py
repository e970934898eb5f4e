"""The overview: is the unit on plan, who is not, and what must somebody look at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain

from django.db.models import F
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.models import Authority, Indicator, Kind
from districts.models import Tier, Unit
from districts.months import Month
from reports.charts.drawing.scale import reach
from reports.engine.comparing import (
    gap,
    is_short,
)
from reports.engine.figures import Figure, Status
from reports.engine.rules import SHORT
from reports.engine.trajectories import Point, last_complete
from reports.ready.reading import figures_of, statuses_of, trajectories
from reports.wording import headlines
from reports.wording.words import (
    authority_name,
    is_rate,
    measure,
    month_number,
)

from .attention import Item, attention, parts_of_totals
from .folding import Stretch, stretches
from .scope import Scope, latest_month
from .state import DataState, Letterhead, data_state, letterhead
from .tiles import tiles

MONTHS_OF_SPARKLINE = 12
CARDS = 4
_ROWS_OF_ONE_COLUMN = 16
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
    def gap(self) -> int | Decimal | None:
        """How far above or below its plan to date."""
        return gap(self.figure)

    @property
    def change(self) -> int | Decimal | None:
        """Against the same month of last year."""
        return self.figure.change

    @property
    def is_short(self) -> bool:
        return is_short(self.figure)


@dataclass(frozen=True)
class Card:
    """A headline number; ``planned`` by whoever planned it, with what a rate is divided by."""

    figure: Figure
    planned: Figure
    divisor: Indicator | None

    counted: Indicator | None
    others: str
    """Whose plan it is, in words, if not that of the authority asked about."""
    whole: Point | None = None
    """The last complete month, while reports of this one are missing."""

    @property
    def is_rate(self) -> bool:
        return is_rate(self.figure.indicator)

    @property
    def is_judged(self) -> bool:
        """Whether all of it is there: half a sum held against a whole plan says nothing."""
        return not self.figure.is_incomplete


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
    letterhead: Letterhead
    own: Row
    rows: tuple[Row, ...]
    cards: tuple[Card, ...]
    tiles: tuple[tuple[Row | None, ...], ...]
    attention: tuple[Item, ...]
    worst_first: bool
    all_rows: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was approved for the month: what is shown is older."""
        return self.of_month != self.scope.month

    @property
    def is_partial(self) -> bool:
        """Whether reports are still missing from the sum: no verdict yet."""
        return self.own.figure.is_incomplete

    @cached_property
    def whole(self) -> Point | None:
        """The last complete month of the leading figure, while reports of this one are missing."""
        if not self.is_partial or self.is_empty:
            return None
        return last_complete(self.own.points)

    @cached_property
    def last_complete(self) -> Month | None:
        """The last month with every report approved, if it is another one."""
        last = latest_month(self.scope.unit, self.scope.today)
        return last if last != self.scope.month else None

    @property
    def is_due(self) -> bool:
        """Whether the plan to date is the whole plan: the year is over."""
        return self.scope.month.month == 12

    @property
    def below(self) -> list[Figure]:
        return [row.figure for row in self.rows]

    @property
    def stretches(self) -> list[Stretch[Row]]:
        """The rows of the table; of a long one the middle waits until somebody asks for it."""
        if self.all_rows:
            return [Stretch(self.rows)]
        ranked = [row for row in self.rows if row.figure.rank is not None]
        return stretches(ranked, self.rows[len(ranked) :], worst_first=self.worst_first)

    @property
    def reach(self) -> int:
        """How many points the deviation bars show to each side."""
        percents = [figure.percent_to_date for figure in [self.own.figure, *self.below]]
        return reach([float(percent) - 100 for percent in percents if percent is not None])

    @property
    def is_long(self) -> bool:
        """Whether the table needs columns to fit on one sheet, or on the wall."""
        return len(self.rows) > _ROWS_OF_ONE_COLUMN

    @property
    def has_provisional(self) -> bool:
        """Whether any unit has a figure that may still change."""
        return any(one.provisional and one.achieved is not None for one in self.below)

    @property
    def measure(self) -> str:
        """What the results are counted in, where no heading says it; a rate says so itself."""
        return "" if is_rate(self.lead) else measure(self.lead)

    @property
    def has_communes(self) -> bool:
        return any(row.communes for row in self.rows)

    @cached_property
    def rate(self) -> Indicator | None:
        return self.own.rate and self.own.rate.indicator

    @property
    def headline(self) -> str:
        if self.scope.is_future:
            return _("%(month)s is still to come") % {"month": month_number(self.scope.month)}
        if self.is_empty:
            return _("No figures for %(month)s yet") % {"month": month_number(self.scope.month)}
        if self.is_partial:
            return _("The figures are provisional: %(approved)s of %(expected)s approved") % {
                "approved": self.own.figure.approved,
                "expected": self.own.figure.expected,
            }
        return capfirst(headlines.headline(self.own.figure, self.below))

    @property
    def lines(self) -> list[SafeString]:
        return [] if self.is_empty else headlines.standing(self.own.figure, self.below)

    @property
    def finding(self) -> str:
        """The title of the league table."""
        return headlines.counts(self.below)

    @property
    def legend(self) -> list[tuple[Status, int]]:
        """How many units have each status; what keeps a unit from having one only if it occurs."""
        count = Counter(figure.status for figure in self.below)
        verdicts = (Status.EXCEEDED, Status.MET, Status.BEHIND, Status.AT_RISK)
        others = [status for status in Status if status not in verdicts and count[status]]
        return [(status, count[status]) for status in (*verdicts, *others)]


def overview(
    scope: Scope, *, code: str | None = None, worst_first: bool = False, all_rows: bool = False
) -> Overview:
    """The overview of ``scope`` about one main indicator, by default the first of the catalogue.

    ``worst_first`` turns the table around, ``all_rows`` unfolds a long one.

    Raises Http404 for an indicator that is none of the main ones.
    """
    state = data_state(scope)
    catalogue = scope.ground.valid_in(scope.month)
    lead = main_indicator([one for one in catalogue if one.main], code)
    page = _page(scope, state, scope.month, lead, catalogue)
    if page.own.figure.approved == 0:
        last = latest_month(scope.unit, scope.today)
        if last < scope.month:
            page = _page(scope, state, last, lead, catalogue)
    rows = _worst_first(page.rows) if worst_first else page.rows
    return replace(page, rows=rows, worst_first=worst_first, all_rows=all_rows)


def _worst_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    ranked = [row for row in rows if row.figure.rank is not None]
    return (*reversed(ranked), *rows[len(ranked) :])


def main_indicator(mains: Sequence[Indicator], code: str | None) -> Indicator:
    """The main indicator asked for, or the first. Raises Http404 if it is none of them."""
    for indicator in mains:
        if code in (None, indicator.code):
            return indicator
    raise Http404(_("“%(read)s” is no main indicator.") % {"read": code})


def _page(
    scope: Scope,
    state: DataState,
    month: Month,
    lead: Indicator,
    catalogue: Sequence[Indicator],
) -> Overview:
    children = list(Unit.objects.children_of(scope.unit, scope.map_month))
    below = _communes(children, scope.map_month)
    mains = tuple(indicator for indicator in catalogue if indicator.main)
    rate, totals = _rate_of(lead, catalogue), parts_of_totals()
    wanted = {lead.code, *totals, *chain.from_iterable(totals.values())}
    wanted |= {rate.code} if rate else set()
    if scope.month.month == 12:
        # Next year's targets are held against what was reached.
        wanted |= {indicator.code for indicator in mains}
    known = _known(scope, month, catalogue, lead, wanted)
    own, *rows = _rows(scope, month, known, lead, rate, children, below)
    rows.sort(key=_place)
    return Overview(
        scope=scope,
        state=state,
        of_month=month,
        lead=lead,
        indicators=mains,
        letterhead=letterhead(scope),
        own=own,
        rows=tuple(rows),
        cards=_cards(scope, month, known, lead),
        tiles=tiles(rows, scope.map_month),
        attention=attention(scope, state, children, known, mains, totals),
        worst_first=False,
    )


def _place(row: Row) -> tuple[bool, int, str]:
    """Best first, units that share a rank in code order, those without one last."""
    return row.figure.rank is None, row.figure.rank or 0, row.unit.code


def _rate_of(lead: Indicator, catalogue: Sequence[Indicator]) -> Indicator | None:
    """The rate that tells how much of its base a count covers."""
    rates = [one for one in catalogue if one.kind == Kind.RATIO and one.numerator_id == lead.pk]
    return rates[0] if rates else None


def _communes(children: Sequence[Unit], month: Month) -> dict[int, list[Unit]]:
    """The communes of each child that is a district."""
    found: dict[int, list[Unit]] = {child.pk: [] for child in children}
    communes = Unit.objects.called_in(month).filter(
        tier=Tier.COMMUNE,
        ancestries__ancestor__in=[child.pk for child in children if child.tier == Tier.DISTRICT],
        ancestries__depth=1,
        ancestries__since__lte=month,
        ancestries__until__gt=month,
    )
    for commune in communes.annotate(parent=F("ancestries__ancestor")).order_by():
        found[commune.parent].append(commune)
    return found


def _rows(
    scope: Scope,
    month: Month,
    own: Mapping[str, Figure],
    lead: Indicator,
    rate: Indicator | None,
    children: Sequence[Unit],
    below: dict[int, list[Unit]],
) -> list[Row]:
    """The unit itself, then its children, with how many communes below each are short."""
    communes = [commune for units in below.values() for commune in units]
    shown = [scope.unit, *children]
    figures = {(scope.unit.pk, figure.indicator.pk): figure for figure in own.values()}
    if children:
        figures |= _figures(scope, month, children, [lead, rate] if rate else [lead])
    status = {child.pk: figures[child.pk, lead.pk].status for child in children}
    if communes:
        status |= statuses_of(units=communes, month=month, indicator=lead, **scope.asked)
    lines = trajectories(
        units=shown,
        indicators=[lead],
        months=_months_of_sparkline(month),
        **scope.asked_over_time,
    )
    below = {scope.unit.pk: communes or list(children), **below}
    return [
        Row(
            figure=figures[unit.pk, lead.pk],
            rate=figures[unit.pk, rate.pk] if rate else None,
            points=tuple(lines[unit.pk, lead.pk]),
            short=sum(status[one.pk] in SHORT for one in below[unit.pk]),
            communes=len(below[unit.pk]),
        )
        for unit in shown
    ]


def _figures(
    scope: Scope, month: Month, units: Sequence[Unit], indicators: Sequence[Indicator]
) -> dict[tuple[int, int], Figure]:
    """(unit, indicator) to its figure."""
    found = figures_of(units=units, month=month, indicators=indicators, **scope.asked)
    return {(figure.unit.pk, figure.indicator.pk): figure for figure in found}


def _known(
    scope: Scope,
    month: Month,
    catalogue: Sequence[Indicator],
    lead: Indicator,
    wanted: set[str],
) -> dict[str, Figure]:
    """The unit's figures of the codes wanted, and of as many cards as it takes to fill the page."""
    by_code = {one.code: one for one in catalogue}
    cards = [by_code[code] for code in _CARD_CODES if code in by_code and code != lead.code]
    first, rest = cards[:CARDS], cards[CARDS:]
    wanted = wanted | {one.code for one in first}
    known = _own(scope, month, [one for one in catalogue if one.code in wanted])
    unread = [one for one in rest if one.code not in known]
    if unread and any(known[one.code].achieved is None for one in first):
        known |= _own(scope, month, unread)
    return known


def _cards(
    scope: Scope, month: Month, own: Mapping[str, Figure], lead: Indicator
) -> tuple[Card, ...]:
    """Four headline figures, each against the plan of whoever planned it."""
    codes = [code for code in _CARD_CODES if code in own and code != lead.code]
    known = [code for code in codes if own[code].achieved is not None]
    chosen = (known + [code for code in codes if code not in known])[:CARDS]
    unplanned = [own[code].indicator for code in chosen if own[code].target is None]
    other = Authority.VSS if scope.authority == Authority.PPC else Authority.PPC
    theirs = {
        code: figure
        for code, figure in _own(scope, month, unplanned, authority=other).items()
        if figure.target is not None
    }
    missing = [own[code].indicator for code in chosen if own[code].is_incomplete]
    whole = _last_complete(scope, month, missing)
    return tuple(
        Card(
            figure=own[code],
            planned=theirs.get(code, own[code]),
            divisor=own[code].indicator.denominator,
            counted=own[code].indicator.numerator,
            others=authority_name(other, scope.unit) if code in theirs else "",
            whole=whole.get(own[code].indicator.pk),
        )
        for code in sorted(chosen, key=codes.index)
    )


def _last_complete(
    scope: Scope, month: Month, indicators: Sequence[Indicator]
) -> dict[int, Point | None]:
    """Indicator to its last complete month within a year; asks nothing where none is missing."""
    if not indicators:
        return {}
    lines = trajectories(
        units=[scope.unit],
        indicators=indicators,
        months=_months_of_sparkline(month),
        **scope.asked_over_time,
    )
    return {indicator: last_complete(points) for (_unit, indicator), points in lines.items()}


def _months_of_sparkline(month: Month) -> list[Month]:
    return [Month(number) for number in range(month - MONTHS_OF_SPARKLINE + 1, month + 1)]


def _own(
    scope: Scope, month: Month, indicators: Sequence[Indicator], **asked: str
) -> dict[str, Figure]:
    """The unit's own figures by code."""
    if not indicators:
        return {}
    found = figures_of(
        units=[scope.unit], month=month, indicators=indicators, **(scope.asked | asked)
    )
    return {figure.indicator.code: figure for figure in found}
