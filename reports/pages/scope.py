"""What a page is about: whose figures, of which month, on which map, against whose plan.

All of it is in the address, so that a page can be passed on: ``?month=2023-12&unit=118&map=today``
with ``authority=ppc|vss``. What the address leaves out follows from the reader's seat: the unit of
that seat, and its latest month with every report approved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count as CountOf
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.models import Authority, Count, Period, Total
from districts.models import Ancestry, Tier, Unit
from districts.months import FIRST_YEAR, LAST_YEAR, Month, parse_day
from reports.engine.ground import Ground
from steering.accounts.models import User
from steering.committee.access import NotAllowed, may
from steering.committee.models import Membership
from steering.committee.roles import Permission, roles_with

TODAYS_MAP = "today"
_TIERS = {2: Tier.PROVINCE, 3: Tier.DISTRICT, 5: Tier.COMMUNE}
_FROM_THE_TOP = (Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE, Tier.OFFICE)


@dataclass(frozen=True)
class Scope:
    """One reader's question. ``on_map`` None shows units as they were in ``month``.

    ``unit`` may have ended before, or not begun by, the month of the map: then ``in_force`` is
    False, there are no figures, and pages lead to its successors and predecessors.
    """

    user: User
    unit: Unit
    month: Month
    on_map: date | None
    authority: str
    language: str
    today: date
    chosen: bool = True
    """Whether the address names the unit: otherwise it follows the reader's seat in each month."""
    ground: Ground = field(default_factory=Ground, compare=False, repr=False)
    """The catalogue and the map: read once for the page."""
    _queries: dict = field(default_factory=dict, compare=False, repr=False)
    """Queries of addresses: a page of rows asks for the same few a hundred times."""

    # --- the map ---------------------------------------------------------------------------------

    @property
    def map_month(self) -> Month:
        """The month whose map the units are taken from."""
        return self.ground.map_month(self.month, self.on_map)

    @property
    def in_force(self) -> bool:
        """Whether the unit stands on the map that is shown."""
        return self.unit.since <= self.map_month < self.unit.until

    @property
    def is_future(self) -> bool:
        return self.month > Month.containing(self.today)

    @property
    def breaks(self) -> tuple[date, ...]:
        """The days on which the map changed, oldest first."""
        return self.ground.breaks

    @property
    def later_break(self) -> date | None:
        """The last change of the map between the month and today: today's map differs."""
        return self._break_between(self.month, Month.containing(self.today))

    @property
    def earlier_break(self) -> date | None:
        """A change of the map in the year before: last year is carried over to these units."""
        return self._break_between(self.month.same_month_last_year, self.map_month)

    def _break_between(self, low: Month, high: Month) -> date | None:
        found = [day for day in self.breaks if low < Month.starting_from(day) <= high]
        return found[-1] if found else None

    # --- what the engine is asked, and addresses -------------------------------------------------

    @property
    def asked(self) -> dict:
        """Whose plan, on which map, standing on what: what every call of the engine is told."""
        return {"on_map": self.on_map, "authority": self.authority, "ground": self.ground}

    @property
    def asked_over_time(self) -> dict:
        """The same for many months: all of them on the map that is shown."""
        return self.asked | {"on_map": self.on_map or self.map_month.first_day}

    @property
    def map_word(self) -> str | None:
        """The map as it is written in an address; nothing for "as it was"."""
        if self.on_map is None:
            return None
        return TODAYS_MAP if self.on_map == self.today else self.on_map.isoformat()

    def query(self, **changes: object) -> str:
        """``?month=…&unit=…`` of this scope; ``changes`` replace or, with None, drop a part."""
        key = tuple(changes.items())
        if key not in self._queries:
            self._queries[key] = self._query(changes)
        return self._queries[key]

    def _query(self, changes: dict[str, object]) -> str:
        parts: dict[str, object] = {"month": self.month}
        if self.chosen:
            parts["unit"] = self.unit.code
        if self.on_map is not None:
            parts["map"] = self.map_word
        if self.authority != Authority.PPC:
            parts["authority"] = self.authority
        parts.update(changes)
        return "?" + urlencode({key: str(part) for key, part in parts.items() if part is not None})

    # --- the plan --------------------------------------------------------------------------------

    @cached_property
    def planner(self) -> Unit:
        """The province whose plan figures are held against."""
        return provinces_above(self.unit).first() or self.unit

    @property
    def plan_version(self) -> int:
        """The version of that plan in force at the end of the month."""
        versions = self.ground.versions(self.authority, self.month.year)
        return versions.on(self.planner.pk, self.month.last_day)

    # --- months ----------------------------------------------------------------------------------

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months that were opened for reports, with this one, oldest first."""
        opened = Period.objects.filter(unit__in=provinces_above(self.unit))
        return tuple(sorted({*opened.values_list("month", flat=True), self.month}))

    @property
    def previous(self) -> Month | None:
        """The month before that was opened for reports."""
        earlier = [month for month in self.months if month < self.month]
        return earlier[-1] if earlier else None

    @property
    def next(self) -> Month | None:
        """The month after that was opened for reports."""
        return next((month for month in self.months if month > self.month), None)


def scope_of(
    request: HttpRequest, *, today: date, code: str | None = None, month: str | None = None
) -> Scope:
    """The scope a request asks for, authorised; ``code`` and ``month`` are those of the path.

    Raises BadRequest for what cannot be read, Http404 for a unit that never was, and
    PermissionDenied (around NotAllowed) where the reader's seats do not reach.
    """
    asked = request.GET
    written = month or asked.get("month")
    at = read_month(written) if written else None
    on_map = _map(asked.get("map"), today)
    ground = Ground()
    map_month = ground.map_month(at or Month.containing(today), on_map)
    code = code or asked.get("unit")
    unit = _unit(request.user, code, map_month, today)
    if not may(request.user, Permission.SEE_FIGURES, unit, today):
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES, unit))
    at = at or latest_month(unit, today)
    shown = ground.map_month(at, on_map)
    if shown != map_month:
        unit = Unit.objects.called_in(shown).get(pk=unit.pk)
    scope = Scope(
        user=request.user,
        unit=unit,
        month=at,
        on_map=on_map,
        authority=_authority(asked.get("authority")),
        language=(get_language() or "vi")[:2],
        today=today,
        chosen=bool(code),
        ground=ground,
    )
    return _on_known_map(scope)


# --- reading the address -------------------------------------------------------------------------


def read_month(text: str) -> Month:
    """The month of an address. Raises BadRequest."""
    try:
        return Month.parse(text)
    except ValueError:
        raise BadRequest(
            _("“%(read)s” is not a month; write it like 2023-12.") % {"read": text}
        ) from None


def read_day(text: str) -> date:
    """The day of an address. Raises BadRequest."""
    try:
        return parse_day(text)
    except ValueError:
        raise BadRequest(
            _("“%(read)s” is not a day from %(first)s to %(last)s; write it like 2025-07-01.")
            % {"read": text, "first": FIRST_YEAR, "last": LAST_YEAR}
        ) from None


def read_year(text: str) -> int:
    """The year of an address. Raises BadRequest."""
    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    message = _("“%(read)s” is not a year; write it like 2024.")
    raise BadRequest(message % {"read": text})


def _map(text: str | None, today: date) -> date | None:
    if not text:
        return None
    if text == TODAYS_MAP:
        return today
    return read_day(text)


def _authority(text: str | None) -> str:
    if not text:
        return Authority.PPC
    if text not in Authority.values:
        raise BadRequest(
            _("“%(read)s” assigns no plans; write one of: %(known)s.")
            % {"read": text, "known": ", ".join(Authority.values)}
        )
    return text


def _unit(user: User, code: str | None, month: Month, today: date) -> Unit:
    """The unit asked for; without one the unit of the reader's seat."""
    if not code:
        return home_unit(user, month, today)
    return unit_called(code, month)


