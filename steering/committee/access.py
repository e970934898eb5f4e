"""Who may do what, where: the one place that decides. No membership means nothing is visible.

A membership reaches down the subtree of its committee's unit as it was on the day asked about;
a unit that has already ended is found where it last stood, and with whoever continues it. Members
of a committee whose own unit has ended keep sight of its history and nothing else.
"""

from datetime import date
from functools import partial

from django.db.models import BigAutoField, DateField, Q, QuerySet
from django.utils.translation import gettext as _

from districts.models import Ancestry, Succession, Unit
from districts.months import Month, MonthField
from steering.accounts.actors import Actor, CommandLine
from steering.accounts.faults import Fault, Refused
from steering.accounts.prepared import Given, Prepared

from .models import Membership
from .roles import SIGHT, Permission, Role, roles_with


class NotAllowed(Refused):
    """The actor may not do this here. ``roles`` names the roles that may."""

    def __init__(self, permission: Permission, unit: Unit | None = None):
        self.permission = permission
        self.unit = unit
        self.roles = roles_with(permission)
        message = _(
            "This is not yours to do at %(unit)s (%(permission)s). It takes one of: %(roles)s."
        ) % {
            "unit": unit or "–",
            "permission": permission,
            "roles": ", ".join(self.role_names),
        }
        expected = ", ".join(self.roles)
        read = unit and unit.code
        super().__init__([Fault("not_allowed", message, read=read, expected=expected)])

    @property
    def role_names(self) -> list[str]:
        """The roles that may, in the reader's language."""
        return [str(Role(role).label) for role in self.roles]


def _memberships(user: int | Given, permission: Permission, on: date | Given) -> QuerySet:
    """The seats of a user, by id, that carry ``permission`` on a day."""
    seats = (
        Membership.objects.filter(user_id=user, user__is_active=True)
        .in_force_on(on)
        .with_any_role(roles_with(permission))
    )
    return seats if permission in SIGHT else seats.of_units_in_force_on(on)


def _reach(
    user: int | Given, permission: Permission, on: date | Given, month: Given | None = None
) -> QuerySet[Ancestry]:
    """Ancestry rows that tie a unit to a seat of a user, by id, as of ``on``."""
    seats = _memberships(user, permission, on).values("committee__unit")
    # Who continues a unit answers for its past: merged provinces and communes keep their history.
    continued = Succession.objects.applied_on(on).filter(successor__in=seats).values("predecessor")
    rows = Ancestry.objects.as_of(on, month)
    return rows.filter(Q(ancestor__in=seats) | Q(ancestor__in=continued))


def prepared_reach(permission: Permission) -> QuerySet:
    """Ids of the units that the user ``user`` reaches on ``day`` in ``month``, named when asked."""
    user, day = Given("user", BigAutoField()), Given("day", DateField())
    return _reach(user, permission, day, Given("month", MonthField())).values("descendant")


def _seat_above(permission: Permission) -> QuerySet:
    """A seat that carries ``permission`` at a unit or above it, as it stands in a month."""
    day, month = Given("day", DateField()), Given("month", MonthField())
    seats = _memberships(Given("user", BigAutoField()), permission, day).values("committee__unit")
    above = Ancestry.objects.in_month(month).filter(descendant=Given("unit", BigAutoField()))
    return above.filter(ancestor__in=seats).values_list("ancestor")[:1]


_SEAT_ABOVE = {permission: Prepared(partial(_seat_above, permission)) for permission in Permission}


def may(user: Actor, permission: Permission, unit: Unit, on: date) -> bool:
    """Whether ``user`` may do this at ``unit`` on that day. The command line may do everything.

    Most who ask sit above a unit in force: that part of ``_reach`` is asked first, for it is quick.
    """
    if isinstance(user, CommandLine):
        return True
    if not user.is_authenticated:
        return False
    if unit.in_force_on(on):
        month = Month.containing(on)
        if _SEAT_ABOVE[permission].ask(user=user.pk, unit=unit.pk, day=on, month=month):
            return True
    return _reach(user.pk, permission, on).filter(descendant=unit).exists()


def require(user: Actor, permission: Permission, unit: Unit, on: date) -> None:
    """Raise NotAllowed unless ``may``."""
    if not may(user, permission, unit, on):
        raise NotAllowed(permission, unit)


def require_somewhere(
    user: Actor, permission: Permission, on: date, *, tier: str | None = None
) -> None:
    """Raise NotAllowed unless ``user`` may do this at some unit, of one tier if that is given."""
    if not may_somewhere(user, permission, on, tier=tier):
        raise NotAllowed(permission)


def may_somewhere(
    user: Actor, permission: Permission, on: date, *, tier: str | None = None
) -> bool:
    """Whether ``user`` may do this at some unit, of one tier if that is given."""
    units = Unit.objects.all() if tier is None else Unit.objects.filter(tier=tier)
    return visible(units, user, on, permission=permission).exists()


def keeps_periods(user: Actor, on: date) -> bool:
    """Whether ``user`` closes months somewhere, and so reads what the system checks at night."""
    if isinstance(user, CommandLine):
        return True
    return user.is_authenticated and _memberships(user.pk, Permission.CLOSE_PERIODS, on).exists()


def below_seats(user: Actor, on: date, *, permission: Permission, tier: str) -> QuerySet:
    """Ids of the units at or below those of one tier where ``user`` sits with ``permission``."""
    return _reach(user.pk, permission, on).filter(ancestor__tier=tier).values("descendant")


def visible(
    queryset: QuerySet,
    user: Actor,
    on: date,
    *,
    unit_field: str = "pk",
    permission: Permission = Permission.SEE_FIGURES,
) -> QuerySet:
    """The rows of ``queryset`` whose unit (``unit_field``) the user may see on that day."""
    if isinstance(user, CommandLine):
        return queryset
    if not user.is_authenticated:
        return queryset.none()
    reached = _reach(user.pk, permission, on).values("descendant")
    return queryset.filter(**{f"{unit_field}__in": reached})
