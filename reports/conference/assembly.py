"""Gathers a conference from the engine, the promises and the reports.

Every read takes all units and indicators at once: the number of queries grows with none of them.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TypedDict

from django.db.models import F
from django.utils import translation

from commitments.models import (
    Authority,
    Commitment,
    CommitmentEvent,
    CommitmentLine,
    Decision,
    Explanation,
    Indicator,
    Operator,
    Period,
    Target,
)
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from reports.engine.figures import Figure
from reports.engine.ground import Ground
from reports.ready.reading import figures_for, figures_of, trajectories
from steering.committee.models import Committee

from .completeness import completeness
from .contents import (
    Conference,
    Explained,
    Group,
    Instrument,
    Promise,
    Promises,
    Reporting,
    Trajectory,
    UnitFigures,
)
from .passing_on import passed_on

MONTHS_SHOWN = 24
MONTHS_OF_REPORTING = 12


class _Asked(TypedDict):
    """Whose plan, on which map: what every call of the engine is told."""

    authority: str
    on_map: date | None


def assemble_conference(
    *,
    unit: Unit,
    month: Month,
    authority: str = Authority.PPC,
    on_map: date | None = None,
    language: str = "vi",
) -> Conference:
    """Everything a conference of ``unit`` on the figures of ``month`` is told.

    As it was, or on the map of day ``on_map``. Raises NotOnThisMap as the engine does.
    """
    with translation.override(language):
        found = _assemble(unit, month, {"authority": authority, "on_map": on_map}, language)
    return replace(found, version=_digest(found))


def _assemble(unit: Unit, month: Month, asked: _Asked, language: str) -> Conference:
    on_map = asked["on_map"]
    map_month = Ground().map_month(month, on_map)
    own, *children = _by_unit(figures_for(unit=unit, month=month, children=True, **asked))
    main = tuple(f.indicator for f in own.figures.values() if f.indicator.main)
    province = Unit.objects.province_of(unit, map_month)
    committee = _committee(unit)
    period = Period.objects.filter(unit=province, month=month).first()
    decisions = _decisions(province, month, asked["authority"])
    reported = _months_until(month, MONTHS_OF_REPORTING)
    return Conference(
        unit=unit,
        province=province,
        month=month,
        authority=asked["authority"],
        map_day=on_map,
        language=language,
        committee=committee.name,
        dated=period.closes_on if period else month.last_day,
        data_to=period.data_to if period else month.last_day,
        notice=committee.notice,
        main=main,
        own=own,
        elsewhere=_planned_elsewhere(own, month, asked),
        children=tuple(children),
        groups=_groups(children, month, map_month, main, asked),
        trajectories=_trajectories(unit, month, main, asked),
        promises=_promises(unit, month, decisions, asked),
        months=reported,
        reporting=_reporting(unit, reported),
        explained=_explained(unit, month),
        version="",
        amendments=tuple(
            decision
            for decision in decisions
            if decision.changed_until
            and decision.year == month.year
            and decision.changed_from <= month
        ),
    )


def _by_unit(figures: Iterable[Figure]) -> list[UnitFigures]:
    """Figures as the engine lists them, unit after unit, gathered by unit."""
    gathered: dict[Unit, dict[str, Figure]] = {}
    for figure in figures:
        gathered.setdefault(figure.unit, {})[figure.indicator.code] = figure
    return [UnitFigures(unit, by_code) for unit, by_code in gathered.items()]


def _months_until(month: Month, count: int) -> tuple[Month, ...]:
    return tuple(Month(number) for number in range(month - count + 1, month + 1))


def _committee(unit: Unit) -> Committee:
    """The committee of the unit; a nameless one while it has none."""
    return Committee.objects.filter(unit=unit).first() or Committee(unit=unit)


# --- figures -------------------------------------------------------------------------------------


def _groups(
    children: Sequence[UnitFigures],
    month: Month,
    map_month: Month,
    main: Collection[Indicator],
    asked: _Asked,
) -> tuple[Group, ...]:
    """The communes with their main figures, under the children where those are districts."""
    if all(child.unit.tier == Tier.COMMUNE for child in children):
        return (Group(None, tuple(children)),) if children else ()
    below = defaultdict(list)
    links = (
        Ancestry.objects.in_month(map_month)
        .filter(
            ancestor__in=[child.unit.pk for child in children],
            depth=1,
            descendant__tier=Tier.COMMUNE,
        )
        .select_related("descendant")
        .order_by("descendant__code")
    )
    for link in links:
        below[link.ancestor_id].append(link.descendant)
    communes = [commune for child in children for commune in below[child.unit.pk]]
    figures = figures_of(units=communes, month=month, indicators=main, **asked)
    rows = {row.unit.pk: row for row in _by_unit(figures)}
    return tuple(
        Group(child, tuple(rows[commune.pk] for commune in below[child.unit.pk]))
        for child in children
    )


def _planned_elsewhere(own: UnitFigures, month: Month, asked: _Asked) -> dict[str, Figure]:
    """The unit's figures whose plan only the other authority assigned."""
    unplanned = [f.indicator for f in own.figures.values() if f.target is None]
    other = Authority.VSS if asked["authority"] == Authority.PPC else Authority.PPC
    figures = figures_of(
        units=[own.unit],
        month=month,
        indicators=unplanned,
        authority=other,
        on_map=asked["on_map"],
    )
    return {f.indicator.code: f for f in figures if f.target is not None}


