"""Which reports need a decision of this reader, and what is unusual about each. A read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count as CountOf
from django.db.models import F, QuerySet

from commitments.actions.reporting.periods import usual_period
from commitments.models import (
    Count,
    Explanation,
    Indicator,
    Move,
    Period,
    Revision,
    State,
    Submission,
)
from commitments.querysets import Standing, last_moves, standings
from commitments.steps import steps
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import is_on_time
from reports.engine.rules import half_up
from steering.accounts.models import User
from steering.accounts.paging import FIRST, Page, Turn, page_among, write_key
from steering.committee import access
from steering.committee.roles import Permission

UNUSUAL = Fraction(5, 100)
"""A number that moved by more than this against last month is shown; smaller moves are folded."""

ON_A_PAGE = 25

GLANCE = 6
"""So many unusual numbers of a report stand in a list; those somebody has to judge all do."""

LEAST = 10
"""Fewer than so many more or less are no news, whatever they are in percent."""

HEADLINE = "HI"
"""The number a report is recognised by."""

SHOWN = {
    "waiting": (State.SUBMITTED, State.VERIFIED),
    "returned": (State.RETURNED,),
    "approved": (State.APPROVED,),
}
"""The lists of the page, and the states of the reports in each."""

ONLY = ("explained", "corrected", "late")
"""What a list can be narrowed to."""


class Written(NamedTuple):
    """What was said when a number was last changed."""

    source: str
    """Where it was read: a file and its cell, or that it was copied from last month."""
    why: str
    """Why it was changed; a correction of a closed month always says so."""


NOTHING_SAID = Written("", "")
NO_NUMBER = (None, None)


@dataclass(frozen=True)
class Cell:
    """One number of a report beside last month's and the approved one, and what was explained."""

    indicator: Indicator
    value: int | None
    approved: int | None
    last: int | None
    explanations: Sequence[Explanation] = ()
    written: Written = NOTHING_SAID

    @property
    def change(self) -> int | None:
        return None if None in (self.value, self.last) else self.value - self.last

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of last month; None where there is nothing to divide by."""
        if not self.change or not self.last:
            return None
        return half_up(Fraction(self.change * 100, self.last), 1)

    @property
    def is_first(self) -> bool:
        """Whether last month holds nothing to compare it with; a sum is never held itself."""
        return self.value is not None and self.last is None and self.indicator.is_entered

    @property
    def is_correction(self) -> bool:
        """Whether another number is official already."""
        return self.approved is not None and self.approved != self.value

    @property
    def is_warning(self) -> bool:
        """Whether a rule asked about it, or an approved number is corrected."""
        return bool(self.explanations) or self.is_correction

    @property
    def is_unusual(self) -> bool:
        if self.is_warning or self.is_first:
            return True
        moved = abs(self.change or 0)
        return moved >= LEAST and moved > UNUSUAL * (self.last or 0)


class Sending(NamedTuple):
    """How a report came to lie here: the last time it was handed in, by whom and why."""

    at: datetime
    by: User | None
    why: str
    is_first: bool


@dataclass(frozen=True)
class Reviewed:
    """A report as its reviewer sees it: what is unusual, how much is folded, what can be done."""

    report: Submission
    steps: Sequence[str]
    cells: Sequence[Cell]
    on_time: bool
    closed: bool
    verifier: int | None
    """The unit between commune and province that verifies the report, if one does."""
    sending: Sending | None
    last_move: int
    """The step after which the report is shown: a decision is about what was there to be seen."""

    @property
    def seen(self) -> str:
        """The report and its last step, as a form brings them back."""
        return f"{self.report.pk}:{self.last_move}"

    @cached_property
    def unusual(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_unusual]

    @cached_property
    def glance(self) -> list[Cell]:
        """What a list shows of them: all explained and corrected ones, of others the first."""
        room = GLANCE - sum(cell.is_warning for cell in self.unusual)
        found = []
        for cell in self.unusual:
            room -= not cell.is_warning
            if cell.is_warning or room >= 0:
                found.append(cell)
        return found

    @property
    def beyond_glance(self) -> int:
        return len(self.unusual) - len(self.glance)

    @property
    def folded(self) -> int:
        """How many numbers moved so little that nobody need look."""
        return len(self.cells) - len(self.unusual)

    @cached_property
    def headline(self) -> Cell | None:
        """The number the report is recognised by; the first there is where it has no such."""
        known = {cell.indicator.code: cell for cell in self.cells}
        return known.get(HEADLINE) or next(iter(self.cells), None)

    @property
    def explained(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.explanations]

    @property
    def corrections(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_correction]

    @cached_property
    def is_first(self) -> bool:
        """Whether nothing in it can be compared: a rule about changes had nothing to judge."""
        entered = [cell for cell in self.cells if cell.indicator.is_entered]
        return bool(entered) and all(cell.is_first for cell in entered)

    @cached_property
    def is_clean(self) -> bool:
        """Whether it has no warning, and can be passed together with others.

        A warning is that a rule asked, that an approved number is corrected, or that nothing can
        be compared. A number that moved, and that no rule asks about, is shown and is no warning.
        """
        return not (self.explained or self.corrections or self.is_first)

    @property
    def passing(self) -> str | None:
        """The verb that passes the report on, if the reader may: verify or approve."""
        return next((verb for verb in ("approve", "verify") if verb in self.steps), None)

    def waits_for(self, seats: Collection[int]) -> bool:
        """Whether it is the turn of somebody who sits at one of ``seats``.

        Verifying is the turn of the verifying unit alone, though a seat above could do it for it.
        """
        return bool(self.passing) and (self.passing == "approve" or self.verifier in seats)

    @property
    def passes_unseen(self) -> bool:
        """Whether the reader may pass it on together with others."""
        return bool(self.passing) and self.is_clean

    def fits(self, only: str | None) -> bool:
        fitting = {
            "explained": bool(self.explained),
            "corrected": bool(self.corrections),
            "late": not self.on_time,
        }
        return fitting.get(only, True)


@dataclass(frozen=True)
class Queue:
    """One month's reports below the reader's seats, in one of the lists of ``SHOWN``: a page of it.

    What is counted is counted in the whole list.
    """

    month: Month
    shown: str
    only: str | None
    page: Page[Reviewed]
    number: int
    """How many reports the list has."""
    clean_in_all: int
    elsewhere: int
    """How many wait for the decision of somebody else, such as the district's."""
    by_state: Mapping[str, int]
    waiting_by_month: Mapping[Month, int]

    @property
    def reports(self) -> Sequence[Reviewed]:
        return self.page.rows

    @cached_property
    def clean(self) -> list[Reviewed]:
        """The reports of the page that can be passed together."""
        return [row for row in self.reports if row.passes_unseen]

    @property
    def is_part(self) -> bool:
        """Whether the list has more than the page."""
        return len(self.reports) < self.number

    @property
    def first_clean(self) -> str:
        """Leads to the first page with a report that can be passed with others."""
        return write_key(("1", "", 0))

    @property
    def clean_elsewhere(self) -> int:
        """How many more of them the other pages have."""
        return max(0, self.clean_in_all - len(self.clean))

    @property
    def standing_out(self) -> int:
        """In how many of those a number is unusual although no rule asks about it."""
        return sum(bool(row.unusual) for row in self.clean)

    def count(self, shown: str) -> int:
        return sum(self.by_state.get(state, 0) for state in SHOWN[shown])


