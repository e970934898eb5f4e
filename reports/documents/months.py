"""What the documents of a month are told: figures beside last month's, who reported late.

Read from the engine and from the reports; nothing is computed here.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from django.utils import timezone

from commitments.models import Authority, Indicator, Period
from districts.models import Ancestry, Tier, Unit
from districts.months import Month
from reports.conference.completeness import due_days, sent_reports
from reports.engine.figures import Figure
from reports.engine.ground import Ground
from reports.ready.reading import figures_for
from reports.wording.plain import as_dict
from steering.committee.letterheads import letterhead_of
from steering.committee.models import Letterhead


@dataclass(frozen=True)
class Occasion:
    """Whose document it is, of which month, and when it was written."""

    unit: Unit
    month: Month
    language: str
    at: datetime
    letterhead: Letterhead
    data_to: date

    @property
    def notice(self) -> str:
        return self.letterhead.committee.notice


@dataclass(frozen=True)
class MonthFigures:
    """Figures of a unit and its children for one month, and for the month before.

    ``version`` is the digest of every figure shown: the same figures, the same version.
    """

    occasion: Occasion
    authority: str
    province: Unit
    indicators: tuple[Indicator, ...]
    units: tuple[Unit, ...]
    now: dict[tuple[int, int], Figure]
    before: dict[tuple[int, int], Figure]
    version: str

    @property
    def children(self) -> tuple[Unit, ...]:
        return self.units[1:]

    def of(self, unit: Unit, indicator: Indicator) -> Figure:
        return self.now[unit.pk, indicator.pk]

    def last_month(self, unit: Unit, indicator: Indicator) -> Figure | None:
        return self.before.get((unit.pk, indicator.pk))


@dataclass(frozen=True)
class LateReport:
    """A unit whose report came after its due day, or has not come by ``as_of``."""

    unit: Unit
    above: str
    due: date
    sent_on: date | None
    days: int


@dataclass(frozen=True)
class LateReports:
    occasion: Occasion
    as_of: date
    expected: int
    late: tuple[LateReport, ...]

    @property
    def missing(self) -> int:
        return sum(one.sent_on is None for one in self.late)


def occasion_of(unit: Unit, month: Month, *, language: str, at: datetime) -> Occasion:
    province = Unit.objects.province_of(unit, month)
    period = Period.objects.filter(unit=province, month=month).first()
    return Occasion(
        unit=unit,
        month=month,
        language=language,
        at=timezone.localtime(at).replace(second=0, microsecond=0),
        letterhead=letterhead_of(unit),
        data_to=period.data_to if period else month.last_day,
    )


def figures_of_month(
    unit: Unit, month: Month, *, language: str, at: datetime, authority: str = Authority.PPC
) -> MonthFigures:
    """The main indicators of the month, of ``unit`` and its children, on the month's own map.

    Last month's figures are on the same map, so that both can be compared.
    """
    ground = Ground()
    main = [indicator for indicator in ground.valid_in(month) if indicator.main]
    asked = {"unit": unit, "indicators": main, "children": True, "authority": authority}
    now = figures_for(month=month, ground=ground, **asked)
    before = figures_for(month=month - 1, on_map=month.first_day, ground=ground, **asked)
    shown = tuple(
        figure.indicator
        for figure in now
        if figure.unit == unit and not (figure.achieved is None and figure.target is None)
    )
    units = dict.fromkeys(figure.unit for figure in now)
    return MonthFigures(
        occasion=occasion_of(unit, month, language=language, at=at),
        authority=authority,
        province=Unit.objects.province_of(unit, month),
        indicators=shown,
        units=tuple(units),
        now=_by_key(now),
        before=_by_key(before),
        version=_version(now),
    )


def late_reports(unit: Unit, month: Month, *, language: str, at: datetime) -> LateReports:
    """Who was late with the report of ``month`` among the units at or below ``unit``.

    By the end of the day of ``at``; a report that is not due yet is not late.
    """
    as_of = timezone.localdate(at)
    reporting = list(Unit.objects.below(unit, month).filter(reports_at="commune").order_by("code"))
    sent = {
        report.unit_id: timezone.localdate(report.sent_at)
        for report in sent_reports([month]).filter(unit__in=reporting)
    }
    due = due_days({one.pk for one in reporting}, [month])
    above = _districts(reporting, month)
    late = []
    for one in reporting:
        day, sent_on = due[one.pk, month], sent.get(one.pk)
        until = sent_on or as_of
        if until > day:
            named = above.get(one.pk, "")
            late.append(LateReport(one, named, day, sent_on, (until - day).days))
    return LateReports(
        occasion=occasion_of(unit, month, language=language, at=at),
        as_of=as_of,
        expected=len(reporting),
        late=tuple(sorted(late, key=attrgetter("above", "unit.code"))),
    )


def _districts(units: Sequence[Unit], month: Month) -> dict[int, str]:
    """Unit to the name of the district above it; since July 2025 there is none."""
    rows = Ancestry.objects.in_month(month).filter(
        descendant__in=units, ancestor__tier=Tier.DISTRICT, depth=1
    )
    return dict(rows.values_list("descendant", "ancestor__full_name"))


def _by_key(figures: Sequence[Figure]) -> dict[tuple[int, int], Figure]:
    return {(figure.unit.pk, figure.indicator.pk): figure for figure in figures}


def _version(figures: Sequence[Figure]) -> str:
    plain = [as_dict(figure) for figure in figures]
    for row in plain:
        row.pop("name")
        row.pop("denominator_source", None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
