"""Who changed which number, and which report went which way: everything, the latest first. A read.

Two tables tell it, revisions of numbers and moves of reports; neither is ever altered. Each is
read by its key from the newest down and the two are merged, so a page costs the same however long
the past is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from heapq import merge
from itertools import islice

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.lookups import Contains
from django.utils import timezone

from commitments.models import Indicator, Move, Revision
from districts.models import Ancestry, Unit
from districts.months import Month
from districts.searching import SearchKey
from districts.vietnamese import search_key
from steering.accounts.models import User
from steering.accounts.paging import FIRST, Key, Page, Turn, read_key, write_key
from steering.committee import access
from steering.committee.models import Membership
from steering.committee.roles import Permission

ROWS_ON_A_PAGE = 50
WIDE = 10
"""Whoever asks about more than one in so many units reads by key from the newest change down."""
REPORTED, APPROVED = "reported", "approved"
STEPS = ("send", "verify", "approve", "return", "withdraw", "correct", "revoke", "undo")
KINDS = (REPORTED, APPROVED, *(f"step:{verb}" for verb in STEPS))
"""Kinds of change: a number reported, a number made official, or a step of a report."""


@dataclass(frozen=True)
class Filters:
    """What the history is narrowed to; what is empty narrows nothing. ``person`` is an account."""

    person: str = ""
    units: tuple[Unit, ...] = ()
    indicator: Indicator | None = None
    month: Month | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def verb(self) -> str:
        return self.kind.removeprefix("step:") if self.kind.startswith("step:") else ""


@dataclass(frozen=True)
class Change:
    """One row: a revision of a number, or a move of a report; ``role`` is the actor's then."""

    at: datetime
    row: Revision | Move
    unit: Unit
    month: Month
    by: User | None
    role: str

    @property
    def is_number(self) -> bool:
        return isinstance(self.row, Revision)

    @property
    def reported(self) -> bool:
        return self.is_number and self.row.old_value != self.row.new_value

    @property
    def approved(self) -> bool:
        return self.is_number and self.row.old_approved != self.row.new_approved


@dataclass(frozen=True)
class Trail:
    """Every change that ``user`` may read on a day, as far as the filters let it through."""

    user: User
    on: date
    filters: Filters = field(default_factory=Filters)

    def page(self, turn: Turn = FIRST) -> Page[Change]:
        """Some changes, the latest first.

        A key tells the newest revision and the newest move below it, 0 where none is: whatever is
        written later lies above every key.
        """
        key = read_key(turn.key, (int, int))
        if key and turn.back:
            above = self._above(*key)
            if len(above) > ROWS_ON_A_PAGE:
                shown = above[ROWS_ON_A_PAGE - 1 :: -1]
                return _page(shown, before=_top(shown, key), after=key)
            # With those below the key, the few that are left above make up the first page.
            key = None
        revisions, moves = self._below(*key) if key else self._below()
        shown = list(islice(_merged(revisions, moves), ROWS_ON_A_PAGE))
        if key and not shown:
            return self.page()
        numbers = sum(isinstance(row, Revision) for row in shown)
        unread = revisions[numbers:], moves[len(shown) - numbers :]
        after = tuple(rows[0].pk if rows else 0 for rows in unread)
        return _page(shown, before=key, after=after if any(after) else None)

    def _below(self, *key: int) -> tuple[list[Revision], list[Move]]:
        """As many of each as a page could take, and one more, from the key or the newest down."""
        rows = self.revisions, self.moves
        if key:
            rows = [of.filter(pk__lte=newest) for of, newest in zip(rows, key, strict=True)]
        revisions, moves = (list(of[: ROWS_ON_A_PAGE + 1]) for of in rows)
        return revisions, moves

    def _above(self, revision: int, move: int) -> list[Revision | Move]:
        """The changes above a key, the oldest first: one more than a page could take."""
        most = ROWS_ON_A_PAGE + 1
        moves = self.moves.filter(pk__gt=move).order_by("pk")[:most]
        revisions = self.revisions.filter(pk__gt=revision).order_by("pk")[:most]
        # Against ``_merged``: of the same moment, the step lies above the number it carried.
        return list(islice(merge(moves, revisions, key=_moment), most))

    def everything(self) -> Iterator[Change]:
        """All of it, read bit by bit."""
        seats = Seats()
        chunks = [rows.iterator(chunk_size=2000) for rows in (self.revisions, self.moves)]
        for row in _merged(*chunks):
            yield _change(row, seats)

    @property
    def revisions(self) -> QuerySet[Revision]:
        """The revisions let through, the latest first."""
        asked = self.filters
        found = Revision.objects.select_related("unit", "indicator", "by")
        found = self._narrowed(found, "unit", "month", texts=("why", "source"))
        if asked.indicator:
            found = found.filter(indicator=asked.indicator)
        if asked.verb:
            return found.none()
        if asked.kind == REPORTED:
            found = found.filter(_differ("old_value", "new_value"))
        if asked.kind == APPROVED:
            found = found.filter(_differ("old_approved", "new_approved"))
        return found.order_by("-pk")

    @property
    def moves(self) -> QuerySet[Move]:
        """The moves let through, the latest first; a move is about no single indicator."""
        asked = self.filters
        found = Move.objects.select_related("submission__unit", "by")
        found = self._narrowed(found, "submission__unit", "submission__month", texts=("why",))
        if asked.indicator or asked.kind in (REPORTED, APPROVED):
            return found.none()
        if asked.verb:
            found = found.filter(verb=asked.verb)
        return found.order_by("-pk")

    @cached_property
    def _places(self) -> QuerySet[Unit]:
        """The units it is about: within the reader's reach, and below those asked for."""
        units = access.visible(
            Unit.objects.order_by(), self.user, self.on, permission=Permission.SEE_HISTORY
        )
        if self.filters.units:
            below = Ancestry.objects.filter(ancestor__in=self.filters.units)
            units = units.filter(pk__in=below.values("descendant"))
        return units

    @cached_property
    def _is_wide(self) -> bool:
        """Whether so many units are meant that among any few hundred changes are some of theirs."""
        if self.filters.indicator and self.filters.month:
            return False  # then a single unit has a handful, and the index leads to them
        meant = Count("pk", filter=Q(pk__in=self._places.values("pk")))
        units = Unit.objects.aggregate(meant=meant, all=Count("pk"))
        return units["meant"] * WIDE > units["all"]

    def _narrowed(
        self, rows: QuerySet, unit: str, month: str, *, texts: tuple[str, ...]
    ) -> QuerySet:
        """The filters that both tables know."""
        asked = self.filters
        if self._is_wide:
            # No index has an expression: the rows are read by key from the newest down, until a
            # page is full. By units all of theirs would be read first, and then put into order.
            rows = rows.alias(place=F(f"{unit}_id") + 0).filter(place__in=self._places.values("pk"))
        else:
            rows = rows.filter(**{f"{unit}__in": self._places.values("pk")})
        if asked.person:
            rows = rows.filter(by__username=asked.person)
        if asked.month:
            rows = rows.filter(**{month: asked.month})
        if asked.since:
            rows = rows.filter(at__gte=_at(asked.since, time.min))
        if asked.until:
            rows = rows.filter(at__lte=_at(asked.until, time.max))
        if asked.text:
            rows = rows.filter(_said(asked.text, unit, texts))
        return rows