def within_reach(user: User, on: date) -> QuerySet[Submission]:
    """The reports that ``user`` reviews on that day, of every month and state."""
    return access.visible(
        Submission.objects.all(),
        user,
        on,
        unit_field="unit",
        permission=Permission.VERIFY_REPORTS,
    )


def queue(
    *,
    user: User,
    on: date,
    month: Month | None = None,
    shown: str = "waiting",
    only: str | None = None,
    turn: Turn = FIRST,
) -> Queue:
    """What needs a decision first: reports with warnings, late ones, then whatever is unusual.

    Without ``month`` it is the latest with a report that waits.
    """
    reach = within_reach(user, on)
    waiting = _waiting_by_month(reach)
    month = month or _latest(waiting, on)
    of_month = reach.filter(month=month)
    by_state = dict(of_month.values_list("state").annotate(CountOf("pk")).order_by())
    chosen = list(of_month.filter(state__in=SHOWN[shown]).select_related("unit"))
    rows = reviewed(chosen, user=user, on=on, in_brief=True)
    seats = _seats(user, on)
    mine = [row for row in rows if shown != "waiting" or row.waits_for(seats) or row.closed]
    fitting = sorted((row for row in mine if row.fits(only)), key=_first_needed)
    page = page_among(fitting, turn, by=_first_needed, kinds=(str, str, int), size=ON_A_PAGE)
    whole = reviewed(_called_then([row.report for row in page], month), user=user, on=on)
    return Queue(
        month=month,
        shown=shown,
        only=only,
        page=replace(page, rows=whole),
        number=len(fitting),
        clean_in_all=sum(row.passes_unseen for row in fitting),
        elsewhere=len(rows) - len(mine),
        by_state=by_state,
        waiting_by_month=waiting,
    )


