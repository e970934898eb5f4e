"""What the page of entering counts says around the sheet: where it stands and what is wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from collection.actions.drafts import (
    Conflict,
    Saved,
)
from collection.models import Receipt
from commitments.models import Move, Period, State, Submission
from commitments.rules import Fault
from districts.models import Unit
from districts.months import Month
from reports.charts import Course, usual_words
from reports.conference.completeness import due_days
from reports.pages.definitions import computed, group_name
from reports.wording.words import measure
from steering.accounts.models import User
from steering.committee import access
from steering.committee.roles import Permission

from .coverage import (
    Coverage,
    coverage_of,
)
from .lines import (
    Line,
    Question,
    Sheet,
    Sum,
)


@dataclass(frozen=True)
class Trouble:
    """One entry of the error summary, with the field it leads to.

    Without a label the message names what it is about.
    """

    field: str
    label: str
    message: str
    asks: bool = False


@dataclass(frozen=True)
class Row:
    """A line as a field. ``conflict`` is what somebody else put there: then ``text`` is one's own.

    A cell in conflict carries the version of the other text: saving again is meant knowingly.
    """

    line: Line
    conflict: Conflict | None
    text: str
    was: str
    version: str

    @classmethod
    def of(cls, line: Line, saved: Saved | None) -> "Row":
        if saved is None or saved.conflict is None:
            return cls(line, None, line.text, line.text, line.version)
        other = saved.conflict
        return cls(line, other, saved.text, other.text, other.version)

    @property
    def is_wrong(self) -> bool:
        blocked = any(asked.finding.blocks for asked in self.line.questions)
        return bool(self.conflict or self.line.error or blocked)

    @property
    def is_asked(self) -> bool:
        return any(asked.finding.needs_explanation for asked in self.line.questions)


@dataclass(frozen=True)
class Definition:
    """What is counted in a line, in words, and the months before as a drawing."""

    line: Line
    course: Course
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class OtherMonth:
    """A month of the same unit's reports; ``state`` is where its report is, None for none."""

    month: Month
    state: str | None
    is_due: bool
    address: str

    @property
    def is_missing(self) -> bool:
        """Whether it is due and lies with nobody but whoever has to send it."""
        return self.is_due and self.state in (None, State.DRAFT, State.RETURNED)

    @property
    def state_words(self) -> str:
        """``đã duyệt``; a report nobody has begun is ``chưa nộp``."""
        return State(self.state).label if self.state else pgettext("report", "not sent")


