"""What the page of people shows to whoever keeps seats: accounts, their seats, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django_otp.plugins.otp_totp.models import TOTPDevice

from districts.models import Ancestry, Tier, Unit
from steering.accounts.models import JournalEntry, User

from . import access
from .backoffice import accentless
from .models import Membership
from .roles import Permission, Role

OPENED = ("user.added", "account.created")
"""What the journal calls the opening of an account: on a page, at the command line."""


@dataclass(frozen=True)
class Person:
    """One row: an account, its seats within reach, and whether its second factor may be reset."""

    user: User
    seats: Sequence[Membership]
    has_second_factor: bool
    may_reset: bool


def seats_within_reach(keeper: User, on: date) -> QuerySet[Membership]:
    """Every seat, ended ones too, that ``keeper`` may move or end on that day."""
    return access.visible(
        Membership.objects.all(),
        keeper,
        on,
        unit_field="committee__unit",
        permission=Permission.SEAT_MEMBERS,
    )


def units_within_reach(
    keeper: User, on: date, permission: Permission = Permission.SEAT_MEMBERS
) -> QuerySet[Unit]:
    """The units in force on whose committees ``keeper`` may seat somebody, or do another thing."""
    units = Unit.objects.in_force_on(on).administrative()
    return access.visible(units, keeper, on, permission=permission)


def whom_to_ask(user: User, on: date) -> QuerySet[User]:
    """The standing officers of the committees ``user`` sits on, and of those now above them.

    Whoever has no seat sees no name.
    """
    own = Membership.objects.filter(user=user).in_force_on(on).values("committee__unit")
    above = Ancestry.objects.as_of(on).filter(descendant__in=own).values("ancestor")
    seats = (
        Membership.objects.in_force_on(on)
        .of_units_in_force_on(on)
        .with_any_role([Role.STANDING_OFFICER])
        .filter(committee__unit__in=above)
    )
    officers = User.objects.filter(is_active=True, pk__in=seats.values("user"))
    return officers.order_by("name", "username")


def accounts_kept_by(keeper: User, on: date) -> QuerySet[User]:
    """Accounts whose password and second factor ``keeper`` may set.

    Those seated within reach only, for a password or a code opens every seat of an account; and
    those that ``to_be_seated_by`` names. Nobody keeps another's superuser.
    """
    here = Exists(seats_within_reach(keeper, on).filter(user=OuterRef("pk")))
    kept = _nobody_elses(keeper, on)
    return User.objects.filter(kept & (Q(here) | to_be_seated_by(keeper, on)))


def _nobody_elses(keeper: User, on: date) -> Q:
    """Accounts without a seat out of reach that are no superuser's, but for one's own."""
    reached = seats_within_reach(keeper, on)
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(pk__in=reached.values("pk"))
    return Q(~Exists(elsewhere)) & (Q(is_superuser=False) | Q(pk=keeper.pk))


def to_be_seated_by(keeper: User, on: date) -> Q:
    """Accounts that never had a seat and are ``keeper``'s to give one.

    An account without a seat belongs to whoever opened it. The province's standing officer also
    answers for those opened by somebody who never sat outside the province. What the command line
    opened is seated there, and so is a superuser.
    """
    below = access.below_seats(keeper, on, permission=Permission.SEAT_MEMBERS, tier=Tier.PROVINCE)
    seats = Membership.objects.filter(user=OuterRef("actor"))
    opened = JournalEntry.objects.filter(
        action__in=OPENED,
        subject_type=User._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
    )
    by_keeper = Q(actor=keeper.pk)
    by_somebody_below = Exists(seats) & ~Exists(seats.exclude(committee__unit__in=below))
    return Q(
        ~Exists(Membership.objects.filter(user=OuterRef("pk"))),
        Exists(opened.filter(by_keeper | by_somebody_below)),
        is_superuser=False,
    )


def accounts_seen_by(keeper: User, on: date, search: str = "") -> QuerySet[User]:
    """Accounts with a seat within reach or to be given one, found by name, post, unit or code.

    Their seats of today and later within reach are prefetched as ``seats_now``.
    """
    reached = seats_within_reach(keeper, on)
    seated = Exists(reached.filter(user=OuterRef("pk")))
    accounts = User.objects.filter(seated | to_be_seated_by(keeper, on), is_active=True)
    if term := " ".join(search.split()):
        pattern, units = accentless(term), Unit.objects.matching(term)
        at_unit = reached.filter(user=OuterRef("pk"), committee__unit__in=units)
        accounts = accounts.filter(
            Q(username__regex=pattern)
            | Q(name__regex=pattern)
            | Q(post__regex=pattern)
            | Exists(at_unit)
        )
    now = reached.filter(Q(until__isnull=True) | Q(until__gt=on))
    now = now.select_related("committee__unit").order_by("committee__unit__tier", "since")
    return accounts.order_by("name", "username").prefetch_related(
        Prefetch("memberships", queryset=now, to_attr="seats_now")
    )


def rows(accounts: Sequence[User], keeper: User, on: date) -> list[Person]:
    """The rows of one page of ``accounts_seen_by``, in two queries."""
    shown = [user.pk for user in accounts]
    with_device = set(
        TOTPDevice.objects.filter(user__in=shown, confirmed=True).values_list("user", flat=True)
    )
    kept = User.objects.filter(_nobody_elses(keeper, on), pk__in=shown)
    kept = set(kept.values_list("pk", flat=True))
    return [
        Person(
            user,
            user.seats_now,
            has_second_factor=user.pk in with_device,
            may_reset=user.pk in with_device and user.pk in kept and user.pk != keeper.pk,
        )
        for user in accounts
    ]
