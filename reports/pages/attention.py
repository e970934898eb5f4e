"""What somebody must look at: contradictions, odd targets, missing reports, unsigned commitments.

Found by the rules and the explanations reporters gave, not by opinion; the arithmetic is shown.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import Commitment, Explanation, Indicator, Rule, Target
from commitments.rules import target_is_below_last
from districts.models import Tier, Unit
from districts.months import Month
from reports.conference.completeness import (
    Coverage,
    completeness,
)
from reports.engine.figures import Figure
from reports.ready.reading import trajectories
from reports.wording.headlines import count_of_units
from reports.wording.words import (
    amount,
    day,
    listed,
    month_number,
    number,
)

from .scope import Scope
from .state import DataState

_MOST_NAMED = 5


class Sort(StrEnum):
    """How an item is marked: something contradicts, or something is still to be done."""

    CONTRADICTION = "contradiction"
    TASK = "task"


@dataclass(frozen=True)
class Item:
    """One thing to look at. ``indicator`` is where its link leads, if anywhere.

    ``answer`` is what the reporters said to it already.
    """

    sort: Sort
    title: str
    text: str
    indicator: Indicator | None = None
    answer: str = ""


def attention(
    scope: Scope,
    state: DataState,
    children: Sequence[Unit],
    own: Mapping[str, Figure],
    mains: Sequence[Indicator],
    totals: Mapping[str, Sequence[str]],
) -> tuple[Item, ...]:
    """Everything worth a look about the unit, contradictions first.

    ``own`` is by code: the ``totals`` with their parts and, in December, the main indicators.
    """
    answers = _answers(scope)
    contradictions = _totals(own, totals, answers)
    judged = {item.indicator for item in contradictions}
    return (
        *contradictions,
        *_targets(scope, own, mains),
        *_missing(scope, state),
        *_waiting(state),
        *_unsigned(scope, children),
        *(answer.item for answer in answers if answer.indicator not in judged),
    )


# --- contradictions ------------------------------------------------------------------------------


def parts_of_totals() -> dict[str, list[str]]:
    """The totals that are judged, each with its parts, by code."""
    found = defaultdict(list)
    rows = Rule.objects.filter(kind=Rule.Kind.TOTAL_BETWEEN)
    for code, part in rows.values_list("indicator__code", "parts__code"):
        found[code].append(part)
    return found


def _totals(
    own: Mapping[str, Figure],
    parts: Mapping[str, Sequence[str]],
    answers: Sequence["_Answer"],
) -> list[Item]:
    """Totals that do not lie between their largest part and their sum, with what was explained."""
    found = [_total(own, code, below) for code, below in parts.items()]
    said = {answer.indicator: answer.text for answer in answers}
    return [replace(item, answer=said.get(item.indicator, "")) for item in found if item]


def _total(own: Mapping[str, Figure], code: str, parts: Sequence[str]) -> Item | None:
    whole = own.get(code)
    known = [own[part] for part in parts if part in own and own[part].value is not None]
    if whole is None or whole.value is None or not known:
        return None
    largest = max(known, key=lambda figure: figure.value)
    together = sum(figure.value for figure in known)
    said = {
        "total": whole.indicator.name,
        "value": number(whole.value),
        "part": largest.indicator.name,
        "largest": number(largest.value),
        "sum": number(together),
    }
    if whole.value < largest.value:
        return Item(
            Sort.CONTRADICTION,
            _("A total is less than one of its parts"),
            _("%(total)s: %(value)s; %(part)s alone: %(largest)s.") % said,
            whole.indicator,
        )
    if whole.value > together:
        return Item(
            Sort.CONTRADICTION,
            _("A total is more than the sum of its parts"),
            _("%(total)s: %(value)s; its parts together: %(sum)s.") % said,
            whole.indicator,
        )
    return None


def _targets(scope: Scope, own: Mapping[str, Figure], mains: Sequence[Indicator]) -> list[Item]:
    """Targets of the unit that ask for less than was reached by the December before."""
    last = scope.month if scope.month.month == 12 else scope.month.last_december
    assigned = _assigned(scope, last.year + 1)
    indicators = [indicator for indicator in mains if indicator.code in assigned]
    if not indicators:
        return []
    if last == scope.month:
        results = {one.code: own[one.code].achieved for one in indicators}
    else:
        results = _reached(scope, last, indicators)
    below = [
        _compared(indicator, assigned[indicator.code], results[indicator.code])
        for indicator in indicators
        if _asks_for_less(indicator, assigned[indicator.code], results.get(indicator.code))
    ]
    if not below:
        return []
    return [
        Item(
            Sort.CONTRADICTION,
            _("Targets of %(year)d are below the results of %(last)d")
            % {"year": last.year + 1, "last": last.year},
            "; ".join(below) + ". " + _("Check what each was divided by."),
            indicators[0],
        )
    ]


def _assigned(scope: Scope, year: int) -> dict[str, int]:
    """What the unit's main indicators were assigned for a year (scaled): the newest decision."""
    rows = Target.objects.filter(
        unit=scope.unit,
        indicator__main=True,
        decision__year=year,
        decision__authority=scope.authority,
    ).order_by("decision__effective_on", "decision__issued_on", "decision_id")
    return dict(rows.values_list("indicator__code", "value"))