def unit_called(code: str, month: Month) -> Unit:
    """The unit with this code that stands in ``month``, else the last that had it; called as then.

    Raises Http404 where none ever had.
    """
    same_code = Unit.objects.filter(code=code, tier=_TIERS.get(len(code)))
    established = same_code.exclude(established_on=None).called_in(month)
    known = list(established.order_by("-established_on"))
    if not known:
        raise Http404(_("There is no unit with the code “%(read)s”.") % {"read": code})
    return _standing_or_last(known, month)


def home_unit(user: User, month: Month, today: date) -> Unit:
    """The unit whose committee the reader sits on today: of several, the one that stood in
    ``month``, and of those the highest.

    Raises PermissionDenied for somebody without a seat.
    """
    seats = (
        Membership.objects.filter(user_id=user.pk)
        .in_force_on(today)
        .with_any_role(roles_with(Permission.SEE_FIGURES))
    )
    units = sorted(
        Unit.objects.filter(pk__in=seats.values("committee__unit")).called_in(month),
        key=lambda unit: (_FROM_THE_TOP.index(unit.tier), -unit.since, unit.sort_key),
    )
    if not units:
        raise PermissionDenied(NotAllowed(Permission.SEE_FIGURES))
    return _standing_or_last(units, month)


def _standing_or_last(units: Iterable[Unit], month: Month) -> Unit:
    units = list(units)
    return next((unit for unit in units if unit.since <= month < unit.until), units[0])


def _on_known_map(scope: Scope) -> Scope:
    """Refuse a map from before the month's own; forget a map that is the month's own."""
    if scope.on_map is None:
        return scope
    if scope._break_between(scope.map_month, scope.month):
        raise BadRequest(
            _(
                "Counts of %(month)s cannot be shown on the map of %(map)s: the map changed in "
                "between. Choose a map of %(month)s or later."
            )
            % {"month": scope.month.shown, "map": scope.map_month.shown}
        )
    return scope


# --- which month ---------------------------------------------------------------------------------


def latest_month(unit: Unit, today: date) -> Month:
    """The latest month with every report below ``unit`` approved; failing that, with any.

    A month that is only half approved would read as a collapse. Without any approved number it
    is the month before today's.
    """
    approved = _approved_by_month(unit)
    expected = _expected_spans(unit)
    whole = [
        month
        for month, units in approved.items()
        if units >= sum(number for since, until, number in expected if since <= month < until)
    ]
    return max(whole or approved, default=Month.containing(today) - 1)


def _approved_by_month(unit: Unit) -> dict[Month, int]:
    """How many units had a number approved in each month, of the indicator most of them have."""
    if unit.reports_at:
        counts = Count.objects.filter(unit=unit, approved__isnull=False)
        return dict.fromkeys(counts.values_list("month", flat=True).distinct(), 1)
    totals = Total.objects.filter(node=unit, units_approved__gt=0)
    return dict(totals.values_list("month").annotate(Max("units_approved")).order_by())


def _expected_spans(unit: Unit) -> list[tuple[int, int, int]]:
    """(since, until, how many) communes stood below a unit; the unit itself if it reports."""
    if unit.reports_at:
        return [(0, 1 << 15, 1)]
    below = Ancestry.objects.filter(ancestor=unit, descendant__reports_at="commune")
    return list(below.values_list("since", "until").annotate(CountOf("pk")).order_by())


def provinces_above(unit: Unit) -> QuerySet[Unit]:
    """The province a unit stands or stood in."""
    above = unit.ancestries.values("ancestor")
    return Unit.objects.filter(pk__in=above, tier=Tier.PROVINCE)