def _first_needed(row: Reviewed) -> tuple[str, str, int]:
    """The place of a report in its list, as its pages are told from; no two have the same."""
    needed = f"{row.is_clean:d}{row.on_time:d}{not row.unusual:d}"
    return needed, row.report.unit.sort_key, row.report.pk


def passed_unseen(
    *, user: User, on: date, month: Month, among: Collection[int] | None = None
) -> list[Reviewed]:
    """The reports of ``month`` that ``user`` may pass on together; ``among`` those ids if given."""
    chosen = within_reach(user, on).filter(month=month, state__in=SHOWN["waiting"])
    if among is not None:
        chosen = chosen.filter(pk__in=among)
    rows = reviewed(_called_then(list(chosen), month), user=user, on=on, in_brief=True)
    seats = _seats(user, on)
    return [row for row in rows if row.passes_unseen and row.waits_for(seats)]


def month_to_review(user: User, on: date) -> Month:
    """The latest month with a report that waits, otherwise the last that has ended."""
    return _latest(_waiting_by_month(within_reach(user, on)), on)


def _latest(waiting: Collection[Month], on: date) -> Month:
    return max(waiting, default=Month.containing(on) - 1)


def _seats(user: User, on: date) -> set[int]:
    """The units on whose committees somebody sits."""
    return set(user.memberships.in_force_on(on).values_list("committee__unit", flat=True))


def _called_then(reports: Sequence[Submission], month: Month) -> Sequence[Submission]:
    """The same, their units called as in the month."""
    units = Unit.objects.called_in(month).in_bulk([report.unit_id for report in reports])
    for report in reports:
        report.unit = units[report.unit_id]
    return reports


def _waiting_by_month(reach: QuerySet[Submission]) -> dict[Month, int]:
    rows = reach.filter(state__in=SHOWN["waiting"]).values_list("month").annotate(CountOf("pk"))
    return dict(rows.order_by("month"))


def reviewed(
    reports: Sequence[Submission], *, user: User, on: date, in_brief: bool = False
) -> list[Reviewed]:
    """Each of ``reports``, of one month, with its numbers; as many queries for one as for many.

    ``in_brief`` leaves out what was said of numbers and sendings: no list is put in order by it.
    """
    if not reports:
        return []
    month = reports[0].month
    allowed = steps(reports=reports, actor=user, on=on)
    # Before the numbers: who changes them in between changes what was seen, and is not passed over.
    last = last_moves(reports)
    cells = _cells(
        reports, month, {} if in_brief else _written([report.unit_id for report in reports], month)
    )
    sendings = {} if in_brief else _sendings(reports)
    places = standings([report.unit_id for report in reports], month)
    periods = _periods(reports, places, month)
    found = []
    for report in reports:
        place = places.get(report.unit_id)
        period = periods[report.unit_id]
        found.append(
            Reviewed(
                report=report,
                steps=allowed.get(report.pk, ()),
                cells=cells[report.unit_id],
                on_time=report.sent_at is None or is_on_time(report.sent_at, period.due_on),
                closed=period.is_closed,
                verifier=place and place.verifier,
                sending=sendings.get(report.pk),
                last_move=last.get(report.pk, 0),
            )
        )
    return found


