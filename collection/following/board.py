"""Which units have reported for a month, and for the twelve up to it, group by group. A read.

*Overdue* is derived from the due day and never stored: moving the day moves the mark.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

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
from steering.committee import access
from steering.committee.roles import Permission

STRIP = 12
"""How many months a unit's strip shows, the asked one last."""


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


@dataclass(frozen=True)
class Board(_Counted):
    """Completeness of one month at or below a unit, the worst group first."""

    unit: Unit
    month: Month
    months: Sequence[Month]
    groups: Sequence[Group]
    due_on: date
    overdue: bool
    closed: bool

    @cached_property
    def lines(self) -> Sequence[Line]:
        return [line for group in self.groups for line in group.lines]


def board(*, unit: Unit, month: Month, user: User, on: date) -> Board:
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
    groups = _groups(lines, month, user, on, open_month=month.last_day < on and not closed)
    return Board(
        unit=unit,
        month=month,
        months=months,
        groups=sorted(groups, key=_worst_first),
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


def _worst_first(group: Group) -> tuple:
    """The largest share missing first, then the largest share late."""
    return (-group.missing / group.expected, -group.late / group.expected, group.unit.code)