def _reached(
    scope: Scope, month: Month, indicators: Sequence[Indicator]
) -> dict[str, int | Decimal | None]:
    """The unit's results of an earlier month on the map shown."""
    lines = trajectories(
        units=[scope.unit],
        indicators=indicators,
        months=[month],
        **scope.asked_over_time,
    )
    return {one.code: lines[scope.unit.pk, one.pk][0].value for one in indicators}


def _asks_for_less(indicator: Indicator, target: int, result: int | Decimal | None) -> bool:
    return target_is_below_last(
        target=target,
        last=None if result is None else int(result * indicator.scale),
        direction=indicator.direction,
    )


def _compared(indicator: Indicator, target: int, result: int | Decimal) -> str:
    return _("%(indicator)s: %(target)s after %(result)s") % {
        "indicator": indicator.name,
        "target": amount(indicator, Decimal(target) / indicator.scale),
        "result": amount(indicator, result),
    }


# --- what is still to be done --------------------------------------------------------------------


def _missing(scope: Scope, state: DataState) -> list[Item]:
    """Reports that were not sent, and those that came late, with the units they lack from."""
    if state.period is None or scope.is_future:
        return []
    rows = completeness(unit=scope.unit, months=[scope.month])
    found = []
    if state.missing:
        found.append(
            Item(
                Sort.TASK,
                _("%(missing)s of %(expected)s reports of %(month)s have not been sent")
                % {
                    "missing": number(state.missing),
                    "expected": number(state.expected),
                    "month": month_number(scope.month),
                },
                _most(rows, "missing"),
            )
        )
    late = sum(row.late for row in rows)
    if late:
        found.append(
            Item(
                Sort.TASK,
                ngettext(
                    "%(count)s report came after the due day",
                    "%(count)s reports came after the due day",
                    late,
                )
                % {"count": number(late)},
                _("Due %(day)s. ") % {"day": day(state.period.due_on)} + _most(rows, "late"),
            )
        )
    return found


def _most(rows: Sequence[Coverage], what: str) -> str:
    """The units with the most of something: ``Sông Mã 3, Sốp Cộp 1, …``"""
    found = sorted(
        (row for row in rows if getattr(row, what)),
        key=lambda row: (-getattr(row, what), row.unit.code),
    )
    leaves = all(row.unit.reports_at for row in found)
    names = [
        row.unit.name if leaves else f"{row.unit.name} {number(getattr(row, what))}"
        for row in found[:_MOST_NAMED]
    ]
    more = len(found) - len(names)
    if more > 0:
        names.append(_("%(count)s more") % {"count": number(more)})
    return listed(names) + "." if names else ""