def _trajectories(
    unit: Unit, month: Month, main: Sequence[Indicator], asked: _Asked
) -> tuple[Trajectory, ...]:
    months = _months_until(month, MONTHS_SHOWN)
    found = trajectories(units=[unit], indicators=main, months=months, **asked)
    return tuple(Trajectory(indicator, tuple(found[unit.pk, indicator.pk])) for indicator in main)


def _reporting(unit: Unit, months: Sequence[Month]) -> tuple[Reporting, ...]:
    rows = completeness(unit=unit, months=months)
    return tuple(
        Reporting(child, tuple(coverage))
        for child, coverage in groupby(rows, key=attrgetter("unit"))
    )


# --- promises ------------------------------------------------------------------------------------


def _decisions(province: Unit, month: Month, authority: str) -> list[Decision]:
    """This year's decisions, and in December next year's, oldest first."""
    years = (month.year, month.year + 1) if month.month == 12 else (month.year,)
    found = Decision.objects.filter(unit=province, year__in=years, authority=authority)
    return list(found.select_related("amends").order_by("year", "effective_on", "issued_on", "pk"))


def _promises(
    unit: Unit, month: Month, decisions: Sequence[Decision], asked: _Asked
) -> Promises | None:
    """Targets and commitments of the latest year there are decisions for; None without any."""
    if not decisions:
        return None
    year = max(decision.year for decision in decisions)
    decided = [decision for decision in decisions if decision.year == year]
    # Targets apply from January, whenever they were issued.
    at = month if year == month.year else Month.of(year, 1)
    on_map = asked["on_map"]
    if on_map is not None and on_map < at.first_day:
        on_map = None
    indicators = list(
        Indicator.objects.filter(
            pk__in=Target.objects.filter(decision__in=decided).values("indicator")
        )
    )
    own, *children = _by_unit(
        figures_for(
            unit=unit,
            month=at,
            indicators=indicators,
            children=True,
            on_map=on_map,
            authority=asked["authority"],
        )
    )
    assigned = {
        code for row in (own, *children) for code, f in row.figures.items() if f.target is not None
    }
    return Promises(
        year=year,
        instruments=tuple(map(_instrument, decided)),
        indicators=tuple(f.indicator for code, f in own.figures.items() if code in assigned),
        own=Promise(unit, own.figures),
        units=_commitments(children, year),
        signing=asked["authority"] == Authority.PPC and asked["on_map"] is None,
        passed_on=() if on_map else passed_on(unit, year, at, asked["authority"]),
    )


def _instrument(decision: Decision) -> Instrument:
    return Instrument(
        number=decision.number,
        issued_on=decision.issued_on,
        effective_on=decision.effective_on,
        amends=decision.amends.number if decision.amends else "",
        issuer=decision.issuer,
        note=decision.note,
    )