class Seats:
    """Who sat where when: one query for the people of a page, or for everybody."""

    def __init__(self, people: Iterable[int | None] | None = None):
        self._people = people if people is None else {one for one in people if one}

    @cached_property
    def _held(self) -> Mapping[int, list[Membership]]:
        seats = Membership.objects.order_by("-since")
        if self._people is not None:
            seats = seats.filter(user__in=self._people)
        held = defaultdict(list)
        for seat in seats:
            held[seat.user_id].append(seat)
        return held

    def role(self, person: int | None, at: datetime) -> str:
        """The roles somebody held at a moment, in words; empty where there was none."""
        day = timezone.localdate(at)
        seats = self._held[person] if person else ()
        roles = [
            str(seat.get_role_display())
            for seat in seats
            if seat.since <= day and (seat.until is None or day < seat.until)
        ]
        return ", ".join(dict.fromkeys(roles))


def _at(day: date, of_day: time) -> datetime:
    """A time of day here, that a column can be held against as it stands."""
    return timezone.make_aware(datetime.combine(day, of_day))


def _said(text: str, unit: str, texts: Iterable[str]) -> Q:
    """Rows that say ``text`` in one of their ``texts``, or in the name of their unit or person.

    Each is looked at by itself: reasons and people are few, so their folded forms are remembered.
    """
    wanted = search_key(text)
    people = User.objects.alias(said=SearchKey("name")).filter(said__contains=wanted)
    found = Q(**{f"{unit}__search_key__contains": wanted}) | Q(by__in=people)
    for name in texts:
        found |= Contains(SearchKey(name), Value(wanted))
    return found


def _merged(revisions: Iterable[Revision], moves: Iterable[Move]) -> Iterator[Revision | Move]:
    """Both, the latest first; a number before the step that carried it."""
    return merge(revisions, moves, key=_moment, reverse=True)


def _moment(row: Revision | Move) -> datetime:
    return row.at


def _top(shown: Sequence[Revision | Move], key: Key) -> Key:
    """The key above these, which lie upon another; a table none of them is from keeps its own."""
    newest = {type(row): row.pk for row in reversed(shown)}
    return newest.get(Revision, key[0]), newest.get(Move, key[1])


def _page(shown: Sequence[Revision | Move], *, before: Key | None, after: Key | None) -> Page:
    seats = Seats(row.by_id for row in shown)
    return Page(
        [_change(row, seats) for row in shown],
        before=write_key(before) if before else "",
        after=write_key(after) if after else "",
    )


def _change(row: Revision | Move, seats: Seats) -> Change:
    place = row if isinstance(row, Revision) else row.submission
    return Change(
        at=row.at,
        row=row,
        unit=place.unit,
        month=place.month,
        by=row.by,
        role=seats.role(row.by_id, row.at),
    )


def _differ(old: str, new: str) -> Q:
    """Rows in which two columns differ; blank is a value of its own."""
    return (
        Q(**{f"{old}__isnull": True}, **{f"{new}__isnull": False})
        | Q(**{f"{old}__isnull": False}, **{f"{new}__isnull": True})
        | (Q(**{f"{old}__isnull": False}) & ~Q(**{old: F(new)}))
    )