@dataclass(frozen=True)
class EntryPage:
    """A sheet, opened for typing or not, with what came of the last form.

    ``saved`` are the answers to the cells just sent, ``refused`` what kept the report from being
    sent: then empty cells are told too.
    """

    sheet: Sheet
    opened: bool
    saved: Mapping[str, Saved] = field(default_factory=dict)
    refused: Sequence[Fault] = ()
    why: str = ""

    @cached_property
    def is_open(self) -> bool:
        """Whether there are fields: the report is the reporter's, or they are correcting it."""
        untouched = self.sheet.is_sent or self.sheet.is_closed
        return self.opened or not untouched or self.sheet.has_drafts

    @cached_property
    def groups(self) -> list[tuple[str, list[Row], tuple[Sum, ...]]]:
        """Heading, fields and sums of each group."""
        return [
            (
                group_name(group.indicator),
                [Row.of(line, self.saved.get(line.indicator.code)) for line in group.lines],
                group.sums,
            )
            for group in self.sheet.groups
        ]

    @cached_property
    def coverage(self) -> Coverage | None:
        return coverage_of(self.sheet)

    @cached_property
    def last_move(self) -> Move | None:
        """The step that brought a sent report where it is."""
        report = self.sheet.submission
        return report and report.moves.select_related("by").last()

    @property
    def state_words(self) -> str:
        """Where the report is: ``dự thảo``, ``đã gửi``."""
        return State(self.sheet.state).label

    @property
    def days_late(self) -> int:
        return -self.sheet.days_left

    @property
    def earlier_url(self) -> str:
        """The report of the month before, where the unit stood then."""
        sheet = self.sheet
        return _address(sheet.unit, sheet.month - 1) if sheet.month > sheet.unit.since else ""

    @property
    def later_url(self) -> str:
        """The report of the month after, once it has begun and while the unit stands."""
        unit, later = self.sheet.unit, self.sheet.month + 1
        begun = later <= Month.containing(self.sheet.on)
        return _address(unit, later) if begun and later < unit.until else ""

    @cached_property
    def other_months(self) -> list[OtherMonth]:
        """The last twelve months that ended, the newest first, where the unit was to report.

        Since the first month of the province: before it nobody collected anything.
        """
        sheet = self.sheet
        opened = Period.objects.filter(unit=sheet.period.unit_id)
        first = opened.aggregate(first=Min("month"))["first"]
        if first is None:
            return []
        last = current_month(sheet.on)
        months = [last - back for back in range(12)]
        reports = Submission.objects.filter(unit=sheet.unit, month__in=months)
        states = dict(reports.values_list("month", "state"))
        due = due_days([sheet.unit.pk], months)
        return [
            OtherMonth(
                month,
                states.get(month),
                is_due=sheet.on > due[sheet.unit.pk, month],
                address=_address(sheet.unit, month),
            )
            for month in months
            if month >= first and sheet.unit.since <= month < sheet.unit.until
        ]

    @property
    def missing_elsewhere(self) -> int:
        """How many of those, but for the month of this page, are due and were not sent."""
        others = (other for other in self.other_months if other.month != self.sheet.month)
        return sum(other.is_missing for other in others)

    @cached_property
    def receipts(self) -> list[Receipt]:
        """Every sending that was confirmed, the latest first."""
        report = self.sheet.submission
        return list(report.receipts.all()) if report else []

    @property
    def may_withdraw(self) -> bool:
        return self.sheet.state == State.SUBMITTED and not self.sheet.is_closed

    @property
    def compares(self) -> bool:
        """Whether there is anything to compare with; not in the first month ever."""
        return bool(self.sheet.last.numbers or self.sheet.last_year.numbers)

    @property
    def has_past(self) -> bool:
        """Whether any of the twelve months before holds a number."""
        return any(earlier.numbers for earlier in self.sheet.before)

    @property
    def is_carried(self) -> bool:
        """Whether some month before was reported by other units, on the map of then."""
        return any(earlier.carried for earlier in self.sheet.before)

    @cached_property
    def definitions(self) -> list[Definition]:
        """What is counted in each line, and the year it continues."""
        return [
            Definition(line, course, _meaning(course))
            for line in self.sheet.lines
            for course in [self._course(line)]
        ]

    def _course(self, line: Line) -> Course:
        sheet = self.sheet
        on_map = [earlier.carried for earlier in sheet.before] + [False]
        return Course(
            indicator=line.indicator,
            month=sheet.month,
            before=line.before,
            now=line.value,
            usual=line.usual,
            broken=[
                sheet.before[0].month + place
                for place, (earlier, later) in enumerate(pairwise(on_map), start=1)
                if earlier and not later
            ],
        )

    # --- what is wrong ---------------------------------------------------------------------------

    @cached_property
    def conflicts(self) -> dict[str, Saved]:
        """Cells that somebody else changed meanwhile: what was typed is not saved."""
        return {code: saved for code, saved in self.saved.items() if saved.conflict}

    @cached_property
    def troubles(self) -> list[Trouble]:
        """Everything to correct or to explain, in the order of the page."""
        found = [
            Trouble(_field_of(fault), "", fault.message)
            for fault in self.refused
            if fault.column is None or fault.code == "too_long"
        ]
        for line in self.sheet.lines:
            found += self._of_line(line)
        return found + [_asked(question) for question in self.sheet.elsewhere if question.is_open]

    def _of_line(self, line: Line) -> list[Trouble]:
        cell, name = f"cell-{line.indicator.code}", line.indicator.name
        found = []
        if line.indicator.code in self.conflicts:
            found.append(Trouble(cell, name, _("somebody else changed this number meanwhile")))
        if line.error:
            found.append(Trouble(cell, name, line.error.message))
        elif line.value is None and self.refused:
            found.append(Trouble(cell, name, _("empty")))
        return found + [_asked(asked, cell) for asked in line.questions if asked.is_open]

    @property
    def trouble_title(self) -> str:
        """``1 error to correct, 1 reason to give``"""
        wrong = sum(not trouble.asks for trouble in self.troubles)
        asked = len(self.troubles) - wrong
        parts = []
        if wrong:
            text = ngettext("%(number)s thing to correct", "%(number)s things to correct", wrong)
            parts.append(text % {"number": wrong})
        if asked:
            text = ngettext("%(number)s reason to give", "%(number)s reasons to give", asked)
            parts.append(text % {"number": asked})
        return ", ".join(parts)


def _field_of(fault: Fault) -> str:
    """Where a refusal leads that is about no cell: the reason, an answer to a rule, or the page."""
    if fault.column is None:
        return "main"
    return "why" if fault.column == "why" else f"explanation-{fault.column}"


def _meaning(course: Course) -> list[tuple[str, str]]:
    """What whoever types has to know of a number, as (term, text) pairs."""
    indicator = course.indicator
    pairs = [
        (_("Counted in"), measure(indicator)),
        (_("How it is computed"), computed(indicator, ())),
    ]
    if course.usual:
        pairs.insert(0, (_("No reason is asked for"), usual_words(course)))
    if indicator.legal_basis:
        pairs.append((_("Legal basis"), indicator.legal_basis))
    return pairs


def _asked(question: Question, cell: str = "main") -> Trouble:
    finding = question.finding
    if finding.blocks:
        return Trouble(cell, "", finding.message)
    return Trouble(f"explanation-{finding.rule}", "", finding.message, asks=True)


def _address(unit: Unit, month: Month) -> str:
    return reverse("collection:sheet", args=[month, unit.code])


# --- which report --------------------------------------------------------------------------------


def current_month(today: date) -> Month:
    """The month that is being reported: the last one that has ended."""
    return Month.containing(today) - 1


@dataclass(frozen=True)
class Choice:
    """A unit somebody may report for, with the state of its report."""

    unit: Unit
    submission: Submission | None


def own_units(user: User, month: Month, today: date) -> list[Unit]:
    """The reporting units on whose own committee the reader sits."""
    seats = user.memberships.in_force_on(today).values("committee__unit")
    reached = _reached(user, month, today)
    return list(reached.filter(pk__in=seats))


def choices(user: User, month: Month, today: date, search: str) -> list[Choice]:
    """Every unit the reader may report for, in alphabetical order."""
    units = _reached(user, month, today)
    if search:
        units = units.matching(search)
    units = list(units.order_by("sort_key"))
    return [Choice(unit, report) for unit, report in _with_reports(units, month)]


def _reached(user: User, month: Month, today: date):
    units = Unit.objects.reporting_in(month)
    return access.visible(units, user, today, permission=Permission.REPORT_COUNTS)


def _with_reports(units: Collection[Unit], month: Month):
    found = Submission.objects.filter(month=month, unit__in=units)
    reports = {report.unit_id: report for report in found}
    return [(unit, reports.get(unit.pk)) for unit in units]