def _commitments(rows: Sequence[UnitFigures], year: int) -> tuple[Promise, ...]:
    """What each unit was assigned, with the latest version of what its head signed."""
    signed = {
        commitment.unit_id: commitment
        for commitment in Commitment.objects.filter(
            unit__in=[row.unit.pk for row in rows], year=year
        )
        .with_state()
        .order_by("version")
    }
    lines = defaultdict(list)
    latest = [commitment.pk for commitment in signed.values()]
    for line in CommitmentLine.objects.filter(commitment__in=latest).select_related("indicator"):
        lines[line.commitment_id].append(line)
    return tuple(_promise(row, signed.get(row.unit.pk), lines) for row in rows)


def _promise(
    row: UnitFigures, commitment: Commitment | None, lines: dict[int, list[CommitmentLine]]
) -> Promise:
    if commitment is None:
        return Promise(row.unit, row.figures)
    return Promise(
        unit=row.unit,
        targets=row.figures,
        signed_on=commitment.signed_on,
        version=commitment.version,
        signer_post=commitment.signer_post,
        ended=commitment.state == CommitmentEvent.What.ENDED,
        agrees=all(_meets(line, row.figures) for line in lines[commitment.pk]),
    )


def _meets(line: CommitmentLine, targets: dict[str, Figure]) -> bool:
    """Whether what was promised is no less than what is assigned."""
    figure = targets.get(line.indicator.code)
    if figure is None or figure.target is None:
        return True
    assigned = int(figure.target * line.indicator.scale)
    if figure.operator == Operator.AT_MOST:
        return line.value <= assigned
    return line.value >= assigned


# --- explanations --------------------------------------------------------------------------------


def _explained(unit: Unit, month: Month) -> tuple[Explained, ...]:
    """The unit's own explanations one by one; those of reports below it gathered by rule."""
    rows = (
        Explanation.objects.filter(
            submission__month=month,
            submission__unit__ancestries__ancestor=unit,
            submission__unit__ancestries__since__lte=F("submission__month"),
            submission__unit__ancestries__until__gt=F("submission__month"),
        )
        .select_related("rule__indicator", "submission__unit")
        .order_by("rule__code", "submission__unit__code")
    )
    own, below = [], defaultdict(list)
    for row in rows:
        reporter = row.submission.unit
        if reporter.tier == Tier.OFFICE or reporter == unit:
            own.append(Explained(reporter, row.finding, row.text))
        else:
            below[row.rule].append(row.text)
    gathered = [
        Explained(
            unit,
            rule.indicator.name if rule.indicator else rule.code,
            _commonest(texts),
            len(texts),
        )
        for rule, texts in below.items()
    ]
    return (*own, *gathered)


def _commonest(texts: Iterable[str]) -> str:
    return Counter(texts).most_common(1)[0][0]


# --- version -------------------------------------------------------------------------------------


def _digest(conference: Conference) -> str:
    """SHA-256 over every figure and promise, the same in every language."""
    seen = hashlib.sha256()
    rows = [conference.own, *conference.children, *conference.communes]
    if conference.promises:
        rows.append(UnitFigures(conference.unit, conference.promises.own.targets))
        for promise in conference.promises.units:
            rows.append(UnitFigures(promise.unit, promise.targets))
            said = (promise.signed_on, promise.version, promise.ended, promise.agrees)
            seen.update(repr(said).encode())
    for row in rows:
        for figure in row.figures.values():
            seen.update(_plain(figure).encode())
    for line in conference.trajectories:
        for point in line.points:
            seen.update(repr((line.indicator.code, *astuple(point))).encode())
    for unit in conference.reporting:
        for month in unit.months:
            said = (unit.unit.code, month.expected, month.sent, month.on_time, month.approved)
            seen.update(repr(said).encode())
    return seen.hexdigest()


_NUMBERS = (
    "month",
    "value",
    "year_to_date",
    "reported_value",
    "target",
    "operator",
    "deadline",
    "plan_to_date",
    "percent_of_target",
    "percent_to_date",
    "last_year",
    "last_year_to_date",
    "last_year_coverage",
    "baseline_coverage",
    "change",
    "rank",
    "ranked",
    "status",
    "approved",
    "reported",
    "expected",
    "provisional",
    "estimated",
    "numerator",
    "denominator",
)


def _plain(figure: Figure) -> str:
    numbers = [str(getattr(figure, name)) for name in _NUMBERS]
    return "|".join([figure.unit.code, figure.indicator.code, *numbers])
