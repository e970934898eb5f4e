"""What somebody may see on a day, and in which state the data is: read together, in one query.

Whoever keeps answers asks this first, for every request. What rights lead to depends on seats and
on the map, both of which have their stamps here; so two readers with the same ``rights`` on the
same day read the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import BigAutoField, CharField, DateField, QuerySet, Value
from django.db.models.functions import Cast

from districts.models import Succession
from districts.versions import COMMON, provinces_above, standing, version_of
from steering.accounts.models import User
from steering.accounts.prepared import Given, Prepared

from .models import Membership


@dataclass(frozen=True)
class Sight:
    """The seats of a reader on ``day`` and the stamps of the provinces they stand in.

    A seat is (committee, role, first day): nothing in it is of one person.
    """

    day: date
    seats: tuple[tuple[int, str, str], ...]
    stamps: dict[int, str]

    @property
    def rights(self) -> tuple:
        """What decides who may see what: alike for readers who may see the same."""
        return self.day.isoformat(), self.seats

    @cached_property
    def whole(self) -> str:
        """The state of everything that these seats reach."""
        return version_of(self.stamps, self.stamps)

    def of(self, provinces: Iterable[int]) -> str | None:
        """The state of some of these provinces; None if another one is among them."""
        provinces = set(provinces)
        return version_of(self.stamps, provinces) if provinces <= self.stamps.keys() else None


def sight_of(user: User, day: date) -> Sight:
    """What ``user`` may see on ``day``, and the state of the data: one query."""
    seats, found = [], {}
    for kind, number, word, since in _SIGHT.ask(user=user.pk, day=day):
        if kind == _SEAT:
            seats.append((number, word, str(since)))
        elif word:
            found[number] = word
        else:
            found.setdefault(number, "")
    found.setdefault(COMMON, "")
    return Sight(day, tuple(sorted(seats)), found)


_SEAT, _STAMP = "seat", "stamp"


def _question() -> QuerySet:
    """Rows (kind, number, word, first day): a seat's committee and role, a province's stamp.

    A province that nothing was raised for yet stands there with an empty stamp.
    """
    held = Membership.objects.filter(
        user_id=Given("user", BigAutoField()), user__is_active=True
    ).in_force_on(Given("day", DateField()))
    units = held.order_by().values("committee__unit")
    continued = Succession.objects.filter(successor__in=units).order_by().values("predecessor")
    reached = provinces_above(units.union(continued))
    return (
        held.order_by()
        .values_list(Value(_SEAT), "committee_id", "role", Cast("since", CharField()))
        .union(
            reached.values_list(Value(_STAMP), "province", Value(""), Value("")),
            standing(reached).values_list(Value(_STAMP), "number", "stamp", Value("")),
            all=True,
        )
    )


_SIGHT = Prepared(_question)
