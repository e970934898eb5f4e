"""Which units have reported for a month, and for the twelve up to it, group by group. A read.

*Overdue* is derived from the due day and never stored: moving the day moves the mark.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from collection.following.roster import (
    Mark,
    Square,
    reporting_below,
    squares_of,
)
from collection.querysets import Reminded, reminded
from collection.rules import next_reminder
from commitments.models import Period
from commitments.querysets import provinces_of
from districts.models import Unit
from districts.months import Month
from reports.conference.completeness import due_days
from steering.accounts.models import User
from steering.accounts.paging import FIRST, Page, Turn, page_among, write_key
from steering.committee import access
from steering.committee.roles import Permission

STRIP = 12
"""How many months a unit's strip shows, the asked one last."""

STRIPS_ON_A_PAGE = 40

ROUNDED = 1_000_000
"""Shares are told apart to this part: no province has so many units that two would be taken for
one, and a whole number stands in an address."""


@dataclass(frozen=True)
class Line:
    """A unit's months, the asked one last."""

    unit: Unit
    strip: Sequence[Square]

    @property
    def now(self) -> Square:
        return self.strip[-1]


class _Counted:
    """How many of some lines stand where in the asked month: never more than there are lines."""

    lines: Sequence[Line]

    @cached_property
    def by_mark(self) -> Counter:
        return Counter(line.now.mark for line in self.lines)

    @property
    def expected(self) -> int:
        return len(self.lines)

    @property
    def on_time(self) -> int:
        return self.by_mark[Mark.ON_TIME]

    @property
    def late(self) -> int:
        return self.by_mark[Mark.LATE]

    @property
    def returned(self) -> int:
        return self.by_mark[Mark.RETURNED]

    @property
    def begun(self) -> int:
        return self.by_mark[Mark.BEGUN]

    @property
    def untouched(self) -> int:
        """Neither sent nor begun."""
        return self.by_mark[Mark.MISSING]

    @property
    def sent(self) -> int:
        return self.on_time + self.late

    @property
    def missing(self) -> int:
        """Not handed in, begun or not."""
        return self.expected - self.sent


@dataclass(frozen=True)
class Group(_Counted):
    """Units that are reminded together: those of a district, or of the province without one."""

    unit: Unit
    lines: Sequence[Line]
    reminded: Reminded
    """Of the asked month."""
    may_remind: bool

    @property
    def next_reminder(self) -> datetime | None:
        """When the next reminder is possible, if there was one."""
        return next_reminder(self.reminded.last.at) if self.reminded.last else None


class Stretch(NamedTuple):
    """A group with those of its lines whose strips are on the page; ``key`` leads to its first."""

    group: Group
    lines: Sequence[Line]
    key: str
    is_last: bool


@dataclass(frozen=True)
class Board(_Counted):
    """Completeness of one month at or below a unit, the worst group first."""

    unit: Unit
    month: Month
    months: Sequence[Month]
    groups: Sequence[Group]
    page: Page[Line]
    """The units whose strips are shown; all else tells of every unit."""
    due_on: date
    overdue: bool
    closed: bool

    @cached_property
    def lines(self) -> Sequence[Line]:
        return [line for group in self.groups for line in group.lines]

    @cached_property
    def stretches(self) -> list[Stretch]:
        """Every group, with what the page shows of it."""
        shown = {line.unit.pk for line in self.page}
        last = self.page.rows[-1] if shown else None
        return [
            Stretch(
                group,
                [line for line in group.lines if line.unit.pk in shown],
                write_key((*_worst_first(group), *_BEFORE_ALL)),
                is_last=last in group.lines,
            )
            for group in self.groups
        ]


def board(*, unit: Unit, month: Month, user: User, on: date, turn: Turn = FIRST) -> Board:
    """Who has reported at or below ``unit`` for ``month``, as ``user`` may see it on that day."""
    months = [month - back for back in reversed(range(STRIP))]
    units = list(reporting_below(unit, month))
    due = due_days([unit.pk, *(one.pk for one in units)], months)
    squares = squares_of(units, months, due)
    lines: dict[int, list[Line]] = defaultdict(list)
    for one in units:
        lines[one.stood_under].append(Line(one, [squares[one.pk, day] for day in months]))
    closed = Period.objects.filter(
        unit__in=provinces_of([unit.pk], month), month=month, closed_at__isnull=False
    ).exists()
    groups = sorted(
        _groups(lines, month, user, on, open_month=month.last_day < on and not closed),
        key=_worst_first,
    )
    return Board(
        unit=unit,
        month=month,
        months=months,
        groups=groups,
        page=_page(groups, turn),
        due_on=due[unit.pk, month],
        overdue=on > due[unit.pk, month],
        closed=closed,
    )


def _groups(
    lines: Mapping[int, Sequence[Line]], month: Month, user: User, on: date, *, open_month: bool
) -> list[Group]:
    known = Unit.objects.called_in(month).filter(pk__in=lines)
    last = reminded(lines.keys(), month)
    allowed = access.visible(known, user, on, permission=Permission.REMIND_REPORTERS)
    may_remind = set(allowed.values_list("pk", flat=True)) if open_month else set()
    return [
        Group(group, lines[group.pk], last[group.pk], group.pk in may_remind) for group in known
    ]


def _page(groups: Sequence[Group], turn: Turn) -> Page[Line]:
    """The lines at ``turn``, group by group."""
    keys = {
        line.unit.pk: (*_worst_first(group), line.unit.sort_key, line.unit.pk)
        for group in groups
        for line in group.lines
    }
    return page_among(
        [line for group in groups for line in group.lines],
        turn,
        by=lambda line: keys[line.unit.pk],
        kinds=(int, int, str, str, int),
        size=STRIPS_ON_A_PAGE,
    )


def _worst_first(group: Group) -> tuple[int, int, str]:
    """The largest share missing first, then the largest share late."""
    return (
        group.sent * ROUNDED // group.expected,
        (group.expected - group.late) * ROUNDED // group.expected,
        group.unit.code,
    )


_BEFORE_ALL = ("", 0)
"""Ends the key of a place before every unit of a group."""