def _waiting(state: DataState) -> list[Item]:
    if not state.waiting:
        return []
    return [
        Item(
            Sort.TASK,
            ngettext(
                "%(count)s report is waiting for approval",
                "%(count)s reports are waiting for approval",
                state.waiting,
            )
            % {"count": number(state.waiting)},
            _("Their numbers count once they are approved."),
        )
    ]


def _unsigned(scope: Scope, children: Sequence[Unit]) -> list[Item]:
    """Units that were assigned targets and have not signed for them."""
    years = [scope.month.year, scope.month.year + 1][: 2 if scope.month.month == 12 else 1]
    assigned = defaultdict(set)
    rows = Target.objects.filter(unit__in=children, decision__year__in=years)
    for year, unit in rows.values_list("decision__year", "unit").distinct():
        assigned[year].add(unit)
    if not assigned:
        return []
    year = max(assigned)
    signed = set(
        Commitment.objects.standing()
        .filter(unit__in=children, year=year)
        .values_list("unit", flat=True)
    )
    lacking = [unit for unit in children if unit.pk in assigned[year] - signed]
    if not lacking:
        return []
    return [
        Item(
            Sort.TASK,
            _("%(signed)s of %(units)s commitments for %(year)d are signed")
            % {
                "signed": number(len(assigned[year]) - len(lacking)),
                "units": number(len(assigned[year])),
                "year": year,
            },
            _lacking(lacking),
        )
    ]


def _lacking(units: Sequence[Unit]) -> str:
    if len(units) > _MOST_NAMED:
        return _("Not yet signed: %(units)s.") % {"units": count_of_units(units)}
    return _("Not yet signed: %(units)s.") % {"units": listed([unit.name for unit in units])}


# --- what reporters explained --------------------------------------------------------------------


@dataclass(frozen=True)
class _Answer:
    """What reporters were asked to explain by one rule, and the commonest answer."""

    indicator: Indicator | None
    reports: int
    text: str
    others: int
    by_province: bool

    @property
    def item(self) -> Item:
        said = {
            "indicator": self.indicator.name if self.indicator else "–",
            "count": number(self.reports),
        }
        if self.by_province:
            title = _("%(indicator)s: the province explained its report")
        else:
            title = ngettext(
                "%(indicator)s: %(count)s report was explained",
                "%(indicator)s: %(count)s reports were explained",
                self.reports,
            )
        text = f"“{self.text}”" if self.text else ""
        if text and self.others:
            text += _(" (and %(count)s others)") % {"count": number(self.others)}
        return Item(Sort.TASK, title % said, text, self.indicator)


def _answers(scope: Scope) -> list[_Answer]:
    """Explanations of the month at or below the unit, gathered by rule, the most frequent first."""
    rows = (
        Explanation.objects.filter(
            submission__month=scope.month,
            submission__unit__ancestries__ancestor=scope.unit,
            submission__unit__ancestries__since__lte=F("submission__month"),
            submission__unit__ancestries__until__gt=F("submission__month"),
        )
        .values_list("rule", "rule__indicator", "submission__unit__tier", "text")
        .annotate(reports=Count("pk"))
        .order_by()
    )
    texts: dict[int, Counter] = defaultdict(Counter)
    about, by_province = {}, set()
    for rule, indicator, tier, text, count in rows:
        texts[rule][text] += count
        about[rule] = indicator
        if tier == Tier.OFFICE:
            by_province.add(rule)
    indicators = scope.ground.catalogue
    found = [
        _Answer(
            indicator=indicators.get(about[rule]),
            reports=said.total(),
            text=min(said, key=lambda text: (-said[text], text)),
            others=len(said) - 1,
            by_province=rule in by_province,
        )
        for rule, said in texts.items()
    ]
    return sorted(found, key=lambda answer: (-answer.reports, answer.text))
