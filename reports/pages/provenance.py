"""Where a number comes from: what it is divided by, who reported and approved it, from which cell.

A number of a reporting unit leads to its report and its revisions; a number that adds up leads to
what each unit below contributed, and so on down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from commitments.models import (
    Base,
    Count,
    Explanation,
    Indicator,
    Kind,
    Move,
    Revision,
    Submission,
)
from districts.models import EntryTier, Lineage, Tier, Unit
from districts.months import Month
from reports.engine.figures import Figure
from reports.engine.rules import percent_of
from reports.ready.reading import figures_of
from steering.accounts.paging import FIRST, Page, Turn, page_of

from .scope import Scope

VERSIONS = 3
"""How many of its latest versions a number shows at once; the history has all."""
REVISIONS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Report:
    """What one reporting unit sent about one indicator: the number, the report, its versions.

    ``month`` is the month of the report, for a yearly base the one it was given in.
    """

    unit: Unit
    month: Month
    count: Count | None
    base: Base | None
    submission: Submission | None
    moves: tuple[Move, ...]
    explanations: tuple[Explanation, ...]
    revisions: tuple[Revision, ...]

    @property
    def approval(self) -> Move | None:
        """Who approved it last; None while nobody has."""
        found = [move for move in self.moves if move.verb == "approve"]
        return found[-1] if found else None

    @property
    def source(self) -> str:
        """File and cell of the latest version that names one."""
        return next((revision.source for revision in self.revisions if revision.source), "")

    @property
    def is_corrected(self) -> bool:
        """Whether what was reported last is not yet what counts."""
        return self.count is not None and self.count.value != self.count.approved


@dataclass(frozen=True)
class Contribution:
    """What one unit has of the number: ``percent`` of the whole, for counts."""

    figure: Figure
    percent: Decimal | None


@dataclass(frozen=True)
class Origin:
    """A unit that ended: how much of it the shown unit carries."""

    figure: Figure
    percent: Decimal
    estimated: bool


@dataclass(frozen=True)
class Provenance:
    """Everything behind one figure. ``report`` only where a unit reported the number itself."""

    scope: Scope
    figure: Figure
    parts: tuple[Figure, ...]
    report: Report | None
    contributions: tuple[Contribution, ...]
    origins: tuple[Origin, ...]

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def is_rate(self) -> bool:
        return self.indicator.kind == Kind.RATIO

    @property
    def added(self) -> int | None:
        """What the contributions add up to; None for what does not add."""
        known = [one.figure.value for one in self.contributions if one.figure.value is not None]
        return None if self.is_rate or not known else sum(known)


def provenance(scope: Scope, code: str) -> Provenance:
    """Behind the figure of ``scope`` for one indicator. Raises Http404 for an unknown one."""
    indicator = _indicator(code)
    below = list(Unit.objects.children_of(scope.unit, scope.map_month))
    own, *children = figures_of(
        units=[scope.unit, *below],
        month=scope.month,
        indicators=[indicator],
        **scope.asked,
    )
    reporter = _reporter(scope, indicator)
    return Provenance(
        scope=scope,
        figure=own,
        parts=_parts(scope, indicator),
        report=_report(reporter, indicator, scope.month) if reporter else None,
        contributions=() if reporter else _contributions(own, children),
        origins=_origins(scope, indicator),
    )


def _indicator(code: str) -> Indicator:
    found = Indicator.objects.prefetch_related("parts").filter(code=code).first()
    if found is None:
        raise Http404(_("There is no indicator with the code “%(read)s”.") % {"read": code})
    return found


def _parts(scope: Scope, indicator: Indicator) -> tuple[Figure, ...]:
    """What an indicator is computed from: the parts of a sum, numerator and denominator."""
    if indicator.kind == Kind.RATIO:
        wanted = [indicator.numerator, indicator.denominator]
    elif indicator.kind == Kind.SUM:
        wanted = list(indicator.parts.all())
    else:
        return ()
    found = {
        figure.indicator.pk: figure
        for figure in figures_of(
            units=[scope.unit], month=scope.month, indicators=wanted, **scope.asked
        )
    }
    return tuple(found[one.pk] for one in wanted)


# --- the units below -----------------------------------------------------------------------------


def _contributions(own: Figure, children: Sequence[Figure]) -> tuple[Contribution, ...]:
    """Each child's figure, the largest first; those without a number last."""
    adds = own.indicator.kind != Kind.RATIO

    def order(figure: Figure) -> tuple:
        return figure.value is None, -(figure.value or 0), figure.unit.code

    return tuple(
        Contribution(figure, percent_of(figure.value, own.value) if adds else None)
        for figure in sorted(children, key=order)
    )