def _cells(
    reports: Sequence[Submission], month: Month, written: Mapping[tuple[int, int], Written]
) -> dict[int, list[Cell]]:
    """The numbers of each unit's report, in the order of the catalogue."""
    units = {report.unit_id: report.pk for report in reports}
    held, before = _numbers(units, month), _numbers(units, month - 1)
    answers: dict[tuple[int, int], list[Explanation]] = defaultdict(list)
    for row in Explanation.objects.filter(submission__in=units.values()).select_related("rule"):
        answers[row.submission_id, row.rule.indicator_id].append(row)
    found: dict[int, list[Cell]] = {unit: [] for unit in units}
    told = {indicator for _, indicator in (*held, *answers)}
    for indicator in Indicator.objects.filter(pk__in=told):
        for unit, report in units.items():
            value, approved = held.get((unit, indicator.pk), NO_NUMBER)
            asked = answers.get((report, indicator.pk), ())
            if asked and not indicator.is_entered:
                # Nobody reports a sum; it is the number that the rule read.
                value = asked[0].read
            if value is not None or approved is not None or asked:
                last, _ = before.get((unit, indicator.pk), NO_NUMBER)
                said = written.get((unit, indicator.pk), NOTHING_SAID)
                found[unit].append(Cell(indicator, value, approved, last, tuple(asked), said))
    return found


def _numbers(
    units: Collection[int], month: Month
) -> dict[tuple[int, int], tuple[int | None, int | None]]:
    """What is reported and what is approved, by unit and indicator."""
    rows = Count.objects.filter(month=month, unit__in=units)
    return {
        (unit, indicator): (value, approved)
        for unit, indicator, value, approved in rows.values_list(
            "unit", "indicator", "value", "approved"
        )
    }


def _periods(
    reports: Sequence[Submission], places: Mapping[int, Standing], month: Month
) -> dict[int, Period]:
    """The month of each unit's own province; with the usual dates while nobody has opened it."""
    provinces = {
        report.unit_id: place and place.province
        for report in reports
        for place in [places.get(report.unit_id)]
    }
    opened = Period.objects.filter(unit__in=set(provinces.values()), month=month)
    found: dict[int | None, Period] = {period.unit_id: period for period in opened}
    # Hardly ever: a report is there because its month was opened.
    for province in set(provinces.values()) - found.keys():
        found[province] = usual_period(province, month)
    return {unit: found[province] for unit, province in provinces.items()}


def _written(units: Collection[int], month: Month) -> dict[tuple[int, int], Written]:
    """What was said when each number was last changed, by unit and indicator."""
    rows = Revision.objects.filter(month=month, unit__in=units, new_value__isnull=False)
    changed = rows.exclude(old_value=F("new_value")).order_by("pk")
    return {
        (unit, indicator): Written(source, why)
        for unit, indicator, source, why in changed.values_list(
            "unit", "indicator", "source", "why"
        )
    }


def _sendings(reports: Sequence[Submission]) -> dict[int, Sending]:
    """The sending that lies with the reviewer, by the report's id."""
    moves = Move.objects.filter(submission__in=[report.pk for report in reports], verb="send")
    sent = defaultdict(list)
    for move in moves.order_by("pk").select_related("by"):
        sent[move.submission_id].append(move)
    return {
        report.pk: Sending(
            # A first sending may be entered later than it was made.
            at=last.at if len(sent[report.pk]) > 1 or not report.sent_at else report.sent_at,
            by=last.by,
            why=last.why,
            is_first=len(sent[report.pk]) == 1,
        )
        for report in reports
        if sent[report.pk]
        for last in [sent[report.pk][-1]]
    }


def rounds(report: Submission) -> list[Move]:
    """Every step of a report with its comment, the oldest first."""
    return list(report.moves.select_related("by"))