def _origins(scope: Scope, indicator: Indicator) -> tuple[Origin, ...]:
    """Units that ended and whose numbers of the month a reporting unit carries on this map."""
    if not scope.unit.reports_at or scope.unit.since <= scope.month:
        return ()
    rows = list(
        Lineage.objects.on_map_of(scope.map_month)
        .filter(heir=scope.unit, share__gt=0)
        .select_related("origin")
        .order_by("origin__code")
    )
    rows = [row for row in rows if row.origin.since <= scope.month < row.origin.until]
    if not rows:
        return ()
    figures = {
        figure.unit.pk: figure
        for figure in figures_of(
            units=[row.origin for row in rows],
            month=scope.month,
            indicators=[indicator],
            authority=scope.authority,
            ground=scope.ground,
        )
    }
    return tuple(
        Origin(
            figure=figures[row.origin_id],
            percent=Decimal(row.share) / 10_000,
            estimated=row.estimated,
        )
        for row in rows
    )


# --- the report ----------------------------------------------------------------------------------


def _reporter(scope: Scope, indicator: Indicator) -> Unit | None:
    """Who reported the unit's number itself: the unit, or the office of its province."""
    if not indicator.is_entered:
        return None
    if indicator.entered_at == EntryTier.PROVINCE:
        if scope.unit.tier != Tier.PROVINCE:
            return None
        return Unit.objects.below(scope.unit, scope.month).filter(tier=Tier.OFFICE).first()
    stood = scope.unit.since <= scope.month < scope.unit.until
    return scope.unit if scope.unit.reports_at == indicator.entered_at and stood else None


def _report(unit: Unit, indicator: Indicator, month: Month) -> Report:
    base = None
    if indicator.is_base:
        given = Base.objects.filter(unit=unit, indicator=indicator, month__lte=month)
        base = given.order_by("-month").first()
        month = base.month if base else month
    submission = (
        Submission.objects.filter(unit=unit, month=month).select_related("reported_by").first()
    )
    about = {"unit": unit, "indicator": indicator, "month": month}
    return Report(
        unit=unit,
        month=month,
        count=Count.objects.filter(**about).first(),
        base=base,
        submission=submission,
        moves=tuple(Move.objects.filter(submission=submission).select_related("by").order_by("pk")),
        explanations=tuple(
            Explanation.objects.filter(submission=submission, rule__indicator=indicator)
        ),
        revisions=tuple(Revision.objects.filter(**about).select_related("by")[:VERSIONS]),
    )


# --- history -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """Every change of every number behind one figure, the latest first."""

    scope: Scope
    indicator: Indicator
    page: Page[Revision]
    number: int
    """Of all changes, not of those on the page."""

    @property
    def many_units(self) -> bool:
        return not self.scope.unit.reports_at

    @property
    def many_indicators(self) -> bool:
        return not self.indicator.is_entered


def history(scope: Scope, code: str, turn: Turn = FIRST) -> History:
    """The revisions of what reporting units at or below the unit entered for one figure."""
    indicator = _indicator(code)
    revisions = _revisions(scope, indicator)
    page = page_of(revisions, turn, by=["-pk"], size=REVISIONS_ON_A_PAGE)
    return History(scope, indicator, page, revisions.count())


def _revisions(scope: Scope, indicator: Indicator) -> QuerySet[Revision]:
    entered = _entered(indicator)
    bases = [one.pk for one in entered if one.is_base]
    others = [one.pk for one in entered if not one.is_base]
    return Revision.objects.filter(
        Q(month=scope.month, indicator__in=others) | Q(month__lte=scope.month, indicator__in=bases),
        unit__ancestries__ancestor=scope.unit,
        unit__ancestries__since__lte=F("month"),
        unit__ancestries__until__gt=F("month"),
    ).select_related("unit", "indicator", "by")


def _entered(indicator: Indicator) -> list[Indicator]:
    """What was entered for an indicator that is computed; itself if it was entered."""
    found, waiting = {}, [indicator]
    while waiting:
        one = waiting.pop()
        if one.is_entered:
            found[one.pk] = one
        elif one.kind == Kind.RATIO:
            waiting += [one.numerator, one.denominator]
        else:
            waiting += list(one.parts.all())
    return list(found.values())
